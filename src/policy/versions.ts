import { DateTime } from 'luxon'
import type { Policy } from './schema.ts'

/** Policies by name, each in the versions that come into force one after the other (design.md §9). */
export class Policies {
  readonly #versions = new Map<string, Policy[]>()
  readonly #waiting = new Map<string, () => Policy>()

  /** A policy that is read when somebody first asks for it. */
  later(name: string, read: () => Policy): void {
    this.#waiting.set(name, read)
  }

  /** Adds a version, in place of one that comes into force on the same day. */
  put(policy: Policy): void {
    const others = this.#of(policy.name).filter(({ effective }) => effective !== policy.effective)
    this.#versions.set(
      policy.name,
      [...others, policy].sort((a, b) => (a.effective ?? '').localeCompare(b.effective ?? '')),
    )
  }

  /** What keeps a version from being added; null when nothing does. */
  objection({ name, version, effective }: Policy): string | null {
    const others = this.#of(name)
    if (others.some(other => other.effective === effective))
      return effective
        ? `another file of the folder has the ${name} that is effective ${effective}`
        : `another file of the folder is also named ${name}: give one of them \`effective\``
    const wrong = others.some(
      other => other.version === version || (other.effective ?? '') < (effective ?? '') !== other.version < version,
    )
    if (wrong)
      return `version ${version} of ${name} does not follow the days: what is effective later has a higher number`
    return null
  }

  /**
   * The version in force at a moment, from midnight of its day in its zone; before the first one, the first. Without a
   * moment the last one.
   */
  get(name: string, at?: Date): Policy | undefined {
    const versions = this.#of(name)
    if (!at) return versions.at(-1)
    return versions.findLast(policy => beginOf(policy) <= at.getTime()) ?? versions[0]
  }

  keys(): string[] {
    return [...new Set([...this.#versions.keys(), ...this.#waiting.keys()])].sort()
  }

  #of(name: string): readonly Policy[] {
    const read = this.#waiting.get(name)
    this.#waiting.delete(name)
    if (read) this.put(read())
    return this.#versions.get(name) ?? []
  }
}

function beginOf({ effective, zone }: Policy): number {
  return effective === null ? Number.NEGATIVE_INFINITY : DateTime.fromISO(effective, { zone }).toMillis()
}

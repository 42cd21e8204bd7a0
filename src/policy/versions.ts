import { DateTime } from 'luxon'
import type { Policy } from './schema.ts'
import { zoneNamed } from './zones.ts'

/** Policies by name, each in the versions that come into force one after the other (design.md §9). */
export class Policies {
  readonly #versions = new Map<string, readonly Policy[]>()
  readonly #waiting = new Map<string, () => Policy>()
  #published: readonly Policy[] = []
  readonly #merged = new Map<string, readonly Policy[]>()
  readonly #texts = new WeakMap<Policy, string>()

  /** `zone` is for policies that name none. */
  constructor(readonly zone?: string) {}

  /** A policy that is read when somebody first asks for it. */
  later(name: string, read: () => Policy): void {
    this.#waiting.set(name, read)
    this.#merged.delete(name)
  }

  /** The versions that are kept in the database, all of them: in force beside those of files, and before one of the same day. */
  publish(policies: readonly Policy[]): void {
    this.#published = policies
    this.#merged.clear()
  }

  /** A version that was published, as it was read then. */
  published(name: string, version: number): Policy | undefined {
    return this.#published.find(one => one.name === name && one.version === version)
  }

  /** All versions of a policy, the earliest first. */
  versionsOf(name: string): readonly Policy[] {
    return this.#of(name)
  }

  /** Remembers what a policy was read from. */
  from(policy: Policy, text: string): Policy {
    this.#texts.set(policy, text)
    return policy
  }

  textOf(policy: Policy): string | null {
    return this.#texts.get(policy) ?? null
  }

  /** Adds a version, in place of one that comes into force on the same day. */
  put(policy: Policy): void {
    this.#read(policy.name)
    // Luxon remembers its offsets from now on, whoever names the zone.
    zoneNamed(policy.zone)
    this.#versions.set(policy.name, inPlace(this.#versions.get(policy.name) ?? [], policy))
    this.#merged.delete(policy.name)
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
    const published = this.#published.map(({ name }) => name)
    return [...new Set([...this.#versions.keys(), ...this.#waiting.keys(), ...published])].sort()
  }

  #of(name: string): readonly Policy[] {
    const known = this.#merged.get(name)
    if (known) return known
    this.#read(name)
    const own = this.#published.filter(policy => policy.name === name)
    const merged = own.reduce(inPlace, this.#versions.get(name) ?? [])
    this.#merged.set(name, merged)
    return merged
  }

  #read(name: string): void {
    const read = this.#waiting.get(name)
    this.#waiting.delete(name)
    if (read) this.put(read())
  }
}

const inPlace = (versions: readonly Policy[], policy: Policy): Policy[] =>
  [...versions.filter(({ effective }) => effective !== policy.effective), policy].sort((a, b) =>
    (a.effective ?? '').localeCompare(b.effective ?? ''),
  )

/** The moment a version comes into force. */
export function beginOf({ effective, zone }: Pick<Policy, 'effective' | 'zone'>): number {
  return effective === null ? Number.NEGATIVE_INFINITY : DateTime.fromISO(effective, { zone }).toMillis()
}

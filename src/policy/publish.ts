import { DateTime } from 'luxon'
import { Refusal } from '../errors.ts'
import type { Policy } from './schema.ts'
import { beginOf } from './versions.ts'

/** What may be published, and when it may come into force. */

/** Every instance has taken a version up by then: each looks once a minute. */
export const aheadMs = 5 * 60_000

/** The first day on which a new version may come into force. */
export function firstDay(zone: string, now: Date): string {
  const day = DateTime.fromMillis(now.getTime() + aheadMs, { zone })
  return day.plus({ days: 1 }).toISODate() ?? ''
}

/**
 * The text with its number and its first day put in; all else stays as it was written. @throws Refusal where these settings
 * have no line of their own
 */
export function stamped(text: string, { version, effective }: { version: number; effective: string }): string {
  const own = /^version:[^\n]*$/m
  if (!own.test(text)) throw new Refusal('policy', '「version」要单独写一行，顶格，比如：version: 2。')
  const numbered = text.replace(own, `version: ${version}`)
  const day = /^effective:[^\n]*$/m
  return day.test(numbered)
    ? numbered.replace(day, `effective: "${effective}"`)
    : numbered.replace(own, `version: ${version}\neffective: "${effective}"`)
}

/**
 * The number a new version gets. `used`: numbers that were given out, those of versions taken back among them. @throws Refusal
 * where it would come into force too soon, or before one that is there
 */
export function nextVersion(
  versions: ReadonlyArray<Pick<Policy, 'version' | 'effective'>>,
  used: readonly number[],
  { zone, effective, now }: { zone: string; effective: string; now: Date },
): number {
  const first = firstDay(zone, now)
  if (effective < first)
    throw new Refusal('early', `最早从 ${first} 起生效：已经过去的日子、今天，以及马上就到的零点，都不能改规矩。`)
  const later = versions.find(one => (one.effective ?? '') >= effective)
  if (later)
    throw new Refusal(
      'order',
      `已经有第 ${later.version} 版从 ${later.effective} 起生效。新的一版要在它之后生效；还没生效的，可以先撤回它。`,
    )
  return Math.max(0, ...versions.map(({ version }) => version), ...used) + 1
}

/** Whether a version may still be taken back: once it is in force it stays what it is. */
export const mayTakeBack = (policy: Pick<Policy, 'effective' | 'zone'>, now: Date): boolean =>
  beginOf(policy) - aheadMs > now.getTime()

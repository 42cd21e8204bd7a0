import { DateTime } from 'luxon'
import type { Context } from '../context.ts'

/** Nobody works at this hour of the business zone: what is heavy is done then. */
const hour = 3

/**
 * Key of the night that was last: `2026-11-25` from three o'clock of that day in the business zone on. Work whose period
 * it is comes at the first beat after three, and later where nothing ran at that time.
 */
export function lastNight({ clock, policy }: Pick<Context, 'clock' | 'policy'>): string {
  const now = DateTime.fromJSDate(clock.now(), { zone: policy('default').zone })
  return (now.hour < hour ? now.minus({ days: 1 }) : now).toFormat('yyyy-MM-dd')
}

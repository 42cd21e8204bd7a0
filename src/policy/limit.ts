import { z } from 'zod'
import type { Calendar } from './calendar.ts'
import { duration } from './terms.ts'
import { readTimeOfDay, writeDuration } from './units.ts'

/** How long a promise gives (domain.md R2): time that passes, working time, whole workdays, or a time of some day. */
export type Limit = { latestMs: number | null } & (
  | { form: 'elapsed' | 'working'; ms: number; perUnits: number | null }
  /** Due when work ends on the n-th workday after the day it began. */
  | { form: 'workdays'; days: number }
  /** `at`: minutes since midnight, or when work ends that day. */
  | { form: 'timeOfDay'; day: 'same' | 'next' | 'nextWorkday'; at: number | 'closing' }
)

const untilHelp = 'must be like 当日下班, 次日12:00, 次工作日10:00 (same/next/nextWorkday closing or HH:MM)'

const days: Readonly<Record<string, 'same' | 'next' | 'nextWorkday'>> = {
  ...{ 当日: 'same', 当天: 'same', same: 'same', 次日: 'next', next: 'next' },
  ...{ 次工作日: 'nextWorkday', nextWorkday: 'nextWorkday' },
}

/** `当日下班`, `次日12:00`: a time of the day it began, of the day after, or of the next workday. */
export const until = z.string({ error: untilHelp }).transform((text, context) => {
  const [, day = '', at = ''] =
    /^(当日|当天|次日|次工作日|same|next|nextWorkday)\s*(下班|closing|\d{1,2}:\d{2})$/.exec(text) ?? []
  const minutes = readTimeOfDay(at)
  const named = days[day]
  if (named && (at === '下班' || at === 'closing')) return { day: named, at: 'closing' as const }
  if (named && minutes !== null) return { day: named, at: minutes }
  context.addIssue({ code: 'custom', message: `${untilHelp}, not "${text}"` })
  return z.NEVER
})

/** The keys of a clock rule that say how long it gives; exactly one of `within`, `workdays` and `until`. */
export const limitKeys = {
  within: duration.optional(),
  /** The limit is for so many units; more of them get it again and again: ⌈units/10⌉ × 1d (R1.16). */
  perUnits: z.int().min(1, 'must be 1 or more').optional(),
  workdays: z.int().min(1, 'must be 1 or more').max(366).optional(),
  until: until.optional(),
  /** Never later than this after it began, whatever the limit says; pauses are added. */
  latest: duration.optional(),
  basis: z.enum(['elapsed', 'working'], { error: 'must be elapsed (自然时) or working (工作时)' }).default('elapsed'),
}

type Keys = z.output<z.ZodObject<typeof limitKeys>>
type Say = (path: PropertyKey[], message: string) => void

export function checkLimit(rule: Keys, say: Say): void {
  const { within, workdays, until: at, latest, basis, perUnits } = rule
  const given = [within, workdays, at].filter(value => value !== undefined).length
  if (given === 0) say([], 'has no limit: give `within`, `workdays` or `until`')
  if (given > 1) say([], 'has two limits: give one of `within`, `workdays` and `until`')
  if (within === 0) say(['within'], 'must be longer than 0')
  if (latest === 0) say(['latest'], 'must be longer than 0')
  if (within && latest && basis === 'elapsed' && perUnits === undefined && latest <= within)
    say(['latest'], `is reached before ${writeDuration(within)}: leave one of the two out`)
  if (basis === 'working' && within === undefined) say(['basis'], 'goes with `within` only')
  if (perUnits !== undefined && within === undefined) say(['perUnits'], 'goes with `within` only')
}

/** What `checkLimit` let pass. */
export function limitOf({ within, perUnits, workdays, until: at, latest, basis }: Keys): Limit {
  const latestMs = latest ?? null
  if (workdays !== undefined) return { form: 'workdays', days: workdays, latestMs }
  if (at !== undefined) return { form: 'timeOfDay', ...at, latestMs }
  return { form: basis, ms: within ?? 0, perUnits: perUnits ?? null, latestMs }
}

/** The length of a limit in its own time, for as many units; null for those that are points in time. */
export function lengthOf(limit: Limit, units: number): number | null {
  if (limit.form !== 'elapsed' && limit.form !== 'working') return null
  return limit.perUnits === null ? limit.ms : limit.ms * Math.ceil(Math.max(units, 1) / limit.perUnits)
}

/** When a promise that begins at `from` is due. */
export function dueFrom(limit: Limit, from: Date, calendar: Calendar, units = 1): Date {
  const due = base(limit, from, calendar, units)
  if (limit.latestMs === null) return due
  return new Date(Math.min(due.getTime(), from.getTime() + limit.latestMs))
}

function base(limit: Limit, from: Date, calendar: Calendar, units: number): Date {
  const ms = lengthOf(limit, units) ?? 0
  switch (limit.form) {
    case 'elapsed':
      return new Date(from.getTime() + ms)
    case 'working':
      return calendar.addWorking(from, ms)
    case 'workdays':
      return endOfWork(calendar, calendar.workdayAfter(calendar.dayOf(from), limit.days))
    case 'timeOfDay':
      return timeOfDay(limit, from, calendar)
  }
}

/**
 * «The same day» ends when work ends; begun after that, or on a day off, it is the next workday's end. «Next day» is the
 * next of the calendar, «next workday» of the business (domain.md, "Readings taken").
 */
function timeOfDay(limit: Extract<Limit, { form: 'timeOfDay' }>, from: Date, calendar: Calendar): Date {
  const today = calendar.dayOf(from)
  const day =
    limit.day === 'same' ? today : limit.day === 'next' ? calendar.dayAfter(today, 1) : calendar.workdayAfter(today, 1)
  const at = limit.at === 'closing' ? endOfWork(calendar, day) : calendar.momentOf(day, limit.at)
  if (at > from) return at
  const later = calendar.workdayAfter(day, 1)
  return limit.at === 'closing' ? endOfWork(calendar, later) : calendar.momentOf(later, limit.at)
}

/** When work ends on a day, or on the next one that has any. */
function endOfWork(calendar: Calendar, day: string): Date {
  return calendar.closing(day) ?? calendar.closing(calendar.workdayAfter(day, 1)) ?? calendar.momentOf(day, 1440)
}

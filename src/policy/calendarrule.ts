import { z } from 'zod'
import { isDay, noticesFor, statutoryDay } from './days.ts'
import { segment } from './terms.ts'

/** `[from, to]` in minutes since local midnight; `to` may be 1440. */
export type Segment = readonly [from: number, to: number]

/** What a policy says about working time. */
export interface CalendarSource {
  zone: string
  /** Of a usual day, in their order. */
  hours: readonly Segment[]
  /** Weekdays worked, 1 (Monday) to 7. */
  days: readonly number[]
  calendar: CalendarRule
}

type Problem = { path: PropertyKey[]; message: string }

const hoursHelp = 'hours like ["08:00-12:00", "13:30-18:00"]'

/** The hours of a day, in their order. */
const dayHours = z
  .array(segment, { error: `must be ${hoursHelp}` })
  .check(context => {
    const say = (message: string, path: PropertyKey[] = []) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    if (context.value.length === 0) say(`is empty: write ${hoursHelp}`)
    for (const [index, [from]] of context.value.entries()) {
      const before = context.value[index - 1]
      if (before && from < before[1]) say('begins before the span above it ends', [index])
    }
  })
  .transform((hours): readonly Segment[] => hours)

/** A map whose keys are checked one by one, so that a fault names its key. */
function mapOf<T extends z.ZodType>(value: T, isKey: (key: string) => boolean, help: string) {
  return z.record(z.string(), value, { error: help }).check(context => {
    for (const key of Object.keys(context.value).filter(name => !isKey(name)))
      context.issues.push({ code: 'custom', message: help, continue: true, input: key, path: [key] })
  })
}

const calendarFile = z.strictObject({
  /** 法定节假日和补班 as the State Council's yearly notice has them; shops that work through have none. */
  holidays: z
    .enum(['china', 'none'], { error: 'must be china (statutory holidays and make-up workdays) or none' })
    .optional(),
  makeup: z.union([z.literal('monday'), dayHours], { error: `must be monday (its hours), or ${hoursHelp}` }).optional(),
  weekdays: mapOf(dayHours, key => /^[1-7]$/.test(key), 'must be named by a weekday, 1 (Monday) to 7').optional(),
  own: mapOf(
    z.union([z.literal('off'), dayHours], { error: `must be off, or ${hoursHelp}` }),
    isDay,
    'must be named by a day like "2026-11-28"',
  ).optional(),
  roundTheClock: z.boolean({ error: 'must be true (every day 00:00-24:00) or false' }).optional(),
})

/** The working calendar of a policy (domain.md R2: holidays, make-up workdays, round the clock). */
export interface CalendarRule {
  holidays: 'china' | 'none'
  /** Hours of a make-up workday: as Monday's (readings below R2), or its own. */
  makeup: 'monday' | readonly Segment[]
  /** Other hours, by weekday `1` (Monday) to `7`. */
  weekdays: Readonly<Record<string, readonly Segment[]>>
  /** Company days, `2026-11-28`: they win over everything else. */
  own: Readonly<Record<string, 'off' | readonly Segment[]>>
  /** Every day from 00:00 to 24:00 (R2.6). */
  roundTheClock: boolean
}

const allDay = 'roundTheClock already has every day worked from 00:00 to 24:00: leave one of the two out'

/** `calendar` of a policy file; write `.prefault({})` where it may be missing. */
export const calendarRule = calendarFile
  .check(context => {
    const { holidays, makeup, weekdays, roundTheClock } = context.value
    const say = (key: string, message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path: [key] })
    if (roundTheClock) {
      if (holidays === 'china') say('holidays', allDay)
      if (makeup) say('makeup', allDay)
      if (weekdays) say('weekdays', allDay)
    } else if (makeup && holidays !== 'china') say('makeup', 'is never used: it needs `holidays: china`')
  })
  .transform(
    (file): CalendarRule => ({
      holidays: file.holidays ?? 'none',
      makeup: file.makeup ?? 'monday',
      weekdays: file.weekdays ?? {},
      own: file.own ?? {},
      roundTheClock: file.roundTheClock ?? false,
    }),
  )

/** What contradicts the calendar in the rest of a policy; hours and days as they were given, undefined where not. */
export function calendarContradictions(policy: {
  hours: readonly Segment[] | undefined
  days: readonly number[] | undefined
  calendar: CalendarRule
}): Problem[] {
  const { hours, days, calendar } = policy
  if (calendar.roundTheClock)
    return [
      ...(hours ? [{ path: ['hours'], message: allDay }] : []),
      ...(days ? [{ path: ['days'], message: allDay }] : []),
    ]
  return Object.keys(calendar.weekdays)
    .filter(key => days && !days.includes(Number(key)))
    .map(key => ({
      path: ['calendar', 'weekdays', key],
      message: `is never used: \`days\` doesn't name weekday ${key}`,
    }))
}

const weekdayNames = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

/** The hours of a day, and why it has them. Years whose notice is asked for and not known are told with the reason. */
export function hoursOf(
  day: string,
  { hours, days, calendar }: CalendarSource,
  knows: (year: number) => boolean,
): { hours: readonly Segment[]; why: string } {
  const own = calendar.own[day]
  if (own) return own === 'off' ? { hours: [], why: '公司放假' } : { hours: own, why: '公司安排上班' }
  if (calendar.roundTheClock) return { hours: [[0, 1440]], why: '全天上班' }
  const usual = (weekday: number): readonly Segment[] => calendar.weekdays[weekday] ?? hours
  const statutory = calendar.holidays === 'china' ? statutoryDay(day) : null
  if (statutory?.works) {
    const { makeup } = calendar
    const why = `${statutory.name}补班`
    return makeup === 'monday' ? { hours: usual(1), why: `${why}(按周一)` } : { hours: makeup, why }
  }
  if (statutory) return { hours: [], why: `${statutory.name}放假` }
  const weekday = ((new Date(day).getUTCDay() + 6) % 7) + 1
  const unknown = noticesFor(day).filter(year => !knows(year))
  const guess = unknown.length > 0 ? `(${unknown.map(year => `${year}年`).join('、')}放假安排未知)` : ''
  if (days.includes(weekday)) return { hours: usual(weekday), why: `工作日${guess}` }
  return { hours: [], why: `${weekdayNames[weekday - 1]}${guess}` }
}

import { DateTime } from 'luxon'
import { z } from 'zod'

/** A time of the calendar: months differ in length, so it is no number of milliseconds. */
export interface KeepTime {
  count: number
  unit: 'days' | 'months' | 'years'
}

const units = { d: 'days', 天: 'days', mo: 'months', 个月: 'months', y: 'years', 年: 'years' } as const
const nominalDays = { days: 1, months: 30, years: 365 } as const

/** `24个月`, `3年`, `200天` or `24mo`, `3y`, `200d`; null when it is none of these. `24m` would be minutes elsewhere. */
export function readKeepTime(text: string): KeepTime | null {
  const match = /^(\d{1,4})\s*(d|天|mo|个月|y|年)$/.exec(text.trim())
  if (!match) return null
  const count = Number(match[1])
  return count === 0 ? null : { count, unit: units[match[2] as keyof typeof units] }
}

const time = z.string().transform((text, context) => {
  const read = readKeepTime(text)
  if (read) return read
  context.addIssue({
    code: 'custom',
    message: 'is no time to keep something for: write one like 3年, 24个月 or 3y, 24mo',
  })
  return z.NEVER
})

/** Roughly, to compare two of them. */
const length = ({ count, unit }: KeepTime): number => count * nominalDays[unit]

/** Nobody is to lose what a complaint, a rework or the month's end may still need. */
const leastDays = 180
/** Pay has to be kept for two years at least (工资支付暂行规定 §6). */
const leastPeople: KeepTime = { count: 2, unit: 'years' }

/**
 * How long what is known of people is kept (PIPL §19: no longer than it is needed): `customers` and `photos` from the day
 * an order is over, `people` from the day somebody left. What is not named is kept for good.
 */
export const keepRule = z
  .strictObject({ customers: time.optional(), photos: time.optional(), people: time.optional() })
  .check(context => {
    const { customers, photos, people } = context.value
    const say = (path: string, message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path: [path] })
    if (customers && length(customers) < leastDays) say('customers', `is too short: ${leastDays} days at least`)
    if (photos && length(photos) < leastDays) say('photos', `is too short: ${leastDays} days at least`)
    if (photos && customers && length(photos) > length(customers))
      say('photos', 'is longer than `customers`: photos of an order go with its customer at the latest')
    if (people && length(people) < length(leastPeople))
      say('people', 'is too short: pay is kept for 2 years at least (工资支付暂行规定 §6)')
  })

export type KeepRule = z.output<typeof keepRule>

/** What ended before this moment has been kept for long enough. */
export const keptSince = (now: Date, { count, unit }: KeepTime, zone: string): Date =>
  DateTime.fromJSDate(now, { zone })
    .startOf('day')
    .minus({ [unit]: count })
    .toJSDate()

/** The longest of some times; null where one of them has no end. */
export function longestKept(times: ReadonlyArray<KeepTime | null>): KeepTime | null {
  if (times.includes(null)) return null
  return (times as readonly KeepTime[]).toSorted((a, b) => length(b) - length(a))[0] ?? null
}

const unitWords = { days: '天', months: '个月', years: '年' } as const

export const sayKeepTime = ({ count, unit }: KeepTime): string => `${count} ${unitWords[unit]}`

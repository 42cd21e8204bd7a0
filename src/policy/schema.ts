import { IANAZone } from 'luxon'
import { z } from 'zod'
import { calendarContradictions, calendarRule, type Segment } from './calendarrule.ts'
import { policyCase, returnCase } from './caserule.ts'
import { type Condition, clockRule } from './clockrule.ts'
import { returnsRule } from './returnsrule.ts'
import { duration, segment, timeOfDay } from './terms.ts'

export type { ClockRule, Condition, OverdueStep, WarnStep } from './clockrule.ts'

const minute = 60_000

const usualHours: readonly Segment[] = [
  [480, 720],
  [810, 1080],
]

const dayParts = z.strictObject({
  早上: segment.default([420, 600]),
  上午: segment.default([480, 720]),
  中午: segment.default([690, 810]),
  下午: segment.default([810, 1080]),
  傍晚: segment.default([1020, 1140]),
  晚上: segment.default([1080, 1260]),
})

const policyFile = z.strictObject({
  name: z.string({ error: 'must be the name teams choose the policy by' }).min(1).max(40),
  title: z.string().max(60).optional(),
  version: z.int({ error: 'must be a whole number, one more at each change' }).min(1),
  /** First day on which it is in force; the orders that came in before keep the version they came in under. */
  effective: z.iso.date({ error: 'must be a day like 2026-12-01' }).optional(),
  zone: z
    .string()
    .refine(name => IANAZone.isValidZone(name), { error: 'is no time zone: write one like Asia/Shanghai' })
    .default('Asia/Shanghai'),
  /** Working hours of a day, and weekdays worked (1 Monday … 7 Sunday): what the calendar starts from. */
  hours: z.array(segment).min(1).optional(),
  days: z
    .array(z.int().min(1, 'weekdays are 1 (Monday) to 7').max(7, 'weekdays are 1 (Monday) to 7'))
    .min(1)
    .optional(),
  calendar: calendarRule.prefault({}),
  /** Returns and exchanges (R13); the shop has no such rule when missing. */
  returns: returnsRule.optional(),
  dayParts: dayParts.default({
    ...{
      早上: [420, 600],
      上午: [480, 720],
      中午: [690, 810],
      下午: [810, 1080],
      傍晚: [1020, 1140],
      晚上: [1080, 1260],
    },
  }),
  clocks: z.array(clockRule).min(1, 'is empty: a policy without clocks promises nothing'),
  quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  nudges: z.strictObject({ mergeWithin: duration.default(2 * minute) }).default({ mergeWithin: 2 * minute }),
  daily: z.strictObject({ digest: timeOfDay.optional(), evening: timeOfDay.optional() }).default({}),
  undo: duration.default(10 * minute),
  /** Examples the policy is checked against. */
  cases: z.array(policyCase).default([]),
  returnCases: z.array(returnCase).default([]),
})

type PolicyFile = z.output<typeof policyFile>

type Say = (path: PropertyKey[], message: string) => void

function checkHours({ hours, days, calendar }: PolicyFile, say: Say): void {
  for (const { path, message } of calendarContradictions({ hours, days, calendar })) say(path, message)
  for (const [index, [from]] of (hours ?? []).entries()) {
    const before = hours?.[index - 1]
    if (before && from < before[1]) say(['hours', index], 'begins before the span above it ends')
  }
  for (const [index, day] of (days ?? []).entries())
    if (days && days.indexOf(day) < index) say(['days', index], `names ${day} twice`)
}

function checkQuiet({ quietHours, daily }: PolicyFile, say: Say): void {
  if (!quietHours) return
  if (quietHours.from === quietHours.to)
    say(['quietHours'], 'begins and ends at the same time: leave it out to have none')
  for (const which of ['digest', 'evening'] as const) {
    const at = daily[which]
    if (at !== undefined && within(quietHours, at)) say(['daily', which], 'lies in the quiet hours')
  }
}

/** A rule that an earlier one of its kind always forestalls would be a promise nobody keeps. */
function checkReach({ clocks }: PolicyFile, say: Say): void {
  for (const [index, rule] of clocks.entries()) {
    const first = clocks.findIndex(
      (other, place) =>
        place < index &&
        other.kind === rule.kind &&
        rule.start.every(name => other.start.includes(name)) &&
        covers(other.when, rule.when),
    )
    if (first >= 0)
      say(['clocks', index], `is never reached: clocks[${first}] of the same kind takes all its orders first`)
  }
}

/** Whether a condition takes every order that another one takes. */
function covers(general: Condition | undefined, special: Condition | undefined): boolean {
  return Object.entries(general ?? {}).every(([key, wanted]) => {
    const given = special?.[key as keyof Condition]
    if (given === undefined || wanted === undefined) return wanted === undefined
    if (Array.isArray(wanted)) return Array.isArray(given) && given.every(one => (wanted as unknown[]).includes(one))
    if (key === 'minDistanceKm' || key === 'startedFrom') return given >= wanted
    if (key === 'maxDistanceKm' || key === 'startedBefore') return given <= wanted
    return given === wanted
  })
}

/** Examples of a rule that is not there would hold nothing. */
function checkReturns({ returns, returnCases }: PolicyFile, say: Say): void {
  if (returnCases.length > 0 && !returns) say(['returnCases'], 'needs the section `returns`')
}

function within({ from, to }: { from: number; to: number }, minutes: number): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
}

/** The zod schema of a policy file; reads to `Policy`. Durations become milliseconds, times minutes since midnight. */
export const policySchema = policyFile
  .check(context => {
    const say: Say = (path, message) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
    checkHours(context.value, say)
    checkQuiet(context.value, say)
    checkReach(context.value, say)
    checkReturns(context.value, say)
  })
  .transform(({ undo, nudges, daily, quietHours, title, hours, days, effective, ...rest }) => ({
    ...rest,
    effective: effective ?? null,
    hours: hours ?? usualHours,
    days: days ?? [1, 2, 3, 4, 5, 6, 7],
    title: title ?? rest.name,
    quietHours: quietHours ?? null,
    daily: { digest: daily.digest ?? null, evening: daily.evening ?? null },
    mergeWithinMs: nudges.mergeWithin,
    undoWithinMs: undo,
  }))

/** A team's rule book (制度), design.md §9. */
export type Policy = z.output<typeof policySchema>

/** Whether a time of day (minutes) lies in a span that may run over midnight; its end is outside. */
export const inSpan = within

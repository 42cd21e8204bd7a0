import { IANAZone } from 'luxon'
import { z } from 'zod'
import { assignRule } from './assignrule.ts'
import { attendanceCase } from './attendancecase.ts'
import { attendanceContradictions, attendanceRule } from './attendancerule.ts'
import { calendarContradictions, calendarRule, type Segment } from './calendarrule.ts'
import { policyCase, returnCase } from './caserule.ts'
import { type Condition, clockRule } from './clockrule.ts'
import { complaintRules } from './complaintrule.ts'
import { countRule, figureRule, pointsRule } from './creditrule.ts'
import { evidenceRule } from './evidencerule.ts'
import { incidentsRule } from './incidentrule.ts'
import { keepRule } from './keeprule.ts'
import { keyCustomerRule } from './keycustomerrule.ts'
import { leaveCase } from './leavecase.ts'
import { leaveRule } from './leaverule.ts'
import { monthRule } from './monthrule.ts'
import { payCase } from './paycaserule.ts'
import { checkMoney } from './paycheck.ts'
import { payRule } from './payrule.ts'
import { returnsRule } from './returnsrule.ts'
import { ratingRule, revisitRule } from './revisitrule.ts'
import { leakRule, reworkRule } from './reworkrule.ts'
import { scorecardRule } from './scorerule.ts'
import { suspendRule } from './suspendrule.ts'
import { duration, percent, segment, shareLimit, timeOfDay } from './terms.ts'
import { writeDuration } from './units.ts'

export type { ClockRule, Condition, OverdueStep, WarnStep } from './clockrule.ts'

const minute = 60_000
const usualHold = 30 * minute

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

const nudgeRule = z.strictObject({
  /** Reminders for one person this close together are one message. */
  mergeWithin: duration.default(2 * minute),
  /** A word of the technician after an overdue step holds the next one for so long, once a step; `0m` never. */
  replyHolds: duration.optional(),
  /** `workdays`: what is not urgent waits for the next day the team works. */
  days: z.enum(['all', 'workdays'], { error: 'must be all (每天) or workdays (只在上班的日子)' }).default('all'),
})
const weekday = z.int().min(1, 'weekdays are 1 (Monday) to 7').max(7, 'weekdays are 1 (Monday) to 7')

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
  days: z.array(weekday).min(1).optional(),
  calendar: calendarRule.prefault({}),
  /** Returns and exchanges (R13); the shop has no such rule when missing. */
  returns: returnsRule.optional(),
  dayParts: dayParts.prefault({}),
  assign: assignRule.prefault({}),
  clocks: z.array(clockRule).default([]),
  /** Check-ins and what follows from them (R5, R4.3, R4.9); nobody's hours are watched when missing. */
  attendance: attendanceRule.optional(),
  quietHours: z.strictObject({ from: timeOfDay, to: timeOfDay }).optional(),
  nudges: nudgeRule.prefault({}),
  /** Lists of each working day; `manager`: the report of the day, with the evening list where it has no time of its own. */
  daily: z
    .strictObject({ digest: timeOfDay.optional(), evening: timeOfDay.optional(), manager: timeOfDay.optional() })
    .default({}),
  /** The report of the seven days before a weekday (1 Monday … 7 Sunday). */
  weekly: z.strictObject({ day: weekday, at: timeOfDay }).optional(),
  /** What a period is measured by (R6.1): not less than, and for complaints not more than, or less than. */
  targets: z
    .strictObject({ onTime: percent.optional(), satisfaction: percent.optional(), complaints: shareLimit.optional() })
    .default({}),
  undo: duration.default(10 * minute),
  /** Leave (R4); where missing nobody can ask for any in the chat. */
  leave: leaveRule.optional(),
  rework: reworkRule.optional(),
  leak: leakRule.optional(),
  complaints: complaintRules.default([]),
  suspend: suspendRule.prefault({}),
  evidence: evidenceRule.prefault({}),
  keyCustomers: keyCustomerRule.optional(),
  /** How long what is known of customers and of who left is kept; for good where missing. */
  keep: keepRule.optional(),
  /** Orders that are called back whatever the clocks say. */
  revisit: revisitRule.optional(),
  /** What people do (岗位): rules of money may be for some of them only. */
  posts: z.array(z.string().trim().min(1).max(12)).default([]),
  /** Numbers of a month that people enter. */
  figures: z.array(figureRule).default([]),
  /** Numbers of a month that are counted. */
  counts: z.array(countRule).default([]),
  incidents: incidentsRule.optional(),
  points: pointsRule.optional(),
  scorecards: z.array(scorecardRule).default([]),
  pay: payRule.optional(),
  /** How a month is closed (月结). */
  month: monthRule.prefault({}),
  /** Examples the policy is checked against. */
  cases: z.array(policyCase).default([]),
  returnCases: z.array(returnCase).default([]),
  attendanceCases: z.array(attendanceCase).default([]),
  leaveCases: z.array(leaveCase).default([]),
  payCases: z.array(payCase).default([]),
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

function checkQuiet({ quietHours, daily, weekly }: PolicyFile, say: Say): void {
  if (!quietHours) return
  if (quietHours.from === quietHours.to)
    say(['quietHours'], 'begins and ends at the same time: leave it out to have none')
  for (const which of ['digest', 'evening', 'manager'] as const) {
    const at = daily[which]
    if (at !== undefined && within(quietHours, at)) say(['daily', which], 'lies in the quiet hours')
  }
  if (weekly && within(quietHours, weekly.at)) say(['weekly', 'at'], 'lies in the quiet hours')
}

/** A word of the technician puts off one step, never a whole chain; and days off can be kept only where there are any. */
function checkNudges({ nudges, clocks, calendar, hours, quietHours }: PolicyFile, say: Say): void {
  const { replyHolds, days } = nudges
  const awake = ([from, to]: Segment) =>
    !quietHours || !within(quietHours, from) || (quietHours.to > from && quietHours.to < to)
  if (days === 'workdays' && !calendar.roundTheClock && !(hours ?? usualHours).some(awake))
    say(['nudges', 'days'], 'quietHours cover the working hours: nothing could ever be said')
  if (days === 'workdays' && calendar.roundTheClock && !Object.values(calendar.own).includes('off'))
    say(['nudges', 'days'], 'roundTheClock already has every day worked: leave one of the two out')
  for (const [index, { kind, overdue }] of clocks.entries()) {
    const held = overdue.filter(step => step.from === 'due' && !step.takeBack).map(step => step.afterMs)
    const whole = (held.at(-1) ?? 0) - (held[0] ?? 0)
    if (replyHolds !== undefined && kind !== 'dispatch' && held.length > 1 && replyHolds > whole)
      say(
        ['nudges', 'replyHolds'],
        `is longer than the chain of clocks[${index}], ${writeDuration(whole)} from its first step to its last`,
      )
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

/** A condition that no order can ever fulfil, since nothing is linked without the section that says what is. */
function checkLinks({ clocks, rework, leak }: PolicyFile, say: Say): void {
  for (const [index, { when }] of clocks.entries()) {
    if (when?.rework && !rework) say(['clocks', index, 'when', 'rework'], 'needs the section `rework`')
    if (when?.leak && !leak) say(['clocks', index, 'when', 'leak'], 'needs the section `leak`')
    if (when?.rework && when.leak)
      say(['clocks', index, 'when'], 'wants rework and leak: an order is linked as one of them')
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

/** A policy is about something: the time orders take, or the time people come and stay away. */
function checkSubject({ clocks, leave, attendance, pay, scorecards, incidents }: PolicyFile, say: Say): void {
  if (clocks.length === 0 && !leave && !attendance && !pay && !incidents && scorecards.length === 0)
    say(['clocks'], 'is missing: a policy has `clocks`, `leave`, `attendance`, `incidents`, `scorecards` or `pay`')
}

function checkPay({ payCases, pay, scorecards, points, incidents }: PolicyFile, say: Say): void {
  if (payCases.length > 0 && !pay && !points && !incidents && scorecards.length === 0)
    say(['payCases'], 'needs the section `pay`, `points`, `incidents` or `scorecards`')
}

function checkLeave({ leave, leaveCases }: PolicyFile, say: Say): void {
  if (leaveCases.length > 0 && !leave) say(['leaveCases'], 'needs the section `leave`')
}

function checkAttendance({ attendance, attendanceCases, hours, calendar }: PolicyFile, say: Say): void {
  if (attendanceCases.length > 0 && !attendance) say(['attendanceCases'], 'needs the section `attendance`')
  if (!attendance) return
  for (const { path, message } of attendanceContradictions(attendance, hours ?? usualHours, calendar.roundTheClock))
    say(['attendance', ...path], message)
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
    checkNudges(context.value, say)
    checkReach(context.value, say)
    checkLinks(context.value, say)
    checkReturns(context.value, say)
    checkSubject(context.value, say)
    checkAttendance(context.value, say)
    checkLeave(context.value, say)
    checkPay(context.value, say)
    checkMoney(context.value, say)
  })
  .transform(
    ({ undo, nudges, daily, weekly, targets, quietHours, title, hours, days, effective, revisit, ...rest }) => ({
      ...rest,
      rework: rest.rework ?? null,
      leak: rest.leak ?? null,
      leave: rest.leave ?? null,
      keyCustomers: rest.keyCustomers ?? null,
      keep: rest.keep ?? null,
      revisit: revisit?.form === undefined ? null : { form: revisit.form },
      rating: revisit?.rating ?? ratingRule.parse({}),
      attendance: rest.attendance ?? null,
      incidents: rest.incidents ?? null,
      points: rest.points ?? null,
      pay: rest.pay ?? null,
      effective: effective ?? null,
      hours: hours ?? usualHours,
      days: days ?? [1, 2, 3, 4, 5, 6, 7],
      title: title ?? rest.name,
      quietHours: quietHours ?? null,
      daily: {
        digest: daily.digest ?? null,
        evening: daily.evening ?? null,
        manager: daily.manager ?? daily.evening ?? null,
      },
      weekly: weekly ?? null,
      targets: {
        onTime: targets.onTime ?? null,
        satisfaction: targets.satisfaction ?? null,
        complaints: targets.complaints ?? null,
      },
      mergeWithinMs: nudges.mergeWithin,
      replyHoldsMs: nudges.replyHolds ?? usualHold,
      nudgeDays: nudges.days,
      undoWithinMs: undo,
    }),
  )

/** A team's rule book (制度), design.md §9. */
export type Policy = z.output<typeof policySchema>

/** Whether a time of day (minutes) lies in a span that may run over midnight; its end is outside. */
export const inSpan = within

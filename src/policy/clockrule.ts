import { z } from 'zod'
import type { OrderRole } from '../people/person.ts'
import { checkLimit, limitKeys, limitOf } from './limit.ts'
import {
  clockKind,
  clockKindNames,
  duration,
  factName,
  listOf,
  orderKind,
  orderRole,
  reason,
  timeOfDay,
} from './terms.ts'
import { readDuration, writeDuration } from './units.ts'

/** Which orders a clock rule is for; every field that is given must agree. Read once, when the clock starts. */
export const condition = z
  .strictObject({
    kind: listOf(orderKind).optional(),
    urgent: z.boolean().optional(),
    key: z.boolean().optional(),
    warranty: z.enum(['in', 'out'], { error: 'must be in (保内) or out (保外)' }).optional(),
    zone: listOf(z.string().min(1)).optional(),
    /** Kilometres; an order whose distance is not known agrees with neither. */
    minDistanceKm: z.number().min(0).optional(),
    maxDistanceKm: z.number().min(0).optional(),
    /** Time of day at which the clock starts; `before` is outside (12:00:00 is afternoon). */
    startedBefore: timeOfDay.optional(),
    startedFrom: timeOfDay.optional(),
    category: listOf(z.string()).optional(),
    /** The customer has left the shop or the place by then (R2.7). */
    customerGone: z.boolean().optional(),
    /** More than one unit of one customer (R1.16). */
    batch: z.boolean().optional(),
    /** Linked to an earlier repair of the same fault (R1.10), to the install of a unit that leaks (R9.5). */
    rework: z.boolean().optional(),
    leak: z.boolean().optional(),
  })
  .check(context => {
    const { minDistanceKm: min, maxDistanceKm: max } = context.value
    const say = (message: string) =>
      context.issues.push({ code: 'custom', message, continue: true, input: context.value, path: [] })
    for (const [key, value] of Object.entries(context.value))
      if (Array.isArray(value) && value.length === 0) say(`${key} is empty: no order can match`)
    if (Object.keys(context.value).length === 0) say('has no condition: leave `when` out or name one')
    if (min !== undefined && max !== undefined && min >= max)
      say(`minDistanceKm ${min} is not below maxDistanceKm ${max}: no order can match`)
    const { startedFrom: from, startedBefore: before } = context.value
    if (from !== undefined && before !== undefined && from >= before)
      say('startedFrom is not before startedBefore: no order can match')
  })

/** `30m` is that long before the clock is due; `80%` is when that much of its time has passed. */
const lead = z.string({ error: 'must be a duration like 30m or a share like 80%' }).transform((text, context) => {
  const share = /^(\d{1,2})%$/.exec(text)
  const ms = readDuration(text)
  if (share && Number(share[1]) > 0) return { name: `warn:${Number(share[1])}%`, share: Number(share[1]) / 100 }
  if (ms !== null && ms > 0) return { name: `warn:${writeDuration(ms)}`, beforeMs: ms }
  context.addIssue({ code: 'custom', message: `must be a duration like 30m or a share from 1% to 99%, not "${text}"` })
  return z.NEVER
})

const tell = listOf(orderRole).check(context => {
  if (context.value.length > 0) return
  context.issues.push({
    code: 'custom',
    message: 'names nobody to tell',
    continue: true,
    input: context.value,
    path: [],
  })
})

const asking = z.strictObject({
  at: lead,
  tell: tell.optional(),
  /** The technician is asked how it goes, with answers to tap (R1.15). */
  ask: z.boolean().default(false),
  /** The dispatcher is told when nothing at all came back for so long. */
  unanswered: duration.optional(),
})

const warning = z.union([lead.transform(at => ({ at, tell: undefined, ask: false, unanswered: undefined })), asking], {
  error: 'must be a lead like 30m or 80%, or {at: 30m, tell: [technician]}, or {at: 80%, ask: true, unanswered: 20m}',
})

const overdue = z.strictObject({
  after: duration,
  /** `start`: so long after the clock began, which is what incidents are counted from (R2.2: over 24 h, over 48 h). */
  from: z.enum(['due', 'start'], { error: 'must be due (到期) or start (起点)' }).default('due'),
  tell,
  /** The order goes back to the dispatcher at this step: for orders nobody accepts (design.md §7). */
  takeBack: z.boolean().default(false),
})

const clockFile = z.strictObject({
  kind: clockKind,
  name: z.string().min(1).max(20).optional(),
  start: listOf(factName),
  stop: listOf(factName),
  ...limitKeys,
  when: condition.optional(),
  appointment: z
    .enum(['replaces', 'ignored'], { error: 'must be replaces (以约定时间为准) or ignored' })
    .default('ignored'),
  exactGrace: duration.default(0),
  pauses: listOf(reason).default([]),
  restartOnReassign: z.boolean().default(false),
  exempt: listOf(z.enum(['unreachable'], { error: 'must be unreachable (联系不上)' })).default([]),
  warn: listOf(warning).default([]),
  overdue: listOf(overdue).default([]),
})

type ClockFile = z.output<typeof clockFile>

/** Clocks that run while a technician has the order in hand. */
const askable: ReadonlySet<ClockFile['kind']> = new Set(['contact', 'arrive', 'complete'])

/** What contradicts itself inside one rule, with the path of the place. */
function contradictions(rule: ClockFile): Array<{ path: PropertyKey[]; message: string }> {
  const found: Array<{ path: PropertyKey[]; message: string }> = []
  const say = (path: PropertyKey[], message: string) => found.push({ path, message })
  const { within } = rule
  checkLimit(rule, say)
  if (rule.start.length === 0) say(['start'], 'names no event that starts the clock')
  if (rule.stop.length === 0) say(['stop'], 'names no event that stops the clock')
  for (const name of rule.stop.filter(stop => rule.start.includes(stop)))
    say(['stop'], `${name} both starts and stops it`)
  if (rule.restartOnReassign && rule.start.every(name => name === 'created'))
    say(['restartOnReassign'], 'never restarts: an order is created once')
  if (rule.exactGrace > 0 && rule.appointment === 'ignored') say(['exactGrace'], 'needs `appointment: replaces`')
  const names = rule.warn.map(({ at }) => at.name)
  for (const [index, { at, tell, ask, unanswered }] of rule.warn.entries()) {
    if (names.indexOf(at.name) < index) say(['warn', index], 'is there twice')
    if (within && 'beforeMs' in at && at.beforeMs >= within)
      say(['warn', index], `warns ${writeDuration(at.beforeMs)} before the end of only ${writeDuration(within)}`)
    if (ask && !askable.has(rule.kind))
      say(['warn', index, 'ask'], `asks for progress of the ${rule.kind} clock: only ${[...askable].join(', ')} can be`)
    else if (ask && tell && !tell.includes('technician'))
      say(['warn', index, 'ask'], 'asks for progress, which only the technician can tell: name him in `tell`')
    if (unanswered !== undefined && !ask) say(['warn', index, 'unanswered'], 'waits for an answer: needs `ask: true`')
    if (unanswered === 0) say(['warn', index, 'unanswered'], 'must be longer than 0')
  }
  for (const [index, step] of rule.overdue.entries()) {
    const before = rule.overdue[index - 1]
    if (before && before.from === step.from && before.after >= step.after)
      say(['overdue', index], 'must come later than the step above it')
    if (step.from === 'start' && within && rule.basis === 'elapsed' && step.after <= within)
      say(['overdue', index], `comes before the clock is due, ${writeDuration(within)} after its start`)
    if (step.takeBack && rule.kind !== 'accept') say(['overdue', index, 'takeBack'], 'is only for the accept clock')
  }
  return found
}

/** A point of a clock at which people are told; its name is kept in the journal. */
export interface WarnStep {
  name: string
  /** Either this long before the clock is due, or when this share (0–1) of its time has passed. */
  beforeMs?: number | undefined
  share?: number | undefined
  tell: OrderRole[]
  /** The technician is asked for his progress (R1.15). */
  ask?: boolean | undefined
  /** The dispatcher is told when the question has been open for so long. */
  unansweredMs?: number | undefined
}

export interface OverdueStep {
  name: string
  afterMs: number
  /** What `afterMs` is counted from. */
  from: 'due' | 'start'
  tell: OrderRole[]
  takeBack: boolean
}

const rule = clockFile.check(context => {
  for (const { path, message } of contradictions(context.value))
    context.issues.push({ code: 'custom', message, continue: true, input: context.value, path })
})

/** One entry of `clocks`. The first one of its kind that fits an order is used. */
export const clockRule = rule.transform(file => {
  const { warn, overdue: steps, exactGrace, name } = file
  const { kind, start, stop, when, appointment, pauses, restartOnReassign, exempt } = file
  const usual: OrderRole[] = [file.kind === 'dispatch' ? 'dispatcher' : 'technician']
  return {
    ...{ kind, start, stop, when, appointment, pauses, restartOnReassign, exempt },
    name: name ?? `${clockKindNames[file.kind]}时限`,
    limit: limitOf(file),
    exactGraceMs: exactGrace,
    warn: warn.map(
      ({ at, tell, ask, unanswered }): WarnStep => ({
        ...at,
        tell: tell ?? usual,
        ...(ask && { ask }),
        ...(unanswered !== undefined && { unansweredMs: unanswered }),
      }),
    ),
    overdue: steps.map(
      ({ after, from, tell, takeBack }): OverdueStep => ({
        name: `overdue:${writeDuration(after)}${from === 'start' ? '@start' : ''}`,
        from,
        afterMs: after,
        tell,
        takeBack,
      }),
    ),
  }
})

export type ClockRule = z.output<typeof clockRule>
export type Condition = NonNullable<ClockRule['when']>

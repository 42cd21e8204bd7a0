import { DateTime } from 'luxon'
import { z } from 'zod'
import type { Span } from '../chat/intent.ts'
import { Refusal } from '../errors.ts'
import { HttpProblem } from '../http/problem.ts'
import { decide, type OrderCommand, type World } from '../orders/decide.ts'
import type { OrderRecord } from '../orders/record.ts'
import { saySpan } from '../orders/timewords.ts'
import type { StepName } from './wire.ts'

const words = z.string().trim().max(200)
const localTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, '时间写成 2026-11-27T10:00')
const time = z.strictObject({ from: localTime, to: localTime.optional() })
export const amount = z.string().regex(/^\d{1,7}(\.\d{1,2})?$/, '金额写成 80 或 80.50')

/** One step as the page sends it. */
export const stepWish = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal(['accept', 'depart', 'arrive', 'resume', 'undo']) }),
  z.strictObject({ do: z.literal(['unreachable', 'emptyRun', 'askHelp']), note: words.optional() }),
  z.strictObject({ do: z.literal('decline'), reason: words.min(1, '请写明原因') }),
  z.strictObject({ do: z.literal('contacted'), time: time.optional(), note: words.optional() }),
  z.strictObject({ do: z.literal('reschedule'), time, reason: words.optional() }),
  z.strictObject({
    do: z.literal('suspend'),
    reason: z.enum(['parts', 'majorRepair', 'customer', 'other']),
    note: words,
    time: time.optional(),
  }),
  z.strictObject({ do: z.literal('wait'), time }),
  z.strictObject({
    do: z.literal('complete'),
    result: words.min(1, '请写修理结果'),
    charge: amount.optional(),
    parts: z
      .array(z.strictObject({ name: z.string().trim().min(1).max(40), quantity: z.int().min(1).max(999) }))
      .max(20)
      .optional(),
  }),
])

/** The wish as a command, its times read in the team's zone. @throws HttpProblem 422 */
export function commandOf(wish: z.output<typeof stepWish>, { now, zone }: Pick<World, 'now' | 'zone'>): OrderCommand {
  const span = (wished: Wished): Span => spanOf(wished, now, zone)
  switch (wish.do) {
    case 'contacted':
      return { do: 'contacted', ...(wish.time && { appointment: span(wish.time) }), ...noted(wish.note) }
    case 'reschedule':
      return { do: 'reschedule', appointment: span(wish.time), ...(wish.reason && { reason: wish.reason }) }
    case 'suspend': {
      const { reason, note, time } = wish
      return { do: 'suspend', reason, note, ...(time && { expected: span(time) }) }
    }
    case 'wait':
      return { do: 'wait', expected: span(wish.time) }
    case 'complete': {
      const { result, charge, parts } = wish
      return { do: 'complete', result, ...(charge && { charge }), ...(parts?.length && { parts }) }
    }
    case 'decline':
      return { do: 'decline', reason: wish.reason }
    case 'unreachable':
    case 'emptyRun':
    case 'askHelp':
      return { do: wish.do, ...noted(wish.note) }
    default:
      return { do: wish.do }
  }
}

const noted = (note: string | undefined) => (note ? { note } : {})

type Wished = z.output<typeof time>

function spanOf({ from, to }: Wished, now: Date, zone: string): Span {
  const [begin, end] = [from, to].map(text => (text === undefined ? undefined : DateTime.fromISO(text, { zone })))
  if (!begin?.isValid || (end && (!end.isValid || end <= begin)))
    throw new HttpProblem(422, 'Invalid request', '这个时间不对，请重新选。')
  const span = { from: begin.toJSDate(), ...(end && { to: end.toJSDate() }), exact: end === undefined }
  return { ...span, words: saySpan(span, now, zone) }
}

/** The steps of a technician, those that come next by the state first. */
const ladders: Partial<Record<string, StepName[]>> = {
  dispatched: ['accept', 'decline', 'contacted'],
  accepted: ['contacted', 'unreachable', 'arrive'],
  contacted: ['depart', 'arrive', 'complete'],
  arrived: ['complete', 'emptyRun'],
  suspended: ['resume', 'wait', 'arrive'],
}
const always: StepName[] = ['reschedule', 'suspend', 'askHelp', 'decline', 'undo']

/** What somebody may do with an order now: each is tried, so that nothing is offered that would be refused. */
export function stepsFor(order: OrderRecord, world: World): StepName[] {
  const all = [...new Set([...(ladders[order.view.state] ?? []), ...always])]
  return all.filter(step => allowed(order, world, step))
}

function allowed(order: OrderRecord, world: World, step: StepName): boolean {
  try {
    decide(order.facts, sample(step, world), world)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // What is missing can be brought: the page says what.
    return error.code === 'evidence'
  }
}

/** Any wish of that kind that says all it has to. */
function sample(step: StepName, { now }: World): OrderCommand {
  const soon: Span = { from: new Date(now.getTime() + 3_600_000), exact: true, words: '1小时后' }
  switch (step) {
    case 'decline':
      return { do: 'decline', reason: '有事' }
    case 'reschedule':
      return { do: 'reschedule', appointment: soon }
    case 'suspend':
      return { do: 'suspend', reason: 'parts', note: '' }
    case 'wait':
      return { do: 'wait', expected: soon }
    default:
      return { do: step }
  }
}

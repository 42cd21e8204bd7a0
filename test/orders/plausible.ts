import fc from 'fast-check'
import { Refusal } from '../../src/errors.ts'
import { decide, type OrderCommand } from '../../src/orders/decide.ts'
import type { Fact, FactBody, OrderFields } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import { ownPacks } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { created, fields, policyOf, zone } from './journal.ts'

/** Something said about an order some time after what was said before; times are milliseconds. */
export interface Said {
  wait: number
  what: string
  /** Of an appointment: how far away, and how long. */
  away: number
  length: number
}

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
const times = (unit: number, most: number) => fc.integer({ min: 1, max: most }).map(n => n * unit)

/** From the same moment to three weeks, mostly within a day; often on the full minute, where limits end. */
const wait = fc.oneof(
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 3, arbitrary: times(second, 200) },
  { weight: 6, arbitrary: times(minute, 240) },
  { weight: 4, arbitrary: times(hour, 30) },
  { weight: 2, arbitrary: times(day, 21) },
)

const desk = ['give zhang', 'give li', 'urge', 'confirm', 'close', 'revisit', 'offer', 'cancel'] as const
const hands = ['accept', 'decline', 'contacted', 'agreed', 'unreachable', 'moved', 'depart', 'arrive'] as const
const ends = ['parts', 'majorRepair', 'customer', 'other', 'resume', 'complete', 'emptyRun', 'report', 'undo'] as const

const what = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...desk.slice(0, 3)) },
  { weight: 2, arbitrary: fc.constantFrom(...desk.slice(3)) },
  { weight: 8, arbitrary: fc.constantFrom(...hands) },
  { weight: 12, arbitrary: fc.constantFrom(...ends) },
)

/** What people may say of an order; what can't be said then is refused and left out. */
export const talks = (maxLength = 18): fc.Arbitrary<Said[]> =>
  fc.array(fc.record({ wait, what, away: times(15 * minute, 500), length: times(15 * minute, 20) }), { maxLength })

export const orders: fc.Arbitrary<OrderFields> = fc
  .record({
    kind: fc.constantFrom('install', 'repair', 'complaint', 'revisit'),
    urgent: fc.boolean(),
    zone: fc.constantFrom('市区', '郊区', undefined),
    distanceKm: fc.constantFrom(10, 20, 60, 300, undefined),
    category: fc.constantFrom('车身', '底盘', '配套', undefined),
    gone: fc.boolean(),
    units: fc.constantFrom(1, 10, 11, 45, undefined),
  })
  .map(({ zone: place, distanceKm, gone, category, units, ...rest }) => {
    const where = { ...(place && { zone: place }), ...(distanceKm && { distanceKm }), ...(gone && { gone }) }
    const more = { ...(category && { category }), ...(units && { units }) }
    return fields({ ...rest, ...more, customer: { ...fields().customer, ...where } })
  })

/** From before the end of a year to after 春节 of the next, at any second. */
export const begins: fc.Arbitrary<number> = fc
  .integer({ min: 0, max: 90 * 86_400 })
  .map(n => Date.parse('2026-11-23T00:00:00Z') + n * second)

/** The command of a wish, as of a moment. `ids` says who 张三 and 李四 are. */
export function commandOf({ what: said, away, length }: Said, now: number, ids: Record<string, string>): OrderCommand {
  const from = new Date(now + away)
  const span = { from, ...(length > hour && { to: new Date(now + away + length) }), exact: true, words: '约好' }
  switch (said) {
    case 'give zhang':
    case 'give li':
      return { do: 'assign', to: ids[said.slice(5)] ?? '' }
    case 'confirm':
      return { do: 'confirmUnreachable' }
    case 'cancel':
    case 'decline':
      return { do: said, reason: '不做了' }
    case 'agreed':
      return { do: 'contacted', appointment: span }
    case 'moved':
      return { do: 'reschedule', appointment: span }
    case 'parts':
    case 'majorRepair':
    case 'customer':
    case 'other':
      return { do: 'suspend', reason: said, note: '等一等' }
    case 'complete':
      return { do: 'complete', result: '换了电容', charge: '80' }
    default:
      return { do: said } as OrderCommand
  }
}

export const atDesk = (said: string): boolean => desk.some(one => one === said)

/** Adds facts of one moment to a journal. */
export function added(facts: readonly Fact[], at: number, by: string | null, bodies: readonly FactBody[]): Fact[] {
  const frame = { at: new Date(at).toISOString(), by, via: 'text' as const }
  return [...facts, ...bodies.map((body, index): Fact => ({ seq: facts.length + 1 + index, ...frame, ...body }))]
}

/** The journal after one more thing was said; when that can't be said then, after what is most likely said instead. */
export function heard(facts: readonly Fact[], said: Said, now: number): Fact[] {
  const then = tried(facts, said, now)
  const { state } = replay(facts)
  const usual = { new: 'give zhang', dispatched: 'accept', suspended: 'resume', completed: 'close' }[state as string]
  return then.length > facts.length || !usual ? then : tried(facts, { ...said, what: usual }, now)
}

function tried(facts: readonly Fact[], said: Said, now: number): Fact[] {
  const me = atDesk(said.what) ? 'zhao' : (replay(facts).assignee ?? 'zhang')
  const world = {
    ...{
      code: '1024',
      zone,
      undoWithinMs: 10 * minute,
      technicians: ['zhang', 'li'],
      obstacles: new Map(),
      nameOf: (id: string) => id,
    },
    ...{
      now: new Date(now),
      actor: { id: me, roles: [me === 'zhao' ? ('dispatcher' as const) : 'technician'] as const },
    },
  }
  try {
    const bodies = decide(facts, commandOf(said, now, { zhang: 'zhang', li: 'li' }), world)
    return added(facts, now, me, bodies)
  } catch (error) {
    if (error instanceof Refusal) return [...facts]
    throw error
  }
}

export interface Told {
  facts: Fact[]
  /** A moment after the last fact. */
  now: Date
}

/** A whole journal: an order that comes in, is mostly given to 张三, and what happens then. */
export const journals: fc.Arbitrary<Told> = fc
  .record({ order: orders, begin: begins, talk: talks(), given: fc.boolean(), rest: wait })
  .map(({ order, begin, talk, given, rest }) => {
    let at = begin
    let facts = added([], at, null, [created(order)])
    if (given) facts = added(facts, at, 'zhao', [{ fact: 'dispatched', to: 'zhang' }])
    for (const said of talk) {
      at += said.wait
      facts = heard(facts, said, at)
    }
    return { facts, now: new Date(Math.max(at, Date.parse(facts.at(-1)?.at ?? '')) + rest) }
  })

const own = (limit: string, more = ''): string => `
  - { kind: contact, start: dispatched, stop: [contacted, arrived, completed], within: 2h, restartOnReassign: true, exempt: unreachable, pauses: [customer] }
  - { kind: arrive, start: contacted, stop: [arrived, completed, emptyRun], ${limit}, pauses: [parts, customer] ${more} }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], ${limit}, pauses: [parts, majorRepair, customer, other] ${more} }
  - { kind: report, start: [completed, emptyRun], stop: reported, ${limit} }`

const week = 'hours: ["08:00-12:00", "13:30-18:00"]\ndays: [1, 2, 3, 4, 5]\ncalendar: { holidays: china }'
const packs = ownPacks('src/policy/packs')

/** Every pack that comes along, and policies for each form of a limit. */
export const policies: ReadonlyArray<readonly [name: string, policy: Policy]> = [
  ...packs.keys().flatMap(name => {
    const policy = packs.get(name)
    return policy ? [[name, policy] as const] : []
  }),
  ['elapsed', policyOf(own('within: 5h'))],
  ['elapsed, by units', policyOf(own('within: 4h, perUnits: 10', ', restartOnReassign: true'))],
  ['elapsed, or as agreed', policyOf(own('within: 24h', ', appointment: replaces, exactGrace: 1h'))],
  ['working', policyOf(own('within: 9h, basis: working'), week)],
  ['working, at the latest', policyOf(own('within: 9h, basis: working, latest: 30h'), week)],
  ['working, or as agreed', policyOf(own('within: 3h, basis: working', ', appointment: replaces'), week)],
  ['workdays', policyOf(own('workdays: 2'), week)],
  ['workdays, at the latest', policyOf(own('workdays: 2, latest: 60h'), week)],
  ['until closing', policyOf(own('until: 当日下班'), week)],
  ['until noon', policyOf(own('until: 次日12:00, latest: 24h'), week)],
  ['until a workday', policyOf(own('until: 次工作日10:00', ', appointment: replaces'), week)],
]

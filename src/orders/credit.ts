import { DateTime } from 'luxon'
import type { Grade } from '../chat/intent.ts'
import type { Policy } from '../policy/schema.ts'
import { verdictOf } from '../rating/verdict.ts'
import { clockRunsOf } from './clocks.ts'
import { type ClockKind, type Fact, type OrderKind, standing } from './fact.ts'
import { replay } from './order.ts'

/** What a finished order counts for in the points and pay of its month. Kept with the order: it is all a month is settled from. */
export interface OrderCredit {
  /** When the work was done, ISO, and which day that was in the rule book's zone. */
  doneAt: string
  day: string
  kind: OrderKind
  warranty?: 'in' | 'out' | undefined
  category?: string | undefined
  brand?: string | undefined
  zone?: string | undefined
  urgent: boolean
  key: boolean
  units: number
  /** In yuan, as it was reported: `80.00`. */
  charge?: string | undefined
  empty: boolean
  /** Who was in charge, and everybody's part in whole percents, the one in charge first. */
  by: string
  shares: Array<[person: string, percent: number]>
  grade?: Grade | undefined
  /** The customer complained when called back. */
  complained: boolean
  /** It followed from an earlier job. */
  rework: boolean
  leak: boolean
  /** Later jobs that followed from it, by their codes. */
  reworked: string[]
  leaked: string[]
  /** Clocks that were kept; how many ms those that were not were late, the longest of each kind. */
  inTime: ClockKind[]
  late: Partial<Record<ClockKind, number>>
}

/** Null while the work is not done, or nobody was in charge of it. */
export function creditOf(facts: readonly Fact[], policy: Policy, now: Date): OrderCredit | null {
  if (!facts.some(({ fact }) => fact === 'completed' || fact === 'emptyRun')) return null
  const view = replay(facts)
  const done = standing(facts).findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
  if (!done || !view.outcome || view.state === 'cancelled' || view.assignee === null) return null
  const { fields, outcome, revisit, linked, shares, assignee } = view
  const { warranty, category, product, customer } = fields
  const grade = verdictOf(revisit, policy.rating.prefer)?.grade
  return {
    ...{
      doneAt: done.at,
      day: DateTime.fromISO(done.at, { zone: policy.zone }).toFormat('yyyy-MM-dd'),
      kind: fields.kind,
      urgent: view.urgent,
      key: customer.key ?? false,
      units: fields.units ?? 1,
    },
    ...(warranty && { warranty }),
    ...(category && { category }),
    ...(product.brand && { brand: product.brand }),
    ...(customer.zone && { zone: customer.zone }),
    ...(outcome.charge !== undefined && { charge: outcome.charge }),
    ...{ empty: outcome.empty, by: assignee, shares: shares.map(({ person, percent }) => [person, percent]) },
    ...(grade && { grade }),
    complained: revisit?.complaint !== undefined,
    ...{ rework: linked?.why === 'rework', leak: linked?.why === 'leak' },
    ...followed(facts),
    ...kept(facts, policy, now),
  }
}

function followed(facts: readonly Fact[]): Pick<OrderCredit, 'reworked' | 'leaked'> {
  const links = new Map<string, { why: string; code: string }>()
  for (const fact of standing(facts)) {
    if (fact.fact === 'reworked') links.set(fact.order, { why: fact.why, code: fact.code })
    if (fact.fact === 'unreworked') links.delete(fact.order)
  }
  const of = (why: string) => [...links.values()].filter(link => link.why === why).map(({ code }) => code)
  return { reworked: of('rework'), leaked: of('leak') }
}

function kept(facts: readonly Fact[], policy: Policy, now: Date): Pick<OrderCredit, 'inTime' | 'late'> {
  const late: Partial<Record<ClockKind, number>> = {}
  const met = new Set<ClockKind>()
  for (const { kind, state, lateByMs } of clockRunsOf(facts, policy, now)) {
    if (lateByMs !== undefined) late[kind] = Math.max(late[kind] ?? 0, lateByMs)
    else if (state === 'met') met.add(kind)
  }
  return { inTime: [...met].filter(kind => late[kind] === undefined), late }
}

/** As it is stored: what is as usual is left out, since a month reads every one of them. */
export type KeptCredit = Partial<OrderCredit> & Pick<OrderCredit, 'doneAt' | 'day' | 'kind' | 'by'>

const usual = { urgent: false, key: false, units: 1, empty: false, complained: false, rework: false, leak: false }
const none: string[] = []
const neverLate = {}

export function keptCredit(credit: OrderCredit): KeptCredit {
  const { shares, reworked, leaked, late, inTime, doneAt, day, kind, by, ...rest } = credit
  const unusual = Object.entries(rest).filter(([key, value]) => usual[key as keyof typeof usual] !== value)
  const alone = shares.length === 1 && shares[0]?.[0] === by
  return {
    ...{ doneAt, day, kind, by },
    ...(Object.fromEntries(unusual) as Partial<typeof rest>),
    ...(!alone && { shares }),
    ...(reworked.length > 0 && { reworked }),
    ...(leaked.length > 0 && { leaked }),
    ...(inTime.length > 0 && { inTime }),
    ...(Object.keys(late).length > 0 && { late }),
  }
}

/** Written out field by field: all of one shape, a large month's take a third of the room and of the time. */
export function readCredit(kept: KeptCredit): OrderCredit {
  const { doneAt, day, kind, by, warranty, category, brand, zone, charge, grade } = kept
  const {
    urgent = false,
    key = false,
    units = 1,
    empty = false,
    complained = false,
    rework = false,
    leak = false,
  } = kept
  const { shares = [[by, 100]], inTime = [], late = neverLate, reworked = none, leaked = none } = kept
  return {
    doneAt,
    day,
    kind,
    warranty,
    category,
    brand,
    zone,
    urgent,
    key,
    units,
    charge,
    empty,
    by,
    shares,
    grade,
    complained,
    rework,
    leak,
    reworked,
    leaked,
    inTime,
    late,
  }
}

import type { Grade } from '../chat/intent.ts'
import type { IncidentRow } from '../incidents/find.ts'
import type { IncidentState } from '../incidents/incident.ts'
import type { OrderCredit } from '../orders/credit.ts'
import type { OrderKind } from '../orders/fact.ts'
import { grades } from '../orders/revisitresult.ts'
import type { Policy } from '../policy/schema.ts'

/**
 * What a month's report shows besides slips and result (R15.1, R15.2), kept with the month when it is reckoned: orders and
 * incidents change afterwards, and a locked month has to read as it did.
 */
export interface Tables {
  /** The rule book's items of pay and deduction of persons, in its order. */
  items: Array<{ item: string; as: 'pay' | 'deduct' }>
  work: Work[]
  brands: Array<{ brand: string | null; orders: number; repairs: number; reworked: number }>
  /** Complaints by what they are about and the Monday of their week. */
  complaints: Array<{ category: string | null; week: string; orders: number }>
  grades: Array<{ grade: Grade; orders: number }>
  again: Again[]
  incidents: Noted[]
  /** The team's figure 维修费用 in yuan; `asked` whether the rule book has it. */
  repairCost: { asked: boolean; yuan: string | null }
}

/** A person's orders, his part of each, in orders: `0.6`. */
export interface Work {
  person: string
  name: string
  kinds: Array<{ kind: OrderKind; warranty: 'in' | 'out' | null; orders: number }>
  /** By the Monday of their week. */
  weeks: Array<{ week: string; orders: number }>
}

/** A job that was followed by another one. */
export interface Again {
  code: string
  why: 'rework' | 'leak'
  by: string
  /** The day it was done, and how many days later it was reported again. */
  doneOn: string
  days: number
  later: string
  laterBy: string | null
}

export interface Noted {
  code: string
  name: string
  item: string
  day: string
  order: string | null
  fen: number
  points: number
  daysOff: number
  state: IncidentState
  rule: string | null
}

/** A later order as the earlier one's journal has it. */
export interface Later {
  orderId: string
  code: string
  days: number
  by: string | null
}

/** What the tables are made of, all of the month. */
export interface Seen {
  orders: OrderTally
  complaints: ReadonlyArray<{ category: string | null; day: string }>
  later: readonly Later[]
  incidents: readonly IncidentRow[]
  /** Codes of orders by their ids. */
  codes: ReadonlyMap<string, string>
  names: ReadonlyMap<string, string>
  repairCost: string | null
}

export const repairCostName = '维修费用'

export function tablesOf(policy: Policy, seen: Seen): Tables {
  const { orders, complaints, incidents, codes, names, repairCost } = seen
  const nameOf = (id: string): string => names.get(id) ?? ''
  return {
    items: (policy.pay?.items ?? []).flatMap(({ name, as, of }) =>
      as === 'value' || of === 'team' ? [] : [{ item: name, as }],
    ),
    work: workOf(orders, nameOf),
    brands: brandsOf(orders),
    complaints: counted(complaints, ({ category, day }) => [category, mondayOf(day)] as const).map(
      ([[category, week], orders]) => ({ category, week, orders }),
    ),
    grades: grades.map(grade => ({ grade, orders: orders.grades.get(grade) ?? 0 })),
    again: againOf(seen, nameOf),
    incidents: incidents.map(({ code, personId, item, day, orderId, fen, points, daysOff, state, rule }) => ({
      ...{ code, name: nameOf(personId), item, day, order: orderId === null ? null : (codes.get(orderId) ?? null) },
      ...{ fen, points, daysOff, state, rule },
    })),
    repairCost: {
      asked: policy.figures.some(({ name, of }) => name === repairCostName && of === 'team'),
      yuan: repairCost,
    },
  }
}

/** The Monday of a day's week: `2026-10-01` → `2026-09-28`. */
export function mondayOf(day: string): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

interface Row {
  id: string
  code: string
  credit: OrderCredit
}

/** A month's orders as they are added up one after the other: none has to be kept. */
export class OrderTally {
  readonly people = new Map<string, { kinds: Map<string, number>; weeks: Map<string, number> }>()
  readonly brands = new Map<string | null, Tables['brands'][number]>()
  readonly grades = new Map<Grade, number>()
  /** Those that others followed from. */
  readonly followed: Row[] = []
  private readonly weekOf = new Map<string, string>()

  add(row: Row): void {
    const { kind, warranty, day, shares, brand = null, grade, reworked, leaked } = row.credit
    const week = this.weekOf.get(day) ?? mondayOf(day)
    this.weekOf.set(day, week)
    const what = `${kind} ${warranty ?? ''}`
    for (const [person, percent] of shares) {
      const own = this.people.get(person) ?? { kinds: new Map<string, number>(), weeks: new Map<string, number>() }
      this.people.set(person, own)
      add(own.kinds, what, percent)
      add(own.weeks, week, percent)
    }
    const sums = this.brands.get(brand) ?? { brand, orders: 0, repairs: 0, reworked: 0 }
    this.brands.set(brand, sums)
    sums.orders += 1
    if (kind === 'repair') sums.repairs += 1
    if (reworked.length > 0) sums.reworked += 1
    if (grade !== undefined) add(this.grades, grade, 1)
    if (reworked.length + leaked.length > 0) this.followed.push(row)
  }
}

function workOf({ people }: OrderTally, nameOf: (id: string) => string): Work[] {
  return inOrder(people).map(([person, { kinds, weeks }]) => ({
    ...{ person, name: nameOf(person) },
    kinds: inOrder(kinds).map(([key, percent]) => {
      const [kind, warranty] = key.split(' ')
      return {
        kind: kind as OrderKind,
        warranty: warranty === 'in' || warranty === 'out' ? warranty : null,
        orders: percent / 100,
      }
    }),
    weeks: inOrder(weeks).map(([week, percent]) => ({ week, orders: percent / 100 })),
  }))
}

function add<K>(sums: Map<K, number>, key: K, more: number): void {
  sums.set(key, (sums.get(key) ?? 0) + more)
}

const inOrder = <T>(map: ReadonlyMap<string, T>): Array<[string, T]> =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))

function brandsOf({ brands }: OrderTally): Tables['brands'] {
  const named = [...brands.values()].filter(({ brand }) => brand !== null)
  const rest = brands.get(null)
  return [
    ...named.sort((a, b) => b.orders - a.orders || ((a.brand ?? '') < (b.brand ?? '') ? -1 : 1)),
    ...(rest ? [rest] : []),
  ]
}

function counted<T, K extends readonly (string | null)[]>(
  rows: readonly T[],
  keyOf: (row: T) => K,
): Array<[K, number]> {
  const found = new Map<string, [K, number]>()
  for (const row of rows) {
    const key = keyOf(row)
    const text = JSON.stringify(key)
    const known = found.get(text)
    if (known) known[1] += 1
    else found.set(text, [key, 1])
  }
  return inOrder(found).map(([, pair]) => pair)
}

function againOf({ orders, later }: Seen, nameOf: (id: string) => string): Again[] {
  const followed = new Map(later.map(one => [`${one.orderId} ${one.code}`, one]))
  const found = orders.followed.flatMap(({ id, code, credit }) =>
    (['rework', 'leak'] as const).flatMap(why =>
      (why === 'rework' ? credit.reworked : credit.leaked).flatMap((next): Again[] => {
        const one = followed.get(`${id} ${next}`)
        if (!one) return []
        return [{ code, why, by: nameOf(credit.by), doneOn: credit.day, days: one.days, later: next, laterBy: one.by }]
      }),
    ),
  )
  return found.sort((a, b) => (a.doneOn === b.doneOn ? (a.code < b.code ? -1 : 1) : a.doneOn < b.doneOn ? -1 : 1))
}

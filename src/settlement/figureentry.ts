import { constantOf, Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'

/** Which numbers a month needs from people (月度数字, scorecards), of whom, and what is missing. Months are `2026-11`. */

/** Column of a scorecard that each person marks himself. */
export const ownColumn = '自评'

/** A number to be entered: of the team, or of one person. */
export interface Field {
  /** As it is stored: the policy's name, of a mark `card/item/column`. */
  name: string
  /** What people call it: 毛利, 工作态度（上级）. */
  label: string
  words: readonly string[]
  unit: string
  standing: boolean
  /** Taken where nobody entered one. */
  usual: string | null
  min: Num | null
  max: Num | null
  /** It is asked for and shown, and nothing waits for it. */
  optional: boolean
  person: Someone | null
  mark: { card: string; item: string; column: string } | null
}

export interface Someone {
  id: string
  name: string
  post: string | null
}

const zero = new Num(0)

type Rules = Pick<Policy, 'figures' | 'scorecards'>

const inPeriod = (period: 'month' | 'quarter', month: string): boolean =>
  period === 'month' || Number(month.slice(5)) % 3 === 0

/** All numbers of a month, the team's first, then each person's, then marks, in the order of the rule book. */
export function fieldsOf(policy: Rules, people: readonly Someone[], month: string): Field[] {
  const whose = (posts: readonly string[] | undefined) =>
    people.filter(({ post }) => !posts || (post !== null && posts.includes(post)))
  const figures = (['team', 'person'] as const).flatMap(wanted =>
    policy.figures
      .filter(({ of, period }) => of === wanted && inPeriod(period, month))
      .flatMap(({ name, words, unit, standing, usual, min, max, of, for: posts }): Field[] => {
        const common = {
          ...{ name, label: name, words, unit, standing, optional: false, mark: null },
          usual: usual ? constantOf(usual).toFixed() : null,
          min: min ? constantOf(min) : null,
          max: max ? constantOf(max) : null,
        }
        return of === 'team' ? [{ ...common, person: null }] : whose(posts).map(person => ({ ...common, person }))
      }),
  )
  const marks = policy.scorecards
    .filter(({ period }) => inPeriod(period, month))
    .flatMap(({ name: card, for: posts, items, columns }) =>
      whose(posts).flatMap(person =>
        items
          .filter(({ by }) => by === 'marks')
          .flatMap(({ name: item, full }) =>
            columns.map(
              ({ name: column, weight }): Field => ({
                ...{ name: markName(card, item, column), label: `${item}（${column}）`, words: [], unit: '分' },
                ...{ standing: false, usual: null, min: zero, max: constantOf(full), person },
                ...{ optional: constantOf(weight).isZero(), mark: { card, item, column } },
              }),
            ),
          ),
      ),
    )
  return [...figures, ...marks]
}

export const markName = (card: string, item: string, column: string): string => `${card}/${item}/${column}`

/** Names whose values stay what they are until they are changed. */
export const standingNames = ({ figures }: Pick<Policy, 'figures'>): string[] =>
  figures.filter(({ standing }) => standing).map(({ name }) => name)

/** A value as it stands in a month: `month` is the one it was entered for, earlier where it is carried forward. */
export interface FigureValue {
  name: string
  /** Null: the team's. */
  personId: string | null
  /** Exact: `52300.5`. */
  value: string
  month: string
  by: string | null
  at: Date
}

/** What counts of all that was entered, oldest first: the last value of the latest month that has one. */
export function latest(rows: ReadonlyArray<Omit<FigureValue, 'value'> & { value: string | null }>): FigureValue[] {
  const months = new Map<string, FigureValue | null>()
  for (const row of rows) {
    const { value } = row
    months.set([row.name, row.personId, row.month].join('|'), value === null ? null : { ...row, value })
  }
  const found = new Map<string, FigureValue>()
  for (const row of months.values()) {
    const key = row && [row.name, row.personId].join('|')
    const other = key && found.get(key)
    if (row && key && (!other || other.month < row.month)) found.set(key, row)
  }
  return [...found.values()]
}

/** A number of a month as it stands. */
export interface Item {
  field: Field
  /** What the month is reckoned with; null where there is nothing yet. */
  value: string | null
  /** The month it was entered for; null: nobody did, it is the usual one. */
  from: string | null
  /** The month can't be published without it. */
  missing: boolean
}

export function itemsOf(fields: readonly Field[], values: readonly FigureValue[]): Item[] {
  const known = new Map(values.map(one => [[one.name, one.personId].join('|'), one]))
  return fields.map(field => {
    const entered = known.get([field.name, field.person?.id ?? null].join('|'))
    const value = entered?.value ?? field.usual
    return { field, value, from: entered?.month ?? null, missing: value === null && !field.optional }
  })
}

/** What is wrong with a value for a field. */
export type Objection = 'below' | 'above' | 'decimals' | 'long'

/** Money has two places, anything else six, as they are kept. */
export const placesOf = ({ unit }: Pick<Field, 'unit'>): number => (unit === '元' ? 2 : 6)

const longest = new Num(10).pow(12)

export function objectionTo(field: Pick<Field, 'unit' | 'min' | 'max'>, value: Num): Objection | null {
  if (value.decimalPlaces() > placesOf(field)) return 'decimals'
  if (value.abs().gte(longest)) return 'long'
  if (field.min && value.lt(field.min)) return 'below'
  if (field.max && value.gt(field.max)) return 'above'
  return null
}

const firstHalf = 15

/** The month that is meant where none is named: the last one until the 15th or until it is locked, then this one. */
export function monthMeant(today: string, lastLocked: boolean): string {
  const last = monthBefore(today.slice(0, 7))
  return Number(today.slice(8)) <= firstHalf && !lastLocked ? last : today.slice(0, 7)
}

export function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 1 ? `${year - 1}-12` : `${year}-${String(number - 1).padStart(2, '0')}`
}

/** First and last day of a month. */
export function daysOfMonth(month: string): { first: string; last: string } {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return { first: `${month}-01`, last: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) }
}

import { Invalid } from '../errors.ts'
import { type Consequence, consequenceOf, type Objection } from '../incidents/consequence.ts'
import { calendarOf } from '../policy/business.ts'
import { fenOf } from '../policy/fen.ts'
import { Num } from '../policy/formula.ts'
import { itemFor } from '../policy/incidentrule.ts'
import type { PayCase } from '../policy/paycaserule.ts'
import type { Policy } from '../policy/schema.ts'
import { type Credited, inOrder } from './credits.ts'
import { daysOf } from './days.ts'
import { type CountedIncident, type Facts, factsOf, type MonthRecords } from './facts.ts'
import type { LeaveTaken, PersonMonth, TeamMonth } from './month.ts'
import { type Settled, settle } from './payroll.ts'
import { pointsOf, sumOfPoints } from './points.ts'
import { markName } from './scorecard.ts'
import { roundToFen, yuanOf } from './shares.ts'

/** Plays an example of a policy: its people are named, their names are their ids. @throws Invalid what the example can't mean */
export function playPay(policy: Policy, one: PayCase): Settled {
  return settle(policy, teamMonthOf(policy, one))
}

export function teamMonthOf(policy: Policy, one: PayCase): TeamMonth {
  known(policy, 'team', Object.keys(one.figures), '班组')
  return {
    team: '班组',
    month: one.month,
    days: daysOf(calendarOf(policy), one.month),
    figures: numbers(one.figures),
    people: Object.entries(one.people).map(([name, given]) => personOf(policy, one, name, given)),
  }
}

type Given = PayCase['people'][string]

function personOf(policy: Policy, one: PayCase, name: string, given: Given): PersonMonth {
  const { post = null, marks, corrections } = given
  if (post !== null && !policy.posts.includes(post)) throw new Invalid(`${name}: there is no post ${post}`)
  known(policy, 'person', Object.keys(given.figures), name)
  const employed = daysBetween(one.month, given.from, given.to)
  const records: MonthRecords = {
    orders: creditsOf(name, one),
    ...incidentsOf(policy, one.month, name, given),
    month: one.month,
    attendance: null,
    fullAttendance: { month: 0n, year: 0n, half: 0n },
    employed,
  }
  const facts = factsOf(policy, records, sumOfPoints(pointsOf(policy, records)))
  return {
    ...{ id: name, name, post, days: { employed }, facts: told(facts, given.facts, name) },
    ...{ figures: numbers(given.figures), marks: marksOf(policy, marks, name) },
    leaveTaken: wage => given.leave.map(leave => takenOf(leave, wage)),
    ...{ overrides: new Map(), remarks: [] },
    owed: corrections.map(({ of, item, amount }) => ({ of, item, fen: fenOf(amount), why: '更正' })),
  }
}

const numbers = (given: Readonly<Record<string, string>>): Map<string, Num> =>
  new Map(Object.entries(given).map(([name, value]) => [name, new Num(value)]))

function known(policy: Policy, of: 'team' | 'person', names: readonly string[], whose: string): void {
  for (const name of names)
    if (!policy.figures.some(figure => figure.name === name && figure.of === of))
      throw new Invalid(`${whose}: there is no figure ${name} of a ${of}`)
}

/** Facts given outright take the place of what is counted. */
function told(facts: Facts, given: Readonly<Record<string, string>>, whose: string): Facts {
  for (const [name, value] of Object.entries(given)) {
    if (!facts.has(name)) throw new Invalid(`${whose}: there is no fact or count ${name} of a person`)
    facts.set(name, { value: new Num(value) })
  }
  return facts
}

function marksOf(policy: Policy, given: Given['marks'], whose: string): Map<string, Num> {
  const marks = new Map<string, Num>()
  for (const [card, items] of Object.entries(given)) {
    const rule = policy.scorecards.find(({ name }) => name === card)
    if (!rule) throw new Invalid(`${whose}: there is no scorecard ${card}`)
    for (const [item, columns] of Object.entries(items))
      for (const [column, mark] of Object.entries(columns)) {
        const there = rule.items.some(one => one.name === item) && rule.columns.some(one => one.name === column)
        if (!there) throw new Invalid(`${whose}: ${card} has no ${item} ${column}`)
        marks.set(markName(card, item, column), new Num(mark))
      }
  }
  return marks
}

function takenOf({ day, share, times, to }: Given['leave'][number], wage: bigint): LeaveTaken {
  return { day, to, label: `${share} 天 × ${times}`, fen: roundToFen(yuanOf(wage).times(share).times(times)) }
}

/** Orders of everybody he has a part of: his own, and those on which he goes along. */
function creditsOf(name: string, one: PayCase): Credited[] {
  const all = Object.entries(one.people).flatMap(([by, { orders }]) =>
    orders.flatMap((order, index) =>
      Array.from({ length: order.times }, (_, nth) => ({ by, order, code: `${by}${index + 1}-${nth + 1}` })),
    ),
  )
  return inOrder(
    all.flatMap(({ by, order, code }): Credited[] => {
      const { with: helpers, times: _, reworked, leaked, ...rest } = order
      const helped = Object.values(helpers).reduce((sum, percent) => sum + percent, 0)
      const percent = by === name ? 100 - helped : helpers[name]
      if (percent === undefined) return []
      const shares: Array<[string, number]> = [[by, 100 - helped], ...Object.entries(helpers)]
      const followed = { reworked: reworked ? ['后单'] : [], leaked: leaked ? ['后单'] : [] }
      const { warranty, category, brand, zone, charge, grade, ...plain } = rest
      const credit: Credited['credit'] = {
        ...{ ...plain, ...followed, by, shares, doneAt: `${order.day}T12:00:00.000Z` },
        ...(warranty && { warranty }),
        ...(category !== undefined && { category }),
        ...(brand !== undefined && { brand }),
        ...(zone !== undefined && { zone }),
        ...(charge !== undefined && { charge }),
        ...(grade !== undefined && { grade: grade as 1 | 2 | 3 | 4 | 5 }),
      }
      return [{ id: code, code, credit, percent, inCharge: by === name }]
    }),
  )
}

function incidentsOf(
  policy: Policy,
  month: string,
  name: string,
  given: Given,
): Pick<MonthRecords, 'incidents' | 'earlier'> {
  const rule = policy.incidents
  if (given.incidents.length > 0 && !rule) throw new Invalid(`${name}: the policy has no incidents`)
  if (!rule) return { incidents: [], earlier: [] }
  const before: Array<{ item: string; day: string }> = []
  const found = given.incidents.map(one => {
    const item = itemFor(rule, one.item, given.post ?? null)
    if (!item) throw new Invalid(`${name}: ${one.item} is not in the catalogue for ${given.post ?? 'anybody'}`)
    before.push({ item: item.name, day: one.day })
    const spans = { month: one.day.slice(0, 7), year: one.day.slice(0, 4), ever: '' }
    const nth = (within: keyof typeof spans) =>
      before.filter(other => other.item === item.name && other.day.startsWith(spans[within])).length
    const said = 'amount' in one || 'points' in one || 'base' in one || 'loss' in one || 'order' in one ? one : null
    const asked = consequenceOf(item, toldOf(said), nth)
    if ('objection' in asked) throw new Invalid(`${name}: ${one.item}: ${sayObjection(asked.objection)}`)
    return { item, day: one.day, order: said?.order, is: asked.is }
  })
  const replaced = (one: (typeof found)[number]) =>
    one.order !== undefined &&
    found.some(other => other.order === one.order && other.item.replaces.includes(one.item.name))
  const standing = found
    .filter(one => !replaced(one))
    .map(({ item, day, is }, index) => counted(`奖惩${index + 1}`, item.name, day, is))
  return {
    incidents: standing.filter(({ day }) => day.startsWith(month)),
    earlier: standing.filter(({ day }) => day < month && day.startsWith(month.slice(0, 4))),
  }
}

const counted = (code: string, item: string, day: string, is: Consequence): CountedIncident => ({
  ...{ code, item, day, fen: is.fen, points: is.points, losesAppraisal: is.losesAppraisal },
  ...{ proposesDismissal: is.proposesDismissal, daysOff: is.daysOff },
})

function toldOf(
  said: {
    amount?: string | undefined
    points?: number | undefined
    base?: string | undefined
    loss?: string | undefined
  } | null,
) {
  const fen = (amount: string) => Number(fenOf(amount))
  return {
    ...(said?.amount !== undefined && { fen: fen(said.amount) }),
    ...(said?.points !== undefined && { points: said.points }),
    ...(said?.base !== undefined && { base: fen(said.base) }),
    ...(said?.loss !== undefined && { loss: fen(said.loss) }),
  }
}

function sayObjection(objection: Objection): string {
  switch (objection.why) {
    case 'base':
      return `needs base, the ${objection.of}`
    case 'howMuch':
      return `needs ${objection.of === 'points' ? 'points' : 'amount'} from ${objection.from} to ${objection.to ?? '…'}`
    case 'outside':
      return `${objection.of} must lie from ${objection.from} to ${objection.to ?? '…'}`
    case 'fixed':
      return `${objection.of} is fixed at ${objection.is}`
  }
}

function daysBetween(month: string, from: string | undefined, to: string | undefined): number {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const day = (text: string | undefined, usual: number) =>
    text === undefined ? usual : text < `${month}-01` ? 1 : text > `${month}-${last}` ? last : Number(text.slice(8))
  return Math.max(day(to, last) - day(from, 1) + 1, 0)
}

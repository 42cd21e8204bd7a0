import { shareOut } from '../leave/month.ts'
import { sayFen } from '../policy/fen.ts'
import { DividedByZero, holds, Num, numberOf } from '../policy/formula.ts'
import type { PayItem, PayRule } from '../policy/payrule.ts'
import { fromColleague, nobodyHas, nobodyThere, sharedBy, tookLeave } from './how.ts'
import type { Known } from './known.ts'
import type { TeamMonth } from './month.ts'
import type { Person } from './person.ts'
import { roundToFen, shareByWeight, yuanOf } from './shares.ts'
import { told } from './steps.ts'

/** Ways of reckoning that look at more than one person. */
type Way = (steps: string[]) => Num

const zero = new Num(0)

/** A value of everybody added up, R12: those with nothing count in an average. */
export function aggregateOf({ of, as, for: posts }: NonNullable<PayItem['aggregate']>, people: readonly Person[]): Way {
  return steps => {
    const whose = people.filter(person => !posts || (person.of.post !== null && posts.includes(person.of.post)))
    if (as === 'count') return new Num(whose.length)
    const values = whose.map(({ known }) => known.find(of ?? '')?.value ?? zero)
    if (values.length === 0) {
      steps.push(nobodyThere)
      return zero
    }
    const sum = values.reduce((total, one) => total.plus(one), zero)
    if (as === 'average') return sum.div(values.length)
    return as === 'sum' ? sum : as === 'highest' ? Num.max(...values) : Num.min(...values)
  }
}

/** A pool in whole fen by weights: the parts add up to it. Whom the item's condition leaves out weighs nothing. */
export function shared(
  { pool, by }: NonNullable<PayItem['share']>,
  item: PayItem,
  team: Known,
  whose: readonly Person[],
): Map<string, Way> {
  const fen = roundToFen(Num.max(team.find(pool)?.value ?? zero, 0))
  const weights = whose.map(({ known }) => {
    known.begin()
    return weighs(item, known) ? Num.max(known.find(by)?.value ?? zero, 0) : zero
  })
  const parts = shareByWeight(fen, weights)
  const all = weights.reduce((sum, one) => sum.plus(one), zero)
  return new Map(
    whose.map(({ of, known }, index) => [
      of.id,
      steps => {
        known.value(pool)
        known.value(by)
        steps.push(parts === null ? nobodyHas(by) : sharedBy(sayFen(fen), told(weights[index] ?? zero), told(all)))
        return yuanOf(parts?.[index] ?? 0n)
      },
    ]),
  )
}

/** One whose condition can't be reckoned has no part: his line says why. */
function weighs({ when }: PayItem, known: Known): boolean {
  try {
    return !when || holds(when, known.value)
  } catch (error) {
    if (error instanceof DividedByZero) return false
    throw error
  }
}

/** What leave and absence take of one person, by his base wage of a day (R4.1–R4.5). */
export function leaveOf({ dayWage, items }: PayRule, person: Person, { days }: TeamMonth): Way {
  const item = items.find(({ leave }) => leave)
  return steps => {
    if (!dayWage || !item) return zero
    const by =
      dayWage.by === 'calendarDays'
        ? new Num(days.days)
        : dayWage.by === 'workdays'
          ? new Num(days.workdays)
          : numberOf(dayWage.by, () => zero)
    const base = Num.max(person.known.value(dayWage.of), 0)
    const wage = by.lte(0) ? 0n : roundToFen(base.div(by))
    const taken = person.of.leaveTaken(wage)
    person.leave.set(
      item.name,
      taken.map(one => ({ ...one, taken: 0n })),
    )
    for (const { day, label, fen } of taken) steps.push(tookLeave(day, label, sayFen(fen)))
    return yuanOf(taken.reduce((sum, { fen }) => sum + fen, 0n))
  }
}

/** R4.4: what was really taken, in equal parts to the colleagues on duty that day; parts of those not there stay with the company. */
export function redistributed(item: string, people: readonly Person[], whose: readonly Person[]): Map<string, Way> {
  const gained = new Map<string, Array<{ from: string; day: string; fen: bigint }>>()
  for (const { of, leave } of people)
    for (const { day, to, taken } of leave.get(item) ?? [])
      for (const { person, fen } of shareOut(taken, to))
        if (fen > 0n) gained.set(person, [...(gained.get(person) ?? []), { from: of.name, day, fen }])
  return new Map(
    whose.map(({ of }) => [
      of.id,
      steps => {
        const own = gained.get(of.id) ?? []
        for (const { from, day, fen } of own) steps.push(fromColleague(from, day, sayFen(fen)))
        return yuanOf(own.reduce((sum, { fen }) => sum + fen, 0n))
      },
    ]),
  )
}

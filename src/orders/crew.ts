import { type Fact, type Share, standing } from './fact.ts'

/** Who works on an order besides the one in charge, and how the work is divided. */
export interface Crew {
  inCharge: string | null
  /** In the order they joined. */
  helpers: string[]
  /** Whole percents, 100 together, the one in charge first; empty while nobody is in charge. */
  shares: Share[]
  /** Those of the shares that were said; the others follow from them. */
  said: Share[]
}

/**
 * The crew as the journal has it. Helpers stay when the one in charge changes; one of them who takes charge stops being
 * one. What was said of a share ends with its person's part.
 */
export function crewOf(facts: readonly Fact[]): Crew {
  let inCharge: string | null = null
  const helpers = new Set<string>()
  const said = new Map<string, number>()
  const outOfCharge = () => {
    if (inCharge !== null) said.delete(inCharge)
    inCharge = null
  }
  for (const fact of standing(facts)) {
    switch (fact.fact) {
      case 'dispatched':
        outOfCharge()
        inCharge = fact.to
        helpers.delete(fact.to)
        said.delete(fact.to)
        break
      case 'declined':
      case 'withdrawn':
        outOfCharge()
        break
      case 'joined':
        if (fact.person === inCharge) break
        helpers.add(fact.person)
        if (fact.share !== undefined) said.set(fact.person, fact.share)
        break
      case 'left':
        helpers.delete(fact.person)
        said.delete(fact.person)
        break
      case 'shared':
        said.clear()
        for (const { person, percent } of fact.shares) said.set(person, percent)
        break
      default:
    }
  }
  const people = [...(inCharge === null ? [] : [inCharge]), ...helpers]
  return {
    ...{ inCharge, helpers: [...helpers] },
    shares: inCharge === null ? [] : divide(inCharge, [...helpers], said),
    said: people.flatMap(person => ({ person, percent: said.get(person) ?? -1 })).filter(({ percent }) => percent >= 0),
  }
}

/**
 * Whole percents that add up to exactly 100. Those of whom nothing was said divide equally what is left; what can't be
 * divided into whole percents, or was given to nobody, goes to the one in charge.
 */
export function divide(inCharge: string, helpers: readonly string[], said: ReadonlyMap<string, number>): Share[] {
  const people = [inCharge, ...helpers]
  let left = 100
  const percents = new Map<string, number>()
  for (const person of people) {
    const wanted = said.get(person)
    if (wanted === undefined) continue
    const percent = Math.min(Math.max(Math.trunc(wanted), 0), left)
    percents.set(person, percent)
    left -= percent
  }
  const open = people.filter(person => !percents.has(person))
  const each = open.length === 0 ? 0 : Math.floor(left / open.length)
  for (const person of open) percents.set(person, each)
  percents.set(inCharge, (percents.get(inCharge) ?? 0) + left - each * open.length)
  return people.map(person => ({ person, percent: percents.get(person) ?? 0 }))
}

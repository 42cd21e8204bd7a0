import { Num } from '../policy/formula.ts'
import type { Line, Slip } from './slip.ts'

/** What a line, or what somebody gets, was and would be. Fen; of values that are no money, the exact number. */
export interface Change {
  before: string
  after: string
  difference: string
}

export interface ItemChange extends Change {
  item: string
  as: Line['as']
}

export interface PersonChange extends Change {
  person: string
  name: string
  /** 积分, as the month's records have it. */
  points: Change
  /** Only those that differ, in the order of the new rule book. */
  items: ItemChange[]
}

const change = (before: string | bigint, after: string | bigint): Change => {
  const [was, is] = [new Num(`${before}`), new Num(`${after}`)]
  return { before: was.toFixed(), after: is.toFixed(), difference: is.minus(was).toFixed() }
}

/**
 * What other rules would make of the same records, by person, the largest gain first. Corrections of earlier months are on
 * neither side: they belong to those months. A deduction that grows is a difference above zero, and lowers what is paid.
 */
export function differencesOf(before: readonly Slip[], after: readonly Slip[]): PersonChange[] {
  const old = new Map(before.map(slip => [slip.person, slip]))
  const people = [...after, ...before.filter(({ person }) => !after.some(slip => slip.person === person))]
  const anew = new Map(after.map(slip => [slip.person, slip]))
  return people
    .map(({ person, name }) => {
      const [was, is] = [old.get(person), anew.get(person)]
      return {
        person,
        name,
        ...change(earned(was), earned(is)),
        points: change(pointsOf(was), pointsOf(is)),
        items: itemsOf(was, is),
      }
    })
    .sort((a, b) => new Num(b.difference).cmp(a.difference) || (a.person < b.person ? -1 : 1))
}

const earned = (slip: Slip | undefined): string => (slip ? `${BigInt(slip.gross) - BigInt(slip.deducted)}` : '0')

const pointsOf = (slip: Slip | undefined): string => slip?.facts.积分?.value ?? '0'

function itemsOf(was: Slip | undefined, is: Slip | undefined): ItemChange[] {
  const [before, after] = [was?.lines ?? [], is?.lines ?? []]
  const key = ({ item, as }: Line) => `${as}\n${item}`
  const gone = before.filter(line => !after.some(other => key(other) === key(line)))
  return [...after, ...gone].flatMap(line => {
    const of = (lines: readonly Line[]) => {
      const found = lines.find(other => key(other) === key(line))
      return found?.fen ?? found?.value ?? '0'
    }
    const changed = { item: line.item, as: line.as, ...change(of(before), of(after)) }
    return changed.difference === '0' ? [] : [changed]
  })
}

/** What a team's month would cost. Fen. */
export const totalOf = (people: readonly PersonChange[]): Change => {
  const sum = (of: 'before' | 'after') => people.reduce((total, one) => total + BigInt(one[of]), 0n)
  return change(sum('before'), sum('after'))
}

/** Who gains and who loses most, the largest first. */
export const mostMoved = (
  people: readonly PersonChange[],
  most = 3,
): { gain: PersonChange[]; lose: PersonChange[] } => ({
  gain: people.filter(({ difference }) => new Num(difference).gt(0)).slice(0, most),
  lose: people
    .filter(({ difference }) => new Num(difference).lt(0))
    .reverse()
    .slice(0, most),
})

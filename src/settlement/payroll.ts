import { Num } from '../policy/formula.ts'
import type { PayItem, PayRule } from '../policy/payrule.ts'
import type { Policy } from '../policy/schema.ts'
import { aggregateOf, leaveOf, redistributed, shared } from './across.ts'
import { corrected } from './corrections.ts'
import { daysFacts } from './facts.ts'
import { howOf } from './how.ts'
import { Fixed, type Known, knownOfPerson, knownOfTeam } from './known.ts'
import type { TeamMonth } from './month.ts'
import { deducted, earned, type Person } from './person.ts'
import { scoreOf } from './scorecard.ts'
import { roundToFen, yuanOf } from './shares.ts'
import type { Line, Slip } from './slip.ts'
import { ownWay, type Reckoned, reckon } from './steps.ts'

/** A settled team before it is kept: lines of the team, a slip for each person, and what is missing. */
export interface Settled {
  lines: Line[]
  slips: Slip[]
  missing: Array<{ what: string; person?: string }>
}

/**
 * Settles a month: works through the pay items from the top, each for everybody, so that pools and averages see all of
 * them. Pure, and the same whatever order the people come in: they are taken by their ids.
 */
export function settle(policy: Policy, team: TeamMonth): Settled {
  const steps = settling(policy, team)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** People between two pauses. */
const stride = 200

/** The same, with pauses in which others may do something: it yields how many of how many are done. */
export function* settling(policy: Policy, team: TeamMonth): Generator<{ done: number; of: number }, Settled> {
  const fixed = new Fixed(policy)
  const known = knownOfTeam(fixed, team, teamFacts(team))
  const missing: Settled['missing'] = []
  const people = [...team.people]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(of => newPerson(policy, of, knownOfPerson(fixed, of, known), missing))
  const lines: Line[] = []
  const pay = policy.pay
  const items = pay?.items ?? []
  for (const [index, item] of items.entries()) {
    if (!pay) break
    if (item.of === 'team') lines.push(teamLine(item, pay, known, people, missing))
    else
      for (const done of personLines(item, pay, known, people, team, missing))
        yield { done: index * people.length + done, of: items.length * people.length }
  }
  return { lines, slips: people.map(one => slipOf(policy, team, one)), missing: toldOnce(policy, missing) }
}

/** A figure of the team is missing once, not once for everybody whose line needs it. */
function toldOnce({ figures }: Policy, missing: Settled['missing']): Settled['missing'] {
  const ofTeam = new Set(figures.flatMap(({ name, of }) => (of === 'team' ? [name] : [])))
  const found = new Map<string, Settled['missing'][number]>()
  for (const one of missing.map(given => (ofTeam.has(given.what) ? { what: given.what } : given))) {
    const key = `${one.person ?? ''}\n${one.what}`
    if (!found.has(key)) found.set(key, one)
  }
  return [...found.values()]
}

function teamFacts(team: TeamMonth): ReturnType<typeof daysFacts> {
  const facts = daysFacts(team.days)
  const all = team.people.reduce((sum, { days }) => sum + days.employed, 0)
  facts.set('人数', { value: new Num(team.people.length) })
  facts.set('折合人数', { value: new Num(all).div(Math.max(team.days.days, 1)) })
  return facts
}

function newPerson(policy: Policy, of: Person['of'], known: Known, missing: Settled['missing']): Person {
  const scores = []
  for (const card of policy.scorecards) {
    if (card.for && !(of.post !== null && card.for.includes(of.post))) continue
    if (card.period === 'quarter' && known.find('季末')?.value.isZero()) continue
    known.begin()
    const {
      score,
      total,
      missing: marks,
    } = scoreOf(card, {
      mark: name => of.marks.get(name),
      value: known.value,
    })
    for (const what of [...marks, ...known.used().faults]) missing.push({ what, person: of.id })
    known.put(card.name, total, 'scorecard')
    scores.push(score)
  }
  return { of, known, purse: { gross: 0n, taken: 0n, fines: 0n }, lines: [], scores, leave: new Map() }
}

function teamLine(
  item: PayItem,
  pay: PayRule,
  known: Known,
  people: readonly Person[],
  missing: Settled['missing'],
): Line {
  const way = item.aggregate ? aggregateOf(item.aggregate, people) : ownWay(item, known)
  const reckoned = reckon(item, known, way)
  const value =
    item.places === undefined ? reckoned.value : reckoned.value.toDecimalPlaces(item.places, Num.ROUND_HALF_UP)
  known.put(item.name, value)
  report(reckoned, known, item, missing)
  return { ...lineOf(item, pay, known, reckoned), value: value.toString() }
}

function* personLines(
  item: PayItem,
  pay: PayRule,
  team: Known,
  people: readonly Person[],
  month: TeamMonth,
  missing: Settled['missing'],
): Generator<number> {
  const whose = people.filter(({ of }) => !item.for || (of.post !== null && item.for.includes(of.post)))
  const across = item.share
    ? shared(item.share, item, team, whose)
    : item.redistribute
      ? redistributed(item.redistribute, people, whose)
      : null
  for (const [index, person] of whose.entries()) {
    if (index > 0 && index % stride === 0) yield index
    const { known, of } = person
    const way = across?.get(of.id) ?? (item.leave ? leaveOf(pay, person, month) : ownWay(item, known))
    const reckoned = reckon(item, known, way)
    report(reckoned, known, item, missing, of.id)
    const line = lineOf(item, pay, known, reckoned)
    if (item.as === 'value') {
      const value =
        item.places === undefined ? reckoned.value : reckoned.value.toDecimalPlaces(item.places, Num.ROUND_HALF_UP)
      person.lines.push({ ...line, value: value.toString() })
      known.put(item.name, value)
      continue
    }
    const found = { item, line, fen: roundToFen(reckoned.value), limits: pay.limits, month: month.days.days }
    const fen = item.as === 'pay' ? earned(person, found) : deducted(person, found)
    known.put(item.name, yuanOf(fen))
    known.put('应发', yuanOf(person.purse.gross), 'fact')
    known.put('已扣', yuanOf(person.purse.taken), 'fact')
  }
}

function report(reckoned: Reckoned, known: Known, item: PayItem, missing: Settled['missing'], person?: string): void {
  const { faults } = known.used()
  const whose = person === undefined ? {} : { person }
  if (reckoned.fault === undefined) return
  for (const what of faults.length > 0 ? faults : [`${item.name}：${reckoned.fault}`]) missing.push({ what, ...whose })
}

function lineOf(item: PayItem, pay: PayRule, known: Known, { steps, gate, fault }: Reckoned): Line {
  const { name, as, rule, note } = item
  return {
    ...{ item: name, as, how: howOf(item, pay), inputs: known.used().inputs, steps },
    ...(gate && { gate }),
    ...(fault !== undefined && { fault }),
    ...(rule !== undefined && { rule }),
    ...(note !== undefined && { note }),
  }
}

function slipOf(policy: Policy, team: TeamMonth, person: Person): Slip {
  const { of, purse, lines, scores } = person
  const { name, title, version } = policy
  const corrections = corrected(of.owed, purse, policy.pay?.limits, of.days.employed, team.days.days)
  const sum = corrections.reduce((total, { fen }) => total + BigInt(fen), 0n)
  return {
    ...{ person: of.id, name: of.name, post: of.post, month: team.month, policy: { name, title, version } },
    ...{ days: { employed: of.days.employed, month: team.days.days }, lines, corrections, scores },
    facts: Object.fromEntries(
      [...of.facts].map(([fact, { value, evidence }]) => [
        fact,
        { value: value.toString(), ...(evidence && { evidence }) },
      ]),
    ),
    ...{ gross: `${purse.gross}`, deducted: `${purse.taken}`, corrected: `${sum}` },
    ...{ net: `${purse.gross - purse.taken + sum}`, remarks: [...of.remarks] },
  }
}

import type { CountRule, FigureRule, PointsRule } from './creditrule.ts'
import type { Formula } from './formula.ts'
import type { IncidentsRule } from './incidentrule.ts'
import { isMonthFact, monthFacts } from './monthfacts.ts'
import type { PayItem, PayRule } from './payrule.ts'
import type { ScorecardRule } from './scorerule.ts'

/** The sections of a policy that a month is settled by. */
export interface MoneySections {
  posts: readonly string[]
  figures: readonly FigureRule[]
  counts: readonly CountRule[]
  incidents?: IncidentsRule | undefined
  points?: PointsRule | undefined
  scorecards: readonly ScorecardRule[]
  pay?: PayRule | undefined
  month: { rankBy?: string | undefined }
}

type Say = (path: PropertyKey[], message: string) => void

/** A value formulas may name. `for`: the posts that have it, all when undefined. */
interface Known {
  of: 'team' | 'person'
  what: string
  for?: readonly string[] | undefined
}

/**
 * Every name has one meaning, and a formula names only what there is by then: what is below an item, or for other posts, is
 * refused here and never taken as zero.
 */
export function checkMoney(policy: MoneySections, say: Say): void {
  const { posts, figures, counts, scorecards, pay, incidents, points } = policy
  for (const [index, post] of posts.entries())
    if (posts.indexOf(post) < index) say(['posts', index], `names ${post} twice`)
  const known = new Map<string, Known>()
  const add = (name: string, one: Known, path: PropertyKey[]) => {
    const other = known.get(name)
    if (isMonthFact(name)) say(path, `${name} is known of every month already: choose another name`)
    else if (other) say(path, `${name} is the name of ${other.what} above`)
    else known.set(name, one)
  }
  for (const name of Object.keys(pay?.constants ?? {}))
    add(name, { of: 'team', what: 'a constant' }, ['pay', 'constants', name])
  for (const [index, { name, of, for: whose, period, standing }] of figures.entries()) {
    if (period === 'quarter' && standing)
      say(['figures', index, 'period'], 'is of a quarter, and standing: it stays, so leave period out')
    add(name, { of, for: whose, what: 'a figure' }, ['figures', index, 'name'])
    checkPosts(whose, posts, ['figures', index, 'for'], say)
    if (of === 'team' && whose) say(['figures', index, 'for'], 'is of the team: it has no post')
  }
  for (const [index, count] of counts.entries()) {
    add(count.name, { of: 'person', what: 'a count' }, ['counts', index, 'name'])
    checkItems(count, incidents, ['counts', index], say)
  }
  for (const [index, item] of (incidents?.items ?? []).entries())
    checkPosts(item.for, posts, ['incidents', 'items', index, 'for'], say)
  for (const [index, { name }] of (points?.orders ?? []).entries())
    if ((points?.orders ?? []).findIndex(one => one.name === name) < index)
      say(['points', 'orders', index, 'name'], `names ${name} twice`)
  for (const [index, card] of scorecards.entries()) {
    checkCard(card, known, ['scorecards', index], posts, say)
    add(card.name, { of: 'person', for: card.for, what: 'a scorecard' }, ['scorecards', index, 'name'])
  }
  if (pay) checkItemsOf(pay, known, add, posts, say)
  checkRank(policy, say)
}

/** Groups read the ranking: it goes by no money, and by what a person has. */
function checkRank({ month: { rankBy }, scorecards, counts, pay }: MoneySections, say: Say): void {
  if (rankBy === undefined) return
  const item = pay?.items.find(({ name }) => name === rankBy)
  const fact = isMonthFact(rankBy) ? monthFacts[rankBy] : null
  const known = item || fact || [...scorecards, ...counts].some(({ name }) => name === rankBy)
  const fault = !known
    ? 'is no scorecard, count or item of 中间, and not known of every month'
    : item?.of === 'team' || fact?.team
      ? 'is the same for all of a team'
      : (item && item.as !== 'value') || fact?.unit === '元'
        ? 'is money, and groups read the ranking'
        : null
  if (fault !== null) say(['month', 'rankBy'], `names ${rankBy}, which ${fault}`)
}

function checkItemsOf(
  pay: PayRule,
  known: Map<string, Known>,
  add: (name: string, one: Known, path: PropertyKey[]) => void,
  posts: readonly string[],
  say: Say,
): void {
  const below = new Map(pay.items.map(({ name }, index) => [name, index]))
  if (pay.dayWage && !isMonthFact(pay.dayWage.of) && !known.has(pay.dayWage.of) && !below.has(pay.dayWage.of))
    say(['pay', 'dayWage', 'of'], `names ${pay.dayWage.of}, which is no figure and no item`)
  for (const [index, item] of pay.items.entries()) {
    const path = ['pay', 'items', index]
    checkPosts(item.for, posts, [...path, 'for'], say)
    for (const { at, formula } of formulasOf(item)) checkNames(formula, item, known, below, [...path, ...at], say)
    checkReferences(item, pay, known, index, path, say)
    add(item.name, { of: item.of, for: item.for, what: 'an item' }, [...path, 'name'])
  }
}

function formulasOf(item: PayItem): Array<{ at: PropertyKey[]; formula: Formula }> {
  const { when, formula, tiers, min, max } = item
  const all: Array<[PropertyKey[], Formula | undefined]> = [
    [['when'], when],
    [['formula'], formula],
    [['tiers', 'by'], tiers?.by],
    [['tiers', 'of'], tiers?.of],
    [['min'], min],
    [['max'], max],
  ]
  return all.flatMap(([at, one]) => (one ? [{ at, formula: one }] : []))
}

function checkNames(
  { names }: Formula,
  item: Pick<PayItem, 'of' | 'for'>,
  known: ReadonlyMap<string, Known>,
  below: ReadonlyMap<string, number>,
  path: PropertyKey[],
  say: Say,
): void {
  for (const name of names) {
    const found = isMonthFact(name)
      ? ({ of: monthFacts[name].team ? 'team' : 'person', what: 'a fact' } satisfies Known)
      : known.get(name)
    if (!found) {
      const later = below.has(name)
        ? ', an item that comes below: move it up'
        : `: nothing has that name${nearest(name, known)}`
      say(path, `names ${name}${later}`)
    } else if (item.of === 'team' && found.of === 'person')
      say(path, `names ${name}, which each person has: add it up with an item \`aggregate\` above`)
    else if (item.for && 'for' in found && found.for && !item.for.some(post => found.for?.includes(post)))
      say(path, `names ${name}, which only ${found.for.join('、')} have`)
  }
}

/** A name that differs in one character, for whoever mistyped it. */
function nearest(name: string, known: ReadonlyMap<string, Known>): string {
  const near = [...known.keys(), ...Object.keys(monthFacts)].find(
    other => Math.abs(other.length - name.length) <= 1 && [...name].filter(sign => !other.includes(sign)).length <= 1,
  )
  return near && name.length > 1 ? `; is ${near} meant?` : ''
}

function checkReferences(
  item: PayItem,
  pay: PayRule,
  known: ReadonlyMap<string, Known>,
  index: number,
  path: PropertyKey[],
  say: Say,
): void {
  const above = pay.items.slice(0, index)
  const { share, aggregate, redistribute, leave } = item
  const person = (name: string) => (isMonthFact(name) ? !monthFacts[name].team : known.get(name)?.of === 'person')
  if (share) {
    const pool = above.find(one => one.name === share.pool)
    if (pool?.of !== 'team') say([...path, 'share', 'pool'], `names ${share.pool}, which is no item of the team above`)
    if (!person(share.by)) say([...path, 'share', 'by'], `names ${share.by}, which is no value of persons above`)
    const twice = above.find(one => one.share?.pool === share.pool && overlap(one.for, item.for))
    if (twice) say([...path, 'share', 'pool'], `is shared out already by ${twice.name}: it would be paid twice`)
  }
  if (aggregate?.of !== undefined && !person(aggregate.of))
    say([...path, 'aggregate', 'of'], `names ${aggregate.of}, which is no value of persons above`)
  if (redistribute !== undefined && above.find(one => one.name === redistribute)?.leave === undefined)
    say([...path, 'redistribute'], `names ${redistribute}, which is no item \`leave: deductions\` above`)
  if (leave && !pay.dayWage) say(['pay', 'dayWage'], 'is missing: leave deductions are reckoned by it')
}

const overlap = (one: readonly string[] | undefined, other: readonly string[] | undefined): boolean =>
  !one || !other || one.some(post => other.includes(post))

function checkPosts(
  given: readonly string[] | undefined,
  posts: readonly string[],
  path: PropertyKey[],
  say: Say,
): void {
  for (const post of given ?? [])
    if (!posts.includes(post)) say(path, `names the post ${post}, which \`posts\` does not list`)
}

function checkItems(count: CountRule, incidents: IncidentsRule | undefined, path: PropertyKey[], say: Say): void {
  if (count.of !== 'incidents') return
  if (!incidents) say([...path, 'of'], 'needs the section `incidents`')
  for (const name of count.items ?? [])
    if (incidents && !incidents.items.some(item => item.name === name))
      say([...path, 'items'], `names ${name}, which the catalogue does not have`)
}

function checkCard(
  card: ScorecardRule,
  known: ReadonlyMap<string, Known>,
  path: PropertyKey[],
  posts: readonly string[],
  say: Say,
): void {
  checkPosts(card.for, posts, [...path, 'for'], say)
  const whose = { of: 'person' as const, for: card.for }
  const none = new Map<string, number>()
  for (const [index, item] of card.items.entries()) {
    const at = [...path, 'items', index]
    if (item.by === 'formula') checkNames(item.formula, whose, known, none, [...at, 'formula'], say)
    if (item.by !== 'completion' && item.by !== 'control') continue
    checkNames(item.target, whose, known, none, [...at, 'target'], say)
    checkNames(item.actual, whose, known, none, [...at, 'actual'], say)
  }
  for (const [index, { marks }] of card.plus.entries())
    checkNames(marks, whose, known, none, [...path, 'plus', index, 'marks'], say)
}

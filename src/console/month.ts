import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { manages, type Viewer } from '../login/viewer.ts'
import type { Team } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { sayFen } from '../policy/fen.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import { monthsFrom } from '../settlement/days.ts'
import type { PersonChange } from '../settlement/difference.ts'
import type { MonthEntry } from '../settlement/fact.ts'
import { figureSheet } from '../settlement/figureflow.ts'
import { monthIsStale, rulesOfMonth } from '../settlement/flow.ts'
import { tidy } from '../settlement/linewords.ts'
import { momentsOf } from '../settlement/look.ts'
import { openInputs } from '../settlement/openinputs.ts'
import { picturesIn } from '../settlement/posts.ts'
import { lastChanges, monthOfTeam, resultOf, type SlipSums, slipSums } from '../settlement/rows.ts'
import { movedWords } from '../settlement/saying.ts'
import type { TeamResult } from '../settlement/slip.ts'
import type { MonthPage, MonthPerson, OpenInput, PersonChanges } from './monthwire.ts'
import { appealView, lineView } from './slips.ts'

const fen = (text: string): string => sayFen(BigInt(text))
const signed = (text: string): string => `${BigInt(text) > 0n ? '+' : ''}${fen(text)}`

/** A month that was drafted. @throws HttpProblem 404 */
export async function needMonth(tx: Tx, ctx: Context, team: Team, month: string): Promise<MonthRecord> {
  const record = await monthOfTeam(tx, ctx.company, team.id, month)
  if (!record) throw new HttpProblem(404, 'Not found', `「${team.name}」${month} 还没有月结。`)
  return record
}

/** Names of people in a month's record; the service itself has none. */
export async function namesIn(tx: Tx, ctx: Context, { view, facts }: MonthRecord) {
  const ids = [
    ...view.appeals.flatMap(({ person, answer }) => [person, answer?.by]),
    ...view.setByHand.flatMap(({ person, by }) => [person, by]),
    ...facts.map(({ by }) => by),
  ]
  const names = await namesOf(tx, ctx.company, [...new Set(ids.flatMap(id => id ?? []))])
  return (id: string | null): string => (id === null ? '系统' : (names.get(id) ?? '（已离职）'))
}

/** A team's month with all its page shows; before it was drafted only what is open. */
export async function monthPage(tx: Tx, ctx: Context, viewer: Viewer, team: Team, month: string): Promise<MonthPage> {
  const record = await monthOfTeam(tx, ctx.company, team.id, month)
  const policy = rulesOfMonth(ctx, team, month)
  const open = await openOf(tx, ctx, team, month)
  const over = momentsOf(policy, month).to <= ctx.clock.now()
  const deciding = manages(viewer, team.id)
  const base = { team: { id: team.id, name: team.name }, month, open }
  if (!record) return { ...base, ...blank, may: { ...blank.may, draft: deciding && over } }
  const { result, progress } = await resultOf(tx, ctx.company, record.id)
  const nameOf = await namesIn(tx, ctx, record)
  const { view } = record
  const locked = view.state === 'locked'
  const idle = deciding && !locked && !view.wanted && view.reckoned !== null
  return {
    ...base,
    ...{ state: view.state, wanted: view.wanted, progress: view.wanted ? progress : null },
    stale: !locked && !view.wanted && (await monthIsStale(tx, ctx, team, record)),
    rules: result && `「${result.policy.title}」第 ${result.policy.version} 版`,
    ...{ reckonedAt: view.reckoned?.at ?? null, publishedAt: view.publishedAt },
    ...{ appealsUntil: view.appealsUntil, lockedAt: view.lockedAt },
    may: {
      draft: deciding && !locked && !view.wanted,
      adjust: deciding && !locked && view.reckoned !== null,
      publish: idle && view.state === 'draft',
      lock: idle && view.state === 'published',
      answer: deciding && !locked,
    },
    missing: (result?.missing ?? []).map(({ what, person }) => (person ? `${person} ${what}` : what)),
    sums: result ? sumsOf(result) : [],
    rankBy: result?.rankBy ?? null,
    people: result ? await peopleOf(tx, ctx, record, result) : [],
    teamLines: (result?.lines ?? []).map(line => lineView(line, null)),
    moved: (result?.moved ?? []).map(movedWords),
    changes: (await lastChanges(tx, ctx.company, record.id))?.filter(differs).map(changesView) ?? null,
    adjustments: view.setByHand.map(({ person, item, fen: amount, reason, by }) => ({
      ...{ person, name: nameOf(person), item, amount: fen(amount), reason, by: nameOf(by) },
    })),
    appeals: view.appeals.map(one => appealView(one, nameOf)),
    timeline: record.facts.map(fact => ({
      ...{ seq: fact.seq, at: fact.at, what: factWords(fact, nameOf), by: fact.by && nameOf(fact.by) },
      words: fact.words ?? null,
    })),
    pictures: result ? picturesIn(result) : 0,
  }
}

const blank: Omit<MonthPage, 'team' | 'month' | 'open'> = {
  ...{ state: null, wanted: false, progress: null, stale: false, rules: null, reckonedAt: null, publishedAt: null },
  ...{ appealsUntil: null, lockedAt: null, missing: [], sums: [], rankBy: null, people: [], teamLines: [], moved: [] },
  ...{ changes: null, adjustments: [], appeals: [], timeline: [], pictures: 0 },
  may: { draft: false, adjust: false, publish: false, lock: false, answer: false },
}

async function openOf(tx: Tx, ctx: Context, team: Team, month: string): Promise<MonthPage['open']> {
  const span = momentsOf(rulesOfMonth(ctx, team, month), month)
  const found = await openInputs(tx, ctx.company, team.id, span)
  const figures = (await figureSheet(tx, ctx, team, month)).items.filter(({ missing }) => missing).length
  const kinds: Array<[OpenInput, number]> = [
    ['figures', figures],
    ...(Object.entries(found) as Array<[OpenInput, number]>),
  ]
  return kinds.flatMap(([kind, count]) => (count > 0 ? [{ kind, count }] : []))
}

const sumsOf = ({ people, gross, net, facts, before }: TeamResult): MonthPage['sums'] => [
  { kind: 'people', value: `${people}` },
  { kind: 'done', value: `${facts.完成单 ?? 0}${before ? `（上月 ${before.facts.完成单 ?? 0}）` : ''}` },
  ...(gross === '0' && net === '0'
    ? []
    : [
        { kind: 'gross' as const, value: fen(gross) },
        { kind: 'net' as const, value: fen(net) },
      ]),
]

async function peopleOf(tx: Tx, ctx: Context, record: MonthRecord, result: TeamResult): Promise<MonthPerson[]> {
  const slips = await slipSums(tx, ctx.company, record.id)
  const last = await monthOfTeam(tx, ctx.company, record.teamId, monthsFrom(record.month, -1))
  const before = new Map(
    last ? (await slipSums(tx, ctx.company, last.id)).map(({ person, net }) => [person, net] as const) : [],
  )
  const places = new Map(result.ranking.map(place => [place.person, place]))
  const view = (slip: SlipSums): MonthPerson => {
    const { person, name, post, gross, deducted, corrected, net, points, scores, faults } = slip
    const place = places.get(person)
    const old = before.get(person)
    const change = old === undefined ? null : `${BigInt(net) - BigInt(old)}`
    return {
      ...{ person, name, post, rank: place?.rank ?? null, score: place?.score ?? null },
      ...{ points: points && tidy(points), faults },
      cards: scores.map(({ card, total, grade }) => `${card} ${tidy(total)}${grade === null ? '' : ` ${grade}`}`),
      ...{ gross: fen(gross), deducted: deducted === '0' ? null : `-${fen(deducted)}` },
      ...{ corrected: corrected === '0' ? null : fen(corrected), net: fen(net) },
      ...{ change: change && signed(change), up: change !== null && BigInt(change) > 0n },
    }
  }
  const rank = ({ rank: at }: MonthPerson) => at ?? Number.MAX_SAFE_INTEGER
  return slips.map(view).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, 'zh'))
}

/** A slip can be another one for what it rests on alone. */
export const differs = ({ difference, items, points }: PersonChange): boolean =>
  difference !== '0' || items.length > 0 || points.difference !== '0'

/** Who would have, or has, how much more: line by line. */
export function changesView({ person, name, points, items, ...sum }: PersonChange): PersonChanges {
  const money = ({ before, after, difference }: { before: string; after: string; difference: string }) => ({
    ...{ before: fen(before), after: fen(after), difference: signed(difference) },
  })
  const plain = ({ before, after, difference }: { before: string; after: string; difference: string }) => ({
    ...{
      before: tidy(before),
      after: tidy(after),
      difference: `${difference.startsWith('-') ? '' : '+'}${tidy(difference)}`,
    },
  })
  return {
    ...{ person, name, ...money(sum) },
    points: points.difference === '0' ? null : { item: '积分', ...plain(points) },
    items: items.map(({ item, as, ...change }) => ({ item, ...(as === 'value' ? plain(change) : money(change)) })),
  }
}

function factWords(fact: MonthEntry, nameOf: (id: string | null) => string): string {
  switch (fact.fact) {
    case 'wanted':
      return '要求重算'
    case 'reckoned':
      return `按「${fact.policy}」第 ${fact.rules} 版算好：${fact.people} 人，实发合计 ${fen(fact.net)}${fact.missing > 0 ? `，缺 ${fact.missing} 项` : ''}`
    case 'adjusted':
      return fact.fen === null
        ? `撤销 ${nameOf(fact.person)}「${fact.item}」的人工改定`
        : `${nameOf(fact.person)}「${fact.item}」改成 ${fen(fact.fen)}：${fact.reason}`
    case 'published':
      return '发布'
    case 'appealed':
      return `${nameOf(fact.person)} 申诉「${fact.item}」：${fact.reason}`
    case 'answered':
      return `第 ${fact.nr} 号申诉${fact.upheld ? '成立' : '维持原样'}：${fact.reason}`
    case 'locked':
      return '锁定'
  }
}

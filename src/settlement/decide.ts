import { Refusal } from '../errors.ts'
import { sayFen } from '../policy/fen.ts'
import type { MonthRule } from '../policy/monthrule.ts'
import { type Appeal, type MonthRecord, openAppeals } from './closing.ts'
import { monthEnds } from './days.ts'
import type { MonthBody } from './fact.ts'

/** What people do to a month. Amounts in fen. */
export type MonthCommand =
  | { do: 'draft' }
  | { do: 'adjust'; person: string; item: string; fen: bigint | null; reason: string }
  | { do: 'publish' }
  | { do: 'appeal'; item: string; reason: string }
  | { do: 'answer'; nr: number; upheld: boolean; reason: string }
  | { do: 'lock' }

export interface Doing {
  by: string | null
  manages: boolean
  now: Date
  /** `2026-11-25` of the rule book's zone. */
  today: string
  rule: MonthRule
  /** Something it was reckoned from has changed since, or its rule book has. */
  stale: boolean
  /** Lines of the one it is about, by their names; null where he has no slip. */
  lines: ReadonlySet<string> | null
  name(person: string): string
}

/** ISO time until which slips that are told now may be appealed. */
export const appealableUntil = ({ appealDays }: MonthRule, now: Date): string =>
  new Date(now.getTime() + appealDays * 86_400_000).toISOString()

const monthName = (month: string): string => `${Number(month.slice(5))}月`

/** The facts a command adds. @throws Refusal with what to do instead */
export function decideMonth({ view, month }: MonthRecord, command: MonthCommand, doing: Doing): MonthBody[] {
  const called = monthName(month)
  if (command.do !== 'appeal' && !doing.manages)
    throw new Refusal('role', `${called}的月结由班组经理办理。有不对的地方，回复「申诉 工资 项目名 原因」。`)
  if (view.state === 'locked')
    throw new Refusal(
      'locked',
      `${called}已经锁定，不能再改。有差错的，会在下一个没锁的月份里更正，写明是${called}的。`,
    )
  switch (command.do) {
    case 'draft':
      overOrRefuse(month, doing)
      return view.wanted ? [] : [{ fact: 'wanted' }]
    case 'adjust':
      return adjust(view, command, doing)
    case 'publish':
      return publish(view, called, month, doing)
    case 'appeal':
      return appeal(view, called, command, doing)
    case 'answer':
      return answer(view, called, command, doing)
    case 'lock':
      return lock(view, called, doing)
  }
}

/** peers.md D: settling inside the month shows nothing; say when it can be. */
function overOrRefuse(month: string, { today }: Doing): void {
  const { last } = monthEnds(month)
  if (today <= last)
    throw new Refusal(
      'early',
      `${monthName(month)}到 ${day(last)} 才结束，${day(nextDay(last))}起可以月结。现在可以先填数、核对奖惩。`,
    )
}

const day = (text: string): string => `${Number(text.slice(5, 7))}月${Number(text.slice(8))}日`
const nextDay = (text: string): string => new Date(Date.parse(text) + 86_400_000).toISOString().slice(0, 10)

type View = MonthRecord['view']

function adjust(
  view: View,
  { person, item, fen, reason }: Extract<MonthCommand, { do: 'adjust' }>,
  doing: Doing,
): MonthBody[] {
  if (person === doing.by) throw new Refusal('own', '不能改自己的工资，请别的经理来改。')
  const name = doing.name(person)
  if (doing.lines === null) throw new Refusal('person', `${name} 这个月没有工资条。`)
  if (!doing.lines.has(item))
    throw new Refusal('item', `${name} 没有「${item}」这一项。有的是：${[...doing.lines].join('、') || '（没有）'}。`)
  const known = view.setByHand.find(one => one.person === person && one.item === item)
  if (fen === null) {
    if (!known) throw new Refusal('none', `${name} 的${item}没有人工改过。`)
    return [{ fact: 'adjusted', person, item, fen: null, reason }]
  }
  if (reason.trim() === '')
    throw new Refusal('reason', `改工资要写原因，本人能看到，比如：改 ${name} ${item} ${amount(fen)} 漏记一单。`)
  if (known && known.fen === `${fen}`) throw new Refusal('same', `${name} 的${item}已经改成 ${sayFen(fen)} 了。`)
  const asked = openAppeals(view).find(one => one.person === person && one.item === item)
  return [
    { fact: 'adjusted', person, item, fen: `${fen}`, reason: reason.trim() },
    ...(asked ? [{ fact: 'answered' as const, nr: asked.nr, upheld: true, reason: reason.trim() }] : []),
  ]
}

const amount = (fen: bigint): string => sayFen(fen).replace('¥', '')

/** What is not true any more is reckoned anew, and looked at once more, instead. */
function publish(view: View, called: string, month: string, { now, rule, today, stale }: Doing): MonthBody[] {
  if (view.state === 'published') throw new Refusal('done', `${called}已经发布了。`)
  const reckoned = view.reckoned
  if (!reckoned || view.wanted)
    throw new Refusal('wait', `${called}还没算好。先回复「月结 ${called}」，算好会发卡片给你。`)
  if (today <= monthEnds(month).last) throw new Refusal('early', `${called}还没结束，不能发布。`)
  if (stale) return [{ fact: 'wanted' }]
  if (reckoned.missing > 0)
    throw new Refusal(
      'missing',
      `${called}还缺 ${reckoned.missing} 项，补齐才能发布。回复「填数」看看缺什么，补好后回复「月结 ${called}」。`,
    )
  if (reckoned.people === 0) throw new Refusal('nobody', `${called}没有人有工资条，没什么可发布的。`)
  return [{ fact: 'published', until: appealableUntil(rule, now) }]
}

function appeal(
  view: View,
  called: string,
  { item, reason }: Extract<MonthCommand, { do: 'appeal' }>,
  doing: Doing,
): MonthBody[] {
  const { by, now, lines } = doing
  if (view.state !== 'published' || lines === null || by === null)
    throw new Refusal('none', `${called}的工资条还没发布，没有可以申诉的。`)
  if (view.appealsUntil && now.getTime() > Date.parse(view.appealsUntil))
    throw new Refusal('late', `${called}的申诉已经截止了。请直接找经理，确有差错的会在下个月更正。`)
  if (!lines.has(item)) throw new Refusal('item', `你的工资条没有「${item}」这一项。有的是：${[...lines].join('、')}。`)
  if (reason.trim() === '') throw new Refusal('reason', `请写明哪里不对，比如：申诉 工资 ${item} 11月3日那单没算。`)
  const open = openAppeals(view).find(one => one.person === by && one.item === item)
  if (open) throw new Refusal('open', `「${item}」你已经申诉了，等经理答复。`)
  return [{ fact: 'appealed', person: by, item, nr: view.appeals.length + 1, reason: reason.trim() }]
}

function answer(
  view: View,
  called: string,
  { nr, upheld, reason }: Extract<MonthCommand, { do: 'answer' }>,
  doing: Doing,
): MonthBody[] {
  const asked = view.appeals.find(one => one.nr === nr)
  if (!asked) throw new Refusal('unknown', `${called}没有第 ${nr} 号申诉。`)
  if (asked.answer) throw new Refusal('done', answered(asked, doing))
  if (asked.person === doing.by) throw new Refusal('own', '自己的申诉要别的经理来答复。')
  if (reason.trim() === '') throw new Refusal('reason', '请写明理由，本人能看到。')
  return [{ fact: 'answered', nr, upheld, reason: reason.trim() }]
}

function answered({ answer: given, item }: Appeal, { name }: Doing): string {
  const who = given?.by ? name(given.by) : '系统'
  return `「${item}」的申诉 ${who} 已经答复：${given?.upheld ? '成立' : '维持'}，${given?.reason ?? ''}`
}

function lock(view: View, called: string, { now, stale }: Doing): MonthBody[] {
  if (view.state !== 'published') throw new Refusal('draft', `${called}还没发布，不能锁定。`)
  const open = openAppeals(view)
  if (open.length > 0) throw new Refusal('appeals', `${called}还有 ${open.length} 条申诉没答复，答复完才能锁定。`)
  if (view.wanted) throw new Refusal('wait', `${called}正在重算，算好再锁定。`)
  // For everybody, a program too: what may be appealed is promised to people until then.
  if (view.appealsUntil && now.getTime() < Date.parse(view.appealsUntil))
    throw new Refusal('appealing', `${called}的申诉期还没过，到期没有申诉会自动锁定。`)
  return [{ fact: stale ? 'wanted' : 'locked' }]
}

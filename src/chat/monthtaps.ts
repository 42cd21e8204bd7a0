import { Refusal } from '../errors.ts'
import { cardByTask, keepHandle, type ShownCard } from '../outbox/shown.ts'
import { rolesIn, type Team } from '../people/person.ts'
import { namesOf, teamById } from '../people/store.ts'
import { doneText, listText } from '../settlement/answering.ts'
import { appealCard, reviewCard, slipCard } from '../settlement/card.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import { changeMonth, rulesOfMonth } from '../settlement/flow.ts'
import { monthById, resultOf, slipOf, slipsOf } from '../settlement/rows.ts'
import { monthName, slipText } from '../settlement/saying.ts'
import type { Card } from './card.ts'
import type { Payload } from './payload.ts'
import { openDraft } from './store.ts'
import { answerGraceMs, type Reply, say, show, type Talk } from './talk.ts'

type Tap = Extract<Payload, { about: 'month' }>

/** A button of a card about a month: 发布, 重算, 看明细, 申诉, 维持. What it does is checked against the month as it is. */
export async function monthTap(talk: Talk, tap: Tap): Promise<Reply> {
  const { tx, ctx } = talk
  const record = await monthById(tx, ctx.company, tap.id)
  const team = record && (await teamById(tx, ctx.company, record.teamId))
  if (!record || !team) throw new Refusal('unknown', '找不到这个月结，可能班组已经不在了。')
  const shown = await rememberHandle(talk, record)
  switch (tap.action) {
    case 'publish':
    case 'draft':
      return change(talk, team, record, tap, shown)
    case 'details':
      return details(talk, record)
    case 'slip':
      return mine(talk, team, record)
    case 'appeal':
      return ask(talk, record, 'monthAppeal', '', '哪一项不对、为什么？直接回复，比如：全勤奖 11月3日我上班了')
    case 'keep':
      return ask(talk, record, 'monthKeep', tap.arg ?? '', '维持原样的理由是什么？直接回复，本人能看到。')
    default:
      throw new Refusal('payload', `这个按钮已经不能用了。回复「月结 ${monthName(record.month)}」拿最新的卡片。`)
  }
}

async function details({ tx, ctx, person }: Talk, record: MonthRecord): Promise<Reply> {
  if (!rolesIn(person, record.teamId).includes('manager')) throw new Refusal('role', '这张卡片归班组经理办理。')
  return say(listText(record, await slipsOf(tx, ctx.company, record.id, { limit: 60 })))
}

async function change(talk: Talk, team: Team, record: MonthRecord, tap: Tap, shown: ShownCard | null): Promise<Reply> {
  const { tx, ctx, person } = talk
  const speech = { ...talk.speech, ...(shown && { tapped: { shownId: shown.id, graceMs: answerGraceMs } }) }
  const command = tap.action === 'publish' ? ({ do: 'publish' } as const) : ({ do: 'draft' } as const)
  try {
    const { after } = await changeMonth(tx, ctx, { team, month: record.month, command, by: person, speech })
    const again = command.do === 'publish' && after.view.state === 'draft'
    const note = again ? doneText(after, 'publish', rulesOfMonth(ctx, team, record.month).zone) : undefined
    return await redraw(talk, record.id, tap, shown, note)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reply = await redraw(talk, record.id, tap, shown, `⚠️ ${error.message}`)
    return { ...reply, fallback: { kind: 'text', text: error.message } }
  }
}

/** The tapped card as it is now. */
async function redraw(talk: Talk, id: string, tap: Tap, shown: ShownCard | null, note?: string): Promise<Reply> {
  const card = await cardNow(talk, id, tap.arg, note)
  if (!card) throw new Refusal('unknown', '找不到这个月结。')
  return {
    ...show(card),
    ...(shown && { painted: { subject: id, shownId: shown.id, version: card.version, passing: note !== undefined } }),
  }
}

async function cardNow(
  { tx, ctx }: Pick<Talk, 'tx' | 'ctx'>,
  id: string,
  nr: string | undefined,
  note?: string,
): Promise<Card | null> {
  const record = await monthById(tx, ctx.company, id)
  if (!record) return null
  const appeal = record.view.appeals.find(one => `${one.nr}` === nr)
  if (!appeal) return reviewCard(record, (await resultOf(tx, ctx.company, id)).result, note)
  const names = await namesOf(tx, ctx.company, [appeal.person])
  const slip = await slipOf(tx, ctx.company, id, appeal.person)
  return appealCard(record, appeal, slip, one => names.get(one) ?? '（已离职）', note)
}

async function mine(talk: Talk, team: Team, record: MonthRecord): Promise<Reply> {
  const { tx, ctx, person } = talk
  const slip = await slipOf(tx, ctx.company, record.id, person.id)
  if (!slip || record.view.state === 'draft') throw new Refusal('none', `${monthName(record.month)}没有你的工资条。`)
  return say(slipText(slip, record, rulesOfMonth(ctx, team, record.month).zone))
}

/** What is typed next is taken as the answer. */
async function ask(talk: Talk, record: MonthRecord, action: string, arg: string, question: string): Promise<Reply> {
  const { tx, ctx, person, chatKey } = talk
  const now = ctx.clock.now()
  const code = `${record.month.slice(0, 4)}年${monthName(record.month)}${arg === '' ? '工资' : ` ${arg}`}`
  const data = { code, action, monthId: record.id }
  const expiresAt = new Date(now.getTime() + 10 * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'ask', data, expiresAt }, now)
  return say(question)
}

async function rememberHandle({ tx, ctx, person, inbound }: Talk, record: MonthRecord): Promise<ShownCard | null> {
  const { said, platform, repaint } = inbound
  if (said.kind !== 'button') return null
  const card = await cardByTask(tx, ctx.company, platform, said.taskId)
  if (!card || card.subject !== record.id || card.personId !== person.id) return null
  if (repaint) await keepHandle(tx, ctx.company, card.id, repaint.handle, repaint.expiresAt)
  return card
}

/** A month's card for whoever tapped it, as it is now: the answer to a tap that is delivered again. */
export async function redrawnMonth(
  { tx, ctx }: Pick<Talk, 'tx' | 'ctx'>,
  personId: string,
  id: string,
): Promise<Card | null> {
  const record = await monthById(tx, ctx.company, id)
  if (!record) return null
  const { result } = await resultOf(tx, ctx.company, id)
  const team = await teamById(tx, ctx.company, record.teamId)
  const slip = await slipOf(tx, ctx.company, id, personId)
  if (team && slip && result && record.view.state !== 'draft' && !managesIt(record, personId))
    return slipCard(record, slip, result, { zone: rulesOfMonth(ctx, team, record.month).zone, changed: false })
  return reviewCard(record, result)
}

const managesIt = ({ facts }: MonthRecord, personId: string): boolean =>
  facts.some(({ by, fact }) => by === personId && (fact === 'wanted' || fact === 'published' || fact === 'adjusted'))

import { Refusal } from '../errors.ts'
import { openComplaint } from '../orders/complaint.ts'
import type { OrderCommand } from '../orders/decide.ts'
import { awaitingCall } from '../orders/find.ts'
import { change } from '../orders/flow.ts'
import { waitingLine } from '../orders/listwords.ts'
import { sceneOf } from '../orders/look.ts'
import { waitingOf } from '../orders/overview.ts'
import type { OrderRecord } from '../orders/record.ts'
import { needsGrade } from '../orders/revisit.ts'
import { gradeNames, grades } from '../orders/revisitresult.ts'
import { confirmation } from '../orders/words.ts'
import { deskTeams, runsDesk } from '../people/person.ts'
import type { OrderWish, Wish } from './intent.ts'
import { closeDraft, type Draft, openDraft } from './store.ts'
import { type Reply, say, show, type Talk } from './talk.ts'
import { closedCard, gradeCard } from './words.ts'

type RevisitWish = Extract<OrderWish, { do: 'revisit' }>

/** What a button says of a call in vain. */
export const missed = 'missed'

const askMinutes = 30
const mostLines = 8

/** What the grade or 没打通 on a button asks for. */
export function revisitCommand(arg: string | undefined, note?: string): Extract<OrderCommand, { do: 'revisit' }> {
  const more = note ? { note } : {}
  if (arg === missed) return { do: 'revisit', reached: false, ...more }
  const grade = grades.find(one => String(one) === arg)
  return { do: 'revisit', reached: true, ...(grade && { grade }), ...more }
}

/** The desk called a customer back: an order drawn for the form needs a grade, and so do words that name two. */
export function asksGrade({ person }: Talk, order: OrderRecord, wish: RevisitWish): boolean {
  if (!order.view.revisit || !wish.reached || !runsDesk(person, order.teamId)) return false
  return wish.grade === 'ask' || (wish.grade === undefined && needsGrade(order.view))
}

/** Nothing is noted yet: the five grades as buttons, or in words. What was said already is kept for the answer. */
export async function askGrade(talk: Talk, order: OrderRecord, { note, grade }: RevisitWish): Promise<Reply> {
  const { tx, ctx, person } = talk
  const now = ctx.clock.now()
  const words = talk.speech.words ?? ''
  const data = { orderId: order.id, code: order.code, action: 'revisit', words, ...(note && { note }) }
  const expiresAt = new Date(now.getTime() + askMinutes * 60_000)
  const ask = { personId: person.id, chatKey: talk.chatKey, kind: 'ask', data, expiresAt }
  const draft = await openDraft(tx, ctx.company, ask, now)
  const group = talk.inbound.chat.kind === 'group'
  return show(gradeCard(draft, order, { drawn: needsGrade(order.view), two: grade === 'ask', note, group }))
}

/** One of the grades was tapped. */
export async function graded(talk: Talk, draft: Draft, arg: string | undefined): Promise<Reply> {
  const { tx, ctx, person } = talk
  const { orderId, code, note, words } = draft.data as { orderId: string; code: string; note?: string; words: string }
  const command = revisitCommand(arg, note)
  const done = await change(tx, ctx, { orderId, command, by: person, speech: { ...talk.speech, words } })
  const what = command.grade ? gradeNames[command.grade] : '没打通'
  await closeDraft(tx, ctx.company, draft.id, what, ctx.clock.now())
  const text = confirmation(await sceneOf(tx, ctx, done.order), done.added, { technician: false })
  return {
    ...show(closedCard(`${code} 回访`, what, draft.version, text)),
    fallback: { kind: 'text', text },
  }
}

/** An answer to the question, with what was said before it. */
export function withNote(
  wish: Extract<Wish, { about: 'order' }>,
  note: string | undefined,
): Extract<Wish, { about: 'order' }> {
  if (!note || wish.wish.do !== 'revisit') return wish
  return { ...wish, wish: { ...wish.wish, note: [note, wish.wish.note].filter(Boolean).join('，') } }
}

/** 开投诉 1024: a complaint order of the same customer. */
export async function complainWish(talk: Talk, order: OrderRecord, text: string | undefined): Promise<Reply> {
  const { tx, ctx, person, speech } = talk
  const { opened } = await openComplaint(tx, ctx, { order, text, by: person, speech })
  const scene = await sceneOf(tx, ctx, opened.order)
  return say(
    `${confirmation(scene, opened.added, { technician: false })}\n由 ${order.code} 的回访开出。派工员的卡片马上到，点姓名就能派。`,
  )
}

/** 待回访: whom the desk still has to call, those who wait longest first. */
export async function revisitsWish({ tx, ctx, person, inbound }: Talk): Promise<Reply> {
  const ids = deskTeams(person)
  if (ids.length === 0) throw new Refusal('role', '这个清单只有派工员和经理能看。你的单请回复「我的单」。')
  const teams = await waitingOf(tx, ctx, ids)
  const { orders, total } = await awaitingCall(tx, ctx.company, teams, mostLines)
  if (total === 0) return say('都回访过了，没有待回访的单。')
  const masked = inbound.chat.kind === 'group'
  const lines = await Promise.all(orders.map(async order => waitingLine(await sceneOf(tx, ctx, order), { masked })))
  const more = total > orders.length ? [`…还有 ${total - orders.length} 单`] : []
  const [first] = orders
  return say(
    [
      `待回访 ${total} 单（最早完工的在前）：`,
      ...lines,
      ...more,
      `打完电话回复「回访 ${first?.code ?? ''} 满意」。`,
    ].join('\n'),
  )
}

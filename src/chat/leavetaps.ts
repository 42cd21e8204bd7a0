import { Refusal } from '../errors.ts'
import { drawLeave, type LeaveViewer } from '../leave/card.ts'
import type { LeaveCommand } from '../leave/decide.ts'
import { changeLeave, decideOn } from '../leave/flow.ts'
import { leaveScene } from '../leave/look.ts'
import { changedSince, isPending, type LeaveRecord } from '../leave/request.ts'
import { loadLeave, lockLeave } from '../leave/rows.ts'
import { cardByTask, keepHandle, type ShownCard } from '../outbox/shown.ts'
import { mayKnow, needScene } from './leavefind.ts'
import { doneText } from './leavewords.ts'
import type { Payload } from './payload.ts'
import { dropQuestions, openDraft } from './store.ts'
import { answerGraceMs, type Reply, show, type Talk } from './talk.ts'

const asks = {
  propose: ['leavePropose', '改到哪天？直接回复日子，比如：后天，或 11月28日下午 店里忙。'],
  extend: ['leaveExtend', '续多久、为什么？直接回复，比如：1天 孩子还没好。'],
} as const

/** A button of a card about leave: 批准, 驳回, 改期, 撤回 … A stale tap is explained, never applied. */
export async function leaveTap(talk: Talk, payload: Extract<Payload, { about: 'leave' }>): Promise<Reply> {
  const { tx, ctx, person } = talk
  // Held from here on: of two managers who tap at once the second sees what the first decided.
  const leave = await lockLeave(tx, ctx.company, payload.id)
  if (!leave) throw new Refusal('unknown', '找不到这个假，可能已经删除。回复「我的假」看看。')
  const shown = await rememberHandle(talk, leave)
  // A deputy is known by the card he was sent.
  if (!shown && !mayKnow(leave, person)) throw new Refusal('unknown', '这张假条不归你看，不能操作。')
  const speech = { ...talk.speech, ...(shown && { tapped: { shownId: shown.id, graceMs: answerGraceMs } }) }
  const redraw = async (record: LeaveRecord, more: Partial<LeaveViewer>): Promise<Reply> => {
    const now = (await loadLeave(tx, ctx.company, record.id)) ?? record
    const scene = await needScene(talk, now)
    const reply = show(drawLeave(scene, { personId: person.id, ...more }))
    const passing = more.note !== undefined
    return {
      ...reply,
      ...(shown && { painted: { subject: record.id, shownId: shown.id, version: now.view.look, passing } }),
    }
  }
  const refused = async (record: LeaveRecord, message: string): Promise<Reply> => ({
    ...(await redraw(record, { note: `⚠️ ${message}` })),
    fallback: { kind: 'text', text: message },
  })
  await dropQuestions(tx, ctx.company, person.id, talk.chatKey, ctx.clock.now())
  if (payload.action === 'back') return redraw(leave, {})
  // The finger, or the platform, did it twice: the card as it is says all.
  if (payload.version < leave.view.look && leave.facts.at(-1)?.by === person.id) return redraw(leave, {})
  if (isPending(leave.view) && changedSince(leave, payload.version))
    return refused(leave, `${leave.code} 已有变化，刚才的点击没有生效，请看现在的内容再点。`)
  if (payload.action === 'menu' || payload.action === 'ask') return unfolded(talk, leave, payload, redraw)
  try {
    if (payload.action === 'cancel' || payload.action === 'return') {
      await changeLeave(tx, ctx, { leave, kind: payload.action, by: person, reason: '' }, speech)
      return await redraw(leave, {})
    }
    const after = await decideOn(tx, ctx, { id: leave.id, command: commandOf(payload), by: person }, speech)
    const scene = await needScene(talk, after)
    return { ...(await redraw(after, {})), fallback: { kind: 'text', text: doneText(scene, person.id) } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return refused(leave, error.message)
  }
}

async function unfolded(
  talk: Talk,
  leave: LeaveRecord,
  { action, arg }: Extract<Payload, { about: 'leave' }>,
  redraw: (leave: LeaveRecord, more: Partial<LeaveViewer>) => Promise<Reply>,
): Promise<Reply> {
  if (action === 'menu') {
    await question(talk, leave, 'leaveReject')
    return redraw(leave, { menu: 'reject', note: '为什么驳回？点一个，或直接回复原因。' })
  }
  const ask = asks[arg as keyof typeof asks]
  if (!ask || (arg === 'propose' && !isPending(leave.view))) return redraw(leave, {})
  await question(talk, leave, ask[0])
  return { ...(await redraw(leave, { note: ask[1] })), fallback: { kind: 'text', text: ask[1] } }
}

/** What is typed next is taken as the answer. */
async function question({ tx, ctx, person, chatKey }: Talk, leave: LeaveRecord, action: string): Promise<void> {
  const now = ctx.clock.now()
  const data = { leaveId: leave.id, code: leave.code, action }
  const expiresAt = new Date(now.getTime() + 10 * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'ask', data, expiresAt }, now)
}

function commandOf({ action, arg }: Extract<Payload, { about: 'leave' }>): LeaveCommand {
  switch (action) {
    case 'approve':
      return { do: 'approve', ...(arg === 'ordinary' && { ordinary: true }) }
    case 'reject':
      return { do: 'reject', reason: arg ?? '没有说原因' }
    case 'take':
    case 'refuse':
    case 'withdraw':
      return { do: action }
    default:
      throw new Refusal('payload', '这个按钮已经不能用了。回复「待批」拿最新的卡片。')
  }
}

async function rememberHandle({ tx, ctx, person, inbound }: Talk, leave: LeaveRecord): Promise<ShownCard | null> {
  const { said, platform, repaint } = inbound
  if (said.kind !== 'button') return null
  const card = await cardByTask(tx, ctx.company, platform, said.taskId)
  if (!card || card.subject !== leave.id || card.personId !== person.id) return null
  if (repaint) await keepHandle(tx, ctx.company, card.id, repaint.handle, repaint.expiresAt)
  return card
}

/** A request's card for whoever tapped it, as it is now: the answer to a tap that is delivered again. */
export async function redrawnLeave(talk: Pick<Talk, 'tx' | 'ctx'>, personId: string, id: string) {
  const leave = await loadLeave(talk.tx, talk.ctx.company, id)
  const scene = leave && (await leaveScene(talk.tx, talk.ctx, leave))
  return scene && drawLeave(scene, { personId })
}

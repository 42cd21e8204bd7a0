import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Change } from '../orders/announce.ts'
import { drawOrder } from '../orders/card.ts'
import { openComplaint } from '../orders/complaint.ts'
import type { OrderCommand } from '../orders/decide.ts'
import { type FactName, standing } from '../orders/fact.ts'
import { change } from '../orders/flow.ts'
import { pauseNote } from '../orders/followwords.ts'
import { cardScene, sceneOf } from '../orders/look.ts'
import type { OrderRecord } from '../orders/record.ts'
import { loadOrder, lockOrder } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import type { MenuName, Viewer } from '../orders/scene.ts'
import { lastWords, restNote } from '../orders/words.ts'
import { cardByTask, keepHandle, type ShownCard } from '../outbox/shown.ts'
import { rolesIn, runsDesk } from '../people/person.ts'
import { personByUser } from '../people/store.ts'
import { sendCode } from '../rating/flow.ts'
import { codeSent } from '../rating/words.ts'
import { punchTap } from './attending.ts'
import type { Said } from './card.ts'
import type { Inbound } from './inbound.ts'
import { incidentTap, redrawnIncident } from './incidenttaps.ts'
import type { Span, SuspendReason } from './intent.ts'
import { leaveTap, redrawnLeave } from './leavetaps.ts'
import { monthTap, redrawnMonth } from './monthtaps.ts'
import { draftTap } from './newOrder.ts'
import { type Payload, readPayload } from './payload.ts'
import { missed, revisitCommand } from './revisiting.ts'
import { dropQuestions, openDraft } from './store.ts'
import { answerGraceMs, type Reply, show, type Talk } from './talk.ts'
import { when } from './when.ts'
import { askerOf } from './wishes.ts'

/** A button was tapped. What it carries is checked against the truth: a stale tap is explained, never applied. */
export async function tapped(talk: Talk): Promise<Reply> {
  const { said } = talk.inbound
  if (said.kind !== 'button') throw new Error('not a tap')
  const payload = readPayload(said.payload)
  if (!payload) throw new Refusal('payload', '这个按钮已经不能用了。回复「我的单」拿最新的卡片。')
  if (payload.about === 'leave') return leaveTap(talk, payload)
  if (payload.about === 'punch') return punchTap(talk, payload)
  if (payload.about === 'incident') return incidentTap(talk, payload)
  if (payload.about === 'month') return monthTap(talk, payload)
  return payload.about === 'draft' ? draftTap(talk, payload) : orderTap(talk, payload)
}

async function orderTap(talk: Talk, payload: Extract<Payload, { about: 'order' }>): Promise<Reply> {
  const { tx, ctx, person, inbound } = talk
  // Held from here on: of two taps on one card at once the second is compared with what the first made of it.
  const order = await lockOrder(tx, ctx.company, payload.id)
  if (!order) throw new Refusal('unknown', '找不到这张单，可能已经删除。回复「我的单」看看。')
  if (rolesIn(person, order.teamId).length === 0) throw new Refusal('unknown', '这张单不在你的班组里，不能操作。')
  const shown = await rememberHandle(talk, order)
  const speech = { ...talk.speech, ...(shown && { tapped: { shownId: shown.id, graceMs: answerGraceMs } }) }
  const redraw = async (record: OrderRecord, more: Partial<Viewer>): Promise<Reply> => {
    const viewer = { ...viewerOf(talk, record), ...more }
    const scene = await cardScene(tx, ctx, record, viewer)
    const reply = show(drawOrder(scene, viewer))
    const passing = more.note !== undefined
    const painted = shown && { subject: record.id, shownId: shown.id, version: record.view.look, passing }
    return { ...reply, ...(painted && { painted }) }
  }
  // It changes nothing, so a card that is out of date will do.
  if (payload.action === 'ratingCode') return codeTap()
  // The platform delivered one tap as two, or the finger did: it has taken effect, so the card as it is says all.
  if (payload.step !== order.view.step && alreadyDone(order, payload, person.id)) return redraw(order, {})
  if (payload.step !== order.view.step) {
    const scene = await sceneOf(tx, ctx, order)
    const last = standing(order.facts).findLast(fact => fact.seq <= order.view.look)
    const note = `⚠️ 卡片已更新，刚才的点击没有生效：${last ? lastWords(scene, last) : ''}`
    return { ...(await redraw(order, { note })), fallback: { kind: 'text', text: `${order.code} ${note}` } }
  }
  const answered = () => dropQuestions(tx, ctx.company, person.id, talk.chatKey, ctx.clock.now())
  if (payload.action === 'back' || payload.action === 'menu') await answered()
  if (payload.action === 'back') return redraw(order, {})
  if (payload.action === 'menu') return redraw(order, await openMenu(talk, order, payload.arg ?? ''))
  try {
    // A time that is over answers nothing: the question stays, and words may answer it.
    const command = payload.action === 'complain' ? null : commandOf(talk, payload, order)
    await answered()
    if (command === null) return await redraw((await openComplaint(tx, ctx, { order, by: person, speech })).from, {})
    const done = await change(tx, ctx, { orderId: order.id, command, by: person, speech })
    return await redraw(done.order, await aside(talk, done))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Refused for what somebody else did while this tap waited for the order: the card has to show that, not what was.
    const now = (await loadOrder(tx, ctx.company, order.id)) ?? order
    return { ...(await redraw(now, { note: `⚠️ ${error.message}` })), fallback: { kind: 'text', text: error.message } }
  }

  async function codeTap(): Promise<Reply> {
    const record = order as OrderRecord
    const note = await sendCode(tx, ctx, record, askerOf(talk), { words: true })
      .then(() => codeSent(record.code))
      .catch(refused)
    return { ...(await redraw(record, { note })), fallback: { kind: 'text', text: note } }
  }

  async function rememberHandle(from: Talk, record: OrderRecord): Promise<ShownCard | null> {
    const { said } = inbound
    if (said.kind !== 'button') return null
    const card = await cardByTask(from.tx, ctx.company, inbound.platform, said.taskId)
    if (!card || card.subject !== record.id || card.personId !== person.id) return null
    if (inbound.repaint)
      await keepHandle(from.tx, ctx.company, card.id, inbound.repaint.handle, inbound.repaint.expiresAt)
    return card
  }
}

/** What a button leaves in the journal. */
const effects: Readonly<Record<string, FactName>> = {
  accept: 'accepted',
  decline: 'declined',
  contacted: 'contacted',
  unreachable: 'unreachable',
  depart: 'departed',
  arrive: 'arrived',
  suspend: 'suspended',
  resume: 'resumed',
  wait: 'expected',
  reschedule: 'appointed',
  route: 'routed',
  complete: 'completed',
  emptyRun: 'emptyRun',
  askHelp: 'helpAsked',
  progress: 'progress',
  confirmUnreachable: 'unreachableConfirmed',
  offer: 'offered',
  assign: 'dispatched',
  close: 'closed',
  revisit: 'revisited',
  complain: 'complained',
}

const effectOf = ({ action, arg }: Extract<Payload, { about: 'order' }>): FactName | undefined =>
  action === 'revisit' && arg === missed ? 'revisitTried' : effects[action]

/** The last change since the card was drawn is what this very tap asks for, made by the same person. */
function alreadyDone(order: OrderRecord, payload: Extract<Payload, { about: 'order' }>, personId: string): boolean {
  const last = standing(order.facts).findLast(fact => fact.seq <= order.view.look)
  return last !== undefined && last.seq > payload.step && last.by === personId && last.fact === effectOf(payload)
}

const refused = (error: unknown): string => {
  if (error instanceof Refusal) return `⚠️ ${error.message}`
  throw error
}

export function viewerOf({ person }: Pick<Talk, 'person'>, order: OrderRecord): Viewer {
  return {
    personId: person.id,
    desk: runsDesk(person, order.teamId),
    technician: rolesIn(person, order.teamId).includes('technician'),
  }
}

const menuHints: Record<Exclude<MenuName, 'progress'>, string> = {
  decline: '为什么不接？点一个，或直接回复原因。',
  suspend: '为什么挂起？点一个，或直接回复原因和预计时间，比如：等压缩机 后天。',
  contacted: '约在什么时候？点一个，或直接回复时间，比如：明天上午10点。',
  complete: '修得怎么样？直接回复结果、配件和收费，比如：换电容1个 收费80。',
  reschedule: '改到什么时候？点一个，或直接回复时间和原因，比如：后天上午 客户要上班。',
  wait: '等到什么时候？点一个，或直接回复时间，比如：周五下午。',
  assign: '派给谁？',
  later: '要晚到什么时候？点一个，或直接回复时间，比如：18点。',
}

const asks = new Set(['decline', 'suspend', 'contacted', 'complete', 'reschedule', 'wait', 'later'])

/** Unfolds choices on the card; what the person types next is taken as the answer too. */
async function openMenu(talk: Talk, order: OrderRecord, name: string): Promise<Partial<Viewer>> {
  if (!asks.has(name)) throw new Refusal('payload', '这个按钮已经不能用了。回复「我的单」拿最新的卡片。')
  const { tx, ctx, person } = talk
  const now = ctx.clock.now()
  const data = { orderId: order.id, code: order.code, action: name }
  const expiresAt = new Date(now.getTime() + 10 * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey: talk.chatKey, kind: 'ask', data, expiresAt }, now)
  const menu = name as keyof typeof menuHints
  return { menu, note: menuHints[menu] }
}

function commandOf({ ctx }: Talk, payload: Extract<Payload, { about: 'order' }>, order: OrderRecord): OrderCommand {
  const arg = payload.arg && payload.arg !== 'none' ? payload.arg : undefined
  const { zone, dayParts, complaints } = rulesOf(ctx, order)
  const read = when(arg ?? '', { now: ctx.clock.now(), zone, dayParts })
  const span = read.kind === 'span' ? read.span : undefined
  switch (payload.action) {
    case 'accept':
    case 'unreachable':
    case 'depart':
    case 'arrive':
    case 'resume':
    case 'emptyRun':
    case 'askHelp':
    case 'offer':
    case 'confirmUnreachable':
    case 'close':
      return { do: payload.action }
    case 'decline':
      return { do: 'decline', ...(arg && { reason: arg }) }
    case 'suspend':
      return { do: 'suspend', reason: suspendReason(arg), note: '' }
    case 'assign':
      return { do: 'assign', to: arg ?? '' }
    case 'route': {
      const route = complaints.find(({ subject }) => subject === arg)
      if (!route) throw new Refusal('payload', '这个按钮已经不能用了。请回复「转 单号 部门」。')
      return { do: 'route', route }
    }
    case 'progress':
      if (arg === 'onTime') return { do: 'progress', answer: 'onTime' }
      return { do: 'progress', answer: 'later', ...(span && { expected: span }) }
    case 'wait':
      return { do: 'wait', ...(arg && { expected: ahead(span, arg) }) }
    case 'contacted':
    case 'reschedule':
      return { do: payload.action, ...(arg && { appointment: ahead(span, arg) }) }
    case 'complete':
      return { do: 'complete', result: '修好了', charge: '0' }
    case 'revisit':
      return revisitCommand(arg)
    default:
      throw new Refusal('payload', '这个按钮已经不能用了。回复「我的单」拿最新的卡片。')
  }
}

/** What a card that was drawn after a tap has to say besides what it shows. */
async function aside({ tx, ctx }: Talk, { order, added }: Change): Promise<Partial<Viewer>> {
  const last = added.at(-1)
  if (!last || !(last.fact === 'suspended' || 'appointment' in last)) return {}
  const scene = await sceneOf(tx, ctx, order)
  const rest = restNote(scene, last)
  const note = pauseNote(scene.clocks, last) || (rest && `⚠️ ${rest}`)
  return note ? { note } : {}
}

/** The time on a button: 今天下午 may be over by now. */
function ahead(span: Span | undefined, words: string): Span {
  if (span) return span
  throw new Refusal('time', `「${words}」已经过去了。请另选一个，或直接回复时间，比如：明天上午10点。`)
}

function suspendReason(arg: string | undefined): SuspendReason {
  return arg === 'parts' || arg === 'majorRepair' || arg === 'customer' ? arg : 'other'
}

/** The card of an order, a request for leave or an incident, for whoever tapped it, as it is now: the answer to a tap that is delivered again. */
export async function redrawn(ctx: Context, inbound: Inbound, subject: string): Promise<Said | null> {
  return inTransaction(ctx.db, async tx => {
    const person = await personByUser(tx, ctx.company, inbound.platform, inbound.sender.userId)
    const order = await loadOrder(tx, ctx.company, subject)
    if (person && !order) {
      const card =
        (await redrawnLeave({ tx, ctx }, person.id, subject)) ??
        (await redrawnIncident({ tx, ctx }, person.id, subject)) ??
        (await redrawnMonth({ tx, ctx }, person.id, subject))
      return card && { kind: 'card', card }
    }
    if (!person || !order) return null
    const viewer = viewerOf({ person }, order)
    return { kind: 'card', card: drawOrder(await cardScene(tx, ctx, order, viewer), viewer) }
  })
}

import { Refusal } from '../errors.ts'
import { drawIncident, type IncidentViewer } from '../incidents/card.ts'
import { decideOn, type SaidCommand } from '../incidents/flow.ts'
import { changedSince, type IncidentRecord } from '../incidents/incident.ts'
import { incidentScene } from '../incidents/look.ts'
import { loadIncident, lockIncident } from '../incidents/rows.ts'
import { cardByTask, keepHandle, type ShownCard } from '../outbox/shown.ts'
import { mayKnow } from './incidentfind.ts'
import { doneText } from './incidentwords.ts'
import type { Payload } from './payload.ts'
import { dropQuestions, openDraft } from './store.ts'
import { answerGraceMs, type Reply, show, type Talk } from './talk.ts'
import { orderWish } from './wishes.ts'

type IncidentPayload = Extract<Payload, { about: 'incident' }>

/** Buttons that ask for words: what is typed next is the answer. */
const asks: Readonly<Record<string, readonly [action: string, question: string]>> = {
  revoke: ['incidentDrop', '为什么撤销？直接回复原因，会告诉本人。'],
  reject: ['incidentReject', '为什么维持？直接回复理由，会告诉本人。'],
  amend: ['incidentAmend', '改为多少、为什么？直接回复，比如：10元 已补联系。'],
  appeal: ['incidentAppeal', '为什么申诉？直接回复原因，照片可以接着发。'],
}

/** A button of a card about an incident. A stale tap is explained, never applied. */
export async function incidentTap(talk: Talk, payload: IncidentPayload): Promise<Reply> {
  const { tx, ctx, person } = talk
  // Held from here on: of two managers who tap at once the second sees what the first decided.
  const incident = await lockIncident(tx, ctx.company, payload.id)
  if (!incident) throw new Refusal('unknown', '找不到这条奖惩。回复「我的奖惩」看看。')
  if (!(await mayKnow(talk, incident, person))) throw new Refusal('unknown', '这条奖惩不归你看，不能操作。')
  const shown = await rememberHandle(talk, incident)
  const speech = { ...talk.speech, ...(shown && { tapped: { shownId: shown.id, graceMs: answerGraceMs } }) }
  const redraw = async (more: Partial<IncidentViewer>): Promise<Reply> => {
    const now = (await loadIncident(tx, ctx.company, incident.id)) ?? incident
    const reply = show(drawIncident(await incidentScene(tx, ctx, now), { personId: person.id, ...more }))
    const passing = more.note !== undefined
    const { look: version } = now.view
    return { ...reply, ...(shown && { painted: { subject: incident.id, shownId: shown.id, version, passing } }) }
  }
  const noted = async (note: string): Promise<Reply> => ({
    ...(await redraw({ note })),
    fallback: { kind: 'text', text: note },
  })
  await dropQuestions(tx, ctx.company, person.id, talk.chatKey, ctx.clock.now())
  if (payload.action === 'order') return orderShown(talk, incident, redraw)
  const { view, code, facts } = incident
  // The finger, or the platform, did it twice: the card as it is says all.
  if (payload.version < view.look && facts.at(-1)?.by === person.id) return redraw({})
  const question = asks[payload.action]
  try {
    if (payload.version < view.look && changedSince(incident, payload.version))
      throw new Refusal('stale', `${code} 已有变化，刚才的点击没有生效，请看现在的内容再点。`)
    if (question) {
      await ask(talk, incident, question[0])
      return await noted(question[1])
    }
    const command = commandOf(payload)
    const after = await decideOn(tx, ctx, { id: incident.id, command, by: person }, speech)
    const text = doneText(await incidentScene(tx, ctx, after))
    return { ...(await redraw({})), fallback: { kind: 'text', text } }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return noted(`⚠️ ${error.message}`)
  }
}

function commandOf({ action }: IncidentPayload): SaidCommand {
  switch (action) {
    case 'confirm':
    case 'drop':
    case 'uphold':
      return { do: action }
    default:
      throw new Refusal('payload', '这个按钮已经不能用了。回复「奖惩」拿最新的卡片。')
  }
}

async function orderShown(
  talk: Talk,
  { view }: IncidentRecord,
  redraw: (more: Partial<IncidentViewer>) => Promise<Reply>,
): Promise<Reply> {
  if (!view.order) return redraw({})
  await orderWish(talk, { about: 'order', code: view.order.code, wish: { do: 'show' } })
  return redraw({ note: `单 ${view.order.code} 的卡片马上到。` })
}

/** What is typed next is taken as the answer. */
async function ask({ tx, ctx, person, chatKey }: Talk, { id, code }: IncidentRecord, action: string): Promise<void> {
  const now = ctx.clock.now()
  const data = { incidentId: id, code, action }
  const expiresAt = new Date(now.getTime() + 10 * 60_000)
  await openDraft(tx, ctx.company, { personId: person.id, chatKey, kind: 'ask', data, expiresAt }, now)
}

async function rememberHandle({ tx, ctx, person, inbound }: Talk, incident: IncidentRecord): Promise<ShownCard | null> {
  const { said, platform, repaint } = inbound
  if (said.kind !== 'button') return null
  const card = await cardByTask(tx, ctx.company, platform, said.taskId)
  if (!card || card.subject !== incident.id || card.personId !== person.id) return null
  if (repaint) await keepHandle(tx, ctx.company, card.id, repaint.handle, repaint.expiresAt)
  return card
}

/** An incident's card for whoever tapped it, as it is now: the answer to a tap that is delivered again. */
export async function redrawnIncident({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, personId: string, id: string) {
  const incident = await loadIncident(tx, ctx.company, id)
  return incident && drawIncident(await incidentScene(tx, ctx, incident), { personId })
}

import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Composed, Composer, Composers, Recall } from '../outbox/compose.ts'
import { cardById, liveCards, painted, retire, type ShownCard, showCard } from '../outbox/shown.ts'
import { drawLeave, replacedLeave } from './card.ts'
import { type LeaveScene, leaveScene } from './look.ts'
import { isPending } from './request.ts'
import { loadLeave } from './rows.ts'
import { remindDecider, tellApplicant, tellDesk } from './words.ts'

const gone: Composed = { drop: 'the request is gone' }

async function sceneFor(tx: Tx, ctx: Context, id: string | null): Promise<LeaveScene | null> {
  const leave = id === null ? null : await loadLeave(tx, ctx.company, id)
  return leave && leaveScene(tx, ctx, leave)
}

const takeBack = ({ platform, messageId, handle }: ShownCard, instead?: Recall['instead']): Recall | null =>
  messageId === null
    ? null
    : { platform: platform as PlatformName, messageId, ...(handle && instead && { instead: { ...instead, handle } }) }

/** A request for whoever has to decide it, or what was proposed to the one it is about. */
const card: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  if (!scene) return gone
  const personId = row.personId ?? ''
  const { view } = scene.leave
  const { asked = false } = row.data as { asked?: boolean }
  const his = personId === view.person ? asked || view.state === 'proposed' : scene.deciders.people.includes(personId)
  if (!asked && (!his || !isPending(view))) return { drop: 'it was decided before its card was sent' }
  const drawn = drawLeave(scene, { personId })
  const old = (await liveCards(tx, ctx.company, [scene.leave.id])).find(shown => shown.personId === personId)
  const taskId = `leave_${row.id}`
  const recall = old && takeBack(old, { handle: '', card: replacedLeave(drawn) })
  return {
    ...{ to: { person: personId }, message: { kind: 'card', card: drawn }, taskId },
    ...(recall && { recall }),
    sent: (after, sent, platform) =>
      showCard(
        after,
        ctx.company,
        { subject: scene.leave.id, personId, platform, taskId, version: drawn.version },
        { messageId: sent.messageId, handle: sent.repaint?.handle, handleExpiresAt: sent.repaint?.expiresAt },
        ctx.clock.now(),
      ),
  }
}

/** Draws a card again after somebody else decided. Without a code left it is taken back: its buttons do nothing any more. */
const repaint: Composer = async (row, tx, ctx) => {
  const shown = await cardById(tx, ctx.company, (row.data as { card: string }).card)
  const scene = shown?.live ? await sceneFor(tx, ctx, shown.subject) : null
  if (!shown || !scene) return gone
  if (shown.version >= scene.leave.view.look) return { drop: 'drawn already' }
  const drawn = drawLeave(scene, { personId: shown.personId })
  const now = ctx.clock.now()
  const { handle } = shown
  if (handle && shown.handleExpiresAt && shown.handleExpiresAt > now)
    return {
      to: { person: shown.personId, on: shown.platform as PlatformName },
      ...{ message: { kind: 'card', card: drawn }, taskId: shown.taskId, repaint: { handle } },
      worth: scene.leave.facts.at(-1)?.by === shown.personId ? 'nice' : 'should',
      sent: (after, sent) => painted(after, ctx.company, shown.id, drawn.version, sent.repaint ? null : handle),
      stale: after => retire(after, ctx.company, shown.id),
    }
  await retire(tx, ctx.company, shown.id)
  const last = scene.leave.facts.at(-1)
  // What he decided on a page leaves a card in his chat that knows nothing of it.
  const byHimself = last?.by === shown.personId && last.via !== 'page'
  const recall = byHimself ? null : takeBack(shown)
  return { drop: 'no code left to repaint it', ...(recall && { recall }) }
}

const tell: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  const { seq, as } = row.data as { seq: number; as: 'applicant' | 'desk' }
  const fact = scene?.leave.facts.find(one => one.seq === seq)
  if (!scene || !fact) return gone
  const text = as === 'applicant' ? tellApplicant(scene, fact) : tellDesk(scene, fact)
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text } }
}

const remind: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  if (!scene) return gone
  if (scene.leave.view.state !== 'asked' || !scene.deciders.people.includes(row.personId ?? ''))
    return { drop: 'it was decided meanwhile' }
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text: remindDecider(scene) }, worth: 'should' }
}

export const leaveComposers: Composers = {
  'leave.card': card,
  'leave.repaint': repaint,
  'leave.tell': tell,
  'leave.remind': remind,
}

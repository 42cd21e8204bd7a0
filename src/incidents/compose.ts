import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Composed, Composer, Composers, Recall } from '../outbox/compose.ts'
import { cardById, liveCards, painted, retire, type ShownCard, showCard } from '../outbox/shown.ts'
import type { OutboxRow } from '../outbox/store.ts'
import { type ProposedData, proposedKind } from './announce.ts'
import { drawIncident, replacedIncident } from './card.ts'
import { byItself, lookBy } from './enact.ts'
import { type IncidentScene, incidentScene, rulesOf } from './look.ts'
import { loadIncident, lockIncident } from './rows.ts'
import { appendIncident } from './store.ts'
import { proposedText, remindAnswer, tellDesk, tellDismissal, tellPerson } from './words.ts'

const gone: Composed = { drop: 'the incident is gone' }

async function sceneFor(tx: Tx, ctx: Context, id: string | null): Promise<IncidentScene | null> {
  const incident = id === null ? null : await loadIncident(tx, ctx.company, id)
  return incident && incidentScene(tx, ctx, incident)
}

const takeBack = ({ platform, messageId, handle }: ShownCard, instead?: Recall['instead']): Recall | null =>
  messageId === null
    ? null
    : { platform: platform as PlatformName, messageId, ...(handle && instead && { instead: { ...instead, handle } }) }

/** An incident for the one it is about, or an appeal for whoever answers it. */
const card: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  if (!scene) return gone
  const personId = row.personId ?? ''
  const { view } = scene.incident
  const { asked = false } = row.data as { asked?: boolean }
  const mine = personId === view.person
  if (!asked && mine && view.state === 'dropped') return { drop: 'it was dropped before its card was sent' }
  if (!asked && !mine && (view.state !== 'appealed' || !scene.deciders.includes(personId)))
    return { drop: 'it was answered before its card was sent' }
  return cardOf(row, tx, ctx, scene)
}

async function cardOf(row: OutboxRow, tx: Tx, ctx: Context, scene: IncidentScene): Promise<Composed> {
  const personId = row.personId ?? ''
  const { id } = scene.incident
  const drawn = drawIncident(scene, { personId })
  const old = (await liveCards(tx, ctx.company, [id])).find(shown => shown.personId === personId)
  const taskId = `incident_${row.id}`
  const recall = old && takeBack(old, { handle: '', card: replacedIncident(drawn) })
  return {
    ...{ to: { person: personId }, message: { kind: 'card', card: drawn }, taskId },
    ...(recall && { recall }),
    sent: async (after, sent, platform) => {
      const shown = { subject: id, personId, platform, taskId, version: drawn.version }
      const handle = { handle: sent.repaint?.handle, handleExpiresAt: sent.repaint?.expiresAt }
      await showCard(after, ctx.company, shown, { messageId: sent.messageId, ...handle }, ctx.clock.now())
      if (row.kind === proposedKind) await shownTo(after, ctx, [id], personId)
    },
  }
}

/** One proposal is a card; several that came close together are one list. */
const proposed: Composer = async (row, tx, ctx) => {
  const personId = row.personId ?? ''
  const scenes: IncidentScene[] = []
  for (const { id } of (row.data as ProposedData).items) {
    const scene = await sceneFor(tx, ctx, id)
    const waits = scene?.incident.view.state === 'proposed' && scene.deciders.includes(personId)
    if (waits && !scenes.some(({ incident }) => incident.id === id)) scenes.push(scene)
  }
  const [first, second] = scenes
  if (!first) return { drop: 'nothing of it waits any more' }
  if (!second) return cardOf(row, tx, ctx, first)
  const ids = scenes.map(({ incident }) => incident.id)
  return {
    ...{ to: { person: personId }, message: { kind: 'text', text: proposedText(scenes) } },
    sent: after => shownTo(after, ctx, ids, personId),
  }
}

async function shownTo(tx: Tx, ctx: Context, ids: readonly string[], to: string): Promise<void> {
  for (const id of ids) {
    const incident = await lockIncident(tx, ctx.company, id)
    if (!incident) continue
    const next = lookBy(rulesOf(ctx, incident))
    await appendIncident(tx, incident, [{ fact: 'shown', to }], byItself(ctx.clock.now()), next)
  }
}

/** Draws a card again after somebody else decided. Without a code left it is taken back: its buttons do nothing any more. */
const repaint: Composer = async (row, tx, ctx) => {
  const shown = await cardById(tx, ctx.company, (row.data as { card: string }).card)
  const scene = shown?.live ? await sceneFor(tx, ctx, shown.subject) : null
  if (!shown || !scene) return gone
  const { view, facts } = scene.incident
  if (shown.version >= view.look) return { drop: 'drawn already' }
  const drawn = drawIncident(scene, { personId: shown.personId })
  const { handle } = shown
  const last = facts.at(-1)
  // What he decided on a page leaves a card in his chat that knows nothing of it.
  const byHimself = last?.by === shown.personId && last.via !== 'page'
  if (handle && shown.handleExpiresAt && shown.handleExpiresAt > ctx.clock.now())
    return {
      to: { person: shown.personId, on: shown.platform as PlatformName },
      ...{ message: { kind: 'card', card: drawn }, taskId: shown.taskId, repaint: { handle } },
      worth: byHimself ? 'nice' : 'should',
      sent: (after, sent) => painted(after, ctx.company, shown.id, drawn.version, sent.repaint ? null : handle),
      stale: after => retire(after, ctx.company, shown.id),
    }
  // Buttons that still do what they say may stay, and what he was told of must not vanish from his screen.
  if (shown.personId === view.person && view.state !== 'dropped') return { drop: 'no code left to repaint it' }
  await retire(tx, ctx.company, shown.id)
  const recall = byHimself ? null : takeBack(shown)
  return { drop: 'no code left to repaint it', ...(recall && { recall }) }
}

const tell: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  const { seq, as } = row.data as { seq: number; as: 'person' | 'desk' | 'dismissal' }
  const fact = scene?.incident.facts.find(one => one.seq === seq)
  if (!scene || !fact) return gone
  if (as === 'dismissal' && scene.incident.view.state === 'dropped') return { drop: 'it was dropped meanwhile' }
  const text = as === 'person' ? tellPerson(scene, fact) : as === 'desk' ? tellDesk(scene, fact) : tellDismissal(scene)
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text } }
}

const remind: Composer = async (row, tx, ctx) => {
  const scene = await sceneFor(tx, ctx, row.subject)
  if (!scene) return gone
  if (scene.incident.view.state !== 'appealed' || !scene.deciders.includes(row.personId ?? ''))
    return { drop: 'it was answered meanwhile' }
  return { to: { person: row.personId ?? '' }, message: { kind: 'text', text: remindAnswer(scene) }, worth: 'should' }
}

export const incidentComposers: Composers = {
  'incident.card': card,
  [proposedKind]: proposed,
  'incident.repaint': repaint,
  'incident.tell': tell,
  'incident.remind': remind,
}

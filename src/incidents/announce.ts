import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Speech } from '../orders/announce.ts'
import { afterQuiet } from '../orders/quiet.ts'
import { putListed } from '../outbox/adjoin.ts'
import { liveCards, repaintKey } from '../outbox/shown.ts'
import { put, type Telling } from '../outbox/store.ts'
import type { IncidentFact, IncidentFactName } from './fact.ts'
import type { IncidentRecord } from './incident.ts'
import { type IncidentScene, incidentScene } from './look.ts'

/** The row that lists what was proposed. */
export const proposedKind = 'incident.proposed'
export interface ProposedData {
  items: Array<{ id: string }>
}

/** Facts that are sentences to the one it is about; the card that comes with the first two says it all. */
const toPerson: ReadonlySet<IncidentFactName> = new Set(['dropped', 'upheld', 'rejected', 'amended'])

/**
 * Puts into the outbox what facts about an incident mean: the one it is about hears of all that counts, managers of what
 * waits for them, whoever proposed it of what became of it. A group hears of nothing.
 */
export async function announceIncident(
  tx: Tx,
  ctx: Context,
  incident: IncidentRecord,
  added: readonly IncidentFact[],
  speech: Pick<Speech, 'tapped'>,
): Promise<void> {
  if (added.length === 0) return
  const scene = await incidentScene(tx, ctx, incident)
  const { view, id } = incident
  const { now } = scene
  const tellings: Telling[] = []
  const tell = (fact: IncidentFact, people: Iterable<string>, as: 'person' | 'desk' | 'dismissal') => {
    for (const person of new Set(people))
      if (person !== fact.by)
        tellings.push({
          ...{ kind: 'incident.tell', to: { person }, subject: id, data: { seq: fact.seq, as } },
          dedupeKey: `incident:${id}:${fact.seq}:${as}:${person}`,
        })
  }
  const wants = new Set<string>()
  for (const fact of added) {
    const before = incident.facts.filter(({ seq }) => seq < fact.seq)
    if (fact.fact === 'entered' || fact.fact === 'confirmed') wants.add(view.person)
    if (fact.fact === 'appealed') for (const person of scene.deciders) wants.add(person)
    if (toPerson.has(fact.fact) && knewOf(before)) tell(fact, [view.person], 'person')
    if (dismisses(fact)) tell(fact, scene.deciders, 'dismissal')
    const proposer = view.by
    if ((fact.fact === 'confirmed' || fact.fact === 'dropped') && proposer && proposer !== view.person)
      tell(fact, [proposer], 'desk')
    if (fact.fact === 'dropped' && fact.why === 'gone') tell(fact, view.shownTo, 'desk')
  }
  for (const person of wants)
    tellings.push({
      ...{ kind: 'incident.card', to: { person }, subject: id },
      dedupeKey: `incidentCard:${id}:${view.version}:${person}`,
    })
  const cards = await liveCards(tx, ctx.company, [id])
  for (const card of cards.filter(one => one.version < view.look && !wants.has(one.personId)))
    tellings.push({
      ...{ kind: 'incident.repaint', to: { person: card.personId }, subject: id, lane: `card:${card.id}` },
      ...{ data: { card: card.id }, coalesce: repaintKey(card.id), dedupeKey: `${repaintKey(card.id)}:${view.look}` },
      at: new Date(now.getTime() + (speech.tapped?.shownId === card.id ? speech.tapped.graceMs : 0)),
    })
  await put(tx, ctx.company, tellings, now)
  if (added.some(({ fact }) => fact === 'proposed' || fact === 'renewed')) await propose(tx, ctx, scene)
}

/** He heard of it: it has counted. */
const knewOf = (before: readonly IncidentFact[]): boolean =>
  before.some(({ fact }) => fact === 'entered' || fact === 'confirmed')

/** Dismissal is proposed to the managers, by whom it is decided. */
const dismisses = (fact: IncidentFact): boolean =>
  (fact.fact === 'entered' || fact.fact === 'confirmed') && fact.is.proposesDismissal

/** What is proposed to a manager close together is one message: what the service finds waits a moment for more of it. */
async function propose(tx: Tx, ctx: Context, { incident, deciders, policy, now }: IncidentScene): Promise<void> {
  const { id, view } = incident
  const byHand = incident.facts[0]?.via !== 'system'
  const at = byHand ? now : afterQuiet(policy, new Date(now.getTime() + policy.mergeWithinMs))
  const tellings = deciders.map(person => ({
    ...{ kind: proposedKind, to: { person }, lane: `incidents:${person}`, at },
    data: { items: [{ id }] } satisfies ProposedData,
    dedupeKey: `incidentProposed:${id}:${view.version}:${person}`,
  }))
  await putListed(tx, ctx.company, proposedKind, tellings, now)
}

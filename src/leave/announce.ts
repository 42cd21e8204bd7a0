import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Speech } from '../orders/announce.ts'
import { liveCards, repaintKey } from '../outbox/shown.ts'
import { put, type Telling } from '../outbox/store.ts'
import { rolesIn } from '../people/person.ts'
import type { LeaveFact, LeaveFactName } from './fact.ts'
import { leaveScene } from './look.ts'
import { isPending, type LeaveRecord, proposerOf } from './request.ts'

/** Facts the one it is about hears of, unless he did it himself. */
const toApplicant: ReadonlySet<LeaveFactName> = new Set([
  ...(['asked', 'passed', 'granted', 'rejected', 'lapsed', 'cancelled', 'shortened', 'recounted', 'unsent'] as const),
  'homeward',
])
/** Facts the desk has to act on or plan with. */
const toDesk: ReadonlySet<LeaveFactName> = new Set(['granted', 'handedBack', 'cancelled', 'shortened'])
/** Facts whoever was asked to decide hears of; their cards say the rest. */
const toDeciders: ReadonlySet<LeaveFactName> = new Set(['withdrawn', 'refused', 'proof', 'lapsed'])
/** After these somebody else has it, or has it again. */
const asksAnew: ReadonlySet<LeaveFactName> = new Set(['asked', 'passed', 'taken'])

/** Puts into the outbox what facts about a request mean for everybody: those who decide, the one it is about, the desk. */
export async function announceLeave(
  tx: Tx,
  ctx: Context,
  leave: LeaveRecord,
  added: readonly LeaveFact[],
  speech: Pick<Speech, 'tapped'>,
): Promise<void> {
  const scene = await leaveScene(tx, ctx, leave)
  if (!scene || added.length === 0) return
  const { view, id } = leave
  const now = ctx.clock.now()
  const tellings: Telling[] = []
  const tell = (fact: LeaveFact, people: readonly string[], as: 'applicant' | 'desk') => {
    // What he did in another app he has not seen here.
    for (const person of new Set(people))
      if (person !== fact.by || fact.via === 'platform')
        tellings.push({
          ...{ kind: 'leave.tell', to: { person }, subject: id, data: { seq: fact.seq, as } },
          dedupeKey: `leave:${id}:${fact.seq}:${person}`,
        })
  }
  const desk = scene.setting.circle.people
    .filter(person => person.id !== view.person && rolesIn(person, leave.teamId).includes('dispatcher'))
    .map(({ id: person }) => person)
  const cards = await liveCards(tx, ctx.company, [id])
  const asked = cards.filter(({ personId }) => personId !== view.person).map(({ personId }) => personId)
  for (const fact of added) {
    const withdrawnThere = fact.fact === 'withdrawn' && fact.via === 'platform'
    if (toApplicant.has(fact.fact) || withdrawnThere) tell(fact, [view.person], 'applicant')
    if (toDesk.has(fact.fact) && !(fact.fact === 'granted' && view.kind !== 'leave' && view.kind !== 'extend'))
      tell(fact, desk, 'desk')
    const proposer = fact.fact === 'taken' ? proposerOf(leave) : null
    if (proposer !== null) tell(fact, [proposer], 'desk')
    if (toDeciders.has(fact.fact))
      tell(
        fact,
        [...asked, ...scene.deciders.people].filter(p => p !== view.person),
        'desk',
      )
    const filed = leave.facts[0]?.by
    if (filed && filed !== view.person && ['granted', 'rejected', 'lapsed'].includes(fact.fact))
      tell(fact, [filed], 'desk')
  }
  const last = added.at(-1)
  const wants: string[] = []
  // Where the platform's own approval asks, the card says what that does not: orders, who else is away, cost (R4.10).
  if (isPending(view) && added.some(({ fact }) => asksAnew.has(fact))) wants.push(...scene.deciders.people)
  if (added.some(({ fact }) => fact === 'proposed')) wants.push(view.person)
  for (const person of new Set(wants))
    tellings.push({
      ...{ kind: 'leave.card', to: { person }, subject: id, dedupeKey: `leaveCard:${id}:${view.version}:${person}` },
    })
  const stale = cards.filter(card => card.version < view.look && !wants.includes(card.personId))
  for (const card of stale)
    tellings.push({
      ...{ kind: 'leave.repaint', to: { person: card.personId }, subject: id, lane: `card:${card.id}` },
      ...{ data: { card: card.id }, coalesce: repaintKey(card.id), dedupeKey: `${repaintKey(card.id)}:${view.look}` },
      at: new Date(now.getTime() + (speech.tapped?.shownId === card.id ? speech.tapped.graceMs : 0)),
    })
  if (last) await put(tx, ctx.company, tellings, now)
}

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Speech } from '../orders/announce.ts'
import type { IncidentItem } from '../policy/incidentrule.ts'
import type { Policy } from '../policy/schema.ts'
import { announceIncident } from './announce.ts'
import { type Consequence, consequenceOf, type Objection, type Told } from './consequence.ts'
import type { IncidentBody, Opened } from './fact.ts'
import { ofOrder, sameKind } from './find.ts'
import type { IncidentRecord, IncidentView } from './incident.ts'
import { rulesOf, type Setting } from './look.ts'
import { nextReminder } from './next.ts'
import { repeatsAmong } from './repeats.ts'
import { lockIncident } from './rows.ts'
import { appendIncident, createIncident, type Frame } from './store.ts'

/** What incidents come to, and what follows. Each runs in the transaction it is handed. */

export const frameOf = (now: Date, by: { id: string } | null, speech: Pick<Speech, 'via' | 'words'>): Frame => ({
  ...{ at: now.toISOString(), by: by?.id ?? null, via: speech.via },
  ...(speech.words !== undefined && { words: speech.words }),
})

export const byItself = (now: Date): Frame => ({ at: now.toISOString(), by: null, via: 'system' })

/** When an incident is to be looked at by itself. */
export const lookBy = (policy: Policy) => (view: IncidentView) => nextReminder(view, policy)?.at ?? null

export type Reckoned = { is: Consequence; nth: number } | { objection: Objection }

/** What an item comes to for a person on a day, and which one of its kind it is. `expected`: as a proposal. */
export async function reckon(
  tx: Tx,
  company: string,
  given: { item: IncidentItem; told: Told; personId: string; day: string; except?: string; expected: boolean },
): Promise<Reckoned> {
  const { item, told, personId, day, except, expected } = given
  const others = await sameKind(tx, company, { personId, item: item.name, ...(except && { except }) })
  const nth = repeatsAmong(others, day, { expected })
  const found = consequenceOf(item, told, nth)
  return 'is' in found ? { is: found.is, nth: nth('month') } : found
}

/** Writes a new incident and tells everybody. What it takes the place of is dropped. */
export async function open(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  given: { body: Opened; counts: boolean; source: string | null; media?: readonly string[] },
  frame: Frame,
): Promise<IncidentRecord> {
  const { body, counts, source, media = [] } = given
  const { team, policy } = setting
  const opening = { teamId: team.id, team: team.name, source, body: { fact: kindOf(counts), ...body } }
  const made = await createIncident(tx, ctx.company, opening, frame, lookBy(policy))
  const photos = media.map((id): IncidentBody => ({ fact: 'photo', media: id }))
  const record = await appendIncident(tx, made, photos, frame, lookBy(policy))
  await announceIncident(tx, ctx, record, record.facts, {})
  await replace(tx, ctx, record)
  return record
}

const kindOf = (counts: boolean) => (counts ? ('entered' as const) : ('proposed' as const))

/** Adds facts to a locked incident and tells everybody. */
export async function note(
  tx: Tx,
  ctx: Context,
  incident: IncidentRecord,
  bodies: readonly IncidentBody[],
  frame: Frame,
  speech: Pick<Speech, 'tapped'> = {},
): Promise<IncidentRecord> {
  const after = await appendIncident(tx, incident, bodies, frame, lookBy(rulesOf(ctx, incident)))
  await announceIncident(tx, ctx, after, after.facts.slice(incident.facts.length), speech)
  if (bodies.some(({ fact }) => fact === 'confirmed' || fact === 'renewed')) await replace(tx, ctx, after)
  return after
}

/**
 * Past 48 h the 80 takes the place of the 30 of the same order: a proposal at once, what counts already only when its
 * successor does.
 */
async function replace(tx: Tx, ctx: Context, { company, id, code, view, facts }: IncidentRecord): Promise<void> {
  const { order, person, item: name, state } = view
  const item = rulesOf(ctx, { view, facts }).incidents?.items.find(one => one.name === name)
  if (!order || !item) return
  const others = await ofOrder(tx, company, { personId: person, orderId: order.id, items: item.replaces })
  for (const other of others) {
    const before = other === id ? null : await lockIncident(tx, company, other)
    if (!before || before.view.state === 'dropped') continue
    if (state === 'proposed' && before.view.state !== 'proposed') continue
    const body: IncidentBody = { fact: 'dropped', why: 'replaced', reason: `由 ${code}（${name}）代替` }
    await note(tx, ctx, before, [body], byItself(ctx.clock.now()))
  }
}

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { sayDay } from '../leave/daywords.ts'
import type { Speech } from '../orders/announce.ts'
import type { IncidentItem } from '../policy/incidentrule.ts'
import type { Consequence, Objection, Told } from './consequence.ts'
import { decideIncident, type IncidentCommand } from './decide.ts'
import { frameOf, note, open, reckon } from './enact.ts'
import type { Opened } from './fact.ts'
import type { IncidentRecord } from './incident.ts'
import { type IncidentScene, incidentScene, type Setting } from './look.ts'
import { lockIncident } from './rows.ts'
import { lockPerson } from './store.ts'

/** Changes to incidents. Each runs in the transaction it is handed; `Refusal` says what to do instead, and nothing is half done. */

export interface Entry {
  person: { id: string }
  item: IncidentItem
  day: string
  order?: { id: string; code: string } | undefined
  told: Told
  note: string
  media: readonly string[]
  /** Null: a program. */
  by: { id: string } | null
  /** Whether it counts at once, or waits for a manager. */
  counts: boolean
}

/** Enters an incident, or says what the catalogue has to know of it first (R9–R12). */
export async function enterIncident(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  entry: Entry,
  speech: Speech,
): Promise<{ made: IncidentRecord } | { objection: Objection }> {
  const { person, item, day, order, told, by, counts, media } = entry
  const { today, name, policy, now } = setting
  if (day > today) throw new Refusal('day', `${sayDay(day, today)}还没到，不能先记。`)
  await lockPerson(tx, ctx.company, person.id)
  const found = await reckon(tx, ctx.company, { item, told, personId: person.id, day, expected: !counts })
  if ('objection' in found) return found
  const body: Opened = {
    ...{ person: person.id, item: item.name, day, told, ...found },
    policy: { name, version: policy.version },
    ...(order && { order }),
    ...(item.rule && { rule: item.rule }),
    ...(entry.note && { note: entry.note }),
  }
  return { made: await open(tx, ctx, setting, { body, counts, source: null, media }, frameOf(now, by, speech)) }
}

/** A command as it was said: what a confirmation comes to is reckoned here. */
export type SaidCommand = Exclude<IncidentCommand, { do: 'confirm' }> | { do: 'confirm' }

/** Does one thing to an incident that is there. */
export async function decideOn(
  tx: Tx,
  ctx: Context,
  request: { id: string; command: SaidCommand; by: { id: string } | null },
  speech: Speech,
): Promise<IncidentRecord> {
  const { id, by } = request
  const before = await lockIncident(tx, ctx.company, id)
  if (!before) throw new Refusal('unknown', '找不到这条奖惩。回复「奖惩」看看。')
  const scene = await incidentScene(tx, ctx, before)
  const command =
    request.command.do === 'confirm' ? { do: 'confirm' as const, ...(await asOfNow(tx, ctx, scene)) } : request.command
  const { lastAppealDay: last, today, deciders, nameOf } = scene
  const bodies = decideIncident(before.view, command, {
    ...{ code: before.code, actor: by?.id ?? null, deciders: new Set(deciders), nameOf, today },
    ...{ lastAppealDay: last ?? '', lastAppealWords: last ? sayDay(last, today) : '' },
  })
  return note(tx, ctx, before, bodies, frameOf(scene.now, by, speech), speech)
}

/** Others may have been dropped or confirmed since it was proposed: which one it is decides what it costs. */
async function asOfNow(
  tx: Tx,
  ctx: Context,
  { incident, item }: IncidentScene,
): Promise<{ is: Consequence; nth: number }> {
  const { view, id } = incident
  if (!item || view.state !== 'proposed') return { is: view.is, nth: view.nth }
  await lockPerson(tx, ctx.company, view.person)
  const { person: personId, told, day } = view
  const found = await reckon(tx, ctx.company, { item, told, personId, day, except: id, expected: false })
  return 'is' in found ? found : { is: view.is, nth: view.nth }
}

/** Photos that belong to an incident: its evidence, or, from the one it is about, that of his appeal. */
export async function addPhotos(
  tx: Tx,
  ctx: Context,
  request: { id: string; media: readonly string[]; by: { id: string } },
  speech: Speech,
): Promise<IncidentRecord | null> {
  const before = await lockIncident(tx, ctx.company, request.id)
  if (!before || before.view.state === 'dropped') return null
  const bodies = request.media.map(media => ({ fact: 'photo' as const, media }))
  return note(tx, ctx, before, bodies, frameOf(ctx.clock.now(), request.by, speech), speech)
}

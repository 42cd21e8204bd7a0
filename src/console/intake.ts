import { z } from 'zod'
import { readPaste } from '../chat/paste.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { fieldsOf } from '../http/orderfields.ts'
import { HttpProblem } from '../http/problem.ts'
import { orderInput } from '../http/schema.ts'
import type { Viewer } from '../login/viewer.ts'
import { openCodesWithPhone } from '../orders/find.ts'
import { openOrder } from '../orders/flow.ts'
import type { OrderRecord } from '../orders/record.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { peopleOf, personById } from '../people/store.ts'
import { needReach } from './reach.ts'
import type { Pasted } from './wire.ts'

export const pasteWish = z.strictObject({ team: z.uuid(), text: z.string().trim().min(1).max(4_000) })

/** What the form sends: as the API takes it, the team and the technician by their ids. */
export const newOrderWish = orderInput.omit({ team: true, assign: true }).extend({
  team: z.uuid(),
  assign: z.uuid().optional(),
  /** The text it was read from, kept as the words it came with. */
  words: z.string().trim().max(4_000).optional(),
})

/** Reads a text as chat does; nothing is opened. */
export async function readPasted(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  { team: teamId, text }: z.output<typeof pasteWish>,
): Promise<Pasted> {
  const team = await needReach(tx, ctx, viewer, teamId, 'dispatch')
  const people = await peopleOf(tx, ctx.company, [team.id])
  const { zone } = ctx.policy(team.policy)
  const job = readPaste(text, { now: ctx.clock.now(), zone, names: people.map(({ name }) => name) })
  const { wanted, wantedWords, technician, ...draft } = job
  const named = people.find(person => person.name === technician && isTechnician(person, team.id))
  return {
    draft: { ...draft, ...(wanted && { wantedAt: wanted.from.toISOString() }), ...(named && { technician: named.id }) },
    unread: wantedWords ?? null,
    others: draft.phone ? await openCodesWithPhone(tx, ctx.company, draft.phone) : [],
  }
}

/** @throws HttpProblem 404, 422 */
export async function openFromPage(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  { words, assign, ...input }: z.output<typeof newOrderWish>,
): Promise<OrderRecord> {
  const team = await needReach(tx, ctx, viewer, input.team, 'dispatch')
  const technician = assign === undefined ? null : await personById(tx, ctx.company, assign)
  if (assign !== undefined && !(technician && isTechnician(technician, team.id)))
    throw new HttpProblem(422, 'Not a technician', '选的人不是本班组的技术员，请换一个人。')
  const by = await personById(tx, ctx.company, viewer.person.id)
  const { order } = await openOrder(tx, ctx, {
    ...{ teamId: team.id, policy: team.policy, fields: fieldsOf(input), by },
    speech: { via: 'page', ...(words && { words }) },
    assignTo: technician?.id,
  })
  return order
}

const isTechnician = (person: Person, teamId: string): boolean => rolesIn(person, teamId).includes('technician')

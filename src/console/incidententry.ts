import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { HttpProblem } from '../http/problem.ts'
import { isReward } from '../incidents/choose.ts'
import type { Told } from '../incidents/consequence.ts'
import { reckon } from '../incidents/enact.ts'
import { likeIncidents, postOn } from '../incidents/find.ts'
import { enterIncident } from '../incidents/flow.ts'
import { incidentScene, needSetting, type Setting } from '../incidents/look.ts'
import { sayCost, sayEffects, sayWanted } from '../incidents/saying.ts'
import { hasRole, isSelf, type Viewer } from '../login/viewer.ts'
import { orderByCode } from '../orders/rows.ts'
import { rolesIn } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { amountOf } from '../policy/fen.ts'
import { type IncidentItem, itemFor } from '../policy/incidentrule.ts'
import { points, yuan } from './incidentacts.ts'
import { incidentDetails, incidentRows } from './incidentshow.ts'
import type { CatalogueItem, IncidentCatalogue, IncidentDone, IncidentPreview } from './incidentwire.ts'
import { needReach } from './reach.ts'

/** A new incident by form: what the catalogue wants to know, what it comes to, and whether one like it is there. */

export const incidentWish = z.strictObject({
  ...{ team: z.uuid(), person: z.uuid(), item: z.string().min(1).max(20), day: z.iso.date() },
  order: z.string().trim().min(1).max(20).optional(),
  ...{ amount: yuan.optional(), points: points.optional(), base: yuan.optional(), loss: yuan.optional() },
  words: z.string().trim().max(500).default(''),
  again: z.boolean().default(false),
})
export type IncidentWished = z.output<typeof incidentWish>

/** The catalogue as it is for somebody's post on a day; without a person that which is for everybody. */
export async function catalogueFor(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  given: { team: string; person?: string | undefined; day?: string | undefined },
): Promise<IncidentCatalogue> {
  const team = await needReach(tx, ctx, viewer, given.team, 'dispatch')
  const { rule, today } = await needSetting(tx, ctx, team.id)
  const at = { teamId: team.id, day: given.day ?? today }
  const post = given.person ? await postOn(tx, ctx.company, { ...at, personId: given.person }) : null
  const items = rule.items.filter(item => itemFor(rule, item.name, post) === item)
  return { today, items: items.map(shown) }
}

function shown(item: IncidentItem): CatalogueItem {
  const { between, times, compensates } = item
  const money = between?.fine ?? between?.reward
  const range = between?.points
  return {
    ...{ name: item.name, group: item.group ?? '其他', cost: sayCost(item), gives: isReward(item) },
    needs: {
      amount: money ? { from: sum(money[0]), to: money[1] === null ? null : sum(money[1]) } : null,
      points: range ? { from: Math.abs(range[0]), to: Math.abs(range[1]) } : null,
      ...{ base: times?.of ?? null, loss: compensates },
    },
  }
}

const sum = (fen: number): string => amountOf(BigInt(fen))

interface Meant {
  setting: Setting
  person: { id: string }
  item: IncidentItem
  told: Told
  order: { id: string; code: string } | undefined
  /** A manager's counts at once; of himself nobody decides. */
  counts: boolean
}

/** @throws HttpProblem 404, 422 */
async function meant(tx: Tx, ctx: Context, viewer: Viewer, wish: IncidentWished): Promise<Meant> {
  const team = await needReach(tx, ctx, viewer, wish.team, 'dispatch')
  const setting = await needSetting(tx, ctx, team.id)
  const person = await personById(tx, ctx.company, wish.person)
  if (!person || rolesIn(person, team.id).length === 0)
    throw new HttpProblem(404, 'Not found', `「${team.name}」里没有这个人。`)
  const post = await postOn(tx, ctx.company, { teamId: team.id, personId: person.id, day: wish.day })
  const item = itemFor(setting.rule, wish.item, post)
  if (!item) throw new HttpProblem(422, 'Unknown item', `制度里没有给${person.name}用的「${wish.item}」，请另选一项。`)
  const found = wish.order ? await orderByCode(tx, ctx.company, wish.order) : null
  if (wish.order && found?.teamId !== team.id)
    throw new HttpProblem(422, 'Unknown order', `「${team.name}」没有 ${wish.order} 这张单，请核对单号，或不填。`)
  const takes = (item.points ?? item.between?.points?.[0] ?? 0) < 0
  const { amount, points: much, base, loss } = wish
  return {
    ...{ setting, person, item, order: found ? { id: found.id, code: found.code } : undefined },
    told: {
      ...(amount !== undefined && { fen: amount }),
      ...(much !== undefined && { points: takes ? -much : much }),
      ...(base !== undefined && { base }),
      ...(loss !== undefined && { loss }),
    },
    counts: hasRole(viewer, team.id, ['manager']) && !isSelf(viewer, person.id),
  }
}

const likeOf = (tx: Tx, ctx: Context, { day }: IncidentWished, { person, item, order }: Meant) =>
  likeIncidents(tx, ctx.company, { personId: person.id, item: item.name, day, orderId: order?.id })

/** One of the same item, day and order: most likely the same thing entered twice. */
const sameAs = (found: Awaited<ReturnType<typeof likeOf>>, { day }: IncidentWished, { item, order }: Meant) =>
  found.find(
    ({ view }) => view.item === item.name && (order && view.order ? view.order.id === order.id : view.day === day),
  )

/** What it would come to; nothing is written. */
export async function previewed(tx: Tx, ctx: Context, viewer: Viewer, wish: IncidentWished): Promise<IncidentPreview> {
  const what = await meant(tx, ctx, viewer, wish)
  const { item, told, person, counts } = what
  const given = { item, told, personId: person.id, day: wish.day, expected: !counts }
  const found = await reckon(tx, ctx.company, given)
  const like = await likeOf(tx, ctx, wish, what)
  return {
    ...('is' in found
      ? { effects: sayEffects(found.is, { manager: true }), wanted: null, nth: found.nth }
      : { effects: null, wanted: sayWanted(item, found.objection), nth: 1 }),
    ...{ counts, like: await incidentRows(tx, ctx, viewer, like), same: sameAs(like, wish, what) !== undefined },
  }
}

/** Enters it. @throws HttpProblem 404, 422; Refusal (409) where the same is there already */
export async function enteredBy(tx: Tx, ctx: Context, viewer: Viewer, wish: IncidentWished): Promise<IncidentDone> {
  const what = await meant(tx, ctx, viewer, wish)
  const { setting, item, counts } = what
  const same = sameAs(await likeOf(tx, ctx, wish, what), wish, what)
  if (same && !wish.again)
    throw new Refusal(
      'same',
      `${same.code} 已经记过同样的「${item.name}」，没有再记。确实是另一次，请勾上「这是另一次」再提交。`,
    )
  const entry = { ...what, day: wish.day, note: wish.words, media: [], by: viewer.person }
  const found = await enterIncident(tx, ctx, setting, entry, { via: 'page' })
  if ('objection' in found) throw new HttpProblem(422, 'Not so', sayWanted(item, found.objection))
  const scene = await incidentScene(tx, ctx, found.made)
  const { nameOf } = scene
  const who = nameOf(found.made.view.person)
  const managers = scene.deciders.map(nameOf).slice(0, 3).join('、')
  const said = counts
    ? `✅ 已记 ${found.made.code}，已告诉${who}。`
    : managers
      ? `已提出 ${found.made.code}，等${managers}确认，确认以前不算数。`
      : `已提出 ${found.made.code}。现在没有经理能确认，请先让管理员录入经理。`
  return { said, incident: await incidentDetails(tx, ctx, viewer, scene) }
}

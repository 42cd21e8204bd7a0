import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { standing } from '../orders/fact.ts'
import { change } from '../orders/flow.ts'
import { sceneOf } from '../orders/look.ts'
import { worksOn } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { loadOrder } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import { put } from '../outbox/store.ts'
import { type Person, runsDesk } from '../people/person.ts'
import type { RatingForm } from './form.ts'
import { mayBeRated } from './rate.ts'
import { codeText, noPages } from './words.ts'

const dayMs = 86_400_000

/** Where an order's customer rates it, and until when; null where he can't. */
export function wayToRate(ctx: Context, order: OrderRecord): { link: string; until: Date } | null {
  const done = standing(order.facts).findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
  if (!ctx.pages || !done || !mayBeRated(order.view)) return null
  const until = new Date(Date.parse(done.at) + rulesOf(ctx, order).rating.days * dayMs)
  return { link: ctx.pages.rating(order.id, until), until }
}

/** Where the picture goes: the own chat of whoever asks, on the platform he asks on. `key`: what he said, so that it comes once. */
export interface Asker {
  person: Person
  platform: PlatformName
  userId: string
  key: string
}

/**
 * 评价码: the picture with the code goes out, and the words that come with it are returned. With `words` they are sent
 * as well, for where the answer is read by others or is a card.
 */
export async function sendCode(
  tx: Tx,
  ctx: Context,
  order: OrderRecord,
  { person, platform, userId, key }: Asker,
  also: { words: boolean },
): Promise<string> {
  const { code, view } = order
  if (!worksOn(view, person.id) && !runsDesk(person, order.teamId))
    throw new Refusal('role', `${code} 的评价码只有做这单的师傅、派工员和经理能要。`)
  if (!ctx.pages) throw new Refusal('page', noPages)
  if (view.fields.kind === 'revisit') throw new Refusal('step', `${code} 是回访单，本身就是问客户的，不用再评价。`)
  const way = wayToRate(ctx, order)
  if (!way) throw new Refusal('step', `${code} 还没完工，完工以后才有评价码。`)
  if (view.revisit?.rating) throw new Refusal('rated', `${code} 客户已经评价过了，谢谢你让客户评价。`)
  const now = ctx.clock.now()
  if (way.until <= now) throw new Refusal('late', `${code} 完工太久，评价已经截止。要记满意度请派工员回访。`)
  const data = { platform, userId }
  const row = { to: { person: person.id }, subject: order.id, data, aside: 'answer' as const }
  await put(
    tx,
    ctx.company,
    [
      ...(also.words ? [{ ...row, kind: 'rating.words', dedupeKey: `ratingWords:${platform}:${key}` }] : []),
      { ...row, kind: 'rating.code', dedupeKey: `ratingCode:${platform}:${key}` },
    ],
    now,
  )
  return codeText(await sceneOf(tx, ctx, order), way.link, way.until)
}

/** The customer rates on his page. Throws `Refusal` where he can't any more, or it is not his phone's to change. */
export async function submitRating(
  ctx: Context,
  orderId: string,
  form: RatingForm,
  visitor: string | undefined,
): Promise<void> {
  await inTransaction(ctx.db, async tx => {
    const { words, ...given } = form
    const command = {
      ...{ do: 'rate' as const, ...given, settles: await settles(tx, ctx, orderId) },
      ...(words !== undefined && { words }),
      ...(visitor !== undefined && { visitor }),
    }
    await change(tx, ctx, { orderId, command, by: null, speech: { via: 'page', words } })
  })
  ctx.ring()
}

async function settles(tx: Tx, ctx: Context, orderId: string): Promise<boolean> {
  const order = await loadOrder(tx, ctx.company, orderId)
  return order !== null && rulesOf(ctx, order).rating.settles
}

import { DateTime } from 'luxon'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { postOn } from '../incidents/find.ts'
import { jobName } from '../orders/card.ts'
import { standing } from '../orders/fact.ts'
import { loadOrder } from '../orders/rows.ts'
import { rulesOf } from '../orders/rules.ts'
import { maskName, maskPhones } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { customerName, streetOf } from './masks.ts'
import type { RatingPage } from './page.ts'
import { mayBeRated, mayChange } from './rate.ts'

/** What an order's customer sees on his page; null where there is nothing to rate (any more). */
export async function ratingPage(
  tx: Tx,
  ctx: Context,
  orderId: string,
  visitor: string | undefined,
): Promise<RatingPage | null> {
  const order = await loadOrder(tx, ctx.company, orderId)
  if (!order || !mayBeRated(order.view)) return null
  const { fields, assignee, helpers, outcome, revisit } = order.view
  const { zone, rating: rule } = rulesOf(ctx, order)
  const done = standing(order.facts).findLast(({ fact }) => fact === 'completed' || fact === 'emptyRun')
  const doneAt = DateTime.fromISO(done?.at ?? '', { zone })
  const crew = [assignee, ...helpers].flatMap(id => id ?? [])
  const names = await namesOf(tx, ctx.company, crew)
  const people = await Promise.all(
    crew.map(async personId => {
      const about = { teamId: order.teamId, personId, day: doneAt.toFormat('yyyy-MM-dd') }
      return { name: customerName(names.get(personId) ?? ''), post: await postOn(tx, ctx.company, about) }
    }),
  )
  const rating = revisit?.rating
  const own = rating?.visitor !== undefined && rating.visitor === visitor
  return {
    ...{ code: order.code, team: order.team, customer: maskName(fields.customer.name), job: jobName(order) },
    ...{ fault: maskPhones(fields.fault), result: outcome?.empty ? '' : maskPhones(outcome?.result ?? ''), people },
    street: streetOf(fields.customer.address),
    doneOn: doneAt.toFormat('M月d日'),
    tags: rule.tags,
    rated: rating
      ? {
          given: own ? { grade: rating.grade, tags: rating.tags, words: rating.words ?? '' } : null,
          mayChange: mayChange(rating, visitor, ctx.clock.now()),
        }
      : null,
  }
}

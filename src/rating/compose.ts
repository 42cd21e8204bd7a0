import type { PlatformName } from '../chat/inbound.ts'
import { jobName } from '../orders/card.ts'
import { sceneOf } from '../orders/look.ts'
import { loadOrder } from '../orders/rows.ts'
import { sayDate } from '../orders/timewords.ts'
import type { Composed, Composer, Composers } from '../outbox/compose.ts'
import { maskName } from '../people/person.ts'
import { wayToRate } from './flow.ts'
import { drawCode } from './picture.ts'
import { codeText } from './words.ts'

const gone: Composed = { drop: 'there is nothing to rate any more' }

const to = (data: unknown) => {
  const { userId, platform } = data as { userId: string; platform: PlatformName }
  return { user: userId, platform }
}

const code: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const way = order && wayToRate(ctx, order)
  if (!way) return gone
  const { now, zone } = await sceneOf(tx, ctx, order)
  return {
    to: to(row.data),
    message: async () => ({
      kind: 'picture',
      png: await drawCode({
        link: way.link,
        title: '请扫码评价这次服务',
        lines: [
          `单号 ${order.code} · ${maskName(order.view.fields.customer.name)} · ${jobName(order)}`,
          `${sayDate(way.until, now, zone)}前有效`,
        ],
      }),
      name: `${order.code}-rating.png`,
      alt: `${order.code} 的评价码：${way.link}`,
    }),
  }
}

const words: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  const way = order && wayToRate(ctx, order)
  if (!way) return gone
  const text = codeText(await sceneOf(tx, ctx, order), way.link, way.until)
  return { to: to(row.data), message: { kind: 'text', text } }
}

export const ratingComposers: Composers = { 'rating.code': code, 'rating.words': words }

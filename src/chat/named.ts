import { Refusal } from '../errors.ts'
import type { OrderCommand } from '../orders/decide.ts'
import { finishedByCode } from '../orders/find.ts'
import type { OrderRecord } from '../orders/record.ts'
import { linkByHand } from '../orders/rework.ts'
import { rulesOf } from '../orders/rules.ts'
import { personByName } from '../people/store.ts'
import { type ComplaintRoute, routeNamed } from '../policy/complaintrule.ts'
import type { OrderWish } from './intent.ts'
import type { Talk } from './talk.ts'

/** The wish with the people in it looked up. */
export async function commandFor(
  talk: Talk,
  order: OrderRecord,
  wish: Exclude<OrderWish, { do: 'show' | 'whyLate' | 'complain' | 'ratingCode' }>,
): Promise<OrderCommand> {
  switch (wish.do) {
    case 'assign':
      return namedTechnician(talk, order, wish.to, wish.note)
    case 'link':
      return namedJob(talk, order, wish.to)
    case 'route':
      return { do: 'route', route: namedRoute(talk, order, wish.to) }
    case 'join': {
      const { who, share } = wish
      const person = await personNamed(talk, who, '加派 1024 李四')
      return { do: 'join', person, ...(share !== undefined && { share }) }
    }
    case 'leave':
      return { do: 'leave', person: await personNamed(talk, wish.who, '减派 1024 李四') }
    case 'share': {
      if (!wish.shares) return { do: 'share' }
      const shares = await Promise.all(
        wish.shares.map(async ({ who, percent }) => ({
          person: await personNamed(talk, who, '分成 1024 张三 60 李四 40'),
          percent,
        })),
      )
      return { do: 'share', shares }
    }
    case 'revisit': {
      const { reached, grade, note } = wish
      return { do: 'revisit', reached, ...(grade && grade !== 'ask' && { grade }), ...(note && { note }) }
    }
    default:
      return wish
  }
}

async function personNamed({ tx, ctx }: Talk, name: string, example: string): Promise<string> {
  const person = await personByName(tx, ctx.company, name)
  if (!person) throw new Refusal('person', `没有叫「${name}」的人，请写全名，比如：${example}。`)
  return person.id
}

/** The earlier job: the one that is named, else the one its card shows. */
async function namedJob(
  { tx, ctx }: Talk,
  { code, facts, view, ...order }: OrderRecord,
  to?: string,
): Promise<OrderCommand> {
  const named = to ?? view.earlier?.code
  if (!named) throw new Refusal('missing', `上次是哪张单？请回复「返修 ${code} 上次 单号」。`)
  const job = await finishedByCode(tx, ctx.company, named)
  if (!job) throw new Refusal('unknown', `没有做完的 ${named} 这张单。请核对上次的单号。`)
  const cameAt = new Date(facts[0]?.at ?? 0)
  return { do: 'link', link: linkByHand(view.fields, job, rulesOf(ctx, { ...order, facts }), cameAt) }
}

function namedRoute({ ctx }: Talk, order: OrderRecord, said: string): ComplaintRoute {
  const { complaints } = rulesOf(ctx, order)
  const route = routeNamed(complaints, said)
  if (route) return route
  const choices = complaints.map(({ subject, to }) => `${subject}（${to}）`).join('、')
  const sentence = choices ? `可以转：${choices}。` : '这个班组的制度没有写投诉转到哪里。'
  throw new Refusal('route', `没有「${said}」这个部门或类别。${sentence}`)
}

async function namedTechnician(
  talk: Talk,
  order: OrderRecord,
  name: string,
  note: string | undefined,
): Promise<OrderCommand> {
  const { tx, ctx } = talk
  const person = await personByName(tx, ctx.company, name)
  // 转给市场部: a complaint is given to a department, not to a person.
  const route = person ? null : routeNamed(rulesOf(ctx, order).complaints, name)
  if (route && order.view.fields.kind === 'complaint') return { do: 'route', route }
  if (!person) throw new Refusal('person', `没有叫「${name}」的人，请写全名，比如：派 1024 给 张三。`)
  return { do: 'assign', to: person.id, ...(note !== undefined && { note }) }
}

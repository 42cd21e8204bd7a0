import { setImmediate } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { Invalid } from '../errors.ts'
import { ordersOfTeam } from '../orders/find.ts'
import { type ClockChange, clocksUnder, lateCounts } from '../orders/latesim.ts'
import { rulesOf } from '../orders/rules.ts'
import { sayDuration, sayTime } from '../orders/timewords.ts'
import type { Team } from '../people/person.ts'
import { readPolicy } from '../policy/load.ts'
import type { Policy } from '../policy/schema.ts'
import { clockKindNames } from '../policy/terms.ts'
import { totalOf } from '../settlement/difference.ts'
import { settles } from '../settlement/flow.ts'
import { momentsOf } from '../settlement/look.ts'
import { simulate } from '../settlement/simulate.ts'
import { changesView, differs } from './month.ts'
import type { PolicySimulated } from './policywire.ts'

interface Wanted {
  text: string
  month: string
  orders: readonly string[]
}

/** Orders looked at once, and those that are shown. */
const most = 1_000
const mostShown = 200

/** What an edited text would have made of a month's work: whose money and points, and which clocks. Nothing is written. */
export async function simulated(ctx: Context, team: Team, wanted: Wanted): Promise<PolicySimulated> {
  const { text, month, orders } = wanted
  const policy = readPolicy(text, 'policy', ctx.books.zone)
  const money = orders.length === 0 && settles(policy) ? await moneyOf(ctx, team, month, text) : null
  return {
    ...{ team: team.name, month: orders.length > 0 ? null : month, money },
    orders: await clocksUnderText(ctx, team, policy, wanted),
  }
}

async function moneyOf(ctx: Context, team: Team, month: string, text: string): Promise<PolicySimulated['money']> {
  const { before, after, people, missing } = await simulate(ctx, { team, month, text })
  const rules = ({ title, version }: typeof after) => `「${title}」第 ${version} 版`
  const {
    person: _,
    name: __,
    points: ___,
    items: ____,
    ...total
  } = changesView({
    ...{ person: '', name: '', items: [], points: { before: '0', after: '0', difference: '0' } },
    ...totalOf(people),
  })
  const names = new Map(people.map(({ person, name }) => [person, name]))
  return {
    ...{ before: rules(before), after: rules(after), total, people: people.filter(differs).map(changesView) },
    missing: missing.map(({ what, person }) => (person ? `${names.get(person) ?? ''} ${what}` : what)),
  }
}

async function clocksUnderText(
  ctx: Context,
  team: Team,
  policy: Policy,
  { month, orders: codes }: Wanted,
): Promise<PolicySimulated['orders']> {
  const { from, to } = momentsOf(policy, month)
  const which = codes.length > 0 ? { codes } : { from, to }
  const found = await ordersOfTeam(ctx.db.prisma, ctx.company, team.id, which, most + 1)
  const unknown = codes.filter(code => !found.some(order => order.code === code))
  if (unknown.length > 0)
    throw new Invalid(`「${team.name}」没有这些单：${unknown.join('、')}。`, [
      { path: 'orders', message: unknown.join('、') },
    ])
  const now = ctx.clock.now()
  const all: Array<ReturnType<typeof clocksUnder>> = []
  for (const [index, order] of found.slice(0, most).entries()) {
    all.push(clocksUnder(order, { before: rulesOf(ctx, order), after: policy }, now))
    // Whoever taps meanwhile is answered.
    if (index % 50 === 49) await setImmediate()
  }
  const changed = all.map(({ order }) => order).filter(({ clocks }) => clocks.length > 0)
  const side = (one: ClockChange['before']): string => {
    if (!one) return '没有这个时限'
    const due = one.dueAt ? sayTime(one.dueAt, now, policy.zone) : '没有到期'
    return one.lateMs > 0 ? `${due}，超时 ${sayDuration(one.lateMs)}` : due
  }
  return {
    ...{ looked: all.length, more: found.length > most },
    late: lateCounts(all).map(({ kind, ...counts }) => ({ kind: clockKindNames[kind], ...counts })),
    items: changed.slice(0, mostShown).map(({ code, clocks }) => ({
      code,
      clocks: clocks.map(({ kind, before, after }) => ({
        ...{ kind: clockKindNames[kind], before: side(before), after: side(after), worse: worseOf(before, after) },
      })),
    })),
  }
}

/** Null: as late, or as little, as before. */
function worseOf(before: ClockChange['before'], after: ClockChange['after']): boolean | null {
  const [was, is] = [(before?.lateMs ?? 0) > 0, (after?.lateMs ?? 0) > 0]
  return was === is ? null : is
}

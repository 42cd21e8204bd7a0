import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import type { Person, Team } from '../people/person.ts'
import { announceAll, type Change } from './announce.ts'
import { following } from './clockrows.ts'
import { type Fact, type FactBody, type OrderFields, recordedAt } from './fact.ts'
import { byItself, tellEarlier } from './flow.ts'
import { arrivalsOf, asksRoute } from './intake.ts'
import { replay } from './order.ts'
import type { OrderRecord } from './record.ts'
import { createOrders, nextCodes } from './store.ts'

/** One of many new orders of a team. */
export interface Opening {
  fields: OrderFields
  assignTo: string | null
}

/**
 * Opens many orders of a team as `openOrder` opens one, in as many statements as for one. What dispatch does by itself
 * comes after, with the next look at their clocks. `quiet`: only those who get an order are told of each, and managers of
 * complaints; there are too many for the desk and the group.
 */
export async function openOrders(
  tx: Tx,
  ctx: Context,
  team: Team,
  openings: readonly Opening[],
  { by, quiet }: { by: Person | null; quiet: boolean },
): Promise<OrderRecord[]> {
  if (openings.length === 0) return []
  const now = ctx.clock.now()
  const policy = ctx.policy(team.policy)
  const follow = following(policy, now)
  const said = { at: now.toISOString(), by: by?.id ?? null, via: 'import' as const }
  const arrivals = await arrivalsOf(
    tx,
    ctx,
    openings.map(({ fields }) => fields),
    policy,
  )
  const first = await nextCodes(tx, ctx.company, openings.length)
  const made = arrivals.map(({ fields, earlier, facts: itself }, index) => {
    const assignTo = openings[index]?.assignTo ?? null
    const facts: Fact[] = []
    const add = (frame: Omit<Fact, 'seq' | 'fact'>, body: FactBody) =>
      facts.push({ seq: facts.length + 1, ...frame, at: recordedAt(facts, frame.at), ...body } as Fact)
    add(said, { fact: 'created', order: fields, policy: team.policy, ...(earlier && { earlier }) })
    for (const body of itself) add(byItself(now), body)
    if (assignTo) add(said, { fact: 'dispatched', to: assignTo })
    const record: OrderRecord = {
      ...{ company: ctx.company, id: newId(now), code: String(first + index), teamId: team.id, team: team.name },
      ...{ policy: team.policy, facts, view: replay(facts) },
    }
    return { record, fields, following: follow(facts) }
  })
  await createOrders(tx, ctx.company, made)
  const changes = made.map(({ record }): Change => {
    const hearing = { asksDesk: asksRoute(record.view, policy), many: quiet }
    return { before: null, order: record, added: record.facts, hearing }
  })
  for (const change of changes) if (change.order.view.linked) await tellEarlier(tx, ctx, change)
  // Nobody reads there what he is told: by which door it came in makes no difference.
  await announceAll(tx, ctx, changes, by, { via: 'page' })
  return made.map(({ record }) => record)
}

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { replayIncident } from '../incidents/incident.ts'
import { loadIncident } from '../incidents/rows.ts'
import { replayLeave } from '../leave/request.ts'
import { loadLeave } from '../leave/rows.ts'
import { replay } from '../orders/order.ts'
import { loadOrder } from '../orders/rows.ts'
import { namesOf } from '../people/store.ts'
import { replayMonth } from '../settlement/closing.ts'
import { monthById } from '../settlement/rows.ts'
import type { Area } from '../webhooks/events.ts'
import { incidentsJson } from './incidents.ts'
import { leavesJson } from './leave.ts'
import { entryJson, orderJson } from './orders.ts'
import { monthJson } from './settlements.ts'
import { timelineOf } from './slipjson.ts'

interface About {
  area: Area
  subject: string
  seq: number
}

/**
 * The `data` of an event: what it is about as it was when the fact was written, and the fact. However late it is sent it says
 * the same, since state and clocks follow from the journal; only the result of a month is the one there is now. Null where the
 * thing is gone.
 */
export async function eventData(tx: Tx, ctx: Context, { area, subject, seq }: About): Promise<object | null> {
  return tellers[area](tx, ctx, subject, seq)
}

type Teller = (tx: Tx, ctx: Context, id: string, seq: number) => Promise<object | null>

const tellers: Readonly<Record<Area, Teller>> = {
  async order(tx, ctx, id, seq) {
    const was = past(await loadOrder(tx, ctx.company, id), seq)
    if (!was) return null
    const { record, last } = was
    const names = await namesOf(tx, ctx.company, last.by ? [last.by] : [])
    const order = await orderJson(tx, at(ctx, last), { ...record, view: replay(record.facts) })
    return { order, fact: entryJson(last, one => names.get(one) ?? '（已离职）') }
  },
  async leave(tx, ctx, id, seq) {
    const was = past(await loadLeave(tx, ctx.company, id), seq)
    if (!was) return null
    const [leave] = await leavesJson(tx, ctx, [{ ...was.record, view: replayLeave(was.record.facts) }])
    return { leave, fact: was.last }
  },
  async incident(tx, ctx, id, seq) {
    const was = past(await loadIncident(tx, ctx.company, id), seq)
    if (!was) return null
    const [incident] = await incidentsJson(tx, ctx, [{ ...was.record, view: replayIncident(was.record.facts) }])
    return { incident, fact: was.last }
  },
  async month(tx, ctx, id, seq) {
    const was = past(await monthById(tx, ctx.company, id), seq)
    if (!was) return null
    const { record } = was
    const settlement = await monthJson(tx, ctx, { ...record, view: replayMonth(record.facts) })
    return { settlement, fact: timelineOf(record).at(-1) }
  },
}

/** A record with its journal up to an entry. */
function past<F extends { seq: number }, R extends { facts: F[] }>(
  record: (R & { facts: F[] }) | null,
  seq: number,
): { record: R; last: R['facts'][number] } | null {
  const facts = record?.facts.filter(fact => fact.seq <= seq) ?? []
  const last = facts.at(-1)
  return record && last?.seq === seq ? { record: { ...record, facts }, last } : null
}

/** The context as it was when a fact was written. */
const at = (ctx: Context, fact: { at: string }): Context => ({ ...ctx, clock: { now: () => new Date(fact.at) } })

import type { Watched } from '../attendance/look.ts'
import type { MonthVerdict } from '../attendance/month.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { OrderRecord } from '../orders/record.ts'
import { rulesOf } from '../orders/rules.ts'
import type { Person } from '../people/person.ts'
import { teamById } from '../people/store.ts'
import { byItself, note, open, reckon } from './enact.ts'
import type { Ground, IncidentBody, Opened } from './fact.ts'
import { postOn, proposedOfDays, proposedOfOrders } from './find.ts'
import { findingsOf, takesFromAttendance } from './findings.ts'
import type { IncidentRecord } from './incident.ts'
import { type Setting, settingBy } from './look.ts'
import { type Miss, missesOf, pick, takesFromOrders } from './misses.ts'
import { lockIncident } from './rows.ts'
import { lockPerson } from './store.ts'
import { goneFrom } from './words.ts'

/**
 * What orders and attendance tell becomes proposals (R3.4), in the transaction that writes them down, and what does not
 * hold any more is dropped with the reason. Told twice it is the same; nobody is charged before a manager says so.
 */

/** Proposals of these locked orders as they stand now. */
export async function followOrders(tx: Tx, ctx: Context, orders: readonly OrderRecord[]): Promise<void> {
  const concerned = orders.flatMap(order => {
    const policy = rulesOf(ctx, order)
    return takesFromOrders(policy.incidents) ? [{ order, policy }] : []
  })
  if (concerned.length === 0) return
  const known = await proposedOfOrders(
    tx,
    ctx.company,
    concerned.map(({ order }) => order.id),
  )
  for (const { order, policy } of concerned) {
    const misses = missesOf(order, policy, ctx.clock.now())
    const own = known.filter(({ view }) => view.order?.id === order.id)
    if (misses.length === 0 && own.length === 0) continue
    const team = await teamById(tx, ctx.company, order.teamId)
    const setting = team && settingBy(ctx, team, order.policy, policy)
    const about = { id: order.id, code: order.code }
    if (setting) await reconcile(tx, ctx, setting, { misses, known: own, order: about, gone: goneFrom(order.facts) })
  }
}

/** Proposals from a month of attendance of these people. `between`: days on which what is new is proposed; null: none. */
export async function followAttendance(
  tx: Tx,
  ctx: Context,
  { team, policy }: Watched,
  months: ReadonlyArray<{ person: Person; verdict: MonthVerdict }>,
  between: { from: string; to: string } | null,
): Promise<void> {
  const { incidents: rule } = policy
  const setting = settingBy(ctx, team, policy.name, policy)
  const [first] = months
  if (!takesFromAttendance(rule) || !setting || !first) return
  const { month } = first.verdict
  const people = months.map(({ person }) => person.id)
  const known = await proposedOfDays(tx, ctx.company, { people, from: `${month}-01`, to: `${month}-31` })
  const found = months.flatMap(({ person, verdict }) => findingsOf(person.id, verdict, rule))
  const isKnown = ({ source }: Miss) => known.some(record => record.source?.startsWith(`${source}:`))
  const isNew = ({ items }: Miss) => items.some(({ day }) => between && day >= between.from && day <= between.to)
  const misses = found.filter(miss => isKnown(miss) || isNew(miss))
  await reconcile(tx, ctx, setting, { misses, known, gone: '考勤改过，不再成立' })
}

interface Situation {
  misses: readonly Miss[]
  /** What was proposed before. */
  known: readonly IncidentRecord[]
  order?: { id: string; code: string }
  /** Why what is not there any more is not. */
  gone: string
}

async function reconcile(tx: Tx, ctx: Context, setting: Setting, situation: Situation): Promise<void> {
  const { misses, known, order, gone } = situation
  const frame = byItself(setting.now)
  const wanted = new Map<string, string>()
  for (const miss of misses) {
    const [newest] = miss.items
    const at = { teamId: setting.team.id, personId: miss.person, day: newest?.day ?? setting.today }
    const picked = pick(miss, await postOn(tx, ctx.company, at))
    if (!picked) continue
    const source = `${miss.source}:${picked.item.name}`
    wanted.set(source, miss.source)
    const before = known.find(record => record.source === source)
    if (before) await goOn(tx, ctx, before, picked.ground)
    else await propose(tx, ctx, setting, { miss, picked, source, ...(order && { order }) })
  }
  const sources = [...wanted.values()]
  for (const { id, source } of known) {
    if (source === null || wanted.has(source)) continue
    const record = await lockIncident(tx, ctx.company, id)
    if (record?.view.state !== 'proposed') continue
    const heavier = sources.some(one => source.startsWith(`${one}:`))
    const body: IncidentBody = heavier
      ? { fact: 'dropped', why: 'replaced', reason: '超时更久，按更重的一条另提' }
      : { fact: 'dropped', why: 'gone', reason: gone }
    await note(tx, ctx, record, [body], frame)
  }
}

async function propose(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  given: {
    miss: Miss
    picked: Miss['items'][number]
    source: string
    order?: { id: string; code: string }
  },
): Promise<void> {
  const { miss, picked, source, order } = given
  const { item, ground, day } = picked
  await lockPerson(tx, ctx.company, miss.person)
  const told = {}
  const found = await reckon(tx, ctx.company, { item, told, personId: miss.person, day, expected: true })
  // An item that wants to know how much is nothing the service can say by itself.
  if ('objection' in found) return
  const body: Opened = {
    ...{ person: miss.person, item: item.name, day, told, ...found, ground },
    policy: { name: setting.name, version: setting.policy.version },
    ...(item.rule && { rule: item.rule }),
    ...(order && { order }),
  }
  await open(tx, ctx, setting, { body, counts: false, source }, byItself(setting.now))
}

/** What was proposed before holds, or holds again; what a manager dropped is not raised anew. */
async function goOn(tx: Tx, ctx: Context, { id }: IncidentRecord, ground: Ground): Promise<void> {
  const record = await lockIncident(tx, ctx.company, id)
  if (!record) return
  const { state, dropped, ground: before } = record.view
  const again = state === 'dropped' && dropped?.why === 'gone'
  const more = state === 'proposed' && !sameGround(before, ground)
  if (!again && !more) return
  const body: IncidentBody = { fact: again ? 'renewed' : 'updated', ground }
  await note(tx, ctx, record, [body], byItself(ctx.clock.now()))
}

/** A journal's JSON keeps no order of keys. */
function sameGround(one: Ground | null, other: Ground): boolean {
  const written = (ground: Ground) => JSON.stringify(Object.entries(ground).sort(([a], [b]) => (a < b ? -1 : 1)))
  return one !== null && written(one) === written(other)
}

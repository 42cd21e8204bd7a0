import { farAhead } from '../db/ahead.ts'
import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { Verdict } from './schedule.ts'
import type { OldSecret, Secrets } from './sign.ts'

/** Store of endpoints and what they are owed. */

export interface Endpoint extends Secrets {
  id: string
  url: string
  events: string[]
  description: string | null
  teamId: string | null
  enabled: boolean
  offBecause: string | null
  failingSince: Date | null
  lastDeliveredAt: Date | null
  restUntil: Date | null
  createdAt: Date
  updatedAt: Date
}

export type DeliveryState = 'waiting' | 'delivered' | 'failed' | 'dropped'

export interface DeliveryRow {
  id: string
  type: string
  subject: string | null
  seq: number | null
  at: Date
  state: DeliveryState
  attempts: number
  nextAt: Date
  attemptedAt: Date | null
  status: number | null
  error: string | null
  answer: string | null
}

type EndpointRow = Omit<Endpoint, 'oldSecrets'> & { oldSecrets: Prisma.JsonValue }
const endpointOf = (row: EndpointRow): Endpoint => ({ ...row, oldSecrets: row.oldSecrets as unknown as OldSecret[] })
const delivery = (row: Omit<DeliveryRow, 'state'> & { state: string }): DeliveryRow => row as DeliveryRow

const omit = { company: true, leaseOwner: true, leaseUntil: true } as const
const omitOfDelivery = { company: true, endpointId: true } as const
const keyOf = (company: string, id: string) => ({ company_id: { company, id } })

export async function createEndpoint(
  tx: Tx,
  company: string,
  endpoint: Pick<Endpoint, 'id' | 'url' | 'events' | 'description' | 'teamId' | 'secret'>,
  now: Date,
): Promise<Endpoint> {
  const data = { company, ...endpoint, enabled: true, createdAt: now, updatedAt: now }
  return endpointOf(await tx.webhookEndpoint.create({ data, omit }))
}

/** Of those who make endpoints at once each knows of the others' until the transaction ends. */
export async function countEndpoints(tx: Tx, company: string): Promise<number> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`webhooks ${company}`}, 0))::text`
  return tx.webhookEndpoint.count({ where: { company } })
}

export async function listEndpoints(
  tx: Tx,
  company: string,
  { limit, after }: { limit: number; after?: string | undefined },
): Promise<Endpoint[]> {
  const where = { company, ...(after && { id: { gt: after } }) }
  const rows = await tx.webhookEndpoint.findMany({ where, orderBy: { id: 'asc' }, take: limit, omit })
  return rows.map(endpointOf)
}

export async function endpointById(tx: Tx, company: string, id: string): Promise<Endpoint | null> {
  const row = await tx.webhookEndpoint.findUnique({ where: keyOf(company, id), omit })
  return row && endpointOf(row)
}

/** The same, kept from others until the transaction ends. */
export async function lockEndpoint(tx: Tx, company: string, id: string): Promise<Endpoint | null> {
  await tx.$queryRaw`SELECT 1 FROM "WebhookEndpoint" WHERE "company" = ${company} AND "id" = ${id}::uuid FOR UPDATE`
  return endpointById(tx, company, id)
}

export async function changeEndpoint(
  tx: Tx,
  company: string,
  id: string,
  { oldSecrets, ...values }: Partial<Omit<Endpoint, 'id' | 'createdAt'>>,
): Promise<Endpoint> {
  const data = { ...values, ...(oldSecrets && { oldSecrets: oldSecrets.map(one => ({ ...one })) }) }
  return endpointOf(await tx.webhookEndpoint.update({ where: keyOf(company, id), data, omit }))
}

/** With all it is owed. False where there is none. */
export async function deleteEndpoint(tx: Tx, company: string, id: string): Promise<boolean> {
  await tx.webhookDelivery.deleteMany({ where: { company, endpointId: id } })
  return (await tx.webhookEndpoint.deleteMany({ where: { company, id } })).count > 0
}

/** The newest first; `before`: those older than that one. */
export async function listDeliveries(
  tx: Tx,
  company: string,
  endpointId: string,
  { limit, before, state }: { limit: number; before?: string | undefined; state?: DeliveryState | undefined },
): Promise<DeliveryRow[]> {
  const where = { company, endpointId, ...(state && { state }), ...(before && { id: { lt: before } }) }
  const rows = await tx.webhookDelivery.findMany({
    ...{ where, orderBy: { id: 'desc' }, take: limit, omit: omitOfDelivery },
  })
  return rows.map(delivery)
}

export async function addTest(
  tx: Tx,
  company: string,
  endpointId: string,
  { id, type }: { id: string; type: string },
  now: Date,
): Promise<DeliveryRow> {
  const data = { company, endpointId, id, type, at: now, nextAt: now, state: 'waiting' }
  return delivery(await tx.webhookDelivery.create({ data, omit: omitOfDelivery }))
}

/** Begins anew, under the id it has. Null where there is no such delivery. */
export async function sendAgain(
  tx: Tx,
  company: string,
  endpointId: string,
  id: string,
  now: Date,
): Promise<DeliveryRow | null> {
  const where = { company, endpointId, id }
  await tx.webhookDelivery.updateMany({ where, data: { state: 'waiting', attempts: 0, nextAt: now } })
  const row = await tx.webhookDelivery.findFirst({ where, omit: omitOfDelivery })
  return row && delivery(row)
}

/** What of an endpoint's deliveries is due, the oldest first. */
export async function dueDeliveries(
  tx: Tx,
  company: string,
  endpointId: string,
  now: Date,
  take: number,
): Promise<DeliveryRow[]> {
  const rows = await tx.webhookDelivery.findMany({
    where: { company, endpointId, state: 'waiting', nextAt: { lte: now } },
    ...{ orderBy: { id: 'asc' }, take, omit: omitOfDelivery },
  })
  return rows.map(delivery)
}

/**
 * Takes endpoints that are owed something now and that nobody else sends to. `FOR UPDATE SKIP LOCKED` lets any number of
 * instances claim at once; the lease brings a dead instance's endpoints back. `mine` are being sent to here.
 */
export async function claimEndpoints(
  tx: Tx,
  company: string,
  given: { owner: string; mine: readonly string[]; now: Date; leaseMs: number },
): Promise<string[]> {
  const { owner, mine, now, leaseMs } = given
  const until = new Date(now.getTime() + leaseMs)
  const rows = await tx.$queryRaw<Array<{ id: string }>>`
    UPDATE "WebhookEndpoint" SET "leaseOwner" = ${owner}, "leaseUntil" = ${until}
    WHERE ("company", "id") IN (
      SELECT e."company", e."id" FROM "WebhookEndpoint" e
      WHERE e."company" = ${company} AND e."enabled" AND e."id" <> ALL(${[...mine]}::uuid[])
        AND (e."leaseUntil" IS NULL OR e."leaseUntil" < ${now} OR e."leaseUntil" > ${farAhead(now, leaseMs)}) AND (e."restUntil" IS NULL OR e."restUntil" <= ${now})
        AND EXISTS (SELECT 1 FROM "WebhookDelivery" d WHERE d."company" = e."company" AND d."endpointId" = e."id"
          AND d."state" = 'waiting' AND d."nextAt" <= ${now})
      FOR UPDATE SKIP LOCKED)
    RETURNING "id"::text`
  return rows.map(({ id }) => id)
}

/** The endpoint as it is now, for one more message; null where it is not ours any more, off, deleted or left alone. */
export async function holdEndpoint(
  tx: Tx,
  company: string,
  id: string,
  { owner, now, leaseMs }: { owner: string; now: Date; leaseMs: number },
): Promise<Endpoint | null> {
  const { count } = await tx.webhookEndpoint.updateMany({
    where: {
      ...{ company, id, leaseOwner: owner, enabled: true },
      OR: [{ restUntil: null }, { restUntil: { lte: now } }],
    },
    data: { leaseUntil: new Date(now.getTime() + leaseMs) },
  })
  return count === 0 ? null : endpointById(tx, company, id)
}

export async function releaseEndpoint(tx: Tx, company: string, id: string, owner: string): Promise<void> {
  await tx.webhookEndpoint.updateMany({
    where: { company, id, leaseOwner: owner },
    data: { leaseOwner: null, leaseUntil: null },
  })
}

/** Where every sender before this one is known to be dead. */
export async function releaseAll(tx: Tx, company: string): Promise<void> {
  await tx.webhookEndpoint.updateMany({
    where: { company, leaseUntil: { not: null } },
    data: { leaseOwner: null, leaseUntil: null },
  })
}

export async function dropDelivery(
  tx: Tx,
  company: string,
  endpointId: string,
  id: string,
  why: string,
): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { company, endpointId, id, state: 'waiting' },
    data: { state: 'dropped', error: why },
  })
}

/** What came of an attempt. One that was begun anew meanwhile is left as it is. */
export async function settleDelivery(
  tx: Tx,
  company: string,
  endpoint: Pick<Endpoint, 'id' | 'failingSince'>,
  row: Pick<DeliveryRow, 'id' | 'attempts'>,
  done: { verdict: Verdict; now: Date } & Pick<DeliveryRow, 'status' | 'error' | 'answer'>,
): Promise<void> {
  const { verdict, now, status, error, answer } = done
  const { state, nextAt } = verdict
  const { failingSince, restUntil, offBecause } = verdict.endpoint
  await tx.webhookDelivery.updateMany({
    where: { company, endpointId: endpoint.id, id: row.id, state: 'waiting', attempts: row.attempts },
    data: {
      ...{ state, attempts: row.attempts + 1, attemptedAt: now, status, error, answer },
      ...(nextAt && { nextAt }),
    },
  })
  await tx.webhookEndpoint.updateMany({
    where: { company, id: endpoint.id },
    data: {
      ...{ failingSince, restUntil, ...(state === 'delivered' && { lastDeliveredAt: now }) },
      ...(offBecause !== null && { enabled: false, offBecause }),
    },
  })
}

/** For health and metrics: what waits and was given up, and the endpoints that the service switched off. */
export async function webhookState(
  tx: Tx,
  company: string,
): Promise<{ waiting: number; failed: number; off: Array<{ id: string; offBecause: string }> }> {
  const counts = await tx.$queryRaw<Array<{ state: string; count: number }>>`
    SELECT d."state", count(*)::int AS "count" FROM "WebhookEndpoint" e
    JOIN "WebhookDelivery" d ON d."company" = e."company" AND d."endpointId" = e."id" AND d."state" IN ('waiting', 'failed')
    WHERE e."company" = ${company} GROUP BY d."state"`
  const off = await tx.webhookEndpoint.findMany({
    where: { company, offBecause: { not: null } },
    select: { id: true, offBecause: true },
  })
  const of = (state: string) => counts.find(one => one.state === state)?.count ?? 0
  return {
    ...{ waiting: of('waiting'), failed: of('failed') },
    off: off.flatMap(({ id, offBecause }) => (offBecause ? [{ id, offBecause }] : [])),
  }
}

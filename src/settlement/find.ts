import { updateAll } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { type KeptCredit, keptCredit, type OrderCredit, readCredit } from '../orders/credit.ts'
import type { OrderRecord } from '../orders/record.ts'
import { records } from '../orders/rows.ts'

/** Store: what a month is settled from, looked for. */

export interface CreditRow {
  id: string
  code: string
  credit: OrderCredit
}

/** Orders read at once: their text and what it is parsed to stand in memory together. */
const page = 4_000

/**
 * Orders of a team whose work was done between two moments, `from` inside and `to` outside, in the order they were done. In
 * pages, which the reader is done with before the next one comes.
 */
export async function* creditsBetween(
  tx: Tx,
  company: string,
  teamId: string,
  { from, to }: { from: Date; to: Date },
  only?: string,
): AsyncGenerator<CreditRow[], void> {
  const whose = only ?? null
  const part = JSON.stringify([[whose]])
  const one = sharer()
  let [at, after] = [from.toISOString(), '00000000-0000-0000-0000-000000000000']
  for (;;) {
    // As text: a value of its own for each row and column is what takes the time.
    const rows = await tx.$queryRaw<Array<{ all: string | null }>>`
      SELECT json_agg(json_build_array("id", "code", "completedAt", "credit"))::text AS "all" FROM (
        SELECT "id", "code", "completedAt", "credit" FROM "Order"
        WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid AND "completedAt" >= ${at}::timestamptz
          AND "completedAt" < ${to} AND ("completedAt", "id") > (${at}::timestamptz, ${after}::uuid) AND "credit" IS NOT NULL
          AND (${whose}::text IS NULL OR "credit"->>'by' = ${whose} OR "credit"->'shares' @> ${part}::jsonb)
        ORDER BY "completedAt", "id" LIMIT ${page}) o`
    const all = JSON.parse(rows[0]?.all ?? '[]') as Array<[id: string, code: string, at: string, kept: KeptCredit]>
    yield all.map(([id, code, , kept]) => ({ id, code, credit: one(readCredit(kept)) }))
    const last = all.at(-1)
    if (!last || all.length < page) return
    ;[after, , at] = last
  }
}

/** The same people, days and clocks in order after order: each kept once, or a large month does not fit in memory. */
function sharer(): (credit: OrderCredit) => OrderCredit {
  const texts = new Map<string, string>()
  const lists = new Map<string, unknown[]>()
  const text = (given: string): string => {
    const known = texts.get(given)
    if (known === undefined) texts.set(given, given)
    return known ?? given
  }
  // Texts and pairs of them: what is written alike is alike.
  const list = <T extends unknown[]>(given: T): T => {
    const key = given.join()
    const known = lists.get(key) as T | undefined
    if (known === undefined) lists.set(key, given)
    return known ?? given
  }
  return credit => {
    credit.by = text(credit.by)
    credit.day = text(credit.day)
    credit.shares = list(credit.shares)
    credit.inTime = list(credit.inTime)
    credit.reworked = list(credit.reworked)
    credit.leaked = list(credit.leaked)
    return credit
  }
}

/** Orders done between two moments, of which nobody wrote down by then what they count for. */
export async function uncredited(
  tx: Tx,
  company: string,
  teamId: string,
  { from, to }: { from: Date; to: Date },
): Promise<OrderRecord[]> {
  const rows = await tx.order.findMany({
    where: {
      ...{ company, teamId, completedAt: { gte: from, lt: to }, state: { not: 'cancelled' } },
      credit: { equals: Prisma.DbNull },
    },
    select: { company: true, id: true, code: true, teamId: true },
    orderBy: { id: 'asc' },
    take: 500,
  })
  return records(tx, company, rows)
}

export async function saveCredits(
  tx: Tx,
  company: string,
  credits: ReadonlyArray<{ id: string; credit: OrderCredit | null }>,
): Promise<void> {
  await updateAll(
    tx,
    'Order',
    company,
    credits.map(({ id, credit }) => ({ id, credit: credit && keptCredit(credit) })),
  )
}

/** Whether anything a team's month is settled from was written after a moment. */
export async function touchedAfter(
  tx: Tx,
  company: string,
  teamId: string,
  month: { first: string; last: string; from: Date; to: Date; name: string },
  at: Date,
): Promise<boolean> {
  const [found] = await tx.$queryRaw<Array<{ touched: boolean }>>`
    SELECT EXISTS (SELECT 1 FROM "Order" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
        AND "completedAt" >= ${month.from} AND "completedAt" < ${month.to} AND "updatedAt" > ${at})
      OR EXISTS (SELECT 1 FROM "Incident" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
        AND "day" >= ${month.first} AND "day" <= ${month.last} AND "updatedAt" > ${at})
      OR EXISTS (SELECT 1 FROM "Leave" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
        AND "firstDay" <= ${month.last} AND "lastDay" >= ${month.first} AND "updatedAt" > ${at})
      OR EXISTS (SELECT 1 FROM "Figure" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
        AND "month" <= ${month.name} AND "at" > ${at})
      OR EXISTS (SELECT 1 FROM "Employment" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
        AND "from" <= ${month.last} AND "at" > ${at})
      OR EXISTS (SELECT 1 FROM "AttendanceMark" m JOIN "Employment" e
        ON e."company" = m."company" AND e."personId" = m."personId" AND e."teamId" = ${teamId}::uuid
        WHERE m."company" = ${company} AND m."at" >= ${month.from} AND m."at" < ${month.to} AND m."seenAt" > ${at})
      OR EXISTS (SELECT 1 FROM "AttendanceCorrection" c JOIN "AttendanceRuling" r
        ON r."company" = c."company" AND r."correctionId" = c."id"
        WHERE c."company" = ${company} AND c."teamId" = ${teamId}::uuid
          AND c."day" >= ${month.first} AND c."day" <= ${month.last} AND r."at" > ${at}) AS "touched"`
  return found?.touched ?? true
}

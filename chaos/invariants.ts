import type { Database } from '../src/db/open.ts'
import type { Taken } from '../test/support/outside.ts'
import { groupBy } from './groups.ts'
import { laneFindings } from './lanes.ts'
import type { Promises } from './load.ts'

/** What must be true whatever happened. */
export interface Finding {
  what: string
  /** How many were looked at. */
  checked: number
  /** Further numbers worth knowing. */
  note?: string
  /** What is not as it has to be, a line each. */
  violations: string[]
}

/** What the outside knows: what it was promised, and what WeCom was given. */
export interface Seen {
  promises: Promises
  taken: readonly Taken[]
  /** See `Laned`. */
  lateMs?: number | undefined
}

type Row = Record<string, unknown>
export type Ask = <T = Row>(sql: string) => Promise<T[]>

export const asking =
  (db: Database): Ask =>
  sql =>
    db.prisma.$queryRawUnsafe(sql)

const told = (rows: readonly Row[]): string[] =>
  rows.map(row => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))

/** Looks at the database once everything has come to rest. */
export async function lookAt(db: Database, seen: Seen): Promise<Finding[]> {
  const ask = asking(db)
  return [
    await acts(ask, seen),
    await inbox(ask),
    await orders(ask, seen),
    await holders(ask),
    await journals(ask),
    await leaves(ask, seen),
    await photos(ask, seen),
    ...(await laneFindings(ask, seen.taken, seen)),
    await months(ask, seen),
    await ledger(ask),
  ]
}

/** Every callback that was acknowledged and has to be a fact of an order. */
async function acts(ask: Ask, { promises }: Seen): Promise<Finding> {
  const rows = await ask<{ code: string; fact: string; words: string | null }>(
    `SELECT o."code", j."fact", j."words" FROM "Journal" j JOIN "Order" o ON o."id" = j."orderId" AND o."company" = j."company"`,
  )
  const facts = groupBy(rows, ({ code, fact }) => `${code} ${fact}`)
  const violations = promises.acts.flatMap(({ code, fact, words, said = 1 }) => {
    const found = facts.get(`${code} ${fact}`) ?? []
    if (found.length < 1 || found.length > said)
      return [`${code} has ${found.length} facts ${fact}, of an acknowledged "${words ?? 'tap'}"`]
    const other = found.find(one => words !== undefined && !one.words?.includes(words))
    return other ? [`${code} ${fact} was kept as "${other.words}", said was "${words}"`] : []
  })
  return { what: 'acknowledged taps and sentences are one fact each', checked: promises.acts.length, violations }
}

async function inbox(ask: Ask): Promise<Finding> {
  const rows = await ask<{ status: string; count: number }>(
    `SELECT "status", count(*)::int AS "count" FROM "Inbox" GROUP BY "status"`,
  )
  const open = await ask(
    `SELECT "key", "status", "error" FROM "Inbox" WHERE "status" NOT IN ('done', 'refused') LIMIT 20`,
  )
  const checked = rows.reduce((sum, { count }) => sum + count, 0)
  return { what: 'callbacks that were kept are dealt with', checked, violations: told(open) }
}

/** One order for each key, the one that was answered. */
async function orders(ask: Ask, { promises }: Seen): Promise<Finding> {
  const rows = await ask<{ code: string; fault: string }>(`SELECT "code", "fault" FROM "Order"`)
  const byFault = groupBy(rows, ({ fault }) => fault)
  const violations = [...promises.orders].flatMap(([key, { code, fault }]) => {
    const codes = (byFault.get(fault) ?? []).map(row => row.code)
    return codes.length === 1 && codes[0] === code ? [] : [`${key} was answered ${code}, there is ${codes.join(', ')}`]
  })
  return { what: 'answers 201 have their order, one for each key', checked: promises.orders.size, violations }
}

/** Between two who had an order it was taken from the first. */
async function holders(ask: Ask): Promise<Finding> {
  const rows = await ask<{
    code: string
    fact: string
    by: string | null
    to: string | null
    assigneeId: string | null
  }>(
    `SELECT o."code", j."fact", j."by"::text, j."body"->>'to' AS "to", o."assigneeId"::text FROM "Journal" j
     JOIN "Order" o ON o."id" = j."orderId" AND o."company" = j."company" ORDER BY o."code", j."seq"`,
  )
  const all = groupBy(rows, ({ code }) => code)
  const violations: string[] = []
  for (const [code, facts] of all) {
    let holder: string | null = null
    for (const { fact, by, to } of facts) {
      if (fact === 'dispatched') holder = to
      if (fact === 'withdrawn' || fact === 'declined') holder = null
      if (fact !== 'accepted') continue
      if (holder !== null && by !== null && holder !== by)
        violations.push(`${code} was taken by ${by}, ${holder} had it`)
      holder = by ?? holder
    }
    if (facts[0] && facts[0].assigneeId !== holder)
      violations.push(`${code} says it is ${facts[0].assigneeId}'s, its journal says ${holder}'s`)
  }
  const doubly = await ask(
    `SELECT "subject", count(DISTINCT "personId")::int AS "people" FROM "ShownCard" s
     JOIN "Order" o ON o."id" = s."subject" AND o."state" NOT IN ('new')
     WHERE s."live" AND s."personId" IS DISTINCT FROM o."assigneeId" GROUP BY 1`,
  )
  return {
    ...{ what: 'orders have one holder, and the journal says who', checked: all.size, violations },
    ...(doubly.length > 0 && { note: `${doubly.length} had cards of losers still known as live` }),
  }
}

/** Facts are numbered without a gap, and the order stands where its journal ends. */
async function journals(ask: Ask): Promise<Finding> {
  const [count] = await ask<{ count: number }>(`SELECT count(*)::int AS "count" FROM "Journal"`)
  const rows = await ask(
    `SELECT o."code", o."version", count(j.*)::int AS "facts", max(j."seq") AS "last" FROM "Order" o
     LEFT JOIN "Journal" j ON j."orderId" = o."id" AND j."company" = o."company"
     GROUP BY 1, 2 HAVING count(j.*) <> max(j."seq") OR o."version" <> max(j."seq") OR max(j."seq") IS NULL`,
  )
  return { what: 'journals are numbered without gaps', checked: count?.count ?? 0, violations: told(rows) }
}

async function leaves(ask: Ask, { promises }: Seen): Promise<Finding> {
  const rows = await ask<{ userId: string; day: string; granted: number; facts: string }>(
    `SELECT regexp_replace(i."userId", '^Dd', '') AS "userId", l."firstDay" AS "day",
       (SELECT count(*)::int FROM "LeaveJournal" j WHERE j."leaveId" = l."id" AND j."fact" = 'granted') AS "granted",
       (SELECT string_agg(j."fact", ', ' ORDER BY j."seq") FROM "LeaveJournal" j WHERE j."leaveId" = l."id") AS "facts"
     FROM "Leave" l JOIN "Identity" i ON i."personId" = l."personId" AND i."company" = l."company"`,
  )
  // Who asks for something else before he confirms has taken back what he asked for: his tap is answered with that.
  const replaced = await ask<{ userId: string; day: string }>(
    `SELECT regexp_replace(i."userId", '^Dd', '') AS "userId", d."data"->'span'->'from'->>'day' AS "day"
     FROM "Draft" d JOIN "Identity" i ON i."personId" = d."personId" AND i."company" = d."company"
     WHERE d."outcome" = 'replaced' AND d."data"->>'kind' = 'leave'`,
  )
  let again = 0
  const violations = promises.leaves.flatMap(({ userId, day, decided }) => {
    const found = rows.filter(row => row.userId === userId && row.day === day)
    if (found.length === 0 && replaced.some(row => row.userId === userId && row.day === day)) {
      again++
      return []
    }
    if (found.length !== 1) return [`${userId} has ${found.length} requests for ${day}`]
    return decided && found[0]?.granted !== 1
      ? [`${userId} ${day} was granted ${found[0]?.granted} times: ${found[0]?.facts}`]
      : []
  })
  const note = again > 0 ? { note: `${again} replaced by another wish before they were confirmed` } : {}
  return { what: 'confirmed leave is one request, granted once', checked: promises.leaves.length, ...note, violations }
}

/** Every photo that was acknowledged is one medium, and was fetched; or its sender was told that it is not clear whose it is. */
async function photos(ask: Ask, { promises }: Seen): Promise<Finding> {
  // What a killed process had begun to fetch is begun again after a minute, which may not be over.
  const rows = await ask<{ state: string; held: boolean; source: string; count: number }>(
    `SELECT "state", "state" = 'wanted' AND "nextAt" > now() - interval '20 s' AS "held", "source"::text AS "source",
       count(*)::int AS "count" FROM "Media" GROUP BY 1, 2, 3`,
  )
  const held = rows.filter(row => row.held).length
  const violations = rows
    .filter(row => (row.state !== 'stored' && !row.held) || row.count !== 1)
    .map(({ state, source, count }) => `${count} photos of ${source} are ${state}`)
  const [asked] = await ask<{ count: number }>(
    `SELECT count(*)::int AS "count" FROM "Inbox" WHERE "status" = 'refused' AND "event"->'said'->>'kind' = 'media'`,
  )
  const refused = asked?.count ?? 0
  if (rows.length + refused < promises.photos)
    violations.push(`${promises.photos} were acknowledged, ${rows.length} are there, ${refused} were refused`)
  const note = `${refused} refused with words: several orders in hand, ${held} held by who was killed`
  return { what: 'acknowledged photos are kept, once', checked: rows.length, note, violations }
}

async function months(ask: Ask, { promises }: Seen): Promise<Finding> {
  const rows = await ask<{ team: string; month: string; state: string; published: number; locked: number }>(
    `SELECT t."name" AS "team", s."month", s."state",
       (SELECT count(*)::int FROM "SettlementJournal" j WHERE j."settlementId" = s."id" AND j."fact" = 'published') AS "published",
       (SELECT count(*)::int FROM "SettlementJournal" j WHERE j."settlementId" = s."id" AND j."fact" = 'locked') AS "locked"
     FROM "Settlement" s JOIN "Team" t ON t."id" = s."teamId" AND t."company" = s."company"`,
  )
  const violations = promises.months.flatMap(({ team, month }) => {
    const found = rows.filter(row => row.team === team && row.month === month)
    const closed = found.filter(({ state, published, locked }) => state === 'locked' && published === 1 && locked === 1)
    return found.length === 1 && closed.length === 1 ? [] : [`${team} ${month}: ${JSON.stringify(found)}`]
  })
  const slips = await ask(
    `SELECT s."id", count(*)::int AS "slips" FROM "Settlement" s JOIN "Payslip" p ON p."settlementId" = s."id"
     GROUP BY 1, s."result" HAVING sum(p."net")::text <> s."result"->>'net'`,
  )
  return {
    what: 'months are published once and locked once, slips add up',
    ...{ checked: promises.months.length, violations: [...violations, ...told(slips)] },
  }
}

/** The book of a month and its entries come to the same. */
async function ledger(ask: Ask): Promise<Finding> {
  const [books] = await ask<{ count: number }>(`SELECT count(*)::int AS "count" FROM "PointsBook"`)
  const rows = await ask(
    `SELECT "personId"::text AS "person", "month", b."total"::text, e."sum"::text FROM "PointsBook" b
     FULL JOIN (SELECT "company", "teamId", "personId", "month", sum("points") AS "sum" FROM "PointsEntry" GROUP BY 1, 2, 3, 4) e
       USING ("company", "teamId", "personId", "month")
     WHERE coalesce(b."total", 0) <> coalesce(e."sum", 0)`,
  )
  return { what: 'points of the ledger add up to their books', checked: books?.count ?? 0, violations: told(rows) }
}

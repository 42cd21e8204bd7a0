import { createHash } from 'node:crypto'
import { insertAll } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { type LedgerEntry, ledgerDiff } from './ledger.ts'
import type { Point } from './points.ts'
import { codesOf } from './tablestore.ts'

/** Store of the points ledger (积分流水). */

export interface LedgerOf {
  teamId: string
  month: string
  policy: { name: string; version: number }
}

/** Who has a ledger of a team's month. */
export async function ledgersOf(tx: Tx, company: string, { teamId, month }: LedgerOf): Promise<string[]> {
  const books = await tx.pointsBook.findMany({ where: { company, teamId, month }, select: { personId: true } })
  return books.map(({ personId }) => personId)
}

/** Brings the ledgers of people up to what their month's records say; who has not changed is not read. Returns entries added. */
export async function postPoints(
  tx: Tx,
  company: string,
  { teamId, month, policy }: LedgerOf,
  points: ReadonlyMap<string, readonly Point[]>,
  now: Date,
): Promise<number> {
  const books = await tx.pointsBook.findMany({
    where: { company, teamId, month, personId: { in: [...points.keys()] } },
    select: { personId: true, digest: true },
  })
  const known = new Map(books.map(({ personId, digest }) => [personId, digest]))
  const changed = [...points].flatMap(([personId, entries]) => {
    const digest = digestOf(entries)
    return known.get(personId) === digest ? [] : [{ personId, entries, digest }]
  })
  if (changed.length === 0) return 0
  const kept = await entriesOf(
    tx,
    company,
    { teamId, month },
    changed.filter(({ personId }) => known.has(personId)).map(({ personId }) => personId),
  )
  const rows = changed.flatMap(({ personId, entries }) =>
    ledgerDiff(kept.get(personId) ?? [], entries).map(entry => ({
      ...{ company, id: newId(now), teamId, personId, month, day: entry.day, source: entry.source },
      ...{ subject: entry.subject, rule: entry.rule, points: entry.hundredths / 100, policy: policy.name },
      ...{ version: policy.version, corrects: entry.corrects, at: now },
    })),
  )
  await insertAll(tx, 'PointsEntry', rows)
  const saved = changed.map(({ personId, entries, digest }) => ({
    ...{ company, teamId, personId, month, digest },
    total: entries.reduce((sum, { hundredths }) => sum + hundredths, 0) / 100,
  }))
  await tx.$executeRaw`
    INSERT INTO "PointsBook" ("company", "teamId", "personId", "month", "digest", "total")
    SELECT r."company", r."teamId", r."personId", r."month", r."digest", r."total"
    FROM json_populate_recordset(NULL::"PointsBook", ${JSON.stringify(saved)}::json) r
    ON CONFLICT ("company", "teamId", "month", "personId")
    DO UPDATE SET "digest" = EXCLUDED."digest", "total" = EXCLUDED."total"`
  return rows.length
}

function digestOf(entries: readonly Point[]): string {
  const hash = createHash('sha1')
  for (const { source, subject, rule, hundredths, day } of entries)
    hash.update(`${source}\n${subject}\n${rule}\n${hundredths}\n${day}\n`)
  return hash.digest('base64')
}

/** A ledger's entries of a month, by person, in the order they were earned. */
export async function entriesOf(
  tx: Tx,
  company: string,
  { teamId, month }: { teamId: string; month: string },
  people: readonly string[],
): Promise<Map<string, Array<LedgerEntry & { at: Date; policy: string; version: number }>>> {
  const found = new Map<string, Array<LedgerEntry & { at: Date; policy: string; version: number }>>()
  if (people.length === 0) return found
  const rows = await tx.pointsEntry.findMany({
    where: { company, teamId, month, personId: { in: [...people] } },
    orderBy: [{ day: 'asc' }, { id: 'asc' }],
  })
  for (const { personId, day, source, subject, rule, points, corrects, at, policy, version } of rows) {
    const entry = {
      ...{ day, source: source as Point['source'], subject, rule, corrects, at, policy, version },
      hundredths: Math.round(points.toNumber() * 100),
    }
    const own = found.get(personId)
    if (own) own.push(entry)
    else found.set(personId, [entry])
  }
  return found
}

/** An entry of a points ledger as it is listed; `subject` is the order's code, the incident's, or the month. */
export interface ListedEntry {
  person: string
  day: string
  source: Point['source']
  subject: string
  rule: string
  points: number
  corrects: boolean
  policy: string
  version: number
}

/** Whose entries, up to when they were made; null: all of them. */
export interface LedgerWanted {
  teamId: string
  month: string
  until: Date | null
  person?: string | undefined
}

/** A month's ledger, person by person in the order it was earned. Null where it has more than `most` entries. */
export async function ledgerOf(
  tx: Tx,
  company: string,
  { teamId, month, until, person }: LedgerWanted,
  most: number,
): Promise<ListedEntry[] | null> {
  const where = { company, teamId, month, ...(until && { at: { lte: until } }), ...(person && { personId: person }) }
  if ((await tx.pointsEntry.count({ where, take: most + 1 })) > most) return null
  const rows = await tx.pointsEntry.findMany({ where, orderBy: [{ personId: 'asc' }, { day: 'asc' }, { id: 'asc' }] })
  const orders = rows.flatMap(({ source, subject }) => (source === 'order' ? [subject] : []))
  const codes = await codesInParts(tx, company, orders)
  return rows.map(({ personId, day, source, subject, rule, points, corrects, policy, version }) => ({
    ...{ person: personId, day, source: source as Point['source'], subject: codes.get(subject) ?? subject, rule },
    ...{ points: points.toNumber(), corrects, policy, version },
  }))
}

/** A statement takes 32,767 values at most. */
const atOnce = 10_000

async function codesInParts(tx: Tx, company: string, orderIds: readonly string[]): Promise<Map<string, string>> {
  const ids = [...new Set(orderIds)]
  const codes = new Map<string, string>()
  for (let from = 0; from < ids.length; from += atOnce)
    for (const [id, code] of await codesOf(tx, company, ids.slice(from, from + atOnce))) codes.set(id, code)
  return codes
}

/** A ledger too long to be listed: what each person has by each rule. */
export interface LedgerSum {
  person: string
  source: Point['source']
  rule: string
  times: number
  points: number
}

export async function ledgerSums(
  tx: Tx,
  company: string,
  { teamId, month, until }: LedgerWanted,
): Promise<LedgerSum[]> {
  const rows = await tx.pointsEntry.groupBy({
    by: ['personId', 'source', 'rule'],
    where: { company, teamId, month, ...(until && { at: { lte: until } }) },
    _count: true,
    _sum: { points: true },
    orderBy: [{ personId: 'asc' }, { source: 'asc' }, { rule: 'asc' }],
  })
  return rows.map(({ personId, source, rule, _count, _sum }) => ({
    ...{ person: personId, source: source as Point['source'], rule, times: _count },
    points: _sum.points?.toNumber() ?? 0,
  }))
}

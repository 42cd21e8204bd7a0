import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { namesOf } from './store.ts'
import { type Span, type Tenure, within } from './tenure.ts'

/** Store of employment: when people belonged to which team, and as what (岗位). Days are `2026-11-25`, both inside. */

/** A person's time in a team within a span of days. */
export interface Employed extends Span {
  personId: string
  name: string
}

interface Row extends Tenure {
  teamId: string
  personId: string
}

const columns = { teamId: true, personId: true, post: true, from: true, to: true } as const
const byPerson = [{ personId: 'asc' }, { from: 'asc' }] as const

/** Everybody who belonged to a team on any day from `from` to `to`, also who left since, in the order they were entered. */
export async function employedIn(
  tx: Tx,
  company: string,
  teamId: string,
  from: string,
  to: string,
): Promise<Employed[]> {
  const rows = await tx.employment.findMany({
    where: { company, teamId, from: { lte: to }, OR: [{ to: null }, { to: { gte: from } }] },
    select: columns,
    orderBy: [...byPerson],
  })
  const names = await namesOf(
    tx,
    company,
    rows.map(({ personId }) => personId),
  )
  return [...grouped(rows, ({ personId }) => personId)].flatMap(([personId, own]) => {
    const span = within(own, from, to)
    return span ? [{ personId, name: names.get(personId) ?? '', ...span }] : []
  })
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const row of rows) {
    const own = found.get(key(row))
    if (own) own.push(row)
    else found.set(key(row), [row])
  }
  return found
}

/** Each person's time by team, from the first day on. */
export async function tenuresOf(
  tx: Tx,
  company: string,
  personIds: readonly string[],
): Promise<Map<string, Map<string, Tenure[]>>> {
  const rows = await tx.employment.findMany({
    where: { company, personId: { in: [...personIds] } },
    select: columns,
    orderBy: [...byPerson],
  })
  return new Map(
    [...grouped(rows, ({ personId }) => personId)].map(([id, own]) => [id, grouped<Row>(own, ({ teamId }) => teamId)]),
  )
}

/** One person's time by team; nobody else changes it before this transaction ends. */
export async function lockTenures(tx: Tx, company: string, personId: string): Promise<Map<string, Tenure[]>> {
  await tx.$queryRaw`SELECT 1 FROM "Person" WHERE "company" = ${company} AND "id" = ${personId}::uuid FOR UPDATE`
  return (await tenuresOf(tx, company, [personId])).get(personId) ?? new Map()
}

/** A person's time in a team from now on is this. */
export async function saveTenures(
  tx: Tx,
  company: string,
  { personId, teamId }: { personId: string; teamId: string },
  rows: readonly Tenure[],
  now: Date,
): Promise<void> {
  await tx.employment.deleteMany({ where: { company, personId, teamId } })
  await tx.employment.createMany({
    data: rows.map(({ post, from, to }) => ({ company, id: newId(now), personId, teamId, post, from, to, at: now })),
  })
}

import { expect, it } from 'vitest'
import { quoted, readTables } from '../../src/backup/tables.ts'
import { migrate, readMigrations, type Session } from '../../src/db/migrate.ts'
import { freshSession } from '../support/db.ts'
import { addRow } from '../support/rows.ts'

type Row = Record<string, unknown>

/** Columns a migration renamed or did away with, knowingly. */
const gone: Readonly<Record<string, readonly string[]>> = { ShownCard: ['orderId'], Team: ['webhookKey'] }

async function rowsOf(session: Session, table: string): Promise<Row[]> {
  const rows = await session.query(`SELECT to_jsonb(t)::text AS "row" FROM ${quoted(table)} t`)
  return rows.map(({ row }) => JSON.parse(String(row)) as Row)
}

it('a row written into each table under each version is there under the newest, as it was', async () => {
  const session = await freshSession()
  try {
    await session.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
    const all = await readMigrations()
    const written = new Map<string, Row[]>()
    for (const [at, { name }] of all.entries()) {
      expect(await migrate(session, all.slice(0, at + 1)), name).toEqual([name])
      for (const table of await readTables(session)) {
        const before = written.get(table.name) ?? []
        written.set(table.name, [...before, await addRow(session, table, before.length)])
      }
    }
    const tables = (await readTables(session)).map(({ name }) => name)
    expect([...written.keys()].sort()).toEqual(tables.sort())
    expect(written.get('Order')).toHaveLength(all.length)
    for (const [table, rows] of written) {
      const now = await rowsOf(session, table)
      for (const row of rows) {
        const kept = Object.fromEntries(Object.entries(row).filter(([column]) => !gone[table]?.includes(column)))
        expect(now, table).toContainEqual(expect.objectContaining(kept))
      }
    }
    // What was renamed or moved is found where it went.
    const [card] = written.get('ShownCard') ?? []
    expect((await rowsOf(session, 'ShownCard')).map(({ subject }) => subject)).toContain(card?.orderId)
    const [team] = written.get('Team') ?? []
    expect((await rowsOf(session, 'GroupRobot')).map(({ key }) => key)).toContain(team?.webhookKey)
  } finally {
    await session.close()
  }
})

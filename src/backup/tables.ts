import type { Migration, Session } from '../db/migrate.ts'

/** A table as a backup sees it. Columns by name, so that an older and a newer database say them in the same order. */
export interface Table {
  name: string
  columns: ReadonlyArray<{ name: string; type: string }>
  /** Names of tables its rows refer to. */
  needs: readonly string[]
}

/** What migrations themselves keep: it is rebuilt by them, not carried over. */
export const historyTable = '_prisma_migrations'

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Tables of the current schema without the migrations' own, each after those its rows refer to, otherwise by name. */
export async function readTables(session: Session): Promise<Table[]> {
  const columns = await session.query(`
    SELECT c.relname::text AS "table", a.attname::text AS "name", format_type(a.atttypid, a.atttypmod) AS "type"
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
    ORDER BY c.relname COLLATE "C", a.attname COLLATE "C"`)
  const references = await session.query(`
    SELECT DISTINCT c.conrelid::regclass::oid::int AS "id", f.relname::text AS "from", t.relname::text AS "to"
    FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
    WHERE c.contype = 'f' AND f.relnamespace = current_schema()::regnamespace AND f.oid <> t.oid`)
  const names = [...new Set(columns.map(row => String(row.table)))].filter(name => name !== historyTable)
  return inOrder(
    names.map(name => ({
      name,
      columns: columns
        .filter(row => row.table === name)
        .map(row => ({ name: String(row.name), type: String(row.type) })),
      needs: references.filter(row => row.from === name).map(row => String(row.to)),
    })),
  )
}

/** Every table any migration makes; what else a schema holds is somebody else's. */
export const ownTables = (all: readonly Migration[]): string[] => [
  ...namedIn(all, /CREATE TABLE "([^"]+)"/g),
  historyTable,
]

/** What a pattern catches in migrations, each once. */
export const namedIn = (all: readonly Migration[], pattern: RegExp): string[] => [
  ...new Set(all.flatMap(({ sql }) => [...sql.matchAll(pattern)].map(([, name = '']) => name))),
]

/** Each after what it needs, the first by name of those that could come next. */
export function inOrder(tables: readonly Table[]): Table[] {
  const left = [...tables]
  const ordered: Table[] = []
  while (left.length > 0) {
    const at = left.findIndex(({ needs }) => !left.some(({ name }) => needs.includes(name)))
    const [next] = left.splice(at, 1)
    if (at < 0 || !next) throw new Error(`Tables that refer to each other in a circle: ${left.map(one => one.name)}`)
    ordered.push(next)
  }
  return ordered
}

/** Rows of each table, as they are counted now. */
export async function countRows(session: Session, tables: readonly Table[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { name } of tables) {
    const [row] = await session.query(`SELECT count(*)::text AS "rows" FROM ${quoted(name)}`)
    counts[name] = Number(row?.rows)
  }
  return counts
}

import { quoted, readTables, type Table } from '../../src/backup/tables.ts'
import type { Session } from '../../src/db/migrate.ts'

/** A text that suffers where somebody escapes it wrongly. */
export const awkward = '张三 “q” \'q\' "q" \\ \n\r\t \u2028 🛠 <b> {x} =1+1'

/** Of companies the service knows nothing of. */
const company = 'elsewhere'

const samples: Readonly<Record<string, string>> = {
  ...{ uuid: 'gen_random_uuid()', boolean: 'true', integer: '-7' },
  ...{ bigint: '9007199254740993', jsonb: `'{"a":[1.50,null,"“\\\\”"]}'`, 'text[]': `ARRAY['a,b', '"c"', '']` },
  ...{ 'integer[]': 'ARRAY[1, -2]', bytea: String.raw`'\x000a0d5c22ff'` },
}

function sample(type: string, nr: number): string {
  if (type === 'text') return `'${awkward.replaceAll("'", "''")} ${nr}'`
  const numeric = /^numeric\(\d+,(\d+)\)$/.exec(type)
  if (numeric) return `-12.${'5'.padEnd(Number(numeric[1]), '0')}`
  if (type.startsWith('timestamp')) return `'2026-11-24T01:02:03.456Z'`
  if (type.startsWith('"')) return `(enum_range(NULL::${type}))[1]`
  const known = samples[type]
  if (!known) throw new Error(`no sample of ${type}: add one`)
  return known
}

interface Reference {
  columns: string[]
  to: string
  toColumns: string[]
}

async function referencesOf(session: Session, { name }: Table): Promise<Reference[]> {
  const rows = await session.query(
    `SELECT t.relname::text AS "to",
       (SELECT json_agg(a.attname ORDER BY k.nr) FROM unnest(c.conkey) WITH ORDINALITY k(num, nr)
         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num)::text AS "columns",
       (SELECT json_agg(a.attname ORDER BY k.nr) FROM unnest(c.confkey) WITH ORDINALITY k(num, nr)
         JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num)::text AS "toColumns"
     FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
     WHERE c.contype = 'f' AND f.relname = $1`,
    [name],
  )
  return rows.map(row => ({
    to: String(row.to),
    columns: JSON.parse(String(row.columns)),
    toColumns: JSON.parse(String(row.toColumns)),
  }))
}

/** Puts a row with a value in every column into a table and returns it. `nr`: how many there were before. */
export async function addRow(session: Session, table: Table, nr = 0): Promise<Record<string, unknown>> {
  const values = new Map<string, string>()
  for (const { name, type } of table.columns)
    values.set(name, name === 'company' ? `'${company} ${String(nr).padStart(3, '0')}'` : sample(type, nr))
  for (const { columns, to, toColumns } of await referencesOf(session, table))
    columns.forEach((column, at) => {
      const [wanted, ...order] = [toColumns[at] ?? '', ...toColumns].map(quoted)
      values.set(column, `(SELECT ${wanted} FROM ${quoted(to)} ORDER BY ${order} LIMIT 1 OFFSET ${nr})`)
    })
  const names = [...values.keys()].map(quoted).join(', ')
  const into = quoted(table.name)
  const [made] = await session.query(
    `INSERT INTO ${into} (${names}) VALUES (${[...values.values()].join(', ')}) RETURNING to_jsonb(${into})::text AS "row"`,
  )
  return JSON.parse(String(made?.row))
}

/** Puts a row into each table that has none. Returns the names of those. */
export async function fillTables(session: Session): Promise<string[]> {
  const filled: string[] = []
  for (const table of await readTables(session)) {
    const [found] = await session.query(`SELECT count(*)::int AS "n" FROM ${quoted(table.name)}`)
    if (Number(found?.n) > 0) continue
    await addRow(session, table)
    filled.push(table.name)
  }
  return filled
}

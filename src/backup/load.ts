import { z } from 'zod'
import type { Session } from '../db/migrate.ts'
import { Digest, type Sum } from './digest.ts'
import { type Content, contentShape } from './header.ts'
import { damaged, torn } from './seal.ts'
import { quoted, type Table } from './tables.ts'

/** Lines other than rows. */
const mark = z.union([
  z.strictObject({ content: contentShape }),
  z.strictObject({ table: z.string(), columns: z.array(z.string()) }),
  z.strictObject({ end: z.string(), rows: z.int(), checksum: z.string() }),
  z.strictObject({ end: z.null(), tables: z.int() }),
])

/** What is told of a backup's lines, in their order; rows in parts of some. */
export interface Listener {
  /** Before the rows of a table. */
  table?(name: string, columns: readonly string[]): Promise<void> | void
  rows?(name: string, rows: readonly string[]): Promise<void>
}

const partBytes = 1024 * 1024
const partRows = 500

/**
 * Reads a backup's lines to their end, and whether they are all there: every table the header names, with as many rows and
 * the checksum they were written with. @throws Permanent `backup-torn`, `backup-damaged`
 */
export async function readLines(
  lines: AsyncIterable<string>,
  content: Content,
  listener: Listener = {},
): Promise<Map<string, Sum>> {
  const found = new Map<string, Sum>()
  let open: { name: string; digest: Digest } | null = null
  let part: string[] = []
  let bytes = 0
  let ended = false
  const hand = async (name: string) => {
    if (part.length > 0) await listener.rows?.(name, part)
    part = []
    bytes = 0
  }
  for await (const line of lines) {
    if (ended) throw damaged()
    if (line.startsWith('[') && open) {
      open.digest.add(line)
      bytes += line.length
      if (part.push(line) >= partRows || bytes >= partBytes) await hand(open.name)
      continue
    }
    const told = mark.safeParse(parsed(line)).data
    if (told === undefined) throw damaged()
    if ('content' in told) {
      if (JSON.stringify(told.content) !== JSON.stringify(content)) throw damaged()
    } else if ('table' in told) {
      if (open || found.has(told.table) || !(told.table in content.tables)) throw damaged()
      open = { name: told.table, digest: new Digest() }
      await listener.table?.(told.table, told.columns)
    } else if (told.end === null) {
      if (open || told.tables !== found.size) throw damaged()
      ended = true
    } else {
      if (open?.name !== told.end) throw damaged()
      await hand(told.end)
      const { sum } = open.digest
      const counted = content.tables[told.end]
      if (sum.rows !== told.rows || sum.checksum !== told.checksum || sum.rows !== counted) throw damaged()
      found.set(told.end, sum)
      open = null
    }
  }
  if (!ended) throw torn()
  if (found.size !== Object.keys(content.tables).length) throw damaged()
  return found
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** What is no value of its column, or against a rule of its table, was never read out of one: `22…` and `23…` of SQLSTATE. */
function refused(error: unknown): never {
  throw /^2[23]/.test((error as { code?: string }).code ?? '') ? damaged(error) : error
}

/** Writes rows of a backup into tables that are empty, of the schema the backup is of. */
export function loader(session: Session, tables: readonly Table[]): Required<Listener> {
  let statement = ''
  return {
    table(name, columns) {
      const table = tables.find(one => one.name === name)
      const known = table?.columns.map(column => column.name)
      if (!table || JSON.stringify(known) !== JSON.stringify(columns)) throw damaged()
      const names = table.columns.map(column => quoted(column.name))
      const values = table.columns.map(({ type }, at) => `(r->>${at})::${type}`)
      statement = `INSERT INTO ${quoted(name)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM json_array_elements($1::text::json) r`
    },
    async rows(_, rows) {
      await session.query(statement, [`[${rows.join(',')}]`]).catch(refused)
    },
  }
}

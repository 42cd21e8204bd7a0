import { setImmediate as others } from 'node:timers/promises'
import { messages, type PGlite, parse, protocol, type QueryOptions, type Transaction } from '@electric-sql/pglite'
import { type Line, parsersWith, type Said, textList } from './direct.ts'
import { begun, current } from './mark.ts'

const { serialize } = protocol

/** A statement the database has read, checked and keeps under a name. */
interface Prepared {
  name: string
  parameters: readonly number[]
  columns: ReadonlyArray<{ name: string; dataTypeID: number }>
  /** How each column's text is read, or undefined where it is taken as it is; by who asks. */
  readers: Map<object, Readers>
}

type Readers = ReadonlyArray<((text: string) => unknown) | undefined>

interface Result {
  rows: unknown[][]
  fields: Prepared['columns']
  affectedRows: number
}

/** Lists of different lengths make different statements: those not used for longest go. */
const most = 400
/** Other statements (VACUUM, SET, DDL) are said once and not kept. */
const worthKeeping = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i

/**
 * All a PGlite does, it does in promises that are settled already: while there is work, nothing else of the process has its
 * turn, neither timers nor sockets. After so many statements it has.
 */
const inARow = 8

/** `rows` are arrays, as Prisma's adapter reads them; the line's are objects. */
export interface Preparing {
  pglite: PGlite
  line: Line
}

/**
 * A PGlite that prepares each statement once and then only runs it, for Prisma, which says the same statements over and
 * over: PGlite itself reads and plans each anew, in six round trips, which takes longer than running it. For rows as arrays;
 * what a session sets after that (search_path, DDL) is not looked for.
 */
export function preparing(pglite: PGlite): Preparing {
  const kept = new Map<string, Prepared>()
  let named = 0
  let said = 0
  let turn: Promise<unknown> = Promise.resolve()

  /** One after another, as on a connection: a transaction as a whole. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }

  async function say(...parts: Uint8Array[]) {
    if (++said % inARow === 0) await others()
    return pglite.execProtocolStream(Buffer.concat(parts), { syncToFs: false })
  }

  async function prepare(text: string): Promise<Prepared> {
    const keep = worthKeeping.test(text)
    const name = keep ? `s${++named}` : ''
    const told = await say(serialize.parse({ name, text }), serialize.describe({ type: 'S', name }), serialize.sync())
    const columns = told.flatMap(one => (one instanceof messages.RowDescriptionMessage ? one.fields : []))
    const parameters = parse.parseDescribeStatementResults(told)
    const statement: Prepared = { name, parameters, columns, readers: new Map() }
    if (keep) kept.set(text, statement)
    const [oldest] = kept
    if (oldest && kept.size > most) {
      kept.delete(oldest[0])
      await say(serialize.close({ type: 'S', name: oldest[1].name }), serialize.sync())
    }
    return statement
  }

  function known(text: string): Prepared | undefined {
    const statement = kept.get(text)
    if (!statement) return undefined
    kept.delete(text)
    kept.set(text, statement)
    return statement
  }

  function readersOf({ columns, readers }: Prepared, parsers: NonNullable<QueryOptions['parsers']>): Readers {
    const known = readers.get(parsers)
    if (known) return known
    const made = columns.map(({ dataTypeID }) => parsers[dataTypeID] ?? pglite.parsers[dataTypeID])
    readers.set(parsers, made)
    return made
  }

  async function query(text: string, values: readonly unknown[] = [], options?: QueryOptions): Promise<Result> {
    const statement = known(text) ?? (await prepare(text))
    const { name, parameters, columns } = statement
    const readers = readersOf(statement, options?.parsers ?? pglite.parsers)
    const bound = values.map((value, index) => {
      if (value === null || value === undefined) return null
      const type = parameters[index] ?? 0
      const write = options?.serializers?.[type] ?? pglite.serializers[type]
      return write ? write(value) : String(value)
    })
    const told = await say(serialize.bind({ statement: name, values: bound }), serialize.execute({}), serialize.sync())
    const result: Result = { rows: [], fields: columns, affectedRows: 0 }
    for (const one of told) {
      if (one instanceof messages.DataRowMessage)
        result.rows.push(one.fields.map((field, index) => (field === null ? null : (readers[index]?.(field) ?? field))))
      else if (one instanceof messages.CommandCompleteMessage) result.affectedRows = changedBy(one.text)
    }
    return result
  }

  const parsers = parsersWith(list => pglite.parsers[textList]?.(list, textList))
  const objects = async (text: string, values: readonly unknown[], check = () => {}): Promise<Said> => {
    check()
    const { rows, fields, affectedRows } = await query(text, values, { parsers })
    const names = fields.map(({ name }) => name)
    return {
      rows: rows.map(row => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
      changed: affectedRows,
    }
  }
  const exclusive: Line = { query: (...said) => pglite.runExclusive(() => objects(...said)) }

  const own = {
    query: (text: string, values?: readonly unknown[], options?: QueryOptions) =>
      inTurn(() => pglite.runExclusive(() => query(text, values, options))),
    exec: (text: string, options?: QueryOptions) => inTurn(() => pglite.exec(text, options)),
    transaction: <T>(work: (tx: object) => Promise<T>) =>
      inTurn(() =>
        pglite.transaction(async (tx: Transaction) => {
          const mark = current.getStore()
          const told = <T>(answer: Promise<T>): Promise<T> =>
            answer.catch((error: Error) => {
              if (mark) mark.failed = true
              throw error
            })
          const end = begun(mark, { query: (...said) => told(exclusive.query(...said)) })
          try {
            return await work({
              query: (text: string, values?: readonly unknown[], options?: QueryOptions) =>
                told(pglite.runExclusive(() => query(text, values, options))),
              exec: (text: string, options?: QueryOptions) => tx.exec(text, options),
              rollback: () => tx.rollback(),
            })
          } finally {
            end()
          }
        }),
      ),
  }
  const seen = new Proxy(pglite, {
    get(target, key) {
      if (key === 'query' || key === 'exec' || key === 'transaction') return own[key]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { pglite: seen, line: { query: (...said) => inTurn(() => exclusive.query(...said)) } }
}

/** Rows that a command changed, from what it says at its end: `INSERT 0 3`, `UPDATE 2`. */
function changedBy(text: string): number {
  const [command = '', ...numbers] = text.split(' ')
  return /^(INSERT|UPDATE|DELETE|MERGE)$/.test(command) ? Number(numbers.at(-1)) : 0
}

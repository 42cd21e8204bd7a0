import { Prisma } from '../generated/prisma/client.ts'

/** A connection that a statement can be handed to as it is. */
export interface Line {
  /** Statements are done in the order they are said in. `check` throws when one that still waits must not be said any more. */
  query(text: string, values: readonly unknown[], check?: () => void): Promise<Said>
}

export interface Said {
  rows: Array<Record<string, unknown>>
  /** How many rows were changed. */
  changed: number
}

type Statement = TemplateStringsArray | Prisma.Sql
export type Parser = (text: string) => unknown

/** Sessions are in UTC, whether times say so or not. */
const utc: Parser = text => new Date(`${text.replace(' ', 'T').replace(/[+-]\d{2}(:\d{2})?$/, '')}Z`)

/** PostgreSQL's types whose values are read otherwise than by drivers: as Prisma does, so that it is all one who was asked. */
const read: ReadonlyArray<{ type: number; list: number; as: Parser }> = [
  { type: 20, list: 1016, as: BigInt },
  { type: 1082, list: 1182, as: text => new Date(text) },
  { type: 1114, list: 1115, as: utc },
  { type: 1184, list: 1185, as: utc },
  { type: 1700, list: 1231, as: text => new Prisma.Decimal(text) },
]

/** Of `text[]`, as pg_type has it. */
export const textList = 1009

/** Parsers by type; `texts` takes a list of the driver's apart. */
export function parsersWith(texts: (list: string) => ReadonlyArray<string | null>): Readonly<Record<number, Parser>> {
  const each =
    (as: Parser): Parser =>
    list =>
      texts(list).map(one => (one === null ? null : as(one)))
  return Object.fromEntries(
    read.flatMap(({ type, list, as }) => [
      [type, as],
      [list, each(as)],
    ]),
  )
}

const texts = new WeakMap<TemplateStringsArray, string>()

/** A statement with $1, $2…; what was written in one piece is put together once. */
function written(statement: Statement, values: readonly unknown[]): { text: string; values: readonly unknown[] } {
  if (!isTemplate(statement)) return statement
  if (values.some(value => value instanceof Prisma.Sql)) return Prisma.sql(statement, ...values)
  const known = texts.get(statement)
  if (known !== undefined) return { text: known, values }
  const text = statement.reduce((before, part, index) => `${before}$${index}${part}`)
  texts.set(statement, text)
  return { text, values }
}

const isTemplate = (statement: Statement): statement is TemplateStringsArray => Array.isArray(statement)

/** As every driver takes it: `pg` would write a Date in the process's own zone, and a Decimal as JSON. */
function given(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint' || Prisma.Decimal.isDecimal(value)) return String(value)
  return Array.isArray(value) ? value.map(given) : value
}

/**
 * The client, whose raw statements go straight to the connection while there is one: what Prisma does to a statement takes
 * five times as long as what the driver does (docs/benchmarks.md). Without one Prisma is asked, which knows why.
 */
export function direct<T extends Prisma.TransactionClient>(client: T, line: () => Line | undefined): T {
  const ask = (open: Line, statement: Statement, values: readonly unknown[]) => {
    const { text, values: all } = written(statement, values)
    return open.query(text, all.map(given))
  }
  return Object.create(client, {
    $queryRaw: {
      value: async (statement: Statement, ...values: unknown[]) => {
        const open = line()
        return open ? (await ask(open, statement, values)).rows : client.$queryRaw(statement, ...values)
      },
    },
    $executeRaw: {
      value: async (statement: Statement, ...values: unknown[]) => {
        const open = line()
        return open ? (await ask(open, statement, values)).changed : client.$executeRaw(statement, ...values)
      },
    },
  }) as T
}

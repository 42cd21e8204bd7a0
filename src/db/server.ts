import { AsyncLocalStorage } from 'node:async_hooks'
import type { Writable } from 'node:stream'
import pg from 'pg'
import { type Line, parsersWith, textList } from './direct.ts'
import { type Held, over, rolledBack } from './mark.ts'
import { createNaming } from './named.ts'
import { watchedSocket } from './silence.ts'

type Naming = (sql: string) => string | undefined

const own = parsersWith(pg.types.getTypeParser(textList as number))
const types = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && own[type]) || pg.types.getTypeParser(type, format as 'text'),
} as pg.CustomTypesConfig

/** Connections to a server. What is said at the same time goes out without waiting for the answers to what was said before. */
export class Pool extends pg.Pool {
  readonly line: Line
  readonly naming: Naming = createNaming()

  constructor(config: pg.PoolConfig, silenceMs: number) {
    super({ ...config, types, pipeline: true, stream: () => watchedSocket(silenceMs) })
    this.line = this.lineOf((text, values, name) =>
      this.query(name === undefined ? text : { text, name }, values as unknown[]),
    )
  }

  override connect(): Promise<pg.PoolClient>
  override connect(told: (err: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void): void
  override connect(
    told?: (err: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void,
  ): Promise<pg.PoolClient> | undefined {
    // So asks the pool itself, for a statement outside of transactions.
    if (told) {
      super.connect(told)
      return undefined
    }
    // So asks Prisma, for a transaction: of ours, or one of its own for rows that hang together.
    const lentOut = lent.getStore()
    return lentOut ? Promise.resolve(lentOut) : super.connect()
  }

  /** Begins a transaction. Nobody waits for BEGIN, whose answer says nothing: what is asked first goes with it. */
  async begin(): Promise<Held> {
    return hold(await super.connect(), say => this.lineOf(say))
  }

  private lineOf(say: Say): Line {
    return {
      query: async (text, values) => {
        const { rows, rowCount } = await say(text, values, this.naming(text))
        return { rows, changed: rowCount ?? 0 }
      },
    }
  }
}

type Ask = (...args: unknown[]) => Promise<unknown>
type Say = (text: string, values: readonly unknown[], name: string | undefined) => Promise<Rows>
type Rows = pg.QueryResult<Record<string, unknown>>

/** Handed over as `pg` keeps a statement itself: an object that says text and name would be copied, property by property. */
async function submitted(ask: Ask, text: string, values: readonly unknown[], name: string | undefined): Promise<Rows> {
  const query = new pg.Query(text, values as unknown[]) as pg.Query & {
    name?: string | undefined
    callback: (error: Error | null, rows: Rows) => void
  }
  query.name = name
  const answer = new Promise<Rows>((done, fail) => {
    query.callback = (error, rows) => (error ? fail(error) : done(rows))
  })
  try {
    await ask(query)
    return await answer
  } catch (error) {
    // Made where the answer was read: it is to say who had asked.
    if (error instanceof Error) Error.captureStackTrace(error)
    throw error
  }
}

/** What is said in one breath goes out together: each write is a call of the system's, and wakes the server. */
function inOneBreath(client: pg.PoolClient): Ask {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  return (...args) => {
    if (stream.writableCorked === 0) {
      stream.cork()
      process.nextTick(() => stream.uncork())
    }
    return (client.query as Ask).apply(client, args)
  }
}

/** What Prisma is given when it asks for a connection. Used only meanwhile (see `current`). */
const lent = new AsyncLocalStorage<pg.PoolClient>()
let lending = 0

const frames: ReadonlySet<unknown> = new Set(['BEGIN', 'COMMIT', 'ROLLBACK'])
const nothing = { rows: [], fields: [], rowCount: 0 }

function hold(client: pg.PoolClient, lineOf: (say: Say) => Line): Held {
  const say = inOneBreath(client)
  let failure: Error | undefined
  let ended = false
  // Without BEGIN a statement would be done for good, by itself; after the end it would be in somebody else's transaction.
  const query: Ask = (...args) => (failure || ended ? Promise.reject(failure ?? over()) : say(...args))
  const lost = (error: Error) => {
    failure ??= error
  }
  client.on('error', lost)
  say('BEGIN').catch(lost)
  return {
    line: lineOf((text, values, name) => submitted(query, text, values, name)),
    async lend(begin) {
      const asPrismaKnowsOne = {
        query: (asked: { text: string }, values: unknown[]) =>
          frames.has(asked.text) ? Promise.resolve(nothing) : query(asked, values),
        on() {},
        removeListener() {},
        release() {},
      }
      lending++
      try {
        return await lent.run(asPrismaKnowsOne as unknown as pg.PoolClient, begin)
      } finally {
        if (--lending === 0) lent.disable()
      }
    },
    async end(word) {
      if (ended) throw over()
      const answer = query(word) as Promise<{ command: string }>
      ended = true
      const { command } = await answer
        .catch((error: Error) => {
          lost(error)
          throw error
        })
        .finally(() => {
          client.removeListener('error', lost)
          client.release(failure)
        })
      if (command !== word) throw rolledBack()
    },
  }
}

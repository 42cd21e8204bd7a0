import type { Writable } from 'node:stream'
import pg from 'pg'
import { begun, type Line, parsersWith, textList } from './direct.ts'
import { createNaming } from './named.ts'
import { watchedSocket } from './silence.ts'

type Naming = (sql: string) => string | undefined

const own = parsersWith(pg.types.getTypeParser(textList as number))
const types = {
  getTypeParser: (type: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && own[type]) || pg.types.getTypeParser(type, format as 'text'),
} as pg.CustomTypesConfig

/**
 * Connections to a server, which tell the transaction that begins on them how to be spoken to. What is said at the same time
 * goes out without waiting for the answers to what was said before.
 */
export class Pool extends pg.Pool {
  readonly line: Line
  readonly naming: Naming = createNaming()

  constructor(config: pg.PoolConfig, silenceMs: number) {
    super({ ...config, types, pipeline: true, stream: () => watchedSocket(silenceMs) })
    this.line = this.lineOf(this)
  }

  override connect(): Promise<pg.PoolClient>
  override connect(told: (err: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void): void
  override connect(
    told?: (err: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void,
  ): Promise<pg.PoolClient> | undefined {
    if (!told) return this.forTransaction()
    // So asks the pool itself, for a statement outside of transactions.
    super.connect(told)
    return undefined
  }

  private async forTransaction(): Promise<pg.PoolClient> {
    const client = await super.connect()
    const asAlways = beginsUnawaited(client)
    const end = begun(this.lineOf(client))
    const { release } = client
    client.release = broken => {
      end()
      asAlways()
      release.call(client, broken)
    }
    return client
  }

  private lineOf(asked: Pick<pg.ClientBase, 'query'>): Line {
    return {
      query: async (text, values) => {
        const name = this.naming(text)
        const asks = name === undefined ? text : { text, name }
        const { rows, rowCount } = await asked.query<Record<string, unknown>>(asks, values as unknown[])
        return { rows, changed: rowCount ?? 0 }
      },
    }
  }
}

type Ask = (...args: unknown[]) => Promise<unknown>

/** What is said in one breath goes out together: each write is a call of the system's, and wakes the server. */
function inOneBreath(client: pg.PoolClient): Ask {
  const say = client.query as Ask
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection
  return (...args) => {
    if (stream.writableCorked === 0) {
      stream.cork()
      process.nextTick(() => stream.uncork())
    }
    return say.apply(client, args)
  }
}

/**
 * The first statement on a connection for a transaction is BEGIN. Its answer says nothing, so that nobody waits for it: what
 * the transaction asks first goes with it. Should it fail all the same, nothing more is said. Returns what makes the
 * connection as it was.
 */
function beginsUnawaited(client: pg.PoolClient): () => void {
  const ask = inOneBreath(client)
  let failure: Error | undefined
  const query: Ask = (...args) => (failure ? Promise.reject(failure) : ask(...args))
  const begin: Ask = (...args) => {
    client.query = query as typeof client.query
    ask(...args).catch((error: Error) => {
      failure = error
    })
    return Promise.resolve({ rows: [], fields: [], rowCount: null })
  }
  Object.defineProperty(client, 'query', { value: begin, configurable: true, writable: true })
  return () => {
    Reflect.deleteProperty(client, 'query')
  }
}

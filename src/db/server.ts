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

/** Connections to a server, which tell the transaction that begins on them how to be spoken to. */
export class Pool extends pg.Pool {
  readonly line: Line
  readonly naming: Naming = createNaming()

  constructor(config: pg.PoolConfig, silenceMs: number) {
    super({ ...config, stream: () => watchedSocket(silenceMs) })
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
    const asAlways = inTurn(client)
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
        const { rows, rowCount } = await asked.query<Record<string, unknown>>({
          ...{ text, types, values: values as unknown[] },
          ...(name !== undefined && { name }),
        })
        return { rows, changed: rowCount ?? 0 }
      },
    }
  }
}

/**
 * One statement after the other, whoever says it, Prisma or the line: `pg` is about to refuse one that comes while another
 * is under way. Returns what makes it as it was.
 */
function inTurn(client: pg.PoolClient): () => void {
  const ask = client.query as (...args: unknown[]) => Promise<unknown>
  let last: Promise<unknown> = Promise.resolve()
  const query = (...args: unknown[]) => {
    const mine = last.then(() => ask.apply(client, args))
    last = mine.catch(() => {})
    return mine
  }
  Object.defineProperty(client, 'query', { value: query, configurable: true, writable: true })
  return () => {
    Reflect.deleteProperty(client, 'query')
  }
}

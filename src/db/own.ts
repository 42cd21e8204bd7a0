import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { direct } from './direct.ts'
import { begun, type Held, type Mark, marked, over, transactionMs } from './mark.ts'

/**
 * One transaction on a connection that is held for it. Raw statements go straight there; for what Prisma builds a
 * transaction of Prisma's is begun on the same connection once it is asked for: what most transactions never do, and
 * what beginning and ending it costs is more than all they say.
 */
export async function ownTransaction<T>(
  prisma: PrismaClient,
  held: Held,
  mark: Mark,
  work: (tx: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  const hangUp = begun(mark, held.line)
  const asked = new OnDemand(prisma, held)
  const late = setTimeout(() => {
    hangUp()
    asked.refuse()
    void held.end('ROLLBACK').catch(() => {})
  }, transactionMs).unref()
  const end = async (word: 'COMMIT' | 'ROLLBACK') => {
    clearTimeout(late)
    hangUp()
    await asked.end()
    await held.end(word)
  }
  let answer: T
  try {
    answer = await work(
      marked(
        direct(asked.tx(), () => mark.line),
        mark,
      ),
    )
  } catch (error) {
    await end('ROLLBACK').catch(() => {})
    throw error
  }
  await end('COMMIT')
  return answer
}

type Delegate = Record<string, (...args: unknown[]) => Promise<unknown>>

/** A transaction of Prisma's that is begun with the first thing asked of it. Its own COMMIT says nothing (`Held.asPrisma`). */
class OnDemand {
  private inner: Promise<Prisma.TransactionClient> | undefined
  private whole: Promise<void> | undefined
  private finish = () => {}
  private ended = false

  constructor(
    private readonly prisma: PrismaClient,
    private readonly held: Held,
  ) {}

  tx(): Prisma.TransactionClient {
    const models = new Map<string, Delegate>()
    const model = (name: string) => {
      const known = models.get(name) ?? this.delegate(name)
      models.set(name, known)
      return known
    }
    return new Proxy({} as Prisma.TransactionClient, {
      get: (_, key) => {
        // Whoever awaits what is no promise looks for `then`.
        if (typeof key === 'symbol' || key === 'then') return undefined
        return key.startsWith('$') ? this.ask(inner => inner, key) : model(key)
      },
    })
  }

  /** Nothing more is asked. */
  refuse(): void {
    this.ended = true
  }

  /** Ends what was begun; what becomes of the connection is said by whoever holds it. */
  async end(): Promise<void> {
    this.refuse()
    await this.inner?.catch(() => {})
    this.finish()
    await this.whole?.catch(() => {})
  }

  private delegate(name: string): Delegate {
    return new Proxy({} as Delegate, {
      get: (_, action) =>
        typeof action === 'symbol' || action === 'then'
          ? undefined
          : this.ask(inner => Reflect.get(inner, name), action),
    })
  }

  private ask(whom: (inner: Prisma.TransactionClient) => object, action: string) {
    return async (...args: unknown[]): Promise<unknown> => {
      const asked = whom(await this.open())
      return (Reflect.get(asked, action) as (...args: unknown[]) => unknown).apply(asked, args)
    }
  }

  private begin(): Promise<Prisma.TransactionClient> {
    return new Promise((begins, fails) => {
      this.whole = this.prisma.$transaction(tx => {
        begins(tx)
        return new Promise<void>(done => {
          this.finish = done
        })
      })
      this.whole.catch(fails)
    })
  }

  private open(): Promise<Prisma.TransactionClient> {
    if (this.ended) throw over()
    this.inner ??= this.held.lend(() => this.begin())
    return this.inner
  }
}

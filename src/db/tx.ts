import { setTimeout as pause } from 'node:timers/promises'
import type { Prisma } from '../generated/prisma/client.ts'
import { direct } from './direct.ts'
import { current, type Mark, marked, markOf, rolledBack } from './mark.ts'
import type { Database } from './open.ts'
import { ownTransaction } from './own.ts'

/** What work inside a transaction talks to. */
export type Tx = Prisma.TransactionClient

export interface TransactionOptions {
  /** A unique key taken meanwhile by another transaction is worth another try: the work looks first and then inserts. */
  retryUnique?: boolean
}

const retries = 3

/** Transactions waiting for the only connection of an embedded database, per database. */
const queues = new WeakMap<object, Promise<unknown>>()

/**
 * Runs `work` in one transaction: all of it happens or nothing. It may run up to four times, since what PostgreSQL
 * breaks off (serialization failures, deadlocks) is tried again, so it must do nothing outside the database.
 * Inside, use only `tx`: the plain client would wait for this very transaction, and another one inside is refused on the
 * embedded database (on a server it takes one more connection).
 */
export function inTransaction<T>(
  db: Database,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const outer = current.getStore()
  if (outer?.open && outer.prisma === db.prisma) {
    throw new Error('A transaction is open already: hand its tx on instead of opening another.')
  }
  return db.kind === 'embedded' ? inTurn(db, () => retrying(db, work, options)) : retrying(db, work, options)
}

function inTurn<T>(db: Database, run: () => Promise<T>): Promise<T> {
  const mine = (queues.get(db.prisma) ?? Promise.resolve()).then(run)
  queues.set(
    db.prisma,
    mine.catch(() => {}),
  )
  return mine
}

async function retrying<T>(db: Database, work: (tx: Tx) => Promise<T>, options: TransactionOptions): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(db, work)
    } catch (error) {
      if (attempt >= retries || !worthRetry(error, options)) throw error
      await pause(Math.random() * 20 * 2 ** attempt)
    }
  }
}

async function attemptOnce<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const mark: Mark = { prisma: db.prisma, open: true, posted: [] }
  const held = await db.begin?.()
  try {
    const answer = await (held
      ? ownTransaction(db.prisma, held, mark, work)
      : current.run(mark, () => prismaTransaction(db, mark, work)))
    // A server is told to commit without waiting for these, and rolls back if one of them fails.
    await Promise.all(mark.posted)
    return answer
  } catch (error) {
    throw (await firstFailure(mark.posted)) ?? error
  } finally {
    // What the work set off in the background outlives the transaction and may open its own.
    mark.open = false
  }
}

function prismaTransaction<T>(db: Database, mark: Mark, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.prisma.$transaction(async tx => {
    try {
      const answer = await work(
        marked(
          direct(tx, () => mark.line),
          mark,
        ),
      )
      await Promise.all(mark.posted)
      if (mark.failed) throw rolledBack()
      return answer
    } finally {
      // Before Prisma ends the transaction, and whatever is still waiting to be said in it.
      mark.hangUp?.()
    }
  })
}

/** What failed before anything else was refused because of it. */
async function firstFailure(posted: ReadonlyArray<Promise<unknown>>): Promise<unknown> {
  const failures = (await Promise.allSettled(posted)).flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
  return failures.find(failure => !codes(failure).includes('25P02'))
}

/**
 * A statement in a transaction whose answer nobody needs: what comes next is said without waiting for its end. When it
 * fails, so does the transaction. Outside of one it is waited for.
 */
export async function unawaited(tx: Tx, said: Promise<unknown>): Promise<void> {
  const mark = markOf(tx)
  if (!mark?.line) {
    await said
    return
  }
  said.catch(() => {})
  mark.posted.push(said)
}

function worthRetry(error: unknown, options: TransactionOptions): boolean {
  return isConflict(error) || (options.retryUnique === true && isUniqueViolation(error))
}

/** Broken off by PostgreSQL so that others could go on: 40001 serialization failure, 40P01 deadlock. */
export function isConflict(error: unknown): boolean {
  return codes(error).some(code => code === 'P2034' || code === '40001' || code === '40P01')
}

/** A row with the same unique key exists. */
export function isUniqueViolation(error: unknown): boolean {
  return codes(error).some(code => code === 'P2002' || code === '23505')
}

/** Unreachable, shutting down, or without a connection to spare for too long. */
const away = /^(P1001|P1002|P1008|P1017|P2024|57P0[1-3]|08\w{3}|ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT)$/
const awayWords =
  /^(Transaction API error: Unable to start a transaction|timeout exceeded when trying to connect)|Connection terminated|connection error and is not queryable/

/** The database could not be asked, or broke off meanwhile: the same may do later. */
export function isAway(error: unknown): boolean {
  if (codes(error).some(code => away.test(code))) return true
  return error instanceof Error && (awayWords.test(error.message) || isAway(error.cause))
}

/** Every code in the error, what it carries and what caused it: Prisma hides the database's at different depths. */
function codes(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > 5) return []
  const { code, originalCode, meta, driverAdapterError, cause } = error as Record<string, unknown>
  const own = [code, originalCode].filter(value => typeof value === 'string')
  return [...own, ...[meta, driverAdapterError, cause].flatMap(inner => codes(inner, depth + 1))]
}

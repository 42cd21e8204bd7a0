import { AsyncLocalStorage } from 'node:async_hooks'
import type { Line } from './direct.ts'

/** A connection on which a transaction was begun. */
export interface Held {
  readonly line: Line
  /** Does what makes Prisma begin a transaction: it begins on this connection. What frames it is not passed on. */
  lend<T>(begin: () => Promise<T>): Promise<T>
  /** Ends the transaction, and gives the connection back. @throws when it was ended before, or could not be committed */
  end(word: 'COMMIT' | 'ROLLBACK'): Promise<void>
}

/** A transaction under way; `line` is there while its connection may be spoken to. */
export interface Mark {
  readonly prisma: object
  open: boolean
  /** What was said without waiting for its end (`unawaited`). */
  readonly posted: Array<Promise<unknown>>
  line?: Line | undefined
  /** A statement failed: whatever else is said, all of it is rolled back. */
  failed?: boolean
  /** Takes the line away. */
  hangUp?: () => void
}

/**
 * On the embedded database, which transaction is under way where something is asked. Not on a server: while a storage is in
 * use, Node 20 follows each promise of the process, which takes part of the time of all there is to do.
 */
export const current = new AsyncLocalStorage<Mark>()

const marks = new WeakMap<object, Mark>()

/** Of the transaction that `tx` speaks in; undefined for a client that is in none. */
export const markOf = (tx: object): Mark | undefined => marks.get(tx)

/** What the work of a transaction is given. */
export function marked<T extends object>(tx: T, mark: Mark): T {
  marks.set(tx, mark)
  return tx
}

/** Milliseconds. A transaction that takes longer keeps others from what it has locked, and is taken back. */
export const transactionMs = 30_000
/** Before that the connection is given up, whatever is said after it. */
const lineMs = transactionMs - 1_000

export const rolledBack = (): Error => new Error('The transaction was rolled back: something in it had failed.')
export const over = (): Error => new Error('The transaction is over: nothing more is said in it.')

/**
 * The connection of the transaction that is being begun; returns what takes it away. What was not said by then never is:
 * after the transaction the connection is somebody else's.
 */
export function begun(mark: Mark | undefined, line: Line): () => void {
  if (!mark?.open || mark.line) return () => {}
  let until = performance.now() + lineMs
  const check = () => {
    if (performance.now() > until) throw over()
  }
  mark.line = {
    query: async (text, values) => {
      check()
      return line.query(text, values, check)
    },
  }
  const hangUp = () => {
    until = 0
    mark.line = undefined
  }
  mark.hangUp = hangUp
  return hangUp
}

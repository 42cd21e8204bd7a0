import { AsyncResource } from 'node:async_hooks'
import type { Database } from './open.ts'
import { inTransaction, type Tx } from './tx.ts'

export interface TogetherOptions {
  /** How many transactions at most are under way at once. */
  atOnce?: number
}

interface Piece {
  work(tx: Tx): Promise<unknown>
  done(answer: unknown): void
  fail(error: unknown): void
}

/** Pieces of work in one transaction at most: the first waits for the last. */
const most = 16

/**
 * Small pieces of work of many who come at about the same time, in one transaction: what each costs to begin and to make
 * durable is paid once. Nobody waits for others to come: what comes while a transaction is under way makes the next one.
 * Pieces must not depend on each other's failing: when one does, each is done by itself.
 */
export class Together {
  private waiting: Piece[] = []
  private underWay = 0
  private readonly atOnce: number
  /** Whoever adds a piece may be in the middle of something: this transaction is no part of it. */
  private readonly apart = new AsyncResource('Together')

  constructor(
    private readonly db: Database,
    { atOnce = 2 }: TogetherOptions = {},
  ) {
    this.atOnce = atOnce
  }

  /** As `inTransaction`: all of the work happens or nothing, and it may run several times. */
  add<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise((done, fail) => {
      this.waiting.push({ work, done: done as Piece['done'], fail })
      this.apart.runInAsyncScope(() => this.begin())
    })
  }

  private begin(): void {
    if (this.underWay >= this.atOnce || this.waiting.length === 0) return
    this.underWay++
    const pieces = this.waiting.splice(0, most)
    void this.run(pieces).finally(() => {
      this.underWay--
      this.begin()
    })
  }

  private async run(pieces: readonly Piece[]): Promise<void> {
    if (pieces.length === 1 || !(await this.all(pieces)))
      for (const { work, done, fail } of pieces) await inTransaction(this.db, work).then(done, fail)
  }

  /** False when nothing of it happened. */
  private async all(pieces: readonly Piece[]): Promise<boolean> {
    try {
      const answers = await inTransaction(this.db, async tx => {
        // All at once, so that they can be asked for together (loader.ts), and each to its end before the transaction is.
        const ends = await Promise.allSettled(pieces.map(({ work }) => work(tx)))
        return ends.map(end => {
          if (end.status === 'rejected') throw end.reason
          return end.value
        })
      })
      pieces.forEach(({ done }, index) => {
        done(answers[index])
      })
      return true
    } catch {
      return false
    }
  }
}

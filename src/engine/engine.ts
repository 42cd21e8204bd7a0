import { AsyncResource } from 'node:async_hooks'
import { schedule } from 'node-cron'
import type { Context } from '../context.ts'
import { forLog } from '../errors.ts'

/** One thing the engine does at each beat. A duty that fails does not keep the others from their turn. */
export interface Duty {
  name: string
  run(ctx: Context, stopping: () => boolean): Promise<number>
  /** For what goes on after `run`: resolves when none of it is left. */
  idle?(): Promise<void>
}

export interface Beat {
  startedAt: Date
  endedAt: Date
  /** Names of duties that failed. */
  failed: string[]
}

/**
 * The heartbeat. `node-cron` and every commit ring a bell; what is due, and who does it, is decided by rows in the
 * database (design.md §6). One beat at a time; a bell rung during a beat makes another one after it.
 */
export class Engine {
  lastBeat: Beat | null = null
  private running: Promise<void> | null = null
  private rung = false
  private stopped = false
  /** Whoever rings may be in the middle of a transaction: what the engine does is no part of it. */
  private readonly apart = new AsyncResource('Engine')
  private bell: { stop(): unknown } | null = null

  constructor(
    private readonly ctx: Context,
    private readonly duties: readonly Duty[],
  ) {}

  /** Beats every two seconds from now on. */
  start(): void {
    this.bell = schedule('*/2 * * * * *', () => this.ring(), { suppressMissedWarning: true })
    this.ring()
  }

  ring(): void {
    if (this.stopped) return
    this.rung = true
    this.running ??= this.apart.runInAsyncScope(() => this.beats())
  }

  /** Rings and waits until nothing is left to do now. */
  async trigger(): Promise<void> {
    this.ring()
    await this.quiet()
  }

  /** Finishes what is being done and begins nothing new. */
  async stop(): Promise<void> {
    this.stopped = true
    await this.bell?.stop()
    await this.quiet()
  }

  private async quiet(): Promise<void> {
    do {
      while (this.running) await this.running
      await Promise.all(this.duties.map(duty => duty.idle?.()))
    } while (this.running)
  }

  private async beats(): Promise<void> {
    try {
      // Commits made while the bell is rung are seen by the beat that follows.
      await Promise.resolve()
      while (this.rung && !this.stopped) {
        this.rung = false
        await this.beat()
      }
    } finally {
      // At once: a bell rung after the last look, and before this is said, would be heard by nobody.
      this.running = null
    }
  }

  private async beat(): Promise<void> {
    const startedAt = this.ctx.clock.now()
    const failed: string[] = []
    for (const duty of this.duties) {
      if (this.stopped) return
      try {
        await duty.run(this.ctx, () => this.stopped)
      } catch (error) {
        failed.push(duty.name)
        this.ctx.log.error({ duty: duty.name, err: forLog(error) }, 'a duty of the engine failed')
      }
    }
    this.lastBeat = { startedAt, endedAt: this.ctx.clock.now(), failed }
  }
}

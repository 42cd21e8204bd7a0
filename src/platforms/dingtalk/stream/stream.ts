import { Temporary } from '../../../errors.ts'
import type { Log } from '../../../log.ts'
import type { Clock, Timers } from '../../../now.ts'
import type { Problem, Signals } from '../../platform.ts'
import { bannedMs } from '../client.ts'
import { Desk } from './desk.ts'
import type { Heard } from './frames.ts'
import { askGateway } from './gateway.ts'
import { Line } from './line.ts'
import { next } from './next.ts'
import { Pace } from './pace.ts'

export type { Heard } from './frames.ts'

export interface StreamConfig {
  apiBase: string
  clientId: string
  clientSecret: string
  /** Events too, besides what is said to the robot and taps on cards. */
  events: boolean
  /** How many connections are kept up; two when not given. */
  connections?: number
}

export interface StreamDeps {
  clock: Clock
  timers: Timers
  log: Log
  signals: Signals
  /** 0 to 1, so that many programs do not come back at the same moment. */
  chance: () => number
  /** This machine's address is shut out: nothing is to be asked; `found` tells that the gateway said so. */
  ban?: { active: () => boolean; found: () => void }
  /**
   * Works on a frame as far as the platform has to wait. Resolves to the ack's `data` (an object, sent as JSON text);
   * rejects when it could not be kept: then nothing is acknowledged and the platform may deliver again.
   */
  heard: (frame: Heard) => Promise<object>
}

/** Wrong credentials do not get right by asking again. */
const refusedMs = 600_000
/** It may be away this long before an operator hears of it. */
const patienceMs = 60_000

/**
 * What DingTalk has to say, over WebSockets we open (dingtalk.md §4;
 * open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol). Every push goes to one connection of the app's, so
 * two of them outlive the loss of one. The vendor's client is not used for what dingtalk.md §4.6 found in it.
 */
export class Stream {
  private lines: Line[] = []
  private state: 'new' | 'open' | 'closed' = 'new'
  private lastId = 0
  private alarm = () => {}
  /** Until a connection proved itself: a server that lets in and drops is no better than none. */
  private offlineSince: Date | undefined
  private refusedSince: Date | undefined
  private lastTrouble = ''
  private readonly pace: Pace
  private readonly desk: Desk

  constructor(
    private readonly config: StreamConfig,
    private readonly deps: StreamDeps,
  ) {
    this.pace = new Pace(deps.chance)
    this.desk = new Desk(deps)
  }

  open(): void {
    if (this.state !== 'new') return
    this.state = 'open'
    this.look()
  }

  /**
   * Resolves when the frames being worked on are acknowledged (a few seconds at most) and all sockets are closed; nothing
   * opens afterwards.
   */
  async close(): Promise<void> {
    this.state = 'closed'
    this.alarm()
    await Promise.all(this.lines.map(line => line.close()))
  }

  /** At least one connection can receive. */
  get online(): boolean {
    return this.lines.some(({ life }) => life === 'up' || life === 'leaving')
  }

  /** Connections that are open, or being opened or closed. */
  get sockets(): number {
    return this.lines.length
  }

  problems(): Problem[] {
    if (this.state !== 'open') return []
    if (this.refusedSince) return [{ ...wrongSecret, since: this.refusedSince }]
    const since = this.offlineSince
    if (!since || this.online || this.now() - since.getTime() <= patienceMs) return []
    return [{ ...offline(this.lastTrouble), since }]
  }

  /** Does what is to be done now, and sets the alarm for what is to be done later. */
  private look(): void {
    this.alarm()
    if (this.state !== 'open') return
    if (!this.online) this.offlineSince ??= this.deps.clock.now()
    const step = next({
      wanted: this.config.connections ?? 2,
      lines: this.lines,
      waitMs: this.pace.remaining(this.now()),
    })
    if (step.do === 'wait') this.alarm = this.deps.timers.set(() => this.look(), step.ms)
    if (step.do === 'close') void this.lines.find(({ id }) => id === step.id)?.close()
    if (step.do === 'dial') this.dial()
  }

  private dial(): void {
    const { clock, timers } = this.deps
    const { events } = this.config
    this.pace.begin(this.now())
    const line = new Line(
      ++this.lastId,
      { clock, timers, events, desk: this.desk, askGateway: () => this.ask() },
      {
        opened: () => this.opened(),
        proved: () => this.proved(),
        leaves: leaving => this.leaves(leaving),
        ended: (ended, code) => this.ended(ended, code),
      },
    )
    this.lines.push(line)
    line.dial()
  }

  private async ask(): Promise<URL> {
    if (this.deps.ban?.active()) throw new Temporary('banned', 'this machine’s address is shut out')
    const url = await askGateway(this.config, this.deps.signals)
    this.refusedSince = undefined
    return url
  }

  private opened(): void {
    this.deps.log.info({ sockets: this.sockets }, 'a connection to DingTalk is open')
    this.look()
  }

  private proved(): void {
    this.pace.prove()
    this.offlineSince = undefined
  }

  private leaves(line: Line): void {
    this.deps.log.info({ line: line.id }, 'DingTalk is about to close a connection; it is replaced')
    // Sent away before it was of any use: that is a refusal, and may go on.
    if (!line.proven) this.pace.fail(this.now())
    this.look()
  }

  private ended(line: Line, code: string | undefined): void {
    this.lines = this.lines.filter(other => other !== line)
    if (code !== undefined && this.state === 'open') this.fail(code)
    this.look()
  }

  private fail(code: string): void {
    const { clock, log } = this.deps
    this.lastTrouble = code
    if (code === 'wrong-secret') {
      this.refusedSince ??= clock.now()
      this.pace.hold(this.now(), refusedMs)
      log.error({ code, waitMs: refusedMs }, wrongSecret.what)
      return
    }
    this.pace.fail(this.now())
    // Asking on would prolong it (dingtalk.md §10, 8).
    if (code === 'banned') {
      this.pace.hold(this.now(), bannedMs)
      this.deps.ban?.found()
    }
    const waitMs = this.pace.remaining(this.now())
    log.warn({ code, failures: this.pace.failures, waitMs }, 'a connection to DingTalk failed or was lost')
  }

  private now(): number {
    return this.deps.clock.now().getTime()
  }
}

const wrongSecret = {
  code: 'wrong-secret',
  what: 'DingTalk refused the app’s id or secret',
  fix: 'copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET again from the app’s page (凭证与基础信息) and restart',
}

const offline = (trouble: string) => ({
  code: 'stream-offline',
  what: `no connection to DingTalk: nobody hears the robot, the cards and the events${trouble && ` (last: ${trouble})`}`,
  fix: trouble.endsWith('IpNotInWhiteList')
    ? 'add this machine’s outgoing address to the app’s list (安全设置 → 服务器出口 IP); it must reach api.dingtalk.com:443 and wss-open-connection.dingtalk.com:443'
    : 'check that this machine reaches api.dingtalk.com:443 and wss-open-connection.dingtalk.com:443',
})

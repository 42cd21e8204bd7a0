import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../src/db/open.ts'
import { Outside } from '../test/support/outside.ts'
import type { Place } from '../test/support/place.ts'
import { type Ended, eventually, type Launching, Service } from '../test/support/service.ts'
import { companyEnv, companyOf, seedOfPhones } from './company.ts'
import { type Finding, lookAt } from './invariants.ts'
import type { Laned } from './lanes.ts'
import { Load } from './load.ts'
import type { Random } from './random.ts'

/** How long the platform insists with a callback: a service that is started again needs seconds. */
const timing = { retries: 40, retryDelayMs: 400, robotResendMs: 2_000 }
/** How long after the fault everything may take to come to rest. WeCom's limits for a member hold rows back for a minute. */
const restMs = 420_000

export interface Outcome {
  findings: Finding[]
  /** Lines of level error that the fault does not account for. */
  errors: string[]
  /** Lines of level error that it does. */
  expected: number
  /** What happened, in words, for the report. */
  said: string[]
}

export interface StageOptions {
  /** WeCom's bot is connected, too. */
  bot?: boolean
  /** A part of the people is on DingTalk. */
  both?: boolean
}

const asked = { enough: false, logs: '' }

/** What instances print is kept in that folder, a file each. */
export function keepLogs(folder: string): void {
  mkdirSync(folder, { recursive: true })
  asked.logs = folder
}

/** No more faults: what goes on comes to its end and is judged by what was done until now. */
export function enough(): void {
  asked.enough = true
}

/** What the faults that were played bring about by themselves. */
export interface Allowed extends Laned {
  /** Connections were lost without a word: who waits for an answer over one ends with 1, 20 s after it was told to end. */
  lost?: boolean
}

/** One scenario's platform, database, instances and people. */
export class Stage {
  readonly load: Load
  readonly said: string[] = []
  readonly services: Service[] = []
  private readonly ended: Service[] = []
  private readonly env: Record<string, string>

  private constructor(
    readonly outside: Outside,
    readonly place: Place,
    readonly random: Random,
    { bot = false, both = false }: StageOptions,
  ) {
    const teams = companyOf(both)
    this.load = new Load(outside, teams, random)
    this.load.api = () => {
      const [some] = this.services
      return some ? random.pick(this.services).url : 'http://127.0.0.1:9'
    }
    this.env = {
      ...(both && { ...outside.dingtalkEnv(), DINGTALK_QUOTA: 'pack' }),
      ...{ ...outside.env({ bot }), ...place.env, ...companyEnv(teams) },
      ...(both && { PLATFORMS: 'wecom,dingtalk' }),
    }
    if (both) outside.sandbox.dingtalk.setQuota({ callLimit: 1e6, pushLimit: 1e6 })
  }

  static async open(place: Place, random: Random, options: StageOptions = {}): Promise<Stage> {
    return new Stage(await Outside.open({ timing, seed: seedOfPhones }), place, random, options)
  }

  get enough(): boolean {
    return asked.enough
  }

  /** One more instance, once it is ready. */
  async start(more: Record<string, string> = {}, launching: Launching = {}): Promise<Service> {
    // Reading the source maps takes a quarter of each start, and there are hundreds of them.
    const node = ['--no-enable-source-maps', ...(launching.node ?? [])]
    const service = await Service.start({ ...this.env, ...more }, { ...launching, node })
    this.services.push(service)
    this.doors()
    return service
  }

  /** Ends an instance; the platform and the programs find the others. */
  async kill(service: Service, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<Ended> {
    const ended = service.kill(signal)
    this.services.splice(this.services.indexOf(service), 1)
    this.ended.push(service)
    this.doors()
    if (asked.logs) writeFileSync(join(asked.logs, `${service.pid}.log`), (await ended).output)
    return ended
  }

  private doors(): void {
    this.outside.doors = this.services.map(({ url }) => url)
  }

  say(words: string): void {
    this.said.push(words)
  }

  /** Ends the load, waits until nothing is left to be said, ends the instances in order and looks at the database. */
  async settle(
    expected: (line: string) => boolean = () => false,
    more: (db: Database) => Promise<Finding[]> = async () => [],
    { lost = false, ...laned }: Allowed = {},
  ): Promise<Outcome> {
    const since = performance.now()
    await this.load.finish()
    await this.rest()
    this.say(`everything at rest ${((performance.now() - since) / 1000).toFixed(0)} s after the last fault`)
    for (const service of [...this.services]) {
      const { code, output } = await this.kill(service, 'SIGTERM')
      if (code === 1 && lost)
        this.say('an instance ended with 1, as one does that waits for an answer over a connection that was lost')
      else if (code !== 0) throw new Error(`the service did not end as it should (${code}):\n${output.slice(-2_000)}`)
    }
    const db = await this.place.open()
    try {
      const lines = this.ended.flatMap(({ errors }) => errors.map(line => JSON.stringify(line)))
      const errors = [...lines.filter(line => !expected(line)), ...this.outside.log.errors]
      return {
        findings: [
          ...(await lookAt(db, { promises: this.load.promises, taken: this.outside.taken, ...laned })),
          ...(await more(db)),
          this.journeys(),
        ],
        ...{ errors, expected: lines.length - lines.filter(line => !expected(line)).length, said: this.said },
      }
    } finally {
      await db.close()
    }
  }

  private journeys(): Finding {
    const { again, givenUp } = this.load.promises
    const note = `${again} requests and acts done again, ${givenUp} callbacks given up by the platform`
    const checked = this.load.begun
    return { what: 'what people began came to its end', checked, note, violations: this.load.stuck }
  }

  /** Nothing is on its way, or waits for anything but its own time. */
  private rest(): Promise<void> {
    return eventually(async () => {
      const left: string[] = []
      for (const status of ['sending', 'waiting']) {
        const { body } = await this.load.ask<{
          items: Array<{ nextAt: string; attempts: number; reason: string | null }>
        }>('GET', `/outbox?status=${status}&limit=200`)
        const now = Date.now()
        const due = body.items.filter(
          row => status === 'sending' || Date.parse(row.nextAt) <= now || row.attempts > 0 || row.reason !== null,
        )
        left.push(...due.map(row => JSON.stringify(row)))
      }
      const unfinished = await this.load.metric('paigong_inbox_unfinished')
      if (unfinished > 0) left.push(`${unfinished} taps and sentences are not dealt with`)
      if (left.length === 0) return
      await pause(500)
      throw new Error(`${left.length} did not come to rest:\n${left.slice(0, 5).join('\n')}`)
    }, restMs)
  }

  async close(): Promise<void> {
    this.load.abandon()
    for (const service of [...this.services]) await this.kill(service)
    await this.outside.close()
    await this.place.remove()
  }
}

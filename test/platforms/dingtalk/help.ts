import { afterEach, beforeEach, expect } from 'vitest'
import type { Card } from '../../../src/chat/card.ts'
import { Permanent, Temporary } from '../../../src/errors.ts'
import { Api } from '../../../src/platforms/dingtalk/api.ts'
import { Cards } from '../../../src/platforms/dingtalk/cards.ts'
import { Client } from '../../../src/platforms/dingtalk/client.ts'
import type { DingtalkConfig } from '../../../src/platforms/dingtalk/config.ts'
import { Links } from '../../../src/platforms/dingtalk/links.ts'
import { Meter } from '../../../src/platforms/dingtalk/meter.ts'
import { Pacer } from '../../../src/platforms/dingtalk/pacer.ts'
import { Robot } from '../../../src/platforms/dingtalk/robot.ts'
import { Sessions } from '../../../src/platforms/dingtalk/sessions.ts'
import { Speaker } from '../../../src/platforms/dingtalk/speak.ts'
import type { Meters } from '../../../src/platforms/platform.ts'
import { outside, type Web } from '../web.ts'
import { frozenClock, keptLog, keptSignals, memoryTokens } from '../wecom/help.ts'

export { bare, fakeReceive, frozenClock, keptLog, keptSignals, memoryTokens, start } from '../wecom/help.ts'

export const apiBase = 'https://api.ding.test'
export const oapiBase = 'https://oapi.ding.test'
export const minute = 60_000
export const hour = 3_600_000

/** Nothing of these may ever stand in a message or in a line of the log. */
export const planted = {
  clientSecret: 'PLANTED-client-secret',
  token: 'PLANTED-token',
  session: 'PLANTED-session',
  key: 'PLANTED-robot-key',
  robotSecret: 'SECPLANTED',
  code: 'PLANTED-code',
}

export const config: DingtalkConfig = {
  ...{ apiBase, oapiBase, corpId: 'dingCORP', clientId: 'dingCLIENT', clientSecrets: [planted.clientSecret] },
  ...{ robotCode: 'dingROBOT', receive: { mode: 'stream', events: false }, names: ['派工'] },
  quota: { calls: 100, pushes: 50 },
}

export const card: Card = {
  ...{ source: '派工 · 一班', tone: 'normal', title: '派工单 1024 · 空调维修', subtitle: '待接单' },
  figure: '接单剩 18 分',
  rows: [
    { label: '客户', value: '李先生' },
    { label: '电话', value: '138****0001' },
  ],
  body: '客户说：空调不制冷',
  buttons: [
    { text: '接单', style: 'primary', payload: 'o:1:1:accept', words: '接单 1024' },
    { text: '拒单', style: 'danger', payload: 'o:1:1:decline', words: '拒单 1024' },
  ],
  version: 1,
}

export interface Reply {
  status: number
  body: string
}

const json = (body: object, status = 200): Reply => ({ status, body: JSON.stringify(body) })
export const ok = (body: object = {}): Reply => json(body)
/** The new API refuses. */
export const refuses = (status: number, code: string, message = '不行'): Reply => json({ code, message }, status)
/** The old API and webhooks refuse. */
export const errcode = (code: number, errmsg = '不行', more: object = {}): Reply =>
  json({ errcode: code, errmsg, ...more })

/** An answer, a broken connection, no answer at all, or one of these later. */
type Given = Reply | 'drop' | 'silence' | Promise<Reply | 'drop'>

/** What a request holds, where it holds it. */
export interface Body {
  msgKey: string
  msgParam: string
  text: { content: string }
  at: { atUserIds: string[] }
  cardData: object
}

export interface Asked {
  /** `POST /v1.0/card/instances` */
  what: string
  host: string
  query: URLSearchParams
  headers: Record<string, string>
  body: Body
}

/** DingTalk's hosts: what they were asked, and what they answer. Tokens are `PLANTED-token-1`, `-2` …. */
export class Hosts {
  readonly asked: Asked[] = []
  private readonly lines = new Map<string, Given[]>()
  private tokens = 0

  constructor(web: Web) {
    const { asked } = this
    for (const host of [apiBase, oapiBase, 'https://files.ding.test'])
      web.all(host, ({ method, path, query, headers, body }) => {
        const what = `${method} ${path}`
        asked.push({ what, host, query: new URLSearchParams(query), headers, body: body as Body })
        return this.next(what)
      })
  }

  /** One answer after the other; the last one stays. */
  answer(what: string, ...replies: Given[]): this {
    this.lines.set(what, replies)
    return this
  }

  /** What was asked of this address. */
  of(what: string): Asked[] {
    return this.asked.filter(one => one.what === what)
  }

  /** The body of what was asked of it first, second … */
  body(what: string, at = 0): Body {
    const asked = this.of(what)[at]
    if (!asked) throw new Error(`${what} was asked ${this.of(what).length} times`)
    return asked.body
  }

  /** What was asked, without the calls for tokens. */
  get names(): string[] {
    return this.asked.map(({ what }) => what).filter(what => what !== tokenCall)
  }

  private next(what: string): Given {
    const line = this.lines.get(what) ?? []
    const reply = line.length > 1 ? line.shift() : line[0]
    if (reply) return reply
    return ok(what === tokenCall ? { accessToken: `${planted.token}-${++this.tokens}`, expireIn: 7_200 } : {})
  }
}

export const tokenCall = 'POST /v1.0/oauth2/accessToken'
export const createCall = 'POST /v1.0/card/instances/createAndDeliver'
export const deliverCall = 'POST /v1.0/card/instances/deliver'
export const updateCall = 'PUT /v1.0/card/instances'
export const personCall = 'POST /v1.0/robot/oToMessages/batchSend'
export const groupCall = 'POST /v1.0/robot/groupMessages/send'
export const sessionCall = 'POST /robot/sendBySession'
export const robotCall = 'POST /robot/send'

export const delivered = (carrierId = 'CARRIER') =>
  ok({ success: true, result: { deliverResults: [{ success: true, carrierId }] } })

/** Meters in memory; `broken` makes every call fail. */
export function memoryMeters() {
  const shown = new Map<string, number>()
  const state = { broken: false }
  const read = (name: string): number => {
    if (state.broken) throw new Error('the database is away')
    return shown.get(name) ?? 0
  }
  const show = (name: string, count: number): number => {
    shown.set(name, count)
    return count
  }
  const meters: Meters = {
    add: async (name, count) => show(name, read(name) + count),
    read: async name => read(name),
    raise: async (name, to) => void show(name, Math.max(read(name), to)),
  }
  return { ...meters, shown, state }
}

export interface Options {
  quota?: DingtalkConfig['quota']
  meters?: ReturnType<typeof memoryMeters>
  store?: ReturnType<typeof memoryTokens>
  pacer?: Pacer
  ownTemplate?: string
  callback?: 'STREAM' | 'HTTP'
  cardless?: boolean
  publicUrl?: string
}

export type Bench = ReturnType<typeof makeBench>

/** The adapter in parts, before hosts that answer as told. */
function makeBench(web: Web, hosts: Hosts, told: string[], options: Options = {}) {
  const { quota = config.quota, meters = memoryMeters(), store = memoryTokens() } = options
  const clock = frozenClock()
  const log = keptLog()
  const signals = keptSignals()
  let elapsed = 0
  const idle = { set: () => () => {} }
  const { pacer = new Pacer(idle, () => (elapsed += 1_000)) } = options
  const meter = new Meter(quota, { meters, clock, log })
  const wire = { clock, signals, log, meter, pacer, timeoutMs: 10_000, exchange: web.exchange }
  const client = new Client(wire)
  const api = new Api(config, { client, store, clock, log })
  const sessions = new Sessions(config.clientId, oapiBase, { store, clock, log })
  const { robotCode } = config
  const robot = new Robot({ api, client, sessions, robotCode, oapiBase, clock, store })
  const { ownTemplate, callback = 'STREAM', cardless = false, publicUrl } = options
  const cards = new Cards({ api, robotCode, clock, callback, ownTemplate })
  const links = publicUrl ? new Links(planted.clientSecret, `${publicUrl}/dingtalk/tap`) : undefined
  const speaker = new Speaker({ robot, cards, sessions, meter, clock, links, cardless })
  const session = (conversation: string) =>
    sessions.keep(conversation, `${oapiBase}/robot/sendBySession?session=${planted.session}`, in90Minutes(clock.now()))
  /** What the operator is shown. */
  const problems = () => [...client.gates.problems(), ...speaker.problems()]
  return {
    ...{
      hosts,
      exchange: web.exchange,
      clock,
      log,
      signals,
      meters,
      store,
      meter,
      client,
      api,
      sessions,
      robot,
      cards,
      links,
      speaker,
      session,
    },
    /** What it fails with; only the two kinds of failure the contract knows. */
    async failure(work: Promise<unknown>): Promise<Temporary | Permanent> {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      if (!(error instanceof Temporary || error instanceof Permanent))
        throw error ?? new Error('it should have failed, and did not')
      told.push(`${error.message} ${error instanceof Permanent ? error.fix : ''}`)
      return error
    },
    problems,
    /** How long an answer is waited for from now on. */
    patience: (ms: number) => {
      wire.timeoutMs = ms
    },
    codes: (): string[] => problems().map(({ code }) => code),
  }
}

const in90Minutes = (now: Date) => new Date(now.getTime() + 90 * minute)

/** Hosts for every test, and a bench when it is asked for; afterwards nothing that was told holds a secret. */
export function benches() {
  const web = outside()
  let hosts: Hosts
  let made: Bench[] = []
  let told: string[] = []
  beforeEach(() => {
    hosts = new Hosts(web)
    made = []
    told = []
  })
  afterEach(() => {
    const lines = made.flatMap(({ log, problems }) => [...log.lines, JSON.stringify(problems())])
    for (const secret of Object.values(planted)) expect([...told, ...lines].join('\n')).not.toContain(secret)
  })
  return (options?: Options): Bench => {
    const bench = makeBench(web, hosts, told, options)
    made.push(bench)
    return bench
  }
}

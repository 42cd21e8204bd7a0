import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { leases, tokenStore } from '../../src/db/keep.ts'
import type { Database } from '../../src/db/open.ts'
import { bindDemoGroup, demoTeam, enterDemo } from '../../src/demo.ts'
import type { Log } from '../../src/log.ts'
import { MovableClock } from '../../src/now.ts'
import { createWecom } from '../../src/platforms/wecom/index.ts'
import { loadPacks } from '../../src/policy/load.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts'
import type { SandboxCard, SandboxMessage } from '../../src/sandbox/wire.ts'

export const apiToken = 'a-token-for-the-stories'
const group = demoTeam.group

/** Log lines of a story; a line of level error that nobody announced fails it. */
export class StoryLog implements Log {
  readonly errors: string[] = []
  private expected: RegExp[] = []

  debug(): void {}
  info(): void {}
  warn(): void {}
  error(fields: object, message: string): void {
    const line = `${message} ${JSON.stringify(fields)}`
    if (!this.expected.some(pattern => pattern.test(line))) this.errors.push(line)
  }
  expect(pattern: RegExp): void {
    this.expected.push(pattern)
  }
}

/** One member of the demo team, with his phone. */
export class Actor {
  constructor(
    private readonly world: World,
    readonly userId: string,
    readonly name: string,
  ) {}

  /** Writes in his own chat with the app. */
  async says(text: string, quote?: string): Promise<void> {
    await this.world.sandbox.say({ as: this.userId, chat: `app:${this.userId}`, text, ...(quote && { quote }) })
    await this.world.settle()
  }

  /** Writes in the group, addressing the bot. */
  async saysInGroup(text: string, quote?: string): Promise<void> {
    await this.world.sandbox.say({ as: this.userId, chat: group, text, at: true, ...(quote && { quote }) })
    await this.world.settle()
  }

  async chatsInGroup(text: string): Promise<void> {
    await this.world.sandbox.say({ as: this.userId, chat: group, text })
    await this.world.settle()
  }

  async sendsPhoto(): Promise<void> {
    await this.world.sandbox.photo({ as: this.userId, chat: `app:${this.userId}`, image: dot })
    await this.world.settle()
  }

  async sendsPlace(label: string): Promise<void> {
    await this.world.sandbox.location({ as: this.userId, chat: `app:${this.userId}`, lat: 34.76, lng: 113.65, label })
    await this.world.settle()
  }

  /** Taps a button of the newest card that has it. */
  async taps(text: string): Promise<void> {
    const { message, card } = this.cardWith(text)
    await this.tapsKey(message, card.buttons.find(button => button.text === text)?.key ?? '')
    await this.world.settle()
  }

  /** Taps without waiting for what follows: for taps at the same time. */
  async tapsKey(message: SandboxMessage, key: string): Promise<string> {
    return (await this.world.sandbox.tap({ as: this.userId, message: message.id, key })).status
  }

  cardWith(buttonText: string): { message: SandboxMessage; card: SandboxCard } {
    const cards = this.cards().filter(
      ({ card }) => card.buttons.some(button => button.text === buttonText) && card.replaceText === undefined,
    )
    const found = cards.at(-1)
    if (!found) throw new Error(`${this.name} has no card with [${buttonText}]; ${this.world.screen(this.userId)}`)
    return found
  }

  cards(): Array<{ message: SandboxMessage; card: SandboxCard }> {
    return this.world.messagesFor(this.userId).flatMap(message => {
      if (message.body.kind !== 'card' || message.recalled) return []
      return [{ message, card: message.body.forViewer[this.userId] ?? message.body.card }]
    })
  }

  /** A message of the service that nobody looked at yet, in his own chats. Looking marks it as expected. */
  sees(pattern: string | RegExp): SandboxMessage {
    return this.world.take(this.userId, pattern, chat => chat !== group)
  }

  /** One of his cards shows all of this now. */
  cardShows(...patterns: Array<string | RegExp>): void {
    const texts = this.cards().map(({ card }) => cardText(card))
    const found = texts.some(text => patterns.every(pattern => asPattern(pattern).test(text)))
    expect(found, `${this.name} has no card with ${patterns.join(' ')}; ${this.world.screen(this.userId)}`).toBe(true)
  }
}

export interface WorldOptions {
  /** Business time at which the story begins: `2026-11-24T09:00:00+08:00` (a Tuesday) unless told. */
  at?: string
  bot?: boolean
  /** Left to the story: no team, no group bound. */
  empty?: boolean
}

/** The whole service against the sandbox's protocols over real sockets, on a clock that only the story moves. */
export class World {
  readonly zhao = new Actor(this, 'zhaopaigong', '赵派工')
  readonly zhang = new Actor(this, 'zhangsan', '张三')
  readonly li = new Actor(this, 'lisi', '李四')
  readonly wang = new Actor(this, 'wangjingli', '王经理')
  readonly log = new StoryLog()
  readonly clock = new MovableClock()
  private readonly seen = new Set<string>()
  sandbox!: Sandbox
  app!: App
  url = ''
  private server!: Server

  private constructor(readonly db: Database) {}

  static async open(db: Database, options: WorldOptions = {}): Promise<World> {
    const world = new World(db)
    await world.begin(options)
    return world
  }

  private async begin(options: WorldOptions): Promise<void> {
    this.clock.freeze(new Date(options.at ?? '2026-11-24T09:00:00+08:00'))
    this.server = createServer((req, res) => this.app.handle(req, res))
    this.server.on('upgrade', (req, socket, head) => this.app.upgrade(req, socket, head))
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
    this.sandbox = createSandbox({
      ...{ clock: this.clock, log: this.log, baseUrl: () => this.url, callbackUrl: () => `${this.url}/wecom/callback` },
      onClockMoved: () => this.app.settle(),
      // A busy machine must not make a story take the way of late answers; stories about lateness set their own.
      timing: { callbackTimeoutMs: 30_000, botWaitMs: 30_000 },
    })
    const { credentials } = this.sandbox
    const policies = await loadPacks('src/policy/packs')
    this.app = createApp({
      ...{
        company: 'main',
        db: this.db,
        clock: this.clock,
        log: this.log,
        policies,
        sandbox: this.sandbox,
        apiToken,
        botNames: [credentials.botName],
      },
      platforms: signals => [
        createWecom(
          {
            ...{
              apiBase: `${this.url}/sandbox/wecom`,
              corpId: credentials.corpId,
              agentId: credentials.agentId,
              secret: credentials.secret,
            },
            callback: { tokens: [credentials.token], aesKeys: [credentials.aesKey] },
            ...(options.bot !== false && {
              bot: {
                ...{
                  mode: 'socket' as const,
                  botId: credentials.botId,
                  secret: credentials.botSecret,
                  names: [credentials.botName],
                },
                wsUrl: `${this.url.replace('http', 'ws')}/sandbox/wecom/ws`,
              },
            }),
          },
          {
            clock: this.clock,
            log: this.log,
            signals,
            answerWithinMs: 25_000,
            tokens: tokenStore(this.db, 'main'),
            leases: leases(this.db, 'main', 'story', this.clock),
          },
        ),
      ],
    })
    await this.app.start()
    await this.app.settle()
    if (options.empty) return
    await enterDemo(this.app.ctx)
    // The day's lists are looked at before anything is open: the story begins with an empty morning.
    await this.settle()
    if (options.bot === false) return
    await this.botOnline()
    await bindDemoGroup(this.sandbox)
    await this.settle()
    this.groupSees('已绑定「一班」')
  }

  /** The bot's socket is really connected. */
  async botOnline(): Promise<void> {
    await vi.waitFor(() => expect(this.sandbox.state().botOnline).toBe(true), { timeout: 10_000, interval: 10 })
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      await this.sandbox.idle()
      await this.app.settle()
    }
  }

  /** Moves the clock in one jump and lets the engine work. `90s`, `30m`, `2h`, `1d`. */
  async forward(duration: string): Promise<void> {
    const [, amount = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? []
    const ms = Number(amount) * ({ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? Number.NaN)
    await this.sandbox.moveClock({ forwardMs: ms })
    await this.settle()
  }

  async until(at: string): Promise<void> {
    await this.sandbox.moveClock({ to: at })
    await this.settle()
  }

  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${apiToken}`, ...(body && { 'Content-Type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const result = { status: answer.status, body: (await answer.json()) as T }
    await this.settle()
    return result
  }

  messagesFor(userId: string): SandboxMessage[] {
    const state = this.sandbox.state()
    const chats = new Set(state.chats.filter(chat => chat.members.includes(userId)).map(chat => chat.id))
    return state.messages.filter(message => chats.has(message.chat))
  }

  /** Messages of the service in the group. */
  groupSees(pattern: string | RegExp): SandboxMessage {
    return this.take(this.zhao.userId, pattern, chat => chat === group)
  }

  take(userId: string, pattern: string | RegExp, which: (chat: string) => boolean): SandboxMessage {
    const fresh = this.messagesFor(userId).filter(
      message => message.from.kind !== 'person' && !this.seen.has(message.id) && which(message.chat),
    )
    const found = fresh.find(message => asPattern(pattern).test(textOf(message)))
    if (!found) throw new Error(`nothing new says ${pattern} to ${userId}; ${this.screen(userId)}`)
    this.seen.add(found.id)
    return found
  }

  /** What a person's phone shows, for a failing story. */
  screen(userId: string): string {
    const lines = this.messagesFor(userId).map(message => {
      const who = message.from.kind === 'person' ? message.from.userId : message.from.kind
      return `  ${message.chat} ${who}${message.recalled ? ' (recalled)' : ''}${this.seen.has(message.id) || message.from.kind === 'person' ? '' : ' NEW'}: ${textOf(message)}`
    })
    return `his phone:\n${lines.join('\n')}\nerrors: ${this.log.errors.join('\n')}`
  }

  unseen(): SandboxMessage[] {
    return this.sandbox.state().messages.filter(message => message.from.kind !== 'person' && !this.seen.has(message.id))
  }

  /** Ends the story: nothing may have been said that nobody expected, nothing logged as an error. */
  async close(): Promise<void> {
    await this.settle()
    const unexpected = this.unseen().map(message => `${message.chat}: ${textOf(message)}`)
    await this.shut()
    expect(unexpected, 'messages nobody expected').toEqual([])
    expect(this.log.errors, 'errors in the log').toEqual([])
  }

  async shut(): Promise<void> {
    await this.app.stop()
    await this.sandbox.close()
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}

function asPattern(pattern: string | RegExp): RegExp {
  return typeof pattern === 'string' ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : pattern
}

export function cardText(card: SandboxCard): string {
  const rows = card.rows.map(row => `${row.label}：${row.value}`)
  const buttons =
    card.replaceText === undefined ? card.buttons.map(button => `[${button.text}]`) : [`(${card.replaceText})`]
  const { source, title, desc, emphasis, subTitle } = card
  return [source?.desc, title, desc, emphasis?.title, emphasis?.desc, subTitle, ...rows, ...buttons]
    .filter(Boolean)
    .join('\n')
}

export function textOf(message: SandboxMessage): string {
  const { body } = message
  if (body.kind === 'card') return cardText(body.card)
  return 'text' in body ? body.text : body.kind
}

/** The smallest picture a phone could send. */
const dot =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

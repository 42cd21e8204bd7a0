import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { type App, type AppOptions, createApp } from '../../src/app.ts'
import type { Inbound, PlatformName } from '../../src/chat/inbound.ts'
import type { Database } from '../../src/db/open.ts'
import { bindDemoGroups, demoTeam, enterDemo, switchApp } from '../../src/demo.ts'
import { MovableClock } from '../../src/now.ts'
import type { Platform, Receive } from '../../src/platforms/platform.ts'
import { ownPacks, readPolicy } from '../../src/policy/load.ts'
import { projectRoot } from '../../src/root.ts'
import { createSandbox, type Sandbox, type Timing } from '../../src/sandbox/index.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { createPlatforms, type PlatformConfigs, sandboxPlatforms } from '../../src/wiring.ts'
import { Actor } from './actor.ts'
import { overhear, wronglyTaken } from './promised.ts'
import { asPattern, textOf } from './screen.ts'
import { namesNumber, StoryLog } from './storylog.ts'

export const apiToken = 'a-token-for-the-stories'

/** Which platforms a story runs on: one, or both with the team spread over them. */
export type Setting = 'wecom' | 'dingtalk' | 'dingtalk-http' | 'mixed'

export interface WorldOptions {
  on?: Setting
  /** Business time at which the story begins: `2026-11-24T09:00:00+08:00` (a Tuesday) unless told. */
  at?: string
  /** WeCom's bot; without it no group is bound, on DingTalk neither. */
  bot?: boolean
  /** Left to the story: no team, no group bound. */
  empty?: boolean
  /** The policy of the team in its versions, as yaml files hold them; the default pack unless told. */
  policy?: string | string[]
  /** Requests a token of the API may make in a minute; as many as it likes unless told. */
  apiRatePerMinute?: number
  /** Serves the built pages. */
  pages?: boolean
  /** Where webhooks may go, and how long an answer may take. */
  webhooks?: AppOptions['webhooks']
  /** The platforms' patience, where the story is about it. */
  timing?: Partial<Timing>
  /** Changes what the sandbox would configure. */
  configure?(configs: PlatformConfigs, url: string, ownTemplate: string): PlatformConfigs
}

/** The whole service against the sandbox's protocols over real sockets, on a clock that only the story moves. */
export class World {
  readonly zhao = new Actor(this, 'zhaopaigong', 'Dd7001zhao', '赵派工')
  readonly zhang = new Actor(this, 'zhangsan', 'Dd7002zhang', '张三')
  readonly li = new Actor(this, 'lisi', 'Dd7003li', '李四')
  readonly wang = new Actor(this, 'wangjingli', 'Dd7004wang', '王经理')
  readonly log = new StoryLog()
  readonly clock = new MovableClock()
  /** Platforms that are switched on. */
  on: PlatformName[] = []
  private readonly platforms = new Map<PlatformName, Platform>()
  private readonly seen = new Set<string>()
  /** In which ways the API did not answer what its document says. */
  private readonly broken: string[] = []
  private last: { inbound: Inbound; receive: Receive } | undefined
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
    const on = options.on ?? 'wecom'
    this.on = on === 'mixed' ? ['wecom', 'dingtalk'] : [on === 'wecom' ? 'wecom' : 'dingtalk']
    for (const actor of [this.zhao, this.zhang, this.li, this.wang]) actor.on = this.on[0] ?? 'wecom'
    // Spread so that every pair of roles meets across the platforms.
    if (on === 'mixed') for (const actor of [this.zhang, this.wang]) actor.on = 'dingtalk'
    this.clock.freeze(new Date(options.at ?? '2026-11-24T09:00:00+08:00'))
    this.server = createServer((req, res) => {
      overhear(req, res, this.broken)
      this.app.handle(req, res)
    })
    // A story may take longer between two requests than a connection is kept open by default.
    this.server.keepAliveTimeout = 120_000
    this.server.on('upgrade', (req, socket, head) => this.app.upgrade(req, socket, head))
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve))
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
    const http = on === 'dingtalk-http'
    this.sandbox = createSandbox({
      ...{ clock: this.clock, log: this.log, baseUrl: () => this.url, callbackUrl: () => `${this.url}/wecom/callback` },
      onClockMoved: () => this.app.settle(),
      onSwitched: person => switchApp(this.app.ctx, person),
      dingtalk: {
        mode: http ? 'http' : 'stream',
        robotUrl: () => `${this.url}/dingtalk/robot`,
        eventUrl: () => `${this.url}/dingtalk/events`,
      },
      // A busy machine must not make a story take the way of late answers; stories about lateness set their own.
      timing: {
        ...{ callbackTimeoutMs: 30_000, botWaitMs: 30_000, ackTimeoutMs: 30_000, cardTimeoutMs: 30_000 },
        ...options.timing,
      },
    })
    const configs = this.configs(options, http)
    const policies = ownPacks('src/policy/packs')
    for (const text of [options.policy ?? []].flat()) policies.put(policies.from(readPolicy(text, 'story.yaml'), text))
    const { company, db, clock, log, sandbox } = { company: 'main', ...this }
    this.app = createApp({
      ...{ company, db, clock, log, policies, sandbox, apiToken, publicUrl: this.url },
      apiRatePerMinute: options.apiRatePerMinute,
      ...(options.pages && {
        consoleDir: join(projectRoot, 'dist/web/console'),
        mobileDir: join(projectRoot, 'dist/web/m'),
        insideDir: join(projectRoot, 'dist/web/inside'),
      }),
      ...(options.webhooks && { webhooks: options.webhooks }),
      botNames: [this.sandbox.credentials.botName],
      platforms: signals => {
        const deps = { company, db, clock, log, owner: 'story', answerWithinMs: 25_000 }
        const made = createPlatforms(configs, deps, signals)
        for (const platform of made) this.platforms.set(platform.name, platform)
        return made.map(platform => this.overheard(platform))
      },
    })
    await this.app.start()
    await this.app.settle()
    await this.connected(options)
    for (const { userId, on: uses } of [this.zhao, this.zhang, this.li, this.wang])
      if (uses === 'dingtalk') await this.sandbox.switch({ as: userId, platform: 'dingtalk' })
    if (options.empty) return
    await enterDemo(this.app.ctx, this.on)
    if (on === 'mixed')
      for (const actor of [this.zhao, this.zhang, this.li, this.wang])
        await this.db.prisma.person.updateMany({ where: { name: actor.name }, data: { platform: actor.on } })
    // The day's lists are looked at before anything is open: the story begins with an empty morning.
    await this.settle()
    const groups = options.bot === false ? [] : this.on
    await bindDemoGroups(this.sandbox, groups)
    await this.settle()
    for (const _ of groups) this.groupSees('已绑定「一班」')
  }

  /** Events that get lost on their way. */
  loses: (inbound: Inbound) => boolean = () => false

  /** Keeps the last event a platform gave the service, so that a story can have it delivered again. */
  private overheard(platform: Platform): Platform {
    const spy =
      (receive: Receive): Receive =>
      inbound => {
        // Acknowledged somewhere on its way, and never heard of.
        if (this.loses(inbound)) return { stored: Promise.resolve(), handled: Promise.resolve(null) }
        this.last = { inbound, receive }
        return receive(inbound)
      }
    return {
      ...platform,
      ...(platform.routes && { routes: (receive: Receive) => platform.routes?.(spy(receive)) ?? [] }),
      ...(platform.open && {
        open: async (receive: Receive) => (await platform.open?.(spy(receive))) ?? (async () => {}),
      }),
    }
  }

  /** The platform delivers the last event again. */
  async again(): Promise<void> {
    if (!this.last) throw new Error('nothing was heard yet')
    const answer = await this.last.receive(this.last.inbound).handled
    await answer?.answered()
    await this.settle()
  }

  private configs(options: WorldOptions, http: boolean): PlatformConfigs {
    const { wecom, dingtalk } = sandboxPlatforms(this.sandbox, this.url, this.url)
    const { eventToken, eventAesKey, cardTemplateId } = this.sandbox.dingtalk.credentials
    const made: PlatformConfigs = {}
    if (wecom && this.on.includes('wecom')) {
      const { bot: _, ...deaf } = wecom
      made.wecom = options.bot === false ? deaf : wecom
    }
    if (dingtalk && this.on.includes('dingtalk'))
      made.dingtalk = http
        ? { ...dingtalk, receive: { mode: 'http', events: { tokens: [eventToken], aesKeys: [eventAesKey] } } }
        : dingtalk
    return options.configure?.(made, this.url, cardTemplateId) ?? made
  }

  /** The platforms' sockets are really connected. */
  private async connected(options: WorldOptions): Promise<void> {
    if (this.on.includes('wecom') && options.bot !== false) await this.botOnline()
    if (this.on.includes('dingtalk'))
      await vi.waitFor(() => expect(this.sandbox.state().dingtalkOnline).toBe(true), { timeout: 10_000, interval: 10 })
  }

  /** The bot's socket is really connected. */
  async botOnline(): Promise<void> {
    await vi.waitFor(() => expect(this.sandbox.state().botOnline).toBe(true), { timeout: 10_000, interval: 10 })
  }

  platform(name: PlatformName): Platform {
    const platform = this.platforms.get(name)
    if (!platform) throw new Error(`${name} is not switched on in this story`)
    return platform
  }

  /** The platform does not have the next file any more that this person sends. */
  mediaIsLostOnce({ on }: Actor): void {
    this.sandbox.fail(
      on === 'wecom'
        ? { api: 'media/get', times: 1, errcode: 40007, errmsg: 'invalid media_id' }
        : {
            ...{ api: '/v1.0/robot/messageFiles/download', times: 1, status: 400 },
            ...{ code: 'invalidParameter.robotCode.downloadCode', message: 'invalid downloadCode' },
          },
    )
  }

  /** The look-up that binds people by their mobile without a word is tried once a day: today it finds nobody. */
  contactsFailOnce(): void {
    const known = {
      wecom: { api: 'user/getuserid', times: 1, errcode: 60111, errmsg: 'userid not found' },
      dingtalk: { api: '/topapi/v2/user/getbymobile', times: 1, errcode: 60121, errmsg: 'user not found' },
    }
    for (const platform of this.on) this.sandbox.fail(known[platform])
  }

  /** Cards stay on the screen as they are, until the returned function is called. */
  cardsStay(): () => void {
    return this.sandbox.fail({ api: 'PUT /v1.0/card/instances', status: 500, code: 'system.busy' })
  }

  /** The service does not know any more who this person's accounts are. */
  async forget({ userId, dingtalkId }: Actor): Promise<void> {
    await this.db.prisma.identity.deleteMany({ where: { userId: { in: [userId, dingtalkId] } } })
  }

  isGroup(chat: string): boolean {
    return Object.values(demoTeam.groups).includes(chat)
  }

  async settle(): Promise<void> {
    // Quiet once a round passed in which nobody said anything to anybody.
    for (let round = 0; round < 3; round++) {
      const before = this.sandbox.exchanges()
      await this.sandbox.idle()
      await this.app.settle()
      await this.sandbox.idle()
      if (this.sandbox.exchanges() === before) return
    }
  }

  /** Moves the clock in one jump and lets the engine work. `90s`, `30m`, `2h`, `1d`. */
  async forward(duration: string): Promise<void> {
    await this.sandbox.moveClock({ forwardMs: msOf(duration) })
    await this.settle()
  }

  /** Somebody sets the machine's clock back. */
  async backward(duration: string): Promise<void> {
    this.clock.offset -= msOf(duration)
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
    this.broken.push(...wronglyTaken(method, path, answer.status, body))
    if (this.broken.length > 0) throw new Error(this.broken.join('\n'))
    await this.settle()
    return result
  }

  messagesFor(userId: string): SandboxMessage[] {
    const state = this.sandbox.state()
    const chats = new Set(state.chats.filter(chat => chat.members.includes(userId)).map(chat => chat.id))
    return state.messages.filter(message => chats.has(message.chat))
  }

  /**
   * A message of the service in the team's group. With a group on each platform both hear of an order: the other one's
   * posting of the same order at the same time is taken as well.
   */
  groupSees(pattern: string | RegExp): SandboxMessage {
    const found = this.take(this.zhao.userId, pattern, chat => this.isGroup(chat))
    const code = /\b\d{4}\b/.exec(textOf(found))?.[0]
    const other = this.fresh(this.zhao.userId).find(
      message =>
        this.isGroup(message.chat) &&
        message.chat !== found.chat &&
        message.at === found.at &&
        code !== undefined &&
        textOf(message).includes(code),
    )
    if (other) this.seen.add(other.id)
    return found
  }

  /** A picture in the team's group whose title says so, on each platform that has one; the PNG as a phone gets it. */
  async groupSeesPicture(pattern: string | RegExp): Promise<Buffer> {
    const found = this.take(this.zhao.userId, pattern, chat => this.isGroup(chat), isPicture)
    for (const other of this.fresh(this.zhao.userId))
      if (isPicture(other) && this.isGroup(other.chat) && other.chat !== found.chat && textOf(other) === textOf(found))
        this.seen.add(other.id)
    return this.pictureIn(found)
  }

  /** The bytes behind a picture that was `take`n. */
  async pictureIn({ body }: SandboxMessage): Promise<Buffer> {
    if (body.kind !== 'image') throw new Error('not a picture')
    const answer = await fetch(`${this.url}${body.url}`)
    return Buffer.from(await answer.arrayBuffer())
  }

  take(
    userId: string,
    pattern: string | RegExp,
    which: (chat: string) => boolean,
    like: (message: SandboxMessage) => boolean = () => true,
  ): SandboxMessage {
    const fresh = this.fresh(userId).filter(message => which(message.chat) && like(message))
    const found = fresh.find(message => asPattern(pattern).test(textOf(message)))
    if (!found) throw new Error(`nothing new says ${pattern} to ${userId}; ${this.screen(userId)}`)
    this.seen.add(found.id)
    return found
  }

  private fresh(userId: string): SandboxMessage[] {
    return this.messagesFor(userId).filter(message => message.from.kind !== 'person' && !this.seen.has(message.id))
  }

  /** What a person's phone shows, for a failing story. */
  screen(userId: string): string {
    const lines = this.messagesFor(userId).map(message => {
      const who = message.from.kind === 'person' ? message.from.userId : message.from.kind
      return `  ${message.chat} ${who}${message.recalled ? ' (recalled)' : ''}${this.seen.has(message.id) || message.from.kind === 'person' ? '' : ' NEW'}: ${textOf(message)}`
    })
    return `his phone:\n${lines.join('\n')}\nerrors: ${this.log.errors.join('\n')}`
  }

  /** What a story has no more to say about. */
  ignore(): void {
    for (const { id } of this.unseen()) this.seen.add(id)
  }

  unseen(): SandboxMessage[] {
    return this.sandbox.state().messages.filter(message => message.from.kind !== 'person' && !this.seen.has(message.id))
  }

  /** Ends the story: nothing may have been said that nobody expected, nothing logged as an error. */
  async close(): Promise<void> {
    await this.settle()
    const unexpected = this.unseen().map(message => `${message.chat}: ${textOf(message)}`)
    const leaks = [...this.log.leaks, ...(await this.told())]
    await this.shut()
    expect(leaks, 'numbers where they do not belong').toEqual([])
    expect(unexpected, 'messages nobody expected').toEqual([])
    expect(this.log.errors, 'errors in the log').toEqual([])
    expect(this.broken, 'answers the API does not promise').toEqual([])
  }

  /** Where the service named somebody's number to more people than need it: in a group, in its metrics. */
  private async told(): Promise<string[]> {
    const ours = this.sandbox.state().messages.filter(({ chat, from }) => this.isGroup(chat) && from.kind !== 'person')
    const metrics = await (await fetch(`${this.url}/metrics`)).text()
    return [...ours.map(textOf), ...metrics.split('\n')].filter(namesNumber)
  }

  async shut(): Promise<void> {
    await this.app.stop()
    await this.sandbox.close()
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}

export const isPicture = ({ body }: SandboxMessage): boolean => body.kind === 'image'

/** `90s`, `30m`, `2h`, `1d`. */
export function msOf(duration: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([smhd])$/.exec(duration) ?? []
  return Number(amount) * ({ s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit] ?? Number.NaN)
}

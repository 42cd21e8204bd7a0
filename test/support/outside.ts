import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MovableClock } from '../../src/now.ts'
import { createSandbox, type Sandbox, type SandboxSeed, type Timing } from '../../src/sandbox/index.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { type ShownCard, shownCard } from './screen.ts'
import { token } from './service.ts'
import { StoryLog } from './storylog.ts'

/** Where browsers would reach the service, as entered in the consoles. */
export const publicHost = 'paigong.example'

/** A message that was given to WeCom. */
export interface Taken {
  /** As WeCom answered; the same one again is one it knew and did not show twice. Missing: it was refused. */
  msgid?: string
  /** What tells messages apart: the card's task id, or all of it. */
  content: string
  /** Milliseconds of `performance.now()`. */
  at: number
}

export interface OutsideOptions {
  timing?: Partial<Timing>
  /** Its clock stands there until the test moves it. */
  at?: string
  seed?: SandboxSeed
}

/** WeCom with its phones, in the test's process, on the real time. Callbacks go to `doors` in turn. */
export class Outside {
  doors: string[] = []
  /** What was sent to people over WeCom's `message/send`. */
  readonly taken: Taken[] = []
  private turns = 0

  private constructor(
    readonly sandbox: Sandbox,
    readonly clock: MovableClock,
    readonly log: StoryLog,
    readonly url: string,
    private readonly shut: () => Promise<void>,
  ) {}

  static async open({ timing = {}, at, seed }: OutsideOptions = {}): Promise<Outside> {
    const clock = new MovableClock()
    if (at) clock.freeze(new Date(at))
    const log = new StoryLog()
    let outside: Outside | undefined
    const server = createServer((req, res) => {
      if (outside) overhear(req, res, outside.taken)
      if (!outside?.sandbox.handle(req, res)) res.writeHead(404).end()
    })
    server.on('upgrade', (req, socket, head) => outside?.sandbox.upgrade(req, socket, head) || socket.destroy())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sandbox = createSandbox({
      ...{ clock, log, baseUrl: () => url, timing, trustedHosts: () => [publicHost] },
      ...(seed && { seed }),
      callbackUrl: () => outside?.nextDoor() ?? url,
    })
    outside = new Outside(sandbox, clock, log, url, async () => {
      await sandbox.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    })
    return outside
  }

  /** What an operator would write into `.env`. */
  env({ bot = false } = {}): Record<string, string> {
    const { corpId, agentId, secret, token: callbackToken, aesKey, botId, botSecret } = this.sandbox.credentials
    return {
      ...{ PLATFORMS: 'wecom', WECOM_API_BASE: `${this.url}/sandbox/wecom`, WECOM_CORP_ID: corpId },
      ...{ WECOM_AGENT_ID: String(agentId), WECOM_SECRET: secret },
      ...{ WECOM_TOKEN: callbackToken, WECOM_AES_KEY: aesKey, API_TOKEN: token },
      ...(bot && { WECOM_BOT_ID: botId, WECOM_BOT_SECRET: botSecret }),
      ...(bot && { WECOM_BOT_WS_URL: `${this.url.replace('http', 'ws')}/sandbox/wecom/ws` }),
    }
  }

  /** The same for DingTalk, over Stream. */
  dingtalkEnv(): Record<string, string> {
    const { corpId, clientId, clientSecret, robotCode } = this.sandbox.dingtalk.credentials
    return {
      ...{ PLATFORMS: 'dingtalk', DINGTALK_API_BASE: `${this.url}/sandbox/dingtalk/api` },
      ...{ DINGTALK_OAPI_BASE: `${this.url}/sandbox/dingtalk/oapi`, DINGTALK_CORP_ID: corpId },
      ...{ DINGTALK_CLIENT_ID: clientId, DINGTALK_CLIENT_SECRET: clientSecret, DINGTALK_ROBOT_CODE: robotCode },
      API_TOKEN: token,
    }
  }

  /** Every secret the service is given: none may turn up in what it prints. */
  get secrets(): string[] {
    const { secret, token: callbackToken, aesKey, botSecret } = this.sandbox.credentials
    return [secret, callbackToken, aesKey, botSecret, token, this.sandbox.dingtalk.credentials.clientSecret]
  }

  cards(userId: string): Array<{ message: SandboxMessage; card: ShownCard; text: string }> {
    return this.messages(userId).flatMap(message => {
      const card = message.recalled ? undefined : shownCard(message, userId)
      return card ? [{ message, card, text: card.text }] : []
    })
  }

  /** In his chats with the service, on either platform. */
  messages(userId: string): SandboxMessage[] {
    const chats = [`app:${userId}`, `ding:${userId}`]
    return this.sandbox.state().messages.filter(message => chats.includes(message.chat))
  }

  tap(userId: string, button: string, about = ''): Promise<string> {
    const found = this.cards(userId).find(
      ({ card, text }) => text.includes(about) && card.buttons.some(one => one.text === button),
    )
    const key = found?.card.buttons.find(one => one.text === button)?.key
    if (!found || !key) throw new Error(`${userId} has no card of ${about} with [${button}]`)
    return this.sandbox.tap({ as: userId, message: found.message.id, key }).then(({ status }) => status)
  }

  say(userId: string, text: string, app: 'app' | 'ding' = 'app'): Promise<string> {
    return this.sandbox.say({ as: userId, chat: `${app}:${userId}`, text }).then(({ status }) => status)
  }

  close(): Promise<void> {
    return this.shut()
  }

  private nextDoor(): string {
    const door = this.doors[this.turns++ % Math.max(this.doors.length, 1)]
    return `${door ?? 'http://127.0.0.1:9'}/wecom/callback`
  }
}

/** Notes what WeCom was given, and what it said. */
function overhear(req: IncomingMessage, res: ServerResponse, taken: Taken[]): void {
  if (!req.url?.includes('/cgi-bin/message/send')) return
  const parts: Buffer[] = []
  req.on('data', (part: Buffer) => void parts.push(part))
  const end = res.end.bind(res) as (...all: unknown[]) => ServerResponse
  res.end = ((...all: unknown[]) => {
    const msgid = /"msgid":"([^"]+)"/.exec(String(all[0] ?? ''))?.[1]
    const content = Buffer.concat(parts).toString()
    const task = /"task_id":"([^"]+)"/.exec(content)?.[1]
    taken.push({ content: task ?? content, at: performance.now(), ...(msgid && { msgid }) })
    return end(...all)
  }) as ServerResponse['end']
}

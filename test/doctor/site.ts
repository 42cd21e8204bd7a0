import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type DoctorDeps, examine } from '../../src/doctor/doctor.ts'
import type { FindingCode } from '../../src/doctor/finding.ts'
import { asJson, hiding, inWords } from '../../src/doctor/print.ts'
import type { Journal } from '../../src/doctor/report.ts'
import { type Clock, MovableClock, systemClock, systemTimers } from '../../src/now.ts'
import { createDingtalk } from '../../src/platforms/dingtalk/index.ts'
import { type exchange, exchange as reallyAsk } from '../../src/platforms/exchange.ts'
import type { RawRequest, Route } from '../../src/platforms/platform.ts'
import { createWecom } from '../../src/platforms/wecom/index.ts'
import { createSandbox, type DingtalkOptions, type Sandbox, type WecomOptions } from '../../src/sandbox/index.ts'
import { checkupsOf, platformsOf } from '../../src/wiring.ts'
import { memoryMeters } from '../platforms/dingtalk/help.ts'
import { keptLog, keptSignals, memoryLeases, memoryTokens } from '../platforms/wecom/help.ts'

export type Env = Record<string, string>

export const publicUrl = 'https://paigong.example'
const apiToken = 'an-api-token-nobody-may-see'

/** What a test hands to the doctor in place of the machine’s own. */
type How = Pick<DoctorDeps, 'look'> & { clock?: Clock }

/** What answers at PUBLIC_URL instead of the service; `undefined`: the service does. */
export type Proxy = (req: IncomingMessage, res: ServerResponse) => boolean

/** Both platforms, a service's doors behind PUBLIC_URL, and a doctor who stands beside them. */
export class Site {
  readonly clock = new MovableClock()
  /** What the administrators set; changed in place. */
  readonly wecom: WecomOptions = {}
  readonly dingtalk: DingtalkOptions = {}
  trustedHost = new URL(publicUrl).host
  proxy: Proxy = () => false
  /** Where PUBLIC_URL leads; the service's own address by default. */
  leadsTo: string | undefined
  readonly dataDir = mkdtempSync(join(tmpdir(), 'paigong-doctor-'))
  readonly sandbox: Sandbox
  url = ''
  private routes: Route[] = []
  private readonly log = keptLog()
  private readonly server = createServer((req, res) => void this.serve(req, res))

  private constructor() {
    this.sandbox = createSandbox({
      ...{ clock: this.clock, log: this.log, baseUrl: () => this.url, callbackUrl: () => `${this.url}/wecom/callback` },
      ...{ trustedHosts: () => [this.trustedHost], wecom: this.wecom, dingtalk: this.dingtalk },
    })
    this.server.on('upgrade', (req, socket, head) => void (this.sandbox.upgrade(req, socket, head) || socket.destroy()))
  }

  static async open(): Promise<Site> {
    const site = new Site()
    await new Promise<void>(resolve => site.server.listen(0, '127.0.0.1', resolve))
    site.url = `http://127.0.0.1:${(site.server.address() as AddressInfo).port}`
    return site
  }

  /** What the operator of a WeCom deployment with everything switched on has in `.env`. */
  wecomEnv(): Env {
    const { corpId, agentId, secret, token, aesKey, botId, botSecret, leaveTemplateId } = this.sandbox.credentials
    return {
      ...{ PLATFORMS: 'wecom', API_TOKEN: apiToken, PORT: '0', DATA_DIR: this.dataDir, PUBLIC_URL: publicUrl },
      ...{ WECOM_API_BASE: `${this.url}/sandbox/wecom`, WECOM_CORP_ID: corpId, WECOM_AGENT_ID: String(agentId) },
      ...{ WECOM_SECRET: secret, WECOM_TOKEN: token, WECOM_AES_KEY: aesKey, WECOM_BOT_ID: botId },
      ...{ WECOM_BOT_SECRET: botSecret, WECOM_BOT_WS_URL: `${this.url.replace('http', 'ws')}/sandbox/wecom/ws` },
      ...{ WECOM_LEAVE_TEMPLATE_ID: leaveTemplateId, WECOM_CHECKIN: 'on', WECOM_LOGIN: 'on' },
    }
  }

  /** The same for DingTalk, over HTTP, which needs more than Stream. */
  dingtalkEnv(): Env {
    const { corpId, clientId, clientSecret, robotCode, eventToken, eventAesKey, cardTemplateId } =
      this.sandbox.dingtalk.credentials
    return {
      ...{ PLATFORMS: 'dingtalk', API_TOKEN: apiToken, PORT: '0', DATA_DIR: this.dataDir, PUBLIC_URL: publicUrl },
      ...{
        DINGTALK_API_BASE: `${this.url}/sandbox/dingtalk/api`,
        DINGTALK_OAPI_BASE: `${this.url}/sandbox/dingtalk/oapi`,
      },
      ...{ DINGTALK_CORP_ID: corpId, DINGTALK_CLIENT_ID: clientId, DINGTALK_CLIENT_SECRET: clientSecret },
      ...{ DINGTALK_ROBOT_CODE: robotCode, DINGTALK_MODE: 'http', DINGTALK_EVENT_TOKEN: eventToken },
      ...{ DINGTALK_EVENT_AES_KEY: eventAesKey, DINGTALK_CARD_TEMPLATE_ID: cardTemplateId },
      ...{ DINGTALK_LEAVE_PROCESS_CODE: 'auto', DINGTALK_CHECKIN: 'on', DINGTALK_LOGIN: 'on' },
    }
  }

  /** Puts a service with this environment behind PUBLIC_URL. */
  deploy(env: Env, clock: Clock = systemClock): void {
    const { wecom, dingtalk } = platformsOf(readConfig(env))
    const shared = { clock, log: this.log, signals: keptSignals(), tokens: memoryTokens() }
    const platforms = [
      ...(wecom ? [createWecom(wecom, { ...shared, leases: memoryLeases().of('a') })] : []),
      ...(dingtalk
        ? [createDingtalk(dingtalk, { ...shared, meters: memoryMeters(), machine: clock, timers: systemTimers })]
        : []),
    ]
    const receipt = { stored: Promise.resolve(), handled: Promise.resolve(null) }
    this.routes = platforms.flatMap(platform => platform.routes?.(() => receipt) ?? [])
  }

  /** The doctor on this machine, and what it prints in either language. */
  async examine(env: Env, how: How = {}): Promise<{ journal: Journal; printed: string }> {
    const deps = { clock: systemClock, exchange: this.ask, company: 'main', checkups: checkupsOf, ...how }
    const journal = await examine(env, { ...deps, language: 'zh' })
    const hide = hiding(env)
    const printed = [inWords(journal, 'zh', hide), inWords(journal, 'en', hide), asJson(journal, 'en', hide)].join('\n')
    for (const [name, value] of Object.entries(env))
      if (/SECRET|TOKEN|AES_KEY/.test(name)) expect(printed).not.toContain(value)
    expect(printed).not.toMatch(/access_token=\w|corpsecret=\w|\{[a-z]+\}/)
    return { journal, printed }
  }

  async codes(env: Env, how: How = {}): Promise<FindingCode[]> {
    return (await this.examine(env, how)).journal.findings.map(({ code }) => code)
  }

  async close(): Promise<void> {
    await this.sandbox.close()
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** The network: PUBLIC_URL and the sign-in page of DingTalk lead to this machine. */
  private readonly ask: typeof exchange = request => {
    const { url } = request
    const at = url.startsWith(publicUrl)
      ? `${this.leadsTo ?? `${this.url}/public`}${url.slice(publicUrl.length)}`
      : url.replace(/^https:\/\/login\.dingtalk\.com/, `${this.url}/sandbox/dingtalk/login`)
    return reallyAsk({ ...request, url: at })
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (this.sandbox.handle(req, res)) return
    if (req.url?.startsWith('/public/') && this.proxy(req, res)) return
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const url = new URL((req.url ?? '').replace(/^\/public/, ''), 'http://localhost')
    if (url.pathname === '/session')
      return void res.writeHead(401, { 'content-type': 'application/problem+json; charset=utf-8' }).end('{}')
    if (url.pathname.startsWith('/p/'))
      return void res.writeHead(404, { 'x-robots-tag': 'noindex, nofollow, noarchive' }).end('')
    const request: RawRequest = {
      ...{ method: req.method ?? '', path: url.pathname, query: Object.fromEntries(url.searchParams) },
      ...{ headers: req.headers, body: Buffer.concat(chunks) },
    }
    const answer = await this.routes.find(({ path }) => path === url.pathname)?.handle(request)
    res.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/html' }).end(answer?.body ?? '404')
  }
}

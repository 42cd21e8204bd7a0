import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { inject, vi } from 'vitest'
import { stringify } from 'yaml'
import { lockFolder, type Release } from '../../src/db/lock.ts'
import { type Database, openDatabase } from '../../src/db/open.ts'
import { demoTeam } from '../../src/demo.ts'
import { Permanent } from '../../src/errors.ts'
import { MovableClock } from '../../src/now.ts'
import { projectRoot } from '../../src/root.ts'
import { createSandbox, type Sandbox, type Timing } from '../../src/sandbox/index.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { databaseUrl, onServer } from './global.ts'
import { promised } from './promised.ts'
import { type ShownCard, shownCard } from './screen.ts'
import { StoryLog } from './storylog.ts'

/** The service as it is installed: a process of its own, killed and started again, against a sandbox in the test's. */

/** Each story starts processes, and a machine that is busy with others takes its time for that. */
vi.setConfig({ testTimeout: 240_000 })

export const token = 'a-token-for-the-processes'
/** Where browsers would reach the service, as entered in the consoles. */
export const publicHost = 'paigong.example'
const program = join(projectRoot, 'dist/server/main.js')
const patience = { timeout: 30_000, interval: 25 }

/** Runs `work` until it succeeds, as long as a busy machine may need. */
export const eventually = <T>(work: () => T | Promise<T>, timeout = patience.timeout): Promise<T> =>
  vi.waitFor(work, { ...patience, timeout })

/** Builds the service if it is older than its sources; test files that need it wait for each other. */
export async function builtService(): Promise<void> {
  const release = await turn(join(projectRoot, 'dist/.building'))
  try {
    const done = await run([join(projectRoot, 'scripts/build.mjs')], { PATH: process.env.PATH ?? '' })
    if (done.code !== 0) throw new Error(done.output)
  } finally {
    await release()
  }
}

async function turn(folder: string): Promise<Release> {
  for (;;) {
    try {
      return await lockFolder(folder)
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'database-locked')) throw error
      await pause(100)
    }
  }
}

/** Where the service keeps its data over restarts. */
export interface Place {
  readonly env: Record<string, string>
  /** For looking into it. The embedded one can be opened only while no service runs on it. */
  open(): Promise<Database>
  remove(): Promise<void>
}

/** A folder with the embedded database, or a database on a server where TEST_DB says so. */
export async function newPlace(): Promise<Place> {
  const base = inject('testBase')
  return base.kind === 'embedded' ? embeddedPlace(base.snapshot) : serverPlace(base.server, base.prefix)
}

export async function embeddedPlace(snapshot: string): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'paigong-place-'))
  const loadDataDir = new Blob([readFileSync(snapshot)])
  await (await PGlite.create(join(dataDir, 'pg'), { loadDataDir })).close()
  return {
    env: { DATA_DIR: dataDir },
    open: () => openDatabase({ dataDir }),
    remove: async () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

export async function serverPlace(server: string, prefix = 'paigong_process'): Promise<Place> {
  const name = `${prefix}_${randomBytes(4).toString('hex')}`
  await onServer(server, sql => sql(`CREATE DATABASE ${name}`))
  const url = databaseUrl(server, name)
  return {
    env: { DATABASE_URL: url, DATA_DIR: join(tmpdir(), name) },
    open: () => openDatabase({ url, dataDir: '' }),
    remove: () => onServer(server, async sql => void (await sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  }
}

/** A PostgreSQL that answers here, whatever TEST_DB says; null when there is none. */
export async function someServer(): Promise<string | null> {
  const base = inject('testBase')
  if (base.kind === 'postgres') return base.server
  const given = process.env.TEST_DATABASE_URL
  for (const url of given
    ? [given]
    : [`postgresql://127.0.0.1:5432/postgres`, `postgresql://postgres@127.0.0.1/postgres`]) {
    const found = await onServer(url, sql => sql('SELECT 1')).catch(() => null)
    if (found) return url
  }
  return null
}

/** WeCom with its phones, in the test's process, on the real time. Callbacks go to `doors` in turn. */
export class Outside {
  doors: string[] = []
  private turns = 0

  private constructor(
    readonly sandbox: Sandbox,
    readonly clock: MovableClock,
    readonly log: StoryLog,
    readonly url: string,
    private readonly shut: () => Promise<void>,
  ) {}

  /** `at`: its clock stands there until the test moves it. */
  static async open(timing: Partial<Timing> = {}, at?: string): Promise<Outside> {
    const clock = new MovableClock()
    if (at) clock.freeze(new Date(at))
    const log = new StoryLog()
    let outside: Outside | undefined
    const server = createServer((req, res) => void (outside?.sandbox.handle(req, res) || res.writeHead(404).end()))
    server.on('upgrade', (req, socket, head) => outside?.sandbox.upgrade(req, socket, head) || socket.destroy())
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const sandbox = createSandbox({
      ...{ clock, log, baseUrl: () => url, timing, trustedHosts: () => [publicHost] },
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

/** The demo's team as a file; returns its path. */
export function teamsFile(platform: 'wecom' | 'dingtalk' = 'wecom'): string {
  const people = demoTeam.people.map(({ userId, dingtalkId, ...person }) => ({
    ...person,
    [platform]: { userId: platform === 'wecom' ? userId : dingtalkId },
  }))
  const path = join(newFolder(), 'teams.yaml')
  writeFileSync(path, stringify({ teams: [{ name: demoTeam.name, people }] }))
  return path
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

interface Line {
  level: number
  msg: string
  port?: number
  [field: string]: unknown
}

const alive = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function launch(
  args: string[],
  env: Record<string, string>,
): { child: ChildProcess; output(): string; ended: Promise<Ended> } {
  // Elsewhere than the checkout, whose `.env` is not the test's; and with nothing of this process' environment.
  const cwd = mkdtempSync(join(tmpdir(), 'paigong-run-'))
  const child = spawn(process.execPath, ['--enable-source-maps', ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  const ended = new Promise<Ended>(resolve =>
    child.once('close', (code, signal) => {
      alive.delete(child)
      rmSync(cwd, { recursive: true, force: true })
      resolve({ code, signal, output })
    }),
  )
  return { child, output: () => output, ended }
}

/** Runs a Node program to its end. */
export const run = (args: string[], env: Record<string, string>): Promise<Ended> => launch(args, env).ended

/** Runs the service where it is expected to refuse to start. */
export const refused = (env: Record<string, string>): Promise<Ended> => run([program], { TZ: 'UTC', ...env })

/** A program that talks to one instance. */
export class Client {
  constructor(readonly url: string) {}

  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: T }> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    return promised<T>(method, path, answer)
  }

  /** Opens an order and returns its code. */
  async order(assign?: string): Promise<string> {
    const { status, body } = await this.api<{ code: string }>('POST', '/orders', {
      ...{ team: demoTeam.name, kind: 'repair', fault: '不制冷', ...(assign && { assign }) },
      customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
    })
    if (status !== 201) throw new Error(JSON.stringify(body))
    return body.code
  }

  /** An order's journal. */
  async timeline(
    code: string,
  ): Promise<Array<{ fact: string; words?: string; label?: string; by?: { name: string } }>> {
    const { body } = await this.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
    return body.timeline
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text()
    const lines = text.split('\n').filter(line => line.startsWith(name))
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  }
}

/** One running process of the service. */
export class Service extends Client {
  private constructor(
    private readonly child: ChildProcess,
    private readonly printed: () => string,
    readonly ended: Promise<Ended>,
    url: string,
  ) {
    super(url)
  }

  /** Resolves when it says it is ready. */
  static async start(env: Record<string, string>): Promise<Service> {
    const { child, output, ended } = launch([program], { TZ: 'UTC', HOST: '127.0.0.1', PORT: '0', ...env })
    const early = ended.then(({ output }) => Promise.reject(new Error(`the service ended at its start:\n${output}`)))
    const ready = eventually(() => {
      const line = linesOf(output()).find(one => one.msg === 'ready')
      if (!line?.port) throw new Error(`the service is not ready:\n${output()}`)
      return line.port
    }, 60_000)
    early.catch(() => {})
    return new Service(child, output, ended, `http://127.0.0.1:${await Promise.race([ready, early])}`)
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  get output(): string {
    return this.printed()
  }

  /** Log lines of level error and above. */
  get errors(): Line[] {
    return linesOf(this.printed()).filter(line => line.level >= 50)
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended> {
    this.child.kill(signal)
    return this.ended
  }
}

function linesOf(output: string): Line[] {
  return output
    .split('\n')
    .filter(line => line.startsWith('{') && line.endsWith('}'))
    .map(line => JSON.parse(line) as Line)
}

/** Kills whatever a failing test left running, and waits until it is gone. */
export async function killAll(): Promise<void> {
  const children = [...alive]
  const gone = children.map(child => new Promise(resolve => child.once('close', resolve)))
  for (const child of children) child.kill('SIGKILL')
  await Promise.all(gone)
}

const folders: string[] = []

/** A folder of this test file's own, gone when it ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paigong-folder-'))
  folders.push(folder)
  return folder
}

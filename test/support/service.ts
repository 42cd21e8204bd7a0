import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { demoTeam } from '../../src/demo.ts'
import { projectRoot } from '../../src/root.ts'
import { promised } from './promised.ts'

/** The service as it is installed: a process of its own. Knows nothing of the program that tests it. */

export const token = 'a-token-for-the-processes'
const program = join(projectRoot, 'dist/server/main.js')

/** Runs `work` until it succeeds, as long as a busy machine may need. @throws what it threw last */
export async function eventually<T>(work: () => T | Promise<T>, timeout = 30_000): Promise<T> {
  const start = performance.now()
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (performance.now() - start > timeout) throw error
      await pause(25)
    }
  }
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

const folders: string[] = []

/** A folder of this program's own, gone when it ends. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'paigong-folder-'))
  folders.push(folder)
  return folder
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

/** How a process is started besides its settings. */
export interface Launching {
  /** Arguments of Node's own. */
  node?: readonly string[]
  /** Given the process as soon as there is one: it may be killed before it is ready. */
  begun?(end: (signal: NodeJS.Signals) => void): void
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
  static async start(env: Record<string, string>, { node = [], begun }: Launching = {}): Promise<Service> {
    const all = { TZ: 'UTC', HOST: '127.0.0.1', PORT: '0', ...env }
    const { child, output, ended } = launch([...node, program], all)
    begun?.(signal => child.kill(signal))
    let over = false
    const early = ended.then(({ output }) => {
      over = true
      throw new Error(`the service ended at its start:\n${output}`)
    })
    const ready = eventually(() => {
      const line = over ? { port: 0 } : linesOf(output()).find(one => one.msg === 'ready')
      if (line?.port === undefined) throw new Error(`the service is not ready:\n${output()}`)
      return line.port
    }, 120_000)
    for (const promise of [early, ready]) promise.catch(() => {})
    try {
      return new Service(child, output, ended, `http://127.0.0.1:${await Promise.race([ready, early])}`)
    } catch (error) {
      child.kill('SIGKILL')
      await ended
      throw error
    }
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

import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../src/root.ts'

/** The service and what it is compared with run as processes of their own, and are asked what they have used. */

const service = join(projectRoot, 'dist/server/main.js')
const peers = join(projectRoot, 'dist/bench/main.js')
const probe = new URL('bench/probe.mjs', `file://${projectRoot}/`).href
/** What Node gives itself where there are 512 MB: on a large machine it takes what it can get, and memory says nothing. */
const heap = '--max-old-space-size=256'
const readyMs = 60_000

export type Asked = Readonly<Record<string, number>>

const usage = z.object({ cpuMs: z.number(), rssMB: z.number(), asked: z.record(z.string(), z.number()) })
export type Usage = z.infer<typeof usage>

export interface StartOptions {
  env: Record<string, string>
  /** Statements are counted in it. */
  counts?: 'server' | 'embedded'
  /** Arguments of Node's own. */
  node?: readonly string[]
}

const alive = new Set<ChildProcess>()

/** Ends what is there at once: for a process that ends now. */
export function endAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}
process.once('exit', endAll)

/** A measured process that answers on a port. */
export class Measured {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly ended: Promise<void>,
    /** Milliseconds from its start to its being ready. */
    readonly readyAfter: number,
  ) {}

  static service(options: StartOptions): Promise<Measured> {
    return Measured.start(service, [], options)
  }

  /** One of `bench/peers`. */
  static peer(name: string, options: StartOptions): Promise<Measured> {
    return Measured.start(peers, ['peer', name], options)
  }

  private static async start(
    program: string,
    args: readonly string[],
    { env, counts, node = [] }: StartOptions,
  ): Promise<Measured> {
    const cwd = mkdtempSync(join(tmpdir(), 'paigong-bench-run-'))
    const begun = performance.now()
    const child = fork(program, args, {
      cwd,
      env: { TZ: 'UTC', HOST: '127.0.0.1', PORT: '0', ...env, ...(counts && { BENCH_COUNTS: counts }) },
      execArgv: ['--enable-source-maps', heap, '--import', probe, ...node],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    alive.add(child)
    let output = ''
    const ended = new Promise<void>(resolve =>
      child.once('close', () => {
        alive.delete(child)
        rmSync(cwd, { recursive: true, force: true })
        resolve()
      }),
    )
    const port = await new Promise<number>((resolve, reject) => {
      const fail = () => reject(new Error(`${program} ${args.join(' ')} is not ready:\n${output}`))
      const late = setTimeout(fail, readyMs).unref()
      ended.then(fail)
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => {
          if (output.length < 100_000) output += text
          const found = /"port":(\d+).*"ready"/.exec(output)?.[1]
          if (!found) return
          clearTimeout(late)
          resolve(Number(found))
        })
    }).catch(async error => {
      child.kill('SIGKILL')
      await ended
      throw error
    })
    return new Measured(child, `http://127.0.0.1:${port}`, ended, performance.now() - begun)
  }

  /** What it has used since its start. */
  usage(): Promise<Usage> {
    return new Promise((resolve, reject) => {
      this.child.once('message', message => resolve(usage.parse(message)))
      this.child.send('usage', error => error && reject(error))
    })
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM')
    await this.ended
  }
}

/** What a peer prints when it can be asked. */
export const ready = (port: number): void => console.log(JSON.stringify({ port, msg: 'ready' }))

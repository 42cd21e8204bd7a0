import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, vi } from 'vitest'
import type { Inbound } from '../../src/chat/inbound.ts'
import { Permanent, Temporary } from '../../src/errors.ts'
import { type MovableClock, systemClock, systemTimers } from '../../src/now.ts'
import { createDingtalk } from '../../src/platforms/dingtalk/index.ts'
import type { LeaveForm, Platform, RawRequest } from '../../src/platforms/platform.ts'
import { createWecom } from '../../src/platforms/wecom/index.ts'
import { createSandbox, type Sandbox } from '../../src/sandbox/index.ts'
import { type PlatformConfigs, sandboxPlatforms } from '../../src/wiring.ts'
import { memoryMeters } from './dingtalk/help.ts'
import { frozenClock, keptLog, keptSignals, memoryLeases, memoryTokens } from './wecom/help.ts'

export interface Live {
  sandbox: Sandbox
  platform: Platform
  clock: MovableClock
  heard: Inbound[]
  store: ReturnType<typeof memoryTokens>
  /** Ids of the requests for leave that were heard of, in order. */
  told: () => string[]
  /** What it fails with; only the two kinds of failure the contract knows. */
  failure: (work: Promise<unknown>) => Promise<Temporary | Permanent>
  /** Calls of this API so far. */
  calls: (what: string) => number
  close: () => Promise<void>
}

/** One adapter against its simulated platform: real HTTP, real seals. */
export async function live(
  which: 'wecom' | 'dingtalk',
  change: (configs: PlatformConfigs, sandbox: Sandbox) => PlatformConfigs = configs => configs,
): Promise<Live> {
  const [clock, log, signals, store] = [frozenClock(), keptLog(), keptSignals(), memoryTokens()]
  const heard: Inbound[] = []
  const said: string[] = []
  const receive = (inbound: Inbound) => {
    heard.push(inbound)
    return { stored: Promise.resolve(), handled: Promise.resolve(null) }
  }
  const server = createServer(async (req, res) => {
    if (sandbox.handle(req, res)) return
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const url = new URL(req.url ?? '', 'http://localhost')
    const request: RawRequest = {
      ...{ method: req.method ?? '', path: url.pathname, query: Object.fromEntries(url.searchParams) },
      ...{ headers: req.headers, body: Buffer.concat(chunks) },
    }
    const route = platform.routes?.(receive).find(({ path }) => path === url.pathname)
    const answer = await route?.handle(request)
    res.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' }).end(answer?.body)
  })
  server.on('upgrade', (req, socket, head) => void (sandbox.upgrade(req, socket, head) || socket.destroy()))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const http = { mode: 'stream' as 'stream' | 'http', eventUrl: () => `${base}/dingtalk/events` }
  const sandbox = createSandbox({
    ...{ clock, log, baseUrl: () => base, callbackUrl: () => `${base}/wecom/callback`, dingtalk: http },
  })
  const configs = change(sandboxPlatforms(sandbox, base, base), sandbox)
  const shared = { clock, log, signals, tokens: store }
  const { wecom, dingtalk } = configs
  if (!wecom || !dingtalk) throw new Error('the sandbox configures both')
  const { bot: _, ...botless } = wecom
  http.mode = dingtalk.receive.mode
  const platform =
    which === 'wecom'
      ? createWecom(botless, { ...shared, leases: memoryLeases().of('a') })
      : createDingtalk(dingtalk, { ...shared, meters: memoryMeters(), machine: systemClock, timers: systemTimers })
  const shut = (await platform.open?.(receive)) ?? (async () => {})
  if (which === 'dingtalk' && http.mode === 'stream')
    await vi.waitFor(() => expect(sandbox.dingtalk.connections()).toBe(1), { timeout: 5_000, interval: 5 })
  return {
    ...{ sandbox, platform, clock, heard, store },
    told: () =>
      heard.flatMap(({ said: one }) => (one.kind === 'event' && one.event === 'approval' ? [one.detail.id ?? ''] : [])),
    failure: work =>
      work.then(
        () => {
          throw new Error('it did not fail')
        },
        error => {
          if (!(error instanceof Temporary || error instanceof Permanent)) throw error
          said.push(`${error.message} ${error instanceof Permanent ? error.fix : ''}`)
          return error
        },
      ),
    calls: what => sandbox.log().filter(entry => entry.what === what).length,
    async close() {
      const { secret, token, aesKey } = sandbox.credentials
      const secrets = [secret, token, aesKey, sandbox.dingtalk.credentials.clientSecret]
      const tokens = [...store.kept].filter(([name]) => !/leave/.test(name)).map(([, kept]) => kept.token)
      const lines = [...log.lines, ...said, JSON.stringify(platform.problems())].join('\n')
      for (const hidden of [...secrets, ...tokens]) expect(lines).not.toContain(hidden)
      await shut()
      await sandbox.close()
      server.closeAllConnections()
      server.close()
    },
  }
}

const day = (date: string) => new Date(`${date}T00:00:00+08:00`)

/** 张三 asks 王经理 for the 25th of November 2026. */
export const leaveOf = (people: { zhang: string; wang: string; zhao: string }) =>
  function leave(more: Partial<LeaveForm> = {}): LeaveForm {
    return {
      ...{ applicant: people.zhang, approvers: [[people.wang]], informed: [people.zhao], type: '事假', unit: 'day' },
      ...{ from: day('2026-11-25'), to: day('2026-11-26'), days: 1, reason: '家里有事', id: 'leave-1', ...more },
    }
  }

/** Spans a leave may have, each as the rule book counts it. */
export const spans: Array<[string, Pick<LeaveForm, 'unit' | 'from' | 'to' | 'days'>]> = [
  ['a day', { unit: 'day', from: day('2026-11-25'), to: day('2026-11-26'), days: 1 }],
  ['three days', { unit: 'day', from: day('2026-11-25'), to: day('2026-11-28'), days: 3 }],
  ['a morning', { unit: 'halfDay', from: day('2026-11-25'), to: new Date('2026-11-25T12:00:00+08:00'), days: 0.5 }],
  ['an afternoon', { unit: 'halfDay', from: new Date('2026-11-25T12:00:00+08:00'), to: day('2026-11-26'), days: 0.5 }],
  [
    'a day and a half',
    { unit: 'halfDay', from: new Date('2026-11-25T12:00:00+08:00'), to: day('2026-11-27'), days: 1.5 },
  ],
]
/** A type that is given by the hour, asked for by the day. */
export const dayInHours = { ...spans[0]?.[1], unit: 'hour' as const }
export const twoHours = {
  ...{ unit: 'hour' as const, from: new Date('2026-11-25T09:00:00+08:00'), to: new Date('2026-11-25T11:00:00+08:00') },
  days: 0.25,
}

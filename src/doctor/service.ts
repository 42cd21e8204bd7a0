import { get } from 'node:http'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { SystemFound } from './machine.ts'

const waitMs = 5_000

/** `/health/ready`, as far as it matters here; with 503 too it says what is wrong. */
const readyShape = z.looseObject({
  ok: z.boolean(),
  engine: z.looseObject({}),
  quotas: z.array(z.looseObject({ platform: z.string(), kind: z.string(), month: z.string(), used: z.number() })),
  problems: z.array(z.looseObject({ code: z.string(), what: z.string(), fix: z.string() })),
})

export interface Running {
  counters: Map<string, number>
}

/** Asks the service this configuration would start, where it listens; null when none runs. Its own complaints are findings. */
export async function askService({ HOST, PORT }: Config, found: SystemFound): Promise<Running | null> {
  if (PORT === 0) return null
  const host = ['0.0.0.0', '::', ''].includes(HOST) ? '127.0.0.1' : HOST
  let text: string
  try {
    text = await asked(host, PORT)
  } catch (error) {
    if (!isRefused(error)) found('service.port-taken', { port: PORT })
    return null
  }
  const ready = readyShape.safeParse(parsed(text))
  if (!ready.success) {
    found('service.port-taken', { port: PORT })
    return null
  }
  const { problems, quotas } = ready.data
  for (const { code, what, fix } of problems) found('service.problem', { problem: code, what, fix })
  return { counters: new Map(quotas.map(({ platform, kind, month, used }) => [`${platform}:${kind}:${month}`, used])) }
}

/** Not by `fetch`, which has ports it never goes to. */
function asked(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(waitMs)
    const request = get({ host, port, path: '/health/ready', agent: false, signal }, response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve(Buffer.concat(parts).toString()))
      response.on('error', reject)
    })
    request.on('error', reject)
  })
}

/** Nobody listens there: the rule before the first start. */
function isRefused(error: unknown): boolean {
  const codes = error instanceof AggregateError ? error.errors.map(codeOf) : [codeOf(error)]
  return codes.some(code => ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EHOSTUNREACH', 'ENOTFOUND'].includes(code))
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import type { SandboxActions, SandboxLogEntry, SandboxState } from '../../sandbox/wire.ts'

/** The sandbox server, as the page calls it. Routes and shapes: `src/sandbox/wire.ts`. */
const BASE = '/sandbox/api'

/** A refusal or failure in words a person can read. */
export class ApiError extends Error {}

async function answer<T>(response: Response): Promise<T> {
  const text = await response.text()
  let body: unknown
  try {
    body = text === '' ? {} : JSON.parse(text)
  } catch {
    throw new ApiError(`服务的回答读不懂（${response.status}）`)
  }
  if (response.ok) return body as T
  const { title, detail } = body as { title?: string; detail?: string }
  throw new ApiError(detail ?? title ?? `服务回答 ${response.status}`)
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(`${BASE}${path}`, init)
  } catch {
    throw new ApiError('连不上服务，检查它是否还在运行')
  }
  return answer<T>(response)
}

export function post<K extends keyof SandboxActions>(action: K, body: SandboxActions[K]): Promise<{ status?: string }> {
  return call(`/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export const getState = (): Promise<SandboxState> => call('/state')

export const getLog = (): Promise<{ items: SandboxLogEntry[] }> => call('/log')

export const EVENTS = `${BASE}/events`

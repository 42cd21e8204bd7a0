import { forgetAnswers } from './kept.ts'
import { problemWords } from './problemwords.ts'

/** What went wrong, in a sentence for whoever looks at the page. */
export class Trouble extends Error {
  constructor(
    message: string,
    /** 0: the service could not be reached. */
    readonly status: number,
    /** What is wrong with single fields of a form, by their path. */
    readonly faults: ReadonlyArray<{ path: string; message: string }> = [],
  ) {
    super(message)
  }
}

export interface Session {
  person: { id: string; name: string }
  platform: string
  teams: Array<{ teamId: string; team: string; roles: string[] }>
  isCompanyManager: boolean
  csrf: string
  expiresAt: string
}

let csrf = ''

/** Asks the service. Who is not signed in any more goes to sign in and comes back here. @throws Trouble */
export async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await send(path, init)
  if (response.status === 204) return undefined as T
  return (await response.json()) as T
}

/** Asks for a file and has the browser keep it. @throws Trouble */
export async function download(path: string, init: RequestInit = {}): Promise<void> {
  const response = await send(path, init)
  const name = /filename\*=UTF-8''([^;]+)/i.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  const plain = /filename="([^"]+)"/i.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name ? decodeURIComponent(name) : (plain ?? 'paigong')
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, { ...init, headers: { Accept: 'application/json', ...init.headers } })
  } catch {
    throw new Trouble('连不上服务，请检查网络后再试。', 0)
  }
  if (response.status === 401) {
    forgetAnswers()
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
    throw new Trouble('登录过期了，正在转到登录页。', 401)
  }
  if (response.ok) return response
  const problem = await response.json().catch(() => null)
  throw new Trouble(problemWords(response.status, problem), response.status, problem?.errors ?? [])
}

export async function openSession(): Promise<Session> {
  const session = await ask<Session>('/session')
  csrf = session.csrf
  return session
}

/** A page that was opened without a network has no session yet: nothing can be changed before. @throws Trouble */
export async function haveSession(): Promise<void> {
  if (csrf === '') await openSession()
}

/** A request that changes something: JSON, or a file as it is. */
export function change(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', body?: object | Blob): RequestInit {
  const file = body instanceof Blob
  return {
    method,
    headers: {
      'X-CSRF-Token': csrf,
      ...(body && { 'Content-Type': file ? body.type || 'application/octet-stream' : 'application/json' }),
    },
    ...(body && { body: file ? body : JSON.stringify(body) }),
  }
}

export async function signOut(): Promise<void> {
  forgetAnswers()
  await fetch('/logout', change('POST'))
  location.assign('/login')
}

/** There was no answer, or only one of what stands before the service: 502, 503, 504. */
export const isUnreached = (error: unknown): boolean =>
  error instanceof Trouble && (error.status === 0 || error.status > 501)

/** The sentence of an error that is shown. */
export const troubleWords = (error: unknown): string =>
  error instanceof Trouble ? error.message : '页面出了问题，请刷新。'

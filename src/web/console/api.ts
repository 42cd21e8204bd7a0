/** What the console asks the service for (src/console). */

export interface Row {
  id: string
  code: string
  team: string
  kind: string
  urgent: boolean
  key: boolean
  state: string
  stateName: string
  late: boolean
  customer: string
  address: string
  fault: string
  assignee: { id: string; name: string } | null
  due: string | null
  appointment: string | null
  createdAt: string
}

export interface Board {
  items: Row[]
  next: string | null
  counts: { open: number; late: number; unassigned: number }
}

export interface Order {
  code: string
  team: string
  state: string
  stateName: string
  urgent: boolean
  kind: string
  fault: string
  warranty: 'in' | 'out' | null
  customer: { name: string; phone: string; address: string; key: boolean }
  product: string
  assignee: { id: string; name: string } | null
  helpers: string[]
  appointment: string | null
  suspended: string | null
  outcome: { note: string; charge: string | null } | null
  clocks: Array<{ kind: string; state: string; due: string | null; left: string | null }>
  timeline: Array<{ seq: number; what: string; words: string | null; via: string; by: string | null }>
  mayDispatch: boolean
  isOwn: boolean
}

export interface Candidate {
  id: string
  name: string
  reasons: string[]
  obstacle: string | null
}

export interface Session {
  person: { id: string; name: string }
  teams: Array<{ teamId: string; team: string; roles: string[] }>
  csrf: string
}

/** What went wrong, in a sentence for whoever looks at the page. */
export class Trouble extends Error {}

let csrf = ''

async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { ...init, headers: { Accept: 'application/json', ...init.headers } })
  } catch {
    throw new Trouble('连不上服务，请检查网络后再试。')
  }
  if (response.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`)
    throw new Trouble('登录过期了，正在转到登录页。')
  }
  const body = await response.json().catch(() => null)
  if (!response.ok) throw new Trouble(body?.detail ?? `服务出了问题（${response.status}），请稍后再试。`)
  return body as T
}

export async function openSession(): Promise<Session> {
  const session = await ask<Session>('/session')
  csrf = session.csrf
  return session
}

export const loadBoard = (query: Record<string, string>): Promise<Board> =>
  ask(`/console/api/board?${new URLSearchParams(query)}`)

export const loadOrder = (code: string): Promise<Order> => ask(`/console/api/orders/${encodeURIComponent(code)}`)

export const loadCandidates = (code: string): Promise<{ items: Candidate[] }> =>
  ask(`/console/api/orders/${encodeURIComponent(code)}/candidates`)

const post = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
  body: JSON.stringify(body),
})

export const assign = (code: string, person: string): Promise<Order> =>
  ask(`/console/api/orders/${encodeURIComponent(code)}/assign`, post({ person }))

export const signOut = (): Promise<void> => fetch('/logout', post({})).then(() => location.assign('/login'))

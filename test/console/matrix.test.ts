import { beforeAll, describe, expect, it } from 'vitest'
import type { May } from '../../src/http/pageroute.ts'
import { pagesDocument } from '../../src/http/pagesdoc.ts'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { World } from '../support/world.ts'
import { type Furnished, furnish, type Side } from './furnished.ts'
import { samples, tables } from './samples.ts'
import { whoMay } from './whomay.ts'

/**
 * Every route of our own pages, asked by everybody there is, about his team and another one. The routes come from their
 * document: one without a sample fails, and so does a sample without a route.
 */

interface Operation {
  operationId: string
  'x-may': May
  parameters?: Array<{ name: string; in: string; required: boolean }>
  requestBody?: object
}

const paths = pagesDocument(tables).paths as Record<string, Record<string, Operation>>
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...operation,
    id: operation.operationId,
    may: operation['x-may'],
    path,
    method,
  })),
)

const roles = ['nobody', 'technician', 'finance', 'dispatcher', 'manager', 'company'] as const
type Viewer = (typeof roles)[number]

const allowed: Record<May, readonly Viewer[]> = {
  own: ['technician', 'finance', 'dispatcher', 'manager', 'company'],
  dispatch: ['dispatcher', 'manager', 'company'],
  finance: ['finance', 'manager', 'company'],
  manage: ['manager', 'company'],
  company: ['company'],
}

const users: Record<Exclude<Viewer, 'nobody'>, string> = {
  ...{
    technician: 'zhangsan',
    finance: 'lisi',
    dispatcher: 'zhaopaigong',
    manager: 'wangjingli',
    company: 'wangjingli',
  },
}

/** What the matrix says a route answers. */
function expected(id: string, may: May, viewer: Viewer, about: 'own' | 'other'): number {
  const sample = samples[id]
  if (!sample) throw new Error(`no sample of ${id}`)
  if (viewer === 'nobody') return 401
  if (!allowed[may].includes(viewer)) return 403
  const sees = sample.seenBy ?? allowed[may]
  const { own, other = own } = sample
  // Who manages every team has no other one.
  const seen = sees.includes(viewer) && (about === 'own' || viewer === 'company')
  return seen ? (sample.refuses?.[viewer] ?? own) : other
}

it('every route has a sample, and every sample a route', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(samples).sort())
  const twice = operations.filter(({ id }, at) => operations.findIndex(one => one.id === id) !== at)
  expect(twice.map(({ id }) => id)).toEqual([])
})

it('each is for whom it should be', () => {
  const said: Record<string, string[]> = { own: [], dispatch: [], finance: [], manage: [], company: [] }
  for (const { id, may } of operations) said[may]?.push(id)
  const sorted = (all: Record<string, readonly string[]>) =>
    Object.fromEntries(Object.entries(all).map(([may, ids]) => [may, [...ids].sort()]))
  expect(sorted(said)).toEqual(sorted(whoMay))
})

it('a sample about a team tells the own one from another', () => {
  const same = Object.entries(samples).filter(([, { own, other }]) => own === other)
  expect(same.map(([id]) => id)).toEqual([])
})

describe('each route answers each role about each team as it should', () => {
  let db: TestDatabase
  let world: World
  let at: Furnished
  const browsers = new Map<Viewer, { browser: Browser; csrf: string }>()

  beforeAll(async () => {
    db = await freshDatabase()
    world = await World.open(db, { bot: false })
    at = await furnish(world)
    return async () => {
      world.ignore()
      await world.shut()
      await db.close()
    }
  })

  async function browserOf(viewer: Viewer): Promise<{ browser: Browser; csrf: string }> {
    const known = browsers.get(viewer)
    if (known) return known
    const browser = new Browser(world.url)
    if (viewer === 'nobody') return { browser, csrf: '' }
    await signIn(world, browser, users[viewer], '/session')
    const { csrf } = (await browser.get('/session')).json<{ csrf: string }>()
    browsers.set(viewer, { browser, csrf })
    return { browser, csrf }
  }

  async function ask(operation: (typeof operations)[number], viewer: Viewer, side: Side): Promise<number> {
    const sample = samples[operation.id]
    if (!sample) throw new Error(`no sample of ${operation.id}`)
    const given = sample.params?.(side) ?? {}
    const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = given[name]
      if (value === undefined) throw new Error(`${operation.id}: no ${name} in its sample`)
      return encodeURIComponent(value)
    })
    const query = new URLSearchParams(sample.query?.(side)).toString()
    const { browser, csrf } = await browserOf(viewer)
    const body = sample.body?.(side)
    const file = body instanceof Uint8Array
    const end = new AbortController()
    const answer = await fetch(`${world.url}${path}${query && `?${query}`}`, {
      method: operation.method.toUpperCase(),
      signal: end.signal,
      headers: {
        ...{ Accept: 'application/json', Origin: new URL(world.url).origin, 'X-CSRF-Token': csrf },
        Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body && { 'Content-Type': file ? (sample.type ?? 'application/octet-stream') : 'application/json' }),
      },
      ...(body && { body: file ? new Blob([new Uint8Array(body)]) : JSON.stringify(body) }),
    })
    end.abort()
    return answer.status
  }

  for (const viewer of roles)
    it(viewer, async () => {
      if (viewer === 'company') await at.manageAll()
      const wrong: string[] = []
      for (const operation of operations)
        for (const about of ['own', 'other'] as const) {
          const status = await ask(operation, viewer, at[about])
          const wanted = expected(operation.id, operation.may, viewer, about)
          if (status !== wanted) wrong.push(`${operation.id} about ${about}: ${status}, not ${wanted}`)
        }
      expect(wrong).toEqual([])
      world.ignore()
    })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { pagesDocument } from '../../src/http/pagesdoc.ts'
import { type Furnished, furnish, nobody } from '../console/furnished.ts'
import { samples, tables } from '../console/samples.ts'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { apiToken, World } from '../support/world.ts'
import { Knocker } from './knock.ts'

/** What a foreign page or a crooked path may try against every route: other content types, no token, another site's name, `../`. */

interface Operation {
  operationId: string
  requestBody?: { content: Record<string, unknown> }
}
type Paths = Record<string, Record<string, Operation>>

interface Asked {
  id: string
  method: string
  path: string
  types: string[]
}

let db: TestDatabase
let world: World
let at: Furnished
let knocker: Knocker
let session: Record<string, string>

beforeAll(async () => {
  db = await freshDatabase()
  world = await World.open(db, { bot: false })
  at = await furnish(world)
  await at.manageAll()
  knocker = new Knocker(world.url)
  const browser = new Browser(world.url)
  await signIn(world, browser, 'wangjingli', '/session')
  const { csrf } = (await browser.get('/session')).json<{ csrf: string }>()
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  session = { Cookie: cookie, Origin: new URL(world.url).origin, 'X-CSRF-Token': csrf }
})
afterAll(async () => {
  knocker.close()
  world.ignore()
  await world.shut()
  await db.close()
})

function changing(paths: Paths, prefix: string): Asked[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'get')
      .map(([method, { operationId, requestBody }]) => ({
        ...{ id: operationId, method: method.toUpperCase(), path: prefix + path },
        types: Object.keys(requestBody?.content ?? {}),
      })),
  )
}
const ofPages = changing(pagesDocument(tables).paths as Paths, '')
const ofApi = changing(openApi(routes).paths as unknown as Paths, '/api/v1')

/** As the matrix asks it, about the own team. */
function addressOf({ id, path }: Asked): string {
  const { params, query } = samples[id] ?? {}
  const { person, order, team, month } = at.own
  const given: Record<string, string> = params?.(at.own) ?? { id: person, person, code: order, team, month, nr: '1' }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(given[name] ?? 'x'))
  return `${filled}?${new URLSearchParams(query?.(at.own) ?? { team, kind: 'orders' })}`
}

const ask = async (asked: Asked, headers: Record<string, string>, body = '{}', address = addressOf(asked)) => {
  const { id: route, method } = asked
  const { status } = await knocker.ask({ method, route, address, headers, body: Buffer.from(body) }, {})
  return status
}

async function rows(): Promise<unknown> {
  const names = await db.prisma.$queryRaw<Array<{ name: string }>>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
  const counts: Record<string, unknown> = {}
  // When a session or a token was last used is written down each time, as it should be.
  for (const { name } of names.filter(one => !['Session', 'ApiToken', 'AuditEntry'].includes(one.name)))
    counts[name] = await db.prisma.$queryRawUnsafe(
      `SELECT count(*)::int AS n, md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM "${name}" t`,
    )
  return counts
}

/** What a form of another site can send without asking first, and what other programs send by mistake. */
const wrong = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'text/json',
  'application/json5',
  '',
  'json',
]

describe('another content type', () => {
  it('is 415 at every route of the API that takes a body, and does nothing', async () => {
    const before = await rows()
    const withBody = ofApi.filter(({ types }) => types.length > 0)
    expect(withBody.length).toBeGreaterThan(15)
    for (const one of withBody)
      for (const type of wrong.filter(type => !one.types.includes(type)))
        expect([
          one.id,
          type,
          await ask(one, { Authorization: `Bearer ${apiToken}`, ...(type && { 'Content-Type': type }) }),
        ]).toEqual([one.id, type, 415])
    expect(await rows()).toEqual(before)
  })

  it('is 415 at every route of the pages that takes a body, and does nothing', async () => {
    const before = await rows()
    const withBody = ofPages.filter(({ types }) => types.length > 0)
    expect(withBody.length).toBeGreaterThan(30)
    for (const one of withBody)
      for (const type of wrong.filter(type => !one.types.includes(type)))
        expect([one.id, type, await ask(one, { ...session, ...(type && { 'Content-Type': type }) })]).toEqual([
          one.id,
          type,
          415,
        ])
    expect(await rows()).toEqual(before)
  })
})

describe('a request another site makes a browser send', () => {
  const forged: ReadonlyArray<[string, (own: Record<string, string>) => Record<string, string>]> = [
    ['without the session’s token', ({ 'X-CSRF-Token': _, ...rest }) => rest],
    ['with a token that was guessed', own => ({ ...own, 'X-CSRF-Token': 'x'.repeat(43) })],
    ['from another site', own => ({ ...own, Origin: 'https://evil.example' })],
    ['from nowhere', own => ({ ...own, Origin: 'null' })],
    ['from a site below ours', own => ({ ...own, Origin: `${own.Origin}.evil.example` })],
    ['across sites, as the browser says', own => ({ ...own, 'Sec-Fetch-Site': 'cross-site' })],
    ['from a neighbour, as the browser says', own => ({ ...own, 'Sec-Fetch-Site': 'same-site' })],
  ]
  it.each(forged)('is 403 at every route that changes something: %s', async (_, made) => {
    const before = await rows()
    expect(ofPages.length).toBeGreaterThan(40)
    for (const one of ofPages)
      expect([
        one.id,
        await ask(one, { ...made(session), 'Content-Type': one.types[0] ?? 'application/json' }),
      ]).toEqual([one.id, 403])
    expect(await rows()).toEqual(before)
  })
})

describe('the address of a photo', () => {
  const media = (code: string, id: string): Array<[string, string]> => [
    ['console', `/console/api/orders/${code}/media/${id}`],
    ['phone', `/m/api/orders/${code}/photos/${id}`],
    ['incident', `/console/api/incidents/list/${code}/photos/${id}`],
  ]
  const get = async (address: string, headers = session) => {
    const { status, body } = await knocker.ask({ method: 'GET', route: '', address, headers, body: null }, {})
    return { status, body }
  }

  it('shows the photo, and to nobody what is beside it', async () => {
    expect((await get(media(at.own.order, at.own.photo)[0]?.[1] ?? '')).status).toBe(200)
    const tricks = [
      ...['../../../../etc/passwd', '..%2f..%2f..%2f..%2fetc%2fpasswd', '%2e%2e%2f%2e%2e%2fetc%2fpasswd'],
      ...['..%252f..%252f..%252fetc%252fpasswd', '%252e%252e%252fetc%252fpasswd', '..%5c..%5cetc%5cpasswd'],
      ...['%2fetc%2fpasswd', 'file:%2f%2f%2fetc%2fpasswd'],
      ...[
        `${at.own.photo}%00`,
        `${at.own.photo}%00.png`,
        `%00${at.own.photo}`,
        `${at.own.photo}/..`,
        `${at.own.photo}.png`,
      ],
      ...[`${at.own.photo}%20`, `{${at.own.photo}}`, at.own.photo.replaceAll('-', ''), `urn:uuid:${at.own.photo}`],
      ...['%c0%ae%c0%ae%c0%afetc', '%ff', '%', '*', '1%20OR%201=1', "'%20OR%20''='", nobody, at.own.order],
    ]
    for (const id of tricks)
      for (const [where, address] of media(at.own.order, id)) {
        const { status, body } = await get(address)
        expect([where, id, status]).toEqual([where, id, expect.toSatisfy(one => [400, 404, 422].includes(one))])
        expect(body).not.toMatch(/root:|PNG/)
      }
    const crooked = [`..%2f${at.own.order}`, `${at.own.order}%00`, `%2e%2e`, `${at.own.order}%2f..%2f${at.own.order}`]
    for (const code of crooked)
      for (const [where, address] of media(code, at.own.photo))
        expect([where, code, (await get(address)).status]).toEqual([
          where,
          code,
          expect.toSatisfy(one => [400, 404, 422].includes(one)),
        ])
  })

  it('of another order, another team or another company is not found, and can’t be written over', async () => {
    const { prisma } = db
    const kept = await prisma.media.findFirstOrThrow({ where: { id: at.own.photo } })
    await prisma.company.create({ data: { id: 'rival', name: '别家', createdAt: world.clock.now() } })
    const foreign = crypto.randomUUID()
    await prisma.media.create({ data: { ...kept, source: {}, id: foreign, company: 'rival' } })
    for (const [, address] of media(at.own.order, foreign))
      expect([address, (await get(address)).status]).toEqual([address, 404])
    // Of the other team's order, by its own order's code; then as somebody who is not of that team.
    for (const [, address] of media(at.own.order, at.other.photo))
      expect([address, (await get(address)).status]).toEqual([address, 404])
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan', '/session')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const [, address] of media(at.other.order, at.other.photo))
      expect([address, (await get(address, { Cookie: cookie })).status]).toEqual([address, 404])
    const { csrf } = (await browser.get('/session')).json<{ csrf: string }>()
    const own = { Cookie: cookie, Origin: new URL(world.url).origin, 'X-CSRF-Token': csrf, 'Content-Type': 'image/png' }
    const png = Buffer.from('89504e470d0a1a0a00', 'hex')
    // Ids of two companies are two things even where they are the same.
    for (const [id, answered] of [
      [foreign, 200],
      [at.other.photo, 409],
    ] as const) {
      const address = `/m/api/orders/${at.own.order}/photos/${id}`
      const { status } = await knocker.ask({ method: 'PUT', route: '', address, headers: own, body: png }, {})
      expect([id, status]).toEqual([id, answered])
    }
    expect(
      Buffer.from((await prisma.media.findFirstOrThrow({ where: { id: foreign, company: 'rival' } })).bytes ?? [])
        .length,
    ).toBe(kept.bytes?.length)
    world.ignore()
    expect(world.log.errors).toEqual([])
  })
})

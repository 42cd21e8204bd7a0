import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { routes } from '../../src/http/api.ts'
import { covers, everything, type Grant, type Scope, scopeNames } from '../../src/http/scopes.ts'
import { eachStory } from '../support/shop.ts'

const story = eachStory({ bot: false })
const team = encodeURIComponent('一班')
const customer = { name: '王女士', phone: '13800001234', address: '花园路38号' }

interface Token {
  id: string
  secret: string
  scopes: string[]
  lastUsedAt: string | null
}
type Problem = { detail: string; scope?: string }

const make = (body: object, by = {}) => story.world.api<Token & Problem>('POST', '/tokens', body, by)
const as = ({ secret }: Pick<Token, 'secret'>) => ({ Authorization: `Bearer ${secret}` })

async function made(name: string, scopes: string[], more: object = {}): Promise<Token> {
  const answer = await make({ name, scopes, ...more })
  expect(answer.status).toBe(201)
  return answer.body
}

async function listed(id: string): Promise<Token> {
  const { body } = await story.world.api<{ items: Token[] }>('GET', '/tokens?limit=200')
  const found = body.items.find(one => one.id === id)
  if (!found) throw new Error('no such token')
  return found
}

it('a token does what its scopes say and no more, and says which one is missing', async () => {
  const { world, db } = story
  const erp = await made('ERP', ['orders:write'])
  expect(erp.secret).toMatch(/^paigong_[\w-]{43}$/)
  const order = { team: '一班', customer, fault: '不制冷' }
  expect((await world.api('POST', '/orders', order, as(erp))).status).toBe(201)
  world.zhao.sees('派工单 1001')
  const refused = await world.api<Problem>('GET', '/orders', undefined, as(erp))
  expect(refused).toMatchObject({ status: 403, body: { title: 'Scope missing', scope: 'orders:read' } })
  expect(refused.body.detail).toBe('This needs the scope orders:read; the token has orders:write.')
  const raw = await fetch(`${world.url}/api/v1/people`, { headers: as(erp) })
  expect(raw.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope", scope="people:read"')
  expect(await world.api('GET', '/tokens', undefined, as(erp))).toMatchObject({ status: 403, body: { scope: 'admin' } })

  const staff = await made('HR', ['people:*'])
  expect((await world.api('GET', '/people', undefined, as(staff))).status).toBe(200)
  expect((await world.api('POST', '/teams', { name: '二班' }, as(staff))).status).toBe(201)
  expect((await world.api('GET', `/leaves?team=${team}`, undefined, as(staff))).status).toBe(403)
  // Its secret was shown once: the database and the list have none.
  const rows = await db.prisma.apiToken.findMany()
  expect(rows.map(({ digest }) => digest)).toContain(createHash('sha256').update(erp.secret).digest('hex'))
  expect(JSON.stringify([rows, (await world.api('GET', '/tokens')).body, world.log])).not.toContain(erp.secret)
})

it('every route but the document wants a token, and a scope that another token lacks', async () => {
  const { world } = story
  const tokens = new Map<string, Token>()
  for (const wanted of [...scopeNames, ...routes.flatMap(({ scope }) => (Array.isArray(scope) ? [scope] : []))]) {
    const lacking: readonly Scope[] = [wanted].flat()
    const name = lacking.join()
    const scopes = scopeNames.filter(one => !lacking.includes(one))
    if (!tokens.has(name)) tokens.set(name, await made(name, scopes))
  }
  for (const { method, path, scope } of routes) {
    const url = `${world.url}/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`
    const send = (headers: Record<string, string>) => fetch(url, { method: method.toUpperCase(), headers })
    if (scope === null) {
      expect([path, (await send({})).status]).toEqual(['/openapi.json', 200])
      continue
    }
    const token = tokens.get([scope].flat().join())
    if (!token) throw new Error(`no token without ${scope}`)
    expect([path, (await send({})).status, (await send(as(token))).status]).toEqual([path, 401, 403])
  }
})

it('a token is good until it expires or is revoked, and is told so', async () => {
  const { world } = story
  const short = await made('short', ['orders:read'], { expiresAt: '2026-11-24T10:00:00+08:00' })
  const long = await made('long', ['orders:read'])
  const get = (token: Token) => world.api<Problem>('GET', '/orders', undefined, as(token))
  expect([(await get(short)).status, (await get(long)).status]).toEqual([200, 200])
  await world.forward('60m')
  const expired = await get(short)
  expect(expired.status).toBe(401)
  expect(expired.body.detail).toMatch(/expired at 2026-11-24T02:00:00.000Z/)

  const revoke = (id: string) => fetch(`${world.url}/api/v1/tokens/${id}`, { method: 'DELETE', headers: own })
  const own = { Authorization: 'Bearer a-token-for-the-stories' }
  expect((await revoke(long.id)).status).toBe(204)
  expect(await listed(long.id)).toMatchObject({ revokedAt: '2026-11-24T02:00:00.000Z' })
  const revoked = await get(long)
  expect([revoked.status, revoked.body.detail]).toEqual([401, expect.stringMatching(/revoked/)])
  // Again is no error, and leaves it as it was.
  await world.forward('60m')
  expect((await revoke(long.id)).status).toBe(204)
  expect(await listed(long.id)).toMatchObject({ revokedAt: '2026-11-24T02:00:00.000Z' })
  expect((await revoke('019aa000-0000-7000-8000-000000000001')).status).toBe(404)
  expect((await get({ ...long, secret: `${long.secret}x` })).status).toBe(401)
  expect((await make({ name: 'x', scopes: ['orders:read'], expiresAt: '2026-11-24T09:00:00+08:00' })).status).toBe(422)
  world.ignore()
})

it('who makes tokens gives no more than he has, and no scope that there is not', async () => {
  const { world } = story
  const head = await made('head', ['admin', 'orders:read', 'orders:write'])
  expect((await make({ name: 'all of orders', scopes: ['orders:*'] }, as(head))).status).toBe(201)
  expect(await make({ name: 'more', scopes: ['orders:read', 'months:read'] }, as(head))).toMatchObject({
    status: 403,
    body: { scope: 'months:read' },
  })
  expect((await make({ name: 'more', scopes: ['months:*'] }, as(head))).status).toBe(403)
  expect(await make({ name: 'none', scopes: [] })).toMatchObject({ status: 422 })
  expect(await make({ name: 'odd', scopes: ['order:read'] })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'scopes.0', message: expect.stringMatching(/orders:read/) }] },
  })
  const page = await world.api<{ items: Token[]; next: string }>('GET', '/tokens?limit=1')
  expect(page.body.items).toMatchObject([{ name: 'head' }])
  expect((await world.api('GET', `/tokens?limit=1&after=${page.body.next}`)).body).toMatchObject({
    items: [{ name: 'all of orders', scopes: ['orders:*'] }],
  })
})

it('when it was used last is written once a minute', async () => {
  const { world, db } = story
  const token = await made('ERP', ['orders:read'])
  expect(token.lastUsedAt).toBeNull()
  const use = () => world.api('GET', '/orders', undefined, as(token))
  const versionOf = async () => {
    const [row] = await db.prisma.$queryRaw<Array<{ version: string }>>`
      SELECT xmin::text AS version FROM "ApiToken" WHERE "id" = ${token.id}::uuid`
    return row?.version
  }
  await use()
  expect((await listed(token.id)).lastUsedAt).toBe('2026-11-24T01:00:00.000Z')
  const first = await versionOf()
  await world.forward('59s')
  await use()
  expect([(await listed(token.id)).lastUsedAt, await versionOf()]).toEqual(['2026-11-24T01:00:00.000Z', first])
  await world.forward('1s')
  await use()
  expect((await listed(token.id)).lastUsedAt).toBe('2026-11-24T01:01:00.000Z')
})

it('a token of one company opens nothing of another', async () => {
  const { world, db } = story
  const token = await made('ERP', ['orders:read'])
  await db.prisma.company.create({ data: { id: 'other', name: 'other', createdAt: world.clock.now() } })
  await db.prisma.apiToken.updateMany({ data: { company: 'other' } })
  expect((await world.api('GET', '/orders', undefined, as(token))).status).toBe(401)
  expect((await world.api<{ items: Token[] }>('GET', '/tokens')).body.items).toEqual([])
})

it('scopes cover what they name', () => {
  const has = (given: Grant[], wanted: Grant) => covers(given, wanted)
  expect(has(['orders:*'], 'orders:read')).toBe(true)
  expect(has(['orders:*'], 'people:read')).toBe(false)
  expect(has(['orders:read'], 'orders:write')).toBe(false)
  expect(has(['orders:read'], 'orders:*')).toBe(false)
  expect(has(['orders:read', 'orders:write'], 'orders:*')).toBe(true)
  expect(has(['admin'], 'orders:read')).toBe(false)
  for (const scope of scopeNames) expect(has([...everything], scope)).toBe(true)
})

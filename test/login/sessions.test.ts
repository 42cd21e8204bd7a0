import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Router from '@koa/router'
import Koa from 'koa'
import { afterEach, describe, expect, it } from 'vitest'
import { problems } from '../../src/http/problem.ts'
import { Guard, viewerIn } from '../../src/login/guard.ts'
import { mayDispatchIn } from '../../src/login/viewer.ts'
import { Browser } from '../support/browser.ts'
import { eachStory } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { rowsOf, signIn } from './help.ts'

const story = eachStory()

describe('a session', () => {
  it('never has a token somebody else chose, and ends the one before: fixation', async () => {
    const { world, db } = story
    const attacker = new Browser(world.url)
    await signIn(world, attacker, 'lisi')
    const planted = attacker.cookies.get('paigong') ?? ''
    for (const value of [planted, 'A'.repeat(43)]) {
      const victim = new Browser(world.url)
      victim.cookies.set('paigong', value)
      await signIn(world, victim, 'zhangsan')
      expect(victim.cookies.get('paigong')).not.toBe(value)
      expect((await victim.get('/session')).json()).toMatchObject({ person: { name: '张三' } })
    }
    expect((await attacker.get('/session')).status).toBe(401)
    expect(await db.prisma.session.count()).toBe(2)
  })

  it('ends after twelve idle hours, and its row is swept away', async () => {
    const { world, db } = story
    const [idle, busy] = [new Browser(world.url), new Browser(world.url)]
    await signIn(world, idle, 'zhangsan')
    await signIn(world, busy, 'lisi')
    await world.forward('11h')
    expect((await busy.get('/session')).status).toBe(200)
    await world.forward('59m')
    expect(await db.prisma.session.count()).toBe(2)
    await world.forward('1m')
    expect(await db.prisma.session.count()).toBe(1)
    expect((await idle.get('/session')).status).toBe(401)
    expect((await busy.get('/session')).json()).toMatchObject({ expiresAt: '2026-11-25T01:00:00.000Z' })
    expect(await db.prisma.usedState.count()).toBe(0)
    world.ignore()
  })

  it('is over at its end even where nobody swept', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan')
    await db.prisma.session.updateMany({ data: { expiresAt: world.clock.now() } })
    expect((await browser.get('/session')).json()).toMatchObject({ status: 401, title: 'Unauthorized' })
  })

  it('ends with the account it was opened with', async () => {
    const { world } = story
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan')
    world.contactsFailOnce()
    const account = { name: '李四', wecom: { userId: 'zhangsan' } }
    expect((await world.api('POST', '/people', account)).status).toBe(201)
    expect((await browser.get('/session')).status).toBe(401)
    await signIn(world, browser, 'zhangsan')
    expect((await browser.get('/session')).json()).toMatchObject({ person: { name: '李四' } })
    world.ignore()
  })

  it('is of one company', async () => {
    const { world } = story
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan')
    const page = await pageOf(world, 'other')
    expect((await new Browser(page, '').get('/mine', cookieOf(browser))).status).toBe(401)
    const own = await pageOf(world)
    expect((await new Browser(own, '').get('/mine', cookieOf(browser))).status).toBe(200)
  })

  it('is ended everywhere by its owner, and nobody else’s', async () => {
    const { world, db } = story
    const [phone, desk, other] = [new Browser(world.url), new Browser(world.url), new Browser(world.url)]
    await signIn(world, phone, 'zhangsan')
    await signIn(world, desk, 'zhangsan')
    await signIn(world, other, 'lisi')
    const { csrf } = (await desk.get('/session')).json<{ csrf: string }>()
    const out = await desk.post('/logout/everywhere', undefined, { 'X-CSRF-Token': csrf })
    expect(out.status).toBe(204)
    expect((await phone.get('/session')).status).toBe(401)
    expect((await other.get('/session')).status).toBe(200)
    expect((await rowsOf(db)).at(-1)).toEqual({ action: 'session.endAll', via: 'wecom', who: '张三' })
    expect(await db.prisma.auditEntry.findFirst({ orderBy: { id: 'desc' } })).toMatchObject({ data: { sessions: 2 } })
  })

  it.each([
    ...[
      'paigong=',
      'paigong',
      'paigong=x',
      `paigong=${'A'.repeat(43)}`,
      `paigong=${'A'.repeat(8_000)}`,
      '=;=;=',
      ';;;',
    ],
    ...['paigong=%00%ff; paigong=..', 'paigong_signin=x.y', 'paigong_signin=..', 'paigong="; DROP TABLE'],
  ])('is nobody’s by the cookie %j', async cookie => {
    const { world } = story
    const browser = new Browser(world.url)
    expect((await browser.get('/session', { Cookie: cookie })).status).toBe(401)
    expect((await browser.open('/login/wecom/back?code=a&state=b', { Cookie: cookie })).status).toBe(403)
    expect((await browser.open('/login', { Cookie: cookie })).status).toBe(302)
    expect((await browser.post('/logout', undefined, { Cookie: cookie })).status).toBe(401)
  })
})

/** Pages as they will be: what is behind `needViewer`, on another port of the same host. */
const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise(resolve => server.close(resolve))
})

async function pageOf(world: World, company = 'main'): Promise<string> {
  const guard = new Guard({ ...world.app.ctx, company }, world.url)
  const router = new Router()
  router.use(guard.needViewer)
  router.get('/mine', http => {
    http.body = { name: viewerIn(http).person.name }
  })
  router.post('/dispatch/:team', http => {
    http.body = { may: mayDispatchIn(viewerIn(http), http.params.team ?? '') }
  })
  const koa = new Koa().use(problems(world.log)).use(router.routes())
  const server = createServer(koa.callback())
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const cookieOf = (browser: Browser) => ({ Cookie: `paigong=${browser.cookies.get('paigong')}` })

describe('a page behind a sign-in', () => {
  it('sends those to sign in who open it, tells scripts, and comes back to it', async () => {
    const { world } = story
    const page = new Browser(await pageOf(world))
    expect((await page.open('/mine?a=1&b=//x')).location).toBe('/login?next=%2Fmine%3Fa%3D1%26b%3D%2F%2Fx')
    expect((await page.get('/mine')).json()).toMatchObject({ status: 401 })
    expect((await page.open('/mine', { 'Sec-Fetch-Dest': 'empty' })).status).toBe(401)
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan')
    const mine = await page.get('/mine', cookieOf(browser))
    expect([mine.json(), mine.headers.get('cache-control')]).toEqual([{ name: '张三' }, 'no-store'])
  })

  it('changes nothing without the session’s own token, and nothing for another site: CSRF', async () => {
    const { world, db } = story
    const [mine, other] = [new Browser(world.url), new Browser(world.url)]
    await signIn(world, mine, 'zhaopaigong')
    await signIn(world, other, 'lisi')
    const csrfOf = async (browser: Browser) => (await browser.get('/session')).json<{ csrf: string }>().csrf
    const csrf = await csrfOf(mine)
    const team = await db.prisma.team.findFirstOrThrow()
    const page = new Browser(await pageOf(world))
    const own = { ...cookieOf(mine), Origin: world.url, 'Sec-Fetch-Site': 'same-origin', 'X-CSRF-Token': csrf }
    const post = (headers: Record<string, string>) => page.post(`/dispatch/${team.id}`, {}, { ...own, ...headers })
    expect((await post({})).json()).toEqual({ may: true })
    const tries: Array<[Record<string, string>, number]> = [
      [{ 'X-CSRF-Token': '' }, 403],
      [{ 'X-CSRF-Token': await csrfOf(other) }, 403],
      [{ 'X-CSRF-Token': mine.cookies.get('paigong') ?? '' }, 403],
      [{ Origin: 'https://evil.example' }, 403],
      [{ Origin: 'null' }, 403],
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
      [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ Origin: '', 'Sec-Fetch-Site': '' }, 403],
      [{ Cookie: '' }, 401],
      [{ Cookie: `paigong=${'B'.repeat(43)}` }, 401],
    ]
    for (const [headers, status] of tries) expect((await post(headers)).status, JSON.stringify(headers)).toBe(status)
    // His own token is good for him alone, and only for what he may.
    const lisi = { ...cookieOf(other), 'X-CSRF-Token': await csrfOf(other) }
    expect((await post(lisi)).json()).toEqual({ may: false })
  })

  it('does not let another site sign anybody out', async () => {
    const { world } = story
    const browser = new Browser(world.url)
    await signIn(world, browser, 'zhangsan')
    const { csrf } = (await browser.get('/session')).json<{ csrf: string }>()
    const form = new URLSearchParams({ csrf })
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    for (const path of ['/logout', '/logout/everywhere']) {
      expect((await browser.post(path, form, foreign)).status).toBe(403)
      expect((await browser.post(path, new URLSearchParams({ csrf: 'x' }))).status).toBe(403)
      expect((await browser.post(path)).status).toBe(403)
      expect((await browser.open(path)).status).toBe(404)
    }
    expect((await browser.get('/session')).status).toBe(200)
    expect((await browser.post('/logout', new URLSearchParams({ csrf: 'x'.repeat(5_000) }))).status).toBe(413)
  })
})

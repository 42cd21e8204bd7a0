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
import { refusedFor, rowsOf, signIn, startAt } from './help.ts'

const story = eachStory()

describe('the way back from the platform', () => {
  it('does nothing for a browser that was not sent out: login CSRF', async () => {
    const { world, db } = story
    // The attacker stops on his way back and has the victim go on with it.
    const { back } = await startAt(world, new Browser(world.url), 'zhangsan')
    const victim = new Browser(world.url)
    expect(await refusedFor(db, await victim.open(back.href))).toEqual([403, 'state'])
    // Also not for one that is on a way of its own.
    await startAt(world, victim, 'lisi')
    expect(await refusedFor(db, await victim.open(back.href))).toEqual([403, 'state'])
    expect(victim.cookies.has('paigong')).toBe(false)
    expect(await db.prisma.session.count()).toBe(0)
  })

  it('does not sign somebody out who is signed in', async () => {
    const { world } = story
    const { back } = await startAt(world, new Browser(world.url), 'zhangsan')
    const victim = new Browser(world.url)
    await signIn(world, victim, 'lisi')
    expect((await victim.open(back.href)).status).toBe(403)
    expect((await victim.get('/session')).json()).toMatchObject({ person: { name: '李四' } })
  })

  it('is gone once, even with the cookie and a fresh code', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    const { back } = await startAt(world, browser, 'zhangsan')
    const kept = browser.cookies.get('paigong_signin') ?? ''
    expect((await browser.open(back.href)).status).toBe(302)
    expect(browser.cookies.has('paigong_signin')).toBe(false)
    const thief = new Browser(world.url)
    const { code } = await startAt(world, new Browser(world.url), 'lisi')
    thief.cookies.set('paigong_signin', kept)
    back.searchParams.set('code', code)
    expect(await refusedFor(db, await thief.open(back.href))).toEqual([403, 'replayed'])
  })

  it('is gone once, by two requests at the same time', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    const { back } = await startAt(world, browser, 'zhangsan')
    const answers = await Promise.all([1, 2, 3, 4].map(() => browser.open(back.href)))
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 403, 403, 403])
    expect(await db.prisma.session.count()).toBe(1)
  })

  it('loaded twice by an app, ends where one wanted to go all the same', async () => {
    const { world } = story
    const browser = new Browser(world.url)
    const { back } = await startAt(world, browser, 'zhangsan', '/console')
    const [first, second] = await Promise.all([browser.open(back.href), browser.open(back.href)])
    const page = [first, second].find(({ status }) => status === 403)
    const again = /class="go" href="([^"]+)"/.exec(page?.text ?? '')?.[1] ?? ''
    expect(again).toBe('/login?next=%2Fconsole')
    expect((await browser.open(again)).location).toBe('/console')
  })

  it('takes ten minutes at most', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    const { back, state } = await startAt(world, browser, 'zhangsan')
    await world.forward('10m')
    const { code } = await startAt(world, new Browser(world.url), 'zhangsan')
    back.searchParams.set('code', code)
    expect(back.searchParams.get('state')).toBe(state)
    expect(await refusedFor(db, await browser.open(back.href))).toEqual([403, 'state'])
  })

  it('leads nowhere with another state, none, two, or without a code', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    const tries: Array<[(url: URL) => void, string]> = [
      [url => url.searchParams.set('state', 'f'.repeat(48)), 'state'],
      [url => url.searchParams.delete('state'), 'state'],
      [url => url.searchParams.append('state', url.searchParams.get('state') ?? ''), 'state'],
      [url => url.searchParams.delete('code'), 'cancelled'],
      [url => url.searchParams.append('code', 'x'), 'cancelled'],
      [url => url.searchParams.set('code', 'x'.repeat(513)), 'code'],
    ]
    for (const [spoil, reason] of tries) {
      const { back } = await startAt(world, browser, 'zhangsan')
      spoil(back)
      expect(await refusedFor(db, await browser.open(back.href)), `${back}`).toEqual([403, reason])
    }
    expect(browser.cookies.has('paigong')).toBe(false)
  })

  it.each([
    ...['//evil.example', 'https://evil.example/', '/\\evil.example', '/..//evil.example', '/%09/evil.example'],
    'javascript:alert(1)',
  ])('leads to no other host: next=%s', async next => {
    const { world } = story
    const browser = new Browser(world.url)
    const { back } = await startAt(world, browser, 'zhangsan', next)
    const { location, status } = await browser.open(back.href)
    expect([status, new URL(location ?? '', world.url).origin]).toEqual([302, world.url])
    expect(location).toMatch(/^\/(?![/\\])/)
  })

  it('is shut for a while to who tries and fails again and again', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    browser.headers = { 'X-Forwarded-For': '198.51.100.7' }
    for (let i = 0; i < 20; i++) expect((await browser.open('/login/wecom/back?code=x&state=y')).status).toBe(403)
    const shut = await browser.open('/login/wecom/back?code=x&state=y')
    expect([shut.status, shut.text.includes('试得太多了')]).toEqual([429, true])
    expect(await db.prisma.auditEntry.count()).toBe(20)
    expect(await db.prisma.auditEntry.findFirst()).toMatchObject({ ip: '198.51.100.0' })
    expect((await signIn(world, new Browser(world.url), 'zhangsan', '/session')).status).toBe(200)
    await world.forward('10m')
    expect((await browser.open('/login/wecom/back?code=x&state=y')).status).toBe(403)
  })
})

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

import { describe, expect, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { eachStory } from '../support/shop.ts'
import { refusedFor, signIn, startAt } from './help.ts'

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

import { describe, expect, it } from 'vitest'
import { homeOf, refusedFor, rowsOf, signIn, startAt } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { eachStory, onBoth } from '../support/shop.ts'

describe('signing in', () => {
  onBoth((story, on) => {
    const road = on === 'wecom' ? 'wecom' : 'dingtalk'

    it('by choosing oneself, and arriving where one wanted to', async () => {
      const { world, db } = story
      const browser = new Browser(world.url)
      const chosen = await browser.follow('/login?next=/session?x=1')
      expect(chosen.path).toMatch(/^\/sandbox\//)
      const arrived = await signIn(world, browser, 'zhangsan', '/session?x=1')
      expect(arrived.path).toBe('/session?x=1')
      const zhang = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
      expect(arrived.json()).toMatchObject({
        person: { id: zhang.id, name: '张三' },
        platform: road,
        teams: [{ team: '一班', roles: ['technician'] }],
        isCompanyManager: false,
        csrf: expect.stringMatching(/^[\w-]{43}$/),
      })
      const [cookie] = browser.written.filter(line => line.startsWith('paigong='))
      expect(cookie).toMatch(/^paigong=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/)
      const token = browser.cookies.get('paigong') ?? ''
      const [session] = await db.prisma.session.findMany()
      expect(session).toMatchObject({ personId: zhang.id, platform: road, userId: world.zhang.account })
      expect(session?.tokenHash).not.toContain(token)
      expect(await rowsOf(db)).toEqual([{ action: 'session.start', via: road, who: '张三' }])
      const [row] = await db.prisma.auditEntry.findMany()
      expect(row).toMatchObject({ ip: '127.0.0.0', data: { browser: expect.stringContaining('Chrome') } })
      expect(JSON.stringify([row, session])).not.toContain(token)
    })

    it('as a manager, who is told who he is, and signs out', async () => {
      const { world, db } = story
      const browser = new Browser(world.url)
      const page = await signIn(world, browser, 'wangjingli')
      expect([page.path, page.status]).toEqual(['/login', 200])
      expect(page.text).toContain('王经理，你已登录')
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'$/,
      )
      for (const [name, value] of [
        ['referrer-policy', 'same-origin'],
        ['x-content-type-options', 'nosniff'],
        ['cache-control', 'no-store'],
      ] as const)
        expect(page.headers.get(name)).toBe(value)
      expect((await browser.get('/session')).json()).toMatchObject({ isCompanyManager: true })
      const out = await browser.submit(page, '/logout')
      expect(out.text).toContain('已退出登录')
      expect(browser.cookies.has('paigong')).toBe(false)
      expect((await browser.get('/session')).status).toBe(401)
      expect(await db.prisma.session.count()).toBe(0)
      expect((await rowsOf(db)).map(({ action }) => action)).toEqual(['session.start', 'session.end'])
    })

    it('not as a stranger, who is told how to bind himself', async () => {
      const { world, db } = story
      await world.forget(world.li)
      const browser = new Browser(world.url)
      const page = await signIn(world, browser, 'lisi')
      expect(page.status).toBe(403)
      expect(page.text).toMatch(/还不知道你是谁.*绑定 手机号.*绑定码/s)
      expect(browser.cookies.has('paigong')).toBe(false)
      const [row] = await db.prisma.auditEntry.findMany()
      expect(row).toMatchObject({
        ...{ action: 'session.refused', via: road, personId: null },
        data: { reason: 'stranger', account: world.li.account },
      })
    })

    it('not as somebody who left; and who leaves is out at once, for good', async () => {
      const { world, db } = story
      const browser = new Browser(world.url)
      await signIn(world, browser, 'lisi')
      const li = await db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })
      await world.api('PATCH', `/people/${li.id}`, { active: false })
      expect((await browser.get('/session')).status).toBe(401)
      const page = await signIn(world, new Browser(world.url), 'lisi')
      expect([page.status, page.text.includes('你的账号停用了')]).toEqual([403, true])
      await world.api('PATCH', `/people/${li.id}`, { active: true })
      expect((await browser.get('/session')).status).toBe(401)
      expect(await rowsOf(db)).toEqual([
        { action: 'session.start', via: road, who: '李四' },
        { action: 'session.refused', via: road, who: '李四' },
      ])
    })

    it('never twice with one code', async () => {
      const { world, db } = story
      const [one, two] = [new Browser(world.url), new Browser(world.url)]
      const first = await startAt(world, one, 'zhangsan')
      const second = await startAt(world, two, 'zhangsan')
      expect((await one.open(first.back.href)).location).toBe('/login')
      second.back.searchParams.set(homeOf(road).code, first.code)
      const page = await two.open(second.back.href)
      expect(await refusedFor(db, page)).toEqual([403, 'code'])
      expect(two.cookies.has('paigong')).toBe(false)
    })

    it('says so when the platform is in trouble, and counts that for nobody', async () => {
      const { world, db } = story
      const browser = new Browser(world.url)
      const { back } = await startAt(world, browser, 'zhangsan')
      world.sandbox.fail({ api: homeOf(road).api, times: 1, status: 502 })
      const page = await browser.open(back.href)
      expect([page.status, page.text.includes('暂时没有回应')]).toEqual([503, true])
      expect(world.log.warnings).toContain('a platform did not say who signs in')
      expect(await db.prisma.auditEntry.count()).toBe(0)
    })

    it('not when no platform is asked for it', async () => {
      const { world } = story
      const browser = new Browser(world.url)
      const other = road === 'wecom' ? 'dingtalk' : 'wecom'
      for (const path of [`/login/${other}`, '/login/feishu', `/login/${other}/back?code=x&state=y`])
        expect((await browser.open(path)).status).toBe(404)
    })
  })
})

describe('inside DingTalk', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('a page signs in with the code it got from the app, once', async () => {
    const { world, db } = story
    const browser = new Browser(world.url)
    const code = world.sandbox.dingtalk.loginCode('zhaopaigong')
    const given = { code, next: '/console' }
    const foreign = await browser.post('/login/dingtalk/code', given, {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
    })
    expect([foreign.status, browser.cookies.size]).toEqual([403, 0])
    const answer = await browser.post('/login/dingtalk/code', given)
    expect([answer.status, answer.json()]).toEqual([200, { next: '/console' }])
    expect((await browser.get('/session')).json()).toMatchObject({ person: { name: '赵派工' }, platform: 'dingtalk' })
    const again = await new Browser(world.url).post('/login/dingtalk/code', given)
    expect([again.status, again.headers.get('content-type')]).toEqual([403, 'application/problem+json; charset=utf-8'])
    expect(again.json()).toMatchObject({ title: 'Not signed in', detail: expect.stringContaining('钉钉账号') })
    const elsewhere = await new Browser(world.url).post('/login/dingtalk/code', {
      ...{ code: world.sandbox.dingtalk.loginCode('zhaopaigong'), next: 'https://evil.example' },
    })
    expect(elsewhere.json()).toEqual({ next: '/login' })
    expect((await rowsOf(db)).map(({ action }) => action)).toEqual([
      ...['session.start', 'session.refused', 'session.start'],
    ])
    expect(await new Browser(world.url).post('/login/dingtalk/code', {})).toMatchObject({ status: 422 })
  })
})

describe('with both platforms', () => {
  const story = eachStory({ on: 'mixed' })

  it('one chooses; inside an app it is that one', async () => {
    const { world } = story
    const page = await new Browser(world.url).follow('/login?next=/console')
    expect([...page.text.matchAll(/href="([^"]+)">([^<]+)</g)].map(([, href, text]) => [href, text])).toEqual([
      [`${world.url}/login/wecom?next=%2Fconsole`, '用企业微信登录'],
      [`${world.url}/login/dingtalk?next=%2Fconsole`, '用钉钉登录'],
    ])
    const inside = new Browser(world.url, 'Mozilla/5.0 (iPhone) wxwork/4.1.0 MicroMessenger/7.0.1')
    expect((await inside.open('/login')).location).toBe(`${world.url}/login/wecom?next=%2Flogin`)
    const silent = await inside.follow('/login')
    expect(silent.path).toContain('/connect/oauth2/authorize?')
    expect((await new Browser(world.url).follow('/login/wecom')).path).toContain('/wwlogin/sso/login?')
    const ding = new Browser(world.url, 'Mozilla/5.0 (Linux) AliApp(DingTalk/7.5.0)')
    expect((await ding.open('/login')).location).toBe(`${world.url}/login/dingtalk?next=%2Flogin`)
    const { corpId: corp, clientId: client } = world.sandbox.dingtalk.credentials
    const query = new URLSearchParams({ corp, client, next: '/m/' })
    expect((await ding.open('/login/dingtalk?next=/m/')).location).toBe(`/login/inside/?${query}`)
    expect((await ding.follow('/login/dingtalk?next=/m/&by=page')).path).toContain('/login/oauth2/auth?')
  })

  it('a person is one, whichever way he came', async () => {
    const { world } = story
    const names = []
    for (const road of ['wecom', 'dingtalk'] as const) {
      const browser = new Browser(world.url)
      await signIn(world, browser, 'zhangsan', '/session', road)
      names.push((await browser.get('/session')).json<{ person: object; platform: string }>())
    }
    expect(names.map(({ platform }) => platform)).toEqual(['wecom', 'dingtalk'])
    expect(names[0]?.person).toEqual(names[1]?.person)
  })
})

describe('without sign-in', () => {
  const story = eachStory({
    configure: ({ wecom, ...rest }) => ({ ...rest, ...(wecom && { wecom: { ...wecom, login: false } }) }),
  })

  it.each(['/login', '/login/wecom', '/login/wecom/back', '/session'])('%s is not there', async path => {
    expect((await new Browser(story.world.url).get(path)).json()).toMatchObject({ status: 404, title: 'Not found' })
  })
})

import { describe, expect, it, vi } from 'vitest'
import { eachStory, givenOrder, takenOrder } from '../../support/shop.ts'
import { apiToken, type World } from '../../support/world.ts'

interface Ready {
  ok: boolean
  outbox: { waiting: number; dead: number }
  problems: Array<{ code: string; what: string; fix: string }>
}

/** What an operator sees; no secret may be in it, whatever is wrong. */
async function health(world: World): Promise<Ready & { codes: string[] }> {
  const text = await (await fetch(`${world.url}/health/ready`)).text()
  const { clientSecret, eventToken, eventAesKey } = world.sandbox.dingtalk.credentials
  for (const hidden of [clientSecret, eventToken, eventAesKey, apiToken, 'access_token=', 'session='])
    expect(text).not.toContain(hidden)
  const body = JSON.parse(text) as Ready
  return { ...body, codes: body.problems.map(({ code }) => code) }
}

const calls = (world: World, what: string) => world.sandbox.log().filter(entry => entry.what.includes(what))
const create = 'POST /v1.0/card/instances/createAndDeliver'

/** Opens an order for somebody without expecting that he hears of it. */
async function opened(world: World, assign: string): Promise<string> {
  const { body } = await world.api<{ code: string }>('POST', '/orders', {
    ...{ team: '一班', kind: 'repair', fault: '不制冷', assign },
    customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
  })
  return body.code
}

async function wait(world: World, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 30) await world.forward('30s')
}

describe('DingTalk in trouble', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('bans this machine’s address with a page: nothing is asked for five minutes, then everything is said once', async () => {
    const { world } = story
    world.sandbox.fail({
      ...{ api: create, times: 1, status: 200 },
      body: '<html>{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u"}</html>',
    })
    const code = await opened(world, '张三')
    expect((await health(world)).codes).toContain('banned')
    const asked = calls(world, '/v1.0/').length
    await wait(world, 240)
    expect(calls(world, '/v1.0/')).toHaveLength(asked)
    await wait(world, 120)
    world.zhang.sees(`派工单 ${code}`)
    for (const message of world.unseen()) world.take('zhaopaigong', /./, chat => chat === message.chat)
    expect(await health(world)).toMatchObject({ outbox: { waiting: 0, dead: 0 }, problems: [] })
  })

  it('does not know our address: shown with what to do, asked once a minute, done when it is allowed', async () => {
    const { world } = story
    const code = 'Forbidden.AccessDenied.IpNotInWhiteList'
    const back = world.sandbox.fail({ api: create, status: 403, code, message: 'ip not in white list' })
    const first = await opened(world, '张三')
    const second = await opened(world, '李四')
    expect(calls(world, 'createAndDeliver')).toHaveLength(1)
    const shown = (await health(world)).problems.find(problem => problem.code === 'ip-not-allowed')
    expect(shown?.fix).toContain('服务器出口IP')
    back()
    await wait(world, 120)
    world.zhang.sees(`派工单 ${first}`)
    world.li.sees(`派工单 ${second}`)
    for (const message of world.unseen()) world.take('zhaopaigong', /./, chat => chat === message.chat)
    expect((await health(world)).problems).toEqual([])
  })

  it('takes back its token early: a fresh one is fetched, and nobody notices', async () => {
    const { world } = story
    await givenOrder(world)
    const tokens = calls(world, '/v1.0/oauth2/accessToken').length
    world.sandbox.expireTokens()
    await givenOrder(world, { assign: '李四' })
    expect(calls(world, '/v1.0/oauth2/accessToken').length).toBe(tokens + 1)
    expect((await health(world)).problems).toEqual([])
  })

  it('says yes and does not deliver: noticed, and delivered without a second card', async () => {
    const { world } = story
    const made = { success: true, result: { deliverResults: [{ success: false, errorMsg: 'busy just now' }] } }
    world.sandbox.fail({ api: create, times: 1, status: 200, body: JSON.stringify(made) })
    const code = await opened(world, '张三')
    world.groupSees(`${code} 已派单给张三`)
    expect(world.zhang.cards()).toEqual([])
    await world.forward('10s')
    expect(calls(world, 'card/instances/deliver')).toHaveLength(1)
    await wait(world, 60)
    for (const message of world.unseen()) world.take('zhangsan', /./, chat => chat === message.chat)
  })

  it('does the work but loses the answer: the card stays the only one, and its buttons work', async () => {
    const { world } = story
    world.sandbox.fail({ api: create, times: 1, dropAfterCommit: true })
    const code = await opened(world, '张三')
    world.groupSees(`${code} 已派单给张三`)
    world.zhang.sees(`派工单 ${code}`)
    await wait(world, 60)
    expect(world.zhang.cards()).toHaveLength(1)
    expect((await health(world)).problems).toEqual([])
    await world.zhang.taps('接单')
    world.zhang.cardShows('待联系', '[已联系]')
    world.zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
  })

  it('stops the customer’s words in its filter: the card comes without them', async () => {
    const { world } = story
    world.sandbox.fail({ api: create, times: 1, code: 'param.contentUnsafe', message: 'content unsafe' })
    const code = await givenOrder(world)
    world.zhang.cardShows(`派工单 ${code}`, '被钉钉的内容检查拦下', '[接单]')
  })
})

/** They are opened a second apart. */
async function twoConnections(world: World): Promise<void> {
  await vi.waitFor(() => expect(world.sandbox.dingtalk.connections()).toBe(2), { timeout: 20_000, interval: 20 })
}

describe('connections that are dropped', () => {
  // What is pushed into a closing connection comes again soon instead of after a minute.
  const story = eachStory({ on: 'dingtalk', timing: { ackTimeoutMs: 1_000, robotResendMs: 200, retries: 30 } })

  it('come back, and what was said meanwhile is heard once', async () => {
    const { world } = story
    const code = await givenOrder(world)
    await twoConnections(world)
    world.sandbox.dingtalk.disconnect('frame')
    await world.zhang.says('接单')
    world.sandbox.dingtalk.disconnect('drop')
    await twoConnections(world)
    await world.settle()
    world.zhang.sees(`✅ ${code} 已接单`)
    world.zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
  })
})

describe('a company without interactive cards', () => {
  const story = eachStory({
    on: 'dingtalk',
    configure: configs => ({
      ...configs,
      ...(configs.dingtalk && { dingtalk: { ...configs.dingtalk, cardTemplate: 'none' } }),
    }),
  })

  it('gets links instead of buttons: opening one asks, confirming does it once', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await givenOrder(world)
    const [shown] = zhang.cards()
    expect(shown?.card.buttons.map(({ text }) => text)).toEqual(['接单', '拒单', '查看详情'])
    const link = shown?.card.buttons[0]?.url ?? ''
    const page = await fetch(link)
    const html = await page.text()
    expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(html).toContain('接单')
    expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('dispatched')

    const done = await confirm(link)
    expect(done).toContain('待联系')
    expect(done).toMatch(/<a class="primary" href="[^"]+">已联系<\/a>/)
    expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('accepted')
    await confirm(link)
    await world.settle()
    zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)

    const forged = await fetch(`${link.slice(0, -3)}abc`)
    expect([forged.status, (await forged.text()).includes('链接失效了')]).toEqual([403, true])
    for (const message of world.unseen()) world.take('zhangsan', /./, chat => chat === message.chat)
  })
})

describe('an app that may not send cards', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('sends links, says so, and tries cards again after a while', async () => {
    const { world } = story
    const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied'
    const back = world.sandbox.fail({ api: create, status: 403, code, message: 'no permission Card.Instance.Write' })
    const first = await opened(world, '张三')
    expect(world.zhang.cards()[0]?.card.buttons[0]?.url).toContain('/dingtalk/tap?t=')
    world.zhang.sees(`派工单 ${first}`)
    world.groupSees(`${first} 已派单给张三`)
    const { problems } = await health(world)
    expect(problems.find(problem => problem.code === 'no-cards')?.fix).toContain('Card.Instance.Write')
    back()
    await wait(world, 630)
    const second = await opened(world, '李四')
    world.li.sees(`派工单 ${second}`)
    world.li.cardShows('[接单]')
    expect(world.li.cards().at(-1)?.card.buttons[0]?.key).toBeDefined()
    for (const message of world.unseen()) world.take('zhaopaigong', /./, chat => chat === message.chat)
  })
})

async function confirm(link: string): Promise<string> {
  const token = new URL(link).searchParams.get('t') ?? ''
  const url = new URL(link)
  url.search = ''
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ t: token }) })
  return answer.text()
}

describe('a company with a card template of its own', () => {
  const story = eachStory({
    on: 'dingtalk',
    configure: (configs, _url, template) => ({
      ...configs,
      ...(configs.dingtalk && { dingtalk: { ...configs.dingtalk, cardTemplate: template } }),
    }),
  })

  it('has its cards drawn with it, and taps work', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await takenOrder(world)
    const body = zhang.cards()[0]?.message.body
    expect(body?.kind === 'dingcard' && body.card.look).toBe('own-template')
    await zhang.taps('已联系')
    zhang.cardShows('约在什么时候？', '[约明天上午]')
    await zhang.taps('约明天上午')
    zhang.cardShows('待上门', '[出发]')
    zhao.sees(`${code} 张三 已联系客户`)
    world.groupSees(`${code} 张三 已联系客户`)
  })
})

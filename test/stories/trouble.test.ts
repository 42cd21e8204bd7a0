import { describe, expect, it, vi } from 'vitest'
import { eachStory, givenOrder } from '../support/shop.ts'
import { apiToken, type World } from '../support/world.ts'

const story = eachStory()

interface Ready {
  ok: boolean
  outbox: { waiting: number; dead: number }
  problems: Array<{ code: string; what: string; fix: string }>
}

/** What an operator sees; no secret may be in it, whatever is wrong. */
async function health(world: World): Promise<Ready & { codes: string[] }> {
  const answer = await fetch(`${world.url}/health/ready`)
  const text = await answer.text()
  const { secret, token, aesKey, botSecret } = world.sandbox.credentials
  for (const hidden of [secret, token, aesKey, botSecret, apiToken, 'access_token=', 'corpsecret='])
    expect(text).not.toContain(hidden)
  const body = JSON.parse(text) as Ready
  expect(answer.status).toBe(200)
  return { ...body, codes: body.problems.map(({ code }) => code) }
}

/** Opens an order for somebody without expecting that he hears of it. */
async function opened(world: World, assign: string, settle = true): Promise<string> {
  const order = {
    ...{ team: '一班', kind: 'repair', fault: '不制冷', assign },
    customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
  }
  const answer = await fetch(`${world.url}/api/v1/orders`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(order),
  })
  if (settle) await world.settle()
  return ((await answer.json()) as { code: string }).code
}

const calls = (world: World, api: string) => world.sandbox.log().filter(({ what }) => what.endsWith(`/cgi-bin/${api}`))

async function wait(world: World, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 30) await world.forward('30s')
}

describe('WeCom in trouble', () => {
  it('cannot be reached: what is to be said waits, is shown, and is said once when it is back', async () => {
    const { world } = story
    world.sandbox.expireTokens()
    const down = ['gettoken', 'message/send'].map(api =>
      world.sandbox.fail({ api, errcode: -1, dropAfterCommit: true }),
    )
    const first = await opened(world, '张三')
    const second = await opened(world, '李四')
    world.groupSees(`${first} 已派单给张三`)
    world.groupSees(`${second} 已派单给李四`)
    await wait(world, 180)
    expect(world.zhang.cards()).toEqual([])
    const shown = await health(world)
    expect(shown).toMatchObject({ ok: true, outbox: { dead: 0 } })
    expect(shown.problems.find(({ code }) => code === 'unreachable')?.fix).toContain('WECOM_API_BASE')

    for (const back of down) back()
    await wait(world, 180)
    world.zhang.sees(`派工单 ${first}`)
    world.li.sees(`派工单 ${second}`)
    expect(await health(world)).toMatchObject({ outbox: { waiting: 0, dead: 0 }, problems: [] })
  })

  it('hangs with one message: everybody else hears at once', async () => {
    const { world } = story
    world.sandbox.fail({ api: 'message/send', times: 1, hangMs: 4_000 })
    const first = await opened(world, '张三', false)
    await vi.waitFor(() => world.groupSees(`${first} 已派单给张三`), { timeout: 3_500 })
    const second = await opened(world, '李四', false)
    await vi.waitFor(() => world.li.sees(`派工单 ${second}`), { timeout: 3_000 })
    expect(world.zhang.cards()).toEqual([])
    await world.settle()
    world.zhang.sees(`派工单 ${first}`)
    world.groupSees(`${second} 已派单给李四`)
  })

  it('says it is too much: the API is left alone, shown when it lasts, and nothing is said twice', async () => {
    const { world } = story
    const back = world.sandbox.fail({ api: 'message/send', errcode: 45009, errmsg: 'api freq out of limit' })
    const first = await opened(world, '张三')
    const second = await opened(world, '张三')
    // Another API is not concerned.
    world.groupSees(`${first} 已派单给张三`)
    world.groupSees(`${second} 已派单给张三`)
    expect(calls(world, 'message/send')).toHaveLength(1)
    await wait(world, 30)
    expect(calls(world, 'message/send')).toHaveLength(1)
    await wait(world, 300)
    expect(calls(world, 'message/send')).toHaveLength(2)
    const late = (await health(world)).problems.find(({ code }) => code === 'late-rows')
    expect(late?.what).toContain('rate-limited')

    back()
    // What answers a callback does not go through that API.
    await world.zhang.says(`接单 ${first}`)
    world.zhang.sees(`✅ ${first} 已接单`)
    world.groupSees(`${first} 张三 已接单`)
    await wait(world, 420)
    world.zhang.sees(`派工单 ${first}`)
    world.zhang.sees(`派工单 ${second}`)
    world.zhang.sees(`⏰ ${second} 王女士 不制冷 · 接单还剩`)
    world.zhao.sees(`${first} 张三 已接单`)
    expect(await health(world)).toMatchObject({ outbox: { dead: 0 }, problems: [] })
  })

  it('takes back its token early: a fresh one is fetched, and nobody notices', async () => {
    const { world } = story
    await givenOrder(world)
    world.sandbox.expireTokens()
    await givenOrder(world, { assign: '李四' })
    expect(calls(world, 'gettoken')).toHaveLength(2)
    expect(calls(world, 'message/send').map(({ errcode }) => errcode)).toEqual([0, 42001, 0])
    expect((await health(world)).problems).toEqual([])
  })

  it('does not know our address: asked once a minute, shown with what to do, and done when it is allowed', async () => {
    const { world } = story
    const errmsg =
      'not allow to access from your ip, hint: [x], from ip: 203.0.113.7, more info at https://example.invalid'
    const back = world.sandbox.fail({ api: 'message/send', errcode: 60020, errmsg })
    const first = await opened(world, '张三')
    const second = await opened(world, '李四')
    for (const [code, name] of [
      [first, '张三'],
      [second, '李四'],
    ])
      world.groupSees(`${code} 已派单给${name}`)
    expect(calls(world, 'message/send')).toHaveLength(1)
    const shown = (await health(world)).problems.find(({ code }) => code === 'ip-not-allowed')
    expect(shown?.what).toContain('203.0.113.7')
    expect(shown?.fix).toContain('企业可信IP')

    back()
    await wait(world, 240)
    world.zhang.sees(`派工单 ${first}`)
    world.li.sees(`派工单 ${second}`)
    expect((await health(world)).problems).toEqual([])
  })

  it('does not know one recipient: his message is parked and shown, the others’ go out', async () => {
    const { world } = story
    const made = await world.api('POST', '/people', {
      ...{ name: '钱七', team: '一班', roles: ['technician'], wecom: { userId: 'nobody-there' } },
    })
    expect(made.status).toBe(201)
    const first = await opened(world, '钱七')
    const second = await opened(world, '张三')
    world.groupSees(`${first} 已派单给钱七`)
    world.groupSees(`${second} 已派单给张三`)
    world.zhang.sees(`派工单 ${second}`)
    const before = calls(world, 'message/send').length
    await wait(world, 120)
    expect(calls(world, 'message/send')).toHaveLength(before)
    const parked = await health(world)
    expect(parked).toMatchObject({ outbox: { waiting: 0, dead: 1 }, codes: ['dead-rows'] })
    expect(parked.problems[0]?.fix).toContain('npm run resend')
    const dead = await world.api<{ items: Array<{ reason: string }> }>('GET', '/outbox?status=dead')
    expect(dead.body.items[0]?.reason).toMatch(/^no-such-user: .* — .*bind him again/)
  })

  it('refuses a recipient by mistake: sent again by the operator, the message arrives once', async () => {
    const { world } = story
    world.sandbox.fail({ api: 'message/send', times: 1, errcode: 81013, errmsg: 'user & party & tag all invalid' })
    const code = await opened(world, '张三')
    world.groupSees(`${code} 已派单给张三`)
    expect((await health(world)).codes).toEqual(['dead-rows'])
    expect((await world.api('POST', '/outbox/resend')).body).toEqual({ resent: 1 })
    world.zhang.sees(`派工单 ${code}`)
    expect((await health(world)).problems).toEqual([])
  })

  it('does the work but loses the answer: the card stays the only one, and its buttons work', async () => {
    const { world } = story
    world.sandbox.fail({ api: 'message/send', times: 1, dropAfterCommit: true })
    const code = await opened(world, '张三')
    world.groupSees(`${code} 已派单给张三`)
    world.zhang.sees(`派工单 ${code}`)
    // By now the card would say that less time is left, so the platform can't know it for the same.
    await world.forward('2m')
    expect((await health(world)).problems).toEqual([])
    await world.zhang.taps('接单')
    world.zhang.cardShows('待联系', '[已联系]')
    world.zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
  })
})

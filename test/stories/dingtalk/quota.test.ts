import { describe, expect, it } from 'vitest'
import { eachStory, givenOrder, takenOrder } from '../../support/shop.ts'
import { apiToken, type World } from '../../support/world.ts'

const limit = 5_000

interface Ready {
  quotas: Array<{ platform: string; kind: string; used: number; limit: number }>
  problems: Array<{ code: string; what: string; fix: string }>
}
const health = async (world: World) => (await (await fetch(`${world.url}/health/ready`)).json()) as Ready

/** Other apps of the company used up what is missing to this share; the service learns of it from its own meter. */
async function usedUpTo(world: World, share: number): Promise<void> {
  const calls = Math.round(limit * share)
  world.sandbox.dingtalk.setQuota({ calls })
  await world.db.prisma.counter.upsert({
    where: { company_name: { company: 'main', name: 'dingtalk:calls:2026-11' } },
    create: { company: 'main', name: 'dingtalk:calls:2026-11', value: calls },
    update: { value: calls },
  })
  await world.forward('31s')
}

describe('a month’s allowance', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('is counted and shown: in health, in metrics', async () => {
    const { world } = story
    await takenOrder(world)
    const { quotas, problems } = await health(world)
    const { calls, pushes } = world.sandbox.state().dingtalkQuota
    expect(quotas).toMatchObject([
      { platform: 'dingtalk', kind: 'calls', used: calls, limit },
      { platform: 'dingtalk', kind: 'pushes', used: pushes, limit: 3_000 },
    ])
    expect(calls).toBeGreaterThan(2)
    expect(problems).toEqual([])
    const metrics = await (await fetch(`${world.url}/metrics`)).text()
    expect(metrics).toContain(`paigong_platform_quota_used{platform="dingtalk",kind="calls"} ${calls}`)
  })

  it('at 70 % is told to the manager once, and reminders merge', async () => {
    const { world } = story
    const { zhang, zhao, wang } = world
    await usedUpTo(world, 0.7)
    wang.sees(/📊 钉钉 2026 年 11 月的接口调用已用 35\d\d\/5000 次（70%）。\n.*提醒会合并成每半小时最多一条/)
    expect((await health(world)).problems.map(({ code }) => code)).toContain('calls-run-short')
    await world.forward('1h')
    const first = await takenOrder(world)
    await world.forward('20m')
    await world.forward('2m')
    zhang.sees(`⏰ ${first}`)
    const second = await takenOrder(world, { name: '李先生' })
    await world.forward('8m')
    await world.forward('15m')
    expect(world.unseen().filter(({ chat }) => chat === zhang.chat)).toEqual([])
    await world.forward('10m')
    // Without saving, each of these steps would have been a message.
    const merged = zhang.sees(/超时/)
    expect(JSON.stringify(merged)).toContain(first)
    zhao.sees(/超时/)
    await world.forward('30m')
    zhang.sees(new RegExp(second))
    zhao.sees(new RegExp(second))
    for (const message of world.unseen()) world.take('wangjingli', /./, chat => chat === message.chat)
  })

  it('at 85 % progress is not told any more, and a tapped card is redrawn in the answer alone', async () => {
    const { world, db } = story
    const { zhang, wang } = world
    await usedUpTo(world, 0.85)
    wang.sees(/85%）。\n.*进度不再逐条通知/)
    // The group’s conversation is over: what is said there costs a call again.
    await world.forward('2h')
    const code = await givenOrder(world)
    const before = world.sandbox.state().dingtalkQuota.calls
    await zhang.taps('接单')
    zhang.cardShows('待联系')
    await world.forward('10s')
    expect(world.sandbox.state().dingtalkQuota.calls - before).toBeLessThanOrEqual(1)
    const spared = await db.prisma.outbox.findMany({ where: { reason: { startsWith: 'spared' } } })
    expect(spared.map(({ kind }) => kind).sort()).toEqual(['order.group', 'order.repaint', 'order.tell'])
    expect(spared[0]?.reason).toMatch(/^spared: 85 % of 5000 calls of 2026-11 are used$/)
    expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('accepted')
    for (const message of world.unseen()) world.take('wangjingli', /./, chat => chat === message.chat)
  })

  it('used up: a technician who spoke lately gets words he can answer, another is called by phone, and nothing is lost', async () => {
    const { world } = story
    const { zhang, li, zhao, wang } = world
    await zhang.says('我的单')
    zhang.sees('你现在没有进行中的单')
    await zhao.says('今日')
    zhao.sees('今天完工 0 单')
    world.sandbox.dingtalk.setQuota({ calls: limit })

    // 张三 spoke within 90 minutes: his card comes as words, and 接单 typed does the same as a tap.
    const first = await opened(world, '张三')
    zhang.sees(new RegExp(`派工单 ${first}[\\s\\S]*回复 接单 ${first}[\\s\\S]*本月钉钉调用额度已用完`))
    world.groupSees(`${first} 已派单给张三`)
    await zhang.says(`接单 ${first}`)
    zhang.sees(`✅ ${first} 已接单`)
    expect((await world.api('GET', `/orders/${first}`)).body.state).toBe('accepted')
    zhao.sees(`${first} 张三 已接单`)

    // 李四 did not: the dispatcher is told at once that the card waits.
    const second = await opened(world, '李四')
    zhao.sees(`⚠️ ${second} 的派工卡片现在发不到李四`)
    world.groupSees(`${second} 已派单给李四`)
    expect(li.cards()).toEqual([])
    wang.cards()
    const { problems } = await health(world)
    expect(problems.map(({ code }) => code)).toContain('calls-used-up')
    expect(problems.find(({ code }) => code === 'calls-used-up')?.fix).toContain('增购包')
    // He can take it all the same: by word.
    await li.says(`接单 ${second}`)
    li.sees(`✅ ${second} 已接单`)
    zhao.sees(`${second} 李四 已接单`)
    world.groupSees(`${second} 李四 已接单`)

    // Somebody buys more: what waited goes out by itself.
    world.sandbox.dingtalk.setQuota({ callLimit: 200_000 })
    await world.forward('2h')
    expect(li.cards().map(({ card }) => card.title)).toEqual([`派工单 ${second} · 维修`])
    wang.sees(/📊.*100%/)
    for (const message of world.unseen()) world.take(ownerOf(world, message.chat), /./, chat => chat === message.chat)
    const dead = await world.api<{ items: unknown[] }>('GET', '/outbox?status=dead')
    expect(dead.body.items).toEqual([])
  })

  it('of messages used up: what is said arrives without words, is counted and shown, and buttons go on working', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await givenOrder(world)
    world.sandbox.dingtalk.setQuota({ pushes: 3_000 })
    await zhang.says('接单')
    expect((await world.api('GET', `/orders/${code}`)).body.state).toBe('dispatched')
    const { problems } = await health(world)
    expect(problems.map(({ code: one }) => one)).toContain('pushes-used-up')
    await zhang.taps('接单')
    zhang.cardShows('待联系')
    zhao.sees('已接单')
    world.groupSees('已接单')
    await world.forward('31s')
    world.wang.sees(/机器人消息已用 300\d\/3000[\s\S]*请改用卡片按钮/)
  })
})

describe('a team on both platforms', () => {
  const story = eachStory({ on: 'mixed' })

  it('goes on without DingTalk’s allowance: who has WeCom, too, is reached there', async () => {
    const { world } = story
    const { zhang } = world
    await world.api('POST', '/people', {
      ...{ name: '张三', team: '一班', roles: ['technician'], wecom: { userId: 'zhangsan' } },
    })
    world.sandbox.dingtalk.setQuota({ calls: limit })
    const code = await opened(world, '张三')
    const cards = world
      .messagesFor('zhangsan')
      .filter(({ body, chat }) => body.kind === 'card' && chat === 'app:zhangsan')
    expect(JSON.stringify(cards)).toContain(code)
    expect(zhang.on).toBe('dingtalk')
    for (const message of world.unseen()) world.take(ownerOf(world, message.chat), /./, chat => chat === message.chat)
  })
})

const ownerOf = (world: World, chat: string): string =>
  world.sandbox.state().chats.find(({ id }) => id === chat)?.members[0] ?? ''

async function opened(world: World, assign: string): Promise<string> {
  const answer = await fetch(`${world.url}/api/v1/orders`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      ...{ team: '一班', kind: 'repair', fault: '不制冷', assign },
      customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
    }),
  })
  await world.settle()
  return ((await answer.json()) as { code: string }).code
}

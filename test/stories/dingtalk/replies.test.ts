import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { eachStory, givenOrder, takenOrder } from '../../support/shop.ts'
import type { World } from '../../support/world.ts'

const calls = (world: World, what: string) => world.sandbox.log().filter(entry => entry.what.includes(what))

describe('what people say to the robot', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('is answered in the conversation itself, calling who asked by name in a group, and without an API call', async () => {
    const { world } = story
    const { zhang } = world
    const code = await takenOrder(world)
    const before = world.sandbox.state().dingtalkQuota.calls
    await zhang.says('我的单')
    zhang.sees(`你有 1 张单`)
    await zhang.saysInGroup(`单 ${code}`)
    const answer = world.groupSees(`${code} 王女士`)
    expect(answer.body).toMatchObject({ kind: 'text', mentions: [zhang.userId] })
    expect(world.sandbox.state().dingtalkQuota.calls).toBe(before)
    expect(calls(world, 'sendBySession')).not.toHaveLength(0)
  })

  it('is answered by the API when the conversation’s address fails, once', async () => {
    const { world } = story
    const { zhang } = world
    world.sandbox.fail({ api: '/robot/sendBySession', times: 2, errcode: 300001, errmsg: 'session 不存在' })
    await zhang.says('我的单')
    await world.forward('6s')
    zhang.sees('你现在没有进行中的单')
    expect(calls(world, 'oToMessages/batchSend')).toHaveLength(1)
  })

  it('may quote the card instead of a number: alone and in the group', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const first = await givenOrder(world)
    const second = await givenOrder(world, { name: '李先生' })
    const card = zhang.cards().find(one => one.card.title.includes(first))?.message
    await zhang.says('收到', card)
    zhang.sees(`✅ ${first} 已接单`)
    zhao.sees(`${first} 张三 已接单`)
    world.groupSees(`${first} 张三 已接单`)
    expect((await world.api('GET', `/orders/${second}`)).body.state).toBe('dispatched')
    const posted = world.messagesFor(zhang.userId).find(message => JSON.stringify(message).includes(`${second} 已派单`))
    await zhang.saysInGroup('接单', posted)
    world.groupSees(`✅ ${second} 已接单`)
    zhao.sees(`${second} 张三 已接单`)
  })

  it('may be spoken: what the platform understood counts as typed', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const code = await takenOrder(world)
    await zhang.speaks('到了')
    zhang.sees(`✅ ${code} 已到达`)
    zhao.sees('已到达')
    await zhang.speaks('')
    zhang.sees(/📷 已记到|没看懂|没有记录/)
  })

  it('may bring pictures and words in one message, alone and in the group', async () => {
    const { world, db } = story
    const { zhang, zhao } = world
    const code = await takenOrder(world)
    await zhang.says('到了')
    zhang.sees('✅')
    zhao.sees('已到达')
    await zhang.sendsPhoto()
    zhang.sees(`📷 已记到 ${code}（王女士），共 1 张。`)
    await zhang.sendsPhotoInGroup('完工 换电容1个 收费80')
    world.groupSees(`✅ ${code} 已完工 09:00：换电容1个，收费 ¥80`)
    zhao.sees('张三 已完工')
    expect(await db.prisma.media.findMany({ select: { state: true, mime: true } })).toEqual([
      { state: 'stored', mime: 'image/png' },
      { state: 'stored', mime: 'image/png' },
    ])
  })

  it('calls the technician by name when an order is dispatched in a group that spoke lately', async () => {
    const { world } = story
    const code = await givenOrder(world)
    const posted = world.messagesFor('zhaopaigong').find(message => JSON.stringify(message).includes(`${code} 已派单`))
    expect(posted?.body).toMatchObject({ mentions: ['zhangsan'] })
    expect(calls(world, 'groupMessages/send')).toEqual([])
  })
})

describe('somebody of another company', () => {
  const story = eachStory({ on: 'dingtalk-http' })

  it('is told that he is not known, and nothing of what he said is kept', async () => {
    const { world, db } = story
    const kept = await db.prisma.inbox.count()
    const session = `${world.url}/sandbox/dingtalk/oapi/robot/sendBySession?session=of-a-stranger`
    const message = {
      ...{ msgId: 'msg-of-a-stranger', msgtype: 'text', text: { content: ' 接单 1001' }, conversationType: '2' },
      ...{
        conversationId: 'cidSANDBOXGROUP01==',
        senderId: '$:LWCP_v1:$x',
        senderNick: '路人',
        sessionWebhook: session,
      },
      sessionWebhookExpiredTime: world.clock.now().getTime() + 5_400_000,
    }
    expect(await post(world, message)).toEqual({ status: 200, body: '{"msgtype":"empty"}' })
    await world.settle()
    expect(await db.prisma.inbox.count()).toBe(kept)
    expect(calls(world, 'sendBySession').at(-1)?.opened).toContain('我只认识本企业的成员')
  })

  it('whose address is not DingTalk’s gets nothing from us', async () => {
    const { world } = story
    const asked: string[] = []
    const elsewhere = createServer((req, res) => {
      asked.push(req.url ?? '')
      res.end()
    })
    await new Promise<void>(resolve => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const message = {
      ...{ msgId: 'msg-with-a-trap', msgtype: 'text', text: { content: '帮助' }, conversationType: '1' },
      ...{ conversationId: 'cid-of-a-trap', senderStaffId: 'Dd7002zhang', senderId: '$:LWCP_v1:$y' },
      ...{ sessionWebhook: `http://127.0.0.1:${port}/steal`, sessionWebhookExpiredTime: Date.parse('2027-01-01') },
    }
    expect((await post(world, message)).status).toBe(200)
    await world.settle()
    await world.forward('6s')
    world.zhang.sees('可以直接这样说')
    expect(asked).toEqual([])
    await new Promise(resolve => elsewhere.close(resolve))
  })
})

/** A robot message as DingTalk posts it, signed with the app's secret (dingtalk.md §2.7). */
async function post(world: World, message: object): Promise<{ status: number; body: string }> {
  const { clientSecret } = world.sandbox.dingtalk.credentials
  const timestamp = String(world.clock.now().getTime())
  const sign = createHmac('sha256', clientSecret).update(`${timestamp}\n${clientSecret}`).digest('base64')
  const answer = await fetch(`${world.url}/dingtalk/robot`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', timestamp, sign },
    body: JSON.stringify(message),
  })
  return { status: answer.status, body: await answer.text() }
}

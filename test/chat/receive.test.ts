import { describe, expect, it } from 'vitest'
import type { Inbound } from '../../src/chat/inbound.ts'
import { createReceive } from '../../src/chat/receive.ts'
import { waitingInbound } from '../../src/chat/store.ts'
import { eachStory, givenOrder } from '../support/shop.ts'

const story = eachStory()

function road() {
  return createReceive(story.world.app.ctx, { botNames: ['派工助手'], findByMobile: async () => null })
}

function spoken(text: string, key: string): Inbound {
  const { world } = story
  return {
    ...{
      platform: 'wecom',
      key,
      corpId: world.sandbox.credentials.corpId,
      sender: { userId: 'ZhangSan' },
      at: world.clock.now(),
    },
    chat: { kind: 'single', id: 'zhangsan', via: 'app' },
    said: { kind: 'text', text },
  }
}

describe('the road in', () => {
  it('does an event once however often it comes, also at the same time, and answers alike', async () => {
    const { world } = story
    const code = await givenOrder(world)
    const { receive } = road()
    const receipts = Array.from({ length: 5 }, () => receive(spoken(`接单 ${code}`, 'message-1')))
    const answers = await Promise.all(receipts.map(receipt => receipt.handled))
    const later = await receive(spoken(`接单 ${code}`, 'message-1')).handled
    const texts = [...answers, later].map(answer => (answer?.message.kind === 'text' ? answer.message.text : ''))
    expect(new Set(texts).size).toBe(1)
    expect(texts[0]).toContain(`✅ ${code} 已接单`)
    await later?.answered()
    await world.settle()
    world.zhao.sees('张三 已接单')
    world.groupSees('张三 已接单')
    const { body } = await world.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
    expect(body.timeline.filter(fact => fact.fact === 'accepted')).toHaveLength(1)
  })

  it('says the answer by the outbox when the door could not', async () => {
    const { world } = story
    const code = await givenOrder(world)
    await road().receive(spoken(`接单 ${code}`, 'message-2')).handled
    await world.settle()
    world.zhao.sees('张三 已接单')
    world.groupSees('张三 已接单')
    await world.forward('5s')
    world.zhang.sees(`✅ ${code} 已接单`)
  })

  it('keeps an event whose handling failed, and finishes it later', async () => {
    const { world, db } = story
    const code = await givenOrder(world)
    world.log.expect(/handling an event failed/)
    const { ctx } = world.app
    const broken = createReceive(
      {
        ...ctx,
        policy: () => {
          throw new Error('the pack is gone')
        },
      },
      { botNames: [], findByMobile: async () => null },
    )
    const receipt = broken.receive(spoken(`接单 ${code}`, 'message-3'))
    await receipt.stored
    await expect(receipt.handled).rejects.toThrow('the pack is gone')
    expect(await db.prisma.inbox.findFirst({ where: { key: 'message-3' } })).toMatchObject({
      status: 'new',
      attempts: 1,
    })
    expect(await waitingInbound(db.prisma, 'main', world.clock.now(), 10)).toEqual([])
    await world.forward('10s')
    world.zhang.sees(`✅ ${code} 已接单`)
    world.zhao.sees('张三 已接单')
    world.groupSees('张三 已接单')
    expect(await db.prisma.inbox.findFirst({ where: { key: 'message-3' } })).toMatchObject({ status: 'done' })
  })
})

import { describe, expect, it } from 'vitest'
import type { Inbound } from '../../src/chat/inbound.ts'
import { createReceive } from '../../src/chat/receive.ts'
import { keepInbound } from '../../src/chat/store.ts'
import { eachStory, givenOrder, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const story = eachStory()
const ears = { botNames: ['派工助手'], findByMobile: async () => null }
const road = ({ app }: World) => createReceive(app.ctx, ears)

const spoken = ({ sandbox, clock }: World, text: string, key: string, userId = 'zhangsan'): Inbound => ({
  ...{ platform: 'wecom', key, corpId: sandbox.credentials.corpId, sender: { userId }, at: clock.now() },
  chat: { kind: 'single', id: userId, via: 'app' },
  said: { kind: 'text', text },
})

/** Kept and acknowledged, and then whoever did it died. */
async function keptOnly(world: World, inbound: Inbound): Promise<void> {
  await keepInbound(story.db.prisma, 'main', inbound, world.clock.now())
  world.clock.forward(10)
}

async function facts(world: World, code: string): Promise<string[]> {
  const { body } = await world.api<{ timeline: Array<{ fact: string; words?: string }> }>('GET', `/orders/${code}`)
  return body.timeline.flatMap(({ fact, words }) => (words ? [`${fact}: ${words}`] : []))
}

const statusOf = async (key: string) =>
  (await story.db.prisma.inbox.findFirst({ where: { key }, select: { status: true, attempts: true } })) ?? {}

describe('what one person says', () => {
  it('is done in the order it came in, also what was kept by somebody who died', async () => {
    const { world } = story
    const code = await takenOrder(world)
    await keptOnly(world, spoken(world, `已联系 ${code} 明天上午10点`, 'said-1'))
    await keptOnly(world, spoken(world, `到达 ${code}`, 'said-2'))
    await road(world).receive(spoken(world, `完工 ${code} 换电容1个 收费80`, 'said-3')).handled
    expect(await facts(world, code)).toEqual(
      expect.arrayContaining([
        `contacted: 已联系 ${code} 明天上午10点`,
        `arrived: 到达 ${code}`,
        `completed: 完工 ${code} 换电容1个 收费80`,
      ]),
    )
    await world.forward('10s')
    world.ignore()
  })

  it('waits for nobody else', async () => {
    const { world } = story
    const code = await givenOrder(world)
    await keptOnly(world, spoken(world, '我的单', 'said-1', 'lisi'))
    await road(world).receive(spoken(world, `接单 ${code}`, 'said-2')).handled
    expect(await statusOf('said-1')).toMatchObject({ status: 'new' })
    expect(await statusOf('said-2')).toMatchObject({ status: 'done' })
    await world.forward('31s')
    world.ignore()
  })

  it('waits for what failed before it and is tried again, and goes on when that fails again and again', async () => {
    const { world } = story
    const code = await takenOrder(world)
    world.log.expect(/handling an event failed/)
    const { ctx } = world.app
    let broken = true
    const failing = {
      ...ctx,
      policy: (...args: Parameters<typeof ctx.policy>) => {
        if (broken) throw new Error('the pack is gone')
        return ctx.policy(...args)
      },
    }
    const { receive, again } = createReceive(failing, ears)
    const first = spoken(world, `到达 ${code}`, 'said-1')
    await expect(receive(first).handled).rejects.toThrow('the pack is gone')
    world.clock.forward(10)
    broken = false
    const second = spoken(world, `完工 ${code} 换电容1个 收费80`, 'said-2')
    expect(await receive(second).handled).toBeNull()
    expect(await statusOf('said-2')).toEqual({ status: 'new', attempts: 0 })
    broken = true
    for (let failed = 2; failed <= 3; failed++) {
      // Before its time has come: then the shop's own engine, which nothing keeps from it, would take it up too.
      await again(first)
      expect(await statusOf('said-1')).toEqual({ status: 'new', attempts: failed })
    }
    broken = false
    await again(second)
    expect(await statusOf('said-1')).toMatchObject({ status: 'new' })
    expect(await statusOf('said-2')).toEqual({ status: 'done', attempts: 0 })
    await world.forward('30s')
    world.ignore()
  })

  it('is tried again in its order', async () => {
    const { world } = story
    const code = await takenOrder(world)
    world.log.expect(/handling an event failed/)
    const { ctx } = world.app
    const failing = {
      ...ctx,
      policy: () => {
        throw new Error('the pack is gone')
      },
    }
    await expect(
      createReceive(failing, ears).receive(spoken(world, `到达 ${code}`, 'said-1')).handled,
    ).rejects.toThrow()
    world.clock.forward(10)
    await road(world).receive(spoken(world, `完工 ${code} 换电容1个 收费80`, 'said-2')).handled
    await world.forward('10s')
    expect(await facts(world, code)).toEqual(
      expect.arrayContaining([`arrived: 到达 ${code}`, `completed: 完工 ${code} 换电容1个 收费80`]),
    )
    world.zhang.sees(`✅ ${code} 已到达`)
    world.ignore()
  })
})

import { describe, expect, it } from 'vitest'
import { eachStory, everywhere, givenOrder, takenOrder } from '../../support/shop.ts'

describe('a team spread over both platforms', () => {
  const story = eachStory({ on: 'mixed' })

  it('has both its groups told, each technician on his own platform, and one truth', async () => {
    const { world } = story
    const { zhang, li, zhao } = world
    const code = await givenOrder(world, { assign: '' })
    await zhao.says(`抢单 ${code}`)
    zhao.sees(`✅ ${code} 放出来抢单`)
    const groups = world.sandbox.state().messages.filter(({ chat, body }) => world.isGroup(chat) && 'text' in body)
    const posted = groups.filter(message => JSON.stringify(message).includes(`${code} 放出来抢单`))
    expect(posted.map(({ chat }) => chat).sort()).toEqual(['cidSANDBOXGROUP01==', 'wrSANDBOXGROUP01'])
    world.groupSees(`${code} 放出来抢单`)
    zhang.sees(`派工单 ${code}`)
    li.sees(`派工单 ${code}`)
    await zhang.taps('抢单')
    zhang.cardShows('待联系')
    zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
    // WeCom's card can be redrawn with a fresh code only: it explains itself when it is tapped.
    await li.saysInGroup(`我抢 ${code}`)
    world.groupSees(/张三 今天 09:00 已接单/)
  })

  it('moves with a person: he changes the app, his next card comes there, his old one still works', async () => {
    const { world } = story
    const { zhang, zhao } = world
    const first = await takenOrder(world)
    const old = zhang.cardWith('已联系')
    await world.sandbox.switch({ as: zhang.userId, platform: 'wecom' })
    zhang.on = 'wecom'
    const second = await givenOrder(world, { name: '李先生' })
    expect(zhang.cards().map(({ message }) => message.chat)).toEqual(['ding:zhangsan', 'app:zhangsan'])
    await zhang.says(`接单 ${second}`)
    zhang.sees(`✅ ${second} 已接单`)
    zhao.sees('已接单')
    world.groupSees('已接单')
    const key = old.card.buttons.find(({ text }) => text === '到达')?.key ?? ''
    expect(await zhang.tapsKey(old.message, key)).toBe('answered')
    await world.settle()
    expect((await world.api('GET', `/orders/${first}`)).body.state).toBe('arrived')
    zhao.sees(`${first} 张三 已到达`)
  })
})

everywhere(story => {
  describe('one tap delivered twice under two names', () => {
    it('is not called out of date', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await givenOrder(world)
      const { message, card } = zhang.cardWith('接单')
      const key = card.buttons.find(({ text }) => text === '接单')?.key ?? ''
      await Promise.all([zhang.tapsKey(message, key), zhang.tapsKey(message, key)])
      await world.settle()
      zhang.cardShows('待联系')
      expect(zhang.cards()[0]?.card.text).not.toContain('没有生效')
      zhao.sees(`${code} 张三 已接单`)
      world.groupSees(`${code} 张三 已接单`)
    })
  })
})

everywhere(story => {
  describe('a card asked for again', () => {
    it('is the only live one of its order: the one before is taken back, or says that it was replaced', async () => {
      const { world } = story
      const { zhang } = world
      const code = await takenOrder(world)
      await zhang.says(`单 ${code}`)
      zhang.sees(`派工单 ${code}`)
      const [before, ...others] = zhang.cards().map(({ card }) => card)
      if (zhang.can.recall) expect(others).toEqual([])
      else {
        expect(before?.text).toContain('这张已换新，请看最新的一张')
        expect([before?.buttons, others.length]).toEqual([[], 1])
      }
      zhang.cardShows('待联系', '[已联系]')
    })
  })
})

describe('DingTalk as the door to pages', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('says who looks at a page: by the code of a page inside the app, once', async () => {
    const { world } = story
    const login = world.platform('dingtalk').login
    const code = world.sandbox.dingtalk.loginCode('zhangsan')
    expect(await login?.byCode?.(code)).toEqual({ userId: 'Dd7002zhang', name: '张三' })
    expect(await login?.byCode?.(code)).toBeNull()
    expect(await login?.byCode?.('made-up')).toBeNull()
  })
})

describe('events of the company over the stream', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('are kept once', async () => {
    const { world, db } = story
    expect(await world.sandbox.dingtalk.event('user_leave_org', { userId: ['Dd7003li'] })).toBe('empty')
    await world.settle()
    expect(await db.prisma.inbox.findMany({ where: { key: { startsWith: 'event:' } } })).toMatchObject([
      { status: 'done', event: { said: { kind: 'event', event: 'left', name: 'user_leave_org' } } },
    ])
  })
})

describe('events of the company over HTTP', () => {
  const story = eachStory({ on: 'dingtalk-http' })

  it('are kept once, sealed both ways, and the address can be saved in the console', async () => {
    const { world, db } = story
    expect(await world.sandbox.dingtalk.verifyEvents()).toBe(true)
    expect(await world.sandbox.dingtalk.event('user_leave_org', { userId: ['Dd7003li'] })).toBe('empty')
    await world.settle()
    expect(await db.prisma.inbox.count({ where: { key: { startsWith: 'event:' } } })).toBe(1)
  })
})

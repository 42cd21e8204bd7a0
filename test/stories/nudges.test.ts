import { describe, expect, it } from 'vitest'
import { givenOrder, onBoth, type Story, takenOrder } from '../support/shop.ts'

/** Due at 15:00 since the customer agreed to that; four fifths of the time from 09:00 are over at 13:48. */
async function agreedOrder({ world }: Story): Promise<string> {
  const code = await takenOrder(world)
  await world.zhang.says(`已联系 ${code} 今天下午3点`)
  world.zhang.sees(`✅ ${code} 已联系客户`)
  world.zhao.sees(`${code} 张三 已联系客户`)
  world.groupSees(`${code} 张三 已联系客户`)
  return code
}

async function factsOf({ world }: Story, code: string): Promise<Array<Record<string, unknown>>> {
  return (await world.api<{ timeline: Array<Record<string, unknown>> }>('GET', `/orders/${code}`)).body.timeline
}

onBoth(story => {
  describe('the question how it gets on', () => {
    it('comes as the card with answers to tap, is answered with a time in words, and the card is itself again', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await agreedOrder(story)
      await world.until('2026-11-24T13:47:59+08:00')
      await world.until('2026-11-24T13:48:00+08:00')
      zhang.sees(`派工单 ${code}`)
      zhang.cardShows(
        '⏰ 完成时限 今天 15:00（还剩 1 小时 12 分），能按时吗？点一个回一下，14:08 还没回会告诉派工员。',
        '[能按时]',
        '[要晚一点]',
        '[等配件]',
        '[求助]',
        '[到达]',
      )
      // One card, not two: the one from before is taken back, or drawn as replaced.
      expect(zhang.cards().filter(({ card }) => card.buttons.some(({ key }) => key !== undefined))).toHaveLength(1)
      await zhang.taps('要晚一点')
      zhang.cardShows('要晚到什么时候？', '[半小时后]', '[返回]')
      await zhang.taps('返回')
      zhang.cardShows('能按时吗？', '[能按时]')
      await world.forward('1s')
      await zhang.taps('要晚一点')
      await zhang.says('18点')
      zhang.sees(`✅ ${code} 进度：要晚，预计 今天 18:00 · 完成时限 今天 15:00（还剩 1 小时 12 分）`)
      zhao.sees(`🔔 ${code} 张三 进度：要晚，预计 今天 18:00`)
      zhang.cardShows('进度：要晚，预计 今天 18:00', '[出发]', '[挂起]')
      expect((await factsOf(story, code)).at(-1)).toMatchObject({ fact: 'progress', answer: 'later', words: '18点' })
      // It moved no clock, and nobody is told that he did not answer.
      await world.until('2026-11-24T14:30:00+08:00')
      await world.forward('2m')
      zhang.sees(
        new RegExp(
          `⏰ ${code} 王女士 不制冷 · 完成还剩 28 分（今天 15:00 前）\n下一步：到了回复「到达 ${code}」。\n43 分钟后没有动静会告诉派工员。`,
        ),
      )
    })

    it('is answered with one tap, and by anything else he says of the order', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const first = await agreedOrder(story)
      const second = await agreedOrder(story)
      await world.until('2026-11-24T13:48:00+08:00')
      for (const code of [first, second]) zhang.sees(`派工单 ${code}`)
      await zhang.taps('能按时')
      zhao.sees(`🔔 ${second} 张三 进度：能按时`)
      zhang.cardShows(`派工单 ${second}`, '进度：能按时', '[出发]')
      // Said once more at once: nobody is told twice.
      await zhang.says(`能按时 ${second}`)
      zhang.sees(`✅ ${second} 已记录。`)
      // Nobody does two things in the same millisecond, and the last one is what 撤回 takes back.
      await world.forward('1s')
      await zhang.says(`到达 ${first}`)
      zhang.sees(`✅ ${first} 已到达`)
      zhao.sees(`${first} 张三 已到达`)
      zhang.cardShows(`派工单 ${first}`, '[完工]')
      await zhang.says('撤回')
      zhang.sees(`↩️ ${first} 已撤回（已到达）`)
      zhao.sees(`${first} 张三 撤回了上一步`)
      zhang.cardFollows(first)
      // What he took back was an answer all the same.
      await world.until('2026-11-24T14:10:00+08:00')
    })

    it('in words without a code means the order that was asked for', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await agreedOrder(story)
      const other = await takenOrder(world, { name: '李先生' })
      await zhang.says(`联系不上 ${other}`)
      zhang.sees('联系不上客户')
      zhao.sees('确认联系不上')
      await zhao.says(`确认联系不上 ${other}`)
      zhao.sees('已确认联系不上')
      zhang.sees('已确认联系不上')
      zhang.cardFollows(other)
      await world.until('2026-11-24T13:48:00+08:00')
      zhang.sees(`派工单 ${code}`)
      await zhang.says('来得及')
      zhang.sees(`✅ ${code} 进度：能按时`)
      zhao.sees(`🔔 ${code} 张三 进度：能按时`)
    })

    it('is not sent any more when it was answered before it could be', async () => {
      const { world, db } = story
      const { zhang, zhao } = world
      const code = await agreedOrder(story)
      const back = [
        world.sandbox.fail({ api: 'message/send', errcode: -1, errmsg: 'system busy' }),
        world.sandbox.fail({ api: 'POST /v1.0/card/instances/createAndDeliver', status: 500, code: 'system.busy' }),
      ]
      await world.until('2026-11-24T13:48:00+08:00')
      for (const mend of back) mend()
      await zhang.says('能按时')
      zhang.sees(`✅ ${code} 进度：能按时`)
      zhao.sees(`🔔 ${code} 张三 进度：能按时`)
      await world.forward('5m')
      const asked = await db.prisma.outbox.findFirst({ where: { dedupeKey: { startsWith: 'ask:' } } })
      expect(asked).toMatchObject({ status: 'dropped', reason: 'the question was answered, or it is too late for it' })
    })

    it('that nobody answers is told to the dispatcher, once', async () => {
      const { world } = story
      const { zhang, zhao } = world
      const code = await agreedOrder(story)
      await world.until('2026-11-24T13:48:00+08:00')
      zhang.sees(`派工单 ${code}`)
      await world.until('2026-11-24T14:08:00+08:00')
      zhao.sees(
        new RegExp(
          `⏰ ${code} 王女士 不制冷 · 完成还剩 52 分（今天 15:00 前）\n责任人：张三\n张三 20 分钟没有回进度，请打电话问问。\n.*改派 ${code} 给 姓名」。\n16:00 会告诉经理。`,
        ),
      )
      await world.until('2026-11-24T14:29:00+08:00')
      await zhang.says(`求助 ${code} 电梯停了`)
      zhang.sees(`✅ ${code} 求助`)
      zhao.sees(`${code} 张三 求助`)
    })
  })

  describe('the word that nobody answered', () => {
    it('is not said any more when he spoke before it could be', async () => {
      const { world, db } = story
      const { zhang } = world
      const code = await agreedOrder(story)
      await world.until('2026-11-24T13:48:00+08:00')
      zhang.sees(`派工单 ${code}`)
      const back = [
        world.sandbox.fail({ api: 'message/send', errcode: -1, errmsg: 'system busy' }),
        world.sandbox.fail({ api: '/v1.0/robot/oToMessages/batchSend', status: 500, code: 'system.busy' }),
      ]
      await world.until('2026-11-24T14:08:00+08:00')
      for (const mend of back) mend()
      await zhang.says(`出发 ${code}`)
      zhang.sees(`✅ ${code} 已出发`)
      await world.forward('5m')
      const waiting = await db.prisma.outbox.findFirst({ where: { kind: 'nudge' } })
      expect(waiting).toMatchObject({ status: 'dropped', reason: 'nothing of it is due any more' })
    })
  })

  describe('a chain with waits', () => {
    it('is held by a word of the technician, once for each step', async () => {
      const { world } = story
      const { zhang, zhao, wang } = world
      const code = await takenOrder(world)
      await world.until('2026-11-24T09:20:00+08:00')
      await world.forward('2m')
      zhang.sees('联系还剩 8 分')
      await world.until('2026-11-24T09:30:00+08:00')
      zhang.sees(/联系现在到期[\s\S]*\n15 分钟后没有动静会告诉派工员。/)
      await world.until('2026-11-24T09:40:00+08:00')
      await zhang.sendsPhoto()
      zhang.sees(`📷 已记到 ${code}`)
      await world.until('2026-11-24T10:05:00+08:00')
      await zhang.sendsPhoto()
      zhang.sees(`📷 已记到 ${code}`)
      await world.until('2026-11-24T10:10:00+08:00')
      zhang.sees(/联系超时 40 分[\s\S]*\n20 分钟后没有动静会告诉经理。/)
      zhao.sees(/联系超时 40 分[\s\S]*\n20 分钟后没有动静会告诉经理。/)
      await world.until('2026-11-24T10:30:00+08:00')
      for (const person of [zhang, zhao, wang]) person.sees('联系超时 1 小时')
    })

    it('tells one person of several orders in one message, and what to reply', async () => {
      const { world } = story
      const { zhang } = world
      const codes = [await takenOrder(world), await takenOrder(world, { name: '李先生' }), await takenOrder(world)]
      await world.until('2026-11-24T09:30:00+08:00')
      const message = JSON.stringify(zhang.sees('⏰ 3 单快超时：'))
      for (const code of codes) expect(message).toContain(`⏰ ${code}`)
      expect(message).toContain(
        `联系客户后回复「已联系 ${codes[0]} 明天上午10点」。其他单一样带单号回复，「我的单」看全部。`,
      )
    })
  })
})

/** A shop that rests on Sundays, with one clock. */
const policy = (nudges = '') => `
name: default
version: 1
days: [1, 2, 3, 4, 5, 6]
clocks:
  - kind: complete
    start: dispatched
    stop: [completed, emptyRun]
    within: 4h
    warn: [{ at: 75%, ask: true, unanswered: 15m }]
    overdue:
      - { after: 0m, tell: technician }
      - { after: 1h, tell: [technician, dispatcher] }
      - { after: 2h, tell: manager }
quietHours: { from: "21:30", to: "07:30" }
${nudges}
`

const rests = (story: Story, name: string, change: { restDays?: number[]; daysOff?: string[] }) =>
  story.db.prisma.person.update({ where: { company_name: { company: 'main', name } }, data: change })

onBoth(
  story => {
    describe('who rests', () => {
      it('is not woken: the dispatcher hears of it at once, he of what is still true on his next working morning', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await takenOrder(world)
        await rests(story, '张三', { restDays: [2], daysOff: ['2026-11-25'] })
        await world.until('2026-11-24T12:00:00+08:00')
        zhao.sees(/完成还剩 1 小时（今天 13:00 前）\n责任人：张三\n张三今天休息，他上班的早上再提醒他。/)
        await world.until('2026-11-24T13:00:00+08:00')
        zhao.sees(/完成现在到期[\s\S]*张三今天休息/)
        await world.until('2026-11-24T14:00:00+08:00')
        zhao.sees(/完成超时 1 小时[\s\S]*张三今天休息/)
        await world.until('2026-11-24T15:00:00+08:00')
        world.wang.sees(/完成超时 2 小时/)
        await world.until('2026-11-26T07:59:59+08:00')
        await world.until('2026-11-26T08:00:00+08:00')
        zhang.sees(new RegExp(`🔴 ${code} 王女士 不制冷 · 完成超时 43 小时`))
      })

      it('of the desk is left alone while another one works; when nobody does, all hear of it', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        await takenOrder(world)
        await rests(story, '赵派工', { daysOff: ['2026-11-24'] })
        await world.until('2026-11-24T12:00:00+08:00')
        zhang.sees('派工单')
        await world.until('2026-11-24T12:15:00+08:00')
        wang.sees('张三 15 分钟没有回进度')
        await rests(story, '王经理', { daysOff: ['2026-11-24'] })
        await world.until('2026-11-24T13:00:00+08:00')
        zhang.sees('完成现在到期')
        await world.until('2026-11-24T14:00:00+08:00')
        for (const person of [zhang, zhao]) person.sees('完成超时 1 小时')
        await world.until('2026-11-24T15:00:00+08:00')
        wang.sees('完成超时 2 小时')
      })

      it('hears of urgent orders all the same', async () => {
        const { world } = story
        const { zhang, zhao } = world
        const code = await takenOrder(world, { urgent: true })
        for (const name of ['张三', '赵派工']) await rests(story, name, { restDays: [2] })
        await world.until('2026-11-24T12:00:00+08:00')
        zhang.sees(`派工单 ${code}`)
        zhang.cardShows('能按时吗？')
        await world.until('2026-11-24T12:15:00+08:00')
        zhao.sees('张三 15 分钟没有回进度')
      })
    })
  },
  { policy: policy() },
)

// A Saturday evening: the fourth hour is over on Sunday, when nobody works.
onBoth(
  story => {
    describe('days the team does not work', () => {
      it('are kept: nothing is lost, and nothing comes twice on the next working morning', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        await world.until('2026-11-29T10:00:00+08:00')
        const code = await givenOrder(world)
        const urgent = await givenOrder(world, { urgent: true })
        await zhang.taps('接单')
        zhao.sees(`${urgent} 张三 已接单`)
        world.groupSees(`${urgent} 张三 已接单`)
        await zhang.taps('接单')
        zhao.sees(`${code} 张三 已接单`)
        world.groupSees(`${code} 张三 已接单`)
        await world.until('2026-11-29T13:00:00+08:00')
        zhang.sees(`派工单 ${urgent}`)
        await zhang.says(`完工 ${urgent} 换了电容`)
        zhang.sees(`✅ ${urgent} 已完工`)
        zhao.sees(`${urgent} 张三 已完工`)
        world.groupSees(`${urgent} 张三 已完工`)
        await world.until('2026-11-29T20:00:00+08:00')
        await world.until('2026-11-30T07:59:59+08:00')
        await world.until('2026-11-30T08:00:00+08:00')
        for (const person of [zhang, zhao, wang]) person.sees(`🔴 ${code} 王女士 不制冷 · 完成超时 18 小时`)
        await world.until('2026-11-30T12:00:00+08:00')
      })
    })
  },
  { policy: policy('nudges: { days: workdays }') },
)

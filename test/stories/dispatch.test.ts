import { describe, expect, it } from 'vitest'
import { onBoth } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const shop = (assign: string) => `
name: default
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5, 6]
assign: ${assign}
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 3h }
  - kind: accept
    start: dispatched
    stop: [accepted, contacted, arrived, completed, emptyRun]
    within: 15m
    restartOnReassign: true
    overdue: [{ after: 15m, tell: [dispatcher], takeBack: true }]
`

interface Opened {
  code: string
  state: string
  assignee: { name: string } | null
}

async function opened(world: World, more: object = {}, customer: object = {}): Promise<Opened> {
  const { body, status } = await world.api<Opened>('POST', '/orders', {
    ...{ team: '一班', kind: 'repair', fault: '不制冷', ...more },
    customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801', ...customer },
  })
  expect(status).toBe(201)
  return body
}

const profile = async (world: World, name: string, known: object) => {
  const { body } = await world.api<{ items: Array<{ id: string; name: string }> }>('GET', '/people')
  const id = body.items.find(one => one.name === name)?.id ?? ''
  expect((await world.api('PATCH', `/people/${id}`, known)).status).toBe(200)
}

describe('the dispatcher chooses', () => {
  onBoth(
    story => {
      it('from a ranked list that says why, and is warned when he gives it to somebody all the same', async () => {
        const { world } = story
        const { zhao, zhang, li } = world
        await profile(world, '张三', { areas: ['金水区'], skills: ['维修'] })
        await profile(world, '李四', { daysOff: ['2026-11-24'] })
        const { code } = await opened(world, {}, { address: '金水区花园路38号院5号楼1801' })
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('推荐 张三：管金水区、手上没单', '先不派 李四（今天休息）', '[派给张三]')
        await zhao.says(`派 ${code} 给 李四 备注 客户家有狗`)
        zhao.sees(`✅ ${code} 已派单给李四 09:00（注意：他今天休息），交接：客户家有狗`)
        li.sees(`派工单 ${code}`)
        li.cardShows('派工员说：客户家有狗')
        world.groupSees(`${code} 已派单给李四`)

        await li.says(`已联系 ${code} 明天上午10点`)
        li.sees('✅')
        zhao.sees(`${code} 李四 已联系客户`)
        world.groupSees(`${code} 李四 已联系客户`)
        await zhao.says(`改派 ${code} 给 张三`)
        zhao.sees(`✅ ${code} 已派单给张三`)
        li.sees(`${code} 赵派工 已收回`)
        zhang.sees(`派工单 ${code}`)
        zhang.cardShows('交接（李四）：联系过客户，约了 明天 10:00')
        world.groupSees(`${code} 已派单给张三`)
      })

      it('sees who was there before, who has a visit then, and who can’t do it', async () => {
        const { world } = story
        const { zhao, zhang } = world
        const first = await opened(world, { assign: '张三', product: { serial: 'SN-1' } })
        zhang.sees(`派工单 ${first.code}`)
        world.groupSees('已派单给张三')
        await zhang.says(`完工 ${first.code} 换电容 收费80`)
        zhang.sees('✅')
        zhao.sees('张三 已完工')
        world.groupSees('张三 已完工')
        const again = await opened(world, { product: { serial: 'SN-1' } }, { phone: '13800005678' })
        zhao.sees(`派工单 ${again.code}`)
        zhao.cardShows(`推荐 张三：去过这家（${first.code}）、手上没单；李四：手上没单`)

        await zhao.says(`派 ${again.code} 给 张三`)
        zhao.sees('✅')
        zhang.sees(`派工单 ${again.code}`)
        world.groupSees('已派单给张三')
        await zhang.says(`已联系 ${again.code} 明天上午10点`)
        zhang.sees('✅')
        zhao.sees('张三 已联系客户')
        world.groupSees('张三 已联系客户')
        const wanted = await opened(world, { wantedAt: '2026-11-25T11:00:00+08:00' }, { phone: '13800005679' })
        zhao.sees(`派工单 ${wanted.code}`)
        zhao.cardShows('推荐 李四：手上没单', `先不派 张三（那时有约 ${again.code}）`)
        const install = await opened(world, { kind: 'install' }, { phone: '13800005680' })
        await profile(world, '李四', { skills: ['维修'] })
        zhao.sees(`派工单 ${install.code}`)
        const { body } = await world.api<{
          items: Array<{ person: { name: string }; reasons: string[]; obstacle: string | null }>
        }>('GET', `/orders/${install.code}/candidates`)
        expect(body.items.map(({ person, reasons, obstacle }) => [person.name, reasons, obstacle])).toEqual([
          ['张三', ['手上 1 单'], null],
          ['李四', ['手上没单'], '不会「安装」'],
        ])
      })
    },
    { policy: shop('{ needs: [{ when: { kind: 安装 }, skill: 安装 }] }') },
  )

  onBoth(
    story => {
      it('a technician over the day’s limit can’t grab one more, and is told so', async () => {
        const { world } = story
        const { zhao, zhang, li } = world
        const one = await opened(world, { assign: '张三' })
        zhang.sees(`派工单 ${one.code}`)
        world.groupSees('已派单给张三')
        const { code } = await opened(world)
        zhao.sees(`派工单 ${code}`)
        await zhao.taps('放群里抢')
        world.groupSees(`${code} 放出来抢单`)
        for (const technician of [zhang, li]) technician.sees(`派工单 ${code}`)
        await zhang.says(`抢单 ${code}`)
        zhang.sees(`${code} 你不能抢：你今天已派满 1 单`)
        await world.forward('10m')
        zhao.sees(`${code} 系统 没有人抢`)
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('[派给李四]')
        li.cardShows('已收回')
      })
    },
    { policy: shop('{ perDay: 1, offerFor: 10m }') },
  )
})

describe('the service chooses', () => {
  onBoth(
    story => {
      it('the best, says why, goes on to the next after a refusal or silence, and then to the desk', async () => {
        const { world } = story
        const { zhao, zhang, li } = world
        const { code, state, assignee } = await opened(world, {}, { zone: '二七区' })
        expect([state, assignee?.name]).toEqual(['dispatched', '李四'])
        zhao.sees(`${code} 系统 已派单给李四 09:00（自动：管二七区、手上没单）`)
        li.sees(`派工单 ${code}`)
        world.groupSees(`${code} 已派单给李四`)
        await li.says(`拒单 ${code} 在外地`)
        li.sees(`✅ ${code} 拒单`)
        zhao.sees(`${code} 李四 拒单 09:00：在外地`)
        zhao.sees(`${code} 系统 已派单给张三 09:00（自动：手上没单）`)
        world.groupSees(`${code} 已派单给张三`)
        zhang.sees(`派工单 ${code}`)
        zhang.cardShows('交接（李四）：退单：在外地')
        await world.forward('30m')
        zhang.sees(`${code} 系统 已收回`)
        zhao.sees(`${code} 系统 没有合适的人可派 09:30：`)
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('现在没有合适的人', '[派给张三]', '[派给李四]')
      })

      it('waits for the morning with what comes at night, the urgent first', async () => {
        const { world } = story
        const { zhao, zhang } = world
        await profile(world, '李四', { restDays: [3] })
        await world.until('2026-11-24T22:00:00+08:00')
        const usual = await opened(world, { fault: '异响' }, { phone: '13800005678' })
        const urgent = await opened(world, { urgent: true, fault: '漏水' })
        expect([usual.state, urgent.state]).toEqual(['new', 'new'])
        for (const { code } of [usual, urgent]) zhao.sees(`派工单 ${code}`)
        await world.until('2026-11-25T07:00:00+08:00')
        await world.until('2026-11-25T08:00:02+08:00')
        const given = world.sandbox
          .state()
          .messages.flatMap(one => /\d{4} 系统 已派单/.exec(JSON.stringify(one))?.[0] ?? [])
        expect(given.map(words => words.slice(0, 4))).toEqual([urgent.code, usual.code])
        zhao.sees(`${urgent.code} 系统 已派单给张三`)
        zhang.sees(`派工单 ${urgent.code}`)
        world.groupSees(`${urgent.code} 已派单给张三`)
        zhao.sees(`${usual.code} 系统 已派单给张三`)
        zhang.sees(`派工单 ${usual.code}`)
        world.groupSees(`${usual.code} 已派单给张三`)
      })
    },
    { policy: shop('{ mode: auto, notAccepted: next }') },
  )
})

describe('whoever is first', () => {
  onBoth(
    story => {
      it('gets what is put up for grabs by itself', async () => {
        const { world } = story
        const { zhao, zhang, li } = world
        const { code } = await opened(world)
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('抢单中', '[派给张三]')
        world.groupSees(`${code} 放出来抢单`)
        for (const technician of [zhang, li]) technician.sees(`派工单 ${code}`)
        await li.taps('抢单')
        zhao.sees(`${code} 李四 已接单`)
        world.groupSees(`${code} 李四 已接单`)
        zhang.cardShows('已由李四负责')
      })
    },
    { policy: shop('{ mode: 抢单 }') },
  )
})

import { expect, it } from 'vitest'
import { eachStory, onBoth, takenOrder } from '../support/shop.ts'

/** Half an hour to call, four to finish; past five the small one, past seven the big one in its place (R9.3). */
const policy = `
name: default
version: 1
clocks:
  - { kind: contact, start: dispatched, stop: [contacted, arrived, completed], within: 30m, restartOnReassign: true,
      exempt: unreachable }
  - { kind: complete, name: 完成时限, start: dispatched, stop: [completed], within: 4h }
incidents:
  items:
    - { name: 未按时联系, points: -1, from: { clock: contact } }
    - { name: 超时完工, fine: "30.00", rule: R9.3, from: { clock: complete, over: 5h, counted: start } }
    - { name: 严重超时, fine: "80.00", rule: R9.3, replaces: [超时完工], from: { clock: complete, over: 7h, counted: start } }
`

// Tuesday, 24 November 2026, nine o'clock.
onBoth(
  story => {
    it('is proposed from missed clocks, together, with the arithmetic; dropped when it does not hold; never charged by itself', async () => {
      const { world } = story
      const { zhang, li, wang, zhao } = world
      const first = await takenOrder(world)
      const second = await takenOrder(world, { name: '李先生' })
      const third = await takenOrder(world, { name: '刘先生', assign: '李四' })
      await li.says(`联系不上 ${third}`)
      li.sees(`${third}`)
      zhao.sees(`${third}`)
      world.ignore()

      await world.until('2026-11-24T09:31:00+08:00')
      await world.until('2026-11-24T09:34:00+08:00')
      wang.sees(
        /3 条奖惩等你确认，确认以前不算数：\n奖惩1 张三 \d+ 未按时联系，扣 1 分\n　联系[^\n]*今天 09:30 到期，现在还没办，超时 4 分/,
      )
      expect(await story.db.prisma.incident.count({ where: { state: 'proposed' } })).toBe(3)

      // 联系不上 was said in time and is confirmed; the second goes to somebody else: both fall, and say why.
      await zhao.says(`确认联系不上 ${third}`)
      wang.sees('奖惩3（李四 未按时联系，11月24日周二） 不用处理了：已确认联系不上，不算超时')
      await zhao.says(`改派 ${second} 给 李四`)
      wang.sees('奖惩2（张三 未按时联系，11月24日周二） 不用处理了：单已改派')
      await zhang.says(`已联系 ${first} 今天下午3点`)
      world.ignore()
      await wang.says('确认 奖惩1 奖惩2')
      wang.sees(
        /✅ 已确认 奖惩1（张三 未按时联系）：扣 1 分。已告诉张三，他可以申诉。\n奖惩2 已撤销（单已改派），这次没有改动/,
      )
      zhang.sees('奖惩1 · 张三')
      zhang.cardShows('奖惩1 · 张三', '扣 1 分', '今天 09:30 到期，今天 09:34 才办，超时 4 分', '[申诉]')

      // The longest that fits takes the place of the shorter one.
      await world.until('2026-11-24T14:05:00+08:00')
      await world.until('2026-11-24T14:08:00+08:00')
      wang.sees(
        /4 条奖惩等你确认[\s\S]*张三 \d+ 超时完工，罚款 ¥30.00\n　完成时限：今天 09:00 起算，今天 13:00 到期，现在还没办/,
      )
      world.ignore()
      const { id: orderId } = await story.db.prisma.order.findFirstOrThrow({ where: { code: first } })
      await world.until('2026-11-24T16:05:00+08:00')
      await world.until('2026-11-24T16:08:00+08:00')
      world.ignore()
      const ofFirst = await story.db.prisma.incident.findMany({ where: { orderId }, orderBy: { id: 'asc' } })
      expect(ofFirst.map(({ item, state }) => `${item} ${state}`)).toEqual([
        '未按时联系 confirmed',
        '超时完工 dropped',
        '严重超时 proposed',
      ])
      const big = ofFirst[2] ?? { code: '' }
      await zhang.says(`完工 ${first} 换电容 收费80`)
      world.ignore()
      await wang.says(`确认 ${big.code}`)
      wang.sees(`✅ 已确认 ${big.code}（张三 严重超时）：罚款 ¥80.00`)
      zhang.sees(`${big.code} · 张三`)
      zhang.cardShows(`${big.code} · 张三`, '13:00 到期，今天 16:08 才办，超时 3 小时 8 分')
      await zhang.says('撤回')
      world.ignore()

      type Row = { code: string; state: string; is: { amount: string }; person: { name: string } }
      const page = await world.api<{ items: Row[] }>(
        'GET',
        '/incidents?team=一班&person=张三&month=2026-11&state=confirmed',
      )
      expect(page.body.items.map(({ code, is }) => [code, is.amount])).toEqual([
        ['奖惩1', '0.00'],
        [big.code, '-80.00'],
      ])
      const entered = await world.api<Row>('POST', '/incidents', {
        team: '一班',
        person: '李四',
        item: '未按时联系',
        order: third,
        words: '投诉电话',
      })
      expect(entered).toMatchObject({ status: 201, body: { state: 'proposed', person: { name: '李四' } } })
      wang.sees(`${entered.body.code} · 李四`)
      const path = `/incidents/${encodeURIComponent(entered.body.code)}`
      const decided = await world.api<Row>('POST', `${path}/decide`, { decision: 'drop', words: '查过了' })
      expect(decided).toMatchObject({ status: 200, body: { state: 'dropped' } })
      expect(await world.api('POST', `${path}/decide`, { decision: 'confirm' })).toMatchObject({ status: 409 })
      expect(await world.api('POST', '/incidents', { team: '一班', person: '李四', item: '旷工' })).toMatchObject({
        status: 422,
      })
      expect((await world.api<{ timeline: unknown[] }>('GET', path)).body.timeline.length).toBeGreaterThan(1)
      world.ignore()
    })
  },
  { policy },
)

const watched = `
name: default
version: 1
hours: ["09:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
attendance: { source: [聊天], roles: 技术员, late: { perAbsence: 2 } }
incidents:
  items:
    - { name: 迟到, points: -2, rule: R11, from: { attendance: late } }
`

const story = eachStory({ policy: watched, at: '2026-11-24T08:50:00+08:00' })

it('is proposed from attendance once the day is over, and falls with a correction', async () => {
  const { world } = story
  const { zhang, li, wang } = world
  await li.says('上班打卡')
  await world.until('2026-11-24T09:12:00+08:00')
  await zhang.says('上班打卡')
  world.ignore()
  await world.until('2026-11-24T18:31:00+08:00')
  await world.until('2026-11-24T18:40:00+08:00')
  wang.sees('奖惩1 · 张三')
  wang.cardShows('奖惩1 · 张三', '扣 2 分', '考勤：迟到 今天 09:12，12 分')
  world.ignore()
  await zhang.says('补卡 今天上班 8:55 忘了打')
  zhang.sees('已提交补卡')
  await wang.taps('同意')
  world.ignore()
  expect(await story.db.prisma.incident.findMany()).toMatchObject([{ state: 'dropped', code: '奖惩1' }])
})

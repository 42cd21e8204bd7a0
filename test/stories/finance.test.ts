import { expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'

const policy = `
name: default
version: 1
clocks: [{ kind: accept, start: dispatched, stop: accepted, within: 30m, warn: [10m], overdue: [{ after: 5m, tell: [派工员, 经理] }] }]
figures:
  - { name: 毛利, words: [毛利润] }
pay:
  items:
    - { name: 班组毛利, of: 班组, formula: 毛利 }
`

onBoth(
  story => {
    it('finance enters the month’s figures in chat, and neither dispatches nor decides nor hears of orders', async () => {
      const { world, db } = story
      const { li, wang } = world
      const made = await world.api('POST', '/people', { name: '李四', team: '一班', roles: ['finance'] })
      expect(made.status).toBe(201)
      await li.says('帮助')
      const { body } = li.sees('可以直接这样说')
      expect(JSON.stringify(body)).toContain('填数')
      expect(JSON.stringify(body)).not.toMatch(/派单 地址|月结 11月|打分/)
      await li.says('毛利 10月 52300')
      li.sees('✅ 2026年10月 毛利：¥52,300.00')
      await li.says('月结 10月')
      li.sees('月结由班组经理办理')

      const code = await givenOrder(world)
      await li.says(`取消 ${code} 不修了`)
      li.sees('要派工员或经理来办')
      await li.says('今日')
      li.sees('这个清单只有派工员和经理能看')
      await world.forward('40m')
      world.zhao.sees(code)
      wang.sees(code)
      const [row] = await db.prisma.figure.findMany()
      expect(`${row?.name} ${row?.value}`).toBe('毛利 52300')
    })
  },
  { policy, at: '2026-11-03T09:00:00+08:00' },
)

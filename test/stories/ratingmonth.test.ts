import { expect, it } from 'vitest'
import { CustomerPhone } from '../support/customer.ts'
import { givenOrder, onBoth } from '../support/shop.ts'

/** A content customer is worth 20 yuan; both his own grade and the desk's are had, and his own counts. */
const policy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
clocks:
  - { kind: complete, start: created, stop: [completed, emptyRun], within: 4h, warn: [], overdue: [] }
pay:
  items:
    - { name: 计件, formula: "完成单 × 100" }
    - { name: 满意奖, formula: "满意单 × 20" }
`

onBoth(
  story => {
    it('a rating that comes after the month was locked is a correction of the next one', async () => {
      const { world, db } = story
      const { wang, zhao, zhang } = world
      await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
      await wang.says('岗位 张三 维修工')
      const done = async () => {
        const code = await givenOrder(world)
        await zhang.says(`接单 ${code}`)
        await zhang.says(`完工 ${code} 换了电容`)
        world.ignore()
        return code
      }
      const codes = [await done(), await done()]
      const [first = '', second = ''] = codes
      await zhao.says(`回访 ${first} 满意`)
      await zhao.says(`回访 ${second} 不满意`)
      const links = await Promise.all(
        codes.map(async code => {
          const { id } = await db.prisma.order.findFirstOrThrow({ where: { code } })
          return world.app.ctx.pages?.rating(id, new Date('2026-12-24T09:00:00+08:00')) ?? ''
        }),
      )
      world.ignore()

      // In time: the customer of the second thinks better of it than the desk had noted.
      const [one, two] = [new CustomerPhone(), new CustomerPhone()]
      await two.opens(links[1] ?? '')
      await two.rates(links[1] ?? '', { grade: 5 })
      await world.settle()
      world.ignore()
      await world.until('2026-12-01T09:00:00+08:00')
      world.ignore()
      await wang.says('发布 11月')
      zhang.cardShows('11月工资条', '实发 ¥240.00')
      await zhang.says('工资 满意奖')
      zhang.sees(/满意奖 ¥40\.00/)
      world.ignore()
      await world.until('2026-12-04T09:05:00+08:00')
      wang.sees('11月月结已锁定')
      world.ignore()

      // Too late: what the customer of the first says himself is no slip of November any more.
      await one.opens(links[0] ?? '')
      await one.rates(links[0] ?? '', { grade: 1, tags: ['没修好'] })
      await world.settle()
      for (const person of [zhao, wang]) person.sees('客户自己评价：很不满意（没修好）')
      const locked = await db.prisma.payslip.findFirstOrThrow({ where: { month: '2026-11', net: { gt: 0 } } })
      expect(locked.net).toBe(24_000n)
      await done()
      await world.until('2027-01-01T09:00:00+08:00')
      world.ignore()
      await wang.says('发布 12月')
      world.ignore()
      await zhang.says('工资 12月')
      zhang.sees(/更正 11月 满意奖 -¥20\.00[\s\S]*实发 ¥80\.00/)
      world.ignore()
    })
  },
  { policy },
)

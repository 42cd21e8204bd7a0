import { expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'

const policy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
figures:
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0 }
incidents:
  items:
    - { name: 未穿工装, fine: "20.00", rule: R9.3 }
pay:
  items:
    - { name: 基本工资, formula: 级别工资 }
    - { name: 提成, formula: "完成单 × 10" }
    - { name: 罚款扣款, as: 扣款, fine: true, formula: 罚款 }
`

onBoth(
  story => {
    it('what changes after the draft is in what is published, and what changes after that is told before it is locked', async () => {
      const { world, db } = story
      const { wang, zhang, li } = world
      await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
      for (const line of [
        '岗位 张三 维修工',
        '岗位 李四 维修工',
        '填数 11月 张三 级别工资 2000',
        '填数 11月 李四 级别工资 2000',
      ])
        await wang.says(line)
      const code = await givenOrder(world, { assign: '张三' })
      await zhang.says(`接单 ${code}`)
      await zhang.says(`完工 ${code} 换了电容`)
      await wang.says('罚款 李四 未穿工装')
      world.ignore()

      await world.until('2026-12-01T09:00:00+08:00')
      wang.cardShows('11月月结 待发布', '实发合计 ¥3,990.00')
      // The manager lets the fine go, and taps the card that was made before.
      await world.forward('1m')
      await wang.says('撤销 奖惩1 当天没发工装')
      world.ignore()
      await wang.taps('发布')
      wang.cardShows('11月月结', '又有记录变了', '正在重算')
      wang.cardShows('11月月结 待发布', '实发合计 ¥4,010.00')
      await world.forward('1m')
      await wang.taps('发布')
      wang.cardShows('11月月结 已发布')
      li.cardShows('11月工资条', '实发 ¥2,000.00')
      world.ignore()

      // A figure that was wrong, set right on the second of three days: told when the month would have been locked.
      await world.until('2026-12-03T10:00:00+08:00')
      world.ignore()
      await wang.says('填数 11月 李四 级别工资 2100')
      world.ignore()
      await world.until('2026-12-04T09:10:00+08:00')
      li.cardShows('11月工资条（有改动）', '实发 ¥2,100.00', '12月7日')
      world.ignore()
      await wang.says('锁定 11月')
      wang.sees('申诉期还没过')
      await world.until('2026-12-07T09:10:00+08:00')
      wang.sees('🔒 一班 11月月结已锁定（没有人申诉）')
      const slips = await db.prisma.payslip.findMany({ where: { month: '2026-11' } })
      expect(slips.map(({ net }) => net).sort()).toEqual([201_000n, 210_000n])
    })
  },
  { policy },
)

import { expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'
import type { World } from '../support/world.ts'

const policy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
figures:
  - { name: 毛利 }
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0 }
clocks:
  - { kind: complete, start: created, stop: [completed, emptyRun], within: 4h, warn: [], overdue: [] }
leave:
  types: [{ name: 事假, deduct: 1, words: [有事] }]
  approve: [{ by: 经理 }]
  deductionsTo: 当天上班的同事
incidents:
  items:
    - { name: 超时完工, fine: "30.00", points: -2, rule: R9.3, from: { clock: complete } }
points:
  orders: [{ name: 上门, points: 5 }]
pay:
  dayWage: { of: 级别工资, by: 当月天数 }
  limits: { floor: "100.00" }
  items:
    - { name: 浮动池, of: 班组, formula: "100 × 人数 + 最大(毛利, 0) × 20%" }
    - { name: 基本工资, formula: 级别工资 }
    - { name: 浮动工资, share: { pool: 浮动池, by: 积分 } }
    - { name: 请假扣款, as: 扣款, leave: deductions }
    - { name: 同事分得, redistribute: 请假扣款 }
    - { name: 罚款扣款, as: 扣款, fine: true, formula: 罚款 }
targets: { onTime: 90% }
`

async function finished(world: World, who: '张三' | '李四', late = false): Promise<string> {
  const code = await givenOrder(world, { assign: who })
  const technician = who === '张三' ? world.zhang : world.li
  if (late) await world.forward('5h')
  await technician.says(`接单 ${code}`)
  await technician.says(`完工 ${code} 换了电容`)
  world.ignore()
  return code
}

onBoth(
  story => {
    it('a month from its orders to the correction in the next one', async () => {
      const { world, db } = story
      const { wang, zhang, li } = world
      await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
      await wang.says('岗位 张三 维修工')
      await wang.says('岗位 李四 维修工')
      world.ignore()

      // Orders, one of them late: proposed, and confirmed by the manager.
      await finished(world, '张三')
      await finished(world, '张三')
      const late = await finished(world, '李四', true)
      await world.forward('5m')
      world.ignore()
      await wang.says('确认 奖惩1')
      wang.sees('奖惩1')
      li.sees(/超时完工[\s\S]*申诉/)
      world.ignore()
      await li.says('我的积分')
      li.sees(/⭐ 你11月积分 3\n上门 \+5（1 次） · 超时完工 -2（1 次）/)
      expect(late).toMatch(/^\d+$/)

      // A day of leave.
      await li.says('请假 11月27日 有事')
      await li.taps('确认')
      world.ignore()
      await wang.taps('批准')
      world.ignore()

      // Inside the month nothing can be settled.
      await wang.says('月结 11月')
      wang.sees('11月到 11月30日 才结束，12月1日起可以月结')

      // On the first the draft is made by itself, and says what is missing.
      await world.until('2026-12-01T09:00:00+08:00')
      wang.cardShows('11月月结 还不能发布', '缺：毛利、张三 级别工资、李四 级别工资')
      world.ignore()
      await wang.says('发布 11月')
      wang.sees('11月还缺 3 项，补齐才能发布')
      await wang.says('填数 11月 毛利 10000')
      await wang.says('填数 11月 张三 级别工资 600')
      await wang.says('填数 11月 李四 级别工资 660')
      world.ignore()
      await wang.says('月结 11月')
      wang.sees('⏳ 正在算 一班 11月')
      wang.cardShows('11月月结 待发布', '实发合计')
      await zhang.says('我的工资')
      zhang.sees('还没有发布过你的工资条')

      // Published: the group without money, each his own.
      await wang.taps('发布')
      wang.cardShows('11月月结 已发布')
      wang.sees(/📋 一班 11月小结[\s\S]*及时率 66\.6%.*未达标（目标 ≥ 90%/)
      const posted = world.groupSees('🏆 一班 11月排名（按积分）')
      expect(JSON.stringify(posted.body)).toMatch(/1\. 张三 10\\n2\. 李四 3/)
      expect(JSON.stringify(posted.body)).not.toMatch(/¥/)
      const png = await world.groupSeesPicture('11月月度排名')
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      // 2200 shared by 10 and 3 points: 1692.31 and 507.69; a day of 22.00 goes to 张三; the fine is within 20 %.
      zhang.cardShows('11月工资条', '积分 10（第 1 名，共 2 人）', '实发 ¥2,314.31', '浮动工资', '¥1,692.31')
      li.cardShows('11月工资条', '实发 ¥1,115.69', '扣款', '-¥52.00')
      await li.says('工资 罚款扣款')
      li.sees(/11月 罚款扣款 -¥30\.00\n算法：罚款\n其中：罚款 30\n罚款：奖惩1/)
      await zhang.says('工资 李四')
      zhang.sees('没有「李四」')

      // A line is appealed and set right by hand; everybody sees why.
      await zhang.says('申诉 工资 基本工资 11月升了一级，应该是 660')
      zhang.sees('📨 11月「基本工资」的申诉已发给经理')
      wang.cardShows('张三 申诉 11月「基本工资」', '理由：11月升了一级')
      await wang.says('改 张三 基本工资 660 升级从 11 月算')
      wang.sees('✅ 张三 11月的基本工资改成 ¥660.00')
      zhang.sees(/「基本工资」的申诉，王经理答复：成立/)
      zhang.cardShows('11月工资条（有改动）', '实发 ¥2,374.31')
      await zhang.says('工资 基本工资')
      zhang.sees(/基本工资 ¥660\.00[\s\S]*人工改定（王经理）：升级从 11 月算；原来算出 ¥600\.00/)
      await wang.says('锁定 11月')
      wang.sees('申诉期还没过')

      // Three days later it is locked by itself, and nothing changes any more.
      await world.until('2026-12-04T09:05:00+08:00')
      wang.sees('🔒 一班 11月月结已锁定（申诉 1 条，成立 1 条）')
      await wang.says('改 张三 基本工资 1 试试')
      wang.sees('11月已经锁定，不能再改')

      // What turns out wrong afterwards is a line of the next month that names this one.
      await wang.says('撤销 奖惩1 客户要求改时间')
      world.ignore()
      await wang.says('填数 12月 毛利 0')
      world.ignore()
      await world.until('2027-01-01T09:00:00+08:00')
      world.ignore()
      await wang.says('发布 12月')
      wang.sees('📢 一班 12月月结已发布')
      await li.says('工资 12月')
      li.sees(/更正 11月 浮动工资 ¥225\.64[\s\S]*更正 11月 罚款扣款 ¥30\.00[\s\S]*实发 ¥915\.64/)
      world.ignore()
      const slips = await db.prisma.payslip.findMany({ where: { month: '2026-11' } })
      expect(slips.map(({ net }) => net).sort()).toEqual([111_569n, 237_431n])
    })
  },
  { policy },
)

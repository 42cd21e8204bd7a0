import { expect, it } from 'vitest'
import { onBoth } from '../support/shop.ts'

const policy = `
name: default
version: 1
posts: [维修工, 安装工]
figures:
  - { name: 毛利, words: [毛利润] }
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0 }
scorecards:
  - name: 考核
    for: 维修工
    columns: [{ name: 自评, weight: 0 }, { name: 上级, weight: 60% }, { name: 总部, weight: 40% }]
    items: [{ name: 工作态度, full: 10, by: marks }]
pay:
  items:
    - { name: 班组毛利, of: 班组, formula: 毛利 }
    - { name: 工资, for: 维修工, formula: 级别工资 }
`

// November 3: what is said without a month is about October.
onBoth(
  story => {
    it('the manager sets a post and enters a month; a correction names the old value; a locked month stays as it is', async () => {
      const { world, db } = story
      const { wang, zhang, zhao } = world
      await db.prisma.employment.updateMany({ data: { from: '2026-09-01' } })
      await zhao.says('岗位')
      zhao.sees('岗位由班组的经理来定')
      await wang.says('岗位 张三 电工')
      wang.sees('「一班」没有「电工」这个岗位，没有改动。有：维修工、安装工。')
      await wang.says('岗位 张三 维修工')
      wang.sees('✅ 张三 岗位：维修工，从 2026-09-01 起。本月按月底的岗位算。')
      await wang.says('岗位')
      wang.sees(/一班的岗位[\s\S]*张三：维修工\n李四：未定/)

      await zhang.says('填数')
      zhang.sees('月度数字由班组的经理或财务来填')
      await wang.says('填数')
      wang.sees(
        /^一班 2026年10月的数字\n打分 0\/3\n还缺 4 项：\n· 毛利（元）\n· 级别工资（元）：张三\n· 打分 考核 上级：张三\n· 打分 考核 总部：张三\n比如说：填数 毛利 52300.50$/,
      )
      await wang.says('毛利 10月 5.23万')
      wang.sees(/^✅ 2026年10月 毛利：¥52,300.00。\n还缺 3 项：张三 级别工资、/)
      await wang.says('毛利润 52300.50')
      wang.sees('✅ 2026年10月 毛利：¥52,300.50（原来 ¥52,300.00）。')
      await wang.says('填数 9月 张三 级别工资 640')
      wang.sees('✅ 2026年9月 张三 级别工资：¥640.00，以后各月都按它，直到再改。')
      await wang.says('填数 级别工资 660')
      wang.sees('级别工资是每个人的，请带上名字')
      await wang.says('填数 张三 级别工资 660')
      wang.sees('✅ 2026年10月 张三 级别工资：¥660.00（原来 沿用2026年9月的 ¥640.00）')
      await wang.says('撤销填数 张三 级别工资')
      wang.sees('✅ 已撤销 2026年10月 张三 级别工资 ¥660.00，现在按2026年9月填的 ¥640.00。')
      await wang.says('填数 产值 1000')
      wang.sees('没看懂「产值」，没有记录。能填的有：毛利、级别工资。')

      await zhang.says('打分 工作态度 8')
      zhang.sees('✅ 2026年10月 张三 工作态度（自评）：8 分。')
      await zhang.says('打分 工作态度 上级 10')
      zhang.sees('你自己只能打「自评」')
      await wang.says('打分 张三 工作态度 11')
      wang.sees('打在哪一栏？')
      await wang.says('打分 张三 工作态度 9')
      wang.sees('打在哪一栏？')
      await wang.taps('上级')
      wang.cardShows('✅ 2026年10月 张三 工作态度（上级）：9 分。')
      await wang.says('打分 张三 工作态度 总部 8.5')
      wang.sees(/总部）：8.5 分。\n2026年10月要填的都齐了。$/)

      const team = await db.prisma.team.findFirstOrThrow()
      const settled = { company: 'main', teamId: team.id, month: '2026-10', state: 'locked', policy: 'default' }
      const more = { rules: 1, result: {}, version: 1, createdAt: new Date(), updatedAt: new Date() }
      await db.prisma.settlement.create({ data: { ...settled, ...more, id: team.id } })
      await wang.says('毛利 10月 1')
      wang.sees('2026年10月已经锁定，数字不能再改了，没有记录。')
      await wang.says('毛利 1')
      wang.sees('✅ 2026年11月 毛利：¥1.00。')
      const kept = await db.prisma.figure.findMany({ where: { name: '毛利' }, orderBy: { at: 'asc' } })
      expect(kept.map(({ value, words }) => `${value} ${words}`)).toEqual([
        ...['52300 毛利 10月 5.23万', '52300.5 毛利润 52300.50', '1 毛利 1'],
      ])
    })
  },
  { policy, at: '2026-11-03T09:00:00+08:00' },
)

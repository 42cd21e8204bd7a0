import { describe, expect, it } from 'vitest'
import { textOf } from '../support/screen.ts'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** Works Monday to Saturday and keeps the holidays; nobody is reminded, so that only lists are heard. */
const policy = `
name: default
version: 1
days: [1, 2, 3, 4, 5, 6]
calendar: { holidays: china }
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - { kind: contact, start: dispatched, stop: [contacted, arrived, completed], within: 2h, exempt: unreachable }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 24h, appointment: replaces, pauses: [parts] }
quietHours: { from: "21:30", to: "07:30" }
daily: { digest: "08:30", evening: "17:30", manager: "18:30" }
weekly: { day: 1, at: "09:00" }
targets: { onTime: 90% }
`

/** Reports in the words a technician would use, and reads what everybody is told of it. */
async function zhangSays(world: World, words: string, told: RegExp | string): Promise<void> {
  await world.zhang.says(words)
  world.zhang.sees('✅')
  world.zhao.sees(told)
  if (/已联系|改约|完工/.test(words)) world.groupSees(told)
}

async function rests(world: World, name: string, change: object): Promise<void> {
  await world.db.prisma.person.updateMany({ where: { name }, data: change })
}

onBoth(
  story => {
    describe('a technician', () => {
      it('reads before leaving what he has not done, and in the morning what the day holds', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        const agreed = await takenOrder(world)
        await zhangSays(world, `已联系 ${agreed} 明天上午10点`, '已联系客户')
        const late = await takenOrder(world, { name: '李先生' })
        const soon = await givenOrder(world, { name: '赵女士', urgent: true, fault: '外机异响而且完全不制冷' })
        const done = await takenOrder(world, { name: '孙先生' })
        await zhangSays(world, `完工 ${done} 换电容`, '已完工')
        await zhangSays(world, `已联系 ${soon}`, '已联系客户')

        await world.until('2026-11-24T17:30:00+08:00')
        zhang.sees(
          [
            '🌇 下班前还有 2 单没完（1 单已超时），今天完工 1 单：',
            `🔴 联系超时 1 小时 30 分 李先生 花园路 不制冷 ${late}`,
            `🟠 明天 14:00 前完成 赵女士 花园路 外机异响而且完全… ${soon}`,
            '另有 1 单已挂起或约在以后。',
            '做完的回复「完工 单号 结果」；做不完的回复「挂起 单号 原因」或「改约 单号 时间」。',
          ].join('\n'),
        )
        zhao.sees('🌇 下班前一班还有 3 单没完')
        await zhangSays(world, `挂起 ${late} 等配件`, '挂起')
        await world.until('2026-11-24T18:30:00+08:00')
        wang.sees('11月24日周二日报')

        await world.until('2026-11-25T08:30:00+08:00')
        const morning = zhang.sees(
          [
            '🌅 今天 3 单，1 单有约，1 单已超时：',
            `🔴 联系超时 16 小时 30 分 李先生 花园路 不制冷 ${late}`,
            `10:00 王女士 花园路 不制冷 ${agreed}`,
            `🟠 14:00 前完成 赵女士 花园路 外机异响而且完全… ${soon}`,
          ].join('\n'),
        )
        expect(textOf(morning)).not.toMatch(/38号|5号楼|13800001234/)
        zhao.sees('🌅 早上好，一班今天有 3 单')
        // No day was named for the parts: he is asked on the next working morning.
        zhang.sees(/派工单 1002[\s\S]*配件到了吗？/)
      })

      it('who rests is left alone; the board says so, and goes to the manager when the dispatcher rests', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        const code = await givenOrder(world)
        await givenOrder(world, { name: '李先生' })
        await rests(world, '张三', { restDays: [3] })
        await world.until('2026-11-25T08:30:00+08:00')
        zhao.sees(/早上好，一班今天有 2 单（2 单已超时）[\s\S]*\n空着：李四\n今天休息：张三/)
        wang.sees('11月24日周二日报')
        await rests(world, '赵派工', { daysOff: ['2026-11-26'] })
        await world.until('2026-11-26T08:30:00+08:00')
        zhang.sees(`🌅 今天 2 单，2 单已超时：\n🔴 联系超时 40 小时 30 分 王女士 花园路 不制冷 ${code}`)
        wang.sees(/早上好，一班今天有 2 单[\s\S]*手上：张三 2 单/)
        wang.sees('11月25日周三日报')
      })
    })

    describe('the desk', () => {
      it('asks for the board: what is in which state, late, due today, and who has how much', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        const agreed = await takenOrder(world, { name: '王小明' })
        await zhangSays(world, `已联系 ${agreed} 今天下午5点`, '已联系客户')
        const unread = await givenOrder(world, { assign: '李四', name: '李先生', urgent: true })
        const fresh = await givenOrder(world, { assign: '', name: '孙先生' })
        const parts = await takenOrder(world, { name: '赵女士' })
        await zhangSays(world, `已联系 ${parts}`, '已联系客户')
        await zhangSays(world, `挂起 ${parts} 等配件 后天到`, '挂起')
        await world.forward('40m')
        await zhao.says('今日')
        zhao.sees(
          [
            '今天完工 0 单，进行中 4 单（1 单已超时）：',
            '待派 1 · 待接 1 · 待上门 1 · 挂起 1',
            '超时：',
            `🔴 派单超时 10 分 ${fresh} 孙先生 不制冷（未派）`,
            '今天到点：',
            `🟠 16:00 前联系 ${unread} 李先生 不制冷（李四）`,
            `17:00 ${agreed} 王小明 不制冷（张三）`,
            '另有 1 单今天不到点。',
            '手上：张三 2 单 · 李四 1 单',
          ].join('\n'),
        )
        await wang.saysInGroup('今日')
        const posted = textOf(world.groupSees('今天完工 0 单，进行中 4 单'))
        expect(posted).toContain('王**')
        expect(posted).not.toContain('王小明')
        await zhang.says('今日')
        zhang.sees('只有派工员和经理能看')
      })
    })

    describe('the manager', () => {
      it('reads what the day was, how much of it in time, and why the rest was late', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        const fresh = await givenOrder(world, { assign: '', name: '孙先生' })
        const done = await takenOrder(world)
        await zhangSays(world, `完工 ${done} 换电容`, '已完工')
        const silent = await takenOrder(world, { name: '李先生' })
        const away = await takenOrder(world, { name: '赵女士' })
        await zhangSays(world, `联系不上 ${away}`, '联系不上客户')
        await world.forward('40m')
        await zhao.says(`派 ${fresh} 给 李四`)
        zhao.sees('已派单给李四')
        world.li.sees(`派工单 ${fresh}`)
        world.groupSees('已派单给李四')
        await world.until('2026-11-24T17:30:00+08:00')
        zhang.sees('🌇 下班前还有 2 单没完')
        world.li.sees('🌇 下班前还有 1 单没完')
        zhao.sees('🌇 下班前一班还有 3 单没完（3 单已超时），今天完工 1 单')
        await world.until('2026-11-24T18:30:00+08:00')
        const report = [
          '开单 4 · 完工 1 · 未完 3',
          '派单及时 🔻75 % · 联系及时 🔻25 % · 完成及时 100 %，目标 90 %',
          '超时 3 单：没及时接单 1 · 联系不上 1 · 没有动静 1',
          `🔴 ${silent} 李先生 联系超时 2 小时 30 分 · 没有动静（张三）`,
          `🔴 ${away} 赵女士 联系超时 2 小时 30 分 · 联系不上（张三）`,
          `🔴 ${fresh} 孙先生 联系超时 1 小时 50 分 · 没及时接单（李四）`,
        ].join('\n')
        wang.sees(`📊 一班 11月24日周二日报（到 18:30）\n${report}`)
        await zhao.says('日报')
        zhao.sees(report)
        await zhang.says('日报')
        zhang.sees('只有派工员和经理能看')
        await wang.says(`为什么超时 ${fresh}`)
        wang.sees(/主要原因：派单 派晚了（今天 14:40 已派单）；联系 没及时接单（今天 14:40 已派单）/)
      })
    })
  },
  { policy, at: '2026-11-24T14:00:00+08:00' },
)

onBoth(
  story => {
    describe('a week', () => {
      it('is reported once, after the holiday its day fell on, and to who rests when he works again', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        const done = await takenOrder(world)
        await zhangSays(world, `完工 ${done} 换电容`, '已完工')
        const late = await takenOrder(world, { name: '李先生' })
        // 国庆 until the 7th: Monday the 5th is not worked.
        await world.until('2026-10-05T09:00:00+08:00')
        expect(world.unseen()).toEqual([])
        await world.until('2026-10-08T09:00:00+08:00')
        wang.sees(
          [
            '📈 一班 9/28–10/4周报（括号里是前一周）',
            '开单 2（0） · 完工 1（0） · 取消 0（0） · 现在未完 1',
            '派单及时 100 % · 联系及时 🔻50 % · 完成及时 🔻50 %，目标 90 %',
            '超时 1 单（0）：没有动静 1',
            '完工：张三 1（超时 1）',
          ].join('\n'),
        )
        zhang.sees(`🌅 今天 1 单，1 单已超时：\n🔴 联系超时 8 天 22 小时 李先生 花园路 不制冷 ${late}`)
        zhao.sees('🌅 早上好，一班今天有 1 单（1 单已超时）')
        await world.forward('10m')
        await zhangSays(world, `完工 ${late} 换主板`, '已完工')

        await rests(world, '王经理', { restDays: [1] })
        await world.until('2026-10-12T09:00:00+08:00')
        await world.until('2026-10-13T08:59:00+08:00')
        expect(world.unseen()).toEqual([])
        await world.until('2026-10-13T09:00:00+08:00')
        const week = [
          '📈 一班 10/5–10/11周报（括号里是前一周）',
          '开单 0（2） · 完工 1（1） · 取消 0（0） · 现在未完 0',
          '没有超时（1）。',
          '完工：张三 1',
        ].join('\n')
        wang.sees(week)
        await zhao.says('周报')
        zhao.sees(week)
      })
    })
  },
  { policy, at: '2026-09-29T09:00:00+08:00' },
)

onBoth(
  story => {
    describe('a service that was away for the night', () => {
      it('sends the morning’s lists once when it is back in time, and none when it is not', async () => {
        const { world } = story
        const { zhang, zhao, wang } = world
        await givenOrder(world)
        await world.until('2026-11-24T18:45:00+08:00')
        wang.sees('11月24日周二日报（到 18:45）')
        await world.until('2026-11-25T08:50:00+08:00')
        zhang.sees('🌅 今天 1 单，1 单已超时')
        zhao.sees('🌅 早上好，一班今天有 1 单')
        await world.forward('10m')
        // A day later after noon: what the morning held and what the evening asked helps nobody any more.
        await world.until('2026-11-26T12:30:00+08:00')
        const lists = await world.db.prisma.jobRun.findMany({
          where: {
            OR: ['digest', 'evening', 'manager', 'weekly'].map(which => ({ job: { startsWith: `${which}:` } })),
          },
          orderBy: { period: 'asc' },
        })
        // What was to be sent before there was a team, last week’s report and the evening list, is not sent to it.
        expect(lists.map(({ job, period }) => `${job.split(':')[0]} ${period}`)).toEqual([
          'manager 2026-11-24',
          'digest 2026-11-25',
        ])
      })
    })
  },
  { policy, at: '2026-11-24T18:00:00+08:00' },
)

import { describe, expect, it } from 'vitest'
import { eachStory, givenOrder, onBoth, type Story } from '../support/shop.ts'

/** A shop that times nothing and watches who comes: R5.1, R5.2's fines, R4.9. */
const policy = `
name: default
version: 1
hours: ["09:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
attendance:
  source: [聊天, 导入]
  roles: 技术员
  late: { perAbsence: 2, absentAfter: "10:00" }
  early: { fine: "10.00" }
  offPost: { fine: "10.00" }
  absence: { fine: "50.00", propose: { running: 3 } }
`

/** 李四 is on leave that day, or asks to be: what the feature for leave writes. */
async function leave({ world, db }: Story, day: string, state: 'asked' | 'granted'): Promise<void> {
  const { id: personId, memberships } = await db.prisma.person.findFirstOrThrow({
    where: { name: '李四' },
    include: { memberships: true },
  })
  const teamId = memberships[0]?.teamId ?? ''
  const leaveId = '00000000-0000-7000-8000-000000000001'
  const span = { type: 'personal', from: 0, to: 1440, share: 10_000 }
  const data = { company: 'main', leaveId, day, teamId, personId, ...span, state }
  const key = { company_leaveId_day: { company: 'main', leaveId, day } }
  await db.prisma.leaveDay.upsert({ where: key, create: data, update: { state } })
  await world.settle()
}

type Month = {
  items: Array<{
    person: { name: string }
    days: Array<{ day: string; text: string; why: string }>
    sums: { late: number; offDuty: number; absent: number; fine: string }
    proposals: Array<{ why: string }>
  }>
}

async function table({ world }: Story, name: string) {
  const { body } = await world.api<Month>('GET', '/attendance?team=一班')
  const found = body.items.find(({ person }) => person.name === name)
  if (!found) throw new Error(`${name} is not in the table: ${JSON.stringify(body)}`)
  return found
}

// Tuesday, 2026-11-24, ten minutes before work.
onBoth(
  story => {
    describe('checking in', () => {
      it('is kept with its arithmetic; the second late is a day off duty, which the manager hears once', async () => {
        const { zhang, li, wang, zhao } = story.world
        await zhang.says('打卡')
        zhang.sees('✅ 08:50 上班打卡已记录，09:00 上班，没有迟到。')
        await story.world.forward('20m')
        await zhang.says('打卡')
        zhang.sees('今天已经到岗了，没有再记。')
        await li.says('到岗')
        li.sees(
          '✅ 09:10 上班打卡已记录。迟到 10 分：09:10 上班打卡，09:00 上班；规定 09:00 以后算迟到，每 2 次算缺勤 1 天。',
        )
        await story.world.until('2026-11-24T17:30:00+08:00')
        await zhang.says('下班')
        zhang.sees('✅ 17:30 下班打卡已记录。18:00 下班，早了 30 分；还回来的话，走时再打一次。')

        await story.world.until('2026-11-25T10:00:00+08:00')
        await li.says('打卡')
        li.sees('迟到 1 小时')
        wang.sees(
          /^⚠️ 李四 2026年11月迟到满 2 次，计缺勤 1 天（规定每 2 次算 1 天）\n11月24日 周二 迟到 10 分.*\n11月25日 周三 迟到 1 小时/,
        )
        await story.world.again()
        await li.says('我的考勤')
        li.sees(/^李四 2026年11月考勤\n到岗 2 天 · 迟到 2 次 · 缺勤 1 天\n迟到 2 次 ÷ 2 = 缺勤 1 天\n/)
        await zhao.says('考勤 张三')
        zhao.sees(/罚款 ¥10.00\n11月24日 周二 早退 30 分：17:30 下班打卡，18:00 下班；罚 ¥10.00/)
        await zhao.says('考勤')
        zhao.sees(
          /^一班 2026年11月考勤\n张三：早退 1（最近一天 未结束）\n李四：迟到 2 · 缺勤 1 天（最近一天 迟到 1 小时）/,
        )
        await zhang.says('考勤 李四')
        zhang.sees('别人的考勤只有派工员和经理能看。')
      })

      it('counts what he reported on the road; a little later it would have been a day off duty', async () => {
        const { world } = story
        const { zhang } = world
        const code = await givenOrder(world)
        await zhang.says(`出发 ${code}`)
        zhang.sees(`✅ ${code} 已出发`)
        await world.until('2026-11-24T10:30:00+08:00')
        await zhang.says('上班打卡')
        zhang.sees('✅ 10:30 上班打卡已记录，09:00 上班，没有迟到。')
        expect((await table(story, '张三')).days.at(-1)).toMatchObject({
          text: '未结束',
          why: expect.stringContaining(`08:50 ${code} 已接单，09:00 上班`),
        })
      })
    })

    describe('a correction', () => {
      it('goes to the manager, is decided once, and the day is judged anew', async () => {
        const { world } = story
        const { zhang, wang, zhao } = world
        await world.until('2026-11-24T10:00:01+08:00')
        await zhang.says('打卡')
        zhang.sees('缺勤 1 天：10:00:01 上班打卡，09:00 上班；规定 10:00 以后到岗算缺勤')
        await zhang.says('补卡 今天上午 手机没电了')
        zhang.sees(/^已提交补卡：11月24日 周二 上班，原因「手机没电了」。.*经理决定后告诉你。$/)
        await zhang.sendsPhoto()
        zhang.sees('📷 已附到补卡 11月24日 周二 上班，共 1 张。')
        wang.sees('补卡：张三')
        wang.cardShows('11月24日 周二 上班', '手机没电了')
        await zhao.says('同意补卡 张三')
        zhao.sees('补卡要由班组的经理来批')
        expect((await table(story, '张三')).sums.offDuty).toBe(1)
        await wang.taps('同意')
        wang.cardShows('已同意')
        zhang.sees('✅ 补卡 11月24日 周二 上班：王经理同意了，考勤已按它重新算。')
        await wang.says('不同意补卡 张三')
        wang.sees('张三没有等着批的补卡。')
        expect(await table(story, '张三')).toMatchObject({ sums: { offDuty: 0 } })
      })

      it('that is refused changes nothing, and may be asked for again', async () => {
        const { zhang, wang } = story.world
        await story.world.until('2026-11-24T09:30:00+08:00')
        await zhang.says('打卡')
        zhang.sees('迟到 30 分')
        await zhang.says('补卡 今天 9:00 堵车')
        zhang.sees('已提交补卡：11月24日 周二 上班 09:00，原因「堵车」')
        wang.sees('补卡：张三')
        await wang.says('不同意补卡 张三')
        wang.sees('没有同意 张三 补卡 11月24日 周二 上班 09:00，已告诉张三。')
        zhang.sees('王经理没有同意')
        expect((await table(story, '张三')).sums.late).toBe(1)
        await zhang.says('补卡 明天')
        zhang.sees('补上班的卡还是下班的卡？')
      })
    })
  },
  { policy, at: '2026-11-24T08:50:00+08:00' },
)

onBoth(
  story => {
    it('check-ins made in the platform’s own app are read every two hours, and a day is judged once it was read', async () => {
      const { world } = story
      const at = (time: string) => `2026-11-24T${time}:00+08:00`
      await world.sandbox.punch({ as: 'zhangsan', at: at('09:20'), kind: 'in' })
      await world.sandbox.punch({ as: 'lisi', at: at('09:00'), kind: 'in', missing: true })
      await world.until(at('17:50'))
      await world.zhang.says('打卡')
      world.zhang.sees('「一班」不在聊天里打卡，没有记录。')
      expect((await table(story, '张三')).days.at(-1)).toMatchObject({ text: '迟到 20 分' })
      await world.until('2026-11-24T22:10:00+08:00')
      expect((await table(story, '李四')).days.at(-1)).toMatchObject({ text: '旷工' })
    })
  },
  { policy: policy.replace('[聊天, 导入]', '平台'), at: '2026-11-24T08:50:00+08:00' },
)

describe('on one platform', () => {
  const story = eachStory({ policy, at: '2026-11-24T08:50:00+08:00' })

  it('who does not come for three days is proposed to the manager once, until leave is granted for one of them', async () => {
    const { world } = story
    const { zhang, wang } = world
    await zhang.says('打卡')
    zhang.sees('没有迟到')
    await leave(story, '2026-11-25', 'asked')
    // The service was down on Wednesday evening: what was missed is looked over with the next day.
    await world.until('2026-11-26T18:29:00+08:00')
    expect((await table(story, '李四')).proposals).toHaveLength(1)
    await world.forward('1m')
    wang.sees(/^⚠️ 李四 连续旷工 3 个工作日（11月24日 周二–11月26日 周四），规定连续 3 天提出辞退。只是提出，由你决定/)
    await world.forward('1h')
    expect(await table(story, '李四')).toMatchObject({ sums: { absent: 3, fine: '150.00' } })
    await leave(story, '2026-11-25', 'granted')
    expect(await table(story, '李四')).toMatchObject({ sums: { absent: 2, fine: '100.00' }, proposals: [] })
    // Taken back, it is as if it had never been.
    await leave(story, '2026-11-25', 'asked')
    expect((await table(story, '李四')).proposals).toHaveLength(1)
  })

  it('off post is entered by the manager, once, and taken back', async () => {
    const { zhang, wang, zhao } = story.world
    await zhang.says('打卡')
    zhang.sees('没有迟到')
    await story.world.until('2026-11-24T15:00:00+08:00')
    await zhao.says('离岗 张三 14:00')
    zhao.sees('离岗要由经理来记，没有记录。')
    await wang.says('离岗 张三 16:00')
    wang.sees('这个时间还没到，没有记录。')
    await wang.says('离岗 张三 14:00')
    wang.sees('✅ 已记离岗：张三 11月24日 周二 离岗：经理 14:00 记的；罚 ¥10.00')
    await wang.says('离岗 张三 14:00')
    wang.sees('之前已经记过')
    await wang.says('撤销离岗 张三 14:00')
    wang.sees('✅ 已撤销离岗：张三 11月24日 周二 未结束')
    await zhao.says('告假 李四')
    zhao.sees('✅ 已记下打电话请假：李四 11月24日 周二 未结束：还没到岗')
  })
})

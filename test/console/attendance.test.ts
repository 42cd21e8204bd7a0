import { expect, it } from 'vitest'
import type { AttendanceDay, AttendanceTable } from '../../src/console/attendancewire.ts'
import { eachStory } from '../support/shop.ts'
import { Asker, managesElsewhere } from './asker.ts'

const policy = `
name: default
version: 1
hours: ["09:00-12:00", "13:00-18:00"]
days: [1, 2, 3, 4, 5]
leave:
  types: [{ name: 事假, deduct: 1 }]
attendance:
  source: [聊天]
  roles: 技术员
  late: { perAbsence: 3 }
  early: { fine: "10.00" }
`

// Tuesday, 24 November 2026.
const story = eachStory({ at: '2026-11-24T09:10:00+08:00', bot: false, policy })

it('a month is a table whose cells say what they come from: check-ins, leave and corrections', async () => {
  const { world } = story
  const { zhang, wang } = world
  await zhang.says('上班打卡')
  zhang.sees('迟到 10 分')
  await zhang.says('补卡 今天上午9点 电梯坏了')
  world.ignore()
  await zhang.says('请假 明天下午 家里有事')
  zhang.sees('请核对')
  await zhang.taps('确认')
  world.ignore()
  await wang.says('批准 假1')
  world.ignore()
  const desk = await Asker.of(world, 'zhaopaigong')
  const team = (await world.db.prisma.team.findFirstOrThrow()).id
  const table = await desk.reads<AttendanceTable>(`/attendance?team=${team}`)
  expect([table.month, table.latest, table.days.length]).toEqual(['2026-11', '2026-11', 30])
  expect(table.days[21]).toEqual({ day: '2026-11-22', weekday: '日', works: false })
  const row = table.people.find(({ name }) => name === '张三')
  expect(row?.cells[23]).toMatchObject({ state: 'late', text: '迟到 10 分' })
  expect(row?.cells[24]).toBeNull()
  expect(row?.sums.join('\n')).toContain('迟到 1 次')

  const day = (person: string | undefined, date = '2026-11-24') =>
    `/attendance/day?team=${team}&person=${person}&day=${date}`
  expect(await desk.reads<AttendanceDay>(day(row?.id))).toMatchObject({
    ...{ name: '张三', text: '迟到 10 分', why: expect.stringContaining('规定 09:00 以后算迟到') },
    ...{ marks: ['09:10:00 上班打卡 · 聊天里'], signs: [], leave: [] },
    corrections: [expect.stringMatching(/补卡 11月24日 周二 上班 09:00：电梯坏了（还没有人批）/)],
  })
  await wang.says('同意补卡 张三')
  world.ignore()
  const after = await desk.reads<AttendanceDay>(day(row?.id))
  expect([after.text, after.corrections[0]]).toEqual([
    expect.stringMatching(/正常|未结束/),
    expect.stringContaining('（王经理同意）'),
  ])
  expect(await desk.refused(day(row?.id, '2026-11-28'))).toEqual([404, '这一天还没有到。'])

  await world.until('2026-11-25T20:00:00+08:00')
  world.ignore()
  const own = await Asker.of(world, 'zhangsan')
  expect((await own.reads<AttendanceDay>(day(row?.id, '2026-11-25'))).leave).toEqual([
    { says: '请假 事假 下午', code: '假1' },
  ])
})

it('a technician sees his own row, and nobody a row of another team', async () => {
  const { world } = story
  const team = (await world.db.prisma.team.findFirstOrThrow()).id
  const own = await Asker.of(world, 'zhangsan')
  const { people } = await own.reads<AttendanceTable>(`/attendance?team=${team}`)
  expect(people.map(({ name }) => name)).toEqual(['张三'])
  const li = (await world.db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })).id
  const day = `/attendance/day?team=${team}&person=${li}&day=2026-11-24`
  expect(await own.refused(day)).toEqual([404, '没有这个人，或者不归你管。'])
  await managesElsewhere(world, '李四')
  const stranger = await Asker.of(world, 'lisi')
  expect(await stranger.refused(`/attendance?team=${team}`)).toEqual([404, '没有这个班组，或者不归你管。'])
  expect(await own.refused(`/attendance?team=${team}&month=2027-01`)).toEqual([422, '2027-01 还没有开始。'])
})

import { expect, it } from 'vitest'
import type { LeaveCalendar, LeaveDetails, LeaveWaiting } from '../../src/console/leavewire.ts'
import { onBoth } from '../support/shop.ts'
import { Asker } from './asker.ts'

const path = `/leave/requests/${encodeURIComponent('假1')}`

const there = `
name: default
version: 1
days: [1, 2, 3, 4, 5]
calendar: { holidays: china }
clocks:
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 30d }
leave:
  decide: 平台审批
  types: [{ name: 事假, deduct: 1 }]
`

onBoth(
  story => {
    it('where the platform’s own approval decides, the page says where, and offers nothing that could not work', async () => {
      const { world } = story
      const { zhang, wang } = world
      await zhang.says('请假 明天 家里有事')
      zhang.sees('请核对')
      await zhang.says('确认')
      zhang.sees(/已提交 假1[\s\S]*等王经理批/)
      wang.sees('假1 · 张三')
      const desk = await Asker.of(world, 'wangjingli')
      const app = world.on.includes('dingtalk') ? '钉钉「审批」' : '企业微信「审批」'
      const { mine } = await desk.reads<LeaveWaiting>('/leave/waiting')
      const [approval] = world.sandbox.state().approvals
      expect(mine).toMatchObject([
        {
          ...{ code: '假1', acts: [], stateName: `已送${app}，等王经理批` },
          elsewhere: { app, number: expect.any(String), says: `假1 在${app}里批，请到那里点；结果会自动同步到这里。` },
        },
      ])
      expect(await desk.refused(path, { act: 'approve', version: mine[0]?.version })).toEqual([
        409,
        `假1 在${app}里批，请到那里点，结果会自动同步过来。`,
      ])
      await world.sandbox.approval({ id: approval?.id ?? '', as: 'wangjingli', do: 'approve' })
      await world.settle()
      world.ignore()
      // A month with a statutory holiday and the workday that makes up for it.
      const { id: team } = await world.db.prisma.team.findFirstOrThrow()
      const october = await desk.reads<LeaveCalendar>(`/leave/calendar?team=${team}&month=2026-10`)
      const on = (day: string) => october.days.find(one => one.day === day)
      expect(on('2026-10-01')).toMatchObject({ kind: 'holiday', why: '国庆放假' })
      expect(on('2026-10-10')).toMatchObject({ kind: 'makeup', why: '国庆补班(按周一)' })
      expect(on('2026-10-11')).toMatchObject({ weekday: '日', kind: 'rest', why: '周日' })
      expect(on('2026-10-12')).toEqual({ day: '2026-10-12', weekday: '一', kind: 'work', why: null })
      const after = await desk.reads<LeaveDetails>(path)
      expect([after.state, after.stateName]).toEqual(['granted', '已批准 · 王经理'])
      const own = await Asker.of(world, 'zhangsan')
      expect((await own.reads<LeaveDetails>(path)).acts).toEqual([])
      expect(await own.refused(path, { act: 'cancel', version: after.version })).toEqual([
        409,
        expect.stringContaining('请到那里撤销，这里会自动跟着改'),
      ])
    })
  },
  { policy: there },
)

import { describe, expect, it } from 'vitest'
import type { AppApi } from '../../../src/platforms/wecom/api.ts'
import { Checkins, readCheckin } from '../../../src/platforms/wecom/checkin.ts'
import { live } from '../live.ts'

const at = (time: string) => new Date(`2026-11-19T${time}:00+08:00`)
const record = (more: object = {}) => ({
  ...{ userid: 'ZhangSan', checkin_type: '上班打卡', exception_type: '', checkin_time: at('08:25').getTime() / 1_000 },
  ...{ sch_checkin_time: at('08:30').getTime() / 1_000, location_title: '公司', timeline_id: 1, ...more },
})

describe('readCheckin', () => {
  it.each([
    ['', []],
    ['时间异常', []],
    ['地点异常;wifi异常', ['place']],
    ['非常用设备', ['device']],
    ['未打卡', ['missing']],
  ])('takes %s for %j', (exception_type, flags) => {
    expect(readCheckin(record({ exception_type }))?.flags).toEqual(flags)
  })

  it.each([
    ['上班打卡', 'in'],
    ['下班打卡', 'out'],
    ['外出打卡', 'outside'],
    ['仅记录打卡时间和位置', 'outside'],
  ])('takes %s for %s', (checkin_type, kind) => {
    expect(readCheckin(record({ checkin_type }))?.kind).toBe(kind)
  })

  it('puts a missing one where it should have been, by the same name each time', () => {
    const missing = readCheckin(record({ exception_type: '未打卡' }))
    expect(missing).toMatchObject({ userId: 'zhangsan', at: at('08:30'), scheduledAt: at('08:30') })
    expect(readCheckin(record({ exception_type: '未打卡' }))?.id).toBe(missing?.id)
    expect(readCheckin(record())?.id).not.toBe(missing?.id)
  })

  it('does not stumble over what it cannot read', () => {
    expect([readCheckin(null), readCheckin({ userid: 'x' }), readCheckin('x')]).toEqual([null, null, null])
  })
})

describe('check-ins of WeCom', () => {
  it('are read for whom and when they were asked for', async () => {
    const { sandbox, platform, clock, calls, close } = await live('wecom')
    await sandbox.punch({ as: 'zhangsan', at: at('08:25').toISOString(), kind: 'in' })
    await sandbox.punch({ as: 'zhangsan', at: at('18:00').toISOString(), kind: 'out', missing: true })
    await sandbox.punch({ as: 'lisi', at: at('09:10').toISOString(), kind: 'outside', place: '和平路 1 号' })
    await sandbox.punch({ as: 'wangjingli', at: at('09:00').toISOString(), kind: 'in' })
    const read = (from: Date, to: Date) => platform.attendance?.punches(['zhangsan', 'lisi'], from, to)
    expect(await read(at('00:00'), clock.now())).toEqual(
      [
        ...[{ userId: 'zhangsan', at: at('08:25'), kind: 'in', scheduledAt: at('08:30'), place: '公司', flags: [] }],
        ...[{ userId: 'lisi', at: at('09:10'), kind: 'outside', place: '和平路 1 号', flags: [] }],
        ...[{ userId: 'zhangsan', at: at('18:00'), kind: 'out', scheduledAt: at('18:00'), flags: ['missing'] }],
      ].map(punch => expect.objectContaining(punch)),
    )
    expect(await read(at('09:00'), at('10:00'))).toHaveLength(1)
    const before = calls('POST /cgi-bin/checkin/getcheckindata')
    expect(await read(new Date(clock.now().getTime() - 61 * 86_400_000), clock.now())).toHaveLength(3)
    expect(calls('POST /cgi-bin/checkin/getcheckindata') - before).toBe(3)
    const withOneWhoLeft = ['zhangsan', 'gone', 'lisi']
    expect(await platform.attendance?.punches(withOneWhoLeft, at('00:00'), clock.now())).toHaveLength(3)
    await close()
  })

  it('are asked for 100 people at once at most', async () => {
    const asked: string[][] = []
    const post = async (_: string, body: { useridlist: string[] }) => {
      asked.push(body.useridlist)
      return { errcode: 0, errmsg: 'ok', checkindata: [] }
    }
    const people = Array.from({ length: 205 }, (_, nth) => `u${nth}`)
    await new Checkins({ post } as unknown as AppApi).punches(people, at('00:00'), at('10:00'))
    expect(asked.map(list => list.length)).toEqual([100, 100, 5])
    expect(asked.flat()).toEqual(people)
  })
})

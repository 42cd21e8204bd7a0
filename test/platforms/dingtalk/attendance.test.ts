import { describe, expect, it } from 'vitest'
import { readResult } from '../../../src/platforms/dingtalk/attendance.ts'
import { live } from '../live.ts'

const at = (time: string) => new Date(`2026-11-19T${time}:00+08:00`)
const result = (more: object = {}) => ({
  ...{ id: 101135139831, userId: 'u1', checkType: 'OnDuty', timeResult: 'Late', locationResult: 'Normal' },
  ...{ baseCheckTime: at('08:30').getTime(), userCheckTime: at('08:45').getTime(), ...more },
})

describe('readResult', () => {
  it.each([
    [{}, { at: at('08:45'), scheduledAt: at('08:30'), kind: 'in', flags: [] }],
    [
      { checkType: 'OffDuty', locationResult: 'Outside' },
      { kind: 'out', flags: ['place'] },
    ],
    [
      { timeResult: 'NotSigned', locationResult: 'NotSigned' },
      { at: at('08:30'), flags: ['missing'] },
    ],
  ])('takes %j for %j', (more, punch) => {
    expect(readResult(result(more))).toMatchObject({ userId: 'u1', id: '101135139831', ...punch })
  })

  it('does not stumble over what it cannot read', () => {
    const unread = [null, {}, result({ checkType: 'Lunch' }), result({ baseCheckTime: null, userCheckTime: null })]
    expect(unread.map(readResult)).toEqual([null, null, null, null])
  })
})

describe('check-ins of DingTalk', () => {
  it('are read for whom and when they were asked for', async () => {
    const { sandbox, platform, close } = await live('dingtalk')
    for (const as of ['zhangsan', 'lisi']) await sandbox.switch({ as, platform: 'dingtalk' })
    await sandbox.punch({ as: 'zhangsan', at: at('08:25').toISOString(), kind: 'in' })
    await sandbox.punch({ as: 'lisi', at: at('08:40').toISOString(), kind: 'in', place: '和平路' })
    await sandbox.punch({ as: 'zhangsan', at: at('18:00').toISOString(), kind: 'out', missing: true })
    const read = (from: Date, to: Date) => platform.attendance?.punches(['Dd7002zhang', 'Dd7003li', 'gone'], from, to)
    const day = await read(at('00:00'), at('23:59'))
    expect(day).toEqual(
      [
        { userId: 'Dd7002zhang', at: at('08:25'), kind: 'in', scheduledAt: at('08:30'), flags: [] },
        { userId: 'Dd7003li', at: at('08:40'), kind: 'in', scheduledAt: at('08:30'), flags: ['place'] },
        { userId: 'Dd7002zhang', at: at('18:00'), kind: 'out', scheduledAt: at('18:00'), flags: ['missing'] },
      ].map(punch => expect.objectContaining(punch)),
    )
    expect(await read(at('00:00'), at('23:59'))).toEqual(day)
    expect(await read(at('08:30'), at('09:00'))).toHaveLength(1)
    await close()
  })
})

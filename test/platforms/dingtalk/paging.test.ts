import { describe, expect, it } from 'vitest'
import { LeaveApprovals } from '../../../src/platforms/dingtalk/approvals.ts'
import { CheckResults } from '../../../src/platforms/dingtalk/attendance.ts'
import { LeaveProcess } from '../../../src/platforms/dingtalk/leaveprocess.ts'
import { benches, ok } from './help.ts'

const bench = benches()
const listCall = 'POST /attendance/list'
const idsCall = 'POST /v1.0/workflow/processes/instanceIds/query'
const day = (date: string) => new Date(`2026-11-${date}T00:00:00+08:00`)
const result = (id: number) => ({
  ...{ id, userId: 'u1', checkType: 'OnDuty', timeResult: 'Normal', locationResult: 'Normal' },
  ...{ baseCheckTime: day('19').getTime(), userCheckTime: day('19').getTime() },
})

describe('check-ins of DingTalk', () => {
  it('are asked for seven days, 50 people and 50 results at once at most', async () => {
    const { api, hosts } = bench()
    const page = Array.from({ length: 50 }, (_, nth) => result(nth))
    const none = ok({ errcode: 0, recordresult: [], hasMore: false })
    hosts.answer(listCall, ok({ errcode: 0, recordresult: page, hasMore: true }), none)
    const people = Array.from({ length: 51 }, (_, nth) => `u${nth}`)
    expect(await new CheckResults(api).punches(people, day('19'), day('28'))).toHaveLength(50)
    const asked = hosts.of(listCall).map(({ body }): Record<string, unknown> => ({ ...body }))
    const seen = asked.map(({ workDateFrom: from, workDateTo: to, offset, userIdList: list }) => [
      ...[from, to, offset, Array.isArray(list) ? list.length : 0],
    ])
    expect(seen).toEqual([
      ['2026-11-18 00:00:00', '2026-11-24 00:00:00', 0, 50],
      ['2026-11-18 00:00:00', '2026-11-24 00:00:00', 50, 50],
      ['2026-11-18 00:00:00', '2026-11-24 00:00:00', 0, 1],
      ['2026-11-25 00:00:00', '2026-11-27 00:00:00', 0, 50],
      ['2026-11-25 00:00:00', '2026-11-27 00:00:00', 0, 1],
    ])
  })
})

describe('the list of requests', () => {
  it('is read 120 days and 20 ids at once, no more than a year back', async () => {
    const { api, hosts, clock, log, store } = bench()
    const list = (ids: string[], nextToken?: string) =>
      ok({ success: true, result: { list: ids, ...(nextToken && { nextToken }) } })
    hosts.answer(idsCall, list(['a', 'b'], '20'), list(['c']))
    const process = new LeaveProcess('PROC-1', api, { store, clock, log }, 'app')
    const approvals = new LeaveApprovals(process, api, { store, clock, log }, 'app')
    const now = clock.now()
    expect(await approvals.submitted(new Date(now.getTime() - 500 * 86_400_000), now)).toEqual(['a', 'b', 'c'])
    const asked = hosts.of(idsCall).map(({ body }): Record<string, unknown> => ({ ...body }))
    expect(
      asked.map(({ startTime, endTime, nextToken }) => [(Number(endTime) - Number(startTime)) / 86_400_000, nextToken]),
    ).toEqual([
      ...[
        [120, 0],
        [120, 20],
        [120, 0],
        [120, 0],
        [5, 0],
      ],
    ])
    expect(asked[0]).toMatchObject({ processCode: 'PROC-1', maxResults: 20 })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Permanent } from '../../../src/errors.ts'
import type { Approvals } from '../../../src/platforms/platform.ts'
import type { AppApi } from '../../../src/platforms/wecom/api.ts'
import { LeaveApprovals } from '../../../src/platforms/wecom/approvals.ts'
import { dayInHours, type Live, leaveOf, live, spans, twoHours } from '../live.ts'
import { frozenClock, keptLog, memoryTokens } from './help.ts'

const leave = leaveOf({ zhang: 'zhangsan', wang: 'wangjingli', zhao: 'zhaopaigong' })
const applyCall = 'POST /cgi-bin/oa/applyevent'

describe('leave in WeCom’s own approval', () => {
  let world: Live
  let approvals: Approvals
  beforeEach(async () => {
    world = await live('wecom')
    if (!world.platform.approvals) throw new Error('approvals are configured')
    approvals = world.platform.approvals
  })
  afterEach(() => world.close())

  const act = async (id: string, as: string, did: Parameters<typeof world.sandbox.approval>[0]['do'], words = '') => {
    await world.sandbox.approval({ id, as, do: did, words })
    return approvals.read(id)
  }

  it('is asked for with our own steps, and heard of', async () => {
    const { id } = await approvals.submit(leave({ approvers: [['wangjingli', 'zhaopaigong'], ['lisi']] }))
    await world.sandbox.idle()
    expect(world.sandbox.state().approvals).toEqual([
      expect.objectContaining({
        ...{ platform: 'wecom', id, applicant: 'zhangsan', status: 'pending', title: '张三提交的请假' },
        ...{ deciders: ['wangjingli', 'zhaopaigong'], lines: ['事假 11-25上午 至 11-25下午，1 天', '家里有事'] },
      }),
    ])
    expect(world.heard).toMatchObject([
      { said: { kind: 'event', event: 'approval', name: 'sys_approval_change', detail: { id } } },
    ])
    expect(await act(id, 'zhaopaigong', 'approve')).toMatchObject({ status: 'pending', decidedBy: 'zhaopaigong' })
    expect(world.sandbox.state().approvals[0]?.deciders).toEqual(['lisi'])
    expect(await act(id, 'lisi', 'approve', '去吧')).toMatchObject({
      status: 'approved',
      decidedBy: 'lisi',
      words: '去吧',
    })
    expect(world.told()).toEqual([id, id, id])
    expect(new Set(world.heard.map(({ key }) => key)).size).toBe(3)
  })

  it.each(spans)('comes back as it was asked for: %s', async (_, span) => {
    const { id } = await approvals.submit(leave(span))
    const { from, to } = span
    expect(await approvals.read(id)).toEqual({
      ...{ id, status: 'pending', applicant: 'zhangsan', submittedAt: world.clock.now() },
      form: { type: '事假', from, to, reason: '家里有事' },
    })
  })

  it('goes by hours where the template does, and says so where it does not', async () => {
    const refused = await world.failure(approvals.submit(leave(twoHours)))
    expect(refused).toMatchObject({ code: 'approval-refused', message: expect.stringContaining('不能按小时请') })
    expect(world.calls(applyCall)).toBe(0)
    await approvals.submit(leave({ ...dayInHours, id: 'leave-2' }))
    world.sandbox.editTemplate({ unit: 'hour' })
    const { id } = await approvals.submit(leave({ ...twoHours, id: 'leave-3', applicant: 'lisi' }))
    expect(await approvals.read(id)).toMatchObject({ form: { from: twoHours.from, to: twoHours.to } })
  })

  it('reads what became of it', async () => {
    const asked = async (nth: number) => {
      const at = (date: number) => new Date(Date.UTC(2026, 10, date - 1, 16))
      return (await approvals.submit(leave({ id: `leave-${nth}`, from: at(nth), to: at(nth + 1) }))).id
    }
    expect(await act(await asked(1), 'wangjingli', 'reject', '人手不够')).toMatchObject({
      ...{ status: 'rejected', decidedBy: 'wangjingli', words: '人手不够' },
    })
    expect(await act(await asked(2), 'zhangsan', 'withdraw')).toMatchObject({ status: 'withdrawn' })
    const id = await asked(3)
    await act(id, 'wangjingli', 'approve')
    expect(await act(id, 'zhangsan', 'revoke')).toMatchObject({ status: 'revoked' })
    expect(await act(await asked(4), 'wangjingli', 'delete')).toMatchObject({ status: 'deleted' })
    expect(await approvals.read('202611200099')).toBeNull()
    expect(await approvals.withdraw(id, 'zhangsan', '')).toBe(false)
    expect(await approvals.submitted(new Date('2026-09-01'), new Date('2026-12-01'))).toHaveLength(4)
    expect(await approvals.submitted(new Date('2026-09-01'), new Date('2026-11-19'))).toEqual([])
  })

  it('is refused in words for who asked', async () => {
    await approvals.submit(leave())
    const twice = await world.failure(approvals.submit(leave({ id: 'leave-2' })))
    expect(twice).toMatchObject({ code: 'approval-refused', message: expect.stringContaining('已经有一张') })
    const strange = await world.failure(approvals.submit(leave({ id: 'leave-3', type: '探亲假' })))
    expect(strange).toMatchObject({
      code: 'approval-refused',
      message: expect.stringMatching(/没有「探亲假」.*年假、事假/),
    })
    const nobody = leave({ id: 'leave-4', approvers: [['nobody']] })
    expect(await world.failure(approvals.submit(nobody))).toMatchObject({ code: 'approval-refused' })
    expect(world.platform.problems()).toEqual([])
  })

  it('finds its way in a template that was edited', async () => {
    const at = { from: new Date('2026-11-26T16:00:00Z'), to: new Date('2026-11-27T16:00:00Z') }
    await approvals.submit(leave())
    world.sandbox.editTemplate({ vacationId: 'vacation-2', reasonId: 'item-2' })
    const { id } = await approvals.submit(leave({ id: 'leave-2', ...at }))
    expect(await approvals.read(id)).toMatchObject({ status: 'pending' })
    expect(world.calls('POST /cgi-bin/oa/gettemplatedetail')).toBe(2)
  })

  it('tells the operator of a template that only people can fill in, until it is mended', async () => {
    world.sandbox.editTemplate({ extra: '紧急联系人' })
    expect(await world.failure(approvals.submit(leave()))).toMatchObject({ code: 'bad-template' })
    expect(world.platform.problems()).toMatchObject([
      { code: 'bad-template', what: expect.stringContaining('紧急联系人') },
    ])
    world.sandbox.editTemplate({ extra: undefined })
    await approvals.submit(leave())
    expect(world.platform.problems()).toEqual([])
  })

  it.each([
    [301055, 'no-permission', true],
    [301056, 'approvals-off', true],
    [301057, 'busy', false],
    [48002, 'no-permission', true],
  ])('says what to do about %i', async (errcode, code, shown) => {
    world.sandbox.fail({ api: 'oa/applyevent', errcode })
    expect(await world.failure(approvals.submit(leave()))).toMatchObject({ code })
    expect(world.platform.problems().map(problem => problem.code)).toEqual(shown ? [code] : [])
  })

  it('is one request, however often and whatever is lost', async () => {
    world.sandbox.fail({ api: 'oa/applyevent', times: 1, dropAfterCommit: true })
    expect(await world.failure(approvals.submit(leave()))).toMatchObject({ code: 'unreachable' })
    const { id } = await approvals.submit(leave())
    expect(await approvals.submit(leave())).toEqual({ id })
    expect(world.sandbox.state().approvals.map(one => one.id)).toEqual([id])
    expect(world.calls(applyCall)).toBe(1)
  })

  it('may be asked for again after it was refused', async () => {
    world.sandbox.fail({ api: 'oa/applyevent', times: 1, errcode: 301079 })
    await world.failure(approvals.submit(leave()))
    const { id } = await approvals.submit(leave())
    expect(world.sandbox.state().approvals.map(one => one.id)).toEqual([id])
    expect(world.calls('POST /cgi-bin/oa/getapprovalinfo')).toBe(0)
  })
})

describe('the list of requests', () => {
  const dayMs = 86_400_000
  type Body = { starttime: string; endtime: string; new_cursor: string }
  function listed(answer: (body: Body) => object) {
    const asked: Body[] = []
    const post = async (_: string, body: Body) => {
      asked.push(body)
      return { errcode: 0, errmsg: 'ok', ...answer(body) }
    }
    const deps = { store: memoryTokens(), clock: frozenClock(), log: keptLog() }
    return { asked, approvals: new LeaveApprovals('T1', { post } as unknown as AppApi, deps, 'app') }
  }
  const widthOf = ({ starttime, endtime }: Body) => (Number(endtime) - Number(starttime)) / 86_400
  const now = new Date('2026-11-20T02:00:00Z')

  it('is read 31 days at once, page by page', async () => {
    const { asked, approvals } = listed(({ new_cursor: cursor }) =>
      cursor === '' ? { sp_no_list: ['2', '1'], new_next_cursor: 'c2' } : { sp_no_list: ['3'] },
    )
    expect(await approvals.submitted(new Date(now.getTime() - 70 * dayMs), now)).toEqual(['1', '2', '3'])
    expect(asked.map(body => [widthOf(body), body.new_cursor])).toEqual([
      ...[31, 31, 8].flatMap(width => [
        [width, ''],
        [width, 'c2'],
      ]),
    ])
    expect(asked[0]).toMatchObject({ size: 100, filters: [{ key: 'template_id', value: 'T1' }] })
  })

  it('is read in halves where there is too much', async () => {
    const { asked, approvals } = listed(body => {
      if (widthOf(body) > 8) throw new Permanent('too-wide', 'oa/getapprovalinfo: errcode 301112')
      return { sp_no_list: [body.starttime] }
    })
    expect(await approvals.submitted(new Date(now.getTime() - 16 * dayMs), now)).toHaveLength(2)
    expect(asked.map(widthOf)).toEqual([16, 8, 8])
  })
})

describe('without a template', () => {
  it('there are no approvals, and those of others are nobody’s business', async () => {
    const world = await live('wecom', ({ wecom, ...rest }) => {
      if (!wecom) throw new Error('the sandbox configures WeCom')
      const { leaveTemplate: _, checkin: _c, ...bare } = wecom
      return { ...rest, wecom: bare }
    })
    expect([world.platform.approvals, world.platform.attendance]).toEqual([undefined, undefined])
    await world.close()
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Approvals } from '../../../src/platforms/platform.ts'
import { type Live, leaveOf, live, spans, twoHours } from '../live.ts'

const leave = leaveOf({ zhang: 'Dd7002zhang', wang: 'Dd7004wang', zhao: 'Dd7001zhao' })
const flows = '/v1.0/workflow'
const startCall = `POST ${flows}/processInstances`
const formCall = `POST ${flows}/forms`
const terminateCall = `POST ${flows}/processInstances/terminate`

describe('leave in DingTalk’s own approval', () => {
  let world: Live
  let approvals: Approvals
  beforeEach(async () => {
    world = await live('dingtalk')
    if (!world.platform.approvals) throw new Error('approvals are configured')
    approvals = world.platform.approvals
  })
  afterEach(() => world.close())

  const act = async (id: string, as: string, did: Parameters<typeof world.sandbox.approval>[0]['do'], words = '') => {
    await world.sandbox.approval({ id, as, do: did, words })
    return approvals.read(id)
  }
  const deciders = () => world.sandbox.state().approvals[0]?.deciders

  it('is asked for with our own steps, and heard of when it is decided', async () => {
    const { id } = await approvals.submit(leave({ approvers: [['Dd7004wang', 'Dd7001zhao'], ['Dd7003li']] }))
    await world.sandbox.idle()
    expect(world.sandbox.state().approvals).toEqual([
      expect.objectContaining({
        ...{ platform: 'dingtalk', id, applicant: 'zhangsan', status: 'pending', title: '张三提交的维修人员请假' },
        ...{ deciders: ['wangjingli', 'zhaopaigong'] },
        lines: ['事假', '2026-11-25 00:00 至 2026-11-25 23:59', '家里有事'],
      }),
    ])
    expect(await act(id, 'zhaopaigong', 'approve')).toMatchObject({ status: 'pending', decidedBy: 'Dd7001zhao' })
    expect(deciders()).toEqual(['lisi'])
    expect(await act(id, 'lisi', 'approve', '去吧')).toMatchObject({
      ...{ status: 'approved', decidedBy: 'Dd7003li', words: '去吧' },
    })
    expect(world.told()).toEqual([id, id])
    expect(new Set(world.heard.map(({ key }) => key)).size).toBe(2)
  })

  it.each([...spans, ['two hours', twoHours] as const])('comes back as it was asked for: %s', async (_, span) => {
    const { id } = await approvals.submit(leave(span))
    const { from, to } = span
    expect(await approvals.read(id)).toEqual({
      ...{ id, status: 'pending', applicant: 'Dd7002zhang', submittedAt: world.clock.now() },
      form: { type: '事假', from, to, reason: '家里有事' },
    })
  })

  it('reads what became of it; what takes it back is answered with the request itself', async () => {
    const asked = async (nth: number) => (await approvals.submit(leave({ id: `leave-${nth}` }))).id
    expect(await act(await asked(1), 'wangjingli', 'reject', '人手不够')).toMatchObject({
      ...{ status: 'rejected', decidedBy: 'Dd7004wang', words: '人手不够' },
    })
    expect(await act(await asked(2), 'zhangsan', 'withdraw')).toMatchObject({ status: 'withdrawn' })
    const id = await asked(3)
    await act(id, 'wangjingli', 'approve')
    expect(await act(id, 'zhangsan', 'revoke')).toMatchObject({ id, status: 'revoked', applicant: 'Dd7002zhang' })
    const revoking = world.told().at(-1) ?? ''
    expect(revoking).not.toBe(id)
    expect(await approvals.read(revoking)).toMatchObject({ id, status: 'revoked' })
    expect(await act(await asked(4), 'wangjingli', 'delete')).toBeNull()
    expect(await approvals.submitted(new Date('2026-09-01'), new Date('2026-12-01'))).toHaveLength(4)
    expect(await approvals.submitted(new Date('2026-09-01'), new Date('2026-11-19'))).toEqual([])
  })

  it('is taken back, but not at once, nor once it is decided', async () => {
    const { id } = await approvals.submit(leave())
    const early = await world.failure(approvals.withdraw(id, 'Dd7002zhang', '不请了'))
    expect(early).toMatchObject({ code: 'too-early', retryAfterMs: 15_000 })
    world.clock.forward(16_000)
    world.sandbox.fail({ api: terminateCall, times: 1, code: 'internalError', message: '您没有任务处理的权限' })
    expect(await approvals.withdraw(id, 'Dd7002zhang', '不请了')).toBe(false)
    expect(world.platform.problems()).toMatchObject([{ code: 'not-allowed', fix: expect.stringContaining('高级设置') }])
    for (const _ of [1, 2]) expect(await approvals.withdraw(id, 'Dd7002zhang', '不请了')).toBe(true)
    expect(await approvals.read(id)).toMatchObject({ status: 'withdrawn', words: '不请了' })
    const other = await approvals.submit(leave({ id: 'leave-2' }))
    await act(other.id, 'wangjingli', 'approve')
    expect(await approvals.withdraw(other.id, 'Dd7002zhang', '')).toBe(false)
    expect(await approvals.withdraw('gone', 'Dd7002zhang', '')).toBe(true)
  })

  it('makes its form once, and gives it the types it lacks', async () => {
    await approvals.submit(leave())
    await approvals.submit(leave({ id: 'leave-2', type: '病假' }))
    expect(world.calls(formCall)).toBe(1)
    await approvals.submit(leave({ id: 'leave-3', type: '育儿假' }))
    await approvals.submit(leave({ id: 'leave-4', type: '育儿假' }))
    expect(world.calls(formCall)).toBe(2)
  })

  it('finds its form by its name when nobody remembers it', async () => {
    await approvals.submit(leave())
    const again = await live('dingtalk')
    again.store.kept.clear()
    await again.platform.approvals?.submit(leave())
    again.sandbox.fail({ api: startCall, times: 1, code: 'processCodeError', message: '模板已被删除' })
    const made = await again.platform.approvals?.submit(leave({ id: 'leave-2' }))
    expect(await again.platform.approvals?.read(made?.id ?? '')).toMatchObject({ status: 'pending' })
    expect(again.calls(`GET ${flows}/processCentres/schemaNames/processCodes`)).toBe(1)
    await again.close()
  })

  it.each([
    ['processInstanceInvalidParameter', 'approval-refused', /账号绑定/],
    ['invalidParameter', 'approval-refused', /没有接受/],
    ['processInstanceStartFailed', 'bad-form', /processInstanceStartFailed/],
    ['needAuth', 'no-permission', /needAuth/],
    ['Forbidden.AccessDenied.ApiCountLimitForOrg', 'quota', /allowance/],
  ])('says what %s means', async (code, meant, words) => {
    world.sandbox.fail({ api: startCall, times: 1, code, message: '不行' })
    expect(await world.failure(approvals.submit(leave()))).toMatchObject({
      ...{ code: meant, message: expect.stringMatching(words) },
    })
  })

  it('is one request, however often and whatever is lost', async () => {
    world.sandbox.fail({ api: startCall, times: 1, dropAfterCommit: true })
    expect(await world.failure(approvals.submit(leave()))).toMatchObject({ code: 'unreachable' })
    const { id } = await approvals.submit(leave())
    expect(await approvals.submit(leave())).toEqual({ id })
    expect(world.sandbox.state().approvals.map(one => one.id)).toEqual([id])
    expect(world.calls(startCall)).toBe(1)
  })

  it('is written into the attendance, and taken out', async () => {
    const written = (unit: object) => approvals.record?.({ ...leave(), ...unit })
    for (const [, span] of [...spans, ['', twoHours] as const]) await written(span)
    const bodies = world.sandbox.log().filter(({ what }) => what.endsWith('/approvals/finish'))
    const times = bodies.map(({ raw }) => [...raw.matchAll(/"(?:from|to)Time":"([^"]+)"/g)].map(([, time]) => time))
    expect(times).toEqual([
      ['2026-11-25', '2026-11-25'],
      ['2026-11-25', '2026-11-27'],
      ['2026-11-25 AM', '2026-11-25 AM'],
      ['2026-11-25 PM', '2026-11-25 PM'],
      ['2026-11-25 PM', '2026-11-26 PM'],
      ['2026-11-25 09:00', '2026-11-25 11:00'],
    ])
    await approvals.unrecord?.('leave-1', 'Dd7002zhang')
    const long = { to: new Date('2027-03-01T00:00:00+08:00') }
    expect(await world.failure(written(long) ?? Promise.resolve())).toMatchObject({ code: 'not-recorded' })
  })
})

describe('events of approvals', () => {
  it('come over HTTP as well, and only those of our form', async () => {
    const { sandbox, platform, heard, told, close } = await live(
      'dingtalk',
      ({ dingtalk, ...rest }, { dingtalk: ding }) => {
        if (!dingtalk) throw new Error('the sandbox configures DingTalk')
        const { eventToken, eventAesKey } = ding.credentials
        const receive = { mode: 'http' as const, events: { tokens: [eventToken], aesKeys: [eventAesKey] } }
        return { ...rest, dingtalk: { ...dingtalk, receive } }
      },
    )
    const event = { processInstanceId: 'i1', processCode: 'PROC-OTHER', type: 'finish' }
    await sandbox.dingtalk.event('bpms_instance_change', event)
    const { id } = (await platform.approvals?.submit(leave())) ?? { id: '' }
    await sandbox.idle()
    await sandbox.dingtalk.event('bpms_instance_change', event)
    expect(told()).toEqual([id])
    expect(heard.map(({ said }) => said.kind === 'event' && said.event)).toEqual(['other', 'approval', 'other'])
    await close()
  })

  it('are of a form the operator named', async () => {
    const { sandbox, platform, told, close } = await live('dingtalk', ({ dingtalk, ...rest }) => {
      if (!dingtalk) throw new Error('the sandbox configures DingTalk')
      return { ...rest, dingtalk: { ...dingtalk, leaveProcess: 'PROC-OWN', checkin: false } }
    })
    await sandbox.dingtalk.event('bpms_instance_change', { processInstanceId: 'i1', processCode: 'PROC-OWN' })
    expect(told()).toEqual(['i1'])
    expect(platform.attendance).toBeUndefined()
    await expect(platform.approvals?.submit(leave())).rejects.toMatchObject({ code: 'no-form' })
    expect(platform.problems()).toMatchObject([{ code: 'no-form', fix: expect.stringContaining('PROCESS_CODE') }])
    await close()
  })
})

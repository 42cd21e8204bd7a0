import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SandboxState } from '../../src/sandbox/wire.ts'
import { makeWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await makeWorld()
})
afterEach(() => world.stop())

/** 2026-01-16 00:00 in China. */
const friday = 1_768_492_800
const half = 43_200
const hour = 3_600
const vacation = (range: object = {}, key: unknown = '2') => ({
  ...{ control: 'Vacation', id: 'vacation-1563793073898' },
  value: {
    vacation: {
      selector: { type: 'single', options: [{ key, value: [{ text: '事假', lang: 'zh_CN' }] }] },
      attendance: {
        date_range: { type: 'halfday', new_begin: friday, new_end: friday + half, new_duration: 86_400, ...range },
        type: 1,
      },
    },
  },
})
const reason = { control: 'Textarea', id: 'item-1497581426169', value: { text: '家中有事' } }
const summary = (text: string, lang = 'zh_CN') => [{ summary_info: [{ text, lang }] }]
const nodes = (...node_list: object[]) => ({ process: { node_list } })
const manager = { type: 1, apv_rel: 2, userid: ['wangjingli'] }
const application = (more: Record<string, unknown> = {}) => ({
  ...{ creator_userid: 'zhangsan', template_id: world.sandbox.credentials.leaveTemplateId, use_template_approver: 0 },
  ...nodes(manager, { type: 2, userid: ['zhaopaigong'] }),
  ...{ apply_data: { contents: [vacation(), reason] }, summary_list: summary('张三 事假 1天') },
  ...more,
})
const apply = (more?: Record<string, unknown>) => world.api('oa/applyevent', application(more))
const contents = (...list: unknown[]) => ({ apply_data: { contents: list } })

describe('oa/applyevent', () => {
  it('numbers requests by the day, and tells the app as the app 审批 does', async () => {
    expect(await apply()).toEqual({ errcode: 0, errmsg: 'ok', sp_no: '202601150001' })
    expect(await apply({ creator_userid: 'LISI' })).toMatchObject({ sp_no: '202601150002' })
    await world.sandbox.idle()
    expect(world.heard[0]).toMatchObject({
      ...{ FromUserName: 'sys', Event: 'sys_approval_change', AgentID: '3010040' },
      ApprovalInfo: {
        ...{ SpNoStr: '202601150001', SpStatus: '1', StatuChangeEvent: '1', Applyer: { UserId: 'zhangsan' } },
        TemplateId: world.sandbox.credentials.leaveTemplateId,
      },
    })
  })

  it.each<[string, number, () => Record<string, unknown>]>([
    ['an applicant outside', 301055, () => ({ creator_userid: 'nobody' })],
    ['an unknown template', 301025, () => ({ template_id: '3WKother' })],
    ['the template’s own flow, which it has not', 301025, () => ({ use_template_approver: 1 })],
    ['no process', 301025, () => ({ process: undefined })],
    ['nobody who approves', 301025, () => nodes({ type: 2, userid: ['lisi'] })],
    ['an approver without a way to decide', 301025, () => nodes({ type: 1, userid: ['lisi'] })],
    ['an unknown approver', 301025, () => nodes({ ...manager, userid: ['nobody'] })],
    ['no summary', 301025, () => ({ summary_list: [] })],
    ['a long summary', 301025, () => ({ summary_list: summary('一'.repeat(21)) })],
    ['zh-CN', 301025, () => ({ summary_list: summary('张三', 'zh-CN') })],
    ['no reason', 301025, () => contents(vacation())],
    ['an empty reason', 301025, () => contents(vacation(), { ...reason, value: { text: '' } })],
    ['an id of before', 301025, () => contents(vacation(), { ...reason, id: 'item-0' })],
    ['another kind of control', 301025, () => contents(vacation(), { ...reason, control: 'Text' })],
    ['a number as key', 301025, () => contents(vacation({}, 2), reason)],
    ['an unknown type', 301025, () => contents(vacation({}, '99'), reason)],
    ['hours in a template of days', 301025, () => contents(vacation({ type: 'hour' }), reason)],
    ['text for a time', 301025, () => contents(vacation({ new_begin: String(friday) }), reason)],
    ['nine o’clock', 301025, () => contents(vacation({ new_begin: friday + 9 * hour }), reason)],
    ['an end before the beginning', 301025, () => contents(vacation({ new_end: friday - half }), reason)],
    ['a third of a day', 301025, () => contents(vacation({ new_duration: 28_800 }), reason)],
  ])('refuses %s', async (_, errcode, more) => {
    expect(await apply(more())).toMatchObject({ errcode })
    expect(world.sandbox.state().approvals).toEqual([])
  })

  it('refuses a time that is taken, until that request is over', async () => {
    const afternoon = contents(vacation({ new_begin: friday + half, new_duration: half }), reason)
    const { sp_no: id } = await apply()
    expect(await apply(afternoon)).toMatchObject({ errcode: 301079 })
    const next = { new_begin: friday + 2 * half, new_end: friday + 2 * half, new_duration: half }
    expect(await apply(contents(vacation(next), reason))).toMatchObject({ errcode: 0 })
    await world.sandbox.approval({ id: String(id), as: 'wangjingli', do: 'reject' })
    expect(await apply(afternoon)).toMatchObject({ errcode: 0 })
  })
})

describe('what people do in 审批', () => {
  const act = (id: unknown, as: string, did: 'approve' | 'reject' | 'withdraw' | 'revoke' | 'delete', words?: string) =>
    world.sandbox.approval({ id: String(id), as, do: did, ...(words === undefined ? {} : { words }) })
  const changes = () =>
    world.heard.map(({ ApprovalInfo }) => {
      const { StatuChangeEvent, SpStatus } = ApprovalInfo as Record<string, string>
      return `${StatuChangeEvent} ${SpStatus}`
    })

  it('waits for everybody of a 会签, in turn where it goes in turns, for any one of a 或签', async () => {
    const everybody = { type: 1, apv_rel: 1, userid: ['lisi', 'wangjingli'] }
    const inTurns = { ...everybody, apv_rel: 3 }
    const { sp_no: id } = await apply(nodes(everybody, inTurns, { ...everybody, apv_rel: 2 }))
    await act(id, 'wangjingli', 'approve')
    await expect(act(id, 'wangjingli', 'approve')).rejects.toThrow('not his turn')
    await act(id, 'lisi', 'approve')
    await expect(act(id, 'wangjingli', 'approve')).rejects.toThrow('not his turn')
    for (const who of ['lisi', 'wangjingli', 'wangjingli']) await act(id, who, 'approve')
    expect(changes()).toEqual(['1 1', '2 1', '2 1', '2 1', '2 1', '2 2'])
  })

  it('can take back what he asked for, and nobody else', async () => {
    const { sp_no: id } = await apply()
    await expect(act(id, 'lisi', 'withdraw')).rejects.toThrow('only who asked')
    await expect(act(id, 'zhangsan', 'revoke')).rejects.toThrow('only what was approved')
    await act(id, 'wangjingli', 'approve', '同意')
    await expect(act(id, 'zhangsan', 'withdraw')).rejects.toThrow('not once it is decided')
    await act(id, 'zhangsan', 'revoke')
    await act(id, 'wangjingli', 'delete')
    expect(changes()).toEqual(['1 1', '2 2', '8 6', '6 7'])
    await expect(act('0', 'wangjingli', 'approve')).rejects.toThrow('no request 0')
    await expect(act(id, 'nobody', 'approve')).rejects.toThrow('nobody is called')
  })
})

describe('reading requests', () => {
  const list = (more: Record<string, unknown> = {}) =>
    world.api('oa/getapprovalinfo', {
      ...{ starttime: '1768400000', endtime: '1768500000', new_cursor: '', size: 100, filters: [], ...more },
    })

  it('lists them by the time they were submitted, in pages and by filters', async () => {
    for (const who of ['zhangsan', 'lisi', 'zhaopaigong']) await apply({ creator_userid: who })
    expect(await list()).toMatchObject({ sp_no_list: ['202601150001', '202601150002', '202601150003'] })
    const { sp_no_list: page, new_next_cursor: cursor } = await list({ size: 2 })
    expect(page).toHaveLength(2)
    expect(await list({ size: 2, new_cursor: cursor })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      sp_no_list: ['202601150003'],
    })
    const by = async (key: string, value: string) => (await list({ filters: [{ key, value }] })).sp_no_list
    expect(await by('creator', 'lisi')).toEqual(['202601150002'])
    expect(await by('sp_status', '2')).toEqual([])
    expect(await list({ endtime: '1768400001' })).toMatchObject({ sp_no_list: [] })
  })

  it.each([
    [{ endtime: String(1_768_400_000 + 31 * 86_400 + 1) }],
    [{ starttime: 1_768_400_000 }],
    [{ endtime: '1768400000' }],
    [{ size: 101 }],
    [{ new_cursor: 0 }],
    [{ filters: [{ key: 'creator' }] }],
  ])('refuses %j', async more => {
    expect(await list(more)).toMatchObject({ errcode: 301025 })
  })

  it('does not know what there is not', async () => {
    expect(await world.api('oa/getapprovaldetail', { sp_no: '1' })).toMatchObject({ errcode: 301025 })
    expect(await world.api('oa/gettemplatedetail', { template_id: 'x' })).toMatchObject({ errcode: 301025 })
  })
})

describe('checkin/getcheckindata', () => {
  const read = (more: Record<string, unknown> = {}) =>
    world.api('checkin/getcheckindata', {
      ...{
        opencheckindatatype: 3,
        starttime: 1_768_400_000,
        endtime: 1_768_500_000,
        useridlist: ['zhangsan'],
        ...more,
      },
    })

  it('tells who checked in, or should have, and where', async () => {
    await world.sandbox.punch({ as: 'zhangsan', kind: 'in', place: '和平路' })
    await world.sandbox.punch({ as: 'zhangsan', kind: 'outside', place: '花园路' })
    await world.sandbox.punch({ as: 'zhangsan', kind: 'out', missing: true, at: '2026-01-15T18:00:00+08:00' })
    const { checkindata } = await read()
    expect(checkindata).toMatchObject([
      { checkin_type: '上班打卡', exception_type: '地点异常', location_title: '和平路' },
      { checkin_type: '外出打卡', exception_type: '', location_title: '花园路', sch_checkin_time: 0 },
      { checkin_type: '下班打卡', exception_type: '未打卡', checkin_time: 1_768_471_200 },
    ])
    expect((await read({ opencheckindatatype: 2 })).checkindata).toHaveLength(1)
    expect(world.sandbox.state().punches[0]).toMatchObject({ platform: 'wecom', userId: 'zhangsan', missing: true })
  })

  it.each([
    [301023, { useridlist: [] }],
    [301023, { useridlist: Array.from({ length: 101 }, () => 'zhangsan') }],
    [301021, { useridlist: ['nobody'] }],
    [301024, { endtime: 1_768_400_000 + 30 * 86_400 + 1 }],
    [301024, { endtime: 1_768_400_000 }],
  ])('answers %i to %j', async (errcode, more) => {
    expect(await read(more)).toMatchObject({ errcode })
  })
})

describe('the page', () => {
  const post = async (act: string, body: object) => {
    const response = await fetch(`${world.base}/sandbox/api/${act}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it('decides and checks in, and shows both', async () => {
    const { sp_no: id } = await apply()
    expect(await post('approval', { id, as: 'wangjingli', do: 'approve', words: '同意' })).toMatchObject({
      status: 200,
    })
    expect(await post('punch', { as: 'lisi', kind: 'in' })).toEqual({ status: 200, body: { status: 'empty' } })
    const state = (await (await fetch(`${world.base}/sandbox/api/state`)).json()) as SandboxState
    expect(state.approvals).toMatchObject([
      { id, status: 'approved', deciders: [], lines: [/事假/, '家中有事'].map(line => expect.stringMatching(line)) },
    ])
    expect(state.punches).toMatchObject([{ userId: 'lisi', kind: 'in' }])
  })

  it.each([
    ['approval', { id: '1', as: 'lisi', do: 'approve' }, 'no request 1'],
    ['approval', { id: '1', as: 'lisi', do: 'forward' }, 'do'],
    ['punch', { as: 'nobody', kind: 'in' }, 'nobody is called'],
    ['punch', { as: 'lisi', kind: 'in', at: 'today' }, 'at'],
  ])('answers 422 to %s %j', async (act, body, why) => {
    expect(await post(act, body)).toMatchObject({ status: 422, body: { detail: expect.stringContaining(why) } })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MovableClock } from '../../src/now.ts'
import { type DingWorld, makeDingWorld } from './dingworld.ts'

let world: DingWorld
beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const flows = '/v1.0/workflow'
const range = '["开始时间","结束时间"]'
const field = (componentType: string, label: string, more: object = {}) => ({
  componentType,
  props: { label, required: true, ...more },
})
const form = (more: object = {}) => ({
  name: '请假',
  formComponents: [
    field('DDSelectField', '假别', { options: ['事假'] }),
    field('DDDateRangeField', range, { unit: '小时', format: 'yyyy-MM-dd HH:mm' }),
    field('TextareaField', '事由'),
  ],
  ...more,
})
async function made(): Promise<string> {
  const { body } = await world.ding('POST', `${flows}/forms`, form())
  return String((body.result as { processCode: unknown }).processCode)
}
const manager = { actionType: 'NONE', userIds: ['Dd7004wang'] }
const values = (type = '事假', span = '["2026-01-16 00:00","2026-01-16 23:59"]', why = '家中有事') => [
  ...[
    { name: '假别', value: type },
    { name: range, value: span },
  ],
  ...[{ name: '事由', value: why }],
]
const starting = (processCode: string, more: object = {}) => ({
  ...{ originatorUserId: 'Dd7002zhang', processCode, approvers: [manager], formComponentValues: values(), ...more },
})
const start = async (processCode: string, more: object = {}) =>
  String((await world.ding('POST', `${flows}/processInstances`, starting(processCode, more))).body.instanceId)
const read = async (id: string) => (await world.ding('GET', `${flows}/processInstances?processInstanceId=${id}`)).body

describe('forms', () => {
  it('are made, changed by their code, and found by their name', async () => {
    const code = await made()
    expect(code).toMatch(/^PROC-/)
    expect(await world.ding('POST', `${flows}/forms`, form())).toMatchObject({
      status: 400,
      body: { code: 'formName.error' },
    })
    expect((await world.ding('POST', `${flows}/forms`, form({ processCode: code }))).status).toBe(200)
    const named = `${flows}/processCentres/schemaNames/processCodes?name=${encodeURIComponent('请假')}`
    expect((await world.ding('GET', named)).body).toEqual({ result: { processCode: code } })
    const strange = await world.ding('POST', `${flows}/forms`, form({ name: '另一张', processCode: 'PROC-NONE' }))
    expect(strange.body).toMatchObject({ code: 'processcode.error' })
  })
})

describe('a request', () => {
  it.each<[string, string, object]>([
    ['an unknown form', 'processCodeError', { processCode: 'PROC-NONE' }],
    ['an unknown applicant', 'processInstanceInvalidParameter', { originatorUserId: 'nobody' }],
    ['an unknown approver', 'processInstanceInvalidParameter', { approvers: [{ ...manager, userIds: ['nobody'] }] }],
    ['one who is several', 'processInstanceInvalidParameter', { approvers: [{ ...manager, actionType: 'OR' }] }],
    ['nobody who approves', 'invalidParameter', { approvers: [] }],
    ['an unknown type', 'formConverterError', { formComponentValues: values('年假') }],
    ['a span in words', 'formConverterError', { formComponentValues: values('事假', '["明天","后天"]') }],
    ['a span backwards', 'formConverterError', { formComponentValues: values('事假', '["2026-01-17","2026-01-16"]') }],
    ['no reason', 'formConverterError', { formComponentValues: values().slice(0, 2) }],
    [
      'a control there is not',
      'illegalComponent',
      { formComponentValues: [...values(), { name: '金额', value: '1' }] },
    ],
  ])('is refused with %s', async (_, code, more) => {
    const answer = await world.ding('POST', `${flows}/processInstances`, starting(await made(), more))
    expect(answer).toMatchObject({ status: 400, body: { code } })
  })

  it('goes its way, and is heard of when it starts and ends', async () => {
    const client = await world.connect()
    const code = await made()
    const both = { actionType: 'AND', userIds: ['Dd7003li', 'Dd7001zhao'] }
    const id = await start(code, { approvers: [both, manager], ccList: ['Dd7001zhao'], ccPosition: 'FINISH' })
    expect(await read(id)).toMatchObject({
      result: {
        ...{ status: 'RUNNING', originatorUserId: 'Dd7002zhang', createTime: '2026-01-15T02:00Z', bizAction: 'NONE' },
        tasks: [{ userId: 'Dd7003li' }, { userId: 'Dd7001zhao' }],
      },
    })
    for (const as of ['zhaopaigong', 'lisi']) await world.sandbox.approval({ id, as, do: 'approve' })
    await world.sandbox.approval({ id, as: 'wangjingli', do: 'reject', words: '人手不够' })
    await world.sandbox.idle()
    expect(client.heard('*')).toMatchObject([
      { type: 'start', processInstanceId: id, processCode: code, staffId: 'Dd7002zhang' },
      { type: 'finish', result: 'refuse', processInstanceId: id },
    ])
    expect(await read(id)).toMatchObject({ result: { status: 'COMPLETED', result: 'refuse' } })
  })

  it('is taken back later by another one, and gone once it is deleted', async () => {
    const id = await start(await made())
    await world.sandbox.approval({ id, as: 'wangjingli', do: 'approve' })
    await world.sandbox.approval({ id, as: 'zhangsan', do: 'revoke', words: '不请了' })
    const main = (await read(id)).result as { status: string; attachedProcessInstanceIds: string[] }
    expect(main).toMatchObject({ status: 'COMPLETED', result: 'agree' })
    expect(await read(main.attachedProcessInstanceIds[0] ?? '')).toMatchObject({
      result: { bizAction: 'REVOKE', mainProcessInstanceId: id, status: 'COMPLETED', result: 'agree' },
    })
    expect(world.sandbox.state().approvals).toMatchObject([{ id, status: 'revoked' }])
    await world.sandbox.approval({ id, as: 'wangjingli', do: 'delete' })
    expect(await read(id)).toMatchObject({ code: 'aflowProcessInstNotExist' })
  })

  it('is taken back by a program only after 15 s, by who asked, while it runs', async () => {
    const id = await start(await made())
    const terminate = async (operatingUserId: string, more: object = {}) =>
      (
        await world.ding('POST', `${flows}/processInstances/terminate`, {
          ...{ processInstanceId: id, isSystem: false, operatingUserId, remark: '不请了', ...more },
        })
      ).body.code
    expect(await terminate('Dd7002zhang')).toBe('aflowProcessInstStatusException')
    world.clock.forward(15_000)
    expect(await terminate('Dd7003li')).toBe('internalError')
    expect(await terminate('nobody')).toBe('userNotExist')
    expect(await terminate('Dd7002zhang', { processInstanceId: 'x' })).toBe('aflowProcessInstNotExist')
    expect(await terminate('Dd7002zhang')).toBeUndefined()
    expect(await terminate('Dd7002zhang')).toBe('aflowProcessInstStatusException')
    expect(await read(id)).toMatchObject({ result: { status: 'TERMINATED' } })
  })

  it('is listed newest first, 20 at once, 120 days at most', async () => {
    const code = await made()
    const ids: string[] = []
    for (const who of ['Dd7002zhang', 'Dd7003li', 'Dd7003li']) ids.unshift(await start(code, { originatorUserId: who }))
    const now = world.clock.now().getTime()
    const list = async (more: object = {}) =>
      (
        await world.ding('POST', `${flows}/processes/instanceIds/query`, {
          ...{ processCode: code, startTime: now - 1_000, endTime: now + 1_000, nextToken: 0, maxResults: 20, ...more },
        })
      ).body
    expect(await list()).toEqual({ success: true, result: { list: ids } })
    expect(await list({ maxResults: 2 })).toEqual({ success: true, result: { list: ids.slice(0, 2), nextToken: '2' } })
    expect(await list({ userIds: ['Dd7002zhang'] })).toMatchObject({ result: { list: ids.slice(2) } })
    expect(await list({ statuses: ['COMPLETED'] })).toMatchObject({ result: { list: [] } })
    expect(await list({ maxResults: 21 })).toMatchObject({ code: 'invalidMaxResults' })
    expect(await list({ startTime: now - 121 * 86_400_000 })).toMatchObject({ code: 'invalidEndTime' })
  })
})

describe('attendance', () => {
  it('has one result for each end of a shift, and takes leave that was decided elsewhere', async () => {
    await world.sandbox.switch({ as: 'zhangsan', platform: 'dingtalk' })
    for (const [kind, at] of [
      ['in', '08:40'],
      ['out', '18:10'],
      ['outside', '10:00'],
    ] as const)
      await world.sandbox.punch({ as: 'zhangsan', kind, at: `2026-01-14T${at}:00+08:00` })
    const asked = {
      workDateFrom: '2026-01-14 00:00:00',
      workDateTo: '2026-01-15 00:00:00',
      userIdList: ['Dd7002zhang'],
    }
    const list = (more: object = {}) => world.old('/attendance/list', { ...asked, offset: 0, limit: 50, ...more })
    expect(await list()).toMatchObject({
      errcode: 0,
      hasMore: false,
      recordresult: [
        { userId: 'Dd7002zhang', checkType: 'OnDuty', timeResult: 'Late', locationResult: 'Normal' },
        { checkType: 'OffDuty', timeResult: 'Normal' },
      ],
    })
    expect(await list({ limit: 1 })).toMatchObject({ hasMore: true })
    expect(await list({ limit: 51 })).toMatchObject({ errcode: 40035 })
    expect(await list({ workDateTo: '2026-01-22 00:00:00' })).toMatchObject({ errcode: 40035 })
    const leave = (more: object, userId = 'Dd7002zhang') =>
      world.ding('POST', `/v1.0/attendance/approvals/finish?userId=${userId}`, {
        ...{ tagName: '请假', subType: '事假', approveId: 'leave-1' },
        topCalculateApproveDurationParam: {
          ...{
            bizType: 3,
            fromTime: '2026-01-16',
            toTime: '2026-01-16',
            durationUnit: 'day',
            calculateModel: 1,
            ...more,
          },
        },
      })
    expect((await leave({})).status).toBe(200)
    expect((await leave({ durationUnit: 'halfDay' })).body).toMatchObject({ code: 'illegalDateTypeForHalfDay' })
    expect((await leave({ toTime: '2026-03-16' })).body).toMatchObject({ code: 'durationTooLong' })
    expect((await leave({ fromTime: '2025-11-01', toTime: '2025-11-02' })).body).toMatchObject({ code: 'dateTooEarly' })
    expect((await leave({}, 'nobody')).body).toMatchObject({ code: 'invalidRequestParams' })
    const cancel = (userid: string) => world.old('/topapi/attendance/approve/cancel', { userid, approve_id: 'leave-1' })
    expect(await cancel('Dd7002zhang')).toMatchObject({ errcode: 0 })
    expect(await cancel('nobody')).toMatchObject({ errcode: 33012 })
  })
})

it('keeps forms, requests and check-ins over a restart, on either platform', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'sandbox-office-'))
  const again = async () => {
    await world.stop()
    world = await makeDingWorld({ dataFile: join(dir, 'sandbox.json'), clock: new MovableClock() })
  }
  await again()
  const id = await start(await made())
  await world.sandbox.punch({ as: 'lisi', kind: 'in' })
  world.sandbox.editTemplate({ unit: 'hour' })
  const { approvals, punches } = world.sandbox.state()
  expect([approvals.length, punches.length]).toEqual([1, 1])
  await again()
  expect(world.sandbox.state()).toMatchObject({ approvals, punches })
  await world.sandbox.approval({ id, as: 'wangjingli', do: 'approve' })
  expect(await read(id)).toMatchObject({ result: { result: 'agree' } })
  const template = { template_id: world.sandbox.credentials.leaveTemplateId }
  const query = new URLSearchParams({
    corpid: world.sandbox.credentials.corpId,
    corpsecret: world.sandbox.credentials.secret,
  })
  const { access_token } = (await (await fetch(`${world.base}/sandbox/wecom/cgi-bin/gettoken?${query}`)).json()) as {
    access_token: string
  }
  expect(JSON.stringify(await world.api('oa/gettemplatedetail', template, { access_token }))).toContain('"type":"hour"')
  await rm(dir, { recursive: true })
})

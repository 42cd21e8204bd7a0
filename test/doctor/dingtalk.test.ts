import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MovableClock } from '../../src/now.ts'
import { type Env, Site } from './site.ts'

let site: Site
let right: Env
beforeEach(async () => {
  site = await Site.open()
  right = site.dingtalkEnv()
  site.deploy(right)
})
afterEach(() => site.close())

const other = (text = '') => `${text.startsWith('x') ? 'y' : 'x'}${text.slice(1)}`

const overStream = ({ DINGTALK_EVENT_TOKEN: _, DINGTALK_EVENT_AES_KEY: __, ...env }: Env): Env => ({
  ...env,
  DINGTALK_MODE: 'stream',
})

describe('the doctor and DingTalk', () => {
  it('finds nothing where all is right, having looked at everything, in both modes', async () => {
    const http = (await site.examine(right)).journal
    const stream = (await site.examine(overStream(right))).journal
    expect([...http.findings, ...stream.findings]).toEqual([])
    const common = ['corp', 'robot', 'contacts', 'cards']
    const names = [...common, 'leave', 'checkin', 'quota', 'doors', 'login'].map(name => `dingtalk-${name}`)
    const here = ['config', 'service', 'data', 'public', 'dingtalk-credentials']
    expect(http.looked.map(({ name }) => name)).toEqual([...here, ...names])
    const withStream = [...common, 'stream', 'leave', 'checkin', 'quota', 'login'].map(name => `dingtalk-${name}`)
    expect(stream.looked.map(({ name }) => name)).toEqual([...here, ...withStream])
    expect(http.skipped).toEqual([
      { name: 'database', why: 'nothing' },
      { name: 'dingtalk-people', why: 'no-database' },
      { name: 'dingtalk-robots', why: 'no-database' },
    ])
  })

  it.each<[string, (env: Env) => Env]>([
    ['dingtalk.secret', env => overStream({ ...env, DINGTALK_CLIENT_SECRET: other(env.DINGTALK_CLIENT_SECRET) })],
    ['dingtalk.secret', env => overStream({ ...env, DINGTALK_CLIENT_ID: other(env.DINGTALK_CLIENT_ID) })],
    ['dingtalk.corp-id', env => ({ ...env, DINGTALK_CORP_ID: 'ding00000000000000000000000000000000' })],
    ['dingtalk.robot-code', env => ({ ...env, DINGTALK_ROBOT_CODE: other(env.DINGTALK_ROBOT_CODE) })],
    ['dingtalk.card-template', env => ({ ...env, DINGTALK_CARD_TEMPLATE_ID: 'none-of-ours.schema' })],
    ['dingtalk.event-token', env => ({ ...env, DINGTALK_EVENT_TOKEN: other(env.DINGTALK_EVENT_TOKEN) })],
    ['dingtalk.event-key', env => ({ ...env, DINGTALK_EVENT_AES_KEY: other(env.DINGTALK_EVENT_AES_KEY) })],
    ['dingtalk.leave-form', env => ({ ...env, DINGTALK_LEAVE_PROCESS_CODE: 'PROC-NONE-OF-OURS' })],
    ['dingtalk.unreachable', env => overStream({ ...env, DINGTALK_API_BASE: 'http://127.0.0.1:9' })],
  ])('a wrong setting is %s', async (code, seed) => {
    const codes = await site.codes(seed(right))
    expect(codes[0]).toBe(code)
    expect(new Set(codes.filter(one => one !== 'dingtalk.login-redirect')).size).toBe(1)
    expect(await site.codes(right)).toEqual([])
  })

  it.each([
    ['qyapi_robot_sendmsg', 'dingtalk-robot'],
    ['Card.Instance.Write', 'dingtalk-cards'],
    ['qyapi_get_member', 'dingtalk-contacts'],
    ['qyapi_get_member_by_mobile', 'dingtalk-contacts'],
    ['Workflow.Form.Write', 'dingtalk-leave'],
    ['Workflow.Form.Read', 'dingtalk-leave'],
    ['Workflow.Instance.Write', 'dingtalk-leave'],
    ['Workflow.Instance.Read', 'dingtalk-leave'],
    ['qyapi_get_attendance_data', 'dingtalk-checkin'],
  ])('the permission %s that is missing is named, with the page where it is applied for', async (scope, look) => {
    site.dingtalk.notGranted = [scope]
    const { journal, printed } = await site.examine(right)
    expect(journal.findings.map(({ code, facts }) => [code, facts.scope])).toEqual([['dingtalk.permission', scope]])
    expect(journal.looked.filter(({ good }) => !good).map(({ name }) => name)).toEqual([look])
    expect(printed).toContain(
      `权限管理，搜 ${scope}，申请；直达：https://open-dev.dingtalk.com/appscope/apply?content=${right.DINGTALK_CLIENT_ID}%23${scope}。`,
    )
  })

  it.each<[string, () => unknown]>([
    ['dingtalk.ip', () => Object.assign(site.dingtalk, { trustedIps: ['203.0.113.7'] })],
    ['dingtalk.quota-gone', () => site.sandbox.dingtalk.setQuota({ calls: 5_000 })],
    [
      'dingtalk.login-redirect',
      () => {
        site.trustedHost = 'other.example'
      },
    ],
    [
      'dingtalk.robot-stopped',
      () => site.sandbox.fail({ api: '/v1.0/robot/oToMessages/batchSend', code: 'bot.stopped' }),
    ],
    [
      'dingtalk.limited',
      () =>
        site.sandbox.fail({
          ...{ api: '/v1.0/card/instances', code: 'Forbidden.AccessDenied.QpsLimitForApi', status: 403 },
        }),
    ],
    ['dingtalk.refused', () => site.sandbox.fail({ api: '/v1.0/card/instances', code: 'param.odd', message: 'no' })],
    [
      'dingtalk.unreachable',
      () => site.sandbox.fail({ api: '/v1.0/card/instances', status: 405, body: '<html></html>' }),
    ],
  ])('what the administrator has to set is %s', async (code, seed) => {
    seed()
    expect([...new Set(await site.codes(right))]).toEqual([code])
  })

  it('an address that is not on the list is named', async () => {
    site.dingtalk.trustedIps = []
    const { journal } = await site.examine(right)
    expect(journal.findings).toEqual([{ code: 'dingtalk.ip', facts: { ip: '127.0.0.1' } }])
  })

  it('a stream that is refused says why', async () => {
    site.sandbox.fail({ api: '/v1.0/gateway/connections/open', code: 'stream.not.open', status: 400 })
    const { journal } = await site.examine(overStream(right))
    expect(journal.findings).toEqual([{ code: 'dingtalk.stream', facts: { code: 'stream.not.open' } }])
  })

  it('a service with another secret behind PUBLIC_URL is found out', async () => {
    site.deploy({ ...right, DINGTALK_CLIENT_SECRET: 'an-older-client-secret' })
    expect(await site.codes(right)).toEqual(['dingtalk.door-secret'])
  })

  it('a clock that is wrong is found here, too', async () => {
    const clock = new MovableClock()
    clock.forward(120_000)
    site.deploy(right, clock)
    const { journal } = await site.examine(right, { clock })
    expect(journal.findings.map(({ code, facts }) => [code, facts.platform])).toEqual([['clock.off', 'DingTalk']])
  })

  it('a form of the company’s own is taken when it has what a leave needs, and else what it lacks is named', async () => {
    const field = (componentType: string, label: string, more: object = {}) => ({
      componentType,
      props: { label, ...more },
    })
    const type = field('DDSelectField', '假别', { options: ['事假'] })
    const range = field('DDDateRangeField', '["开始时间","结束时间"]')
    const whole = await made('自己的请假单', [type, range, field('TextareaField', '事由')])
    const lacking = await made('缺事由的', [type, range])
    expect(await site.codes({ ...right, DINGTALK_LEAVE_PROCESS_CODE: whole })).toEqual([])
    const { journal } = await site.examine({ ...right, DINGTALK_LEAVE_PROCESS_CODE: lacking })
    expect(journal.findings).toEqual([{ code: 'dingtalk.leave-form', facts: { why: '事由' } }])
  })

  it('says nothing to anybody, makes no form and costs about ten calls', async () => {
    await site.examine({ ...right, DINGTALK_CARD_TEMPLATE_ID: '' })
    expect(site.sandbox.state().messages).toEqual([])
    expect(
      site.sandbox.log().filter(({ what, status }) => /forms$|processInstances$/.test(what) && status === 200),
    ).toEqual([])
    expect(site.sandbox.state().dingtalkQuota.calls).toBeLessThanOrEqual(10)
  })

  async function made(name: string, formComponents: object[]): Promise<string> {
    const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
      (
        await fetch(`${right.DINGTALK_API_BASE}${path}`, {
          ...{
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify(body),
          },
        })
      ).json() as Promise<{ accessToken: string; result: { processCode: string } }>
    const keys = { appKey: right.DINGTALK_CLIENT_ID, appSecret: right.DINGTALK_CLIENT_SECRET }
    const { accessToken } = await post('/v1.0/oauth2/accessToken', keys)
    const headers = { 'x-acs-dingtalk-access-token': accessToken }
    return (await post('/v1.0/workflow/forms', { name, formComponents }, headers)).result.processCode
  }
})

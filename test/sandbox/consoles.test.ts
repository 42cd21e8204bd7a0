import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DingtalkOptions, WecomOptions } from '../../src/sandbox/index.ts'
import { type DingWorld, makeDingWorld } from './dingworld.ts'
import { start } from './world.ts'

/** What administrators set in the consoles, and what the platforms say then. */

let world: DingWorld
let wecom: WecomOptions
let dingtalk: DingtalkOptions
beforeEach(async () => {
  wecom = {}
  dingtalk = {}
  world = await makeDingWorld({ wecom, dingtalk, trustedHosts: () => ['paigong.example'] })
})
afterEach(() => world.stop())

/** Asks WeCom by GET, with a token of its own. */
async function get(api: string, query: Record<string, string>): Promise<Record<string, unknown>> {
  const { corpId: corpid, secret: corpsecret } = world.sandbox.credentials
  const { access_token } = await world.api('gettoken', undefined, { corpid, corpsecret })
  return world.api(api, undefined, { ...query, access_token: String(access_token) })
}

const agent = () => get('agent/get', { agentid: String(world.sandbox.credentials.agentId) })

describe('the app’s page of WeCom', () => {
  it('is what agent/get tells of it', async () => {
    expect(await agent()).toMatchObject({
      ...{ errcode: 0, agentid: world.sandbox.credentials.agentId, name: '派工', close: 0 },
      ...{ redirect_domain: 'paigong.example', allow_partys: { partyid: [1] }, allow_userinfos: { user: [] } },
    })
    Object.assign(wecom, { visible: ['lisi'], disabled: true })
    expect(await agent()).toMatchObject({
      close: 1,
      allow_partys: { partyid: [] },
      allow_userinfos: { user: [{ userid: 'lisi' }] },
    })
    expect(await get('agent/get', { agentid: '1' })).toMatchObject({ errcode: 301002 })
  })

  it('lets nobody in whose address is not under 企业可信IP, but for a token', async () => {
    wecom.trustedIps = ['203.0.113.7']
    expect(await agent()).toMatchObject({ errcode: 60020, errmsg: expect.stringMatching(/from ip: 127\.0\.0\.1,/) })
    wecom.trustedIps = ['127.0.0.1']
    expect(await agent()).toMatchObject({ errcode: 0 })
  })

  it('hides from the app whom it does not show it', async () => {
    wecom.visible = ['lisi']
    const user = (userid: string) => get('user/get', { userid })
    expect([await user('lisi'), await user('zhangsan'), await user('nobody')]).toMatchObject([
      { errcode: 0 },
      { errcode: 60011 },
      { errcode: 60111 },
    ])
    const message = { agentid: world.sandbox.credentials.agentId, msgtype: 'text', text: { content: '你好' } }
    expect(await world.api('message/send', { ...message, touser: 'lisi|zhangsan' })).toMatchObject({
      ...{ errcode: 0, invaliduser: 'zhangsan' },
    })
    expect(await world.api('message/send', { ...message, touser: 'zhangsan' })).toMatchObject({ errcode: 81013 })
  })

  it('is refused by 审批 and 打卡 until it is one of their 可调用接口的应用', async () => {
    wecom.notCallable = ['approval', 'checkin']
    const template = () => world.api('oa/gettemplatedetail', { template_id: world.sandbox.credentials.leaveTemplateId })
    expect(await template()).toMatchObject({ errcode: 301055 })
    expect(await world.api('checkin/getcheckindata', {})).toMatchObject({ errcode: 48002 })
    wecom.notCallable = []
    expect(await template()).toMatchObject({ errcode: 0 })
  })
})

describe('the app’s page of DingTalk', () => {
  it('lets nobody in whose address is not under 服务器出口IP, on either host', async () => {
    dingtalk.trustedIps = ['203.0.113.7']
    expect(await world.ding('POST', '/v1.0/card/instances', {})).toMatchObject({
      ...{ status: 403, body: { code: 'Forbidden.AccessDenied.IpNotInWhiteList' } },
    })
    expect(await world.old('/topapi/v2/user/get', { userid: 'x' })).toMatchObject({ errcode: 60020 })
  })

  it('names the permission point that is missing, on either host', async () => {
    dingtalk.notGranted = ['Card.Instance.Write', 'qyapi_get_member']
    const { clientId } = world.sandbox.dingtalk.credentials
    const { status, body } = await world.ding('POST', '/v1.0/card/instances', {})
    expect([status, body]).toMatchObject([
      403,
      {
        code: 'Forbidden.AccessDenied.AccessTokenPermissionDenied',
        message: `应用尚未开通所需的权限：[Card.Instance.Write]，点击链接申请并开通即可：https://open-dev.dingtalk.com/appscope/apply?content=${clientId}%23Card.Instance.Write`,
        accessdenieddetail: { requiredScopes: ['Card.Instance.Write'] },
      },
    ])
    expect(await world.old('/topapi/v2/user/get', { userid: 'x' })).toMatchObject({
      ...{ errcode: 88, sub_code: '60011', sub_msg: expect.stringContaining('[qyapi_get_member]') },
      errmsg: expect.stringMatching(/^ding talk error\[subcode=60011,submsg=/),
    })
    expect(await world.ding('POST', '/v1.0/robot/groupMessages/send', {})).toMatchObject({ status: 400 })
  })

  it('shows the fields of a form by its code', async () => {
    const components = [{ componentType: 'TextareaField', props: { label: '事由', required: true } }]
    const made = await world.ding('POST', '/v1.0/workflow/forms', { name: '请假单', formComponents: components })
    const { processCode } = made.body.result as { processCode: string }
    const schema = (code: string) => world.ding('GET', `/v1.0/workflow/forms/schemas/processCodes?processCode=${code}`)
    expect(await schema(processCode)).toMatchObject({
      body: {
        result: {
          name: '请假单',
          schemaContent: { items: [{ componentName: 'TextareaField', props: { label: '事由' } }] },
        },
      },
    })
    expect(await schema('PROC-NONE')).toMatchObject({ status: 400, body: { code: 'processCodeError' } })
  })
})

it('the platforms’ servers say their own time', async () => {
  for (const path of ['wecom/cgi-bin/gettoken', 'dingtalk/oapi/gettoken', 'dingtalk/api/v1.0/nowhere']) {
    const { headers } = await fetch(`${world.base}/sandbox/${path}`)
    expect(headers.get('date')).toBe(start.toUTCString())
  }
})

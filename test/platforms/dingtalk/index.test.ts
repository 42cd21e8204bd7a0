import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Invalid } from '../../../src/errors.ts'
import {
  createDingtalk,
  type DingtalkConfig,
  defaultApiBase,
  defaultOapiBase,
} from '../../../src/platforms/dingtalk/index.ts'
import type { Recipient } from '../../../src/platforms/platform.ts'
import { eventSecret, said, toRobot } from './doorhelp.ts'
import {
  bare,
  benches,
  config,
  createCall,
  delivered,
  errcode,
  fakeReceive,
  frozenClock,
  keptLog,
  keptSignals,
  memoryMeters,
  memoryTokens,
  minute,
  ok,
  planted,
  refuses,
} from './help.ts'

const bench = benches()
const publicUrl = 'https://paigong.example'
const http: DingtalkConfig['receive'] = {
  mode: 'http',
  events: { tokens: [eventSecret.token], aesKeys: [eventSecret.aesKey] },
}
const registerCall = 'POST /v1.0/card/callbacks/register'
const mobileCall = 'POST /topapi/v2/user/getbymobile'
const linkCall = 'POST /v1.0/robot/messageFiles/download'

function platform(more: Partial<DingtalkConfig> = {}) {
  const { hosts, failure, exchange } = bench()
  const timers = { set: () => () => {} }
  const [clock, log, signals] = [frozenClock(), keptLog(), keptSignals()]
  const deps = { clock, machine: clock, timers, log, signals, tokens: memoryTokens(), meters: memoryMeters(), exchange }
  return { ding: createDingtalk({ ...config, ...more }, deps), hosts, failure, signals }
}

describe('DingTalk', () => {
  it.each<[string, Partial<DingtalkConfig>, string[], object]>([
    ['over Stream', {}, [], { buttons: true, repaint: 'always' }],
    ['over Stream, with a page', { publicUrl }, ['/dingtalk/tap'], { buttons: true }],
    ['over HTTP', { receive: { mode: 'http' }, publicUrl }, ['/dingtalk/robot', '/dingtalk/card', '/dingtalk/tap'], {}],
    [
      ...(['over HTTP, with events'] as const),
      { receive: http, publicUrl },
      ['/dingtalk/robot', '/dingtalk/card', '/dingtalk/events', '/dingtalk/tap'],
      { answerShows: 'tapper', mention: true, hearsGroup: true, quotes: true, locations: false, recall: false },
    ],
    ['without cards', { cardTemplate: 'none', publicUrl }, ['/dingtalk/tap'], { buttons: false, repaint: 'never' }],
  ])('%s has these doors and abilities', (_, more, paths, can) => {
    const { ding } = platform(more)
    expect(ding).toMatchObject({ name: 'dingtalk', corpId: 'dingCORP', can })
    expect(ding.routes?.(fakeReceive(() => ({})).receive).map(({ path }) => path)).toEqual(paths)
    expect(ding.problems()).toEqual([])
  })

  it.each<[string, Partial<DingtalkConfig>]>([
    ['DINGTALK_CORP_ID', { corpId: ' ' }],
    ['DINGTALK_CLIENT_ID', { clientId: '' }],
    ['DINGTALK_ROBOT_CODE', { robotCode: '' }],
    ['DINGTALK_CLIENT_SECRET', { clientSecrets: [] }],
    ['DINGTALK_CLIENT_SECRET', { clientSecrets: ['a', ' '] }],
    ['DINGTALK_CLIENT_SECRET', { clientSecrets: ['a', 'b', 'c'] }],
    ['DINGTALK_API_BASE', { apiBase: 'ftp://x' }],
    ['DINGTALK_OAPI_BASE', { oapiBase: 'oapi.dingtalk.com' }],
    ['PUBLIC_URL', { receive: { mode: 'http' } }],
    ['DINGTALK_QUOTA', { quota: { calls: 0, pushes: 1 } }],
    ['DINGTALK_QUOTA', { quota: { calls: 1, pushes: Number.NaN } }],
    ['DINGTALK_EVENT_AES_KEY', { publicUrl, receive: { mode: 'http', events: { tokens: ['t'], aesKeys: ['short'] } } }],
  ])('does not start without %s', (name, more) => {
    expect(() => platform(more)).toThrow(Invalid)
    expect(() => platform(more)).toThrow(name)
  })

  it('is found where DingTalk is, unless told otherwise, and a slash at the end does no harm', async () => {
    expect([defaultApiBase, defaultOapiBase]).toEqual(['https://api.dingtalk.com', 'https://oapi.dingtalk.com'])
    const { ding, hosts } = platform({ apiBase: `${config.apiBase}/`, oapiBase: `${config.oapiBase}//` })
    await ding.findByMobile?.('13800000001')
    expect(hosts.asked.map(({ what }) => what)).toEqual(['POST /v1.0/oauth2/accessToken', mobileCall])
  })

  it('takes what is said from the door, and cards to people, counting both', async () => {
    const { ding, hosts } = platform({ receive: http, publicUrl, cardTemplate: 'own.schema' })
    const { heard, receive } = fakeReceive(() => ({}))
    const routes = ding.routes?.(receive) ?? []
    await routes.find(({ path }) => path === '/dingtalk/robot')?.handle({ ...bare({}), ...toRobot(said) })
    await ding.idle?.()
    expect(heard).toHaveLength(1)
    hosts.answer(createCall, delivered())
    const to: Recipient = { kind: 'person', userId: 'zhang3' }
    const buttons = [{ text: '好', style: 'primary' as const, payload: 'p', words: '好' }]
    const shown = { source: 's', tone: 'normal' as const, title: 't', rows: [], buttons, version: 1 }
    expect(await ding.send({ id: 'D', to, message: { kind: 'card', card: shown }, taskId: 'T1' })).toMatchObject({
      ...{ messageId: 'CARRIER', repaint: { handle: 'o:T1' } },
    })
    expect(hosts.body(createCall)).toMatchObject({ cardTemplateId: 'own.schema', callbackType: 'HTTP' })
    expect((await ding.quotas?.())?.map(({ kind, used, limit }) => [kind, used, limit])).toEqual([
      ['calls', 1, 100],
      ['pushes', 1, 50],
    ])
  })

  it('limits only a group’s own robot', () => {
    const { ding } = platform()
    expect(ding.limits({ kind: 'group', via: 'webhook', robot: { key: 'k' } })).toEqual([
      { count: 18, windowMs: minute },
    ])
    expect(ding.limits({ kind: 'group', via: 'bot', chatId: 'c' })).toEqual([])
    expect(ding.limits({ kind: 'person', userId: 'u' })).toEqual([])
  })
})

describe('whose mobile it is', () => {
  it.each([
    ['a member’s', '13800000001', ok({ errcode: 0, result: { userid: 'zhang3' } }), 'zhang3'],
    ['nobody’s', '13800000002', errcode(60121), null],
    ['nobody’s, within 88', '13800000002', errcode(88, 'ding talk error[subcode=60121,submsg=找不到该用户]'), null],
    ['no number', '13800000003', errcode(40104), null],
    ['an answer without one', '13800000004', ok({ errcode: 0 }), null],
  ])('is asked for free: %s', async (_, mobile, reply, userId) => {
    const { ding, hosts } = platform()
    hosts.answer(mobileCall, reply)
    expect(await ding.findByMobile?.(mobile)).toBe(userId)
    expect(hosts.body(mobileCall)).toEqual({ mobile })
    expect((await ding.quotas?.())?.[0]?.used).toBe(0)
  })

  it('is not asked of what is no mobile, and fails where that is not the answer', async () => {
    const { ding, hosts, failure } = platform()
    for (const mobile of ['', '1380000000', '+8613800000001', '010-12345678'])
      expect(await ding.findByMobile?.(mobile)).toBeNull()
    expect(hosts.asked).toEqual([])
    hosts.answer(mobileCall, errcode(60011))
    expect(await failure(ding.findByMobile?.('13800000001') ?? Promise.resolve())).toMatchObject({
      code: 'no-permission',
    })
  })
})

describe('a file', () => {
  const ref = { kind: 'image' as const, source: { mediaId: 'CODE' }, name: 'a.jpg' }
  const link = ok({ downloadUrl: 'https://files.ding.test/1.file?Expires=1' })
  const fileCall = 'GET /1.file'

  it('is fetched by its code, then by the link, without the token', async () => {
    const { ding, hosts } = platform()
    hosts.answer(linkCall, link).answer(fileCall, { status: 200, body: 'GIF89a' })
    expect(await ding.fetchMedia(ref)).toEqual({ bytes: Buffer.from('GIF89a'), mime: 'image/gif', name: 'a.jpg' })
    expect(hosts.body(linkCall)).toEqual({ downloadCode: 'CODE', robotCode: 'dingROBOT' })
    expect(JSON.stringify(hosts.of(fileCall)[0])).not.toContain(planted.token)
  })

  it.each([
    ['its code is too old', linkCall, refuses(400, 'invalidParameter.robotCode.downloadCode'), 'media-gone'],
    ['there is no link', linkCall, ok({}), 'no-file'],
    ['the link leads nowhere', linkCall, ok({ downloadUrl: 'file:///etc/passwd' }), 'media-gone'],
    ['the link leads inside', linkCall, ok({ downloadUrl: 'http://127.0.0.1:1/1.file?Expires=1' }), 'not-public'],
    ['the link leads to metadata', linkCall, ok({ downloadUrl: 'http://169.254.169.254/?Expires=1' }), 'not-public'],
    ['the link is too old', fileCall, { status: 403, body: 'expired' }, 'media-gone'],
    ['it is gone', fileCall, { status: 404, body: '' }, 'media-gone'],
    ['the link leads elsewhere', fileCall, { status: 302, body: '' }, 'bad-status'],
    ['the server is busy', fileCall, { status: 503, body: '' }, 'bad-status'],
    ['nobody answers', fileCall, 'drop' as const, 'unreachable'],
  ])('cannot be had when %s', async (_, what, reply, code) => {
    const { ding, hosts, failure } = platform()
    hosts.answer(linkCall, link).answer(what, reply)
    const error = await failure(ding.fetchMedia(ref))
    expect(error).toMatchObject({ code })
    expect(error.message).not.toContain('Expires')
  })

  it('of another platform is none', async () => {
    const { ding, failure } = platform()
    const source = { url: 'https://x.example', aesKey: null }
    expect(await failure(ding.fetchMedia({ kind: 'image', source }))).toMatchObject({ code: 'media-gone' })
  })
})

describe('the address for taps', () => {
  it('is told to DingTalk when the service opens, with a secret made of the app’s', async () => {
    const { ding, hosts, signals } = platform({ receive: http, publicUrl })
    const told = new Promise<void>(resolve => {
      signals.called = api => void (api === 'card/register' && resolve())
    })
    const close = await ding.open?.(fakeReceive(() => ({})).receive)
    await told
    await close?.()
    expect(hosts.body(registerCall)).toEqual({
      ...{ callbackRouteKey: 'paigong', callbackUrl: `${publicUrl}/dingtalk/card`, forceUpdate: true },
      apiSecret: createHmac('sha256', planted.clientSecret).update('paigong card route').digest('hex'),
    })
  })
})

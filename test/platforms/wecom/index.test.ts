import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Invalid } from '../../../src/errors.ts'
import { createWecom, type WecomConfig } from '../../../src/platforms/wecom/index.ts'
import { fileName } from '../../../src/platforms/wecom/media.ts'
import { outside } from '../web.ts'
import {
  base,
  config,
  corpId,
  fakeReceive,
  frozenClock,
  keptLog,
  keptSignals,
  memoryLeases,
  memoryTokens,
  posted,
  secret,
  textXml,
} from './help.ts'

const web = outside()

const deps = () => ({
  clock: frozenClock(),
  tokens: memoryTokens(),
  leases: memoryLeases().of('a'),
  signals: keptSignals(),
  log: keptLog(),
  exchange: web.exchange,
})
const bot: WecomConfig['bot'] = {
  mode: 'callback',
  tokens: [secret.token],
  aesKeys: [secret.aesKey],
  names: ['派工助手'],
}

/** As the platform seals files: padded to 32 bytes. */
function sealedFile(bytes: Buffer, aesKey: string): Buffer {
  const key = Buffer.from(aesKey, 'base64')
  const padding = 32 - (bytes.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  return Buffer.concat([cipher.update(Buffer.concat([bytes, Buffer.alloc(padding, padding)])), cipher.final()])
}

describe('createWecom', () => {
  it('has the doors its configuration asks for', () => {
    const plain = createWecom(config, deps())
    const routes = (platform: typeof plain) =>
      platform.routes?.(fakeReceive(() => ({})).receive).map(route => route.path)
    expect(plain).toMatchObject({ name: 'wecom', corpId, can: { hearsGroup: false } })
    expect(routes(plain)).toEqual(['/wecom/callback'])
    expect(plain.open).toBeUndefined()
    const callback = createWecom({ ...config, bot }, deps())
    expect(routes(callback)).toEqual(['/wecom/callback', '/wecom/bot'])
    expect(callback.can.hearsGroup).toBe(true)
    const socket = createWecom({ ...config, bot: { mode: 'socket', botId: 'B', secret: 's', names: [] } }, deps())
    expect(routes(socket)).toEqual(['/wecom/callback'])
    expect(socket.open).toBeTypeOf('function')
    expect(socket.problems()).toEqual([])
  })

  it('takes a message from the door to the person', async () => {
    const platform = createWecom(config, deps())
    const { heard, receive } = fakeReceive(() => ({}))
    const [route] = platform.routes?.(receive) ?? []
    await route?.handle(posted(textXml('接单 1024')))
    expect(heard).toHaveLength(1)
    web.at(base).get('/cgi-bin/gettoken').query(true).reply(200, { errcode: 0, access_token: 'T', expires_in: 7_200 })
    web.at(base).post('/cgi-bin/message/send').query(true).reply(200, { errcode: 0, msgid: 'm1' })
    await expect(
      platform.send({ id: 'd', to: { kind: 'person', userId: 'zhang3' }, message: { kind: 'text', text: '好' } }),
    ).resolves.toEqual({ messageId: 'm1' })
  })

  it('speaks in groups by robot, and says what is missing for the bot', async () => {
    const platform = createWecom(config, deps())
    const message = { kind: 'text', text: '好' } as const
    web.at(base).post('/cgi-bin/webhook/send').query({ key: 'k1' }).reply(200, { errcode: 0 })
    await expect(
      platform.send({ id: 'd', to: { kind: 'group', via: 'webhook', robot: { key: 'k1' } }, message }),
    ).resolves.toEqual({})
    await expect(
      platform.send({ id: 'd', to: { kind: 'group', chatId: 'CH1', via: 'bot' }, message }),
    ).rejects.toMatchObject({ name: 'Permanent', code: 'no-bot' })
  })

  it('knows how much a recipient may get', () => {
    const platform = createWecom(config, deps())
    const member = [
      { count: 30, windowMs: 60_000 },
      { count: 1_000, windowMs: 3_600_000 },
    ]
    expect(platform.limits({ kind: 'person', userId: 'a' })).toEqual(member)
    expect(platform.limits({ kind: 'group', chatId: 'a', via: 'bot' })).toEqual(member)
    expect(platform.limits({ kind: 'group', via: 'webhook', robot: { key: 'a' } })).toEqual([
      { count: 20, windowMs: 60_000 },
    ])
  })

  it.each([
    ['WECOM_CORP_ID', { corpId: ' ' }],
    ['WECOM_SECRET', { secret: '' }],
    ['WECOM_AGENT_ID', { agentId: Number.NaN }],
    ['WECOM_API_BASE', { apiBase: 'ftp://x' }],
    ['WECOM_TOKEN', { callback: { tokens: [], aesKeys: [] } }],
    ['WECOM_AES_KEY', { callback: { tokens: ['t'], aesKeys: ['short'] } }],
    ['WECOM_BOT_ID', { bot: { mode: 'socket' as const, botId: '', secret: 's', names: [] } }],
    ['WECOM_BOT_SECRET', { bot: { mode: 'socket' as const, botId: 'B', secret: '', names: [] } }],
    ['WECOM_BOT_WS_URL', { bot: { mode: 'socket' as const, botId: 'B', secret: 's', wsUrl: 'http://x', names: [] } }],
    ['WECOM_BOT_TOKEN', { bot: { mode: 'callback' as const, tokens: [''], aesKeys: [secret.aesKey], names: [] } }],
  ])('does not start without %s', (name, change) => {
    const start = () => createWecom({ ...config, ...change }, deps())
    expect(start).toThrow(Invalid)
    expect(start).toThrow(name)
  })
})

describe('fetchMedia', () => {
  const picture = Buffer.from([0xff, 0xd8, 0xff, 1, 2, 3])
  const key = Buffer.alloc(32, 5).toString('base64')
  const serve = (body: Buffer, status = 200) =>
    web.at('http://files.test').get('/1').reply(status, body, { 'content-disposition': 'attachment; filename="a.jpg"' })
  const ref = (aesKey: string | null, url = 'http://files.test/1') => ({
    kind: 'image' as const,
    source: { url, aesKey },
  })

  it('opens a file with the key beside its link', async () => {
    serve(sealedFile(picture, key))
    await expect(createWecom(config, deps()).fetchMedia(ref(key))).resolves.toEqual({
      bytes: picture,
      mime: 'image/jpeg',
      name: 'a.jpg',
    })
  })

  it('opens a file with the bot’s own key in callback mode', async () => {
    serve(sealedFile(picture, secret.aesKey))
    await expect(createWecom({ ...config, bot }, deps()).fetchMedia(ref(null))).resolves.toMatchObject({
      bytes: picture,
    })
  })

  it.each([
    ['a wrong key', () => serve(sealedFile(picture, Buffer.alloc(32, 6).toString('base64'))), 'media-broken'],
    ['an expired link', () => serve(Buffer.from('gone'), 404), 'media-gone'],
    [
      'an error in its place',
      () => web.at('http://files.test').get('/1').reply(200, { errcode: 1, errmsg: 'x' }),
      'media-gone',
    ],
    [
      'no answer',
      () =>
        web
          .at('http://files.test')
          .get('/1')
          .answer(() => 'drop'),
      'unreachable',
    ],
  ])('fails with %s', async (_, given, code) => {
    given()
    await expect(createWecom(config, deps()).fetchMedia(ref(key))).rejects.toMatchObject({ code })
  })

  it('does not open other addresses', async () => {
    await expect(createWecom(config, deps()).fetchMedia(ref(key, 'file:///etc/passwd'))).rejects.toMatchObject({
      code: 'media-gone',
    })
  })

  it.each([
    ['attachment; filename="a b.jpg"', 'a b.jpg'],
    ["attachment; filename*=UTF-8''%E7%85%A7.jpg", '照.jpg'],
    ["attachment; filename*=UTF-8''%E7%8", '%E7%8'],
    ['attachment; filename="../../etc/x.jpg"', 'x.jpg'],
    ['inline', undefined],
    [undefined, undefined],
  ])('reads the name in %s', (header, name) => {
    expect(fileName(header)).toBe(name)
  })
})

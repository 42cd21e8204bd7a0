import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../src/chat/card.ts'
import { Permanent, Temporary } from '../../../src/errors.ts'
import type { Delivery } from '../../../src/platforms/platform.ts'
import { AppApi } from '../../../src/platforms/wecom/api.ts'
import { Client } from '../../../src/platforms/wecom/client.ts'
import { knownErrcodes, meaningOf } from '../../../src/platforms/wecom/errcode.ts'
import { pictureOf } from '../../support/picture.ts'
import { outside } from '../web.ts'
import {
  agentId,
  appSecret,
  base,
  card,
  corpId,
  frozenClock,
  keptLog,
  keptSignals,
  memoryTokens,
  start,
} from './help.ts'

const web = outside()

function world(apiBase = base, timeoutMs = 2_000) {
  const clock = frozenClock()
  const log = keptLog()
  const signals = keptSignals()
  const store = memoryTokens()
  const client = new Client(apiBase, {
    ...{ clock, signals, log, timeoutMs },
    ...(apiBase === base && { exchange: web.exchange }),
  })
  const api = new AppApi({ corpId, agentId, secret: appSecret }, { client, store, clock, log })
  return { clock, log, signals, store, client, api }
}

const delivery = (message: Message, more: Partial<Delivery> = {}): Delivery => ({
  id: 'd1',
  to: { kind: 'person', userId: 'zhang3' },
  message,
  ...more,
})
const text = delivery({ kind: 'text', text: '好' })
const ok = { errcode: 0, errmsg: 'ok' }

const token = (value = 'T1', expires_in = 7_200) =>
  web
    .at(base)
    .get('/cgi-bin/gettoken')
    .query({ corpid: corpId, corpsecret: appSecret })
    .reply(200, { ...ok, access_token: value, expires_in })
const sends = (answer: object | string, by = 'T1', status = 200) =>
  web.at(base).post('/cgi-bin/message/send').query({ access_token: by }).reply(status, answer)
const failure = async (work: Promise<unknown>): Promise<Temporary | Permanent> =>
  work.then(
    () => {
      throw new Error('it did not fail')
    },
    error => {
      if (error instanceof Temporary || error instanceof Permanent) return error
      throw error
    },
  )

describe('send', () => {
  it('sends text with a duplicate check of its own, and a card with its task id', async () => {
    const { api } = world()
    token()
    const bodies: Array<Record<string, unknown>> = []
    web
      .at(base)
      .post('/cgi-bin/message/send', body => bodies.push(body) > 0)
      .query({ access_token: 'T1' })
      .times(4)
      .reply(200, { ...ok, msgid: 'm1', response_code: 'RC0' })
    expect(await api.send(text, 'zhang3')).toEqual({
      messageId: 'm1',
      repaint: { handle: 'RC0', expiresAt: new Date(start.getTime() + 72 * 3_600_000) },
    })
    await api.send(text, 'zhang3')
    await api.send({ ...text, id: 'd2' }, 'zhang3')
    await api.send(delivery({ kind: 'card', card }, { taskId: 'task-1' }), 'zhang3')
    expect(bodies[0]).toMatchObject({ touser: 'zhang3', agentid: agentId, msgtype: 'text', enable_duplicate_check: 1 })
    expect(bodies[0]).not.toHaveProperty('enable_id_trans')
    expect(bodies[1]).toEqual(bodies[0])
    expect(bodies[2]).not.toEqual(bodies[0])
    expect(bodies[3]).toMatchObject({ msgtype: 'template_card', template_card: { task_id: 'task-1' } })
  })

  it('uploads a picture with the right form, uses it again for a retry, and anew once it was refused', async () => {
    const { api } = world()
    token()
    const forms: string[] = []
    const uploads = (answer: object) =>
      web
        .at(base)
        .post('/cgi-bin/media/upload', body => forms.push(String(body)) > 0)
        .query({ access_token: 'T1', type: 'image' })
        .reply(200, answer)
    const named: unknown[] = []
    const takes = (answer: object) =>
      web
        .at(base)
        .post(
          '/cgi-bin/message/send',
          ({ msgtype, image }: { msgtype: string; image: { media_id: string } }) =>
            named.push(msgtype === 'image' && image.media_id) > 0,
        )
        .query({ access_token: 'T1' })
        .reply(200, answer)
    const picture = delivery(pictureOf('排名'))
    uploads({ errcode: 45001, errmsg: 'too large' })
    expect(await failure(api.send(picture, 'zhang3'))).toMatchObject({ name: 'Permanent', code: 'bad-body' })
    uploads({ ...ok, type: 'image', media_id: 'M1' })
    takes({ errcode: -1, errmsg: 'busy' })
    takes({ errcode: 40007, errmsg: 'invalid media_id' })
    expect(await failure(api.send(picture, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'busy' })
    expect(await failure(api.send(picture, 'zhang3'))).toMatchObject({ name: 'Permanent', code: 'media-gone' })
    uploads({ ...ok, type: 'image', media_id: 'M2' })
    takes({ ...ok, msgid: 'm1' })
    expect(await api.send(picture, 'zhang3')).toEqual({ messageId: 'm1' })
    expect(named).toEqual(['M1', 'M1', 'M2'])
    expect(forms).toHaveLength(3)
  })

  it.each([
    ['invaliduser', 'no-such-user'],
    ['unlicenseduser', 'no-licence'],
  ])('takes %s for a failure though errcode is 0', async (field, code) => {
    const { api, signals } = world()
    token()
    sends({ ...ok, [field]: 'zhang3', msgid: 'm' })
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Permanent', code })
    expect(signals.calls).toContain('gettoken ok')
  })

  it.each([
    [81013, 'Permanent', 'no-such-user'],
    [60011, 'Permanent', 'out-of-scope'],
    [40058, 'Permanent', 'bad-body'],
    [42035, 'Permanent', 'bad-body'],
    [99999, 'Permanent', 'bad-body'],
    [-1, 'Temporary', 'busy'],
    [45033, 'Temporary', 'too-many-at-once'],
    [45009, 'Temporary', 'rate-limited'],
    [60020, 'Temporary', 'ip-not-allowed'],
    [40056, 'Temporary', 'wrong-agent'],
    [43012, 'Temporary', 'no-callback'],
  ])('errcode %i is %s %s', async (errcode, name, code) => {
    const { api } = world()
    token()
    sends({ errcode, errmsg: 'no' })
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name, code })
  })

  it('gives every known errcode a fix or a wait', () => {
    for (const errcode of knownErrcodes) {
      const meaning = meaningOf(errcode)
      if (meaning.is === 'permanent') expect(meaning.fix.length, String(errcode)).toBeGreaterThan(10)
      if (meaning.is === 'temporary') expect(meaning.waitMs, String(errcode)).toBeGreaterThan(0)
    }
  })
})

describe('the access token', () => {
  it('is fetched once for many calls at once, and shared', async () => {
    const { api, store } = world()
    const asked = token()
    web.at(base).post('/cgi-bin/message/send').query(true).times(5).reply(200, ok)
    await Promise.all(Array.from({ length: 5 }, () => api.send(text, 'zhang3')))
    expect(asked.isDone()).toBe(true)
    expect([...store.kept.values()]).toEqual([{ token: 'T1', expiresAt: new Date(start.getTime() + 7_200_000) }])
  })

  it('is taken from another instance, and kept per app', async () => {
    const { api, store } = world()
    await store.put(`wecom:${corpId}:${agentId}`, 'SHARED', new Date(start.getTime() + 600_000))
    await store.put(`wecom:${corpId}:7`, 'OTHER-APP', new Date(start.getTime() + 600_000))
    sends(ok, 'SHARED')
    await expect(api.send(text, 'zhang3')).resolves.toEqual({})
  })

  it('is renewed two minutes before its end', async () => {
    const { api, clock } = world()
    token('T1')
    web.at(base).post('/cgi-bin/message/send').query({ access_token: 'T1' }).times(2).reply(200, ok)
    await api.send(text, 'zhang3')
    clock.forward(7_080_000 - 1)
    await api.send(text, 'zhang3')
    clock.forward(1)
    token('T2')
    sends(ok, 'T2')
    await api.send(text, 'zhang3')
    expect(web.isDone()).toBe(true)
  })

  it.each([40014, 42001, 40001])('is replaced once when refused with %i', async errcode => {
    const { api } = world()
    token('T1')
    sends({ errcode, errmsg: 'invalid' }, 'T1')
    token('T2')
    sends(ok, 'T2')
    await expect(api.send(text, 'zhang3')).resolves.toEqual({})
    expect(web.isDone()).toBe(true)
  })

  it('is not replaced twice for one call', async () => {
    const { api } = world()
    token('T1')
    sends({ errcode: 40014, errmsg: 'invalid' }, 'T1')
    token('T2')
    sends({ errcode: 40014, errmsg: 'invalid' }, 'T2')
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'token-refused' })
    expect(web.isDone()).toBe(true)
  })

  it('is fetched again after a failure', async () => {
    const { api } = world()
    web.at(base).get('/cgi-bin/gettoken').query(true).reply(502, '<html>')
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'bad-status' })
    token()
    sends(ok)
    await expect(api.send(text, 'zhang3')).resolves.toEqual({})
  })

  it('works without the store', async () => {
    const { api, store, log } = world()
    store.get = () => Promise.reject(new Error('down'))
    store.put = () => Promise.reject(new Error('down'))
    token()
    sends(ok)
    await expect(api.send(text, 'zhang3')).resolves.toEqual({})
    expect(log.lines).toHaveLength(2)
  })
})

describe('trouble of the whole company', () => {
  it('asks with a wrong secret once in ten minutes, and shows it', async () => {
    const { api, client, clock } = world()
    const wrong = () =>
      web.at(base).get('/cgi-bin/gettoken').query(true).reply(200, { errcode: 40001, errmsg: 'invalid credential' })
    wrong()
    for (let at = 0; at < 20; at++)
      expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'wrong-secret' })
    expect(client.gates.problems()).toMatchObject([{ code: 'wrong-secret', since: start }])
    clock.forward(599_999)
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ retryAfterMs: 1 })
    clock.forward(1)
    const again = wrong()
    await failure(api.send(text, 'zhang3'))
    expect(again.isDone()).toBe(true)
    expect(client.gates.problems()).toMatchObject([{ code: 'wrong-secret', since: start }])
    clock.forward(600_000)
    token()
    sends(ok)
    await api.send(text, 'zhang3')
    expect(client.gates.problems()).toEqual([])
  })

  it('names the address that is not allowed, and holds everything back for a minute', async () => {
    const { api, client, clock } = world()
    token()
    sends({
      errcode: 60020,
      errmsg: `not allow to access from your ip, hint: [${'1'.repeat(200)}], from ip: 203.0.113.7, more info at https://open.example?access_token=T1`,
    })
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ code: 'ip-not-allowed', retryAfterMs: 60_000 })
    expect(await failure(api.findByMobile('13800000001'))).toMatchObject({ code: 'ip-not-allowed' })
    const [problem] = client.gates.problems()
    expect(problem?.what).toContain('203.0.113.7')
    expect(problem?.fix).toContain('企业可信IP')
    clock.forward(60_000)
    sends(ok)
    await api.send(text, 'zhang3')
    expect(client.gates.problems()).toEqual([])
  })

  it('leaves one API alone when it is limited, longer each time', async () => {
    const { api, clock } = world()
    token()
    for (const wait of [60_000, 600_000, 3_600_000, 3_600_000]) {
      const limited = web
        .at(base)
        .post('/cgi-bin/message/send')
        .query(true)
        .reply(200, { errcode: 45009, errmsg: 'freq' })
      web
        .at(base)
        .get('/cgi-bin/gettoken')
        .query(true)
        .optionally()
        .reply(200, { ...ok, access_token: 'T1', expires_in: 7_200 })
      expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ code: 'rate-limited', retryAfterMs: wait })
      expect(limited.isDone()).toBe(true)
      clock.forward(wait - 1)
      expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ retryAfterMs: 1 })
      clock.forward(1)
    }
    web
      .at(base)
      .get('/cgi-bin/gettoken')
      .query(true)
      .optionally()
      .reply(200, { ...ok, access_token: 'T1', expires_in: 7_200 })
    web
      .at(base)
      .post('/cgi-bin/user/getuserid')
      .query(true)
      .reply(200, { ...ok, userid: 'Zhang3' })
    await expect(api.findByMobile('13800000001')).resolves.toBe('zhang3')
  })

  it('takes several refusals of calls that were under way together for one', async () => {
    const { api, client } = world()
    token()
    web.at(base).post('/cgi-bin/message/send').query(true).times(3).reply(200, { errcode: 45009, errmsg: 'freq' })
    const failures = await Promise.all(['a1', 'b2', 'c3'].map(user => failure(api.send(text, user))))
    expect(failures).toMatchObject([{ retryAfterMs: 60_000 }, { retryAfterMs: 60_000 }, { retryAfterMs: 60_000 }])
    expect(client.gates.problems()).toMatchObject([
      { code: 'rate-limited', fix: expect.stringContaining('checkCorpSpamBlock') },
    ])
  })

  it('stops asking for a moment when the platform cannot be reached, and says so', async () => {
    const { api, client, clock } = world()
    token()
    web
      .at(base)
      .post('/cgi-bin/message/send')
      .query(true)
      .times(5)
      .answer(() => 'drop')
    for (let at = 0; at < 5; at++)
      expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'unreachable' })
    expect(web.isDone()).toBe(true)
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ code: 'unreachable', retryAfterMs: 5_000 })
    expect(client.gates.problems()).toMatchObject([{ code: 'unreachable' }])
    clock.forward(5_000)
    sends(ok)
    await api.send(text, 'zhang3')
    expect(client.gates.problems()).toEqual([])
  })

  it.each([
    ['a page of HTML', 200, '<html>登录</html>', 'not-json'],
    ['JSON without errcode', 200, '{"a":1}', 'not-json'],
    ['nothing', 200, '', 'not-json'],
    ['500', 500, 'oops', 'bad-status'],
    ['a redirect', 302, '', 'bad-status'],
  ])('takes %s for a passing failure', async (_, status, body, code) => {
    const { api } = world()
    token()
    sends(body, 'T1', status)
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code })
  })

  it('never tells secrets', async () => {
    const { api, log, client } = world()
    const errors: unknown[] = []
    web
      .at(base)
      .get('/cgi-bin/gettoken')
      .query(true)
      .answer(() => 'drop')
    errors.push(await failure(api.send(text, 'zhang3')))
    token('TOKEN-VALUE')
    sends({ errcode: 60020, errmsg: 'bad access_token=TOKEN-VALUE corpsecret=x' }, 'TOKEN-VALUE')
    errors.push(await failure(api.send(text, 'zhang3')))
    const all = [
      ...errors.map(
        error => `${error} ${JSON.stringify(error)} ${error instanceof Error ? error.stack + String(error.cause) : ''}`,
      ),
      ...log.lines,
      JSON.stringify(client.gates.problems()),
    ].join('\n')
    expect(all).not.toContain(appSecret)
    expect(all).not.toContain('TOKEN-VALUE')
  })
})

describe('repaint', () => {
  const repaint = delivery(
    { kind: 'card', card: { ...card, buttons: [], closed: '已完工' } },
    { repaint: { handle: 'RC0' } },
  )
  const updates = (answer: object) =>
    web.at(base).post('/cgi-bin/message/update_template_card').query(true).reply(200, answer)

  it('draws the card anew behind its code, without a task id', async () => {
    const { api } = world()
    token()
    let body: Record<string, unknown> = {}
    web
      .at(base)
      .post('/cgi-bin/message/update_template_card', sent => {
        body = sent
        return true
      })
      .query(true)
      .reply(200, { ...ok, invaliduser: [] })
    await expect(api.send({ ...repaint, taskId: 't' }, 'zhang3')).resolves.toEqual({})
    expect(body).toMatchObject({
      userids: ['zhang3'],
      agentid: agentId,
      response_code: 'RC0',
      template_card: { replace_text: '已完工' },
    })
    expect(body.template_card).not.toHaveProperty('task_id')
  })

  it.each([60140, 42022])('tells a spent code: %i', async errcode => {
    const { api } = world()
    token()
    updates({ errcode, errmsg: 'no' })
    expect(await failure(api.send(repaint, 'zhang3'))).toMatchObject({ name: 'Permanent', code: 'stale-handle' })
  })

  it('takes a spent code for done when the answer to the first try was lost', async () => {
    const { api } = world()
    token()
    web.at(base).post('/cgi-bin/message/update_template_card').query(true).reply(504, '')
    expect(await failure(api.send(repaint, 'zhang3'))).toMatchObject({ name: 'Temporary' })
    updates({ errcode: 42022, errmsg: 'used' })
    await expect(api.send(repaint, 'zhang3')).resolves.toEqual({})
  })

  it('tells when the person never had the card', async () => {
    const { api } = world()
    token()
    updates({ ...ok, invaliduser: ['zhang3'] })
    expect(await failure(api.send(repaint, 'zhang3'))).toMatchObject({ code: 'no-such-user' })
  })

  it('cannot draw text over a card', async () => {
    const { api } = world()
    expect(await failure(api.send({ ...text, repaint: { handle: 'RC0' } }, 'zhang3'))).toMatchObject({
      code: 'bad-message',
    })
  })
})

describe('recall, media and mobiles', () => {
  it('recalls, and says when it is too late', async () => {
    const { api } = world()
    token()
    const recalls = (errcode: number) =>
      web.at(base).post('/cgi-bin/message/recall', { msgid: 'm1' }).query(true).reply(200, { errcode, errmsg: '' })
    recalls(0)
    await expect(api.recall('m1')).resolves.toBe(true)
    recalls(42052)
    await expect(api.recall('m1')).resolves.toBe(false)
    recalls(40058)
    expect(await failure(api.recall('m1'))).toMatchObject({ code: 'bad-body' })
  })

  const media = () => web.at(base).get('/cgi-bin/media/get').query({ media_id: 'M1', access_token: 'T1' })

  it('fetches a file with its name', async () => {
    const { api } = world()
    token()
    media().reply(200, Buffer.from([0xff, 0xd8, 0xff]), {
      'content-type': 'image/jpeg',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent('现场.jpg')}`,
    })
    await expect(api.media('M1')).resolves.toEqual({
      bytes: Buffer.from([0xff, 0xd8, 0xff]),
      mime: 'image/jpeg',
      name: '现场.jpg',
    })
  })

  it('finds the error inside an answer of status 200', async () => {
    const { api } = world()
    token()
    media().reply(200, { errcode: 40007, errmsg: 'invalid media_id' })
    expect(await failure(api.media('M1'))).toMatchObject({ name: 'Permanent', code: 'media-gone' })
  })

  it('refuses a file that is too large', async () => {
    const { api } = world()
    token()
    media().reply(200, Buffer.alloc(20 * 1_048_576 + 1), { 'content-type': 'image/jpeg' })
    expect(await failure(api.media('M1'))).toMatchObject({ name: 'Permanent', code: 'too-large' })
  })

  it('finds people by mobile, and does not ask for what is none', async () => {
    const { api } = world()
    token()
    const asks = (answer: object) =>
      web.at(base).post('/cgi-bin/user/getuserid', { mobile: '13800000001' }).query(true).reply(200, answer)
    asks({ ...ok, userid: 'Zhang3' })
    await expect(api.findByMobile('13800000001')).resolves.toBe('zhang3')
    asks({ errcode: 46004, errmsg: 'no' })
    await expect(api.findByMobile('13800000001')).resolves.toBeNull()
    for (const mobile of ['', '138', 'abc', '1'.repeat(33)]) await expect(api.findByMobile(mobile)).resolves.toBeNull()
  })
})

describe('a platform that hangs', () => {
  let server: Server
  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url?.startsWith('/cgi-bin/gettoken'))
        return response.end(JSON.stringify({ ...ok, access_token: 'T1', expires_in: 7_200 }))
      // Headers and a drop now and then, but never an end.
      response.writeHead(200, { 'content-type': 'application/json' })
      const drip = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(drip))
      return response
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is given up after the timeout, even when it drips', async () => {
    const { port } = server.address() as AddressInfo
    const { api } = world(`http://127.0.0.1:${port}`, 150)
    expect(await failure(api.send(text, 'zhang3'))).toMatchObject({ name: 'Temporary', code: 'timeout' })
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mostWrongSecrets } from '../../src/sandbox/wecom/tokens.ts'
import { jobCard, makeWorld, png, sending, type World } from './world.ts'

const minute = 60_000
const hour = 60 * minute
let world: World
let agent: number

beforeEach(async () => {
  world = await makeWorld()
  agent = world.sandbox.credentials.agentId
})
afterEach(() => world.stop())

const lastNote = () => world.sandbox.log().at(-1)?.note
const text = (touser: string, content = '你好', more: Record<string, unknown> = {}) => ({
  touser,
  agentid: agent,
  msgtype: 'text',
  text: { content },
  ...more,
})
const send = (body: unknown) => world.api('message/send', body)

describe('access tokens', () => {
  const query = (more: Record<string, string> = {}) => {
    const { corpId, secret } = world.sandbox.credentials
    return { corpid: corpId, corpsecret: secret, ...more }
  }

  it('gives the same token for 7200 s, then another', async () => {
    const first = await world.api('gettoken', undefined, query())
    expect(first).toMatchObject({ errcode: 0, expires_in: 7_200 })
    world.clock.forward(7_199_000)
    expect(await world.api('gettoken', undefined, query())).toMatchObject({
      access_token: first.access_token,
      expires_in: 1,
    })
    world.clock.forward(1_000)
    expect((await world.api('gettoken', undefined, query())).access_token).not.toBe(first.access_token)
  })

  it('answers 40013 and 40001 to wrong credentials, and 45009 when hammered with a wrong secret', async () => {
    expect(await world.api('gettoken', undefined, query({ corpid: 'wwother' }))).toMatchObject({ errcode: 40013 })
    for (let i = 0; i < mostWrongSecrets; i++)
      expect(await world.api('gettoken', undefined, query({ corpsecret: 'wrong' }))).toMatchObject({ errcode: 40001 })
    expect(await world.api('gettoken', undefined, query())).toMatchObject({ errcode: 45009 })
    world.clock.forward(hour)
    expect(await world.api('gettoken', undefined, query())).toMatchObject({ errcode: 0 })
  })

  it('checks the token on every call: 41001 missing, 40014 unknown, 42001 expired', async () => {
    const access_token = await world.token()
    expect(await world.api('getcallbackip', undefined, {})).toMatchObject({ errcode: 41001 })
    expect(await world.api('getcallbackip', undefined, { access_token: 'x' })).toMatchObject({ errcode: 40014 })
    expect(await world.api('getcallbackip', undefined, { access_token })).toMatchObject({
      errcode: 0,
      ip_list: ['127.0.0.1'],
    })
    world.clock.forward(7_200_000)
    expect(await world.api('getcallbackip', undefined, { access_token })).toMatchObject({ errcode: 42001 })
  })

  it('can expire early', async () => {
    const access_token = await world.token()
    world.sandbox.expireTokens()
    expect(await world.api('getcallbackip', undefined, { access_token })).toMatchObject({ errcode: 42001 })
    expect(await world.token()).not.toBe(access_token)
  })
})

describe('message/send', () => {
  it('puts a text on the phone, ignoring case, and names the invalid ones in lower case', async () => {
    const answer = await send(text('ZhangSan|Nobody|lisi'))
    expect(answer).toMatchObject({ errcode: 0, invaliduser: 'nobody' })
    expect(answer.response_code).toBeUndefined()
    const [message] = world.messages('app:zhangsan')
    expect(message).toMatchObject({ from: { kind: 'app', name: '派工' }, body: { kind: 'text', text: '你好' } })
    expect(world.sandbox.state().chats.find(chat => chat.id === 'app:lisi')?.unread).toEqual({ lisi: 1 })
  })

  it('reaches everybody with @all', async () => {
    await send(text('@all'))
    expect(world.sandbox.state().messages).toHaveLength(4)
  })

  it.each([
    ['nobody valid', 81013, () => text('nobody')],
    ['wrong agentid', 40056, () => text('lisi', 'x', { agentid: 1 })],
    ['agentid as a string', 40056, () => text('lisi', 'x', { agentid: String(agent) })],
    ['unknown type', 40008, () => text('lisi', 'x', { msgtype: 'song' })],
    ['empty text', 44004, () => text('lisi', '')],
    ['number as text', 40058, () => text('lisi', 'x', { text: { content: 5 } })],
    ['unknown media', 40007, () => text('lisi', 'x', { msgtype: 'image', image: { media_id: 'x' } })],
  ])('%s → %i', async (_name, errcode, body) => {
    expect(await send(body())).toMatchObject({ errcode })
    expect(world.sandbox.state().messages).toHaveLength(0)
  })

  it('cuts texts at 2048 bytes between characters', async () => {
    await send(text('lisi', `a${'字'.repeat(700)}`))
    const [message] = world.messages('app:lisi')
    const body = message?.body
    expect(body?.kind === 'text' && body.text).toBe(`a${'字'.repeat(682)}`)
    expect(lastNote()).toBe('text cut to 2048 bytes')
  })

  it('draws text cards and turns ids into names', async () => {
    const textcard = { title: '通知', description: '<div class="gray">明天</div>早班', url: 'https://a.example' }
    await send(text('lisi', '', { msgtype: 'textcard', textcard }))
    await send(text('lisi', '$userName=zhangsan$ 已接单', { enable_id_trans: 1 }))
    const [card, said] = world.messages('app:lisi')
    expect(card?.body).toMatchObject({ kind: 'card', card: { title: '通知', subTitle: '明天早班' } })
    expect(said?.body).toMatchObject({ text: '张三 已接单' })
  })

  it('refuses a card that breaks a limit and a task_id used before', async () => {
    const seven = Array.from({ length: 7 }, () => ({ keyname: 'a', value: 'b' }))
    const bad = sending(agent, 'lisi', jobCard('t1', { horizontal_content_list: seven }))
    expect(await send(bad)).toMatchObject({ errcode: 42035 })
    expect(await send(sending(agent, 'lisi', jobCard('t1')))).toMatchObject({ errcode: 0 })
    expect(await send(sending(agent, 'zhangsan', jobCard('t1')))).toMatchObject({ errcode: 40058 })
    expect(lastNote()).toContain('task_id t1 was used before')
  })

  it('suppresses the same body within the interval', async () => {
    const body = sending(agent, 'lisi', jobCard('t1'), { enable_duplicate_check: 1, duplicate_check_interval: 600 })
    const first = await send(body)
    world.clock.forward(599_000)
    expect(await send(body)).toEqual(first)
    expect(world.messages('app:lisi')).toHaveLength(1)
    expect(lastNote()).toContain('suppressed')
    world.clock.forward(1_000)
    expect(await send(body)).toMatchObject({ errcode: 40058 })
    expect(await send({ ...body, duplicate_check_interval: 14_401 })).toMatchObject({ errcode: 40058 })
  })

  it('drops the 31st message of a minute and the 1001st of an hour without a word', async () => {
    const access_token = await world.token()
    const send = (body: unknown) => world.api('message/send', body, { access_token })
    for (let i = 0; i < 31; i++) expect(await send(text('lisi'))).toMatchObject({ errcode: 0, invaliduser: '' })
    expect(world.messages('app:lisi')).toHaveLength(30)
    expect(lastNote()).toContain('dropped without a word for lisi')
    await send(text('zhangsan'))
    expect(world.messages('app:zhangsan')).toHaveLength(1)
    for (let i = 1; i < 34; i++) {
      world.clock.forward(minute)
      for (let j = 0; j < 30; j++) await send(text('lisi'))
    }
    expect(world.messages('app:lisi')).toHaveLength(1_000)
    world.clock.forward(27 * minute)
    await send(text('lisi'))
    expect(world.messages('app:lisi')).toHaveLength(1_001)
  })
})

describe('update_template_card', () => {
  const update = (body: Record<string, unknown>) =>
    world.api('message/update_template_card', { agentid: agent, ...body })
  const sent = async (touser = 'zhangsan|lisi') =>
    String((await send(sending(agent, touser, jobCard('t1')))).response_code)
  const at = (userId: string) => world.cardOf(world.messages(`app:${userId}`)[0]?.id ?? '')

  it('greys the buttons of those named among the receivers, once', async () => {
    const response_code = await sent()
    const button = { replace_name: '已取消' }
    expect(await update({ response_code, userids: ['lisi', 'WangJingli'], button })).toEqual({
      errcode: 0,
      errmsg: 'ok',
      invaliduser: ['wangjingli'],
    })
    expect([at('lisi').replaceText, at('zhangsan').replaceText]).toEqual(['已取消', undefined])
    expect(await update({ response_code, atall: 1, button })).toMatchObject({ errcode: 42022 })
  })

  it('draws the card anew and keeps the task id', async () => {
    const response_code = await sent('lisi')
    const template_card = jobCard('', { main_title: { title: '改派' }, button_list: [{ text: '到达', key: 'arrive' }] })
    await update({ response_code, atall: 1, template_card })
    expect(at('lisi')).toMatchObject({ title: '改派', buttons: [{ text: '到达', key: 'arrive' }] })
    expect(world.messages('app:lisi')[0]).toMatchObject({
      body: { taskId: 't1' },
      changedAt: world.clock.now().toISOString(),
    })
  })

  it('leaves the code good when the card is refused', async () => {
    const response_code = await sent('lisi')
    expect(await update({ response_code, atall: 1, template_card: { card_type: 'x' } })).toMatchObject({
      errcode: 42031,
    })
    expect(await update({ response_code, atall: 1, button: {} })).toMatchObject({ errcode: 42020 })
    expect(await update({ response_code, atall: 1, button: { replace_name: '好' } })).toMatchObject({ errcode: 0 })
  })

  it('knows codes for 72 hours', async () => {
    const response_code = await sent('lisi')
    world.clock.forward(72 * hour + 1)
    expect(await update({ response_code, atall: 1, button: { replace_name: '晚' } })).toMatchObject({ errcode: 60140 })
    expect(await update({ response_code: 'x', atall: 1, button: { replace_name: '晚' } })).toMatchObject({
      errcode: 60140,
    })
    expect(await update({ response_code, agentid: 5 })).toMatchObject({ errcode: 40056 })
    expect(await update({ response_code: 7 })).toMatchObject({ errcode: 40058 })
  })
})

describe('message/recall', () => {
  it('takes a message back within 24 hours', async () => {
    const first = await send(text('lisi|zhangsan'))
    expect(await world.api('message/recall', { msgid: first.msgid })).toMatchObject({ errcode: 0 })
    expect(world.sandbox.state().messages.map(message => message.recalled)).toEqual([true, true])
    const second = await send(text('lisi'))
    world.clock.forward(24 * hour + 1)
    expect(await world.api('message/recall', { msgid: second.msgid })).toMatchObject({ errcode: 42052 })
    expect(await world.api('message/recall', { msgid: 'x' })).toMatchObject({ errcode: 40058 })
  })
})

describe('media', () => {
  const upload = async (type: string, bytes: Buffer, field = 'media', name = '现场.png') => {
    const form = new FormData()
    form.set(field, new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name)
    const url = `${world.base}/sandbox/wecom/cgi-bin/media/upload?type=${type}&access_token=${await world.token()}`
    const response = await fetch(url, { method: 'POST', body: form })
    return (await response.json()) as Record<string, unknown>
  }
  const get = async (media_id: string) =>
    fetch(`${world.base}/sandbox/wecom/cgi-bin/media/get?media_id=${media_id}&access_token=${await world.token()}`)

  it('keeps an upload for three days, answering errors as JSON in 200', async () => {
    const { media_id, created_at, type } = await upload('image', png)
    expect({ created_at, type }).toEqual({ created_at: '1768442400', type: 'image' })
    const found = await get(String(media_id))
    expect(Buffer.from(await found.arrayBuffer())).toEqual(png)
    expect(found.headers.get('content-type')).toBe('image/png')
    expect(found.headers.get('content-disposition')).toContain(encodeURIComponent('现场.png'))
    await send(text('lisi', '', { msgtype: 'image', image: { media_id } }))
    expect(world.messages('app:lisi')[0]?.body).toEqual({ kind: 'image', url: `/sandbox/api/media/${media_id}` })
    world.clock.forward(72 * hour + 1)
    const late = await get(String(media_id))
    expect([late.status, await late.json()]).toMatchObject([200, { errcode: 40007 }])
  })

  it('refuses wrong types, sizes and forms', async () => {
    expect(await upload('song', png)).toMatchObject({ errcode: 40004 })
    expect(await upload('image', Buffer.from('not a picture'))).toMatchObject({ errcode: 40005 })
    expect(await upload('file', Buffer.from('12345'))).toMatchObject({ errcode: 40006 })
    expect(await upload('voice', Buffer.alloc(2 * 1_024 * 1_024 + 1))).toMatchObject({ errcode: 45001 })
    expect(await upload('file', png, 'file')).toMatchObject({ errcode: 41005 })
  })
})

describe('the directory', () => {
  it('finds members by id and phone, hiding the phone', async () => {
    const access_token = await world.token()
    expect(await world.api('user/getuserid', { mobile: '13800000002' })).toMatchObject({ userid: 'zhangsan' })
    expect(await world.api('user/getuserid', { mobile: '13800009999' })).toMatchObject({ errcode: 46004 })
    const person = await world.api('user/get', undefined, { access_token, userid: 'lisi' })
    expect(person).toMatchObject({ userid: 'lisi', name: '李四', position: '技术员' })
    expect(person).not.toHaveProperty('mobile')
    expect(await world.api('user/get', undefined, { access_token, userid: 'x' })).toMatchObject({ errcode: 60111 })
    const { userlist } = await world.api('user/simplelist', undefined, { access_token, department_id: '1' })
    expect(userlist).toHaveLength(4)
  })
})

describe('the group robot', () => {
  const say = (body: unknown, key = world.sandbox.credentials.webhookKey) => world.api('webhook/send', body, { key })
  const group = () => world.messages('wrSANDBOXGROUP01')

  it('speaks into the group, with mentions', async () => {
    const content = '<@lisi> 超时'
    const mentioned = { mentioned_list: ['zhangsan', '@all'], mentioned_mobile_list: ['13800000004'] }
    expect(await say({ msgtype: 'text', text: { content, ...mentioned } })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(group()[0]).toMatchObject({
      from: { kind: 'robot' },
      body: { text: content, mentions: ['zhangsan', '@all', 'lisi', 'wangjingli'] },
    })
    expect(await say({ msgtype: 'markdown_v2', markdown_v2: { content: '| 姓名 |\n| --- |' } })).toMatchObject({
      errcode: 0,
    })
  })

  it('takes notices, no buttons', async () => {
    const card_action = { type: 1, url: 'https://a.example' }
    const notice = { card_type: 'text_notice', main_title: { title: '排名' }, card_action }
    expect(await say({ msgtype: 'template_card', template_card: notice })).toMatchObject({ errcode: 0 })
    expect(await say({ msgtype: 'template_card', template_card: jobCard('t') })).toMatchObject({ errcode: 42031 })
  })

  it('takes a picture whose md5 is right', async () => {
    const image = { base64: png.toString('base64'), md5: 'e3f8fe03ed6b6f2e5bbe5bc4bd4a5a4a' }
    expect(await say({ msgtype: 'image', image })).toMatchObject({ errcode: 301019 })
    const { createHash } = await import('node:crypto')
    image.md5 = createHash('md5').update(png).digest('hex')
    expect(await say({ msgtype: 'image', image })).toMatchObject({ errcode: 0 })
  })

  it('refuses a wrong key with 93000 and the 21st message of a minute with 45009', async () => {
    const hello = { msgtype: 'text', text: { content: '好' } }
    expect(await say(hello, 'wrong')).toMatchObject({ errcode: 93000 })
    for (let i = 0; i < 20; i++) expect(await say(hello)).toMatchObject({ errcode: 0 })
    expect(await say(hello)).toMatchObject({ errcode: 45009 })
    world.clock.forward(minute)
    expect(await say(hello)).toMatchObject({ errcode: 0 })
    expect(group()).toHaveLength(21)
  })
})

describe('faults and oddities', () => {
  it('answers as injected, the given number of times', async () => {
    world.sandbox.fail({ api: 'message/send', times: 1, errcode: 45009 })
    expect(await send(text('lisi'))).toMatchObject({ errcode: 45009 })
    expect(await send(text('lisi'))).toMatchObject({ errcode: 0 })
    const restore = world.sandbox.fail({ api: '*', status: 502, body: '<html>bad gateway</html>' })
    const response = await fetch(`${world.base}/sandbox/wecom/cgi-bin/gettoken`)
    expect([response.status, await response.text()]).toEqual([502, '<html>bad gateway</html>'])
    restore()
    expect(await send(text('lisi'))).toMatchObject({ errcode: 0 })
  })

  it('can do the work and lose the answer', async () => {
    const access_token = await world.token()
    world.sandbox.fail({ api: 'message/send', times: 1, dropAfterCommit: true })
    await expect(world.api('message/send', text('lisi'), { access_token })).rejects.toThrow()
    expect(world.messages('app:lisi')).toHaveLength(1)
  })

  it('can hang until the sandbox closes', async () => {
    const access_token = await world.token()
    world.sandbox.fail({ api: 'message/send', times: 1, hangMs: 3_600_000 })
    const url = `${world.base}/sandbox/wecom/cgi-bin/message/send?access_token=${access_token}`
    const call = fetch(url, { method: 'POST', body: JSON.stringify(text('lisi')), signal: AbortSignal.timeout(100) })
    await expect(call).rejects.toThrow()
    await world.sandbox.close()
  })

  it('refuses unknown APIs, wrong methods, broken and huge bodies', async () => {
    const access_token = await world.token()
    const post = (body: string) =>
      fetch(`${world.base}/sandbox/wecom/cgi-bin/message/send?access_token=${access_token}`, { method: 'POST', body })
    expect(await world.api('nothing')).toMatchObject({ errcode: 40058 })
    expect(await world.api('message/send')).toMatchObject({ errcode: 40058 })
    expect(await (await post('{')).json()).toMatchObject({ errcode: 40058 })
    expect(await (await post('[]')).json()).toMatchObject({ errcode: 40058 })
    expect((await post(' '.repeat(1_024 * 1_024 + 1))).status).toBe(413)
  })

  it('writes no secret into the exchange log', async () => {
    await send(text('lisi'))
    await world.api('gettoken', undefined, { corpid: world.sandbox.credentials.corpId, corpsecret: 'a-wrong-secret' })
    const written = JSON.stringify(world.sandbox.log())
    const { secret, token, aesKey, botSecret, webhookKey } = world.sandbox.credentials
    for (const hidden of [secret, token, aesKey, botSecret, webhookKey, await world.token(), 'a-wrong-secret'])
      expect(written).not.toContain(hidden)
    expect(world.sandbox.log().map(entry => entry.what)).toContain('POST /cgi-bin/message/send')
  })
})

import { createDecipheriv, createHash, createHmac } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { seal, unseal } from '../../src/sandbox/dingtalk/envelope.ts'
import { type DingWorld, group, makeDingWorld, publicCard } from './dingworld.ts'
import type { Door } from './world.ts'

let world: DingWorld
let heard: Array<Parameters<Door>[0]>

beforeEach(async () => {
  heard = []
  world = await makeDingWorld({
    dingtalk: { mode: 'http', robotUrl: () => `${world.base}/robot`, eventUrl: () => `${world.base}/event` },
    timing: { ackTimeoutMs: 1_000, cardTimeoutMs: 1_000 },
  })
})
afterEach(() => world.stop())

const open = (path: string, answer: Door) =>
  world.doors.set(path, request => {
    heard.push(request)
    return answer(request)
  })
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64')
const say = () => world.sandbox.say({ as: 'lisi', chat: 'ding:lisi', text: '接单' })
const keys = () => world.sandbox.dingtalk.credentials

describe('a robot message over HTTP', () => {
  it('is signed, and may be answered with nothing', async () => {
    open('/robot', () => ({ body: '{"msgtype":"empty"}' }))
    expect(await say()).toMatchObject({ status: 'empty' })
    const { timestamp, sign } = heard[0]?.headers ?? {}
    expect(timestamp).toBe(String(world.clock.now().getTime()))
    expect(sign).toBe(hmac(keys().clientSecret, `${timestamp}\n${keys().clientSecret}`))
    expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({
      msgtype: 'text',
      text: { content: '接单' },
      senderStaffId: 'Dd7003li',
    })
    expect(world.sandbox.state().dingtalkOnline).toBe(true)
    open('/robot', () => ({}))
    expect(await say()).toMatchObject({ status: 'empty' })
    expect(world.messages('ding:lisi').every(({ from }) => from.kind === 'person')).toBe(true)
  })

  it('may be answered with a message', async () => {
    open('/robot', () => ({
      body: JSON.stringify({ msgtype: 'markdown', markdown: { title: '单', text: '**1024**' } }),
    }))
    expect(await say()).toMatchObject({ status: 'answered' })
    expect(world.last('ding:lisi')).toMatchObject({
      from: { kind: 'bot' },
      body: { kind: 'markdown', text: '**1024**' },
    })
    open('/robot', () => ({ body: JSON.stringify({ msgtype: 'video' }) }))
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    expect(world.logged).toContain('error sandbox: answer to a robot message refused')
  })

  it('comes again when it was not taken', async () => {
    open('/robot', () => ({ status: heard.length < 3 ? 500 : 200 }))
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    expect(heard).toHaveLength(3)
    expect(new Set(heard.map(({ body }) => JSON.parse(body).msgId)).size).toBe(1)
    expect(world.sandbox.log().map(entry => `${entry.channel} ${entry.status}`)).toEqual([
      ...['callback 500', 'callback 500', 'callback 200'],
    ])
  })

  it('fails without an answer, and without an address', async () => {
    await world.stop()
    world = await makeDingWorld({ dingtalk: { mode: 'http' }, timing: { retries: 0 } })
    expect(await say()).toMatchObject({ status: 'failed' })
    expect(world.sandbox.state().dingtalkOnline).toBe(false)
    await world.stop()
    const dingtalk = { mode: 'http' as const, robotUrl: () => `${world.base}/robot` }
    world = await makeDingWorld({ dingtalk, timing: { retries: 0, ackTimeoutMs: 50 } })
    open('/robot', () => ({ hang: true }))
    expect(await say()).toMatchObject({ status: 'failed' })
    await world.sandbox.idle()
    const { note, ms } = world.sandbox.log().at(-1) ?? {}
    expect(note).toContain('no answer within 50 ms')
    expect(ms).toBeLessThan(3_000)
  })
})

describe('a tap over HTTP', () => {
  const register = (more: Record<string, unknown> = {}) =>
    world.ding('POST', '/v1.0/card/callbacks/register', {
      ...{ callbackRouteKey: 'dispatch', callbackUrl: `${world.base}/card`, apiSecret: 's3cret', ...more },
    })
  const tap = async () => {
    const card = publicCard(world, 'wo-1', { callbackType: 'HTTP', callbackRouteKey: 'dispatch' })
    await world.ding('POST', '/v1.0/card/instances/createAndDeliver', card)
    return world.sandbox.tap({ as: 'lisi', message: world.last(group).id, key: 'accept' })
  }

  it('goes to the registered address, signed, and its answer is shown', async () => {
    const { body } = await register()
    expect(body).toEqual({ success: true, result: { callbackUrl: `${world.base}/card`, apiSecret: 's3cret' } })
    const shown = { cardUpdateOptions: { updateCardDataByKey: true }, cardData: { cardParamMap: { tips: '已接单' } } }
    open('/card', () => ({ body: JSON.stringify(shown) }))
    expect(await tap()).toEqual({ status: 'answered' })
    const { headers, body: told = '' } = heard[0] ?? {}
    const timestamp = String(headers?.['x-ddpaas-signature-timestamp'])
    expect(headers?.['x-ddpaas-signature']).toBe(hmac('s3cret', timestamp))
    expect(JSON.parse(told)).toMatchObject({ outTrackId: 'wo-1', userId: 'Dd7003li' })
    expect(world.dingCard(world.last(group).id, 'lisi').tips).toBe('已接单')
    expect(world.dingCard(world.last(group).id, 'zhangsan').tips).toBe('请在 10:30 前接单')
  })

  it('fails once and for all when it is not answered', async () => {
    await register()
    open('/card', () => ({ status: 500 }))
    expect(await tap()).toEqual({ status: 'failed' })
    await world.sandbox.idle()
    expect(heard).toHaveLength(1)
  })

  it('has one address per key', async () => {
    expect(await register({ apiSecret: undefined })).toMatchObject({
      body: { result: { apiSecret: expect.any(String) } },
    })
    const taken = await register()
    expect(taken).toMatchObject({ status: 500, body: { code: 'param.callbackRouteKeyExist' } })
    expect(await register({ forceUpdate: true })).toMatchObject({ status: 200 })
    expect(await register({ callbackRouteKey: 'other', callbackUrl: 'here' })).toMatchObject({ status: 400 })
  })
})

describe('an event over HTTP', () => {
  /** Opened by another implementation than the sandbox's. */
  const opened = ({ url, body }: { url: URL; body: string }) => {
    const { eventToken, eventAesKey, clientId } = keys()
    const sealed = String(JSON.parse(body).encrypt)
    const query = (name: string) => url.searchParams.get(name) ?? ''
    expect(getSignature(eventToken, query('timestamp'), query('nonce'), sealed)).toBe(query('msg_signature'))
    const { message, id } = decrypt(eventAesKey, sealed)
    expect(id).toBe(clientId)
    return JSON.parse(message) as Record<string, unknown>
  }
  const success = (word = 'success', owner = keys().clientId) => {
    const { eventToken, eventAesKey } = keys()
    const sealed = encrypt(eventAesKey, word, owner)
    const signature = getSignature(eventToken, '1768440000000', 'n1', sealed)
    return JSON.stringify({ msg_signature: signature, timeStamp: '1768440000000', nonce: 'n1', encrypt: sealed })
  }

  it('is sealed, flat, and answered with the sealed word', async () => {
    open('/event', () => ({ body: success() }))
    expect(await world.sandbox.dingtalk.event('user_leave_org', { userId: ['Dd7003li'] })).toBe('empty')
    const request = heard[0]
    expect(request && opened(request)).toEqual({
      ...{ EventType: 'user_leave_org', EventTime: world.clock.now().getTime(), CorpId: keys().corpId },
      ...{ BizId: expect.any(String), eventId: expect.any(String), userId: ['Dd7003li'] },
    })
  })

  it('comes again after anything else', async () => {
    const answers = ['success', success('SUCCESS'), success('success', 'dingother'), success().replace('n1', 'n2')]
    open('/event', () => ({ body: answers.shift() ?? success() }))
    expect(await world.sandbox.dingtalk.event('user_leave_org', {})).toBe('failed')
    expect(new Set(heard.map(request => opened(request).eventId)).size).toBe(1)
    expect(heard).toHaveLength(4)
  })

  it('is checked when the address is saved', async () => {
    open('/event', () => ({ body: success() }))
    expect(await world.sandbox.dingtalk.verifyEvents()).toBe(true)
    expect(heard[0] && opened(heard[0])).toEqual({ EventType: 'check_url' })
    open('/event', () => ({ body: 'success' }))
    expect(await world.sandbox.dingtalk.verifyEvents()).toBe(false)
  })
})

describe('the envelope of events', () => {
  const envelope = { token: 't0ken', aesKey: `${'a1B2c3D4e5F6g7H8i9J0'.repeat(2)}k1A`, owner: 'dingapp' }

  it('opens what it sealed and nothing that was touched', () => {
    for (const plain of ['', '{"EventType":"check_url"}', '字'.repeat(50)]) {
      const sealed = seal(envelope, plain, '1768440000000')
      expect(unseal(envelope, sealed)).toBe(plain)
      expect(() => unseal(envelope, { ...sealed, timestamp: '1' })).toThrow('msg_signature')
      expect(() => unseal({ ...envelope, owner: 'dingother' }, sealed)).toThrow('owner key')
    }
    const encryptedWrongly = 'AAAA'
    const signature = createHash('sha1')
      .update([envelope.token, '1', 'n', encryptedWrongly].sort().join(''))
      .digest('hex')
    const broken = { encrypt: encryptedWrongly, signature, timestamp: '1', nonce: 'n' }
    expect(() => unseal(envelope, broken)).toThrow('cannot be decrypted')
  })

  it('pads to blocks of 32 bytes', () => {
    const key = Buffer.from(`${envelope.aesKey}=`, 'base64')
    const { encrypt: sealed } = seal(envelope, 'success', '1')
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const plain = Buffer.concat([decipher.update(Buffer.from(sealed, 'base64')), decipher.final()])
    expect([plain.length % 32, plain.at(-1)]).toEqual([0, 64 - 16 - 4 - 'successdingapp'.length])
  })
})

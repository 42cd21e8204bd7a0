import { describe, expect, it } from 'vitest'
import { Temporary } from '../../../src/errors.ts'
import { MovableClock } from '../../../src/now.ts'
import { Answers } from '../../../src/platforms/dingtalk/stream/answers.ts'
import { cardTopic, readFrame, robotTopic } from '../../../src/platforms/dingtalk/stream/frames.ts'
import { doorOf } from '../../../src/platforms/dingtalk/stream/gateway.ts'

const frame = (type: string, headers: object, data?: unknown) =>
  JSON.stringify({ specVersion: '1.0', type, headers: { contentType: 'application/json', ...headers }, data })
const robot = { topic: robotTopic, messageId: 'M1' }

describe('frames', () => {
  it.each([
    ['robot', 'CALLBACK', robotTopic],
    ['card', 'CALLBACK', cardTopic],
    ['event', 'EVENT', '*'],
  ])('reads what is for the %s', (kind, type, topic) => {
    const text = frame(type, { topic, messageId: 'M1', time: 1_700_000_000_000, odd: { a: 1 } }, '{"msgId":"1"}')
    const headers = { contentType: 'application/json', topic, messageId: 'M1', time: '1700000000000' }
    expect(readFrame(text, true)).toEqual({
      is: 'heard',
      heard: { kind, messageId: 'M1', headers, data: { msgId: '1' } },
    })
  })

  it.each([
    ['not JSON', '{', { is: 'bad', reason: 'json' }],
    ['nothing', '', { is: 'bad', reason: 'json' }],
    ['no object', 'null', { is: 'bad', reason: 'frame' }],
    ['no headers', '{"type":"CALLBACK","data":"{}"}', { is: 'bad', reason: 'frame' }],
    ['headers that are none', '{"type":"CALLBACK","headers":[],"data":"{}"}', { is: 'bad', reason: 'frame' }],
    ['no messageId', frame('CALLBACK', { topic: robotTopic }, '{}'), { is: 'bad', reason: 'frame' }],
    ['an empty messageId', frame('CALLBACK', { ...robot, messageId: '' }, '{}'), { is: 'bad', reason: 'frame' }],
    [
      'a messageId without end',
      frame('CALLBACK', { ...robot, messageId: 'x'.repeat(600) }, '{}'),
      { is: 'bad', reason: 'frame' },
    ],
    ['data that is no text', frame('CALLBACK', robot, { a: 1 }), { is: 'bad', reason: 'frame' }],
    ['data that is no JSON', frame('CALLBACK', robot, '<xml/>'), { is: 'bad', reason: 'data' }],
    ['no data', frame('CALLBACK', robot), { is: 'bad', reason: 'data' }],
    ['a ping nobody can answer', frame('SYSTEM', { topic: 'ping' }, '{}'), { is: 'bad', reason: 'frame' }],
    [
      'a ping',
      frame('SYSTEM', { topic: 'ping', messageId: 'P' }, '{"opaque":"o"}'),
      { is: 'ping', messageId: 'P', data: '{"opaque":"o"}' },
    ],
    [
      'a bare ping',
      frame('SYSTEM', { topic: 'ping', messageId: 'P' }, null),
      { is: 'ping', messageId: 'P', data: '{}' },
    ],
    ['a goodbye', frame('SYSTEM', { topic: 'disconnect' }, '{"reason":"r"}'), { is: 'disconnect' }],
    ['a greeting', frame('SYSTEM', { topic: 'CONNECTED' }), { is: 'system' }],
    ['an unknown topic', frame('CALLBACK', { ...robot, topic: '/v2' }, '{}'), { is: 'unknown', messageId: 'M1' }],
    ['an unknown type', frame('NEWS', robot, '{}'), { is: 'unknown', messageId: 'M1' }],
    [
      'an event nobody asked for',
      frame('EVENT', { topic: '*', messageId: 'E' }, '{}'),
      { is: 'unknown', messageId: 'E' },
    ],
  ])('reads %s', (_, text, read) => {
    expect(readFrame(text, false)).toEqual(read)
  })
})

describe('the address to connect to', () => {
  const real = 'https://api.dingtalk.com'
  it('carries the ticket encoded, beside what the address has already', () => {
    const ticket = 'a+b/c=d&e f?#%'
    const url = doorOf({ endpoint: 'wss://wss-open-connection.dingtalk.com:443/connect', ticket }, real)
    expect(url.href).toBe('wss://wss-open-connection.dingtalk.com/connect?ticket=a%2Bb%2Fc%3Dd%26e%20f%3F%23%25')
    expect(doorOf({ endpoint: 'wss://x.test/c?a=1#f', ticket }, real).searchParams.get('ticket')).toBe(ticket)
    expect(doorOf({ endpoint: 'wss://x.test/c?a=1#f', ticket }, real).href).toMatch(/\?a=1&ticket=[^#]+$/)
  })

  it.each([
    ['ws://wss-open-connection.dingtalk.com/connect', real],
    ['ws://127.0.0.1.evil.test/', real],
    ['ws://localhost.evil.test/', real],
    ['http://127.0.0.1/', real],
    ['https://x.test/', 'http://127.0.0.1:1'],
    ['file:///etc/passwd', real],
    ['connect', real],
  ])('is not %s when the gateway is %s', (endpoint, apiBase) => {
    expect(() => doorOf({ endpoint, ticket: 't' }, apiBase)).toThrow(Temporary)
  })

  it.each([
    ['ws://127.0.0.1:80/c', real],
    ['ws://localhost/c', real],
    ['ws://[::1]/c', real],
    ['ws://sandbox.test/c', 'http://sandbox.test'],
  ])('may be %s when the gateway is %s', (endpoint, apiBase) => {
    expect(doorOf({ endpoint, ticket: 't' }, apiBase).protocol).toBe('ws:')
  })
})

describe('answers', () => {
  const clock = new MovableClock()
  clock.freeze(new Date('2026-11-20T02:00:00Z'))

  function noting() {
    const worked: string[] = []
    const answers = new Answers(clock)
    const ask = (key: string) => answers.to(key, async () => `${key} ${worked.push(key)}`)
    return { worked, answers, ask }
  }

  it('are given again for five minutes, and while the work is under way', async () => {
    const { worked, ask } = noting()
    expect(await Promise.all([ask('a'), ask('a')])).toEqual(['a 1', 'a 1'])
    clock.forward(299_999)
    expect(await ask('a')).toBe('a 1')
    clock.forward(1)
    expect(await ask('a')).toBe('a 2')
    expect(worked).toEqual(['a', 'a'])
  })

  it('are not made of failures', async () => {
    const { ask, answers } = noting()
    const fails = () => Promise.reject(new Error('no'))
    await expect(Promise.all([answers.to('a', fails), answers.to('a', fails)])).rejects.toThrow('no')
    expect(await ask('a')).toBe('a 1')
  })

  it('are kept for a thousand pushes and no more', async () => {
    const { worked, ask } = noting()
    for (let key = 0; key <= 1_000; key++) await ask(`k${key}`)
    await ask('k1')
    expect(worked).toHaveLength(1_001)
    await ask('k0')
    expect(worked).toHaveLength(1_002)
  })
})

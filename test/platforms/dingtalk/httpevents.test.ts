import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RawRequest } from '../../../src/platforms/platform.ts'
import { clientId, corpId, event, eventSecret, formerEventSecret, makeDoors, openAnswer, toEvents } from './doorhelp.ts'
import { bare, benches, minute, start } from './help.ts'

const bench = benches()

function open(more: Parameters<typeof makeDoors>[2] = {}, at = start) {
  const made = bench()
  made.clock.freeze(at)
  return { ...made, ...makeDoors(made, undefined, more) }
}

describe('POST /dingtalk/events', () => {
  it('takes an event and answers with a sealed «success» that opens', async () => {
    const { events, heard } = open()
    const answer = await events(toEvents(event))
    expect(answer).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' })
    expect(Object.keys(JSON.parse(answer.body)).sort()).toEqual(['encrypt', 'msg_signature', 'nonce', 'timeStamp'])
    expect(openAnswer(answer.body)).toBe('success')
    expect(heard).toMatchObject([{ key: 'event:E1', corpId, said: { name: 'bpms_instance_change' } }])
  })

  it('seals each answer anew', async () => {
    const { events } = open()
    const [one, other] = [await events(toEvents(event)), await events(toEvents(event))]
    expect(JSON.parse(one.body).nonce).not.toBe(JSON.parse(other.body).nonce)
    expect(JSON.parse(one.body).encrypt).not.toBe(JSON.parse(other.body).encrypt)
  })

  it('answers with the pair of secrets that the event was sealed with', async () => {
    const { events, heard } = open()
    const answer = await events(toEvents(event, formerEventSecret))
    expect(openAnswer(answer.body, formerEventSecret)).toBe('success')
    expect(() => openAnswer(answer.body, eventSecret)).toThrow()
    expect(heard).toHaveLength(1)
  })

  it.each(['signature', 'msg_signature'])(
    'takes the signature as `%s`, and the time in either spelling',
    async name => {
      const { events, heard } = open()
      const { query, body } = toEvents(event)
      const { msg_signature, timestamp, nonce } = query
      await events(bare({ query: { [name]: msg_signature, timestamp, nonce }, body }))
      await events(bare({ query: { [name]: msg_signature, timeStamp: timestamp, nonce }, body }))
      expect(heard).toHaveLength(2)
    },
  )

  it.each([
    ['the check of the address', { EventType: 'check_url' }],
    ['an event without a type', { CorpId: corpId }],
    ['a word', 'success'],
    ['a list', []],
  ])('answers %s, and hands nothing on', async (_, given) => {
    const { events, heard } = open()
    expect(openAnswer((await events(toEvents(given))).body)).toBe('success')
    expect(heard).toEqual([])
  })

  it('tells events without an id apart by their nonce', async () => {
    const { events, heard } = open()
    const { eventId: _, ...nameless } = event
    const request = toEvents(nameless)
    for (const one of [request, request, toEvents(nameless)]) await events(one)
    const [first, again, other] = heard.map(({ key }) => key)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })

  it('acknowledges what concerns another company, and does not hear it', async () => {
    const { events, heard, signals } = open()
    expect(openAnswer((await events(toEvents({ ...event, CorpId: 'dingOTHER' }))).body)).toBe('success')
    expect(heard).toEqual([])
    expect(signals.refusals).toEqual(['dingtalk.event receiver'])
  })

  it('is not there without its secrets', () => {
    expect(open({ events: [] }).routes.map(({ path }) => path)).toEqual(['/dingtalk/robot', '/dingtalk/card'])
  })
})

describe('POST /dingtalk/events refuses', () => {
  const good = toEvents(event)
  const withQuery = (more: object): RawRequest => ({ ...good, query: { ...good.query, ...more } })
  const ago = (ms: number) => new Date(start.getTime() - ms)

  it.each([
    ['what another app is told', toEvents(event, eventSecret, 'dingANOTHER'), 'receiver', 403],
    ['what is sealed for the company instead of the app', toEvents(event, eventSecret, corpId), 'receiver', 403],
    ['what is sealed for nobody', toEvents(event, eventSecret, ''), 'receiver', 403],
    ['a forged signature', withQuery({ msg_signature: 'a'.repeat(40) }), 'signature', 401],
    ['another token', toEvents(event, { ...eventSecret, token: 'Other' }), 'signature', 401],
    ['another key', toEvents(event, { ...eventSecret, aesKey: formerEventSecret.aesKey }), 'cipher', 403],
    ['what is older than five minutes', toEvents(event, eventSecret, clientId, ago(5 * minute + 1_000)), 'stale', 403],
    ['what is too early', toEvents(event, eventSecret, clientId, ago(-5 * minute - 1_000)), 'stale', 403],
    ['no signature', withQuery({ msg_signature: undefined }), 'malformed', 401],
    ['two of them', withQuery({ msg_signature: ['a', 'b'] }), 'malformed', 401],
    ['no time', withQuery({ timestamp: undefined }), 'malformed', 401],
    ['no nonce', withQuery({ nonce: '' }), 'malformed', 401],
    ['no JSON', { ...good, body: Buffer.from('xx') }, 'malformed', 401],
    ['JSON of something else', { ...good, body: Buffer.from('{"encrypt":7}') }, 'malformed', 401],
    ['null', { ...good, body: Buffer.from('null') }, 'malformed', 401],
    ['nothing', { ...good, body: Buffer.alloc(0) }, 'malformed', 401],
    ['too much', { ...good, body: Buffer.alloc(262_145, 65) }, 'size', 413],
  ])('%s, counts it and does not say why', async (_, request, reason, status) => {
    const { events, heard, signals } = open()
    const answer = await events(request)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatch(/^(unauthorized|forbidden|too large)$/)
    expect(heard).toEqual([])
    expect(signals.refusals).toEqual([`dingtalk.events ${reason}`])
  })

  it('every request one bit away from a good one', async () => {
    const { events, heard, signals } = open()
    let tried = 0
    const refused = async (request: RawRequest) => {
      tried++
      expect((await events(request)).status).toBeGreaterThanOrEqual(400)
    }
    for (let at = 0; at < good.body.length; at++)
      for (let bit = 0; bit < 8; bit++) {
        const body = Buffer.from(good.body)
        body[at] = (body[at] ?? 0) ^ (1 << bit)
        await refused({ ...good, body })
      }
    for (const [name, text] of Object.entries(good.query))
      for (let at = 0; at < String(text).length; at++)
        for (let bit = 0; bit < 7; bit++) {
          const chars = [...String(text)]
          chars[at] = String.fromCharCode((chars[at] ?? '').charCodeAt(0) ^ (1 << bit))
          await refused(withQuery({ [name]: chars.join('') }))
        }
    expect(heard).toEqual([])
    expect(signals.refusals).toHaveLength(tried)
  })

  it('whatever else is posted, and never throws', async () => {
    const { events, heard } = open()
    const text = fc.string({ unit: 'binary' })
    await fc.assert(
      fc.asyncProperty(text, text, text, fc.oneof(text, fc.json()), async (msg_signature, timestamp, nonce, body) => {
        const answer = await events(bare({ query: { msg_signature, timestamp, nonce }, body: Buffer.from(body) }))
        expect(answer.status).toBeGreaterThanOrEqual(400)
      }),
    )
    expect(heard).toEqual([])
  })
})

// Both are test vectors of DingTalk's documentation: of the page on pushing events, and of the older one for suites.
describe('the samples DingTalk publishes', () => {
  const newer = {
    owner: 'dingsnotzck6pm5veliw',
    secret: { token: '123456', aesKey: '1234567890123456789012345678901234567890123' },
    query: {
      msg_signature: '9a95a004dd16f5c307e849b994173f76aa26e5eb',
      timestamp: '1614767836',
      nonce: 'A7Co0cJLMzIDtMMI',
    },
    encrypt: 'YvkvaGe4hQxd3VxRmEty0dVlnCOAqwf56xwTRHDHoOURqhalbmBJQk5FNcRk42Gl5T0YQXZNwpwWSm1xAFJ5ZA==',
    at: new Date(1_614_767_836_000),
  }
  const older = {
    owner: 'suite4xxxxxxxxxxxxxxx',
    secret: { token: '123456', aesKey: '4g5j64qlyl3zvetqxz5jiocdr586fn2zvjpa8zls3ij' },
    query: { signature: '5a65ceeef9aab2d149439f82dc191dd6c5cbe2c0', timestamp: '1445827045067', nonce: 'nEXhMP4r' },
    encrypt:
      '1a3NBxmCFwkCJvfoQ7WhJHB+iX3qHPsc9JbaDznE1i03peOk1LaOQoRz3+nlyGNhwmwJ3vDMG+OzrHMeiZI7gTRWVdUBmfxjZ8Ej23JVYa9VrYeJ5as7XM/ZpulX8NEQis44w53h1qAgnC3PRzM7Zc/D6Ibr0rgUathB6zRHP8PYrfgnNOS9PhSBdHlegK+AGGanfwjXuQ9+0pZcy0w9lQ==',
    at: new Date(1_445_827_045_067),
  }
  const knock = ({ query, encrypt }: typeof newer | typeof older) =>
    bare({ query, body: Buffer.from(JSON.stringify({ encrypt })) })

  it.each([newer, older])('open here: of $owner', async sample => {
    const { events, signals } = open({ clientId: sample.owner, events: [sample.secret] }, sample.at)
    expect((await events(knock(sample))).status).toBe(200)
    expect(signals.refusals.filter(line => line !== 'dingtalk.event receiver')).toEqual([])
    const other = open({ clientId: 'dingANOTHER', events: [sample.secret] }, sample.at)
    expect((await other.events(knock(sample))).status).toBe(403)
    expect(other.signals.refusals).toEqual(['dingtalk.events receiver'])
  })

  it('say what they should', async () => {
    const { openEnvelope } = await import('../../../src/platforms/envelope.ts')
    const opened = ({ secret, owner, query, encrypt, at }: typeof newer | typeof older) =>
      openEnvelope({ secrets: [secret], receiveId: owner }, query, encrypt, at).message
    expect(opened(newer)).toBe('success')
    expect(JSON.parse(opened(older))).toMatchObject({ EventType: 'check_create_suite_url', TestSuiteKey: older.owner })
  })
})

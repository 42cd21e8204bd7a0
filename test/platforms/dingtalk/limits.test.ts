import { describe, expect, it } from 'vitest'
import { benches, errcode, minute, ok, type Reply, refuses, tokenCall } from './help.ts'

const bench = benches()
const newApi = { api: 'x/y', path: '/v1.0/x/y' }
const other = { api: 'z', path: '/v1.0/z' }
const newCall = 'POST /v1.0/x/y'
const denied = 'Forbidden.AccessDenied.'
const ban = '{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"1"}'

describe('too many calls', () => {
  it.each([
    ['of ours in a second (new)', refuses(403, `${denied}QpsLimitForAppkeyAndApi`), 1_000],
    ['of ours in a second (old)', errcode(90018), 1_000],
    ['of ours in a second (old, within 88)', errcode(88, 'ding talk error[subcode=90018,submsg=x]'), 1_000],
    ['of all companies (new)', refuses(403, `${denied}QpsLimitForApi`), 2_000],
    ['of all companies (old)', errcode(90002), 2_000],
  ])('%s: that API rests, twice as long each time, and a good answer ends it', async (_, refusal, first) => {
    const { api, hosts, clock, failure, codes } = bench()
    hosts.answer(newCall, refusal)
    for (const wait of [1, 2, 4, 8, 16, 32, 32].map(times => times * first)) {
      expect(await failure(api.call(newApi))).toMatchObject({
        ...{ name: 'Temporary', code: 'rate-limited', retryAfterMs: wait, patient: false },
      })
      clock.forward(wait - 1)
      expect(await failure(api.call(newApi))).toMatchObject({ code: 'rate-limited', retryAfterMs: 1 })
      await api.call(other)
      clock.forward(1)
    }
    expect(hosts.of(newCall)).toHaveLength(7)
    expect(codes(), 'a short rest is no trouble').toEqual([])
    hosts.answer(newCall, ok(), refusal)
    await api.call(newApi)
    expect(await failure(api.call(newApi))).toMatchObject({ retryAfterMs: first })
  })

  it('in a minute: that API rests for a minute, however often it happens', async () => {
    const { api, hosts, clock, failure } = bench()
    hosts.answer(newCall, refuses(403, `${denied}QpmLimitForAppkeyAndApi`))
    for (let times = 0; times < 3; times++) {
      expect(await failure(api.call(newApi))).toMatchObject({ code: 'rate-limited', retryAfterMs: minute })
      clock.forward(minute)
    }
    await api.call(other)
    expect(hosts.of(newCall)).toHaveLength(3)
  })

  it('under way together are refused once, not four times', async () => {
    const { api, hosts, clock, failure } = bench()
    hosts.answer(newCall, ok(), refuses(403, `${denied}QpsLimitForAppkeyAndApi`))
    await api.call(newApi)
    const all = await Promise.all([1, 2, 3, 4].map(() => failure(api.call(newApi))))
    expect(all.map(error => ('retryAfterMs' in error ? error.retryAfterMs : 0))).toEqual([1_000, 1_000, 1_000, 1_000])
    clock.forward(1_000)
    expect(await failure(api.call(newApi))).toMatchObject({ retryAfterMs: 2_000 })
  })

  it('to one person are a matter of that message alone', async () => {
    const { api, hosts, failure } = bench()
    hosts.answer(newCall, refuses(400, 'send.too.fast'), ok())
    expect(await failure(api.call(newApi))).toMatchObject({ code: 'rate-limited', retryAfterMs: 10_000 })
    await expect(api.call(newApi)).resolves.toEqual({})
  })
})

describe('a server that is busy', () => {
  it.each<[string, Reply]>([
    ['429', refuses(429, 'system.busy')],
    ['429 with a code nobody knows', refuses(429, 'too.much')],
    ['500', refuses(500, 'system.error')],
    ['503 with a code nobody knows', refuses(503, 'sorry')],
    ['-1', errcode(-1)],
    ['88 with -1 inside', errcode(88, 'ding talk error[subcode=-1,submsg=系统繁忙]')],
  ])('is asked again soon, and nothing is shut: %s', async (_, reply) => {
    const { api, hosts, failure, codes } = bench()
    hosts.answer(newCall, reply, ok())
    expect(await failure(api.call(newApi))).toMatchObject({ name: 'Temporary', code: 'busy', retryAfterMs: 2_000 })
    await expect(api.call(newApi)).resolves.toEqual({})
    expect(codes()).toEqual([])
  })
})

describe('an address that is shut out', () => {
  it.each<[string, Reply]>([
    ['a page', { status: 200, body: '<!DOCTYPE html><html><body>访问被拒绝</body></html>' }],
    ['a page with a line before it', { status: 403, body: '\n<html lang="zh">' }],
    ['its JSON', { status: 200, body: ban }],
    ['its JSON with status 403', { status: 403, body: ban }],
    ['its JSON in a page', { status: 200, body: `<html>${ban}</html>` }],
    ['its JSON, spaced and short', { status: 200, body: '{ "status" : 1111 }' }],
  ])('asks nothing for five minutes, whatever it is for: %s', async (_, reply) => {
    const { api, client, hosts, clock, failure, problems, codes } = bench()
    hosts.answer(newCall, reply, ok())
    expect(await failure(api.call(newApi))).toMatchObject({
      ...{ name: 'Temporary', code: 'banned', retryAfterMs: 5 * minute },
    })
    const before = hosts.asked.length
    clock.forward(5 * minute - 1)
    for (const work of [
      () => api.call(other),
      () => api.old({ api: 'contacts/x', path: '/topapi/x', free: true }),
      () =>
        client.ask({ api: 'robot/send', method: 'POST', url: 'https://oapi.ding.test/robot/send', scope: 'robot 1' }),
    ])
      expect(await failure(work())).toMatchObject({ code: 'banned', retryAfterMs: 1 })
    expect(hosts.asked).toHaveLength(before)
    expect(problems()).toMatchObject([{ code: 'banned', fix: expect.stringContaining('five minutes') }])
    clock.forward(1)
    await api.call(newApi)
    expect(codes()).toEqual([])
  })

  it('stays shut out although calls that were under way break off', async () => {
    const { api, hosts, failure } = bench()
    let breakOff = () => {}
    const later = new Promise<'drop'>(resolve => {
      breakOff = () => resolve('drop')
    })
    hosts.answer(newCall, { status: 200, body: ban }, later)
    await api.call(other)
    const [first, second] = [failure(api.call(newApi)), failure(api.call(newApi))]
    expect(await first).toMatchObject({ code: 'banned' })
    breakOff()
    expect(await second).toMatchObject({ code: 'unreachable' })
    const before = hosts.asked.length
    expect(await failure(api.call(other))).toMatchObject({ code: 'banned', retryAfterMs: 5 * minute })
    expect(hosts.asked).toHaveLength(before)
  })
})

describe('an answer that is none', () => {
  it.each<[string, Reply | 'drop' | 'silence', string]>([
    ['a gateway’s page', { status: 502, body: '<html>502 Bad Gateway</html>' }, 'bad-status'],
    ['a page that is not there', { status: 404, body: '<html>Not Found</html>' }, 'bad-status'],
    [
      'a proxy that wants a password',
      { status: 407, body: '<html>Proxy Authentication Required</html>' },
      'bad-status',
    ],
    ['a way elsewhere', { status: 302, body: '<html>moved</html>' }, 'bad-status'],
    ['an error without a code', { status: 400, body: '{"message":"no"}' }, 'bad-status'],
    ['nothing', { status: 200, body: '' }, 'not-json'],
    ['half of one', { status: 200, body: '{"success":tr' }, 'not-json'],
    ['a word', { status: 200, body: '"ok"' }, 'not-json'],
    ['a list', { status: 200, body: '[]' }, 'not-json'],
    ['null', { status: 200, body: 'null' }, 'not-json'],
    ['XML', { status: 200, body: '<?xml version="1.0"?><Error/>' }, 'not-json'],
    ['a broken connection', 'drop', 'unreachable'],
  ])('is tried again, and shown from the fifth time: %s', async (_, reply, code) => {
    const { api, hosts, clock, failure, problems, codes } = bench()
    await api.call(other)
    hosts.answer(newCall, reply)
    for (let times = 1; times < 5; times++) {
      expect(await failure(api.call(newApi))).toMatchObject({ name: 'Temporary', code })
      expect(codes()).toEqual([])
    }
    expect(await failure(api.call(newApi))).toMatchObject({ code })
    expect(problems()).toMatchObject([{ code: 'unreachable', fix: expect.stringContaining('DNS') }])
    expect(await failure(api.call(other))).toMatchObject({ code: 'unreachable', retryAfterMs: 5_000 })
    clock.forward(5_000)
    await api.call(other)
    expect(codes()).toEqual([])
  })

  it('that does not come is given up', async () => {
    const { api, hosts, failure, patience } = bench()
    await api.call(other)
    hosts.answer(newCall, 'silence', ok())
    patience(30)
    expect(await failure(api.call(newApi))).toMatchObject({ name: 'Temporary', code: 'timeout' })
    patience(10_000)
    await expect(api.call(newApi)).resolves.toEqual({})
  })

  it('and is far too large is not read', async () => {
    const { api, hosts, failure } = bench()
    hosts.answer(newCall, { status: 200, body: `{"a":"${'x'.repeat(1_048_576)}"}` })
    expect(await failure(api.call(newApi))).toMatchObject({ name: 'Permanent', code: 'too-large' })
  })

  it('to the question for a token stands for the call itself', async () => {
    const { api, hosts, failure } = bench()
    hosts.answer(tokenCall, 'drop')
    expect(await failure(api.call(newApi))).toMatchObject({ name: 'Temporary', code: 'unreachable' })
    expect(hosts.of(newCall)).toEqual([])
  })
})

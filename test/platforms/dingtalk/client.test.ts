import { describe, expect, it } from 'vitest'
import { Pacer } from '../../../src/platforms/dingtalk/pacer.ts'
import { apiBase, benches, errcode, minute, oapiBase, ok, refuses, tokenCall } from './help.ts'

const bench = benches()
const newApi = { api: 'x/y', path: '/v1.0/x/y', body: { a: 1 } }
const oldApi = { api: 'contacts/x', path: '/topapi/x', body: { a: 1 }, free: true }
const newCall = 'POST /v1.0/x/y'
const oldCall = 'POST /topapi/x'
const denied = 'Forbidden.AccessDenied.'

describe('a call', () => {
  it('carries one token to both APIs: in a header to the new one, in the address to the old one', async () => {
    const { api, hosts } = bench()
    await api.call(newApi)
    await api.old({ ...oldApi, params: { more: '1' } })
    expect(hosts.asked.map(({ what, host }) => `${host} ${what}`)).toEqual([
      `${apiBase} ${tokenCall}`,
      `${apiBase} ${newCall}`,
      `${oapiBase} ${oldCall}`,
    ])
    const [, first, second] = hosts.asked
    expect(first?.headers).toMatchObject({
      'x-acs-dingtalk-access-token': 'PLANTED-token-1',
      accept: 'application/json',
    })
    expect(first?.query.toString()).toBe('')
    expect(second?.query.toString()).toBe('more=1&access_token=PLANTED-token-1')
    expect(second?.headers).not.toHaveProperty('x-acs-dingtalk-access-token')
    expect([first?.body, second?.body]).toEqual([{ a: 1 }, { a: 1 }])
  })

  it('asks for the token with the id and the newest secret', async () => {
    const { api, hosts } = bench()
    await api.call(newApi)
    expect(hosts.body(tokenCall)).toEqual({ appKey: 'dingCLIENT', appSecret: 'PLANTED-client-secret' })
  })

  it('is counted under its name with what became of it', async () => {
    const { api, hosts, signals, failure } = bench()
    hosts.answer(newCall, ok(), refuses(500, 'system.busy'), refuses(400, 'staffId.notExisted'))
    await api.call(newApi)
    await failure(api.call(newApi))
    await failure(api.call(newApi))
    expect(signals.calls).toEqual(['oauth2/accessToken ok', 'x/y ok', 'x/y temporary', 'x/y permanent'])
  })
})

describe('a token that is not taken', () => {
  const refusals = [
    ['InvalidAuthentication', refuses(400, 'InvalidAuthentication')],
    ['40014', errcode(40014)],
    ['40001', errcode(40001)],
    ['42001', errcode(42001)],
    ['43007', errcode(43007)],
    // What oapi says of a made-up token: the number that matters stands inside.
    [
      '88 with 40014 inside',
      errcode(88, 'ding talk error[subcode=40014,submsg=不合法的access_token]', { sub_code: '40014' }),
    ],
  ] as const

  it.each(refusals)('is replaced once, and the call repeated: %s', async (_, refusal) => {
    const { api, hosts, codes } = bench()
    for (const [call, what] of [
      [() => api.call(newApi), newCall],
      [() => api.old(oldApi), oldCall],
    ] as const) {
      hosts.answer(what, refusal, ok({ done: 1 }))
      const before = hosts.of(tokenCall).length || 1
      await expect(call()).resolves.toMatchObject({ done: 1 })
      expect(hosts.of(tokenCall)).toHaveLength(before + 1)
      const [first, second] = hosts
        .of(what)
        .map(({ query, headers }) => query.get('access_token') ?? headers['x-acs-dingtalk-access-token'])
      expect(second).not.toBe(first)
    }
    expect(codes()).toEqual([])
  })

  it('fails for a minute when the fresh one is not taken either', async () => {
    const { api, hosts, failure } = bench()
    hosts.answer(newCall, refuses(400, 'InvalidAuthentication'))
    expect(await failure(api.call(newApi))).toMatchObject({
      ...{ name: 'Temporary', code: 'token-refused', retryAfterMs: minute },
    })
    expect(hosts.of(newCall)).toHaveLength(2)
    expect(hosts.of(tokenCall)).toHaveLength(2)
  })

  it('is fetched once for all who wait for it', async () => {
    const { api, hosts } = bench()
    await Promise.all([1, 2, 3, 4].map(() => api.call(newApi)))
    expect(hosts.of(tokenCall)).toHaveLength(1)
    expect(hosts.of(newCall)).toHaveLength(4)
  })

  it.each([
    ['without a token', ok({ expireIn: 7_200 })],
    ['with an empty one', ok({ accessToken: '', expireIn: 7_200 })],
    ['without its end', ok({ accessToken: 'x' })],
  ])('fails for now when the answer is one %s', async (_, reply) => {
    const { api, hosts, failure } = bench()
    hosts.answer(tokenCall, reply)
    expect(await failure(api.call(newApi))).toMatchObject({ name: 'Temporary' })
    expect(hosts.of(newCall)).toEqual([])
  })
})

describe('what is wrong with the whole app', () => {
  it.each(['invalidClientIdOrSecret', 'authFailed', 'invalid.client', 'unauthorized.client'])(
    'stops everything for ten minutes: %s',
    async code => {
      const { api, hosts, clock, failure, codes } = bench()
      hosts.answer(tokenCall, refuses(400, code), ok({ accessToken: 'good', expireIn: 7_200 }))
      expect(await failure(api.call(newApi))).toMatchObject({ code: 'wrong-secret', retryAfterMs: 10 * minute })
      expect(codes()).toEqual(['wrong-secret'])
      clock.forward(10 * minute - 1)
      expect(await failure(api.old(oldApi))).toMatchObject({ code: 'wrong-secret', retryAfterMs: 1 })
      expect(hosts.asked).toHaveLength(1)
      clock.forward(1)
      await expect(api.call(newApi)).resolves.toEqual({})
      expect(codes()).toEqual([])
    },
  )

  it.each([
    ['new', refuses(403, `${denied}IpNotInWhiteList`), newCall],
    ['old', errcode(60020), oldCall],
    ['old, within 88', errcode(88, 'ding talk error[subcode=60020,submsg=访问ip不在白名单之中]'), oldCall],
  ])('stops everything for a minute: an address that is not allowed (%s)', async (_, refusal, what) => {
    const made = bench()
    const { api, hosts, clock, failure } = made
    hosts.answer(what, refusal, ok())
    const work = () => (what === newCall ? api.call(newApi) : api.old(oldApi))
    const other = () => (what === newCall ? api.old(oldApi) : api.call(newApi))
    expect(await failure(work())).toMatchObject({ name: 'Temporary', code: 'ip-not-allowed', retryAfterMs: minute })
    expect(await failure(other())).toMatchObject({ code: 'ip-not-allowed' })
    expect(hosts.names).toEqual([what])
    expect(made.problems()).toMatchObject([{ code: 'ip-not-allowed', fix: expect.stringContaining('出口IP') }])
    clock.forward(minute)
    await other()
    expect(made.problems()).toEqual([])
  })
})

describe('a permission that is missing', () => {
  it.each([
    ['new', refuses(403, `${denied}AccessTokenPermissionDenied`)],
    ['old', errcode(60011)],
    ['old, within 88', errcode(88, '缺权限', { sub_code: '60011', sub_msg: '应用尚未开通所需的权限' })],
  ])('stops that API alone for ten minutes, and is shown with what to do (%s)', async (_, refusal) => {
    const made = bench()
    const { api, hosts, clock, failure } = made
    hosts.answer(newCall, refusal, ok())
    expect(await failure(api.call(newApi))).toMatchObject({ code: 'no-permission', retryAfterMs: 10 * minute })
    clock.forward(9 * minute)
    expect(await failure(api.call(newApi))).toMatchObject({ code: 'no-permission', retryAfterMs: minute })
    await api.old(oldApi)
    expect(hosts.names).toEqual([newCall, oldCall])
    const [problem, ...others] = made.problems()
    expect(others).toEqual([])
    expect(problem).toMatchObject({ code: 'no-permission', fix: expect.stringContaining('权限管理') })
    expect(problem?.what).toContain('x/y')
    clock.forward(minute)
    await api.call(newApi)
    expect(made.codes()).toEqual([])
  })
})

describe('a call that waits for its turn', () => {
  it('does not set out when its API was shut meanwhile', async () => {
    let elapsed = 0
    const waiting: Array<() => void> = []
    const set = (work: () => void) => {
      waiting.push(work)
      return () => {}
    }
    const { api, hosts, failure } = bench({ pacer: new Pacer({ set }, () => elapsed) })
    hosts.answer(newCall, ...Array.from({ length: 15 }, () => ok()), ok({ status: 1111 }))
    await Promise.all(Array.from({ length: 15 }, () => api.call(newApi)))
    const late = failure(api.call(newApi))
    elapsed = 500
    hosts.answer(oldCall, ok({ status: 1111, punish: 'deny' }))
    expect(await failure(api.old(oldApi))).toMatchObject({ code: 'banned' })
    elapsed = 1_000
    for (const go of waiting) go()
    expect(await late).toMatchObject({ code: 'banned' })
    expect(hosts.of(newCall)).toHaveLength(15)
  })
})

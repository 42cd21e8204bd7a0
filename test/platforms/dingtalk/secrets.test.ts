import { describe, expect, it } from 'vitest'
import { createLogin } from '../../../src/platforms/dingtalk/login.ts'
import { benches, config, errcode, planted, refuses, tokenCall } from './help.ts'

const bench = benches()
type Made = ReturnType<typeof bench>

/** Every way out, with what is confided on it. */
const ways: Array<[name: string, what: string, confided: string[], go: (made: Made) => Promise<unknown>]> = [
  ['the token', tokenCall, [planted.clientSecret], ({ api }) => api.call({ api: 'x', path: '/x' })],
  ['the new API', 'POST /x', [`${planted.token}-1`], ({ api }) => api.call({ api: 'x', path: '/x' })],
  ['the old API', 'POST /x', [`${planted.token}-1`], ({ api }) => api.old({ api: 'x', path: '/x' })],
  [
    ...(['a group’s robot', 'POST /robot/send'] as const),
    [planted.key],
    ({ robot }) => robot.sayAsRobot({ key: planted.key, secret: planted.robotSecret }, '好', [], 'd'),
  ],
  [
    ...(['the address for taps', 'POST /y'] as const),
    [`${planted.token}-1`, planted.clientSecret],
    ({ api }) => api.call({ api: 'y', path: '/y', body: { apiSecret: planted.clientSecret } }),
  ],
  [
    ...(['a login', 'POST /v1.0/oauth2/userAccessToken'] as const),
    [planted.clientSecret, planted.code],
    ({ api, client }) => createLogin(config, { api, client }).byAuthCode(planted.code),
  ],
]

// After every test `benches` looks for secrets in messages, fixes, problems and lines of the log.
describe.each(ways)('what is confided to DingTalk with %s', (_, what, confided, go) => {
  const named = confided.map(secret => `access_token=${secret}`).join(' & ')
  const bare = confided.join(' ')
  it.each([
    ['by name', refuses(400, 'x.y', `你用的是 ${named}`)],
    ['bare', refuses(400, 'x.y', `“${bare}”不对`)],
    ['in the code itself', refuses(400, bare)],
    ['where the API is shut and the trouble shown', refuses(403, 'Forbidden.AccessDenied.IpNotInWhiteList', bare)],
    ['by the old API', errcode(60011, bare)],
    ['in a page', { status: 502, body: `<html>${bare}</html>` }],
    ['in nothing at all', 'drop' as const],
  ])('is told nobody when it is quoted back: %s', async (_how, reply) => {
    const made = bench()
    made.hosts.answer(what, reply)
    // A login answers a refusal with «nobody».
    const outcome = await go(made).catch(error => made.failure(Promise.reject(error)))
    expect(outcome === null || outcome instanceof Error).toBe(true)
    expect(made.hosts.of(what)).toHaveLength(1)
  })
})

describe('a session', () => {
  it('is told nobody when it is quoted back', async () => {
    const { hosts, robot, session } = bench()
    for (const reply of [
      errcode(310000, `session=${planted.session}`),
      errcode(410100, planted.session),
      'drop' as const,
    ]) {
      session('cid')
      hosts.answer('POST /robot/sendBySession', reply)
      expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    }
  })
})

describe('what a server says', () => {
  it('of others’ secrets is not told either, where it names them', async () => {
    const { api, hosts, failure } = bench()
    const names = ['access_token', 'session', 'appSecret', 'secret', 'key', 'code']
    hosts.answer('POST /x', refuses(400, 'x', names.map(name => `${name}=${planted.key}`).join('&')))
    expect((await failure(api.call({ api: 'x', path: '/x' }))).message).toContain('session=[secret]')
  })

  it('is cut to a length that can be read', async () => {
    const { api, hosts, failure } = bench()
    hosts.answer('POST /x', refuses(400, 'x'.repeat(100_000), 'y'.repeat(100_000)))
    expect((await failure(api.call({ api: 'x', path: '/x' }))).message.length).toBeLessThan(400)
  })
})

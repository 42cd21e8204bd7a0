import { describe, expect, it } from 'vitest'
import type { Recipient } from '../../../src/platforms/platform.ts'
import { apiBase, benches, errcode, hour, minute, oapiBase, ok, planted, type Reply, refuses } from './help.ts'

const bench = benches()
const paid = { api: 'x/y', path: '/v1.0/x/y' }
const free = { api: 'contacts/x', path: '/topapi/x', free: true }
const paidCall = 'POST /v1.0/x/y'
const denied = 'Forbidden.AccessDenied.'
const zhang: Recipient = { kind: 'person', userId: 'zhang3' }

/** `calls 3, pushes 1` */
async function used({ meter }: ReturnType<typeof bench>): Promise<string> {
  return (await meter.quotas()).map(quota => `${quota.kind} ${quota.used}`).join(', ')
}

describe('a month’s allowance that is used up', () => {
  const refusals: Array<[string, Reply]> = [
    ['ApiCountLimitForOrg', refuses(403, `${denied}ApiCountLimitForOrg`)],
    ['90020', errcode(90020)],
    ['88 with 90020 inside', errcode(88, 'ding talk error[subcode=90020,submsg=x]', { sub_code: '90020' })],
  ]

  it.each(refusals)(
    'is a patient failure; nothing is asked for an hour, then again, and it heals: %s',
    async (_, refusal) => {
      const made = bench()
      const { api, hosts, clock, failure, codes, speaker } = made
      hosts.answer(paidCall, refusal, refusal, ok())
      for (const asked of [1, 2]) {
        expect(await failure(api.call(paid))).toMatchObject({
          ...{ name: 'Temporary', code: 'quota', patient: true, retryAfterMs: hour },
        })
        expect(codes()).toEqual(['calls-used-up'])
        expect(speaker.thrift(zhang)).toMatchObject({ exhausted: true })
        clock.forward(hour - 1)
        expect(await failure(api.call({ api: 'other', path: '/v1.0/other' }))).toMatchObject({
          ...{ code: 'quota', patient: true, retryAfterMs: 1 },
        })
        expect(hosts.of(paidCall)).toHaveLength(asked)
        clock.forward(1)
      }
      await expect(api.call(paid)).resolves.toEqual({})
      expect(speaker.thrift(zhang)).toMatchObject({ exhausted: false })
      expect(codes()).toEqual(['calls-run-short'])
    },
  )

  it.each(refusals)('lifts the meter to its limit, here and for the other instances: %s', async (_, refusal) => {
    const made = bench()
    const { api, hosts, meters, failure } = made
    hosts.answer(paidCall, refusal)
    await failure(api.call(paid))
    expect(await used(made)).toBe('calls 100, pushes 0')
    expect(meters.shown.get('dingtalk:calls:2026-11')).toBe(100)
  })

  it('stops neither what is free nor what is said in sessions and by robots', async () => {
    const { api, hosts, robot, session, failure } = bench()
    hosts.answer(paidCall, refuses(403, `${denied}ApiCountLimitForOrg`))
    await failure(api.call(paid))
    session('user:zhang3')
    await api.old(free)
    expect(await robot.sayInSession('user:zhang3', '好', [])).toBe(true)
    await robot.sayAsRobot({ key: planted.key }, '好', [], 'd1')
    expect(hosts.names.slice(1)).toEqual(['POST /topapi/x', 'POST /robot/sendBySession', 'POST /robot/send'])
  })

  it('is over as soon as something goes through that was under way', async () => {
    const { api, hosts, meter, failure } = bench()
    let answer = () => {}
    const later = new Promise<Reply>(resolve => {
      answer = () => resolve(ok())
    })
    hosts.answer(paidCall, refuses(403, `${denied}ApiCountLimitForOrg`), later)
    const [first, second] = [failure(api.call(paid)), api.call(paid)]
    await first
    expect(meter.refusedFor('calls')).toBe(hour)
    answer()
    await second
    expect(meter.refusedFor('calls')).toBe(0)
  })

  it('refuses calls that were under way together alike, and none of them is counted', async () => {
    const made = bench()
    const { api, hosts, failure } = made
    hosts.answer(paidCall, refuses(403, `${denied}ApiCountLimitForOrg`))
    const all = await Promise.all([failure(api.call(paid)), failure(api.call(paid))])
    expect(all.map(({ code }) => code)).toEqual(['quota', 'quota'])
    expect(await used(made)).toBe('calls 100, pushes 0')
  })
})

describe('of the allowance is taken', () => {
  it('one call each for what robots and cards do, nothing for tokens, contacts and logins', async () => {
    const made = bench()
    const { api, robot, cards, client } = made
    await api.old(free)
    await client.ask({ api: 'login/me', method: 'GET', url: `${apiBase}/v1.0/contact/users/me` })
    expect(await used(made)).toBe('calls 0, pushes 0')
    await robot.sayToPerson('zhang3', '好')
    await robot.sayToGroup('cid', '好')
    await cards.repaint('p:1', { ...cardOf(), version: 2 })
    await api.call({ api: 'robot/messageFiles', path: '/v1.0/robot/messageFiles/download' })
    expect(await used(made)).toBe('calls 4, pushes 0')
  })

  it('one push each for what goes out through sessions and webhooks', async () => {
    const made = bench()
    const { robot, session } = made
    session('cid')
    await robot.sayInSession('cid', '好', [])
    await robot.sayAsRobot({ key: planted.key, secret: planted.robotSecret }, '好', [], 'd1')
    expect(await used(made)).toBe('calls 0, pushes 2')
  })

  it.each<[string, Reply | 'drop' | 'silence', number]>([
    ['a refusal for speed', refuses(403, `${denied}QpsLimitForAppkeyAndApi`), 0],
    ['a refusal for speed of all', refuses(403, `${denied}QpsLimitForApi`), 0],
    ['a refusal for speed within a minute', refuses(403, `${denied}QpmLimitForAppkeyAndApi`), 0],
    ['a refusal for speed (old)', errcode(90018), 0],
    ['a refusal for speed within 88', errcode(88, 'ding talk error[subcode=90018,submsg=x]'), 0],
    ['a message too many to one person', refuses(400, 'send.too.fast'), 0],
    ['a broken connection', 'drop', 0],
    ['no answer', 'silence', 0],
    ['a gateway’s page', { status: 502, body: 'bad gateway' }, 0],
    ['a ban', { status: 200, body: '{"status":1111}' }, 0],
    ['a message that is refused', refuses(400, 'contain.notAllowed.text'), 1],
    ['a busy server', refuses(500, 'system.busy'), 1],
    ['success', ok(), 1],
  ])('as many as are billed: $0 → $2', async (_, reply, count) => {
    const made = bench()
    const { api, hosts, patience } = made
    await api.old(free)
    hosts.answer(paidCall, reply)
    if (reply === 'silence') patience(30)
    await api.call(paid).catch(() => {})
    expect(await used(made)).toBe(`calls ${count}, pushes 0`)
  })

  it('nothing by a call that did not set out', async () => {
    const made = bench()
    const { api, hosts, clock, failure } = made
    hosts.answer(paidCall, refuses(403, `${denied}AccessTokenPermissionDenied`))
    await failure(api.call(paid))
    clock.forward(minute)
    await failure(api.call(paid))
    expect(await used(made)).toBe('calls 1, pushes 0')
  })
})

describe('pushes that are used up', () => {
  it('are asked for again after an hour, while the API goes on', async () => {
    const made = bench()
    const { robot, hosts, clock, failure, codes, session } = made
    const say = () => robot.sayAsRobot({ key: planted.key }, '好', [], 'd1')
    hosts.answer('POST /robot/send', errcode(90020), ok({ errcode: 0 }))
    session('cid')
    expect(await failure(say())).toMatchObject({ code: 'quota', patient: true, retryAfterMs: hour })
    expect(codes()).toEqual(['pushes-used-up'])
    expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    await robot.sayToPerson('zhang3', '好')
    expect(hosts.of('POST /robot/sendBySession')).toEqual([])
    clock.forward(hour)
    await say()
    expect(codes()).toEqual(['pushes-run-short'])
    expect(hosts.of('POST /robot/send').map(({ host }) => host)).toEqual([oapiBase, oapiBase])
  })
})

const cardOf = () => ({ source: 's', tone: 'normal' as const, title: 't', rows: [], buttons: [], version: 1 })

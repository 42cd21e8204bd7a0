import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { webhookLimits } from '../../../src/platforms/dingtalk/robot.ts'
import { benches, errcode, groupCall, minute, ok, personCall, planted, robotCall, sessionCall, start } from './help.ts'

const bench = benches()
const long = '修'.repeat(10_000)

describe('to a person', () => {
  it('words go as one message to one user', async () => {
    const { robot, hosts } = bench()
    hosts.answer(personCall, ok({ processQueryKey: 'PQK', invalidStaffIdList: [], flowControlledStaffIdList: [] }))
    expect(await robot.sayToPerson('zhang3', '好')).toEqual({ messageId: 'PQK' })
    expect(hosts.body(personCall)).toEqual({
      ...{ robotCode: 'dingROBOT', userIds: ['zhang3'], msgKey: 'sampleText', msgParam: '{"content":"好"}' },
    })
  })

  it('who is not known any more fails for good; who gets too much, for a minute', async () => {
    const { robot, hosts, failure } = bench()
    hosts.answer(
      personCall,
      ok({ processQueryKey: 'PQK', invalidStaffIdList: ['zhang3'] }),
      ok({ processQueryKey: 'PQK', flowControlledStaffIdList: ['zhang3'] }),
      ok({ processQueryKey: 'PQK', invalidStaffIdList: ['li4'], flowControlledStaffIdList: ['li4'] }),
    )
    expect(await failure(robot.sayToPerson('zhang3', '好'))).toMatchObject({ name: 'Permanent', code: 'no-such-user' })
    expect(await failure(robot.sayToPerson('zhang3', '好'))).toMatchObject({
      ...{ name: 'Temporary', code: 'flow-controlled', retryAfterMs: minute },
    })
    expect(await robot.sayToPerson('zhang3', '好')).toEqual({ messageId: 'PQK' })
  })
})

describe('to a group', () => {
  it('words go without anybody’s name', async () => {
    const { robot, hosts } = bench()
    hosts.answer(groupCall, ok({ processQueryKey: 'PQK' }))
    expect(await robot.sayToGroup('cid==', '好')).toEqual({})
    expect(hosts.body(groupCall)).toEqual({
      ...{ openConversationId: 'cid==', robotCode: 'dingROBOT', msgKey: 'sampleText', msgParam: '{"content":"好"}' },
    })
  })
})

describe('whatever is said', () => {
  it.each([
    ['nothing', ' \n ', '—'],
    ['quotes and breaks', '"一"\n二', '"一"\n二'],
  ])('is sent as it is, and never empty: %s', async (_, text, sent) => {
    const { robot, hosts, session } = bench()
    session('cid')
    await robot.sayToPerson('zhang3', text)
    await robot.sayToGroup('cid', text)
    await robot.sayInSession('cid', text, [])
    for (const way of [personCall, groupCall]) expect(JSON.parse(hosts.body(way).msgParam)).toEqual({ content: sent })
    expect(hosts.body(sessionCall).text.content).toBe(sent)
  })

  it('is cut between characters before `msgParam` has 15,000 bytes, though every one of them be escaped', async () => {
    const { robot, hosts } = bench()
    await robot.sayToPerson('zhang3', long)
    await robot.sayToGroup('cid', '"\n'.repeat(10_000))
    for (const way of [personCall, groupCall]) expect(Buffer.byteLength(hosts.body(way).msgParam)).toBeLessThan(15_000)
    expect(JSON.parse(hosts.body(personCall).msgParam).content).toMatch(/^修+…$/)
  })
})

describe('in a session', () => {
  it('who is called stands in the words and in the list', async () => {
    const { robot, hosts, session } = bench()
    session('cid')
    expect(await robot.sayInSession('cid', '请看', ['zhang3', 'li4'])).toBe(true)
    const [asked] = hosts.asked
    expect(asked?.query.get('session')).toBe(planted.session)
    expect(asked?.headers).not.toHaveProperty('x-acs-dingtalk-access-token')
    expect(asked?.body).toEqual({
      msgtype: 'text',
      ...{ text: { content: '@zhang3 @li4 请看' }, at: { atUserIds: ['zhang3', 'li4'], isAtAll: false } },
    })
  })

  it('fifty are called, not more', async () => {
    const { robot, hosts, session } = bench()
    session('cid')
    const all = Array.from({ length: 60 }, (_, n) => `u${n}`)
    await robot.sayInSession('cid', '请看', all)
    const { at, text } = hosts.body(sessionCall)
    expect(at.atUserIds).toEqual(all.slice(0, 50))
    expect(text.content.match(/@u\d+/g)).toHaveLength(50)
  })

  it('is forgotten once DingTalk does not know it', async () => {
    const { robot, hosts, session, sessions } = bench()
    hosts.answer(sessionCall, errcode(300001, 'session 不存在'))
    session('cid')
    session('other')
    expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    expect([sessions.live('cid'), sessions.live('other')]).toEqual([null, expect.any(String)])
    expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    expect(hosts.of(sessionCall)).toHaveLength(1)
  })

  it.each([
    ['is refused', errcode(310000)],
    ['is stopped by the filter', errcode(430104)],
    ['fails for now', errcode(-1)],
    ['is unreachable', 'drop' as const],
    ['wants a token', errcode(40014)],
  ])('is not said when it %s, and the session is kept', async (_, reply) => {
    const { robot, hosts, session, sessions } = bench()
    hosts.answer(sessionCall, reply)
    session('cid')
    expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    expect(sessions.live('cid')).not.toBeNull()
  })

  it('that there is none of nothing is asked', async () => {
    const { robot, hosts } = bench()
    expect(await robot.sayInSession('cid', '好', [])).toBe(false)
    expect(hosts.asked).toEqual([])
  })
})

describe('as a group’s own robot', () => {
  const say = (made: ReturnType<typeof bench>, robot: { key: string; secret?: string }, mentions: string[] = []) =>
    made.robot.sayAsRobot(robot, '好', mentions, 'D1')
  const signed = { key: planted.key, secret: planted.robotSecret }

  it('it signs with its secret, and says which message it is', async () => {
    const made = bench()
    expect(await say(made, signed, ['zhang3'])).toEqual({})
    const [asked] = made.hosts.of(robotCall)
    const timestamp = String(start.getTime())
    const { robotSecret } = planted
    const sign = createHmac('sha256', robotSecret).update(`${timestamp}\n${robotSecret}`).digest('base64')
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({ access_token: planted.key, timestamp, sign })
    expect(asked?.body).toEqual({
      ...{ msgtype: 'text', msgUuid: 'D1', text: { content: '@zhang3 好' } },
      at: { atUserIds: ['zhang3'], isAtAll: false },
    })
  })

  it('signs nothing without a secret', async () => {
    const made = bench()
    await say(made, { key: planted.key })
    expect([...(made.hosts.of(robotCall)[0]?.query.keys() ?? [])]).toEqual(['access_token'])
  })

  it.each([
    ['too many in a minute', 410100],
    ['too many, of old', 130101],
  ])('is left alone for ten minutes after %s; other robots and the app speak on', async (_, code) => {
    const made = bench()
    const { hosts, clock, failure, robot } = made
    hosts.answer(robotCall, errcode(code), errcode(0))
    expect(await failure(say(made, signed))).toMatchObject({ code: 'rate-limited', retryAfterMs: 10 * minute })
    clock.forward(10 * minute - 1)
    expect(await failure(say(made, signed))).toMatchObject({ code: 'rate-limited', retryAfterMs: 1 })
    expect(hosts.of(robotCall)).toHaveLength(1)
    await say(made, { key: 'another' })
    await robot.sayToGroup('cid', '好')
    clock.forward(1)
    await say(made, signed)
  })

  it.each([
    ['a wrong token', 300001, 'robot-gone'],
    ['a wrong token, of old', 300005, 'robot-gone'],
    ['a wrong token, of new', 400101, 'robot-gone'],
    ['a token nobody takes', 40014, 'robot-gone'],
    ['a group that is gone', 400013, 'robot-gone'],
    ['a wrong signature', 310000, 'robot-refused'],
    ['the filter', 430104, 'filtered'],
  ])('fails for good with %s: %i', async (_, code, kind) => {
    const made = bench()
    made.hosts.answer(robotCall, errcode(code))
    const error = await made.failure(say(made, signed))
    expect(error).toMatchObject({ name: 'Permanent', code: kind })
    expect('fix' in error && error.fix).toMatch(kind === 'robot-gone' ? /robot/ : /./)
  })

  it('may speak 18 times a minute', () => {
    expect(webhookLimits).toEqual([{ count: 18, windowMs: minute }])
  })
})

import { describe, expect, it, vi } from 'vitest'
import type { Inbound } from '../../../src/chat/inbound.ts'
import { changeOf } from '../../../src/platforms/dingtalk/cards.ts'
import { NotKept } from '../../../src/platforms/dingtalk/hear.ts'
import type { Receipt } from '../../../src/platforms/platform.ts'
import { answers, event, lost, makeEars, never, said, tapped } from './doorhelp.ts'
import {
  benches,
  card,
  createCall,
  errcode,
  minute,
  oapiBase,
  planted,
  refuses,
  sessionCall,
  start,
  updateCall,
} from './help.ts'

const bench = benches()
const session = {
  sessionWebhook: `${oapiBase}/robot/sendBySession?session=${planted.session}`,
  sessionWebhookExpiredTime: start.getTime() + 90 * minute,
}
const inGroup = { ...said, ...session }
const single = { ...inGroup, conversationType: '1', conversationId: 'cidS' }

function hearing(answer?: (inbound: Inbound) => Partial<Receipt>) {
  const made = bench()
  return { ...made, ...makeEars(made, answer) }
}
const head = { eventType: event.EventType, eventId: 'E1' }

describe('what is said to the robot', () => {
  it('is answered in the session it came with: in a group with the name of who asked, alone without', async () => {
    const answered = vi.fn(async () => {})
    const { ears, hosts, meter } = hearing(() => answers({ kind: 'text', text: '✅ 1024 已接单' }, { answered }))
    await ears.robot(inGroup)
    await ears.robot(single)
    await ears.idle()
    expect(hosts.asked.map(({ what, query, body }) => [what, query.get('session'), body])).toEqual([
      [
        ...[sessionCall, planted.session],
        { msgtype: 'text', text: { content: '@zhang3 ✅ 1024 已接单' }, at: { atUserIds: ['zhang3'], isAtAll: false } },
      ],
      [sessionCall, planted.session, { msgtype: 'text', text: { content: '✅ 1024 已接单' } }],
    ])
    expect(answered).toHaveBeenCalledTimes(2)
    expect((await meter.quotas())[1]).toMatchObject({ kind: 'pushes', used: 4 })
  })

  it('is not answered a second time when it is delivered again: what could not be said waits in the outbox', async () => {
    const answered = vi.fn(async () => {})
    const { ears, hosts } = hearing(() => answers({ kind: 'text', text: '✅ 1024 已接单' }, { answered, repeat: true }))
    await ears.robot(inGroup)
    await ears.idle()
    expect([hosts.asked, answered.mock.calls]).toEqual([[], []])
  })

  it.each([
    ['an answer that is a card', () => answers({ kind: 'card', card })],
    ['no answer', () => ({})],
    ['a handling that failed', () => ({ handled: Promise.reject(new Error('bug')) })],
  ])('is acknowledged and left to the outbox with %s', async (_, answer) => {
    const { ears, hosts, log } = hearing(answer)
    await ears.robot(inGroup)
    await ears.idle()
    expect(hosts.asked).toEqual([])
    expect(log.lines).toEqual([])
  })

  it.each([
    ['that is gone', session, errcode(300001)],
    ['that is unreachable', session, 'drop' as const],
    ['that there is none of', {}, errcode(0)],
  ])('is left to the outbox with a session %s', async (_, more, reply) => {
    const answered = vi.fn(async () => {})
    const { ears, hosts, log } = hearing(() => answers({ kind: 'text', text: '好' }, { answered }))
    hosts.answer(sessionCall, reply)
    await ears.robot({ ...said, ...more })
    await ears.idle()
    expect(answered).not.toHaveBeenCalled()
    expect(log.lines).toEqual([])
  })

  it('is acknowledged once it is kept, not when it is answered', async () => {
    const { ears } = hearing(() => ({ handled: never }))
    await expect(ears.robot(inGroup)).resolves.toBeUndefined()
  })

  it('is acknowledged although the meter does not answer', async () => {
    const { ears, heard, meter } = hearing()
    vi.spyOn(meter, 'count').mockReturnValue(never)
    await ears.robot(inGroup)
    expect(heard).toHaveLength(1)
  })

  it('comes again when it could not be kept', async () => {
    const { ears } = hearing(lost)
    await expect(ears.robot(inGroup)).rejects.toThrow(NotKept)
    await expect(ears.event(head, event)).rejects.toThrow(NotKept)
    await expect(ears.card(tapped, 'P1')).rejects.toThrow(NotKept)
  })

  it('counts one push each, malformed ones none', async () => {
    const { ears, meter, signals } = hearing()
    await ears.robot(inGroup)
    await ears.robot({ ...inGroup, senderStaffId: '' })
    await ears.robot({})
    await ears.idle()
    expect((await meter.quotas())[1]?.used).toBe(3)
    expect(signals.refusals).toEqual(['dingtalk.robot malformed'])
  })
})

describe('a stranger', () => {
  it('is told that nothing was kept, and nobody else', async () => {
    const { ears, hosts, heard, sessions, log } = hearing()
    await ears.robot({ ...single, senderCorpId: 'dingOTHER' })
    await ears.robot({ ...single, senderStaffId: undefined })
    await ears.robot({ ...said, senderStaffId: undefined })
    await ears.idle()
    expect(heard).toEqual([])
    expect(hosts.of(sessionCall).map(({ body }) => body.text.content)).toEqual(
      Array(2).fill(expect.stringContaining('只认识本企业的成员')),
    )
    expect(log.lines).toEqual([])
    expect(sessions.live('user:zhang3'), 'the session of a member with the same id').toBeNull()
  })
})

describe('a message without its words', () => {
  it('shows that the month’s messages are used up, until one comes with them', async () => {
    const { ears, codes, meter, robot, signals, hosts, heard } = hearing()
    await ears.robot(inGroup)
    await ears.robot({ ...inGroup, text: undefined, errorCode: 20_001, errorMessage: 'x' })
    await ears.idle()
    expect(heard).toHaveLength(1)
    expect(signals.refusals).toEqual(['dingtalk.robot deaf'])
    expect(codes()).toEqual(['pushes-used-up'])
    expect(await robot.sayInSession('cidG', '好', [])).toBe(false)
    expect(hosts.asked).toEqual([])
    await ears.robot({ ...inGroup, msgId: 'next' })
    expect(meter.refusedFor('pushes')).toBe(0)
    expect(await robot.sayInSession('cidG', '好', [])).toBe(true)
  })
})

describe('a tap', () => {
  const onCard = (more: object = {}) => answers({ kind: 'card', card }, more)

  it('is answered with the card in the terms of its template, and told as seen by the tapper alone', async () => {
    const answered = vi.fn(async () => {})
    const { ears, hosts } = hearing(() => onCard({ answered }))
    expect(await ears.card(tapped, 'P1')).toEqual(changeOf(card, 'public'))
    const own = { cardPrivateData: { actionIds: ['btn1'], params: { payload: 'o:1:1:accept' } } }
    expect(await ears.card({ ...tapped, content: JSON.stringify(own) }, 'P2')).toEqual(changeOf(card, 'own'))
    await ears.idle()
    expect(answered.mock.calls).toEqual([['tapper'], ['tapper']])
    expect(hosts.asked).toEqual([])
  })

  it('on a card that nobody else redraws draws it for everybody', async () => {
    const { ears, hosts } = hearing(() => onCard({ forAll: true }))
    await ears.card(tapped, 'P1')
    await ears.idle()
    expect(hosts.names).toEqual([updateCall])
    expect(hosts.body(updateCall)).toMatchObject({ outTrackId: 'T1', ...changeOf(card, 'public') })
  })

  it('is no worse off when that fails', async () => {
    const { ears, hosts, log } = hearing(() => onCard({ forAll: true }))
    hosts.answer(updateCall, refuses(500, 'system.busy'))
    expect(await ears.card(tapped, 'P1')).toEqual(changeOf(card, 'public'))
    await ears.idle()
    expect(log.lines.join()).toContain('stays as it was')
    expect(log.lines.join()).not.toContain('bug')
  })

  it.each([
    ['words: they come as a message', () => answers({ kind: 'text', text: '太晚了' })],
    ['nothing', () => ({})],
    ['a failure: the inbox tries again', () => ({ handled: Promise.reject(new Error('bug')) })],
  ])('is acknowledged as it is when the answer is %s', async (_, answer) => {
    const { ears, hosts } = hearing(answer)
    expect(await ears.card(tapped, 'P1')).toEqual({})
    await ears.idle()
    expect(hosts.of(createCall)).toEqual([])
  })

  it('that cannot be read is acknowledged and counted', async () => {
    const { ears, heard, signals } = hearing()
    expect(await ears.card({ ...tapped, content: '{' }, 'P1')).toEqual({})
    expect(await ears.card({ ...tapped, corpId: 'dingOTHER' }, 'P1')).toEqual({})
    expect(heard).toEqual([])
    expect(signals.refusals).toEqual(['dingtalk.card malformed', 'dingtalk.card receiver'])
  })
})

describe('an event', () => {
  it('is kept, whatever becomes of it', async () => {
    const { ears, heard, log } = hearing(() => ({ handled: Promise.reject(new Error('later')) }))
    await ears.event(head, event)
    await ears.idle()
    expect(heard).toMatchObject([{ key: 'event:E1' }])
    expect(log.lines).toEqual([])
  })
})

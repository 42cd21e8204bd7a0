import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeOf } from '../../../src/platforms/dingtalk/cards.ts'
import type { RawRequest } from '../../../src/platforms/platform.ts'
import { watchTimers } from '../../support/timers.ts'
import {
  answers,
  cardSecret,
  event,
  formerCardSecret,
  formerSecret,
  lost,
  makeDoors,
  never,
  said,
  tapped,
  toCard,
  toEvents,
  toRobot,
} from './doorhelp.ts'
import { bare, benches, card, minute, planted, start } from './help.ts'

let left: () => number

const bench = benches()
const ago = (ms: number) => new Date(start.getTime() - ms)
const big = Buffer.alloc(262_145, 65)

type Door = 'robot' | 'card'
const doors = [
  {
    ...{ door: 'robot' as Door, make: toRobot, body: said, secret: planted.clientSecret, former: formerSecret },
    ...{ time: 'timestamp', sign: 'sign', thanks: { msgtype: 'empty' } },
  },
  {
    ...{ door: 'card' as Door, make: toCard, body: tapped, secret: cardSecret, former: formerCardSecret },
    ...{ time: 'x-ddpaas-signature-timestamp', sign: 'x-ddpaas-signature', thanks: {} },
  },
] as const

describe.each(doors)('POST /dingtalk/$door', ({ door, make, body, secret, former, time, sign, thanks }) => {
  const open = () => {
    const made = bench()
    return { ...made, ...makeDoors(made) }
  }

  it.each([
    ['signed with the secret', make(body)],
    ['signed with the former secret', make(body, former)],
    ['five minutes old', make(body, secret, ago(5 * minute))],
    ['five minutes early', make(body, secret, ago(-5 * minute))],
  ])('lets in what is %s', async (_, request) => {
    const made = open()
    expect(await made[door](request)).toEqual({
      ...{ status: 200, type: 'application/json; charset=utf-8' },
      body: JSON.stringify(thanks),
    })
    expect(made.heard).toHaveLength(1)
    expect(made.signals.refusals).toEqual([])
  })

  const without = (name: string): RawRequest => ({
    ...make(body),
    headers: { ...make(body).headers, [name]: undefined },
  })
  const withHeader = (name: string, value: string | string[]): RawRequest => ({
    ...make(body),
    headers: { ...make(body).headers, [name]: value },
  })

  it.each([
    ['not signed', without(sign), 'malformed', 401],
    ['of no time', without(time), 'malformed', 401],
    ['signed twice', withHeader(sign, ['a', 'b']), 'malformed', 401],
    ['signed at length', withHeader(sign, 'a'.repeat(201)), 'malformed', 401],
    ['of a time in words', withHeader(time, 'yesterday'), 'malformed', 401],
    ['of a time in seconds', withHeader(time, String(Math.floor(start.getTime() / 1_000))), 'malformed', 401],
    ['signed for another time', withHeader(time, String(start.getTime() + 1)), 'signature', 401],
    ['signed wrong', withHeader(sign, 'A'.repeat(44)), 'signature', 401],
    ['signed with another secret', make(body, 'other-secret'), 'signature', 401],
    ['older than five minutes', make(body, secret, ago(5 * minute + 1)), 'stale', 403],
    ['too early', make(body, secret, ago(-5 * minute - 1)), 'stale', 403],
    ['stale and wrong', make(body, 'other-secret', ago(5 * minute + 1)), 'signature', 401],
    ['far too large', { ...make(body), body: big }, 'size', 413],
    ['a stranger’s knock', bare({}), 'malformed', 401],
  ])('refuses what is %s, counts it and does not say why', async (_, request, reason, status) => {
    const made = open()
    const answer = await made[door](request)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatch(/^(unauthorized|forbidden|too large)$/)
    expect(made.heard).toEqual([])
    expect(made.signals.refusals).toEqual([`dingtalk.${door} ${reason}`])
  })

  it('refuses every other signature, one bit away', async () => {
    const made = open()
    const good = make(body)
    for (const name of [sign, time]) {
      const text = String(good.headers[name])
      for (let at = 0; at < text.length; at++)
        for (let bit = 0; bit < 7; bit++) {
          const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit))
          const headers = { ...good.headers, [name]: text.slice(0, at) + flipped + text.slice(at + 1) }
          expect((await made[door]({ ...good, headers })).status).toBeGreaterThanOrEqual(400)
        }
    }
    expect(made.heard).toEqual([])
  })

  it.each([
    ['no JSON', 'xx'],
    ['no object', '[]'],
    ['nothing', ''],
    ['of another company', { ...body, corpId: 'dingOTHER', chatbotCorpId: 'dingOTHER' }],
  ])('does not hear what is signed but %s', async (_, content) => {
    const made = open()
    expect(await made[door](make(content))).toMatchObject({ status: 200 })
    expect(made.heard).toEqual([])
    expect(made.signals.refusals).toHaveLength(1)
  })
})

describe('what could not be kept', () => {
  const sent = { robot: toRobot(said), card: toCard(tapped), events: toEvents(event) }
  const names = ['robot', 'card', 'events'] as const
  beforeEach(() => {
    left = watchTimers()
  })
  afterEach(() => void vi.useRealTimers())

  it.each(names)('is not acknowledged: %s', async door => {
    const made = bench()
    const answer = await makeDoors(made, lost)[door](sent[door])
    expect(answer).toEqual({ status: 503, type: 'text/plain; charset=utf-8', body: 'try again' })
    expect(made.log.lines.join()).toContain('could not be kept in time')
    expect(left()).toBe(0)
  })

  it.each([
    ['robot', 2_300],
    ['card', 1_700],
    ['events', 2_300],
  ] as const)('in time is not acknowledged either: %s within %i ms', async (door, ms) => {
    const statuses: number[] = []
    void makeDoors(bench(), () => ({ stored: never, handled: never }))
      [door](sent[door])
      .then(({ status }) => statuses.push(status))
    await vi.advanceTimersByTimeAsync(ms - 1)
    expect(statuses).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(statuses).toEqual([503])
    expect(left()).toBe(0)
  })

  it.each(names)('because of a bug neither, and strangers learn nothing of it: %s', async door => {
    const made = bench()
    const broken = () => {
      throw new TypeError('a bug with PLANTED-nothing')
    }
    expect(await makeDoors(made, broken)[door](sent[door])).toMatchObject({ status: 503, body: 'try again' })
  })
})

describe('the answer to a tap', () => {
  beforeEach(() => {
    left = watchTimers()
  })
  afterEach(() => void vi.useRealTimers())

  it('is the card as it is now, in the body', async () => {
    const answer = await makeDoors(bench(), () => answers({ kind: 'card', card })).card(toCard(tapped))
    expect(JSON.parse(answer.body)).toEqual(changeOf(card, 'public'))
  })

  it('that is not ready in time is left to the outbox', async () => {
    const bodies: string[] = []
    void makeDoors(bench(), () => ({ handled: never }))
      .card(toCard(tapped))
      .then(({ body }) => bodies.push(body))
    await vi.advanceTimersByTimeAsync(1_699)
    expect(bodies).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(bodies).toEqual(['{}'])
  })

  it('comes for two taps on one button as for two; delivered again, it is one', async () => {
    const { card: door, heard } = makeDoors(bench())
    await door(toCard(tapped))
    await door(toCard(tapped))
    await door(toCard(tapped, cardSecret, ago(1)))
    const [first, again, second] = heard.map(({ key }) => key)
    expect(again).toBe(first)
    expect(second).not.toBe(first)
  })
})

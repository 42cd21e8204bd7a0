import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Said } from '../../../src/chat/card.ts'
import { Permanent, Temporary } from '../../../src/errors.ts'
import type { Delivery, Leases, Receipt } from '../../../src/platforms/platform.ts'
import { Bot } from '../../../src/platforms/wecom/bot.ts'
import type { Line, LineEvents } from '../../../src/platforms/wecom/botline.ts'
import { watchTimers } from '../../support/timers.ts'
import { card, corpId, fakeReceive, frozenClock, keptLog, memoryLeases } from './help.ts'

let left: () => number

interface FakeLine extends Line {
  events: LineEvents
  said: unknown[][]
  closed: boolean
}

/** An instance with lines that note what is said; `fails` is thrown by whatever is said next. */
function instance(leases: Leases, answer: () => Partial<Receipt> = () => ({})) {
  const lines: FakeLine[] = []
  const clock = frozenClock()
  const log = keptLog()
  const fails: { with?: Error } = {}
  const { heard, receive } = fakeReceive(answer)
  const bot = new Bot(
    { botId: 'BOT1', secret: 'very-hidden' },
    { corpId, names: ['派工助手'] },
    {
      clock,
      leases,
      log,
      answerWithinMs: 3_500,
      lines: async () => (_, events) => {
        const said: unknown[][] = []
        const say =
          (what: string) =>
          async (...args: unknown[]) => {
            const failure = fails.with
            delete fails.with
            if (failure) throw failure
            said.push([what, ...args])
          }
        const line: FakeLine = {
          events,
          said,
          closed: false,
          ready: true,
          reply: say('reply'),
          welcome: say('welcome'),
          update: say('update'),
          send: say('send'),
          async upload(png, name) {
            await say('upload')(png.length, name)
            return 'MEDIA1'
          },
          close() {
            line.closed = true
          },
        }
        lines.push(line)
        return line
      },
    },
  )
  const live = () => lines.filter(line => !line.closed)
  return { bot, lines, live, clock, log, heard, receive, fails }
}

const says = (message: Said, answered = async () => {}): Partial<Receipt> => ({
  handled: Promise.resolve({ message, answered }),
})
const textBody = {
  msgid: 'M1',
  chatid: 'CH1',
  chattype: 'group',
  from: { userid: 'zhang3' },
  msgtype: 'text',
  text: { content: '@派工助手 接单 1024' },
}
const tapBody = {
  ...textBody,
  msgtype: 'event',
  event: { eventtype: 'template_card_event', template_card_event: { event_key: 'k', task_id: 'T1' } },
}
const enterBody = {
  msgid: 'M2',
  chattype: 'single',
  from: { userid: 'zhang3' },
  msgtype: 'event',
  event: { eventtype: 'enter_chat' },
}
const delivery = (message: Said): Delivery => ({
  id: 'd1',
  to: { kind: 'group', chatId: 'CH1', via: 'bot' },
  message,
  taskId: 'T9',
})
const never = new Promise<never>(() => {})

beforeEach(() => {
  left = watchTimers()
})
afterEach(() => void vi.useRealTimers())

describe('one owner', () => {
  it('connects one of two instances, and the other when the first closes', async () => {
    const { of, owners } = memoryLeases()
    const [a, b] = [instance(of('a')), instance(of('b'))]
    const closeA = await a.bot.open(a.receive)
    const closeB = await b.bot.open(b.receive)
    expect([a.live().length, b.live().length]).toEqual([1, 0])
    await vi.advanceTimersByTimeAsync(120_000)
    expect([a.lines.length, b.lines.length]).toEqual([1, 0])
    await closeA()
    expect(owners.size).toBe(0)
    await vi.advanceTimersByTimeAsync(5_000)
    expect([a.live().length, b.live().length]).toEqual([0, 1])
    await closeB()
    expect(left()).toBe(0)
  })

  it('hangs up when the lease is lost', async () => {
    const { of, owners } = memoryLeases()
    const a = instance(of('a'))
    await a.bot.open(a.receive)
    owners.set('wecom-bot:BOT1', 'b')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(a.live()).toHaveLength(0)
    expect(a.bot.problems()).toEqual([])
    owners.clear()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(a.live()).toHaveLength(1)
  })

  it.each([
    ['fails', () => Promise.reject(new Error('down'))],
    ['hangs', () => never],
  ])('hangs up before the lease ends when asking for it %s', async (_, hold) => {
    const { of } = memoryLeases()
    const leases = of('a')
    const a = instance(leases)
    await a.bot.open(a.receive)
    leases.hold = hold
    await vi.advanceTimersByTimeAsync(24_999)
    expect(a.live()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(a.live()).toHaveLength(0)
  })

  it('does not fight over the bot when something else takes it', async () => {
    const { of, owners } = memoryLeases()
    const a = instance(of('a'))
    await a.bot.open(a.receive)
    a.lines[0]?.events.taken()
    await vi.advanceTimersByTimeAsync(0)
    expect(a.live()).toHaveLength(0)
    expect(owners.size).toBe(0)
    expect(a.bot.problems()).toMatchObject([{ code: 'bot-taken' }])
    await vi.advanceTimersByTimeAsync(59_999)
    expect(a.lines).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(a.live()).toHaveLength(1)
    a.lines[1]?.events.taken()
    await vi.advanceTimersByTimeAsync(299_999)
    expect(a.lines).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1)
    a.lines[2]?.events.up()
    expect(a.bot.problems()).toEqual([])
  })

  it('does not dial while it steps back, even in the middle of renewing', async () => {
    const { of } = memoryLeases()
    const leases = of('a')
    const a = instance(leases)
    await a.bot.open(a.receive)
    let answer: (held: boolean) => void = () => {}
    leases.hold = () =>
      new Promise(resolve => {
        answer = resolve
      })
    await vi.advanceTimersByTimeAsync(10_000)
    a.lines[0]?.events.taken()
    answer(true)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(a.lines).toHaveLength(1)
  })

  it('waits ten minutes with a wrong secret, and says so', async () => {
    const { of } = memoryLeases()
    const a = instance(of('a'))
    await a.bot.open(a.receive)
    a.lines[0]?.events.refused()
    await vi.advanceTimersByTimeAsync(599_999)
    expect(a.lines).toHaveLength(1)
    expect(a.bot.problems()).toMatchObject([{ code: 'wrong-bot-secret' }])
    expect(JSON.stringify(a.bot.problems()) + a.log.lines).not.toContain('very-hidden')
  })

  it('reports a connection that stays away for a minute, and only the owner does', async () => {
    const { of } = memoryLeases()
    const [a, b] = [instance(of('a')), instance(of('b'))]
    await a.bot.open(a.receive)
    await b.bot.open(b.receive)
    a.lines[0]?.events.up()
    a.lines[0]?.events.down()
    a.clock.forward(59_999)
    expect(a.bot.problems()).toEqual([])
    a.clock.forward(1)
    b.clock.forward(600_000)
    expect(a.bot.problems()).toMatchObject([{ code: 'bot-offline' }])
    expect(b.bot.problems()).toEqual([])
    a.lines[0]?.events.up()
    expect(a.bot.problems()).toEqual([])
  })
})

describe('answers', () => {
  async function hears(body: unknown, answer: () => Partial<Receipt>) {
    const a = instance(memoryLeases().of('a'), answer)
    await a.bot.open(a.receive)
    const [line] = a.lines
    const done = line?.events.heard(body, 'R1')
    return { ...a, line, done, said: () => line?.said }
  }

  it('says text as a finished stream, and reports it', async () => {
    const answered = vi.fn(async () => {})
    const { done, said, heard } = await hears(textBody, () => says({ kind: 'text', text: '✅ 1024 已接单' }, answered))
    await done
    expect(said()).toEqual([
      ['reply', 'R1', { msgtype: 'stream', stream: { id: 'R1', finish: true, content: '✅ 1024 已接单' } }],
    ])
    expect(answered).toHaveBeenCalledOnce()
    expect(heard[0]).toMatchObject({ chat: { kind: 'group', id: 'CH1', via: 'bot' }, said: { text: '接单 1024' } })
  })

  it('draws the tapped card anew under its own task id', async () => {
    const { done, said } = await hears(tapBody, () => says({ kind: 'card', card }))
    await done
    expect(said()).toMatchObject([['update', 'R1', { task_id: 'T1', card_type: 'button_interaction' }]])
  })

  it('welcomes with text', async () => {
    const { done, said } = await hears(enterBody, () => says({ kind: 'text', text: '你好' }))
    await done
    expect(said()).toEqual([['welcome', 'R1', { msgtype: 'text', text: { content: '你好' } }]])
  })

  it('answers with a card when it needs no task id, as a card or as words', async () => {
    const quiet = { ...card, buttons: [] }
    const linked = await hears(textBody, () =>
      says({ kind: 'card', card: { ...quiet, link: 'https://paigong.example/1' } }),
    )
    await linked.done
    expect(linked.said()).toMatchObject([
      ['reply', 'R1', { msgtype: 'template_card', template_card: { card_type: 'text_notice' } }],
    ])
    const bare = await hears(textBody, () => says({ kind: 'card', card: quiet }))
    await bare.done
    expect(bare.said()).toMatchObject([['reply', 'R1', { msgtype: 'stream' }]])
  })

  it.each([
    ['a card with buttons to text', textBody, { kind: 'card', card }],
    ['text to a tap', tapBody, { kind: 'text', text: '已被接走' }],
  ] as const)('leaves %s to the outbox', async (_, body, message) => {
    const answered = vi.fn(async () => {})
    const { done, said } = await hears(body, () => says(message, answered))
    await done
    expect(said()).toEqual([])
    expect(answered).not.toHaveBeenCalled()
  })

  it('does not report what could not be said', async () => {
    const answered = vi.fn(async () => {})
    const a = instance(memoryLeases().of('a'), () => says({ kind: 'text', text: '好' }, answered))
    await a.bot.open(a.receive)
    a.fails.with = new Temporary('timeout', 'no ack')
    await a.lines[0]?.events.heard(textBody, 'R1')
    expect(answered).not.toHaveBeenCalled()
  })

  it('leaves a late answer to the outbox', async () => {
    const { done, said } = await hears(textBody, () => ({ handled: never }))
    const over = vi.fn()
    void done?.then(over)
    await vi.advanceTimersByTimeAsync(3_499)
    expect(over).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(over).toHaveBeenCalled()
    expect(said()).toEqual([])
  })

  it('asks to say it again when it could not be kept, since nobody repeats it', async () => {
    const lost = () => ({ stored: Promise.reject(new Error('down')), handled: Promise.reject(new Error('down')) })
    const { done, said } = await hears(textBody, lost)
    await done
    expect(JSON.stringify(said())).toContain('请再发一次')
    const tap = await hears(tapBody, lost)
    await tap.done
    expect(tap.said()).toEqual([])
  })

  it('passes over what it cannot read', async () => {
    const { done, heard } = await hears({ msgtype: 'text' }, () => ({}))
    await done
    expect(heard).toEqual([])
  })
})

describe('send', () => {
  async function owner() {
    const a = instance(memoryLeases().of('a'))
    await a.bot.open(a.receive)
    return a
  }

  it('speaks in a group', async () => {
    const { bot, lines } = await owner()
    await bot.send(delivery({ kind: 'text', text: '今日 3 单' }), 'CH1')
    await bot.send(delivery({ kind: 'card', card }), 'CH1')
    expect(lines[0]?.said).toMatchObject([
      ['send', 'CH1', 2, { msgtype: 'markdown', markdown: { content: '今日 3 单' } }],
      ['send', 'CH1', 2, { msgtype: 'template_card', template_card: { task_id: 'T9' } }],
    ])
  })

  it('leaves it to the instance that holds the line', async () => {
    const { of } = memoryLeases()
    await of('other').hold('wecom-bot:BOT1', 1)
    const { bot, receive } = instance(of('a'))
    await bot.open(receive)
    await expect(bot.send(delivery({ kind: 'text', text: 'x' }), 'CH1')).rejects.toMatchObject({
      name: 'Temporary',
      code: 'bot-elsewhere',
    })
  })

  it('cannot repaint', async () => {
    const { bot } = await owner()
    await expect(
      bot.send({ ...delivery({ kind: 'card', card }), repaint: { handle: 'x' } }, 'CH1'),
    ).rejects.toMatchObject({ code: 'stale-handle' })
  })

  it('takes a used task id for sent when the first try was not confirmed', async () => {
    const { bot, fails } = await owner()
    const used = () => {
      fails.with = new Permanent('bad-body', 'task_id was used before')
    }
    used()
    await expect(bot.send(delivery({ kind: 'card', card }), 'CH1')).rejects.toMatchObject({ code: 'bad-body' })
    fails.with = new Temporary('timeout', 'no ack')
    await expect(bot.send(delivery({ kind: 'card', card }), 'CH1')).rejects.toMatchObject({ code: 'timeout' })
    used()
    await expect(bot.send(delivery({ kind: 'card', card }), 'CH1')).resolves.toEqual({})
  })
})

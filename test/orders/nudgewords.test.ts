import { describe, expect, it } from 'vitest'
import { drawOrder } from '../../src/orders/card.ts'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import type { FactBody, OrderFields } from '../../src/orders/fact.ts'
import type { NextTelling } from '../../src/orders/nudges.ts'
import { type NudgeLine, nudgeText } from '../../src/orders/nudgeWords.ts'
import { replay } from '../../src/orders/order.ts'
import { questionOf } from '../../src/orders/progress.ts'
import type { Scene } from '../../src/orders/scene.ts'
import { telling } from '../../src/orders/words.ts'
import { created, dispatched, fields, journal, policyOf, span, t, zone } from './journal.ts'

const policy = policyOf(
  `
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - { kind: contact, start: dispatched, stop: contacted, within: 2h }
  - { kind: complete, start: dispatched, stop: completed, within: 4h, warn: [{ at: 75%, ask: true, unanswered: 20m }] }`,
)
const names: Record<string, string> = { zhang: '张三', zhao: '赵派工' }

function scene(now: string, entries: Array<[string, FactBody]>, code = '1024'): Scene {
  const facts = journal(...entries).map(fact => (fact.fact === 'reminded' ? { ...fact, by: null } : fact))
  const view = replay(facts)
  const order = { company: 'main', id: code, code, teamId: 't', team: '一班', policy: 'test', facts, view }
  const clocks = clocksOf(facts, policy, t(now))
  const question = questionOf(order, clocks, policy)
  return { order, clocks, now: t(now), zone, nameOf: id => names[id] ?? '?', question }
}

const taken = (order: Partial<OrderFields> = {}): Array<[string, FactBody]> => [
  ['25 08:00', created({ customer: { ...fields().customer, name: '王女士' }, ...order })],
  ['25 08:00', dispatched()],
  ['25 08:00', { fact: 'accepted' }],
]
const working = [...taken(), ['25 08:30', { fact: 'contacted' }]] satisfies Array<[string, FactBody]>

function line(of: Scene, kind: 'dispatch' | 'contact' | 'complete', more: Partial<NudgeLine> = {}): NudgeLine {
  const clock = of.clocks.find(one => one.kind === kind) as ClockView
  return { scene: of, clock, mine: true, next: null, resting: false, ...more }
}

const next = (tell: NextTelling['tell'], at: string, takeBack = false): NextTelling => ({ tell, at: t(at), takeBack })

describe('one reminder says what is due, what to reply and what happens next', () => {
  it.each<[string, NudgeLine, string]>([
    [
      'to the technician',
      line(scene('25 09:50', taken()), 'contact', { next: next('dispatcher', '25 10:15') }),
      '⏰ 1024 王女士 不制冷 · 联系还剩 10 分（今天 10:00 前）\n下一步：联系客户后回复「已联系 1024 明天上午10点」；打不通回复「联系不上 1024」。\n25 分钟后没有动静会告诉派工员。',
    ],
    [
      'when it is late: he may say how long',
      line(scene('25 12:15', working), 'complete', { next: next('manager', '25 13:15') }),
      '🔴 1024 王女士 不制冷 · 完成超时 15 分（今天 12:00 前）\n下一步：到了回复「到达 1024」。还要多久？回复「要晚 1024 18点」。\n13:15 会告诉经理。',
    ],
    [
      'in the evening: with a time that is still ahead',
      line(scene('25 19:15', working), 'complete', { next: next('manager', '25 20:15') }),
      '🔴 1024 王女士 不制冷 · 完成超时 7 小时 15 分（今天 12:00 前）\n下一步：到了回复「到达 1024」。还要多久？回复「要晚 1024 21点」。\n20:15 会告诉经理。',
    ],
    [
      'of an order that goes back',
      line(scene('25 08:20', [...taken().slice(0, 2)]), 'contact', { next: next('dispatcher', '25 08:30', true) }),
      '⏰ 1024 王女士 不制冷 · 联系还剩 1 小时 40 分（今天 10:00 前）\n下一步：回复「接单 1024」。\n10 分钟后没有动静会收回重派。',
    ],
    [
      'to the desk',
      line(scene('25 12:15', working), 'complete', { mine: false, next: next('manager', '26 08:00') }),
      '🔴 1024 王女士 不制冷 · 完成超时 15 分（今天 12:00 前）\n责任人：张三\n回复「单 1024」看详情，要换人回复「改派 1024 给 姓名」。\n明天 08:00 会告诉经理。',
    ],
    [
      'to the desk, of one who rests',
      line(scene('25 12:15', working), 'complete', { mine: false, resting: true }),
      '🔴 1024 王女士 不制冷 · 完成超时 15 分（今天 12:00 前）\n责任人：张三\n张三今天休息，他上班的早上再提醒他。\n回复「单 1024」看详情，要换人回复「改派 1024 给 姓名」。',
    ],
    [
      'to the desk, of one who does not answer',
      line(scene('25 11:20', working), 'complete', { mine: false, silentFor: 'unanswered:1h30m' }),
      '⏰ 1024 王女士 不制冷 · 完成还剩 40 分（今天 12:00 前）\n责任人：张三\n张三 1 小时 30 分没有回进度，请打电话问问。\n回复「单 1024」看详情，要换人回复「改派 1024 给 姓名」。',
    ],
    [
      'of what nobody has',
      line(scene('25 08:20', taken().slice(0, 1)), 'dispatch', { mine: false }),
      '⏰ 1024 王女士 不制冷 · 派单还剩 10 分（今天 08:30 前）\n责任人：未派\n回复「派 1024 给 姓名」，或「抢单 1024」。',
    ],
  ])('%s', (_, one, text) => {
    expect(nudgeText([one])).toBe(text)
  })
})

describe('several reminders are one message', () => {
  it('with a line each, the one due first on top, and what to reply at the end', () => {
    const late = scene('25 10:15', taken(), '1025')
    const near = scene('25 10:15', [...working], '1026')
    expect(nudgeText([line(near, 'complete'), line(late, 'contact')])).toBe(
      [
        '⏰ 1 单已超时，1 单快超时：',
        '🔴 1025 王女士 不制冷 · 联系超时 15 分（今天 10:00 前）',
        '⏰ 1026 王女士 不制冷 · 完成还剩 1 小时 45 分（今天 12:00 前）',
        '下一步：联系客户后回复「已联系 1025 明天上午10点」。其他单一样带单号回复，「我的单」看全部。',
      ].join('\n'),
    )
    const desk = [line(late, 'contact', { mine: false, resting: true }), line(near, 'complete', { mine: false })]
    expect(nudgeText([desk[0] as NudgeLine, { ...(desk[1] as NudgeLine), silentFor: 'unanswered:20m' }])).toBe(
      [
        '⏰ 1 单已超时，1 单快超时：',
        '🔴 1025 王女士 不制冷 · 联系超时 15 分（今天 10:00 前） · 张三 今天休息',
        '⏰ 1026 王女士 不制冷 · 完成还剩 1 小时 45 分（今天 12:00 前） · 张三 20 分钟没有回进度',
        '回复「单 1025」看详情，要换人回复「改派 1025 给 姓名」，「今日」看全部。',
      ].join('\n'),
    )
  })

  it('the desk is told to give what nobody has, not to change who has it', () => {
    const open = (code: string) => line(scene('25 08:40', taken().slice(0, 1), code), 'dispatch', { mine: false })
    expect(nudgeText([open('1025'), open('1026')])).toContain(
      '回复「单 1025」看详情，要派人回复「派 1025 给 姓名」，「今日」看全部。',
    )
  })

  it('and fit the shortest message of a platform, whatever customers write and however many there are', () => {
    const long = {
      fault: '楼上漏水把天花板泡坏了'.repeat(30),
      customer: { ...fields().customer, name: '欧阳'.repeat(20) },
    }
    const lines = Array.from({ length: 40 }, (_, index) => {
      const of = scene('2027-01-25 12:15', taken(long), `1${String(index).padStart(5, '0')}`)
      return line({ ...of, nameOf: () => '欧阳上官诸葛' }, 'complete', {
        ...{ mine: index % 2 === 0, silentFor: 'unanswered:1h30m', resting: true },
      })
    })
    for (const some of [lines, lines.filter(({ mine }) => mine), lines.filter(({ mine }) => !mine)]) {
      const text = nudgeText(some)
      expect(text.split('\n').filter(one => one.startsWith('🔴'))).toHaveLength(8)
      expect(text).toContain(`\n…还有 ${some.length - 8} 单\n`)
      // WeCom's 2,048 bytes (90236) hold a tag besides the words.
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2_000)
    }
    expect(nudgeText(lines.slice(0, 8))).not.toContain('还有')
    expect(Buffer.byteLength(nudgeText([lines[1] as NudgeLine]))).toBeLessThanOrEqual(1_000)
  })
})

describe('the card with the question', () => {
  const asked: FactBody = { fact: 'reminded', clock: 'complete', step: 'warn:75%', to: 'zhang', asks: 'warn:75%' }
  const draw = (of: Scene, personId = 'zhang', desk = false) => drawOrder(of, { personId, desk, technician: !desk })
  const texts = (card: ReturnType<typeof draw>) => card.buttons.map(({ text }) => text)

  it('names the place before what a platform may cut off, and no ranking while it is asked where a complaint goes', () => {
    const given = scene('25 09:00', [...taken(), ['25 08:30', { fact: 'withdrawn', from: 'zhang', reason: '改派' }]])
    const note = '客户家有狗，先打电话'
    const again = scene('25 09:00', [
      ...[...taken(), ['25 08:30', { fact: 'withdrawn', from: 'zhang', reason: '改派' }] as [string, FactBody]],
      ['25 08:30', { fact: 'dispatched', to: 'li', note }],
      ['25 08:30', { fact: 'joined', person: 'zhang' }],
    ])
    expect(draw(again, 'li').body).toBe(`地址：花园路 1 号\n交接（张三）：还没有动；派工员说：${note}\n同去：张三`)
    const candidates = [
      { id: 'wu', name: '欧阳建国阿卜杜勒热合曼', reasons: [{ why: 'load' as const, open: 0 }], obstacle: null },
    ]
    const choosing = draw({ ...given, candidates }, 'zhao', true)
    expect(choosing.body).toBe('推荐 欧阳建国阿卜杜勒热合曼：手上没单\n地址：花园路 1 号')
    expect(texts(choosing)).toEqual(['派给欧阳建国阿卜杜…', '放群里抢'])
    const complaint = scene('25 09:00', taken({ kind: 'complaint' }).slice(0, 1))
    const routes = [{ subject: '服务态度', to: '市场部', words: [], categories: [] }]
    const asking = draw({ ...complaint, candidates, routes }, 'zhao', true)
    expect(asking.body).not.toContain('推荐')
    expect(texts(asking)).toEqual(['转服务态度'])
  })

  it('has answers for buttons and their words for who types, until he says anything', () => {
    const card = draw(scene('25 11:05', [...working, ['25 11:00', asked]]))
    expect(card.body).toBe(
      '⏰ 完成时限 今天 12:00（还剩 55 分），能按时吗？点一个回一下，11:20 还没回会告诉派工员。\n地址：花园路 1 号',
    )
    expect(card.buttons.map(({ text, words }) => [text, words])).toEqual([
      ['能按时', '能按时 1024'],
      ['要晚一点', '要晚 1024 18点'],
      ['等配件', '等配件 1024'],
      ['求助', '求助 1024'],
      ['到达', '到达 1024'],
    ])
    expect(draw(scene('25 11:21', [...working, ['25 11:00', asked]])).body).not.toContain('还没回会告诉')
    const answer: FactBody = { fact: 'progress', answer: 'later', expected: span('25 18:00'), note: '停电' }
    const answered = draw(scene('25 11:05', [...working, ['25 11:00', asked], ['25 11:05', answer]]))
    expect(answered.body).toBe('地址：花园路 1 号\n进度：要晚，预计 今天 18:00（停电）')
    expect(texts(answered)).toEqual(['出发', '到达', '挂起', '求助'])
    expect(answered.subtitle).toBe('待上门 · 张三 今天 08:30')
  })

  it('is his alone, and gives way to a menu', () => {
    const of = scene('25 11:05', [...working, ['25 11:00', asked]])
    expect(texts(draw(of, 'zhao', true))).toEqual([])
    const menu = drawOrder(of, {
      personId: 'zhang',
      desk: false,
      technician: true,
      menu: 'later',
      note: '要晚到什么时候？',
    })
    expect(menu.body).toBe('要晚到什么时候？\n地址：花园路 1 号')
    expect(menu.buttons.map(({ text, words }) => [text, words])).toEqual([
      ['半小时后', '要晚 1024 半小时后'],
      ['1小时后', '要晚 1024 1小时后'],
      ['明天上午', '要晚 1024 明天上午'],
      ['说不准', '要晚 1024'],
      ['返回', '返回 1024'],
    ])
  })

  it('does not offer to wait for parts twice', () => {
    const suspended: FactBody = { fact: 'suspended', reason: 'other', note: '下雨' }
    const of = scene('25 11:05', [...working, ['25 10:00', suspended], ['25 11:00', asked]])
    expect(texts(draw(of))).toEqual(['能按时', '要晚一点', '求助', '恢复'])
  })

  it('tells the desk of the answer in one line', () => {
    const of = scene('25 11:05', [...working, ['25 11:05', { fact: 'progress', answer: 'onTime' }]])
    const fact = of.order.facts.at(-1)
    expect(fact && telling(of, fact, { desk: true }).split('\n')[0]).toBe('🔔 1024 张三 进度：能按时')
  })
})

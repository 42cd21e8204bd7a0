import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ClockKind, Fact, FactBody } from '../../src/orders/fact.ts'
import { dayText, isEmpty, type ReportSubject, weekText } from '../../src/orders/reportWords.ts'
import { type Counted, countedAt, lateSince, type Tally, tally } from '../../src/orders/tally.ts'
import { created, dispatched, journal, plain, t, zone } from './journal.ts'

const wednesday = { from: t('25 00:00'), to: t('26 00:00') }
const accepted: FactBody = { fact: 'accepted' }
const completed: FactBody = { fact: 'completed', result: '' }

let codes = 1000
function order(now: string, ...entries: Array<[string, FactBody]>): Counted {
  codes += 1
  return countedAt({ code: String(codes), customer: '王小明', facts: journal(...entries), policy: plain }, t(now))
}

const start: Array<[string, FactBody]> = [
  ['25 09:00', created()],
  ['25 09:00', dispatched()],
  ['25 09:05', accepted],
]
const rates = (counted: readonly Counted[], span = wednesday): string[] =>
  tally(counted, span).onTime.map(({ kind, met, missed }) => `${kind} ${met}/${met + missed}`)

describe('what happened in a span', () => {
  it('is opened, completed and cancelled in it, from its first moment and without its last', () => {
    const before = order('25 12:00', ['24 23:59:59', created()], ['26 00:00', completed])
    const first = order('25 12:00', ['25 00:00', created()], ['25 00:01', { fact: 'cancelled', reason: '' }])
    const last = order('25 12:00', ['25 23:59:59', created()], ['25 23:59:59', { fact: 'emptyRun' }])
    expect(tally([before, first, last], wednesday)).toMatchObject({ opened: 2, completed: 1, cancelled: 1 })
  })

  it('does not count what was taken back', () => {
    const undone = order('25 10:30', ...start, ['25 10:00', completed], ['25 10:01', { fact: 'undone', undoes: 4 }])
    expect(tally([undone], wednesday)).toMatchObject({ opened: 1, completed: 0, people: [] })
  })

  it('counts a clock on the day it was kept, or ran out, however late it is stopped', () => {
    const kept = order('27 12:00', ...start, ['25 10:00', { fact: 'contacted' }], ['26 08:00', completed])
    expect(rates([kept])).toEqual(['accept 1/1', 'contact 1/1'])
    expect(rates([kept], { from: t('26 00:00'), to: t('27 00:00') })).toEqual(['complete 1/1'])
    const night: Array<[string, FactBody]> = [
      ['25 23:00', created()],
      ['25 23:00', dispatched()],
      ['25 23:59', { fact: 'contacted' }],
    ]
    expect(rates([order('26 12:00', ...night)])).toEqual(['accept 0/1', 'contact 1/1'])
    const missed = order('28 12:00', ...start, ['27 08:00', completed])
    expect(rates([missed])).toEqual(['accept 1/1', 'contact 0/1'])
    expect(rates([missed], { from: t('26 00:00'), to: t('27 00:00') })).toEqual(['complete 0/1'])
    expect(rates([missed], { from: t('27 00:00'), to: t('28 00:00') })).toEqual([])
  })

  it('counts what ran out and goes on, but not what is due later today', () => {
    expect(rates([order('25 10:59', ...start)])).toEqual(['accept 1/1'])
    expect(rates([order('25 11:01', ...start)])).toEqual(['accept 1/1', 'contact 0/1'])
  })

  it('counts each technician’s turn, and none that was excused or ended in time', () => {
    const moved = order(
      '25 15:00',
      ...start,
      ['25 11:30', dispatched('li')],
      ['25 11:35', accepted],
      ['25 12:00', { fact: 'contacted' }],
    )
    expect(rates([moved])).toEqual(['accept 2/2', 'contact 1/2'])
    const excused = order(
      '25 15:00',
      ...start,
      ['25 10:00', { fact: 'unreachable' }],
      ['25 10:30', { fact: 'unreachableConfirmed' }],
    )
    expect(rates([excused])).toEqual(['accept 1/1'])
    const cancelled = order('25 15:00', ...start, ['25 10:00', { fact: 'cancelled', reason: '' }])
    expect(rates([cancelled])).toEqual(['accept 1/1'])
  })

  it('names each late order once, by the promise that weighs most, with who had it then', () => {
    const both = order('26 12:00', ...start.slice(0, 2), ['25 12:00', { fact: 'contacted' }])
    const moved = order(
      '26 12:00',
      ...start,
      ['25 11:30', dispatched('li')],
      ['25 11:35', { fact: 'contacted' }],
      ['26 08:00', completed],
    )
    const { late } = tally([both, moved], { from: t('25 00:00'), to: t('27 00:00') })
    expect(late.map(({ code, kind, owner, open, lateByMs }) => [code, kind, owner, open, lateByMs / 60_000])).toEqual([
      [both.code, 'complete', 'zhang', true, 180],
      [moved.code, 'contact', 'zhang', false, 30],
    ])
  })

  it('knows nobody in charge of what lay with the desk', () => {
    const left = order(
      '26 12:00',
      ['25 09:00', created()],
      ['25 09:00', dispatched()],
      ['25 10:00', { fact: 'declined', reason: '' }],
    )
    expect(tally([left], { from: t('25 00:00'), to: t('27 00:00') }).late).toMatchObject([
      { owner: null, kind: 'complete' },
    ])
  })

  it('ranks causes and people', () => {
    const silent = () => order('25 15:00', ...start)
    const away = order('25 15:00', ...start, ['25 10:00', { fact: 'unreachable' }])
    const told: Array<[string, FactBody]> = [
      ['25 09:00', created()],
      ['25 09:00', dispatched('li')],
      ['25 09:01', accepted],
    ]
    const li = order('25 15:00', ...told, ['25 09:10', { fact: 'contacted' }], ['25 09:30', completed])
    const found = tally([silent(), away, silent(), li], wednesday)
    expect(found.causes).toEqual([
      { cause: 'silent', orders: 2 },
      { cause: 'unreachable', orders: 1 },
    ])
    expect(found.people).toEqual([
      { person: 'li', completed: 1, late: 0 },
      { person: 'zhang', completed: 0, late: 3 },
    ])
  })

  it('has what was late before it and still is, and not what was finished since', () => {
    const span = { from: t('26 00:00'), to: t('27 00:00') }
    const still = order('26 12:00', ...start)
    const over = order('26 12:00', ...start, ['25 18:00', { fact: 'contacted' }])
    expect(lateSince([still, over], span).map(({ code, kind }) => `${code} ${kind}`)).toEqual([`${still.code} contact`])
    expect(lateSince([still], wednesday)).toEqual([])
  })

  it('adds up: what days counted is what their week counts, each clock once', () => {
    const bodies: FactBody[] = [
      ...[accepted, completed, dispatched('li'), { fact: 'contacted' } as const, { fact: 'arrived' } as const],
      { fact: 'declined', reason: '' },
      { fact: 'suspended', reason: 'parts', note: '' },
      { fact: 'resumed' },
      { fact: 'cancelled', reason: '' },
    ]
    const steps = fc.array(fc.tuple(fc.constantFrom(...bodies), fc.integer({ min: 0, max: 2_000 })), { maxLength: 8 })
    const days = Array.from({ length: 7 }, (_, index) => ({
      from: t(`${23 + index} 00:00`),
      to: t(`${24 + index} 00:00`),
    }))
    const sum = (tallies: readonly Tally[], kind: ClockKind) =>
      tallies
        .flatMap(({ onTime }) => onTime.filter(one => one.kind === kind))
        .reduce((all, { met, missed }) => all + met + 1000 * missed, 0)
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 4 }), lists => {
        const counted = lists.map(list => {
          let at = t('23 09:00').getTime()
          const facts: Fact[] = journal(['23 08:55', created()], ['23 09:00', dispatched()])
          for (const [body, minutes] of list) {
            at += minutes * 60_000
            facts.push({ seq: facts.length + 1, at: new Date(at).toISOString(), by: 'zhang', via: 'text', ...body })
          }
          return countedAt({ code: '1', customer: '', facts, policy: plain }, t('29 12:00'))
        })
        const week = tally(counted, { from: t('23 00:00'), to: t('30 00:00') })
        const daily = days.map(day => tally(counted, day))
        for (const kind of ['accept', 'contact', 'complete'] as const) expect(sum(daily, kind)).toBe(sum([week], kind))
        expect(week.causes.reduce((all, { orders }) => all + orders, 0)).toBe(week.late.length)
        expect(new Set(week.late.map(({ code }) => code)).size).toBeLessThanOrEqual(counted.length)
      }),
    )
  })
})

describe('a report', () => {
  const nothing: Tally = { opened: 0, completed: 0, cancelled: 0, onTime: [], late: [], causes: [], people: [] }
  const report = (over: Partial<ReportSubject> = {}): ReportSubject => ({
    ...{ team: '一班', zone, span: wednesday, now: t('25 18:30'), tally: nothing, open: 0, older: [] },
    ...{ target: 0.9, nameOf: (id: string) => ({ zhang: '张三', li: '李四' })[id] ?? id, masked: false },
    ...over,
  })
  const late = (code: string, over: object = {}): Tally['late'][number] => ({
    ...{
      code,
      customer: '王小明',
      kind: 'complete',
      dueAt: t('25 10:00'),
      owner: 'zhang',
      lateByMs: 7_200_000,
      open: true,
    },
    ...{ cause: { cause: 'parts', seq: 3 }, ...over },
  })

  it('is empty when nothing happened and nothing is open', () => {
    expect(isEmpty(report())).toBe(true)
    expect(isEmpty(report({ open: 1 }))).toBe(false)
    expect(isEmpty(report({ open: 1, now: t('26 00:00') }))).toBe(true)
    expect(isEmpty(report({ older: [late('1001')] }))).toBe(false)
    expect(isEmpty(report({ tally: { ...nothing, cancelled: 1 } }))).toBe(false)
  })

  it('of a day is the figures, the rates against the target, and what was late and why', () => {
    const told = {
      ...nothing,
      ...{ opened: 12, completed: 9, cancelled: 1 },
      onTime: [
        { kind: 'contact' as const, met: 9, missed: 1 },
        { kind: 'complete' as const, met: 899, missed: 101 },
      ],
      late: [late('1001'), late('1002', { open: false, owner: null, cause: { cause: 'lateDispatch', seq: 1 } })],
      causes: [
        { cause: 'parts' as const, orders: 1 },
        { cause: 'lateDispatch' as const, orders: 1 },
      ],
    }
    expect(dayText(report({ tally: told, open: 14, older: [late('1000', { lateByMs: 90_000_000 })] }))).toBe(
      [
        '📊 一班 11月25日周三日报（到 18:30）',
        '开单 12 · 完工 9 · 取消 1 · 未完 14',
        '联系及时 90 % · 完成及时 🔻89 %，目标 90 %',
        '超时 2 单：等配件 1 · 派晚了 1',
        '以前超时还没完的 1 单。',
        '🔴 1000 王小明 完成超时 25 小时 · 等配件（张三）',
        '🔴 1001 王小明 完成超时 2 小时 · 等配件（张三）',
        '1002 王小明 完成超时 2 小时 · 派晚了（未派）',
      ].join('\n'),
    )
  })

  it('of a day that is over does not say till when, and without a target compares with none', () => {
    const text = dayText(
      report({
        now: t('26 08:00'),
        target: null,
        tally: { ...nothing, onTime: [{ kind: 'contact', met: 1, missed: 2 }] },
      }),
    )
    expect(text).toBe('📊 一班 11月25日周三日报\n开单 0 · 完工 0 · 未完 0\n联系及时 33 %\n没有超时。')
  })

  it('masks customers in a group, and cuts what is long', () => {
    const many = Array.from({ length: 8 }, (_, index) => late(String(1001 + index)))
    const text = dayText(
      report({ tally: { ...nothing, late: many, causes: [{ cause: 'parts', orders: 8 }] }, masked: true }),
    )
    expect(text).not.toContain('王小明')
    const customer = '郑州市第一实验小学后勤处'
    expect(dayText(report({ tally: { ...nothing, late: [late('1001', { customer })] } }))).toContain(
      '1001 郑州市第一实验小… 完成超时',
    )
    expect(text.split('\n').slice(-2)).toEqual(['🔴 1005 王** 完成超时 2 小时 · 等配件（张三）', '…还有 3 单'])
  })

  it('of a week compares with the one before, sums up rare causes, and names who did how much', () => {
    const causes = (['parts', 'silent', 'customer', 'slow', 'onSite', 'declined'] as const).map((cause, index) => ({
      ...{ cause, orders: 11 - index },
    }))
    const told = {
      ...nothing,
      ...{ opened: 412, completed: 405, cancelled: 3, causes, late: [late('1001')] },
      onTime: [
        { kind: 'contact' as const, met: 96, missed: 4 },
        { kind: 'complete' as const, met: 88, missed: 12 },
      ],
      people: [
        { person: 'zhang', completed: 31, late: 2 },
        { person: 'li', completed: 28, late: 0 },
        ...Array.from({ length: 10 }, (_, index) => ({ person: `p${index}`, completed: 1, late: 0 })),
      ],
    }
    const before = {
      ...nothing,
      opened: 398,
      completed: 390,
      onTime: [{ kind: 'complete' as const, met: 91, missed: 9 }],
    }
    const week = { from: t('16 00:00'), to: t('23 00:00') }
    expect(weekText(report({ span: week, now: t('23 09:00'), tally: told, before, open: 23 }))).toBe(
      [
        '📈 一班 11/16–11/22周报（括号里是前一周）',
        '开单 412（398） · 完工 405（390） · 取消 3（0） · 现在未完 23',
        '联系及时 96 % · 完成及时 🔻88 %（91 %），目标 90 %',
        '超时 1 单（0）：等配件 11 · 没有动静 10 · 客户改约 9 · 没赶上 8 · 其他 13',
        '完工：张三 31（超时 2） · 李四 28 · p0 1 · p1 1 · p2 1 · p3 1 · p4 1 · p5 1 …还有 4 人',
      ].join('\n'),
    )
  })
})

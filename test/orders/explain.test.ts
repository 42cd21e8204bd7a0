import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clocksOf } from '../../src/orders/clocks.ts'
import { explainClock, explainOrder } from '../../src/orders/explain.ts'
import type { ClockKind, Fact, FactBody } from '../../src/orders/fact.ts'
import { created, dispatched, journal, plain, policyOf, span, t } from './journal.ts'

const people: Record<string, string> = { zhang: '张三', zhao: '赵派工', wang: '王经理' }
const nameOf = (id: string): string => people[id] ?? '李四'
const reminded = (step: string, to: string, clock: ClockKind = 'contact'): FactBody => ({
  fact: 'reminded',
  clock,
  step,
  to,
})

const explain = (kind: ClockKind, facts: readonly Fact[], now: string, policy = plain): string => {
  const clock = clocksOf(facts, policy, t(now)).find(one => one.kind === kind)
  return clock ? explainClock(clock, facts, policy, t(now), nameOf) : ''
}

const start = [
  ['25 09:00', created()],
  ['25 09:00', dispatched(), '派 1024 给 张三'],
] satisfies Array<[string, FactBody, string?]>

describe('one clock', () => {
  it('quotes what was said without anybody’s number', () => {
    const said = '派单 王女士 13800001234 不制冷 给张三'
    const facts = journal(['25 09:00', created()], ['25 09:00', dispatched(), said])
    const told = explain('contact', facts, '25 12:12')
    expect(told).toContain('138****1234')
    expect(told).not.toMatch(/1380000/)
  })

  it('late, with who was reminded', () => {
    const facts = journal(
      ...start,
      ['25 10:30', reminded('warn:30m', 'zhang')],
      ['25 11:15', reminded('overdue:15m', 'zhang')],
      ['25 11:15', reminded('overdue:15m', 'zhao')],
      ['25 12:00', reminded('overdue:1h', '')],
    )
    expect(explain('contact', facts, '25 12:12')).toBe(
      [
        '【联系时限】超时 1 小时 12 分',
        '起点：今天 09:00 派单（赵派工：「派 1024 给 张三」）',
        '时限：2 小时（自然时）',
        '到期：今天 11:00 = 起点 + 2 小时',
        '现在：今天 12:12，还没有结束',
        '提醒过：今天 10:30 到期前 30 分 → 张三；今天 11:15 超时 15 分 → 张三、赵派工；今天 12:00 超时 1 小时 → 没有可通知的人',
      ].join('\n'),
    )
  })

  it('missed, after a pause', () => {
    const facts = journal(
      ...start,
      ['25 12:00', { fact: 'suspended', reason: 'parts', note: '等电容' }],
      ['27 10:30', { fact: 'resumed' }],
      ['28 09:00', { fact: 'completed', result: '换电容' }, '完工 1024 换电容'],
    )
    expect(explain('complete', facts, '28 10:00')).toBe(
      [
        '【完成时限】超时 1 小时 30 分',
        '起点：11月25日周三 09:00 派单（赵派工：「派 1024 给 张三」）',
        '时限：24 小时（自然时）',
        '暂停：11月25日周三 12:00–昨天 10:30 等配件，46 小时 30 分',
        '到期：今天 07:30 = 起点 + 24 小时 + 暂停 46 小时 30 分',
        '结束：今天 09:00 完工（张三：「完工 1024 换电容」）',
      ].join('\n'),
    )
  })

  it('met, by an appointment, with a pause on each side of it', () => {
    const facts = journal(
      ...start,
      ['25 09:20', { fact: 'suspended', reason: 'customer', note: '' }],
      ['25 09:40', { fact: 'contacted', appointment: span('25 14:00', '25 16:00') }, '约了下午'],
      ['25 14:30', { fact: 'suspended', reason: 'parts', note: '' }],
      ['25 15:00', { fact: 'resumed' }],
      ['25 16:10', { fact: 'completed', result: '' }],
    )
    expect(explain('complete', facts, '25 17:00')).toBe(
      [
        '【完成时限】按时，提前 20 分',
        '起点：今天 09:00 派单（赵派工：「派 1024 给 张三」）',
        '时限：24 小时（自然时）',
        '约定：今天 14:00–16:00，代替时限，到这段的末尾为止',
        '　　　今天 09:40 已联系（张三：「约了下午」）',
        '暂停：今天 09:20–今天 09:40 客户改约，20 分，约定时间前的，不另加',
        '暂停：今天 14:30–今天 15:00 等配件，30 分',
        '到期：今天 16:30 = 约定时间 + 暂停 30 分',
        '结束：今天 16:10 完工（张三）',
      ].join('\n'),
    )
  })

  it('tells seconds only where minutes would not add up', () => {
    const paused = (from: string, to: string) =>
      journal(...start, [from, { fact: 'suspended', reason: 'parts', note: '' }], [to, { fact: 'resumed' }])
    expect(explain('complete', paused('25 12:00:20', '25 12:30:40'), '25 13:00')).toContain(
      '12:00–今天 12:30 等配件，30 分\n到期：明天 09:30 ',
    )
    expect(explain('complete', paused('25 12:00:50', '25 12:30:10'), '25 13:00')).toContain(
      '暂停：今天 12:00:50–今天 12:30:10 等配件，29 分 20 秒\n到期：明天 09:29:20 = 起点 + 24 小时 + 暂停 29 分 20 秒',
    )
  })

  it.each([
    [
      'agreed too late',
      [['26 09:30', { fact: 'appointed', appointment: span('27 10:00') }]],
      '不算：今天 09:30 才约的时间，那时已经超时',
    ],
    [
      'for the past',
      [['25 09:30', { fact: 'appointed', appointment: span('25 08:00') }]],
      '不算：昨天 09:30 约的是已经过去的时间',
    ],
    [
      'suspended too late',
      [['26 09:30', { fact: 'suspended', reason: 'parts', note: '' }]],
      '不算：今天 09:30 才挂起，那时已经超时',
    ],
    [
      'a reason not accepted',
      [['25 12:00', { fact: 'suspended', reason: 'other', note: '家里有事' }]],
      '不算：昨天 12:00 挂起的原因（家里有事）按制度不暂停',
    ],
  ] satisfies Array<[string, Array<[string, FactBody]>, string]>)('says what did not count: %s', (_, more, line) => {
    expect(explain('complete', journal(...start, ...more), '26 10:00').split('\n')).toContain(line)
  })

  it.each([
    ['running', [], '25 09:30', '没超时，还剩 1 小时 30 分'],
    ['at due', [['25 11:00', { fact: 'contacted' }]], '25 12:00', '按时，正好到点'],
    ['implied', [['25 10:00', { fact: 'contacted', implied: true }]], '25 12:00', '没有报，按后一步算'],
    [
      'exempt',
      [
        ['25 10:00', { fact: 'unreachable' }],
        ['25 11:30', { fact: 'unreachableConfirmed' }],
      ],
      '25 12:00',
      '结束：今天 11:30 派工员确认联系不上',
    ],
    [
      'reported too late',
      [['25 11:10', { fact: 'unreachable' }]],
      '25 12:00',
      '不算：今天 11:10 才报联系不上，那时已经超时',
    ],
    ['cancelled', [['25 10:00', { fact: 'cancelled', reason: '' }]], '25 12:00', '不再计时\n'],
    [
      'cancelled when late',
      [['25 11:10', { fact: 'cancelled', reason: '' }]],
      '25 12:00',
      '不再计时，之前已超时 10 分',
    ],
  ] satisfies Array<[string, Array<[string, FactBody]>, string, string]>)(
    'says how it stands: %s',
    (_, more, now, words) => {
      expect(explain('contact', journal(...start, ...more), now)).toContain(words)
    },
  )

  it('paused says what is left', () => {
    const facts = journal(...start, ['25 12:00', { fact: 'suspended', reason: 'parts', note: '' }])
    const text = explain('complete', facts, '25 13:00')
    expect(text).toContain('【完成时限】暂停中，恢复后还剩 21 小时')
    expect(text).toContain('暂停：今天 12:00–现在 等配件，1 小时')
    expect(text).toContain('到期：暂停中不会到期，现在恢复就是 明天 10:00')
  })

  it('names the grace of an exact time', () => {
    const graced = policyOf(
      '  - { kind: complete, start: dispatched, stop: completed, within: 24h, appointment: replaces, exactGrace: 2h }',
    )
    const facts = journal(...start, ['25 10:00', { fact: 'appointed', appointment: span('26 10:00') }])
    expect(explain('complete', facts, '25 11:00', graced)).toContain('约定：明天 10:00，代替时限，再加 2 小时\n')
  })
})

describe('an order', () => {
  const whole = (facts: readonly Fact[], now: string) => explainOrder('1024', facts, plain, t(now), nameOf)

  it('shows what is late first and the rest in a line each', () => {
    const text = whole(journal(...start, ['25 09:10', { fact: 'accepted' }]), '25 12:12')
    const [head, block, rest] = text.split('\n\n')
    expect(head).toBe('1024 联系超时 1 小时 12 分')
    expect(block).toContain('【联系时限】超时 1 小时 12 分')
    expect(rest).toBe('接单时限：按时，提前 10 分（今天 09:10）\n完成时限：没超时，还剩 20 小时 48 分')
  })

  it('ends with the cause of each clock that is late, and says nothing of it otherwise', () => {
    const waiting = journal(
      ...start,
      ['25 09:10', { fact: 'accepted' }],
      ['25 10:30', reminded('warn:30m', 'zhang')],
      ['25 12:00', { fact: 'contacted' }],
      ['25 13:00', { fact: 'suspended', reason: 'other', note: '车坏了' }],
    )
    expect(whole(waiting, '25 12:30').split('\n').at(-1)).toBe('主要原因：没有动静（今天 10:30 已提醒）')
    expect(whole(waiting, '26 09:30').split('\n').at(-1)).toBe(
      '主要原因：联系 没有动静（昨天 10:30 已提醒）；完成 其他原因挂起（昨天 13:00 挂起）',
    )
    expect(whole(waiting.slice(0, 3), '25 10:00')).not.toContain('原因')
  })

  it('explains what runs when nothing is late', () => {
    const text = whole(journal(...start, ['25 09:10', { fact: 'accepted' }]), '25 10:00')
    expect(text.startsWith('1024 没有超时。\n\n【联系时限】没超时，还剩 1 小时')).toBe(true)
  })

  it('remembers who was late before it was given to another', () => {
    const text = whole(
      journal(...start, ['25 09:10', { fact: 'accepted' }], ['25 11:30', dispatched('li')]),
      '25 11:35',
    )
    expect(text).toContain('改派前：联系时限：不再计时，之前已超时 30 分（今天 11:30）')
  })

  it('says so before anything was dispatched', () => {
    expect(whole(journal(['25 09:00', created()]), '25 10:00')).toBe(
      '1024 没有超时：还没有开始计时的时限，派单后开始。',
    )
  })

  it.each([
    ['{ kind: [install, repair] }', '，派单后开始'],
    ['{ urgent: true }', '，派单后开始'],
    ['{ kind: [complaint, revisit] }', ''],
  ])('promises a clock only where a rule for %s may give one', (when, later) => {
    const policy = policyOf(`  - { kind: complete, start: dispatched, stop: completed, within: 2h, when: ${when} }`)
    const told = (...more: Parameters<typeof journal>) =>
      explainOrder('1024', journal(['25 09:00', created()], ...more), policy, t('25 10:00'), nameOf)
    expect(told()).toBe(`1024 没有超时：还没有开始计时的时限${later}。`)
    if (!later) expect(told(['25 09:00', dispatched()])).toBe('1024 没有超时：还没有开始计时的时限。')
  })

  it('lists only what was reminded in this technician’s turn', () => {
    const facts = journal(...start, ['25 10:30', reminded('warn:30m', 'zhang')], ['25 10:40', dispatched('li')])
    expect(explain('contact', facts, '25 10:50')).not.toContain('提醒过')
  })

  it('says what was asked, what nobody answered, and for whom somebody else was told', () => {
    const facts = journal(
      ...start,
      ['25 10:00', { fact: 'reminded', clock: 'contact', step: 'warn:80%', to: 'zhang', asks: 'warn:80%' }],
      ['25 10:20', reminded('unanswered:20m', 'zhao')],
      [
        '25 11:00',
        { fact: 'reminded', clock: 'contact', step: 'overdue:0m', to: 'zhao', until: t('26 08:00').toISOString() },
      ],
    )
    expect(explain('contact', facts, '25 11:01')).toContain(
      '提醒过：今天 10:00 时间过了 80%，问进度 → 张三；今天 10:20 20 分没回进度 → 赵派工；今天 11:00 到期，师傅休息 → 赵派工',
    )
  })

  it('leaves out whole blocks that do not fit', () => {
    const clocks = ['accept', 'contact', 'arrive', 'complete', 'report', 'revisit'].map(
      kind => `  - { kind: ${kind}, name: ${'长'.repeat(20)}, start: dispatched, stop: closed, within: 1h }`,
    )
    const many = policyOf(clocks.join('\n'))
    const facts = journal(['25 09:00', created()], ['25 09:00', dispatched(), '话'.repeat(90)])
    const text = explainOrder('1024', facts, many, t('25 12:00'), () => '名'.repeat(12))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1800)
    const blocks = text.split('\n\n')
    expect(blocks.slice(1, -1).every(block => block.includes('现在：'))).toBe(true)
    expect(blocks.at(-1)).toBe(
      '主要原因：接单、联系、到达、完成 没及时接单（今天 09:00 已派单）；报单、回访 没有动静（今天 09:00 已派单）',
    )
  })

  it('fits into a message whatever happened', () => {
    const bodies: FactBody[] = [
      ...[dispatched('li'), { fact: 'contacted' } as const, { fact: 'resumed' } as const, { fact: 'urged' } as const],
      { fact: 'suspended', reason: 'parts', note: '等'.repeat(200) },
      { fact: 'suspended', reason: 'other', note: '事'.repeat(200) },
      { fact: 'appointed', appointment: span('2026-12-30 09:00', '2027-01-02 10:00') },
      ...['warn:30m', 'overdue:0m', 'overdue:15m'].map(step => reminded(step, 'x', 'complete')),
    ]
    const steps = fc.array(fc.tuple(fc.constantFrom(...bodies), fc.integer({ min: 0, max: 900 })), { maxLength: 25 })
    fc.assert(
      fc.property(steps, list => {
        let at = t('25 09:00').getTime()
        const facts = [...journal(...start)]
        for (const [body, seconds] of list) {
          at += seconds * 7_000
          const words = '说了很多很多话'.repeat(20)
          facts.push({
            seq: facts.length + 1,
            at: new Date(at).toISOString(),
            by: 'zhang',
            via: 'text',
            words,
            ...body,
          })
        }
        const text = explainOrder('1024', facts, plain, new Date(at + 40 * 3_600_000), () => '名字有十二个字的技术员啊')
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1800)
        expect(text.split('\n\n').length).toBeGreaterThan(1)
      }),
    )
  })
})

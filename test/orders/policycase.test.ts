import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { checkCase, checkReturn, playCase, playReturn } from '../../src/orders/policycase.ts'
import { type PolicyCase, policyCase, type ReturnExample, returnCase } from '../../src/policy/caserule.ts'
import { plain, policyOf } from './journal.ts'
import { r13 } from './returnunits.ts'

const told = (facts: string[], more: object = {}): PolicyCase =>
  policyCase.parse({ name: 'a', facts, expect: [], ...more })

describe('a case of a policy', () => {
  it('holds, or says what is wrong', () => {
    const facts = ['2026-11-25 09:00 派单', '2026-11-25 11:00:01 已联系']
    const good = told(facts, {
      expect: [
        ['联系', '2026-11-25 11:00 超时完成'],
        ['report', 'none'],
      ],
    })
    expect(checkCase(plain, good)).toEqual([])
    const bad = told(facts, {
      expect: [
        ['联系', '2026-11-25 11:01 按时'],
        ['接单', 'none'],
        ['report', '2026-11-25 12:00'],
      ],
    })
    expect(checkCase(plain, bad)).toEqual([
      '联系: due 2026-11-25 11:00, not 2026-11-25 11:01',
      '联系: 超时完成, not 按时',
      '接单: runs, and should not: due 2026-11-25 09:20',
      '报单: does not run, and should be due 2026-11-25 12:00',
    ])
  })

  it.each([
    [['2026-11-25 09:00 派单', '2026-11-25 08:00 已联系'], {}, 'stands after something later'],
    [['2026-11-25 09:00 派单'], { at: '2026-11-25 08:59' }, 'is before the last of the facts'],
    [['2026-11-25 09:00 睡觉'], {}, 'is no fact: write a moment and one of'],
    [['2026-13-25 09:00 派单'], {}, 'is no moment'],
    [['2026-11-25 09:00 挂起 没空'], {}, 'has no reason: write one of 等配件'],
    [['2026-11-25 09:00 改约 明天'], {}, 'has no appointment: write it like'],
    [['2026-11-25 09:00 改约 2026-11-26 16:00-14:00'], {}, 'ends before it begins'],
  ])('that can’t be played names its line: %j', (facts, more, why) => {
    expect(() => playCase(plain, told(facts, more))).toThrow(Invalid)
    expect(() => playCase(plain, told(facts, more))).toThrow(why)
  })
})

describe('联系不上 reported in time', () => {
  const contact = (...facts: string[]) =>
    playCase(plain, told(['2026-11-25 09:00 派单', ...facts])).clocks.find(({ kind }) => kind === 'contact')?.state

  it.each([
    ['confirmed before the customer is reached', ['10:00 联系不上', '11:30 确认联系不上', '12:00 已联系'], 'exempt'],
    ['confirmed after the customer is reached', ['10:00 联系不上', '12:00 已联系', '13:00 确认联系不上'], 'exempt'],
    ['never confirmed', ['10:00 联系不上', '12:00 已联系'], 'missed'],
    ['and reached in time', ['10:00 联系不上', '10:30 已联系', '13:00 确认联系不上'], 'met'],
    ['too late', ['11:30 联系不上', '12:00 已联系', '13:00 确认联系不上'], 'missed'],
  ])('%s: %j is %s', (_, facts, state) => {
    expect(contact(...facts.map(fact => `2026-11-25 ${fact}`))).toBe(state)
  })
})

describe('an order that comes back', () => {
  it('is timed for dispatching again where the policy says so', () => {
    const policy = policyOf(
      '  - { kind: dispatch, start: [created, 收回, 拒单], stop: dispatched, within: 30m, restartOnReassign: true }',
    )
    const facts = ['2026-11-25 09:00 开单', '2026-11-25 09:10 派单', '2026-11-25 10:00 收回']
    expect(checkCase(policy, told(facts, { expect: [['派单', '2026-11-25 10:30 计时中']] }))).toEqual([])
    expect(
      checkCase(policy, told([...facts, '2026-11-25 10:20 派单 乙'], { expect: [['派单', '2026-11-25 10:30 按时']] })),
    ).toEqual([])
  })
})

describe('an example of returns', () => {
  const dealer = { ...plain, returns: r13 }
  const example = (expect: object, more: object = {}): ReturnExample =>
    returnCase.parse({
      ...{ name: 'a', invoice: { date: '2026-11-03', price: '3299.00' }, today: '2026-12-14', deformed: true },
      ...{ sameModel: true, expect, ...more },
    })

  it('holds, or says what is wrong', () => {
    const outcomes = ['退货', '换货', '维修']
    expect(checkReturn(dealer, example({ outcomes, refund: '3163.74' }))).toEqual([])
    expect(checkReturn(dealer, example({ outcomes, refund: '3163.75' }))).toEqual(['pays back 3163.74, not 3163.75'])
    expect(checkReturn(dealer, example({ outcomes: [] }))).toEqual([
      'gives 退货, 换货, 维修, not nothing',
      'pays back 3163.74, not anything',
    ])
    expect(checkReturn(dealer, example({ outcomes, refund: '3163.74' }, { lacks: '附件' }))).toEqual([
      'gives 维修, not 退货, 换货, 维修',
      'pays back nothing, not 3163.74',
    ])
  })

  it('counts the days suspended for reasons that the rule leaves out', () => {
    const suspended = [
      ['等配件', '2026-11-19', '2026-11-23'],
      ['客户改约', '2026-11-25', '2026-11-29'],
    ]
    expect(playReturn(dealer, example({ outcomes: [] }, { suspended })).facts.inRepair).toEqual([
      { from: '2026-11-19', to: '2026-11-23', why: 'parts' },
    ])
  })

  it('needs a rule', () => {
    expect(() => checkReturn(plain, example({ outcomes: [] }))).toThrow(Invalid)
  })
})

import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { readPolicy } from '../../src/policy/load.ts'

const clocks = 'clocks: [{ kind: contact, start: dispatched, stop: contacted, within: 2h }]'
const read = (text: string) => readPolicy(`name: x\nversion: 1\n${clocks}\n${text}`, 'x.yaml')

/** The problems of a policy whose `returns` (from line 5 on) are given. */
function problems(text: string): string[] {
  try {
    read(text)
    return []
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return error.message.split('\n')
  }
}

const rule = (...lines: string[]): string => ['returns:', ...lines.map(line => `  ${line}`)].join('\n')
const swap = 'fault: [{ withinDays: 15, gives: [换货, 维修] }]'

describe('a rule for returns and exchanges', () => {
  it('is no part of a policy that has none', () => {
    expect(read('').returns).toBeUndefined()
  })

  it('is read with Chinese or English words, a list as its only member, and rates to millionths', () => {
    const { returns } = read(
      rule(
        'fault:',
        '  - { withinDays: 0, gives: [退货, exchange] }',
        '  - { withinDays: 15, gives: 换货 }',
        'noParts: { overDays: 90, gives: repair }',
        'insteadOfExchange: { sameModel: { depreciation: 0.05%, leaveOut: 等配件 }, noModel: { depreciation: none } }',
        'needs: [附件, sheet]',
      ),
    )
    expect(returns).toEqual({
      fault: [
        { withinDays: 0, gives: ['return', 'exchange'] },
        { withinDays: 15, gives: ['exchange'] },
      ],
      noParts: { overDays: 90, gives: ['repair'], inWarranty: false },
      insteadOfExchange: {
        sameModel: { depreciation: 500, leaveOut: ['parts'], anyTime: false },
        noModel: { depreciation: 0 },
      },
      needs: ['accessories', 'sheet'],
    })
  })

  it.each([
    ['1‰', 1000],
    ['1.25‰', 1250],
    ['0.001‰', 1],
    ['2%', 20_000],
    ['12.5 %', 125_000],
  ])('reads %s of the price a day', (words, millionths) => {
    const { returns } = read(rule(swap, `insteadOfExchange: { sameModel: { depreciation: ${words} } }`))
    expect(returns?.insteadOfExchange?.sameModel?.depreciation).toBe(millionths)
  })
})

describe('faults, each with its line and path', () => {
  it.each([
    ['no ground', rule('needs: 附件'), 'x.yaml:4 returns: has no ground: give `fault`'],
    ['a key that is none', rule(swap, 'days: 7'), 'x.yaml:6 returns.days: is no setting of this version'],
    [
      'an outcome that is none',
      rule('deformed: { gives: 赔偿 }'),
      'x.yaml:5 returns.deformed.gives[0]: must be one of return (退货), exchange (换货), repair (维修)',
    ],
    [
      'nothing given',
      rule('deformed: { gives: [] }'),
      'x.yaml:5 returns.deformed.gives: gives nothing: leave the ground out',
    ],
    [
      'an outcome twice',
      rule('deformed: { gives: [换货, exchange] }'),
      'x.yaml:5 returns.deformed.gives[1]: names 换货 twice',
    ],
    [
      'days as a duration',
      rule('fault: [{ withinDays: 7d, gives: 换货 }]'),
      'x.yaml:5 returns.fault[0].withinDays: must be whole days, 0 to 3660',
    ],
    [
      'part of a day',
      rule('noParts: { overDays: 1.5, gives: 换货 }'),
      'x.yaml:5 returns.noParts.overDays: must be whole days',
    ],
    [
      'days below zero',
      rule('repairerLate: { overDays: -1, gives: 换货 }'),
      'x.yaml:5 returns.repairerLate.overDays: must be',
    ],
    ['no period', rule('fault: []', 'deformed: { gives: 换货 }'), 'x.yaml:5 returns.fault: is empty: leave it out'],
    [
      'periods out of order',
      rule('fault:', '  - { withinDays: 15, gives: [换货, 维修] }', '  - { withinDays: 7, gives: [换货] }'),
      'x.yaml:7 returns.fault[1].withinDays: must be longer than the 15 days above it',
    ],
    [
      'the same period twice',
      rule('fault:', '  - { withinDays: 7, gives: [换货, 维修] }', '  - { withinDays: 7, gives: [换货] }'),
      'x.yaml:7 returns.fault[1].withinDays: must be longer than the 7 days above it',
    ],
    [
      'a right that begins later',
      rule('fault:', '  - { withinDays: 7, gives: [换货, 维修] }', '  - { withinDays: 15, gives: [退货, 换货] }'),
      'x.yaml:7 returns.fault[1].gives: begins to give 退货 after 7 days: no right begins later',
    ],
    [
      'an exchange period shorter than the return period',
      rule('fault:', '  - { withinDays: 7, gives: [退货, 换货, 维修] }', '  - { withinDays: 15, gives: [退货, 维修] }'),
      'x.yaml:7 returns.fault[1].gives: gives 退货 and no 换货: the exchange period is shorter than the return period',
    ],
    [
      'a rate without a sign',
      rule(swap, 'insteadOfExchange: { sameModel: { depreciation: 0.001 } }'),
      'x.yaml:6 returns.insteadOfExchange.sameModel.depreciation: must be a share of the invoice price',
    ],
    [
      'a rate of nothing',
      rule(swap, 'insteadOfExchange: { sameModel: { depreciation: 0‰ } }'),
      'x.yaml:6 returns.insteadOfExchange.sameModel.depreciation: must be a share of the invoice price for each day, like 1‰ or 0.05%, or none, not "0‰"',
    ],
    [
      'days left out of nothing',
      rule(swap, 'insteadOfExchange: { sameModel: { depreciation: none, leaveOut: 等配件 } }'),
      'x.yaml:6 returns.insteadOfExchange.sameModel.leaveOut: is never used: nothing is deducted',
    ],
    [
      'a reason that is none',
      rule(swap, 'insteadOfExchange: { sameModel: { depreciation: 1‰, leaveOut: 没空 } }'),
      'x.yaml:6 returns.insteadOfExchange.sameModel.leaveOut[0]: must be one of parts (等配件)',
    ],
    [
      'instead of an exchange that no ground gives',
      rule('deformed: { gives: 维修 }', 'insteadOfExchange: { sameModel: { depreciation: 1‰ } }'),
      'x.yaml:6 returns.insteadOfExchange.sameModel: is never used: no ground gives 换货',
    ],
    [
      'no model for an exchange that no ground gives',
      rule('deformed: { gives: 维修 }', 'insteadOfExchange: { noModel: { depreciation: none } }'),
      'x.yaml:6 returns.insteadOfExchange.noModel: is never used: no ground gives 换货',
    ],
    [
      'nothing instead',
      rule(swap, 'insteadOfExchange: {}'),
      'x.yaml:6 returns.insteadOfExchange: is empty: leave it out',
    ],
    [
      'a need that is none',
      rule(swap, 'needs: 发票'),
      'x.yaml:6 returns.needs[0]: must be one of accessories (附件), sheet (鉴定单)',
    ],
    ['a need twice', rule(swap, 'needs: [附件, 附件]'), 'x.yaml:6 returns.needs[1]: is there twice'],
    ['needs of a repair', rule('deformed: { gives: 维修 }', 'needs: 附件'), 'x.yaml:6 returns.needs: is never used'],
    [
      'a case without a rule',
      'returnCases: [{ name: a, invoice: { date: 2026-11-03, price: "3299.00" }, today: 2026-11-10, expect: { outcomes: [] } }]',
      'x.yaml:4 returnCases: needs the section `returns`',
    ],
  ])('%s', (_, text, expected) => {
    const found = problems(text)
    expect(
      found.some(line => line.startsWith(expected)),
      found.join('\n'),
    ).toBe(true)
  })

  it('lets whoever wants return without any ground, where the policy says so', () => {
    expect(
      problems(rule('insteadOfExchange: { sameModel: { depreciation: 1‰, anyTime: true } }', 'needs: 附件')),
    ).toEqual([])
  })

  const example = (more: string, expected = '{ outcomes: [] }') =>
    `${rule(swap)}\nreturnCases: [{ name: a, invoice: { date: 2026-11-03, price: "3299.00" }, ${more}, expect: ${expected} }]`

  it.each([
    [
      'a day that is none',
      example('today: 2026-02-30'),
      'x.yaml:6 returnCases[0].today: must be a day like "2026-11-25"',
    ],
    [
      'a price that is a number',
      example('today: 2026-11-10').replace('"3299.00"', '3299.00'),
      'x.yaml:6 returnCases[0].invoice.price: must be an amount in quotes like "3299.00"',
    ],
    [
      'a return that pays nothing back',
      example('today: 2026-11-10', '{ outcomes: [退货] }'),
      'x.yaml:6 returnCases[0].expect.refund: is missing: 退货 pays something back',
    ],
    [
      'a payment for no return',
      example('today: 2026-11-10', '{ outcomes: [换货], refund: "3299.00" }'),
      'x.yaml:6 returnCases[0].expect.refund: needs 退货 among the outcomes',
    ],
    [
      'a suspension without its days',
      example('today: 2026-11-10, suspended: [等配件]'),
      'x.yaml:6 returnCases[0].suspended[0]: must be like [等配件, "2026-11-20", "2026-11-26"]',
    ],
  ])('a case with %s', (_, text, expected) => {
    const found = problems(text)
    expect(
      found.some(line => line.startsWith(expected)),
      found.join('\n'),
    ).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { DividedByZero, holds, Num, numberOf, readFormula } from '../../src/policy/formula.ts'
import { settle } from '../../src/settlement/payroll.ts'
import { line, moneyPolicy, person, slip, team } from './months.ts'

const values: Record<string, number> = { 毛利: 1000, 人数: 4, 零: 0, 单: 7 }
const value = (name: string) => new Num(values[name] ?? Number.NaN)
const comes = (text: string) => numberOf(readFormula(text), value).toString()

describe('a formula', () => {
  it.each([
    ['毛利 × 20% ÷ 人数', '50'],
    ['（毛利 － 300）×１０‰'.replace('１０', '10'), '7'],
    ['1 ‰ * 毛利', '1'],
    ['毛利 × 12.5 %', '125'],
    ['0.1 + 0.2', '0.3'],
    ['1/3*3', '1'],
    ['毛利 / 30 * 15 >= 毛利 / 2 ? 1 : 2', '1'],
    ['毛利 ≥ 1000 ？ 1 ： 2', '1'],
    ['单 ≠ 7 || 单 ＜ 7 ? 1 : 2', '2'],
    ['最大(单, 3, 零) + 最小（单，3）', '10'],
    ['四舍五入(2.345, 2) + 四舍五入(2.5)', '5.35'],
    ['四舍五入(2.345, 1.9)', '2.3'],
    ['四舍五入(2.345, 0 - 3)', '2'],
    ['取整(0 - 1.5) + 进位(1.2)', '0'],
    ['除(毛利, 零, 5)', '5'],
    ['零 > 0 && 毛利 / 零 > 5 ? 1 : 2', '2'],
    ['--+-单', '-7'],
    ['10000000000000000.01 + 0.01', '10000000000000000.02'],
  ])('%s is %s', (text, is) => expect(comes(text)).toBe(is))

  it.each([
    ['毛利.constructor', 'may have numbers, names'],
    ['毛利["constructor"]', 'may have numbers, names'],
    ['this', 'may have numbers, names'],
    ['[1, 2]', 'may have numbers, names'],
    ['constructor("return 1")()', 'the functions are'],
    ['最大.call(1, 2)', 'the functions are'],
    ['hasOwnProperty(1)', 'calls hasOwnProperty'],
    ['__proto__(1)', 'calls __proto__'],
    ['x => x', "can't be read"],
    ['甲 = 5', "can't be read"],
    ['甲; 乙', 'two values'],
    ['甲 乙', 'two values'],
    ['1, 2', 'two values'],
    ['"甲"', 'is no number'],
    ['true ? 1 : 2', 'is no number'],
    ['`甲`', "can't be read"],
    ['1e400', 'is no number'],
    ['0x10', "can't be read"],
    ['while (1) 1', 'two values'],
    ['甲 ** 9999', 'knows no sign **'],
    ['甲 ^ 2', 'knows no sign ^'],
    ['甲 % 3', 'knows no sign %'],
    ['~甲', 'knows no sign ~'],
    ['甲 === 1', 'knows no sign ==='],
    ['最大', 'is a function'],
    ['最大(1)', 'takes 2 to 9 values, not 1'],
    ['取整()', 'takes 1 values, not 0'],
    ['甲 + (乙 > 1)', '+ wants numbers'],
    ['甲 && 乙 > 1', '&& wants a comparison'],
    ['甲 ? 1 : 2', '? wants a comparison'],
    ['甲 > 1 ? 2 : 乙 > 3', 'a number on one side'],
    ['-(甲 > 1)', '- wants numbers'],
    ['1 < 2 < 3', '< wants numbers'],
    ['毛利 / 0', 'divides by 0'],
    ['', 'two values'],
    ['（', "can't be read"],
    ['1+'.repeat(250), 'longer than 400'],
    [`${'1+'.repeat(60)}1`, 'nested too deep'],
    [`${'('.repeat(199)}1${')'.repeat(199)}+`, "can't be read"],
    [`${'!'.repeat(60)}(1 > 0)`, 'nested too deep'],
    [`${'最大(1,'.repeat(50)}1${')'.repeat(50)}`, 'nested too deep'],
  ])('%s is refused', (text, why) => {
    const begun = performance.now()
    expect(() => readFormula(text)).toThrow(why)
    expect(performance.now() - begun).toBeLessThan(200)
  })

  it('says what it was divided by', () => {
    expect(() => comes('毛利 / (人数 - 4)')).toThrow(DividedByZero)
    expect(() => comes('毛利 / (人数 - 4)')).toThrow('divides by (人数 - 4), which is 0')
    expect(() => comes('毛利 / -(零)')).toThrow('divides by -零')
  })

  it('compares exactly', () => expect(holds(readFormula('0.1 + 0.2 == 0.3'), value)).toBe(true))

  it('takes no longer than it is long, whatever it multiplies', () => {
    const all = readFormula(`${'9'.repeat(60)}*`.repeat(6).slice(0, -1))
    const begun = performance.now()
    for (let turn = 0; turn < 200; turn++) numberOf(all, value)
    expect(performance.now() - begun).toBeLessThan(1_000)
  })
})

const items = (...all: string[]) =>
  `figures: [{ name: 毛利 }, { name: 底薪, of: 个人 }]\npay:\n  items: [${all.join(', ')}]\n`
const item = (how: string, name = '提成') => `{ name: ${name}, ${how} }`

describe('a rule book', () => {
  it.each([
    [items(item('formula: 乙'), item('formula: 毛利', '乙')), 'names 乙, an item that comes below: move it up'],
    [items(item('formula: 提成')), 'an item that comes below'],
    [items(item('formula: 毛力 × 2')), 'nothing has that name; is 毛利 meant?'],
    [items(item('formula: constructor')), 'names constructor: nothing has that name'],
    [items(item('of: 班组, formula: 底薪')), 'which each person has'],
    [items(item('formula: 毛利 > 1')), 'must give a number, not a yes or no'],
    [items(item('formula: 毛利, when: 毛利')), 'must be a condition'],
    [items(item('formula: 1', '完成单')), 'is known of every month already'],
    [items(item('formula: 1', '毛利')), 'is the name of a figure above'],
    [`${items(item('formula: 1', '提成'))}month: { rankBy: 提成 }\n`, 'is money, and groups read the ranking'],
    [`${items(item('formula: 1', '提成'))}month: { rankBy: 罚款 }\n`, 'is money, and groups read the ranking'],
    [`${items(item('formula: 1', '提成'))}month: { rankBy: 人数 }\n`, 'is the same for all of a team'],
    [`${items(item('formula: 1', '提成'))}month: { rankBy: 提咸 }\n`, 'is no scorecard, count or item'],
    [items(item('formula: 1', '最大')), 'is the name of a function'],
    [items(item('formula: 1', 'this')), 'has a meaning of its own'],
    [items(item('formula: 1', 'constructor')), 'has a meaning of its own'],
    [items(item('formula: 1', '__proto__')), 'has a meaning of its own'],
    [items(item('formula: 1'), item('formula: 2')), 'is the name of an item above'],
    [
      items(
        item('tiers: { by: 毛利, mode: 整段, rows: [{ from: 0, is: 1 }, { from: 100, is: 2 }, { from: 100, is: 3 }] }'),
      ),
      'rows would overlap',
    ],
    [
      items(item('tiers: { by: 毛利, mode: 分段, rows: [{ from: 毛利, is: 1 }, { from: 9, is: 1 }] }')),
      'a name may change under it',
    ],
    [
      items(item('tiers: { by: 毛利, mode: 分段, rows: [{ from: 0, is: 1 }, { from: 1/(1-1), is: 1 }] }')),
      'divides by 0',
    ],
    [items(item('tiers: { by: 毛利, rows: [{ from: 0, is: 1 }] }')), 'mode'],
    [items(item('formula: 毛利, tiers: { by: 毛利, mode: 整段, rows: [{ from: 0, is: 1 }] }')), 'an item has one way'],
    [
      items(
        item('of: 班组, formula: 毛利', '池'),
        item('share: { pool: 池, by: 完成单 }'),
        item('share: { pool: 池, by: 积分 }', '又提'),
      ),
      'it would be paid twice',
    ],
    ['figures: [{ name: 甲, usual: 1/(2-2) }]\npay: { items: [{ name: 提成, formula: 甲 }] }', 'divides by 0'],
  ])('%s is refused', (sections, why) => expect(() => moneyPolicy(sections)).toThrow(why))
})

describe('a month with numbers nobody thought of', () => {
  const policy = moneyPolicy(`
figures: [{ name: 毛利 }, { name: 单价, of: 个人, usual: 2 }]
scorecards:
  - { name: 考核, items: [{ name: 满意, full: 10, by: formula, formula: 完成单 / 评价单 }], plus: [{ name: 奖, marks: 罚款 / 评价单 }] }
pay:
  items:
    - { name: 人均, formula: 毛利 / 完成单 }
    - { name: 大, as: 中间, formula: "${Array.from({ length: 20 }, () => '单价').join(' × ')}" }
    - { name: 更大, formula: 大 × 大 }
    - { name: 单数钱, formula: 完成单 × 单价 }
`)

  it('says what is missing or divided by zero, counts it as nothing, and pays the rest', () => {
    const people = [person({ id: 'a', facts: { 完成单: 3, 评价单: 1 } }), person({ id: 'b' })]
    const { missing } = settle(policy, team(people))
    expect(missing.map(({ what, person: who }) => `${who ?? ''} ${what}`)).toEqual([
      'b 考核 满意：除数「评价单」是 0，算不出来：请核对数字',
      'b 考核 奖：除数「评价单」是 0，算不出来：请核对数字',
      ' 毛利',
    ])
    const settled = settle(policy, team(people, { 毛利: 300 }))
    expect(line(slip(settled, 'a'), '人均').fen).toBe('10000')
    expect(line(slip(settled, 'b'), '人均')).toMatchObject({
      fen: '0',
      fault: '除数「完成单」是 0，算不出来：请核对数字',
    })
    expect(slip(settled, 'a').net).toBe('109951162788200')
  })

  it('keeps to numbers that can be told, in bounded time', () => {
    const begun = performance.now()
    const rich = person({ id: 'a', facts: { 完成单: 3, 评价单: 1 }, figures: { 单价: '99999999999999.99' } })
    const settled = settle(policy, team([rich], { 毛利: 300 }))
    expect(settled.missing.map(({ what }) => what)).toEqual(['大：算出来的数太大：请核对数字'])
    expect(line(slip(settled, 'a'), '单数钱').fen).toBe('29999999999999997')
    expect(performance.now() - begun).toBeLessThan(500)
  })

  it('a share whose condition can’t be reckoned weighs nothing', () => {
    const shared = moneyPolicy(`
pay:
  items:
    - { name: 池, of: 班组, formula: "100" }
    - { name: 分, share: { pool: 池, by: 完成单 }, when: 罚款 / 评价单 < 5 }
`)
    const settled = settle(
      shared,
      team([person({ id: 'a', facts: { 完成单: 1, 评价单: 1 } }), person({ id: 'b', facts: { 完成单: 9 } })]),
    )
    expect(slip(settled, 'a').net).toBe('10000')
    expect(line(slip(settled, 'b'), '分')).toMatchObject({ fen: '0', fault: expect.stringContaining('评价单') })
  })
})

import { describe, expect, it } from 'vitest'
import type { ReturnFacts } from '../../src/orders/returncase.ts'
import { decideReturns } from '../../src/orders/returns.ts'
import { type ReturnsScene, sayReturns } from '../../src/orders/returnswords.ts'
import { day, r13, ruleOf, unit, unknown } from './returnunits.ts'

function said(facts: ReturnFacts, today: number, more: Partial<ReturnsScene> = {}, rule = r13): string[] {
  const answer = decideReturns(rule, facts, day(today))
  return sayReturns({ code: '1024', answer, facts, today: day(today), ...more }).split('\n')
}

const late: Partial<ReturnFacts> = {
  mainFault: true,
  faultOn: day(15),
  inRepair: [
    { from: day(16), to: day(20), why: 'parts' },
    { from: day(27), to: day(29), why: 'majorRepair' },
  ],
}

describe('the answer to 退换 1024', () => {
  it('is the decision, and the arithmetic behind it', () => {
    expect(said(unit(late, 41), 41)).toEqual([
      '1024 可以退货（退 ¥3,183.53）、换货、维修，由客户选。',
      '1. 主要功能故障：11月3日开票，11月18日报修，相隔 15 天，在 15 天内，可以换货、维修',
      '2. 有同型号，客户不换：可以退货，折旧：¥3,299.00 × 1‰ × (41 − 6) 天 = ¥115.47；退 ¥3,183.53（11月3日到今天 41 天，修理和待修 6 天不算：11月19日–11月23日 等配件，11月30日–12月2日 大修）',
      '3. 附件、鉴定单都有',
    ])
  })

  it('says why not', () => {
    expect(said(unit({ mainFault: true }, 16), 16)).toEqual([
      '1024 不能退货、换货。',
      '1. 主要功能故障：11月3日开票，11月19日报修，相隔 16 天，过了 15 天',
      '2. 附件、鉴定单都有',
    ])
    expect(said(unit({}, 3), 3)[1]).toBe('1. 不是主要功能故障，按天数的退换不适用')
  })

  it('names what refuses it, and what would be possible', () => {
    const both = { mainFault: true, accessories: false, sheet: false }
    expect(said(unit(both, 7), 7)).toEqual([
      '1024 不予退换：缺附件、鉴定单。现在可以维修。补齐后可以退货、换货。',
      '1. 主要功能故障：11月3日开票，11月10日报修，相隔 7 天，在 7 天内，可以退货、换货、维修',
      '2. 缺附件、鉴定单：不能退货、换货',
    ])
    expect(said(unit({ mainFault: true, sheet: false }, 16), 16)[0]).toBe('1024 不予退换：缺鉴定单。')
  })

  it('begins with what was asked for', () => {
    const gone = unit({ mainFault: true, sameModel: false, otherModel: true }, 8)
    expect(said(gone, 8, { wants: 'return' })[0]).toBe('1024 不能退货，可以换货、维修，由客户选。')
    expect(said(gone, 8, { wants: 'exchange' })[0]).toBe('1024 可以换货、维修，由客户选。')
    expect(said(unit({ mainFault: true }, 16), 16, { wants: 'exchange' })[0]).toBe('1024 不能换货。')
  })

  it.each<[string, Partial<ReturnFacts>, number, string]>([
    ['one outcome alone', { repairerSince: day(10), sameModel: false, otherModel: true }, 41, '1024 可以换货。'],
    [
      'the repairer late',
      { repairerSince: day(10) },
      41,
      '1. 修理方原因：11月13日起，到今天 31 天，超过 30 天，可以换货，换同型号不收钱',
    ],
    [
      'the repairer late, not for long',
      { repairerSince: day(11) },
      41,
      '1. 修理方原因：11月14日起，到今天 30 天，没超过 30 天',
    ],
    [
      'no parts',
      { waitsForParts: true, handedInOn: day(0) },
      91,
      '1. 等配件：2026年11月3日送修，到今天 91 天，超过 90 天，可以换货、维修',
    ],
    [
      'no parts, not for long',
      { waitsForParts: true, handedInOn: day(1) },
      41,
      '1. 等配件：11月4日送修，到今天 40 天，没超过 90 天',
    ],
    [
      'no parts, out of warranty',
      { waitsForParts: true, handedInOn: day(0), warranty: 'out' },
      91,
      '1. 等配件：2026年11月3日送修，到今天 91 天，但已过保',
    ],
    ['deformed', { deformed: true }, 20, '1. 新机开箱变形，不是客户碰的：可以换货、维修'],
    [
      'nothing to deduct',
      { deformed: true, daysInRepair: 20 },
      20,
      '2. 有同型号，客户不换：可以退货，折旧：¥3,299.00 × 1‰ × (20 − 20) 天 = ¥0.00；退 ¥3,299.00（11月3日到今天 20 天，修理和待修 20 天不算：按你说的天数）',
    ],
    [
      'no model left',
      { deformed: true, sameModel: false },
      20,
      '2. 没有同型号，客户不要别的：不能换，可以退货，不扣折旧；退 ¥3,299.00',
    ],
    ['another model', { deformed: true, sameModel: false, otherModel: true }, 20, '2. 没有同型号，客户愿意换别的型号'],
    [
      'reported before the invoice',
      { mainFault: true, faultOn: day(-2) },
      3,
      '1. 主要功能故障：11月3日开票，11月1日报修，报修在前，在 7 天内，可以退货、换货、维修',
    ],
  ])('%s', (_, more, today, line) => {
    expect(said(unit(more, today), today)).toContain(line)
  })

  it('says that nothing is left where the policy gives nothing instead', () => {
    const bare = ruleOf('  fault: [{ withinDays: 15, gives: [换货, 维修] }]')
    const gone = unit({ mainFault: true, sameModel: false }, 8)
    expect(said(gone, 8, {}, bare)).toEqual([
      '1024 可以维修。',
      '1. 主要功能故障：11月3日开票，11月11日报修，相隔 8 天，在 15 天内，可以换货、维修',
      '2. 没有同型号，客户不要别的：不能换',
    ])
  })

  it('names three spans of days at most', () => {
    const spans = [0, 4, 8, 12].map(from => ({ from: day(from), to: day(from + 2), why: 'parts' as const }))
    expect(said(unit({ ...late, inRepair: spans }, 41), 41)[2]).toMatch(
      /8 天不算：11月3日–11月5日 等配件，11月7日–11月9日 等配件，11月11日–11月13日 等配件 等）$/,
    )
  })
})

describe('what is missing', () => {
  it('is asked for in one line, after what each answer would change', () => {
    const facts = unknown(unit({ mainFault: true }, 8), 'sameModel', 'otherModel', 'accessories', 'sheet')
    expect(said(facts, 8)).toEqual([
      '1024 还不能定，还缺：有没有同型号、客户要不要别的型号、附件齐不齐、有没有鉴定单。',
      '1. 主要功能故障：11月3日开票，11月11日报修，相隔 8 天，在 15 天内，可以换货、维修',
      '2. 若有同型号：退货（退 ¥3,272.61）、换货、维修；若没有：退货（退 ¥3,299.00）、换货、维修',
      '3. 没有同型号时，若客户要别的型号：换货、维修；若不要：退货（退 ¥3,299.00）、维修',
      '4. 若附件齐、有鉴定单：退货（退 ¥3,299.00，或退 ¥3,272.61）、换货、维修；缺一样：维修',
      '5. 折旧：¥3,299.00 × 1‰ × 8 天 = ¥26.39；退 ¥3,272.61（11月3日到今天 8 天）',
      '补充请照实说，例如：退换 1024 有同型号 客户不要别的型号 附件齐 有鉴定单',
    ])
  })

  it('of a unit nobody said anything of is everything, by the periods of the policy', () => {
    const nothing: ReturnFacts = { faultOn: day(8), handedInOn: day(8), inRepair: [] }
    expect(said(nothing, 8)).toEqual([
      '1024 还不能定，还缺：发票日期、发票价、是不是主要功能故障、开箱时有没有变形、有没有同型号、客户要不要别的型号、附件齐不齐、有没有鉴定单。',
      '1. 若是主要功能故障，看报修（11月11日）在开票后几天。7 天内：退货（退全款）、换货、维修；15 天内：退货（退全款，或扣折旧）、换货、维修；更晚：不能退换',
      '2. 若开箱就变形、不是客户碰的：退货（退全款，或扣折旧）、换货、维修；若没有：不能退换',
      '3. 若有同型号：退货（退全款，或扣折旧）、换货、维修；若没有：退货（退全款）、换货、维修',
      '4. 若附件齐、有鉴定单：退货（退全款，或扣折旧）、换货、维修；缺一样：维修',
      '5. 折旧：发票价 × 1‰ × 开票到退货的天数',
      '补充请照实说，例如：退换 1024 11月3日买的 3299元 主要功能故障 没变形 有同型号 客户不要别的型号 附件齐 有鉴定单',
    ])
  })

  it('may be the amount alone', () => {
    expect(said(unknown(unit({ deformed: true }, 8), 'price'), 8)).toEqual([
      '1024 可以退货（扣折旧）、换货、维修，由客户选。退多少还缺：发票价。',
      '1. 新机开箱变形，不是客户碰的：可以换货、维修',
      '2. 有同型号，客户不换：可以退货，折旧：发票价 × 1‰ × 8 天（11月3日到今天 8 天）',
      '3. 附件、鉴定单都有',
      '补充请照实说，例如：退换 1024 3299元',
    ])
  })

  it.each<[keyof ReturnFacts, Partial<ReturnFacts>, number, string]>([
    ['deformed', {}, 20, '若开箱就变形、不是客户碰的：退货（退 ¥3,233.02）、换货、维修；若没有：不能退换'],
    ['waitsForParts', { handedInOn: day(0) }, 91, '若还在等配件：退货（退 ¥2,998.79）、换货、维修；若没有：不能退换'],
    [
      'warranty',
      { handedInOn: day(0), waitsForParts: true },
      91,
      '若在保内：退货（退 ¥2,998.79）、换货、维修；若已过保：不能退换',
    ],
    ['repairerSince', { handedInOn: day(0) }, 31, '若一直是修理方原因：退货（退 ¥3,196.73）、换货；若不是：不能退换'],
    ['mainFault', {}, 8, '若是主要功能故障：退货（退 ¥3,272.61）、换货、维修；若不是：不能退换'],
    ['sheet', { mainFault: true }, 7, '若有鉴定单：退货（退 ¥3,299.00）、换货、维修；若没有：维修'],
    ['accessories', { mainFault: true }, 7, '若附件齐：退货（退 ¥3,299.00）、换货、维修；若缺附件：维修'],
    [
      'otherModel',
      { mainFault: true, sameModel: false },
      8,
      '若客户要别的型号：换货、维修；若不要：退货（退 ¥3,299.00）、维修',
    ],
  ])('%s', (fact, more, today, line) => {
    expect(said(unknown(unit(more, today), fact), today).join('\n')).toContain(line)
  })

  it('an invoice of tomorrow is not believed, and words that were not understood are told', () => {
    const lines = said(unit({ mainFault: true, invoicedOn: day(9) }, 8), 8, { unread: '遥控器丢了' })
    expect(lines).toContain('发票日期 11月12日 还没到，请核对。')
    expect(lines.at(-1)).toBe('没看懂「遥控器丢了」，没有算进去。')
  })

  it('fits into one message of any platform', () => {
    const nothing: ReturnFacts = { faultOn: day(0), handedInOn: day(0), inRepair: [] }
    expect(Buffer.byteLength(said(nothing, 300, { unread: '长'.repeat(60) }).join('\n'))).toBeLessThan(2048)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import type { OrderCredit } from '../../src/orders/credit.ts'
import { Num } from '../../src/policy/formula.ts'
import { corrected } from '../../src/settlement/corrections.ts'
import { type Credited, inOrder } from '../../src/settlement/credits.ts'
import { factsOf, type MonthRecords } from '../../src/settlement/facts.ts'
import { type LedgerEntry, ledgerDiff } from '../../src/settlement/ledger.ts'
import type { PersonMonth, TeamMonth } from '../../src/settlement/month.ts'
import { owedOf } from '../../src/settlement/owed.ts'
import { settle } from '../../src/settlement/payroll.ts'
import { type Point, pointsOf, sumOfPoints } from '../../src/settlement/points.ts'
import { shareByWeight } from '../../src/settlement/shares.ts'
import type { Correction, Slip } from '../../src/settlement/slip.ts'
import { moneyPolicy, person, sum, team } from './months.ts'

/** Everything that moves money: a pool, an average, pay that may be below zero, leave that is handed on, fines, a floor. */
const shop = moneyPolicy(`
posts: [维修工, 内勤]
figures: [{ name: 毛利 }, { name: 底薪, of: 个人, usual: 3000 }, { name: 借支, of: 个人, usual: 0 }]
pay:
  dayWage: { of: 工资, by: 当月天数 }
  limits: { fines: 20%, floor: "1000.00" }
  items:
    - { name: 提成池, of: 班组, formula: 毛利 × 20% }
    - { name: 工资, formula: 底薪, prorate: true }
    - { name: 提成, share: { pool: 提成池, by: 完成单 }, when: 完成单 != 5 }
    - { name: 均数, of: 班组, aggregate: { of: 提成, as: 平均 } }
    - { name: 补差, for: 维修工, formula: (均数 - 提成) × 2, min: 0 - 800 }
    - { name: 请假扣款, as: 扣款, leave: deductions }
    - { name: 顶班, redistribute: 请假扣款 }
    - { name: 违规, as: 扣款, fine: true, formula: 罚款 }
    - { name: 还借支, as: 扣款, formula: 借支 }
    - { name: 又罚, as: 扣款, fine: true, formula: 罚款 / 3 }
`)

const ids = ['a', 'b', 'c', 'd', 'e']
const money = (min: number, max: number) => fc.integer({ min: min * 100, max: max * 100 }).map(fen => `${fen / 100}`)
const someone = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      post: fc.constantFrom('维修工', '内勤', null),
      employed: fc.integer({ min: 0, max: 30 }),
      facts: fc.record({ 完成单: fc.integer({ min: -3, max: 40 }).map(of => of / 2), 罚款: money(-50, 3000) }),
      figures: fc.record({ 底薪: money(-500, 9000), 借支: money(-100, 6000) }, { requiredKeys: [] }),
      leave: fc.array(
        fc.record({
          ...{ day: fc.constantFrom('2026-11-03', '2026-11-04'), times: fc.integer({ min: 0, max: 3 }) },
          to: fc.subarray(ids),
        }),
        { maxLength: 2 },
      ),
      overrides: fc.dictionary(
        fc.constantFrom('工资', '提成', '违规'),
        money(-900, 900)
          .map(Number)
          .map(of => of.toFixed(2)),
        {
          maxKeys: 1,
        },
      ),
      owed: fc.array(
        fc.record({
          ...{ of: fc.constantFrom('2026-08', '2026-09', '2026-10'), item: fc.constantFrom('提成', '违规') },
          ...{ fen: fc.bigInt({ min: -400_000n, max: 90_000n }), why: fc.constant('更正') },
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['id', 'facts'] },
  )
const months: fc.Arbitrary<TeamMonth> = fc
  .tuple(
    fc.subarray(ids, { minLength: 1 }).chain(of => fc.tuple(...of.map(someone))),
    money(-9000, 90_000),
  )
  .map(([people, profit]) => team(people.map(person), { 毛利: profit }))

const lineOf = (of: Slip, item: string) => of.lines.find(one => one.item === item)
const fenIn = (of: Slip, as: 'pay' | 'deduct') =>
  sum(of.lines.flatMap(one => (one.as === as ? [BigInt(one.fen ?? 0)] : [])))

describe('a month', () => {
  it('has slips whose lines are their sums, and a pool that is paid out to the fen', () => {
    fc.assert(
      fc.property(months, month => {
        const { slips, lines } = settle(shop, month)
        for (const one of slips) {
          expect(one.gross).toBe(`${fenIn(one, 'pay')}`)
          expect(one.deducted).toBe(`${fenIn(one, 'deduct')}`)
          expect(one.corrected).toBe(`${sum(one.corrections.map(({ fen }) => BigInt(fen)))}`)
          expect(BigInt(one.net)).toBe(BigInt(one.gross) - BigInt(one.deducted) + BigInt(one.corrected))
        }
        // A share set by hand or held back by the floor is no part of the pool any more.
        const shares = slips.map(one => lineOf(one, '提成'))
        if (shares.some(one => one?.override)) return
        const weighs = month.people.some(({ facts }) => {
          const orders = facts.get('完成单')?.value ?? new Num(0)
          return orders.gt(0) && !orders.eq(5)
        })
        const pool = Num.max(lines[0]?.value ?? 0, 0)
          .times(100)
          .toDecimalPlaces(0, Num.ROUND_HALF_UP)
        expect(`${sum(shares.map(one => BigInt(one?.fen ?? 0)))}`).toBe(weighs ? pool.toFixed(0) : '0')
      }),
      { numRuns: 80 },
    )
  })

  it('takes no fine beyond its ceiling, leaves everybody the floor, and takes nothing below zero', () => {
    fc.assert(
      fc.property(months, month => {
        for (const { lines, corrections, days } of settle(shop, month).slips) {
          const floor = (100_000n * BigInt(days.employed) * 2n + 30n) / 60n
          let [gross, taken, fines] = [0n, 0n, 0n]
          const holds = () => expect(gross - taken).toBeGreaterThanOrEqual(floor)
          for (const { item, as, fen: text = '0', notTaken = '0' } of lines) {
            const fen = BigInt(text)
            expect(BigInt(notTaken)).toBeGreaterThanOrEqual(0n)
            if (as === 'pay') {
              gross += fen
              if (fen < 0n) holds()
            } else if (as === 'deduct') {
              expect(fen).toBeGreaterThanOrEqual(0n)
              taken += fen
              if (['违规', '又罚'].includes(item)) {
                fines += fen
                if (fen > 0n) expect(fines * 5n).toBeLessThanOrEqual(gross)
              }
              if (fen > 0n) holds()
            }
          }
          for (const { fen } of corrections) {
            gross += BigInt(fen)
            if (BigInt(fen) < 0n) holds()
          }
        }
      }),
      { numRuns: 80 },
    )
  })

  it('is the same whatever order the people come in, and the same again', () => {
    const withOrder = months.chain(month =>
      fc.tuple(fc.constant(month), fc.shuffledSubarray([...month.people], { minLength: month.people.length })),
    )
    fc.assert(
      fc.property(withOrder, ([month, shuffled]) => {
        const settled = settle(shop, month)
        expect(settle(shop, { ...month, people: shuffled })).toEqual(settled)
      }),
      { numRuns: 40 },
    )
  })
})

const kinds = ['repair', 'install', 'complaint'] as const
const order = fc.record({
  ...{ day: fc.integer({ min: 1, max: 4 }), hour: fc.integer({ min: 0, max: 3 }), kind: fc.constantFrom(...kinds) },
  ...{ percent: fc.integer({ min: 0, max: 100 }), charge: money(0, 300), complained: fc.boolean(), late: fc.boolean() },
})
const orders: fc.Arbitrary<Credited[]> = fc.array(order, { maxLength: 25 }).map(all =>
  all.map(({ day, hour, kind, percent, charge, complained, late }, index): Credited => {
    const credit: OrderCredit = {
      ...{ doneAt: `2026-11-0${day}T0${hour}:00:00.000Z`, day: `2026-11-0${day}`, kind, urgent: false, key: false },
      ...{ units: 1, charge, empty: false, by: 'a', shares: [['a', percent]], complained, rework: false, leak: false },
      ...{ reworked: [], leaked: [], inTime: late ? [] : ['complete'], late: late ? { complete: 60_000 } : {} },
    }
    return { id: `id${index}`, code: `${1000 + index}`, credit, percent, inCharge: true }
  }),
)

const counting = moneyPolicy(`
counts:
  - { name: 第三单起, of: orders, from: 3, unless: { complained: true } }
  - { name: 收费, of: orders, sum: 收费, when: { kind: 维修 }, split: 各算 }
points:
  start: 60
  orders: [{ name: 维修, when: { kind: 维修 }, points: 1.5 }, { name: 加单, from: 2, points: 0.33, split: 负责人 }]
pay: { items: [{ name: 工资, formula: 收费 }] }
`)

const recordsOf = (all: readonly Credited[]): MonthRecords => ({
  ...{ month: '2026-11', orders: inOrder(all), incidents: [], earlier: [], attendance: null, employed: 30 },
  fullAttendance: { month: 0n, year: 0n, half: 0n },
})

it('counts and points are the same whatever order the records come in', () => {
  const both = orders.chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))
  fc.assert(
    fc.property(both, ([all, shuffled]) => {
      const [points, again] = [pointsOf(counting, recordsOf(all)), pointsOf(counting, recordsOf(shuffled))]
      expect(again).toEqual(points)
      const facts = factsOf(counting, recordsOf(all), sumOfPoints(points))
      expect(factsOf(counting, recordsOf(shuffled), sumOfPoints(again))).toEqual(facts)
      const number = (name: string) => facts.get(name)?.value.toNumber() ?? Number.NaN
      const share = (of: readonly Credited[]) => of.reduce((total, { percent }) => total + percent, 0) / 100
      expect(number('完成单')).toBe(share(all))
      expect(number('及时单') + number('超时单')).toBeCloseTo(share(all), 10)
      expect(number('安装单')).toBe(share(all.filter(({ credit }) => credit.kind === 'install')))
    }),
    { numRuns: 60 },
  )
})

it('parts by weight add up to the whole to the fen, whatever the weights', () => {
  const weight = fc.oneof(
    fc.integer({ min: -5, max: 5 }).map(String),
    fc.double({ min: 0, max: 1e9, noNaN: true }).map(String),
    fc.constantFrom('0.1', '0.2', '0.3', '1e-20', '33.3333333333'),
  )
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.array(weight, { maxLength: 40 }), (fen, texts) => {
      const weights = texts.map(text => new Num(text))
      const parts = shareByWeight(fen, weights)
      if (!weights.some(one => one.gt(0))) {
        expect(parts).toBeNull()
        return
      }
      expect(sum(parts ?? [])).toBe(fen)
      const all = weights.reduce((total, one) => total.plus(Num.max(one, 0)), new Num(0))
      for (const [index, part] of (parts ?? []).entries()) {
        const exact = new Num(fen.toString()).times(Num.max(weights[index] ?? 0, 0)).div(all)
        expect(exact.minus(part.toString()).abs().lt(1)).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})

describe('corrections', () => {
  const amount = fc.bigInt({ min: -50_000n, max: 50_000n })
  const version = fc.record({ 提成: amount, 扣罚: fc.bigInt({ min: 0n, max: 50_000n }) }, { requiredKeys: [] })
  const slipOf = (items: Partial<Record<string, bigint>>): Slip => ({
    ...{ person: 'a', name: '张三', post: null, month: '2026-08', policy: { name: 'x', title: 'x', version: 1 } },
    ...{ days: { employed: 31, month: 31 }, corrections: [], scores: [], facts: {}, remarks: [] },
    ...{ gross: '0', deducted: '0', corrected: '0', net: '0' },
    lines: Object.entries(items).map(([item, fen]) => ({
      ...{ item, as: item === '扣罚' ? ('deduct' as const) : ('pay' as const), fen: `${fen}` },
      ...{ how: '', inputs: [], steps: [] },
    })),
  })
  const worth = (of: Partial<Record<string, bigint>>) => (of.提成 ?? 0n) - (of.扣罚 ?? 0n)

  it('bring a locked month to what it is by now, over as many months as the floor makes it take', () => {
    const changes = fc.array(fc.record({ anew: version, purse: fc.bigInt({ min: 0n, max: 60_000n }) }), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(version, changes, version, fc.boolean(), (locked, later, last, gone) => {
        const paid: Correction[] = []
        // At the end there is enough to take what is left from.
        for (const { anew, purse } of [...later, { anew: gone ? {} : last, purse: 10n ** 9n }]) {
          const owed = owedOf('2026-08', slipOf(locked), gone && anew === last ? undefined : slipOf(anew), paid, '更正')
          const now = corrected(
            owed,
            { gross: purse, taken: 0n, fines: 0n },
            { fines: 'none', floor: '200.00' } as never,
            30,
            30,
          )
          expect(
            owedOf('2026-08', slipOf(locked), slipOf(anew), [...paid, ...now], '更正')
              .map(({ fen }) => -fen)
              .sort(),
          ).toEqual(now.flatMap(({ notTaken }) => (notTaken ? [BigInt(notTaken)] : [])).sort())
          paid.push(...now)
        }
        expect(worth(locked) + sum(paid.map(({ fen }) => BigInt(fen)))).toBe(worth(gone ? {} : last))
      }),
      { numRuns: 120 },
    )
  })

  it('of other months stay out of it', () => {
    const other: Correction[] = [{ of: '2026-07', item: '提成', fen: '500', why: '更正' }]
    expect(owedOf('2026-08', slipOf({ 提成: 100n }), slipOf({ 提成: 300n }), other, '更正')).toMatchObject([
      { fen: 200n },
    ])
  })
})

describe('the ledger', () => {
  const point: fc.Arbitrary<Point> = fc.record({
    ...{ day: fc.constantFrom('2026-11-01', '2026-11-02'), source: fc.constantFrom('order', 'incident') },
    ...{ subject: fc.constantFrom('1', '2', '3'), rule: fc.constantFrom('维修', '迟到') },
    hundredths: fc.integer({ min: -300, max: 300 }),
  })
  const sums = (points: readonly Point[]) => {
    const found: Record<string, number> = {}
    for (const { source, subject, rule, hundredths } of points) {
      const key = `${source} ${subject} ${rule}`
      found[key] = (found[key] ?? 0) + hundredths
    }
    return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== 0))
  }

  it('says after every change what the records say, only by adding, and the same twice adds nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(point, { maxLength: 8 }), { minLength: 1, maxLength: 5 }), states => {
        const kept: LedgerEntry[] = []
        for (const wanted of states) {
          const added = ledgerDiff(kept, wanted)
          kept.push(...added)
          expect(sums(kept)).toEqual(sums(wanted))
          expect(ledgerDiff(kept, wanted)).toEqual([])
          expect(added.some(({ hundredths }) => hundredths === 0)).toBe(false)
        }
      }),
      { numRuns: 150 },
    )
  })
})

describe('any policy', () => {
  const names = ['甲', '乙', '丙', '丁', '戊', '己']
  const values = ['完成单', '罚款', '评价单', '应发', '数', '率', '常', '班数', '在职天数', '卡']
  const name = fc.constantFrom(...values, ...names)
  const { formula } = fc.letrec<{ formula: string; yesno: string }>(tie => ({
    formula: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      name,
      fc.constantFrom('0', '1', '0.1', '20%', '3', '1000000'),
      fc
        .tuple(tie('formula'), fc.constantFrom('+', '-', '×', '/'), tie('formula'))
        .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
      fc
        .tuple(fc.constantFrom('最大', '最小', '四舍五入'), tie('formula'), tie('formula'))
        .map(([f, a, b]) => `${f}(${a}, ${b})`),
      fc.tuple(fc.constantFrom('取整', '进位', '绝对值'), tie('formula')).map(([f, a]) => `${f}(${a})`),
      fc.tuple(tie('yesno'), tie('formula'), tie('formula')).map(([test, a, b]) => `(${test} ? ${a} : ${b})`),
    ),
    yesno: fc
      .tuple(tie('formula'), fc.constantFrom('>=', '<', '==', '!='), tie('formula'))
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
  }))
  const text = formula.map(one => JSON.stringify(one))
  const condition = fc.tuple(formula, formula).map(([a, b]) => JSON.stringify(`${a} >= ${b}`))
  const bound = fc.constantFrom('0', '0', '-5', '1/3', '1/(1-1)')
  const tiers = fc
    .tuple(text, fc.constantFrom('整段', '分段', '取值'), bound)
    .map(
      ([by, mode, from]) =>
        `tiers: { by: ${by}, mode: ${mode}, rows: [{ from: ${from}, is: 10% }, { from: 9, is: 2 }] }`,
    )
  const ways = fc.oneof(
    text.map(one => `formula: ${one}`),
    tiers,
    name.map(by => `share: { pool: 甲, by: ${by} }`),
    fc.constant('redistribute: 丙'),
  )
  const extra = fc.oneof(
    fc.constantFrom(
      '',
      ', prorate: true',
      ', for: 维修工',
      ', as: 扣款',
      ', as: 扣款, fine: true',
      ', as: 中间, places: 2',
    ),
    condition.map(one => `, when: ${one}`),
    text.map(one => `, max: ${one}`),
    text.map(one => `, min: ${one}`),
  )
  const ofTeam = fc
    .tuple(name, fc.constantFrom('合计', '平均', '最高'))
    .map(([of, as]) => `of: 班组, aggregate: { of: ${of}, as: ${as} }`)
  const ofPerson = fc.tuple(ways, extra).map(([how, more]) => `${how}${more}`)
  const first = fc.tuple(
    text.map(
      one => `of: 班组, formula: ${one.replace(/完成单|罚款|评价单|应发|数|率|在职天数|卡|[甲乙丙丁戊己]/g, '班数')}`,
    ),
    ofPerson,
    fc.constant('as: 扣款, leave: deductions'),
  )
  const rest = fc.array(fc.oneof({ weight: 4, arbitrary: ofPerson }, { weight: 1, arbitrary: ofTeam }), {
    maxLength: 3,
  })
  /** Names of what lies below become another's, so that most of them can be read. */
  const above = (one: string, index: number) =>
    names
      .slice(Math.max(index, 1))
      .reduce((all, below) => all.replaceAll(below, index > 2 && below === '丙' ? below : '完成单'), one)
  const items = fc
    .tuple(first, rest)
    .map(([some, more]) => [...some, ...more].map((one, index) => (index === 0 ? one : above(one, index))))
  const policies = fc.tuple(items, text, text).map(
    ([all, scored, plus]) => `
posts: [维修工]
figures: [{ name: 班数 }, { name: 数, of: 个人 }, { name: 率, of: 个人, usual: 0 }]
scorecards:
  - { name: 卡, items: [{ name: 得分, full: 10, by: formula, formula: ${scored.replace(/甲|乙|丙|丁|戊|己|卡|应发/g, '罚款')} }], plus: [{ name: 加分, marks: ${plus.replace(/甲|乙|丙|丁|戊|己|卡|应发/g, '评价单')} }] }
pay:
  constants: { 常: 7 }
  dayWage: { of: 数, by: 当月工作日 }
  items:
${all.map((one, index) => `    - { name: ${names[index]}, ${one} }`).join('\n')}
`,
  )
  const number = fc.constantFrom('0', '1', '-3', '0.1', '33.335', '99999999999999.999999')
  const people: fc.Arbitrary<PersonMonth[]> = fc
    .array(
      fc.record({
        facts: fc.record({ 完成单: number, 罚款: number }),
        figures: fc.record({ 数: number, 率: number }, { requiredKeys: [] }),
        ...{ post: fc.constantFrom('维修工', null), employed: fc.constantFrom(0, 1, 30) },
        leave: fc.constantFrom([], [{ day: '2026-11-03', times: 2, to: ['p0', 'p1'] }]),
      }),
      { maxLength: 3 },
    )
    .map(all => all.map((one, index) => person({ id: `p${index}`, ...one })))

  it('is refused when it is read or settles every month, with sums that hold', () => {
    let read = 0
    fc.assert(
      fc.property(policies, people, fc.option(number), (yaml, all, shifts) => {
        let policy: ReturnType<typeof moneyPolicy>
        try {
          policy = moneyPolicy(yaml)
        } catch (error) {
          expect(error).toBeInstanceOf(Invalid)
          return
        }
        read += 1
        const settled = settle(policy, team(all, shifts === null ? {} : { 班数: shifts }))
        for (const one of settled.slips)
          expect(BigInt(one.net)).toBe(fenIn(one, 'pay') - fenIn(one, 'deduct') + BigInt(one.corrected))
      }),
      { numRuns: 200 },
    )
    expect(read).toBeGreaterThan(60)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { MovableClock } from '../../src/now.ts'
import type { OrderCredit } from '../../src/orders/credit.ts'
import { enterTeams } from '../../src/people/enter.ts'
import type { Person, Team } from '../../src/people/person.ts'
import { personByName, teamByIdOrName } from '../../src/people/store.ts'
import { Policies } from '../../src/policy/versions.ts'
import { monthEnds, monthsFrom } from '../../src/settlement/days.ts'
import type { MonthCommand } from '../../src/settlement/decide.ts'
import { addFigures } from '../../src/settlement/figurestore.ts'
import { changeMonth } from '../../src/settlement/flow.ts'
import { momentsOf } from '../../src/settlement/look.ts'
import { settle } from '../../src/settlement/payroll.ts'
import { reckonMonth } from '../../src/settlement/reckon.ts'
import { monthOfTeam, slipOf } from '../../src/settlement/rows.ts'
import type { Slip } from '../../src/settlement/slip.ts'
import { createReach } from '../../src/webhooks/reach.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'
import { line, moneyPolicy, person, slip, sum, team } from './months.ts'

/** Mistakes that other systems of payroll and commission made, one test for each. */

const pay = (...items: string[]) =>
  moneyPolicy(
    `posts: [维修工, 内勤]\nfigures: [{ name: 毛利, usual: 0 }]\npay:\n  items:\n    - ${items.join('\n    - ')}\n`,
  )
const amounts = (of: Slip) => Object.fromEntries(of.lines.map(({ item, fen, value }) => [item, fen ?? value]))

describe('pitfall:', () => {
  it('a forward reference is zero, not an error', () => {
    expect(() => pay('{ name: 甲, formula: 乙 }', '{ name: 乙, formula: "5" }')).toThrow(
      'an item that comes below: move it up',
    )
  })

  it('ties are resolved by the order of records', () => {
    const policy = pay('{ name: 池, of: 班组, formula: "1" }', '{ name: 分, share: { pool: 池, by: 完成单 } }')
    const people = ['a', 'b', 'c'].map(id => person({ id, facts: { 完成单: 1 } }))
    const settled = settle(policy, team(people))
    expect(settled.slips.map(({ net }) => net)).toEqual(['34', '33', '33'])
    expect(settle(policy, team([...people].reverse()))).toEqual(settled)
    expect(() => pay('{ name: 甲, formula: "1" }', '{ name: 甲, formula: "2" }')).toThrow(
      '甲 is the name of an item above',
    )
  })

  it('one rule’s leftover variables are visible to the next', () => {
    const policy = pay(
      '{ name: 甲, as: 中间, for: 维修工, formula: 完成单 }',
      '{ name: 乙, formula: 完成单 × 甲 }',
      '{ name: 丙, formula: "1" }',
    )
    const settled = settle(
      policy,
      team([
        person({ id: 'a', post: '维修工', facts: { 完成单: 5 } }),
        person({ id: 'b', post: '内勤', facts: { 完成单: 3 } }),
      ]),
    )
    expect([slip(settled, 'a').net, slip(settled, 'b').net]).toEqual(['2600', '100'])
    expect(line(slip(settled, 'a'), '丙').inputs).toEqual([])
    expect(line(slip(settled, 'b'), '乙').inputs.map(({ name, value }) => `${name} ${value}`)).toEqual([
      '完成单 3',
      '甲 0',
    ])
  })

  it('a child rule runs although its parent is off', () => {
    const policy = pay('{ name: 奖, when: 完成单 > 0, formula: 罚款 / 完成单 }', '{ name: 随奖, formula: 奖 × 2 }')
    const settled = settle(policy, team([person({ id: 'a', facts: { 罚款: 9 } })]))
    expect(settled.missing).toEqual([])
    expect(line(slip(settled, 'a'), '奖')).toMatchObject({ fen: '0', gate: { held: false } })
    expect(line(slip(settled, 'a'), '奖').fault).toBeUndefined()
    expect(line(slip(settled, 'a'), '随奖').fen).toBe('0')
  })

  const tiers = (mode: string, rows: string) =>
    pay(`{ name: 提成, tiers: { by: 完成单, mode: ${mode}, rows: [${rows}] } }`)
  const paid = (policy: ReturnType<typeof pay>, by: number | string) =>
    line(slip(settle(policy, team([person({ id: 'a', facts: { 完成单: by } })])), 'a'), '提成')

  it('both ends of a tier are inside, a gap pays nothing and an overlap the first match', () => {
    const policy = tiers('取值', '{ from: 0, is: 1 }, { from: 1000, is: 2 }, { from: 1001, is: 3 }')
    expect(['999.99', '1000', '1000.5', '1000.99', '1001', '99999'].map(by => paid(policy, by).fen)).toEqual([
      '100',
      '200',
      '200',
      '200',
      '300',
      '300',
    ])
    expect(paid(policy, '-0.5')).toMatchObject({ fen: '0', steps: ['-0.5 不到 0，取 0'] })
    expect(() => tiers('取值', '{ from: 0, is: 1 }, { from: 1000, is: 2 }, { from: 1000, is: 3 }')).toThrow(
      'rows would overlap',
    )
  })

  it('a slab’s width counts a unit too many', () => {
    const policy = tiers('分段', '{ from: 0, is: 10% }, { from: 100.5, is: 20% }')
    expect([100, 100.5, 100.75, 200.5].map(by => paid(policy, by).fen)).toEqual(['1000', '1005', '1010', '3005'])
    expect(paid(tiers('分段', '{ from: 10, is: 1 }'), 11).fen).toBe('100')
  })

  it('whole base or marginal is not said', () => {
    const rows = '{ from: 0, is: 10% }, { from: 100, is: 20% }'
    const [whole, marginal] = [paid(tiers('整段', rows), 150), paid(tiers('分段', rows), 150)]
    expect([whole.fen, marginal.fen]).toEqual(['3000', '2000'])
    expect([whole.how, marginal.how]).toEqual([
      '按 完成单（整段：0 起 10%，100 起 20%）',
      '按 完成单（分段：0 起 10%，100 起 20%）',
    ])
    expect(() => pay('{ name: 甲, tiers: { by: 完成单, rows: [{ from: 0, is: 1 }] } }')).toThrow('mode')
  })

  it('a period ends a day early or late', () => {
    expect(['2026-02', '2028-02', '2026-04', '2026-12'].map(of => monthEnds(of).last)).toEqual([
      '2026-02-28',
      '2028-02-29',
      '2026-04-30',
      '2026-12-31',
    ])
    const { from, to } = momentsOf(pay('{ name: 甲, formula: "1" }'), '2026-02')
    expect([from.toISOString(), to.toISOString()]).toEqual(['2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z'])
    expect([monthsFrom('2026-01', -1), monthsFrom('2026-12', 1)]).toEqual(['2025-12', '2027-01'])
  })

  it('lines are rounded and the total by itself', () => {
    const policy = pay(
      '{ name: 甲, formula: 100 / 3 }',
      '{ name: 乙, formula: 100 / 3 }',
      '{ name: 丙, formula: 100 / 3 }',
      '{ name: 丁, as: 扣款, formula: 1 / 3 }',
    )
    const one = slip(settle(policy, team([person({ id: 'a' })])), 'a')
    expect(amounts(one)).toEqual({ 甲: '3333', 乙: '3333', 丙: '3333', 丁: '33' })
    expect([one.gross, one.deducted, one.net]).toEqual(['9999', '33', '9966'])
    // What is reckoned from a line is reckoned from what it pays.
    const upon = pay('{ name: 甲, formula: 100 / 3 }', '{ name: 乙, formula: 甲 × 3 }')
    expect(slip(settle(upon, team([person({ id: 'a' })])), 'a').net).toBe('13332')
  })

  it('overlapping rules pay twice', () => {
    const items = ['{ name: 池, of: 班组, formula: "1" }', '{ name: 甲, share: { pool: 池, by: 完成单 } }']
    expect(() => pay(...items, '{ name: 乙, for: 内勤, share: { pool: 池, by: 积分 } }')).toThrow(
      'shared out already by 甲: it would be paid twice',
    )
    const policies = new Policies()
    const one = moneyPolicy('pay: { items: [{ name: 甲, formula: "1" }] }')
    policies.put({ ...one, effective: '2026-11-01' })
    expect(policies.objection({ ...one, version: 2, effective: '2026-11-01' })).toContain('another file of the folder')
    expect(policies.objection({ ...one, version: 2, effective: '2026-12-01' })).toBeNull()
  })

  it('a joiner’s, a leaver’s or a floor’s part of a month is forgotten', () => {
    const policy = moneyPolicy(`
pay:
  limits: { floor: "2000.00" }
  items: [{ name: 工资, formula: "3000", prorate: true }, { name: 补贴, formula: "60" }, { name: 借支, as: 扣款, formula: "9999" }]`)
    const settled = settle(policy, team([person({ id: 'a' }), person({ id: 'b', employed: 10 })]))
    expect(settled.slips.map(amounts)).toEqual([
      { 工资: '300000', 补贴: '6000', 借支: '106000' },
      { 工资: '100000', 补贴: '6000', 借支: '39333' },
    ])
    expect(line(slip(settled, 'b'), '工资').steps).toEqual(['在职 10 天，全月 30 天'])
  })
})

describe('pitfall, over months:', () => {
  let db: TestDatabase
  let ctx: Context
  let one: Team
  const clock = new MovableClock()
  const people: Record<string, Person> = {}
  const rules = (version: number, each: number) =>
    moneyPolicy(
      `
posts: [维修工]
month: { appeals: 1d }
figures: [{ name: 底薪, of: 个人, standing: true, usual: 3100 }]
counts: [{ name: 好单, of: orders, when: { reworked: false } }]
pay:
  items: [{ name: 工资, formula: 底薪, prorate: true }, { name: 提成, formula: 好单 × ${each} }, { name: 补贴, formula: 100 / 3 }]`.replace(
        'figures:',
        `effective: ${version === 1 ? '2020-01-01' : '2026-11-15'}\nfigures:`,
      ),
    )
  const policies = new Policies()
  policies.put(rules(1, 10))
  policies.put({ ...rules(2, 25), version: 2 })

  beforeAll(async () => {
    db = await freshDatabase()
    clock.freeze(new Date('2026-10-31T02:00:00Z'))
    ctx = {
      ...{
        company: 'pitfalls',
        db,
        clock,
        log: new StoryLog(),
        books: new Policies(),
        needPolicy: () => {},
        ring: () => {},
      },
      ...{ approvalsOn: new Set(), reach: createReach([]), policy: (_, at) => policies.get('x', at) as never },
    }
    const [technician, manager] = [{ roles: ['technician' as const], post: '维修工' }, ['manager' as const]]
    await enterTeams(ctx, {
      teams: [
        {
          ...{ name: '一班', policy: 'x' },
          people: [
            { name: '王经理', roles: manager },
            { name: '张三', ...technician, joinedOn: '2016-01-01' },
            { name: '李四', ...technician, joinedOn: '2026-10-12' },
            { name: '王五', ...technician, joinedOn: '2016-01-01', leftOn: '2026-10-10' },
          ],
        },
      ],
    })
    one = (await teamByIdOrName(db.prisma, ctx.company, '一班')) as Team
    for (const { id, name } of await db.prisma.person.findMany({ where: { company: ctx.company } }))
      people[name] = { ...((await personByName(db.prisma, ctx.company, name)) as Person), id }
  })
  afterAll(() => db.close())

  let orders = 0
  /** An order that somebody has done on a day, written down now. */
  async function done(who: string, day: string, reworked: string[] = []): Promise<string> {
    const by = people[who]?.id ?? ''
    const now = clock.now()
    const completedAt = new Date(`${day}T04:00:00Z`)
    const credit: OrderCredit = {
      ...{
        doneAt: completedAt.toISOString(),
        day,
        kind: 'repair',
        urgent: false,
        key: false,
        units: 1,
        empty: false,
        by,
      },
      ...{
        shares: [[by, 100]],
        complained: false,
        rework: false,
        leak: false,
        reworked,
        leaked: [],
        inTime: [],
        late: {},
      },
    }
    const id = newId(now)
    await db.prisma.order.create({
      data: {
        ...{ company: ctx.company, id, code: `${100 + orders++}`, teamId: one.id, kind: 'repair', state: 'closed' },
        ...{ urgent: false, assigneeId: by, version: 9, customerName: '王女士', customerPhone: '13800000000' },
        ...{
          address: '示例路 1 号',
          fault: '不制冷',
          createdAt: now,
          updatedAt: now,
          completedAt,
          credit: credit as object,
        },
      },
    })
    return id
  }

  /** The same fault again: the order counts no more. */
  async function reworked(id: string): Promise<void> {
    const row = await db.prisma.order.findFirstOrThrow({ where: { company: ctx.company, id } })
    const credit = { ...(row.credit as object), reworked: ['999'] }
    await db.prisma.order.updateMany({ where: { company: ctx.company, id }, data: { credit, updatedAt: clock.now() } })
  }

  const does = (month: string, command: MonthCommand, by: string | null = '王经理') =>
    inTransaction(db, tx =>
      changeMonth(tx, ctx, {
        ...{ team: one, month, command, by: by === null ? null : (people[by] as Person) },
        speech: { via: by === null ? 'system' : 'button' },
      }),
    )
  async function reckons(month: string): Promise<void> {
    const { after } = await does(month, { do: 'draft' })
    await reckonMonth(ctx, one, after)
  }
  async function closes(month: string): Promise<void> {
    await does(month, { do: 'publish' })
    clock.offset += 2 * 86_400_000
    await does(month, { do: 'lock' }, null)
  }
  async function slipIn(month: string, who: string): Promise<Slip> {
    const record = await monthOfTeam(db.prisma, ctx.company, one.id, month)
    const found = record && (await slipOf(db.prisma, ctx.company, record.id, people[who]?.id ?? ''))
    if (!found) throw new Error(`no slip of ${who}`)
    return found
  }

  it('settling inside the period shows nothing and says nothing', async () => {
    await expect(does('2026-10', { do: 'draft' })).rejects.toThrow('10月到 10月31日 才结束，11月1日起可以月结')
    await expect(monthOfTeam(db.prisma, ctx.company, one.id, '2026-10')).resolves.toBeNull()
  })

  let refunded = ''
  it('an old assignment date breaks today’s run; joiners and leavers get all of it', async () => {
    refunded = await done('张三', '2026-10-03')
    await done('张三', '2026-10-31')
    await done('王五', '2026-10-09')
    await done('李四', '2026-11-01')
    clock.freeze(new Date('2026-11-01T02:00:00Z'))
    await reckons('2026-10')
    expect(amounts(await slipIn('2026-10', '张三'))).toEqual({ 工资: '310000', 提成: '2000', 补贴: '3333' })
    expect(amounts(await slipIn('2026-10', '李四'))).toEqual({ 工资: '200000', 提成: '0', 补贴: '3333' })
    expect(amounts(await slipIn('2026-10', '王五'))).toEqual({ 工资: '100000', 提成: '1000', 补贴: '3333' })
  })

  it('rounding is shown and not paid', async () => {
    for (const who of ['张三', '李四', '王五']) {
      const { lines, net, gross } = await slipIn('2026-10', who)
      expect(`${sum(lines.map(({ fen }) => BigInt(fen ?? 0)))}`).toBe(gross)
      expect(net).toBe(gross)
      const row = await db.prisma.payslip.findFirst({
        where: { company: ctx.company, personId: people[who]?.id ?? '' },
      })
      expect(`${row?.net}`).toBe(net)
    }
  })

  it('a manual amount is written over by the formula, or is not in the total', async () => {
    const zhang = people.张三?.id ?? ''
    await expect(
      does('2026-10', { do: 'adjust', person: zhang, item: '补贴', fen: 5000n, reason: '' }),
    ).rejects.toThrow('要写原因')
    await does('2026-10', { do: 'adjust', person: zhang, item: '补贴', fen: 5000n, reason: '多跑一趟' })
    for (let turn = 0; turn < 2; turn++) {
      await reckons('2026-10')
      const found = await slipIn('2026-10', '张三')
      expect(line(found, '补贴')).toMatchObject({
        fen: '5000',
        override: { reckoned: '3333', reason: '多跑一趟', by: '王经理' },
      })
      expect(found.net).toBe('317000')
    }
    await closes('2026-10')
  })

  it('a policy changed after pay changes what was paid: the old month is replayed by its version', async () => {
    clock.freeze(new Date('2026-11-20T02:00:00Z'))
    await done('张三', '2026-10-20')
    await done('张三', '2026-11-18')
    const before = await slipIn('2026-10', '张三')
    clock.freeze(new Date('2026-12-01T02:00:00Z'))
    await reckons('2026-11')
    const found = await slipIn('2026-11', '张三')
    expect(found.policy.version).toBe(2)
    expect(amounts(found)).toEqual({ 工资: '310000', 提成: '2500', 补贴: '3333' })
    // By the version of October, and what was set by hand there stands.
    expect(found.corrections).toEqual([
      { of: '2026-10', item: '提成', fen: '1000', why: '10月锁定以后的记录有变动，重算有差额' },
    ])
    expect(found.net).toBe('316833')
    expect(await slipIn('2026-10', '张三')).toEqual(before)
    expect((await slipIn('2026-11', '李四')).corrections).toEqual([])
    await closes('2026-11')
  })

  it('a refund pays twice, or takes without having given', async () => {
    clock.freeze(new Date('2026-12-10T02:00:00Z'))
    await reworked(refunded)
    clock.freeze(new Date('2027-01-01T02:00:00Z'))
    await reckons('2026-12')
    await reckons('2026-12')
    expect((await slipIn('2026-12', '张三')).corrections).toMatchObject([{ of: '2026-10', item: '提成', fen: '-1000' }])
    await closes('2026-12')
    const months = await Promise.all(['2026-10', '2026-11', '2026-12'].map(of => slipIn(of, '张三')))
    const paidFor = months.flatMap(({ lines, corrections, month }) => [
      ...lines.flatMap(({ item, fen }) => (item === '提成' && month === '2026-10' ? [BigInt(fen ?? 0)] : [])),
      ...corrections.flatMap(({ of, fen }) => (of === '2026-10' ? [BigInt(fen)] : [])),
    ])
    // Two good orders of October are left of three.
    expect(sum(paidFor)).toBe(2000n)
    clock.freeze(new Date('2027-02-01T02:00:00Z'))
    await reckons('2027-01')
    expect((await slipIn('2027-01', '张三')).corrections).toEqual([])
  })

  it('a salary changed in the middle: a month is paid by what stands for it', async () => {
    const from = { by: null, via: 'api', words: null, now: clock.now() }
    const figure = { name: '底薪', personId: people.张三?.id ?? '', value: '3410' }
    await addFigures(db.prisma, ctx.company, { teamId: one.id, month: '2027-01' }, [figure], from)
    await reckons('2027-01')
    const found = await slipIn('2027-01', '张三')
    expect([amounts(found).工资, found.corrections]).toEqual(['341000', []])
  })
})

import { expect, it } from 'vitest'
import type {
  PolicyChecked,
  PolicyCompared,
  PolicyList,
  PolicySimulated,
  PolicyText,
} from '../../src/console/policywire.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { publishPolicy, refreshPolicies } from '../../src/policy/flow.ts'
import { rowsOf } from '../login/help.ts'
import { openApps } from '../support/pair.ts'
import { eachStory } from '../support/shop.ts'
import { Desk } from './desk.ts'

const shop = (hours: number, rate = 10) => `# 门店的规矩
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
clocks:
  - { kind: complete, name: 完成时限, start: dispatched, stop: [completed, emptyRun], within: ${hours}h }
points:
  orders: [{ name: 上门, points: 5 }]
pay:
  items:
    - { name: 提成, formula: "完成单 × ${rate}" }
cases:
  - name: 一单
    facts: ["2026-11-24 09:00 派单"]
    expect: [[完成, "2026-11-24 ${9 + hours}:00"]]
`

const story = eachStory({ policy: shop(4), bot: false })
type Problem = { detail: string; errors?: Array<{ path: string }> }

async function dueOf(code: string): Promise<string | undefined> {
  const { body } = await story.world.api<{ clocks: Array<{ dueAt: string }> }>('GET', `/orders/${code}`)
  return body.clocks[0]?.dueAt
}

async function order(): Promise<string> {
  const customer = { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' }
  const wanted = { team: '一班', kind: 'repair', fault: '不制冷', customer, assign: '张三' }
  const made = await story.world.api<{ code: string }>('POST', '/orders', wanted)
  expect(made.status).toBe(201)
  story.world.ignore()
  return made.body.code
}

it('a rule is edited, checked, simulated and published for a later day; orders run by the version they came in under', async () => {
  const { world, db } = story
  const first = await order()
  await world.forward('3h')
  await world.zhang.says('接单 1001')
  await world.zhang.says('完工 1001 换了电容')
  world.ignore()
  const wang = await Desk.open(world, 'wangjingli')
  const list = (await wang.get<PolicyList>('/policies')).body
  expect(list).toMatchObject({
    ...{ mayPublish: true },
    items: [
      { name: 'default', teams: ['一班'], versions: [{ version: 1, effective: null, from: 'file', state: 'now' }] },
    ],
  })
  expect(list.others).toContain('aircon-shop')
  const opened = (await wang.get<PolicyText>('/policies/default/1')).body
  expect(opened).toMatchObject({ text: shop(4), firstDay: '2026-11-25' })

  // A fault is named at its line, in plain words; a case that does not hold, too.
  const faulty = await wang.does<PolicyChecked>('POST', '/policies/check', {
    text: shop(2).replace('within: 2h', 'within: 两小时').replace('stop:', 'stopp:'),
  })
  expect(faulty.body.faults).toEqual([
    { line: 8, where: 'clocks[0].stop', message: '没有写，要补上' },
    { line: 8, where: 'clocks[0].within', message: '要写时长，比如 30m、2h、1h30m、3d，写的是「两小时」' },
    { line: 8, where: 'clocks[0].stopp', message: '没有这个设置，请核对拼写' },
  ])
  const wrong = await wang.does<PolicyChecked>('POST', '/policies/check', {
    text: shop(4).replace('within: 4h', 'within: 2h'),
  })
  expect(wrong.body.faults).toEqual([
    { line: 15, where: '例子「一单」', message: '完成：算出来 2026-11-24 11:00 到期，例子写的是 2026-11-24 13:00' },
  ])
  const broken = await wang.does<PolicyChecked>('POST', '/policies/check', { text: 'name: a\n  b: [' })
  expect(broken.body.faults.map(({ line }) => line)).toContain(2)
  const refused = await wang.does<Problem>('POST', '/policies/publish', { text: 'name: a', effective: '2026-12-01' })
  expect(refused).toMatchObject({ status: 422 })

  const text = shop(2, 20)
  expect((await wang.does<PolicyChecked>('POST', '/policies/check', { text })).body).toMatchObject({
    faults: [],
    cases: 1,
  })
  const compared = (await wang.does<PolicyCompared>('POST', '/policies/default/1/compare', { text })).body
  expect(compared.settings).toEqual([
    { where: '时限「完成时限」 · 时长', before: '4h', after: '2h' },
    { where: '工资 · 项目「提成」 · 公式', before: '完成单 × 10', after: '完成单 × 20' },
    ...[
      {
        where: '例子（时限）「一单」 · 应当',
        before: '[[完成, 2026-11-24 13:00]]',
        after: '[[完成, 2026-11-24 11:00]]',
      },
    ],
  ])

  // What it would have made of this month: whose money, and which clocks.
  const team = opened.teams[0]?.id
  const simulated = await wang.does<PolicySimulated>('POST', '/policies/simulate', { text, team, month: '2026-11' })
  expect(simulated.body).toMatchObject({
    money: {
      total: { before: '¥10.00', after: '¥20.00', difference: '+¥10.00' },
      people: [{ name: '张三', points: null, items: [{ item: '提成', before: '¥10.00', after: '¥20.00' }] }],
    },
    orders: {
      ...{ looked: 1, more: false, late: [{ kind: '完成', before: 0, after: 1 }] },
      items: [{ code: first, clocks: [{ after: '今天 11:00，超时 1 小时', worse: true }] }],
    },
  })
  const one = { text, team, month: '2026-11', orders: [first] }
  expect((await wang.does<PolicySimulated>('POST', '/policies/simulate', one)).body).toMatchObject({
    money: null,
    orders: { looked: 1 },
  })
  const none = await wang.does<Problem>('POST', '/policies/simulate', { ...one, orders: ['4711'] })
  expect(none.body.detail).toContain('没有这些单：4711')
  expect(await db.prisma.policyVersion.count()).toBe(0)

  // Never a past day, nor today; published for tomorrow it changes nothing today.
  for (const effective of ['2026-11-23', '2026-11-24'])
    expect((await wang.does<Problem>('POST', '/policies/publish', { text, effective })).body.detail).toContain(
      '最早从 2026-11-25 起',
    )
  const made = await wang.does<PolicyText>('POST', '/policies/publish', { text, effective: '2026-11-25' })
  expect(made.body).toMatchObject({
    version: 2,
    book: { versions: [{ version: 2, state: 'ahead', from: 'page', by: '王经理' }, {}] },
  })
  expect(made.body.text).toContain('version: 2\neffective: "2026-11-25"')
  expect(
    (await wang.does<Problem>('POST', '/policies/publish', { text, effective: '2026-11-25' })).body.detail,
  ).toContain('可以先撤回它')

  // Taken back, and published once more: numbers are not given out twice.
  await wang.does('POST', '/policies/default/2/withdraw')
  const again = await wang.does<PolicyText>('POST', '/policies/publish', { text, effective: '2026-11-25' })
  expect(again.body.book.versions.map(({ version, state }) => `${version} ${state}`)).toEqual([
    '3 ahead',
    '2 withdrawn',
    '1 now',
  ])
  await order()
  expect(await dueOf('1002')).toBe('2026-11-24T08:00:00.000Z')
  await world.until('2026-11-25T09:00:00+08:00')
  world.ignore()
  await order()
  expect(await dueOf('1003')).toBe('2026-11-25T03:00:00.000Z')
  expect(await dueOf('1002')).toBe('2026-11-24T08:00:00.000Z')
  const later = await Desk.open(world, 'wangjingli')
  const late = await later.does<Problem>('POST', '/policies/default/3/withdraw')
  expect([late.status, late.body.detail]).toEqual([409, '第 3 版已经生效或马上生效，不能撤回。要改请发布新的一版。'])
  const actions = (await rowsOf(db)).filter(({ via }) => via === 'page').map(({ action, who }) => `${action} ${who}`)
  expect(actions).toEqual(['policy.published 王经理', 'policy.withdrawn 王经理', 'policy.published 王经理'])
})

it('a manager of one team of several sees and tries its rules and publishes none; others see nothing', async () => {
  const { world } = story
  await world.api('POST', '/teams', { name: '二班', policy: 'ebike-shop' })
  const wang = await Desk.open(world, 'wangjingli')
  const list = (await wang.get<PolicyList>('/policies')).body
  expect([list.items.map(({ name }) => name), list.others, list.mayPublish]).toEqual([['default'], [], false])
  expect((await wang.get('/policies/ebike-shop/1')).status).toBe(404)
  expect((await wang.does('POST', '/policies/publish', { text: shop(2), effective: '2026-12-01' })).status).toBe(403)
  expect((await wang.does('POST', '/policies/default/1/withdraw')).status).toBe(403)
  for (const who of ['zhangsan', 'zhaopaigong']) {
    const desk = await Desk.open(world, who)
    expect((await desk.get('/policies')).status).toBe(403)
    expect((await desk.does('POST', '/policies/check', { text: shop(2) })).status).toBe(403)
  }
})

it('another instance takes a new version up by itself, and runs orders by it from its day on', async () => {
  const pair = await openApps({ at: '2026-11-24T09:00:00+08:00', bot: false })
  try {
    const [one, two] = pair.apps
    const client = pair.instances[1]
    const order = async () => {
      const customer = { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' }
      const body = { team: '一班', kind: 'repair', fault: '不制冷', customer, assign: '张三' }
      const made = await client.api<{ clocks: Array<{ kind: string; startedAt: string; dueAt: string }> }>(
        'POST',
        '/orders',
        body,
      )
      const clock = made.body.clocks.find(({ kind }) => kind === 'accept')
      return (Date.parse(clock?.dueAt ?? '') - Date.parse(clock?.startedAt ?? '')) / 60_000
    }
    const [book] = one.ctx.books.versionsOf('default')
    const text = (one.ctx.books.textOf(book ?? one.ctx.policy('default')) ?? '').replace(
      /(kind: accept[\s\S]*?within: )15m/,
      (_, head) => `${head}10m`,
    )
    expect(await order()).toBe(15)
    const by = (await pair.db.prisma.person.findFirstOrThrow({ where: { name: '王经理' } })).id
    await inTransaction(one.ctx.db, tx => publishPolicy(tx, one.ctx, { text, effective: '2026-11-25', by }))
    await refreshPolicies(one.ctx)
    expect([one, two].map(({ ctx }) => ctx.books.versionsOf('default').length)).toEqual([2, 1])
    await pair.forward(60_000)
    expect(two.ctx.books.versionsOf('default').length).toBe(2)
    expect(await order()).toBe(15)
    await pair.forward(24 * 3_600_000)
    expect(await order()).toBe(10)
    expect(pair.errors()).toEqual([])
  } finally {
    await pair.close()
  }
})

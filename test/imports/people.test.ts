import { readXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { bearer, confirm, imported, type Rows, send } from './help.ts'

const story = eachStory({ bot: false })
const kind = { kind: 'people' }
const text = (rows: Rows) => rows.map(row => row.join(',')).join('\n')

it('people are entered and brought up to date, and never twice', async () => {
  const { world, db } = story
  const file = text([
    ['姓名', '手机', '班组', '角色', '企业微信账号', '入职日期', '离职日期'],
    ['张三', '13800000009', '一班', '技术员、派工员', 'ZhangSan', '', ''],
    ['李四', '13800000003', '一班', '技术员', '', '', ''],
    ['李小四', '13800000003', '', '', '', '', ''],
    ['赵六', '138 0000 0011', '一班', '师傅', 'zhaoliu', '2026/11/3', ''],
    ['王经理', '', '一班', '', '', '', '2026-11-24'],
  ])
  const twice = await send(world, kind, file)
  expect(twice.body.faults.map(({ message }) => message)).toEqual([
    '第 4 行 手机：「13800000003」和第 3 行「李四」的一样，请核对是谁的。',
  ])
  const mended = file.replace('\n李四,13800000003,一班,技术员,,,', '')
  const preview = await send(world, kind, mended)
  expect(preview.body.faults).toEqual([])
  expect(preview.body.notes.map(({ message }) => message)).toEqual([
    '第 2 行：更新「张三」：手机 13800000002 → 13800000009；一班角色 技术员 → 派工员、技术员。',
    '第 3 行：更新「李四」：姓名 李四 → 李小四。',
    '第 4 行：新增「赵六」。',
    '第 5 行：更新「王经理」：离职日期 （空） → 2026-11-24。',
  ])
  const people = () => db.prisma.person.findMany({ orderBy: { id: 'asc' }, include: { memberships: true } })
  expect((await people()).map(({ name }) => name)).toEqual(['赵派工', '张三', '李四', '王经理'])
  expect((await confirm(world, preview.body.id)).body.result).toMatchObject({ imported: 1, updated: 3, failed: 0 })
  expect((await people()).map(one => [one.name, one.mobile, one.active, one.memberships.length])).toEqual([
    ['赵派工', '13800000001', true, 1],
    ['张三', '13800000009', true, 2],
    ['李小四', '13800000003', true, 1],
    ['王经理', '13800000004', false, 0],
    ['赵六', '13800000011', true, 1],
  ])
  const again = await send(world, kind, `${mended}\n`)
  expect(again.body).toMatchObject({ state: 'ready', good: 0, known: 4 })
})

it('names who can’t be meant, and what does not fit what is known', async () => {
  const { world } = story
  const { body } = await send(
    world,
    kind,
    text([
      ['姓名', '手机', '班组', '角色', '企业微信账号', '入职日期', '离职日期'],
      ['张三', '13800000099', '一班', '技术员', '', '', ''],
      ['张三', '13800000003', '一班', '技术员', '', '', ''],
      ['周七', '1380000', '三班', '司机', '周七', '2026-13-01', '2027-01-01'],
      ['吴八', '', '一班', '', '', '', ''],
      ['赵派工', '', '一班', '', '', '', '2026-12-01'],
    ]),
  )
  expect(body.faults.map(({ message }) => message)).toEqual([
    '第 2 行 姓名：「张三」已经有人叫这个名字，手机号不同。是同一个人请填原来的账号或手机号，不是请另取一个名字。',
    '第 3 行 姓名：「张三」和第 2 行是同一个人，请合成一行。',
    '第 4 行 班组：「三班」不是您能导入的班组，有：一班。',
    '第 4 行 角色：「司机」里的「司机」不认识，请填 技术员、派工员、经理、财务。',
    '第 4 行 入职日期：「2026-13-01」不是日期，请写成 2026-11-03。',
    '第 4 行 手机：「1380000」不是手机号，请填 11 位手机号。',
    '第 4 行 企业微信账号：「周七」不是账号，请填通讯录里的账号（字母、数字和 - _ @ .），不是姓名。',
    '第 5 行 角色：没有填，请填 技术员、派工员、经理、财务。',
    '第 6 行 离职日期：「2026-12-01」还没有到，今天是 2026-11-24，请离开以后再填。',
  ])
  expect(body.badRows).toEqual([2, 3, 4, 5, 6])
})

it('what is exported of people is imported without a change, also of who left', async () => {
  const { world } = story
  await imported(
    world,
    kind,
    text([
      ['姓名', '班组', '离职日期'],
      ['李四', '一班', '2026-11-24'],
    ]),
  )
  for (const format of ['csv', 'xlsx']) {
    const answer = await fetch(`${world.url}/api/v1/exports/people?format=${format}`, { headers: bearer() })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const { body } = await send(world, kind, bytes)
    expect(body.faults).toEqual([])
    expect(body).toMatchObject({ total: 4, good: 0, known: 4, warnings: [] })
  }
})

it('a template explains every column, and its example can be imported', async () => {
  const { world } = story
  for (const kind of ['orders', 'people']) {
    const answer = await fetch(`${world.url}/api/v1/imports/template?kind=${kind}`, { headers: bearer() })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const { sheets } = await readXlsx(new Uint8Array(bytes))
    const explained = sheets[1]?.rows.slice(1).map(row => row[0])
    expect(explained?.slice(0, sheets[0]?.rows[0]?.length)).toEqual(sheets[0]?.rows[0])
    const { body } = await send(world, { kind, team: '一班' }, bytes)
    expect(body).toMatchObject({ faults: [], warnings: [], total: 1 })
  }
})

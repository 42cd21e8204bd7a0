import { readXlsx, writeXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const policy = `
name: default
version: 1
posts: [维修工]
figures:
  - { name: 毛利 }
  - { name: 完成率, unit: "%", usual: 100, min: 0, max: 120 }
  - { name: 级别工资, of: 个人, for: 维修工, standing: true, min: 0 }
scorecards:
  - name: 考核
    for: 维修工
    columns: [{ name: 上级, weight: 100% }]
    items: [{ name: 工作态度, full: 10, by: marks }]
pay: { items: [{ name: 工资, for: 维修工, formula: 级别工资 }] }
`
const story = eachStory({ policy, at: '2026-11-03T09:00:00+08:00', bot: false })
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const where = `team=${encodeURIComponent('一班')}&month=2026-10`

type Rows = Array<Array<string | number | null>>
type Answer = { status: number; body: { items: Array<Record<string, unknown>>; missing: number; errors?: object[] } }

async function send(sheets: Array<{ name: string; rows: Rows }>): Promise<Answer> {
  const answer = await fetch(`${story.world.url}/api/v1/figures/import?${where}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': xlsx },
    body: Buffer.from(await writeXlsx({ sheets })),
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}

async function template(): Promise<Array<{ name: string; rows: Rows }>> {
  const answer = await fetch(`${story.world.url}/api/v1/figures/sheet?${where}`, {
    headers: { Authorization: `Bearer ${apiToken}` },
  })
  expect(answer.headers.get('content-type')).toBe(xlsx)
  const book = await readXlsx(new Uint8Array(await answer.arrayBuffer()))
  return book.sheets.map(({ name, rows }) => ({ name, rows: rows as Rows }))
}

it('a month is filled in by a program or a workbook, all of it or nothing', async () => {
  const { world, db } = story
  const employment = await db.prisma.person.findMany({ where: { name: { in: ['张三', '李四'] } } })
  await db.prisma.employment.updateMany({
    where: { personId: { in: employment.map(({ id }) => id) } },
    data: { post: '维修工', from: '2026-10-01' },
  })
  const put = (values: object[]) =>
    world.api<Answer['body']>('PUT', '/figures', { team: '一班', month: '2026-10', values })
  const bad = await put([
    ...[
      { name: '毛利', value: 1.005 },
      { name: '级别工资', value: 600 },
      { name: '产值', value: 1 },
    ],
    ...[
      { name: '级别工资', person: '王经理', value: 1 },
      { name: '完成率', value: '121' },
      { name: '完成率', value: '五' },
    ],
  ])
  expect(bad).toMatchObject({
    status: 422,
    body: {
      errors: [
        { path: 'values.0.value', message: expect.stringContaining('最多 2 位小数') },
        { path: 'values.1.person' },
        { path: 'values.2.name' },
        { path: 'values.3.person' },
        { path: 'values.4.value', message: expect.stringContaining('最多 120%') },
        { path: 'values.5.value' },
      ],
    },
  })
  expect(await db.prisma.figure.count()).toBe(0)
  const done = await put([
    { name: '毛利', value: '52,300.50' },
    { name: '级别工资', person: '张三', value: 660 },
  ])
  expect(done).toMatchObject({ status: 200, body: { month: '2026-10', locked: false, missing: 3 } })
  expect(done.body.items).toMatchObject([
    { name: '毛利', of: 'team', person: null, value: '52300.5', from: '2026-10', missing: false },
    { name: '完成率', value: '100', from: null, missing: false },
    { name: '级别工资', of: 'person', person: { name: '张三' }, value: '660', standing: true },
    { name: '级别工资', person: { name: '李四' }, value: null, missing: true },
    { name: '考核/工作态度/上级', person: { name: '张三' }, missing: true, max: '10' },
    {},
  ])

  const sheets = await template()
  expect(sheets.map(({ name, rows }) => [name, rows.map(row => row.slice(0, 3))])).toEqual([
    [
      '班组',
      [
        ['名称', '数值', '单位'],
        ['毛利', 52300.5, '元'],
        ['完成率', null, '%'],
      ],
    ],
    [
      '个人',
      [
        ['姓名', '岗位', '级别工资（元）'],
        ['张三', '维修工', 660],
        ['李四', '维修工', null],
      ],
    ],
    [
      '考核 考核',
      [
        ['姓名', '岗位', '工作态度（上级）'],
        ['张三', '维修工', null],
        ['李四', '维修工', null],
      ],
    ],
  ])
  const fill = (sheet: number, row: number, column: number, value: string | number | null) => {
    const cells = sheets[sheet]?.rows[row]
    if (cells) cells[column] = value
  }
  fill(1, 2, 0, '李四四')
  fill(1, 2, 2, 640)
  fill(2, 1, 2, 11)
  fill(2, 2, 2, '很好')
  const refused = await send(sheets)
  expect(refused).toMatchObject({
    status: 422,
    body: {
      detail: '3 处有问题，一个数都没有导入。改好再传。',
      errors: [
        { path: '个人!A3', message: '这个月没有要填「李四四」的数，请核对名字' },
        { path: '考核 考核!C2', message: '张三 工作态度（上级）最多 10 分，收到的是 11，请核对' },
        { path: '考核 考核!C3', message: expect.stringContaining('看不懂「很好」') },
      ],
    },
  })
  fill(1, 2, 0, '李四')
  fill(2, 1, 2, 9)
  fill(2, 2, 2, '8.5')
  const taken = await send(sheets)
  expect(taken).toMatchObject({ status: 200, body: { read: 5, changed: 3, missing: 0 } })
  expect((await send(await template())).body).toMatchObject({ read: 5, changed: 0 })
  expect(await send([{ name: '别的', rows: [['x']] }])).toMatchObject({
    status: 422,
    body: { errors: [{ path: '别的!A1' }] },
  })
  expect((await put([{ name: '毛利', value: null }])).body).toMatchObject({ missing: 1 })
  const november = await world.api<Answer['body']>('GET', `/figures?team=${encodeURIComponent('一班')}&month=2026-11`)
  expect(november.body.items).toMatchObject([
    { value: null },
    {},
    { value: '660', from: '2026-10' },
    { value: '640' },
    {},
    {},
  ])
  expect((await world.api('GET', `/figures?${where.replace('2026-10', '2026-12')}`)).status).toBe(422)
})

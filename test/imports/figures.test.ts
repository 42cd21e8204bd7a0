import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { bearer, book, confirm, imported, send } from './help.ts'

const policy = `
name: default
version: 1
figures:
  - { name: 毛利 }
  - { name: 级别工资, of: 个人, standing: true, min: 0 }
pay: { items: [{ name: 工资, formula: 级别工资 }] }
`
const story = eachStory({ policy, at: '2026-11-03T09:00:00+08:00', bot: false })
const figures = { kind: 'figures', team: '一班', month: '2026-10' }
const where = new URLSearchParams({ team: '一班', month: '2026-10' })

it('a month’s numbers come in by a workbook or a flat table, and go out as one', async () => {
  const { world, db } = story
  await db.prisma.employment.updateMany({ data: { from: '2026-10-01' } })
  const flat = (rows: string[]) => ['姓名,名称,数值', ...rows].join('\n')
  const bad = await send(
    world,
    figures,
    flat([',毛利,很多', '张三,级别工资,-1', '周七,级别工资,1', ',产值,1', '李四,级别工资,']),
  )
  expect(bad.body.faults.map(({ row, column, message }) => [row, column, message])).toEqual([
    [2, '数值', '第 2 行 数值：毛利要填一个数，看不懂「很多」，比如 52300.50。'],
    [3, '数值', '第 3 行 数值：张三 级别工资不能小于 ¥0.00，收到的是 -1，请核对。'],
    [4, '姓名', '第 4 行 姓名：这个月没有要填「周七」的「级别工资」，请核对名字。'],
    [5, '名称', '第 5 行 名称：没有叫「产值」的数，有：毛利、级别工资。'],
  ])
  const sheets = [
    {
      name: '班组',
      rows: [
        ['名称', '数值'],
        ['毛利', 52300.5],
      ],
    },
    {
      name: '个人',
      rows: [
        ['姓名', '级别工资（元）'],
        ['张三', 660],
        ['李四', '六百'],
      ],
    },
  ]
  const { writeXlsx } = await import('hucre/xlsx')
  const wrong = await send(world, figures, Buffer.from(await writeXlsx({ sheets })))
  expect(wrong.body.faults).toEqual([
    {
      row: 3,
      column: '级别工资（元）',
      value: '六百',
      message: expect.stringMatching(/^表「个人」第 3 行 级别工资（元）：李四 级别工资要填一个数/),
    },
  ])
  expect(await db.prisma.figure.count()).toBe(0)
  const done = await imported(world, figures, flat([',毛利,"52,300.50"', '张三,级别工资,660']))
  expect(done.result).toMatchObject({ imported: 2, failed: 0 })
  expect(await db.prisma.figure.findMany({ where: { name: '毛利' } })).toMatchObject([{ via: 'import', by: null }])

  for (const format of ['csv', 'xlsx']) {
    const answer = await fetch(`${world.url}/api/v1/exports/figures?format=${format}&${where}`, { headers: bearer() })
    const { body } = await send(world, figures, Buffer.from(await answer.arrayBuffer()))
    expect(body).toMatchObject({ state: 'ready', good: 2, faults: [] })
    expect((await confirm(world, body.id)).body.result).toMatchObject({ imported: 0, skipped: 2 })
  }
  expect(await db.prisma.figure.count()).toBe(2)
  expect((await send(world, { kind: 'figures', team: '一班', month: '2026-12' }, await book([['x']]))).status).toBe(422)
})

import { expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { goOn } from '../../src/imports/run.ts'
import { eachStory } from '../support/shop.ts'
import { bearer, book, confirm, imported, orders, type Rows, send } from './help.ts'

const story = eachStory({ bot: false })
const head = ['客户', '电话', '地址', '故障'] as const
const one = ['王女士', '13800001234', '花园路38号院5号楼1801', '不制冷'] as const
const text = (rows: Rows, separator = ',') => rows.map(row => row.join(separator)).join('\r\n')
const sent = (body: Buffer | string, more: Record<string, string> = {}) =>
  send(story.world, { ...orders, ...more }, body)

/** 客户,电话,地址,故障 / 王女士,…,花园路1号,不制冷 as Excel in China saves it. */
const gb18030 = Buffer.from(
  'bfcdbba72cb5e7bbb02cb5d8d6b72cb9cad5cf0d0acdf5c5aecabf2c31333830303030313233342cbba8d4b0c2b731bac52cb2bbd6c6c0e40d0a',
  'hex',
)

it('reads the encodings and separators tables come in', async () => {
  const rows = [[...head], [...one]]
  const files = [
    ...[text(rows), `\ufeff${text(rows)}`, text(rows, ';'), text(rows, '\t'), text(rows).replaceAll('\r\n', '\r')],
    Buffer.from(`\ufeff${text(rows, '\t')}`, 'utf16le'),
  ]
  for (const file of files) {
    const { body } = await sent(file)
    expect(body.faults).toEqual([])
    expect(body.sample).toEqual([
      { row: 2, values: { 客户: one[0], 电话: one[1], 地址: one[2], 故障: one[3], 类型: '维修', 加急: '否' } },
    ])
  }
  expect((await sent(gb18030)).body.sample[0]?.values).toMatchObject({
    客户: '王女士',
    地址: '花园路1号',
    故障: '不制冷',
  })
  const quoted =
    '客户,电话,地址,故障\n\n"王, 女士",13800001234,"花园路\n38号","说""不制冷"""\n,,,\n李先生,1380000,x,y\n'
  const { body } = await sent(quoted)
  expect(body.sample[0]).toMatchObject({
    row: 3,
    values: { 客户: '王, 女士', 地址: '花园路\n38号', 故障: '说"不制冷"' },
  })
  // As Excel numbers them: an empty line is a row, and so is a record of two lines.
  expect(body).toMatchObject({ total: 2, badRows: [5] })
  expect(body.faults[0]?.message).toBe('第 5 行 电话：「1380000」不是电话号码，请填 11 位手机号或带区号的座机。')
})

it('finds headings by their usual names below titles, and says what it does not know', async () => {
  const { body } = await sent(
    await book([
      ['售后派工表', null, null, null, null],
      [null],
      ['序号', '* 联系人', '联系 电话（必填）', '详细地址', '报修内容', 'Serial', '手机'],
      [1, '王女士', '138-0000-1234', '花园路1号', '不制冷', 'SN-1', '13800009999'],
      [null, null, null, null, null],
      [2, '李先生', '037160001234', '花园路2号', '漏水', '', ''],
    ]),
  )
  expect(body).toMatchObject({ state: 'ready', total: 2, good: 2 })
  expect(body.sample.map(({ row, values }) => [row, values.电话, values.序列号])).toEqual([
    [4, '13800001234', 'SN-1'],
    [6, '037160001234', undefined],
  ])
  expect(body.warnings).toEqual([
    'A 列「序号」不认识，不会导入。要导入请改成模板里的列名。',
    'G 列「手机」和 C 列「联系 电话（必填）」是同一项，只用了 C 列。',
  ])
  const english = await sent('name,phone,address,fault,kind\nA,13800001234,B,C,install')
  expect(english.body.sample[0]?.values.类型).toBe('安装')
  const lacking = await sent('客户,故障,类型\n王女士,不制冷,维修')
  expect(lacking.body.faults).toEqual([
    { row: 1, column: null, value: '', message: '第 1 行（表头）：缺少这些列：「电话」、「地址」。请补上再传。' },
  ])
  const none = await sent('1,2,3\n4,5,6')
  expect(none.body.faults[0]?.message).toMatch(
    /^没有找到表头。第一行要写列名，必须有：「客户」、「电话」、「地址」、「故障」/,
  )
})

it('understands times, and keeps them as they were meant when the file was sent', async () => {
  const { world, db } = story
  const times = [
    ...[new Date('2026-12-01T14:00:00Z'), 46_357.583333333336, '2026-12-01 14:00', '2026/12/1 14:00:00'],
    ...['2026-12-01T14:00:00+08:00', '明天下午2点', '2026-12-01 14:00-16:00', '12月1日下午2点'],
  ]
  const preview = await sent(await book([[...head, '期望时间'], ...times.map(time => [...one, time])]))
  expect(preview.body.faults).toEqual([])
  await world.forward('10h')
  await confirm(world, preview.body.id)
  const facts = await db.prisma.journal.findMany({ where: { fact: 'created' }, orderBy: { orderId: 'asc' } })
  const wanted = facts.map(({ body }) => (body as { order: { wanted: { from: string; to?: string } } }).order.wanted)
  const two = '2026-12-01T06:00:00.000Z'
  expect(wanted.map(({ from }) => from)).toEqual([two, two, two, two, two, '2026-11-25T06:00:00.000Z', two, two])
  expect(wanted[6]?.to).toBe('2026-12-01T08:00:00.000Z')
  await world.settle()
  world.ignore()
})

it('what is no table is refused with a sentence that says what to do', async () => {
  const old = Buffer.from('d0cf11e0a1b11ae1', 'hex')
  const half = (await book([[...head], [...one]])).subarray(0, 900)
  const answers = [await sent(''), await sent(old), await sent(half), await sent('客户,"电话\n王女士,1')]
  expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422])
  expect(answers.map(({ body }) => body.detail)).toEqual([
    '文件是空的。',
    '这是旧的 .xls 文件或加了密码的文件。请在 Excel 或 WPS 里另存为不带密码的 .xlsx 再传。',
    '文件打不开：不是完整的 xlsx。请在 Excel 或 WPS 里重新另存为 .xlsx 再传。',
    '第 1 行有一个引号没有配对，后面的内容分不清是哪一列。请改好这一行再传。',
  ])
})

it('a few orders are told as though they were opened one by one', async () => {
  const { world } = story
  const done = await imported(
    world,
    orders,
    text([
      [...head, '师傅', '单号'],
      [...one, '张师傅', 'E-1'],
      [...one, '', 'E-2'],
    ]),
  )
  expect(done.result).toMatchObject({ imported: 2, skipped: 0, failed: 0, notes: [] })
  await world.settle()
  world.zhang.sees('派工单 1001')
  world.zhao.sees('派工单 1002')
})

it('names who is meant when a name fits several, and judges again what changed since the preview', async () => {
  const { world, db } = story
  await world.api('POST', '/people', { name: '张伟', team: '一班', roles: ['technician'] })
  const rows = (who: string) =>
    text([
      [...head, '师傅', '外部单号'],
      [...one, who, 'E-1'],
    ])
  const both = await sent(rows('张师傅'))
  expect(both.body.faults[0]?.message).toBe('第 2 行 师傅：「张师傅」可能是张三、张伟，请写全名。')
  const preview = await sent(rows('张伟'))
  const person = await db.prisma.person.findFirstOrThrow({ where: { name: '张伟' } })
  await world.api('PATCH', `/people/${person.id}`, { active: false })
  await world.api('POST', '/orders', {
    team: '一班',
    fault: 'x',
    externalId: 'E-1',
    customer: { name: 'a', phone: one[1], address: 'b' },
  })
  const changed = await confirm(world, preview.body.id)
  expect(changed.status).toBe(409)
  expect(changed.body.errors?.map(({ path }) => path)).toEqual(['2.外部单号', '2.师傅'])
  expect(changed.body.errors?.[0]?.message).toContain('预览以后已经有这张单了（单号 1001）')
  expect(await db.prisma.order.count()).toBe(1)
  // The same file now: the order is there, so the row is no fault and is skipped.
  const again = await sent(rows('张伟'))
  expect(again.body).toMatchObject({ state: 'ready', good: 0, known: 1 })
  expect(again.body.notes[0]?.message).toBe('第 2 行：外部单号 E-1 已经导入过（单号 1001），会跳过。')
  expect((await confirm(world, again.body.id)).body.result).toMatchObject({ imported: 0, skipped: 1 })
  await world.settle()
  world.ignore()
})

it('a preview can be thrown away, is no good after a day, and is gone the night after', async () => {
  const { world, db } = story
  const discard = (id: string) =>
    fetch(`${world.url}/api/v1/imports/${id}`, { method: 'DELETE', headers: bearer() }).then(({ status }) => status)
  const first = await sent(text([[...head], [...one]]))
  expect([await discard(first.body.id), await discard(first.body.id)]).toEqual([204, 404])
  const second = await sent(text([[...head], [...one]]))
  await world.forward('25h')
  expect((await world.api('GET', `/imports/${second.body.id}`)).body).toMatchObject({ state: 'expired' })
  expect(await confirm(world, second.body.id)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('过期') },
  })
  await world.forward('1d')
  expect([await db.prisma.import.count(), await db.prisma.importPart.count()]).toEqual([0, 0])
  const third = await imported(world, orders, text([[...head], [...one]]))
  expect(await discard(third.id)).toBe(409)
  expect((await world.api('GET', '/imports')).body).toMatchObject({
    items: [{ id: third.id, state: 'imported' }],
    next: null,
  })
  await world.settle()
  world.ignore()
})

it('what a crash left half done goes on where it was, and no order comes twice', async () => {
  const { world, db } = story
  const rows = Array.from({ length: 700 }, (_, index) => [...one, `E-${index}`])
  const preview = await sent(text([[...head, '外部单号'], ...rows]))
  // Confirmed by a process that got through one part of three and then was gone.
  const { ctx } = world.app
  await db.prisma.import.update({
    where: { company_id: { company: 'main', id: preview.body.id } },
    data: { state: 'importing', nextAt: new Date(world.clock.now().getTime() + 60_000) },
  })
  await goOn(ctx, preview.body.id, { most: 1 })
  const seen = async () => (await world.api<typeof preview.body>('GET', `/imports/${preview.body.id}`)).body
  expect([await db.prisma.order.count(), await seen()]).toMatchObject([250, { state: 'importing', done: 250 }])
  // And one that died in the middle of the second: the database takes back what it had written.
  await db.prisma.$executeRawUnsafe(
    `CREATE FUNCTION dies() RETURNS trigger AS $$ BEGIN RAISE 'died'; END $$ LANGUAGE plpgsql`,
  )
  await db.prisma.$executeRawUnsafe(
    `CREATE TRIGGER dies BEFORE INSERT ON "OrderClock" FOR EACH ROW EXECUTE FUNCTION dies()`,
  )
  try {
    await expect(goOn(ctx, preview.body.id)).rejects.toThrow(/died/)
    expect(await db.prisma.order.count()).toBe(250)
  } finally {
    await db.prisma.$executeRawUnsafe('DROP TRIGGER dies ON "OrderClock"')
    await db.prisma.$executeRawUnsafe('DROP FUNCTION dies()')
  }
  // Nobody sends anything: the engine goes on.
  await world.forward('2m')
  expect(await seen()).toMatchObject({ state: 'imported', done: 700, result: { imported: 700 } })
  const ids = await inTransaction(ctx.db, tx => tx.order.findMany({ select: { externalId: true, code: true } }))
  expect([ids.length, new Set(ids.map(({ externalId }) => externalId)).size]).toEqual([700, 700])
  await world.settle()
  world.ignore()
})

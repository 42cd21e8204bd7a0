import { crc32, deflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'
import { bearer, book, confirm, csv, orders, send, xlsx } from './help.ts'

const story = eachStory({ bot: false })
const head = ['客户', '电话', '地址', '故障']
const one = ['王女士', '13800001234', '花园路1号', '不制冷']

/** A workbook of one sheet, packed by hand; `says`: the size its sheet claims to have. */
function packed(sheet: Buffer, says = sheet.length): Buffer {
  const ns = 'http://schemas.openxmlformats.org'
  const parts: Array<[string, Buffer, number?]> = [
    [
      '[Content_Types].xml',
      Buffer.from(
        `<Types xmlns="${ns}/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
      ),
    ],
    [
      '_rels/.rels',
      Buffer.from(
        `<Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
    ],
    [
      'xl/workbook.xml',
      Buffer.from(
        `<workbook xmlns="${ns}/spreadsheetml/2006/main" xmlns:r="${ns}/officeDocument/2006/relationships"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ),
    ],
    [
      'xl/_rels/workbook.xml.rels',
      Buffer.from(
        `<Relationships xmlns="${ns}/package/2006/relationships"><Relationship Id="rId1" Type="${ns}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ),
    ],
    ['xl/worksheets/sheet1.xml', sheet, says],
  ]
  const bodies: Buffer[] = []
  const entries: Buffer[] = []
  let at = 0
  for (const [name, data, size = data.length] of parts) {
    const small = deflateRawSync(data)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50)
    for (const [header, from] of [
      [local, 6],
      [entry, 8],
    ] as const) {
      header.writeUInt16LE(8, from + 2)
      header.writeUInt32LE(crc32(data), from + 8)
      header.writeUInt32LE(small.length, from + 12)
      header.writeUInt32LE(size, from + 16)
      header.writeUInt16LE(Buffer.byteLength(name), from + 20)
    }
    entry.writeUInt32LE(at, 42)
    bodies.push(local, Buffer.from(name), small)
    entries.push(entry, Buffer.from(name))
    at += 30 + Buffer.byteLength(name) + small.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(Buffer.concat(entries).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...bodies, ...entries, end])
}

const cells = (row: readonly string[]) => row.map(text => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')
const sheetOf = (rows: ReadonlyArray<readonly string[]>, before = '', after = '') =>
  Buffer.from(
    `<?xml version="1.0"?>${before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map(row => `<row>${cells(row)}</row>`).join('')}${after}</sheetData></worksheet>`,
  )
const refused = async (body: Buffer | string) => {
  const { status, body: answer } = await send(story.world, orders, body)
  return [status, answer.detail]
}

it('a small file that unpacks to much is refused, whether it says so or not', async () => {
  expect((await send(story.world, orders, packed(sheetOf([head, one])))).body).toMatchObject({
    state: 'ready',
    good: 1,
  })
  const large = Buffer.concat([sheetOf([head, one]), Buffer.alloc(2 * 1024 * 1024, ' ')])
  expect(packed(large).length).toBeLessThan(8_000)
  expect(await refused(packed(large, 300 * 1024 * 1024))).toEqual([422, expect.stringContaining('解开以后超过 200 MB')])
  // It says it is small, or nothing: what unpacks it stops there, and nothing is read of it.
  expect(await refused(packed(large, 5_000))).toEqual([422, expect.stringContaining('不是完整的 xlsx')])
  expect(await refused(packed(large, 0))).toEqual([422, expect.stringContaining('解开以后超过 200 MB')])
})

it('entities a document defines are never expanded', async () => {
  const lols = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  const sheet = sheetOf(
    [head, ['&l9;', one[1] ?? '', '&xxe;', 'x']],
    `<!DOCTYPE w [<!ENTITY l0 "lol"><!ENTITY xxe SYSTEM "file:///etc/passwd">${lols}]>`,
  )
  const { body } = await send(story.world, orders, packed(sheet))
  expect(body.sample[0]?.values).toMatchObject({ 客户: '&l9;', 地址: '&xxe;' })
})

it('too many rows, columns, or bytes are refused; a huge cell is a fault', async () => {
  const rows = (count: number) => [head, ...Array(count).fill(one)].map(row => row.join(',')).join('\n')
  expect(await refused(rows(20_100))).toEqual([422, '表格超过 20000 行，请拆成几个文件分别导入。'])
  expect(await refused(`${'x,'.repeat(300)}\n`)).toEqual([422, '第 1 行超过 200 列，请删掉多余的列再传。'])
  const far = sheetOf([head, one], '', '<row r="3"><c r="XFD3" t="inlineStr"><is><t>x</t></is></c></row>')
  expect(await refused(packed(far))).toEqual([422, '第 3 行超过 200 列，请删掉多余的列再传。'])
  const { status } = await fetch(`${story.world.url}/api/v1/imports?${new URLSearchParams(orders)}`, {
    ...{ method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1, 'x') },
    headers: { ...bearer(), 'Content-Type': csv },
  })
  expect(status).toBe(413)
  const long = await send(story.world, orders, await book([head, ['王'.repeat(30_000), ...one.slice(1)]]))
  expect(long.body.faults).toMatchObject([
    { row: 2, column: '客户', message: expect.stringContaining('太长了，最多 60 个字') },
  ])
  // Characters no database takes.
  const odd = await send(story.world, orders, `${head}\n王\u0000女\ud800士,${one.slice(1)}`)
  expect(odd.body).toMatchObject({
    state: 'ready',
    sample: [{ values: { 客户: expect.stringMatching(/^王女.?士$/) } }],
  })
})

it('of more bad rows than are kept every number is told', async () => {
  const bad = Array.from({ length: 1_300 }, () => ['', '13800001234', '花园路1号', ''])
  const { body } = await send(story.world, orders, [head, ...bad].map(row => row.join(',')).join('\n'))
  expect([body.bad, body.badRows.length, body.badRows.at(-1)]).toEqual([1_300, 1_300, 1_301])
  expect([body.faults.length, body.faults.at(-1)?.row]).toEqual([2_000, 1_001])
})

it('what may be imported is what the token may write', async () => {
  const { world } = story
  const token = async (name: string, scopes: string[]) =>
    (await world.api<{ secret: string }>('POST', '/tokens', { name, scopes })).body.secret
  const [write, people] = [await token('orders', ['orders:write']), await token('people', ['people:*'])]
  const file = [head, one].map(row => row.join(',')).join('\n')
  expect((await send(world, orders, file, people)).status).toBe(403)
  expect((await send(world, { kind: 'people' }, '姓名\n张三', write)).status).toBe(403)
  const made = await send(world, orders, file, write)
  expect(made.status).toBe(201)
  const get = async (path: string, secret: string) =>
    (await fetch(`${world.url}/api/v1${path}`, { headers: bearer(secret) })).status
  expect([await get(`/imports/${made.body.id}`, write), await get(`/imports/${made.body.id}`, people)]).toEqual([
    200, 403,
  ])
  expect([await get('/exports/orders', write), await get('/exports/people', people)]).toEqual([403, 200])
  expect(await get('/imports/template?kind=orders', write)).toBe(200)
  expect((await world.api('GET', '/imports', undefined, bearer(people))).body).toEqual({ items: [], next: null })
  expect((await confirm(world, '019aa000-0000-7000-8000-000000000001')).status).toBe(404)
  const type = (await fetch(`${world.url}/api/v1/imports/template?kind=people`, { headers: bearer(write) })).headers
  expect(type.get('content-type')).toBe(xlsx)
})

import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dump, sums } from '../../src/backup/dump.ts'
import { packed, readFile, sealed, unpacked, writeWhole } from '../../src/backup/file.ts'
import type { Key } from '../../src/backup/key.ts'
import { readLines } from '../../src/backup/load.ts'
import { restore } from '../../src/backup/restore.ts'
import { readTables } from '../../src/backup/tables.ts'
import { type Migration, migrate, readMigrations, type Session } from '../../src/db/migrate.ts'
import { freshDatabase, type SpareDatabase, spareDatabase, type TestDatabase } from '../support/db.ts'
import { newFolder } from '../support/process.ts'
import { fillTables } from '../support/rows.ts'
import { World } from '../support/world.ts'
import { companyPolicy, november } from './company.ts'

const at = new Date('2026-12-04T01:05:00Z')
const folder = newFolder()
const key: Key = { kind: 'words', secret: Buffer.from('a passphrase of some length') }
const file = join(folder, 'november.backup')
const secretFile = join(folder, 'november.secret')

let source: TestDatabase
let codes: string[]

/** What each table comes to. */
async function summed(session: Session) {
  await session.exec('BEGIN')
  const found = await sums(session, await readTables(session))
  await session.exec('COMMIT')
  return Object.fromEntries(found)
}

async function written(path: string, with_: Key | null): Promise<void> {
  const session = await source.session()
  try {
    const bytes = packed(await dump(session, { at, database: source.kind }))
    await writeWhole(path, with_ ? sealed(bytes, with_) : bytes, async early => {
      const { content, lines } = await unpacked(readFile(early), with_)
      await readLines(lines, content)
    })
  } finally {
    await session.close()
  }
}

beforeAll(async () => {
  source = await freshDatabase()
  const world = await World.open(source, { policy: companyPolicy, bot: true })
  await november(world)
  codes = (await source.prisma.order.findMany({ orderBy: { code: 'asc' } })).map(({ code }) => code)
  await world.close()
  // What a November has none of.
  const { prisma } = source
  const filled = await fillTables({
    exec: async sql => void (await prisma.$executeRawUnsafe(sql)),
    query: (sql, values = []) => prisma.$queryRawUnsafe(sql, ...values),
  })
  expect(filled.length).toBeLessThan(20)
  await written(file, null)
  await written(secretFile, key)
}, 300_000)
afterAll(() => source.close())

async function onSpare<T>(work: (spare: SpareDatabase) => Promise<T>): Promise<T> {
  const spare = await spareDatabase()
  try {
    return await work(spare)
  } finally {
    await spare.close()
  }
}

describe('a month of a company', () => {
  it('is restored into an empty database row by row, and the service goes on from there', async () => {
    const session = await source.session()
    const before = await summed(session)
    // Numbers that are given out are rows of Counter: there is nothing a database counts by itself.
    expect(await session.query('SELECT sequencename FROM pg_sequences')).toEqual([])
    await session.close()
    expect(Object.entries(before).filter(([, { rows }]) => rows === 0)).toEqual([])

    await onSpare(async spare => {
      const { tables, migrated } = await restore(spare, await unpacked(readFile(secretFile), key))
      expect(migrated).toEqual([])
      expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(before).sort())
      for (const { name, given, found } of tables)
        expect({ name, given, found }).toEqual({ name, given: before[name], found: before[name] })
      expect(await summed(spare)).toEqual(before)

      const db = await spare.open()
      const slips = await source.prisma.payslip.findMany()
      expect(await db.prisma.payslip.findMany()).toEqual(slips)
      const photo = await source.prisma.media.findFirstOrThrow({ where: { bytes: { not: null } } })
      expect((await db.prisma.media.findFirstOrThrow({ where: { id: photo.id } })).bytes).toEqual(photo.bytes)

      const world = await World.open(db, { policy: companyPolicy, empty: true, at: '2026-12-04T10:00:00+08:00' })
      const { status, body } = await world.api<{ code: string }>('POST', '/orders', {
        ...{ team: '一班', kind: 'repair', fault: '漏水', assign: '张三' },
        customer: { name: '孙女士', phone: '13800001237', address: '花园路2号' },
      })
      expect([status, body.code]).toEqual([201, String(Number(codes.at(-1)) + 1)])
      await world.zhang.says(`接单 ${body.code}`)
      world.zhang.sees(`${body.code} 已接单`)
      await world.zhang.says('我的工资')
      world.zhang.sees(/11月[\s\S]*实发/)
      await world.wang.says('罚款 李四 未穿工装')
      world.wang.sees('奖惩2')
      // What a program had entered before the backup is known.
      expect((await world.api('POST', '/orders', first)).status).toBe(409)
      expect(await db.prisma.order.count()).toBe(codes.length + 1)
      world.ignore()
      await world.close()
      if (db.kind === 'server') await db.close()
    })
  })

  it('is not restored over what is there, unless told; then it takes its place as a whole', async () => {
    await onSpare(async spare => {
      await spare.exec(`INSERT INTO "Counter" VALUES ('main', 'order', 7)`)
      await expect(restore(spare, await unpacked(readFile(file), null))).rejects.toMatchObject({
        code: 'database-not-empty',
        message: 'The database is not empty: 1 rows in 1 tables.',
        fix: /--replace/,
      })
      // A file that turns out to be torn only at its end takes nothing away.
      const torn = join(folder, 'torn.backup')
      writeFileSync(torn, readFileSync(file).subarray(0, -100))
      await expect(restore(spare, await unpacked(readFile(torn), null), { replace: true })).rejects.toMatchObject({
        code: 'backup-torn',
      })
      expect(await spare.query(`SELECT * FROM "Counter"`)).toEqual([{ company: 'main', name: 'order', value: 7 }])
      const { tables } = await restore(spare, await unpacked(readFile(file), null), { replace: true })
      expect(tables.length).toBeGreaterThan(30)
      const [counter] = await spare.query(`SELECT value FROM "Counter" WHERE name = 'order'`)
      expect(counter).not.toEqual({ value: 7 })
    })
  })

  it('is not restored from a file that is torn, damaged, of somebody else, newer, or locked with another key', async () => {
    const bytes = readFileSync(file)
    const secret = readFileSync(secretFile)
    const headless = bytes.subarray(bytes.indexOf('\n'))
    const header = JSON.parse(bytes.subarray(0, bytes.indexOf('\n')).toString())
    const saying = (more: object) => Buffer.concat([Buffer.from(JSON.stringify({ ...header, ...more })), headless])
    const flipped = (part: number) => {
      const [copy, at] = [Buffer.from(bytes), Math.floor(bytes.length * part)]
      copy.writeUInt8(copy.readUInt8(at) ^ 4, at)
      return copy
    }
    const other: Key = { kind: 'words', secret: Buffer.from('another passphrase') }
    const cases: Array<[what: string, bytes: Buffer, key: Key | null, code: RegExp]> = [
      ['cut in the middle', bytes.subarray(0, bytes.length >> 1), null, /^backup-torn$/],
      ['cut at its last byte', bytes.subarray(0, -1), null, /^backup-torn$/],
      ['cut in the middle, encrypted', secret.subarray(0, secret.length >> 1), key, /^backup-torn$/],
      ['only its first line', bytes.subarray(0, bytes.indexOf('\n') + 1), null, /^backup-torn$/],
      // Unpacked it is whatever it is: rows no table takes, a row less, an end that never comes.
      ...[0.2, 0.4, 0.5, 0.6, 0.8, 0.9].map((part): [string, Buffer, null, RegExp] => [
        `a bit of it changed, ${part} of it on`,
        flipped(part),
        null,
        /^backup-(damaged|torn)$/,
      ]),
      ['another time in its first line', saying({ at: '2026-12-05T00:00:00.000Z' }), null, /^backup-damaged$/],
      ['fewer rows in its first line', saying({ tables: { ...header.tables, Order: 1 } }), null, /^backup-damaged$/],
      ['empty', Buffer.alloc(0), null, /^backup-unknown$/],
      ['a picture', randomBytes(100_000), null, /^backup-unknown$/],
      ['somebody’s JSON', Buffer.from('{"format":"other"}\n'), null, /^backup-unknown$/],
      ['a later format', saying({ version: 2 }), null, /^backup-newer$/],
      ['a later schema', saying({ schema: '20991231000000_later' }), null, /^backup-newer$/],
      ['encrypted, without a key', secret, null, /^backup-encrypted$/],
      ['encrypted, with another key', secret, other, /^backup-key$/],
    ]
    await onSpare(async spare => {
      for (const [what, content, with_, code] of cases) {
        const path = join(folder, 'case.backup')
        writeFileSync(path, content)
        const outcome = unpacked(readFile(path), with_).then(opened => restore(spare, opened))
        await expect(outcome, what).rejects.toMatchObject({ code, message: /.{20}/, fix: /.{20}/ })
      }
      const [left] = await spare.query(`SELECT count(*)::int AS n FROM "Order"`)
      expect(left).toEqual({ n: 0 })
      expect(await spare.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'paigong%'`)).toEqual([])
    })
  })

  it('says in its first line what it is, and shows nothing of what is in it when it is encrypted', () => {
    const [line = ''] = readFileSync(secretFile, 'latin1').split('\n')
    expect(JSON.parse(line)).toMatchObject({
      ...{ format: 'paigong-backup', version: 1, at: '2026-12-04T01:05:00.000Z', database: source.kind },
      ...{ schema: expect.stringMatching(/^2026\d{10}_/), tables: { Order: codes.length } },
      seal: { cipher: 'aes-256-gcm', key: { from: 'scrypt' } },
    })
    expect(statSync(secretFile).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([])
  })
})

it('a backup of an older version is brought up to date', async () => {
  const all = await readMigrations()
  const more: Migration = {
    name: '20991231000000_later',
    checksum: 'x',
    sql: `ALTER TABLE "Order" ADD COLUMN "later" TEXT NOT NULL DEFAULT 'ja'`,
  }
  await onSpare(async spare => {
    const { migrated } = await restore(spare, await unpacked(readFile(file), null), { migrations: [...all, more] })
    expect(migrated).toEqual([more.name])
    const rows = await spare.query('SELECT DISTINCT "later" FROM "Order"')
    expect(rows).toEqual([{ later: 'ja' }])
    expect(await migrate(spare, [...all, more])).toEqual([])
  })
})

it('tables of others beside ours are no part of a backup', async () => {
  await source.prisma.$executeRaw`CREATE TABLE others (n int)`
  const mixed = join(folder, 'mixed.backup')
  try {
    await written(mixed, null)
  } finally {
    await source.prisma.$executeRaw`DROP TABLE others`
  }
  await onSpare(async spare => {
    const { tables } = await restore(spare, await unpacked(readFile(mixed), null))
    expect(tables.map(({ name }) => name)).toContain('Order')
    expect(tables.map(({ name }) => name)).not.toContain('others')
  })
})

it('a database with tables of others, and one a service runs on, are left alone', async () => {
  await onSpare(async spare => {
    await spare.exec('CREATE TABLE others (n int)')
    await expect(restore(spare, await unpacked(readFile(file), null), { replace: true })).rejects.toMatchObject({
      code: 'database-shared',
      message: /others/,
    })
    await spare.exec('DROP TABLE others')
    if (!spare.besides) return
    const somebody = await spare.besides()
    await somebody.exec('BEGIN; LOCK TABLE "Order"')
    await expect(restore(spare, await unpacked(readFile(file), null), { longestWait: '100ms' })).rejects.toMatchObject({
      code: 'database-in-use',
      message: /100ms/,
    })
    await somebody.close()
    const running = await spare.open()
    await running.prisma.order.count()
    await expect(restore(spare, await unpacked(readFile(file), null))).rejects.toMatchObject({
      code: 'database-in-use',
    })
    await running.close()
  })
})

it('a file is not written over another one', async () => {
  const before = readFileSync(file)
  await expect(written(file, null)).rejects.toMatchObject({ code: 'file-there' })
  expect(readFileSync(file).equals(before)).toBe(true)
})

const first = {
  ...{ team: '一班', kind: 'repair', fault: '不制冷', externalId: 'E-1' },
  customer: { name: '李女士', phone: '13800001236', address: '花园路1号', distanceKm: 3.5 },
}

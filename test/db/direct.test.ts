import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction, isUniqueViolation, type Tx, unawaited } from '../../src/db/tx.ts'
import { Prisma } from '../../src/generated/prisma/client.ts'
import { newId } from '../../src/ids.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const at = new Date('2026-10-01T08:00:00.123Z')
const company = 'direct'

/** What Prisma itself answers, without the short way. */
const slow = () => Object.getPrototypeOf(db.prisma) as typeof db.prisma

const everyType = Prisma.sql`SELECT 1 AS "int", 2.5::float8 AS "float", 12345678901234567890.25::numeric AS "numeric",
  9007199254740993::int8 AS "big", true AS "yes", 'a'::text AS "text", ${'00000000-0000-7000-8000-000000000001'}::uuid AS "uuid",
  ${at}::timestamptz AS "at", '2026-10-01'::date AS "day", ${JSON.stringify({ a: ['师傅'] })}::jsonb AS "json", '3'::json AS "three",
  NULL::timestamptz AS "none", ARRAY['a', NULL, 'b "c", d'] AS "texts", ${[1, 2]}::int[] AS "ints",
  ARRAY[${at}::timestamptz, NULL] AS "times", ARRAY['00000000-0000-7000-8000-000000000001'::uuid] AS "ids",
  ARRAY[1.10::numeric] AS "numerics", ARRAY[9007199254740993::int8] AS "bigs", ARRAY[true, false] AS "bools"`

it('gives what Prisma gives, whatever the type', async () => {
  const [expected] = await slow().$queryRaw<Array<Record<string, unknown>>>`${everyType}`
  for (let time = 0; time < 4; time++) {
    expect(await db.prisma.$queryRaw`${everyType}`).toEqual([expected])
    expect(await inTransaction(db, tx => tx.$queryRaw`${everyType}`)).toEqual([expected])
  }
  expect(expected).toMatchObject({ big: 9007199254740993n, at, times: [at, null], json: { a: ['师傅'] } })
})

it('takes what Prisma takes, whatever the type', async () => {
  const decimal = new Prisma.Decimal('12.50')
  const values =
    () => Prisma.sql`SELECT ${decimal}::numeric AS "numeric", ${9007199254740993n}::int8 AS "big", ${null}::text AS "none",
    ${[at]}::timestamptz[] AS "times", ${['a', 'b "c"']}::text[] AS "texts", ${[] as string[]}::text[] AS "empty",
    ${Buffer.from([0, 255])}::bytea AS "bytes", ${true} AS "yes", ${"it's"} AS "text", ${1.5}::float8 AS "float"`
  const [expected] = await slow().$queryRaw<Array<Record<string, unknown>>>`${values()}`
  const [got] = await inTransaction(db, tx => tx.$queryRaw<Array<Record<string, unknown>>>`${values()}`)
  expect({ ...got, bytes: Array.from(got?.bytes as Uint8Array) }).toEqual({ ...expected, bytes: [0, 255] })
})

const put = (tx: Tx, name: string) =>
  tx.$executeRaw`INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, ${name}, 1)`
const there = async () =>
  (await db.prisma.counter.findMany({ where: { company }, orderBy: { name: 'asc' } })).map(({ name }) => name)

// First to ask several things at once in this file: `pg` warns once a process.
it('asks one thing after the other of a connection, whoever asks', async () => {
  await db.prisma.team.create({ data: { company, id: newId(at), name: '一班', policy: 'general', createdAt: at } })
  const warnings: string[] = []
  const hear = (warning: Error) => void warnings.push(warning.message)
  process.on('warning', hear)
  // Prisma asks for what belongs to a row all at once.
  const include = { members: true, chats: true, robots: true }
  const teams = await inTransaction(db, tx => tx.team.findMany({ where: { company }, include }))
  await new Promise(setImmediate)
  process.off('warning', hear)
  expect(warnings).toEqual([])
  expect(teams).toMatchObject([{ name: '一班', members: [], chats: [], robots: [] }])
})

it('is in the transaction with what Prisma does, and gone with it', async () => {
  const both = (name: string) => async (tx: Tx) => {
    expect(await put(tx, `${name} said`)).toBe(1)
    await tx.counter.create({ data: { company, name: `${name} asked`, value: 1 } })
    const [row] = await tx.$queryRaw<Array<{ n: number }>>`
      SELECT count(*)::int AS n FROM "Counter" WHERE "company" = ${company} AND "name" LIKE ${`${name}%`}`
    expect(row?.n).toBe(2)
  }
  await inTransaction(db, both('first'))
  const failing = inTransaction(db, async tx => {
    await both('second')(tx)
    throw new Error('thought better of it')
  })
  await expect(failing).rejects.toThrow('thought better of it')
  expect(await there()).toEqual(['first asked', 'first said'])
})

it('tells what the database refuses, and what was done before is undone', async () => {
  const failing = inTransaction(db, async tx => {
    await put(tx, 'third')
    await put(tx, 'first said')
  })
  await expect(failing).rejects.toSatisfy(isUniqueViolation)
  expect(await there()).not.toContain('third')
  await expect(put(db.prisma, 'first said')).rejects.toSatisfy(isUniqueViolation)
})

it('says nothing more once the transaction is over', async () => {
  let kept: Tx | undefined
  await inTransaction(db, async tx => {
    kept = tx
    await put(tx, 'fourth')
  })
  await expect(put(kept as Tx, 'too late')).rejects.toThrow(/[Tt]ransaction/)
  expect(await there()).not.toContain('too late')
})

it('says nothing that was still waiting when the transaction failed', async () => {
  const failing = inTransaction(db, tx => {
    const asleep = tx.$queryRaw`SELECT pg_sleep(0.05)::text`
    const waiting = [put(tx, 'waiting'), put(tx, 'waiting too')]
    for (const one of [asleep, ...waiting]) one.catch(() => {})
    return Promise.reject(new Error('did not wait'))
  })
  await expect(failing).rejects.toThrow('did not wait')
  await db.prisma.$queryRaw`SELECT pg_sleep(0.1)::text`
  expect(await there()).not.toContain('waiting')
  expect(await there()).not.toContain('waiting too')
})

describe('what nobody waits for', () => {
  it('is done before what is said after it', async () => {
    await inTransaction(db, async tx => {
      await unawaited(tx, put(tx, 'fifth'))
      const rows = await tx.counter.findMany({ where: { company, name: 'fifth' } })
      expect(rows).toHaveLength(1)
      await unawaited(tx, put(tx, 'sixth'))
    })
    expect(await there()).toEqual(expect.arrayContaining(['fifth', 'sixth']))
  })

  it('fails the transaction with its own reason, not with that of what came after it', async () => {
    const failing = inTransaction(db, async tx => {
      await unawaited(tx, put(tx, 'seventh'))
      await unawaited(tx, put(tx, 'first said'))
      await put(tx, 'eighth')
    })
    await expect(failing).rejects.toSatisfy(isUniqueViolation)
    expect(await there()).not.toContain('seventh')
    expect(await there()).not.toContain('eighth')
  })

  it('fails it also when it is the last that is said', async () => {
    const failing = inTransaction(db, async tx => {
      await put(tx, 'ninth')
      await unawaited(tx, put(tx, 'first said'))
    })
    await expect(failing).rejects.toSatisfy(isUniqueViolation)
    expect(await there()).not.toContain('ninth')
  })

  it('is tried again with the rest when PostgreSQL breaks it off', async () => {
    let runs = 0
    await inTransaction(db, async tx => {
      runs++
      await put(tx, 'tenth')
      if (runs <= 2)
        await unawaited(tx, tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`)
    })
    expect(runs).toBe(3)
    expect(await there()).toContain('tenth')
  })

  it('is waited for where there is no transaction', async () => {
    await unawaited(db.prisma, put(db.prisma, 'eleventh'))
    expect(await there()).toContain('eleventh')
    await expect(unawaited(db.prisma, put(db.prisma, 'first said'))).rejects.toSatisfy(isUniqueViolation)
  })
})

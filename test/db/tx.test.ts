import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest'
import type { Database } from '../../src/db/open.ts'
import { inTransaction, isConflict, isUniqueViolation, type Tx } from '../../src/db/tx.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

const at = new Date('2026-10-01T08:00:00.123Z')
let db: TestDatabase
let other: Database

beforeAll(async () => {
  db = await freshDatabase()
  other = await db.another()
})
afterAll(async () => {
  await other.close()
  await db.close()
})
beforeEach(async () => {
  await db.reset()
  await db.prisma.counter.createMany({ data: ['a', 'b'].map(name => ({ company: 'c', name, value: 0 })) })
})

const key = (name: string) => ({ company_name: { company: 'c', name } })
const value = async (name: string) => (await db.prisma.counter.findUniqueOrThrow({ where: key(name) })).value

/** Reads and writes back: loses counts unless the row is locked. */
async function addOne(tx: Tx, name: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "Counter" WHERE company = 'c' AND name = ${name} FOR UPDATE`
  const counter = await tx.counter.findUniqueOrThrow({ where: key(name) })
  await tx.counter.update({ where: key(name), data: { value: counter.value + 1 } })
}

describe('inTransaction', () => {
  it('runs 200 at once, with plain queries between them, and loses none', async () => {
    const transactions = Array.from({ length: 200 }, (_, i) => inTransaction(i % 2 ? db : other, tx => addOne(tx, 'a')))
    const queries = Array.from({ length: 100 }, () => db.prisma.counter.count())
    await Promise.all([...transactions, ...queries])
    expect(await value('a')).toBe(200)
  }, 60_000)

  it('undoes everything when the work fails, and lets the next go on', async () => {
    const work = Array.from({ length: 30 }, (_, i) =>
      inTransaction(db, async tx => {
        await addOne(tx, 'a')
        if (i % 3 === 0) throw new Error('changed my mind')
      }),
    )
    const outcomes = await Promise.allSettled(work)
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(10)
    expect(await value('a')).toBe(20)
  })

  it('tries again what PostgreSQL breaks off', async () => {
    let runs = 0
    await inTransaction(db, async tx => {
      runs++
      await addOne(tx, 'a')
      if (runs <= 2) await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$`
    })
    expect(runs).toBe(3)
    expect(await value('a')).toBe(1)
  })

  it('gives up after three more tries', async () => {
    let runs = 0
    const outcome = inTransaction(db, async tx => {
      runs++
      await tx.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$`
    })
    await expect(outcome).rejects.toSatisfy(isConflict)
    expect(runs).toBe(4)
  })

  it('gets through when two transactions lock each other out', async () => {
    const crosswise = ([first, second]: [string, string]) =>
      inTransaction(db, async tx => {
        await addOne(tx, first)
        await addOne(tx, second)
      })
    const orders: Array<[string, string]> = [
      ['a', 'b'],
      ['b', 'a'],
      ['a', 'b'],
      ['b', 'a'],
    ]
    await Promise.all(orders.map(crosswise))
    expect([await value('a'), await value('b')]).toEqual([4, 4])
  })

  it('tries a lost race for a unique key again only where that was asked for', async () => {
    await db.prisma.company.create({ data: { id: 'c', name: '示例', createdAt: at } })
    let runs = 0
    const insertFirst = async (tx: Tx) => {
      runs++
      const found = runs > 1 ? await tx.company.findUnique({ where: { id: 'c' } }) : null
      return found ?? tx.company.create({ data: { id: 'c', name: '另一个', createdAt: at } })
    }
    await expect(inTransaction(db, insertFirst)).rejects.toSatisfy(isUniqueViolation)
    runs = 0
    expect(await inTransaction(db, insertFirst, { retryUnique: true })).toMatchObject({ name: '示例' })
  })

  it('does not take for done what the server rolls back', async () => {
    const swallowing = inTransaction(db, async tx => {
      await addOne(tx, 'a')
      await tx.$executeRaw`SELECT 1 / 0`.catch(() => {})
    })
    await expect(swallowing).rejects.toThrow()
    expect(await value('a')).toBe(0)
  })

  it('lets background work of a finished transaction open its own', async () => {
    let later: Promise<void> | undefined
    let finished: () => void = () => {}
    const end = new Promise<void>(resolve => {
      finished = resolve
    })
    await inTransaction(db, async () => {
      later = end.then(() => inTransaction(db, tx => addOne(tx, 'a')))
    })
    finished()
    await later
    expect(await value('a')).toBe(1)
  })
})

if (inject('testBase').kind === 'embedded')
  it('refuses a second transaction inside the first instead of waiting for it forever', async () => {
    const nested = inTransaction(db, () => inTransaction(db, tx => addOne(tx, 'a')))
    await expect(nested).rejects.toThrow('open already')
  })

if (inject('testBase').kind === 'postgres')
  it('takes back one that does not end, and nobody hears what it says after that', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    try {
      let said: Promise<Array<PromiseSettledResult<unknown>>> | undefined
      let goOn = () => {}
      const waits = new Promise<void>(resolve => {
        goOn = resolve
      })
      const endless = inTransaction(db, async tx => {
        await addOne(tx, 'a')
        said = waits.then(() => Promise.allSettled([addOne(tx, 'b'), tx.counter.deleteMany()]))
        await said
      })
      const outcome = expect(endless).rejects.toThrow(/[Tt]ransaction/)
      while (!said) await new Promise(setImmediate)
      await vi.advanceTimersByTimeAsync(31_000)
      // Who was kept waiting goes on.
      await inTransaction(db, tx => addOne(tx, 'a'))
      goOn()
      await outcome
      expect((await said)?.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      expect([await value('a'), await value('b')]).toEqual([1, 0])
    } finally {
      vi.useRealTimers()
    }
  })

it('keeps an instant exactly, whatever zone the machine or the server is in', async () => {
  await db.prisma.company.create({ data: { id: 'c', name: '示例', createdAt: at } })
  const [row] = await db.prisma.$queryRaw<
    Array<{ at: string }>
  >`SELECT extract(epoch from "createdAt")::text AS at FROM "Company"`
  expect(Number(row?.at)).toBe(at.getTime() / 1000)
  expect((await db.prisma.company.findFirst())?.createdAt).toEqual(at)
})

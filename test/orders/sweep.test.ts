import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Company, contextOf, enterCompany } from '../../bench/company.ts'
import { fill } from '../../bench/fill.ts'
import type { Context } from '../../src/context.ts'
import type { Database } from '../../src/db/open.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { MovableClock } from '../../src/now.ts'
import { change } from '../../src/orders/flow.ts'
import { lockOrder } from '../../src/orders/rows.ts'
import { sweepClocks } from '../../src/orders/sweep.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

const opened = new Date('2026-11-25T02:00:00Z')
const policies = ownPacks('src/policy/packs', 'Asia/Shanghai')

let db: TestDatabase
let second: Database
let company: Company
let log: StoryLog
let other: Context

beforeAll(async () => {
  db = await freshDatabase()
  second = await db.another()
})
afterAll(async () => {
  await second.close()
  await db.close()
})
beforeEach(async () => {
  await db.reset()
  log = new StoryLog()
  const clock = new MovableClock()
  clock.freeze(opened)
  company = await enterCompany(contextOf(db, policies, clock, log), clock, 1)
  other = contextOf(second, policies, clock, log)
})

const sweep = (ctx: Context): Promise<number> => sweepClocks(ctx, () => false)

/** Orders that were taken at ten; their warnings are due from twenty past on. */
async function taken(count: number, accepted = true): Promise<string[]> {
  await fill(company, [{ count, openedAt: opened, accepted }], () => {})
  const rows = await db.prisma.order.findMany({ orderBy: { id: 'asc' }, select: { id: true } })
  return rows.map(({ id }) => id)
}

/** How often somebody was told of each order: by the journal, and by what waits to be sent. */
async function tellings(): Promise<{ journal: Map<string, number>; outbox: Map<string, number> }> {
  const facts = await db.prisma.journal.findMany({ where: { fact: 'reminded' }, select: { orderId: true } })
  const rows = await db.prisma.outbox.findMany({ where: { kind: 'nudge', status: 'waiting' }, select: { data: true } })
  const items = rows.flatMap(({ data }) => (data as unknown as { items: Array<{ orderId: string }> }).items)
  return { journal: times(facts), outbox: times(items) }
}

function times(found: ReadonlyArray<{ orderId: string }>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { orderId } of found) counts.set(orderId, (counts.get(orderId) ?? 0) + 1)
  return new Map([...counts].sort())
}

/** The same service, with a list of how often it looks for cards on screens. */
function watched(ctx: Context): { ctx: Context; looked: string[] } {
  const looked: string[] = []
  const prisma = ctx.db.prisma.$extends({
    query: {
      shownCard: {
        $allOperations({ operation, args, query }) {
          looked.push(operation)
          return query(args)
        },
      },
    },
  }) as unknown as Database['prisma']
  return { ctx: { ...ctx, db: { ...ctx.db, prisma } }, looked }
}

const once = (ids: readonly string[]): Map<string, number> => new Map(ids.map(id => [id, 1]))

describe('a sweep of many orders', () => {
  it('tells of each once, when two instances look at the same time', async () => {
    const ids = await taken(450)
    company.clock.forward(20 * 60_000)
    await Promise.all([sweep(company.ctx), sweep(other), sweep(company.ctx), sweep(other)])
    expect(await tellings()).toEqual({ journal: once(ids), outbox: once(ids) })
    expect(await sweep(company.ctx)).toBe(0)
    // Ten technicians: what waits for one of them is one message.
    expect(await db.prisma.outbox.count({ where: { kind: 'nudge' } })).toBe(10)
    company.clock.forward(10 * 60_000)
    await Promise.all([sweep(company.ctx), sweep(other)])
    const twice = new Map(ids.map(id => [id, 2]))
    expect(await tellings()).toEqual({ journal: twice, outbox: twice })
    expect(log.errors).toEqual([])
  })

  it('takes back what nobody accepted, and hands each order to the desk once', async () => {
    const ids = await taken(30, false)
    company.clock.forward(30 * 60_000)
    await Promise.all([sweep(company.ctx), sweep(other)])
    const facts = await db.prisma.journal.findMany({ where: { fact: 'withdrawn' }, select: { orderId: true } })
    expect(times(facts)).toEqual(once(ids))
    const rows = await db.prisma.outbox.findMany({ where: { kind: 'order.card', status: 'waiting' } })
    expect(times(rows.map(({ subject }) => ({ orderId: subject ?? '' })))).toEqual(once(ids))
    expect(await db.prisma.order.count({ where: { state: 'new', assigneeId: null } })).toBe(30)
  })

  it('asks about suspended work without looking for cards to redraw', async () => {
    const [id = ''] = await taken(1)
    const { assigneeId } = await db.prisma.order.findFirstOrThrow({ select: { assigneeId: true } })
    const by = company.crews.find(({ technician }) => technician.id === assigneeId)?.technician ?? null
    const command = { do: 'suspend', reason: 'parts', note: '等配件' } as const
    await inTransaction(db, tx => change(tx, company.ctx, { orderId: id, command, by, speech: { via: 'text' } }))
    const { ctx, looked } = watched(company.ctx)
    while ((await db.prisma.journal.count({ where: { fact: 'asked' } })) === 0) {
      company.clock.forward(12 * 3_600_000)
      looked.length = 0
      await sweep(ctx)
    }
    expect(await db.prisma.outbox.count({ where: { kind: 'order.card', status: 'waiting' } })).toBeGreaterThan(0)
    expect(looked).toEqual([])
  })

  it('gives all the others their turn when one fails, says which, and tells of it when it is mended', async () => {
    const ids = await taken(60)
    const [broken = '', ...others] = ids
    await db.prisma.journal.updateMany({ where: { orderId: broken, seq: 1 }, data: { seq: 100 } })
    company.clock.forward(20 * 60_000)
    log.expect(/could not be looked at/)
    await expect(sweep(company.ctx)).rejects.toThrow('1 of 60 orders could not be looked at')
    expect(await tellings()).toEqual({ journal: once(others), outbox: once(others) })
    log.expect(new RegExp(broken))
    await expect(sweep(company.ctx)).rejects.toThrow('1 of 1 orders could not be looked at')
    await db.prisma.journal.updateMany({ where: { orderId: broken, seq: 100 }, data: { seq: 1 } })
    expect(await sweep(company.ctx)).toBe(1)
    expect(await tellings()).toEqual({ journal: once(ids), outbox: once(ids) })
  })

  it('waits for nobody who is changing an order, and tells of it afterwards', async () => {
    const ids = await taken(20)
    const [held = '', ...others] = ids
    company.clock.forward(20 * 60_000)
    let release = () => {}
    let locked = () => {}
    const isLocked = new Promise<void>(resolve => {
      locked = resolve
    })
    const change = inTransaction(second, async tx => {
      await lockOrder(tx, 'bench', held)
      locked()
      await new Promise<void>(resolve => {
        release = resolve
      })
    })
    await isLocked
    const swept = sweep(company.ctx)
    // The embedded database does one transaction after the other: there the sweep has to wait.
    if (db.kind === 'server') {
      await swept
      expect((await tellings()).journal).toEqual(once(others))
    }
    release()
    await Promise.all([change, swept])
    await sweep(company.ctx)
    expect(await tellings()).toEqual({ journal: once(ids), outbox: once(ids) })
  })
})

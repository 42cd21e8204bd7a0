import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { Refusal } from '../../src/errors.ts'
import { MovableClock } from '../../src/now.ts'
import { clockRows } from '../../src/orders/clockrows.ts'
import { clocksOf } from '../../src/orders/clocks.ts'
import type { Fact, OrderFields } from '../../src/orders/fact.ts'
import { attach, change, openOrder } from '../../src/orders/flow.ts'
import { type Pressing, pressingOf } from '../../src/orders/pressing.ts'
import { loadOrder } from '../../src/orders/rows.ts'
import { sweepClocks } from '../../src/orders/sweep.ts'
import { enterTeams } from '../../src/people/enter.ts'
import type { Person } from '../../src/people/person.ts'
import { personByName, teamByIdOrName } from '../../src/people/store.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { Policies } from '../../src/policy/versions.ts'
import { createReach } from '../../src/webhooks/reach.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'
import { policyOf } from './journal.ts'
import { atDesk, begins, commandOf, orders, policies, type Said, talks } from './plausible.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const people = [
  { name: '赵派工', roles: ['dispatcher' as const] },
  { name: '王经理', roles: ['manager' as const] },
  { name: '张三', roles: ['technician' as const] },
  { name: '李四', roles: ['technician' as const] },
]
const speech = { via: 'text', words: '说了一句' } as const

interface Run {
  policy: Policy
  begin: number
  order: OrderFields
  talk: Array<Said & { seen: boolean; picture: boolean; back: number }>
}

/** What the index of the sweep held when the journal was so long; `at` is when it was written. */
interface Stored {
  version: number
  at: Date
  rows: unknown[]
  pressing: Pressing | null
}

let companies = 0

/** Lives an order through the flow, with the sweep in between, and notes what was stored after each step. */
async function live({ policy, begin, order, talk }: Run): Promise<{ facts: Fact[]; stored: Stored[] }> {
  const clock = new MovableClock()
  clock.freeze(new Date(begin))
  const log = new StoryLog()
  const company = `c${companies++}`
  const ctx: Context = {
    company,
    db,
    clock,
    log,
    policy: () => policy,
    needPolicy: () => {},
    books: new Policies(),
    approvalsOn: new Set(),
    reach: createReach([]),
    ring: () => {},
  }
  await enterTeams(ctx, { teams: [{ name: '一班', policy: 'default', people }] })
  const team = await teamByIdOrName(db.prisma, company, '一班')
  const known = await Promise.all(people.map(({ name }) => personByName(db.prisma, company, name)))
  const [zhao, , zhang, li] = known as [Person, Person, Person, Person]
  const opened = await inTransaction(db, tx =>
    openOrder(tx, ctx, {
      ...{ teamId: team?.id ?? '', policy: 'default', fields: order, by: zhao, speech },
      ...(begin % 3 > 0 && { assignTo: zhang.id }),
    }),
  )
  let { order: record } = opened
  const { id } = record
  const stored: Stored[] = []
  const note = async (): Promise<void> => {
    const found = await db.prisma.orderClock.findMany({ where: { company, orderId: id }, orderBy: { kind: 'asc' } })
    const rows = found.map(({ company: _, orderId: __, ...row }) => row)
    const { pressAt, pressBy } = await db.prisma.order.findFirstOrThrow({ where: { company, id } })
    const pressing = pressAt && { at: pressAt, by: pressBy as Pressing['by'] }
    stored.push({ version: record.view.version, at: clock.now(), rows, pressing })
  }
  const read = async (): Promise<void> => {
    record = (await loadOrder(db.prisma, company, id)) ?? record
  }
  await note()
  for (const said of talk) {
    clock.offset += said.wait - said.back
    if (said.seen && (await sweepClocks(ctx, () => false)) > 0) {
      await read()
      await note()
    }
    const me = atDesk(said.what) ? zhao : record.view.assignee === li.id ? li : zhang
    const command = commandOf(said, clock.now().getTime(), { zhang: zhang.id, li: li.id })
    const evidence = { fact: 'photo', media: 'm' } as const
    try {
      record = await inTransaction(db, async tx => {
        if (said.picture) return attach(tx, ctx, { orderId: id, evidence, by: me, speech })
        return (await change(tx, ctx, { orderId: id, command, by: me, speech })).order
      })
      await note()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  await read()
  expect(log.errors).toEqual([])
  return { facts: record.facts, stored }
}

const beside = fc.record({
  seen: fc.boolean(),
  picture: fc.nat(9).map(n => n === 0),
  // Now and then somebody sets the machine's clock back.
  back: fc.nat(7).map(n => (n === 0 ? 3_600_000 : 0)),
})
const accept = '{ kind: accept, start: dispatched, stop: accepted, within: 1h, restartOnReassign: true'
const dispatching = ['mode: auto, notAccepted: next', 'mode: offer, hours: always, offerFor: 20m'].map(assign =>
  policyOf(`  - ${accept}, overdue: [{ after: 1h, tell: dispatcher, takeBack: true }] }`, `assign: { ${assign} }`),
)

const runs = fc.record({
  policy: fc.constantFrom(...policies.map(([, policy]) => policy), ...dispatching, ...dispatching),
  begin: begins.map(at => at + 7),
  order: orders,
  talk: fc
    .tuple(talks(9), fc.array(beside, { minLength: 9, maxLength: 9 }))
    .map(([talk, more]) =>
      talk.map((said, index) => ({ seen: false, picture: false, back: 0, ...said, ...more[index] })),
    ),
})

it('what is stored of an order’s clocks is what its journal said up to then, whatever was added later', async () => {
  let compared = 0
  let pressed = 0
  await fc.assert(
    fc.asyncProperty(runs, async run => {
      const { facts: all, stored } = await live(run)
      expect(all.every((fact, index) => fact.seq === index + 1)).toBe(true)
      expect(all.every((fact, index) => fact.at >= (all[index - 1]?.at ?? ''))).toBe(true)
      for (const { version, at, rows, pressing } of stored) {
        const facts = all.slice(0, version)
        const fresh = clockRows(run.policy, at)(facts)
        expect(rows).toEqual(fresh.sort((a, b) => (a.kind < b.kind ? -1 : 1)))
        compared += fresh.length
        expect(pressing).toEqual(pressingOf(facts, clocksOf(facts, run.policy, at)))
        pressed += pressing ? 1 : 0
      }
    }),
    { numRuns: 24 },
  )
  expect(compared).toBeGreaterThan(50)
  expect(pressed).toBeGreaterThan(10)
})

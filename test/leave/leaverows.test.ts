import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Context } from '../../src/context.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { Refusal } from '../../src/errors.ts'
import { overlaps, sum, wholeDay } from '../../src/leave/count.ts'
import type { LeaveCommand } from '../../src/leave/decide.ts'
import { askLeave, changeLeave, decideOn, type ProposeAt } from '../../src/leave/flow.ts'
import { daysHeld } from '../../src/leave/held.ts'
import { leaves } from '../../src/leave/rows.ts'
import { recountLeave, sweepLeave } from '../../src/leave/sweep.ts'
import { MovableClock } from '../../src/now.ts'
import { enterTeams } from '../../src/people/enter.ts'
import type { Person } from '../../src/people/person.ts'
import { personByName, teamByIdOrName } from '../../src/people/store.ts'
import { calendarOf } from '../../src/policy/business.ts'
import { Policies } from '../../src/policy/versions.ts'
import { createReach } from '../../src/webhooks/reach.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'
import { leavePolicy, typeOf } from './shop.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const policy = leavePolicy(`
  types:
    - { name: 事假, deduct: 1, limits: { per: 季, days: 3 } }
    - { name: 农忙假, deduct: 1, limits: { per: 季, days: 2 }, atOnce: 1 }
  atOnce: 2`)
const calendar = calendarOf(policy)
const names = ['张三', '李四', '孙七']
const people = [
  { name: '王经理', roles: ['manager' as const] },
  ...names.map(name => ({ name, roles: ['technician' as const] })),
]
const speech = { via: 'text', words: '说了一句' } as const

interface Said {
  who: number
  do: 'ask' | 'cancel' | 'return' | LeaveCommand['do']
  type: string
  of: number
  from: number
  part: number
  hours: number
}

const parts = [
  [0, 1440],
  [0, 720],
  [720, 1440],
] as const

let companies = 0

/** A team lives with its leave; after each thing that is said its rows are compared with its journals. */
async function live(talk: readonly Said[]): Promise<number> {
  const clock = new MovableClock()
  clock.freeze(new Date('2026-11-22T23:00:00Z'))
  const log = new StoryLog()
  const company = `l${companies++}`
  const ctx: Context = {
    company,
    db,
    clock,
    log,
    policy: () => policy,
    needPolicy: () => {},
    books: new Policies(),
    ring: () => {},
    approvalsOn: new Set(),
    reach: createReach([]),
  }
  await enterTeams(ctx, { teams: [{ name: '一班', policy: 'default', people }] })
  const teamId = (await teamByIdOrName(db.prisma, company, '一班'))?.id ?? ''
  const [manager, ...staff] = (await Promise.all(
    people.map(({ name }) => personByName(db.prisma, company, name)),
  )) as Person[]
  for (const said of talk) {
    clock.offset += said.hours * 3_600_000
    const day = calendar.dayAfter(calendar.dayOf(clock.now()), said.from)
    const [from, to] = parts[said.part] ?? parts[0]
    const span = { from: { day, minute: from }, to: { day, minute: to } }
    const applicant = staff[said.who] as Person
    const rows = await db.prisma.leave.findMany({ where: { company, kind: 'leave' }, orderBy: { id: 'desc' } })
    const [leave] = await leaves(db.prisma, company, rows.slice(said.of, said.of + 1))
    try {
      await inTransaction(db, async tx => {
        if (said.do === 'ask' || !leave) {
          const ask = {
            applicant,
            by: applicant,
            type: typeOf(policy, said.type),
            from: span.from,
            until: { to: span.to },
          }
          const more = { kind: 'leave' as const, reason: '', came: true, onJob: false, agreed: true }
          return askLeave(tx, ctx, { ...ask, ...more }, teamId, speech)
        }
        const own = staff.find(({ id }) => id === leave.view.person) as Person
        if (said.do === 'cancel' || said.do === 'return')
          return changeLeave(tx, ctx, { leave, kind: said.do, by: own, reason: '' }, speech)
        const command = (said.do === 'propose' ? { do: 'propose', span } : { do: said.do, reason: '忙' }) as
          | LeaveCommand
          | ProposeAt
        const by = ['withdraw', 'take', 'refuse'].includes(said.do) ? own : (manager as Person)
        return decideOn(tx, ctx, { id: leave.id, command, by }, speech)
      })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
    await sweepLeave(ctx, () => false)
    await recountLeave(ctx, 'me')
    await compare(company)
  }
  expect(log.errors).toEqual([])
  return db.prisma.leaveJournal.count({ where: { company, fact: 'granted' } })
}

async function compare(company: string): Promise<void> {
  const rows = await db.prisma.leave.findMany({ where: { company }, orderBy: { id: 'asc' } })
  const records = await leaves(db.prisma, company, rows)
  const stored = await db.prisma.leaveDay.findMany({ where: { company }, omit: { company: true } })
  const expected = records.flatMap(({ id, teamId, view }) =>
    daysHeld(view).map(day => ({ leaveId: id, teamId, ...day })),
  )
  const key = (one: { leaveId: string; day: string }) => `${one.leaveId} ${one.day}`
  const sorted = <T extends { leaveId: string; day: string }>(days: T[]) =>
    days.sort((a, b) => (key(a) < key(b) ? -1 : 1))
  expect(sorted(stored)).toEqual(sorted(expected))
  const taken = records.flatMap(({ view }, at) =>
    daysHeld(view).length === 0 ? [] : view.days.map(day => ({ ...day, at, person: view.person, type: view.type })),
  )
  for (const one of taken) {
    const others = taken.filter(other => other.at !== one.at)
    expect(others.some(other => other.person === one.person && overlaps(one, other))).toBe(false)
    const same = taken.filter(other => other.type === one.type)
    const most = one.type === '农忙假' ? 2 : 3
    const quarter = same.filter(({ person, day }) => person === one.person && day < '2027' === one.day < '2027')
    expect(sum(quarter)).toBeLessThanOrEqual(most * wholeDay)
    const away = (days: typeof taken) =>
      new Set(days.filter(({ day }) => day === one.day).map(({ person }) => person)).size
    expect(away(taken)).toBeLessThanOrEqual(2)
    if (one.type === '农忙假') expect(away(same)).toBe(1)
  }
}

const talks: fc.Arbitrary<Said[]> = fc.array(
  fc.record({
    who: fc.nat(2),
    do: fc.oneof(
      { weight: 4, arbitrary: fc.constant('ask' as const) },
      { weight: 4, arbitrary: fc.constant('approve' as const) },
      { weight: 3, arbitrary: fc.constantFrom('propose' as const, 'take' as const) },
      { weight: 2, arbitrary: fc.constantFrom('reject', 'refuse', 'withdraw', 'cancel', 'return') },
    ) as fc.Arbitrary<Said['do']>,
    type: fc.constantFrom('事假', '农忙假'),
    of: fc.oneof(fc.constant(0), fc.nat(2)),
    from: fc.nat(2),
    part: fc.nat(2),
    hours: fc.constantFrom(0, 0, 0, 5, 24),
  }),
  { minLength: 6, maxLength: 8 },
)

const opening: Said = { who: 0, do: 'ask', type: '事假', of: 0, from: 1, part: 0, hours: 0 }

it('the days stored are what the journals say, whatever was asked, decided and taken back', async () => {
  let granted = 0
  await fc.assert(
    fc.asyncProperty(talks, async talk => {
      granted += await live([opening, { ...opening, do: 'approve' }, ...talk])
    }),
    { numRuns: 3 },
  )
  expect(granted).toBeGreaterThan(2)
})

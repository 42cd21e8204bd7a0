import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { monthOf, peopleIn, watchedBy } from '../../src/attendance/look.ts'
import type { Context } from '../../src/context.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { PunchReader } from '../../src/engine/punches.ts'
import { Permanent, Temporary } from '../../src/errors.ts'
import { enterTeams } from '../../src/people/enter.ts'
import { teamByIdOrName } from '../../src/people/store.ts'
import type { Platform, Punch } from '../../src/platforms/platform.ts'
import { Policies } from '../../src/policy/versions.ts'
import { createReach } from '../../src/webhooks/reach.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'
import { keeps, local } from './records.ts'

const { policy } = keeps(
  '{ source: 平台, since: 2026-11-19, late: {}, absence: { propose: { running: 2 } } }',
  'days: [1, 2, 3, 4, 5]',
)

let db: TestDatabase
let now: Date
let log: StoryLog
/** What was asked of the platform, and what it has. */
let asked: Array<{ users: readonly string[]; from: Date; to: Date }>
let held: Punch[]
let broken: Error | null

beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

const platform = {
  name: 'wecom',
  attendance: {
    async punches(users: readonly string[], from: Date, to: Date): Promise<Punch[]> {
      if (broken) throw broken
      asked.push({ users, from, to })
      return held.filter(({ userId, at }) => users.includes(userId.toLowerCase()) && at >= from && at < to)
    },
  },
} as unknown as Platform

const context = (): Context => ({
  ...{ company: 'main', db, log: log as unknown as Context['log'], clock: { now: () => now } },
  ...{
    policy: () => policy,
    needPolicy: () => {},
    approvalsOn: new Set<string>(),
    reach: createReach([]),
    books: new Policies(),
    ring: () => {},
  },
})

/** Reads what is due; returns how many check-ins were new. */
const reader = (owner = 'one') => {
  const punches = new PunchReader({ owner, platforms: new Map([['wecom', platform]]) })
  return async (ctx: Context): Promise<number> => {
    const before = await db.prisma.attendanceMark.count()
    await punches.run(ctx)
    await punches.idle()
    return (await db.prisma.attendanceMark.count()) - before
  }
}
const punch = (at: string, kind: Punch['kind'] = 'in', more: Partial<Punch> = {}): Punch => ({
  ...{ userId: 'ZhangSan', kind, flags: [], id: `${kind} ${at}`, at: local(at) },
  ...more,
})

/** What 张三's days are by now. */
async function states(): Promise<Record<string, string>> {
  return inTransaction(db, async tx => {
    const ctx = context()
    const team = await teamByIdOrName(tx, 'main', '一班')
    const watched = team && watchedBy(ctx, team, now)
    if (!watched) throw new Error('no team')
    const [found] = await monthOf(tx, ctx, watched, await peopleIn(tx, ctx, watched), '2026-11')
    return Object.fromEntries((found?.verdict.days ?? []).map(one => [one.day.slice(8), one.state]))
  })
}

beforeEach(async () => {
  await db.reset()
  now = local('2026-11-24 09:30:00')
  log = new StoryLog()
  asked = []
  held = []
  broken = null
  const people = [
    { name: '张三', roles: ['technician'] as const, wecom: { userId: 'zhangsan' } },
    { name: '王经理', roles: ['manager'] as const, wecom: { userId: 'wangjingli' } },
    { name: '李四', roles: ['technician'] as const },
  ]
  await enterTeams(context(), {
    teams: [{ name: '一班', policy: 'x', people: people.map(one => ({ ...one, roles: [...one.roles] })) }],
  })
})

describe('check-ins read from a platform', () => {
  it('are stored once however often they are read, every two hours, for those who are bound', async () => {
    held = [
      punch('2026-11-23 08:50:00'),
      punch('2026-11-24 09:10:00'),
      punch('2026-11-24 18:00:00', 'out', { flags: ['missing'] }),
    ]
    const read = reader()
    expect(await read(context())).toBe(2)
    expect(asked.map(({ users }) => users)).toEqual([['zhangsan']])
    expect(asked[0]?.from).toEqual(local('2026-11-19 00:00:00'))
    expect(asked.at(-1)?.to).toEqual(now)
    expect(await states()).toMatchObject({ 18: 'unknown', 20: 'absent', 22: 'rest', 23: 'normal', 24: 'late' })
    expect(await read(context())).toBe(0)
    expect(await reader('two')(context())).toBe(0)
    expect(asked).toHaveLength(1)

    now = local('2026-11-24 20:00:00')
    expect(await read(context())).toBe(1)
    // The last hours are read again, for what a phone without a network sent late.
    expect(asked.slice(1)).toMatchObject([{ from: local('2026-11-23 21:30:00'), to: now }])
    expect(await db.prisma.attendanceMark.count()).toBe(3)
  })

  it('say nothing of a time that was not read yet, and what was missed during downtime is caught up', async () => {
    const read = reader()
    const early = ['19', '20', '23'].map(date => punch(`2026-11-${date} 08:58:00`))
    held = early
    await read(context())
    now = local('2026-11-25 19:00:00')
    expect(await states()).toMatchObject({ 24: 'unknown', 25: 'unknown' })
    held = [...early, punch('2026-11-24 08:58:00')]
    now = local('2026-12-01 08:00:00')
    await read(context())
    expect(await states()).toMatchObject({ 24: 'normal', 25: 'absent', 27: 'absent', 28: 'rest' })
    const notices = await db.prisma.outbox.findMany({ where: { kind: 'attendance.notice' } })
    expect(notices.map(({ data }) => data)).toMatchObject([{ why: 'running', count: 2, month: '2026-11' }])
  })

  it('that fail are told of once, and tried again with the next turn', async () => {
    const read = reader()
    broken = new Temporary('busy', 'the platform is busy')
    expect(await read(context())).toBe(0)
    now = local('2026-11-24 12:00:00')
    broken = new Permanent('no-permission', 'not allowed')
    await read(context())
    expect(log.warnings).toHaveLength(1)
    broken = null
    held = [punch('2026-11-24 08:58:00')]
    now = local('2026-11-24 14:00:00')
    expect(await read(context())).toBe(1)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contextOf } from '../../bench/company.ts'
import { lastNight } from '../../src/engine/night.ts'
import { tidy } from '../../src/engine/tidy.ts'
import { vacuum } from '../../src/engine/vacuum.ts'
import { MovableClock } from '../../src/now.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

const packs = 'src/policy/packs'

describe('the night that was last', () => {
  const night = (zone: string, at: string): string => {
    const clock = new MovableClock()
    clock.freeze(new Date(at))
    const policy = ownPacks(packs, zone).get('default')
    if (!policy) throw new Error('no default policy')
    return lastNight({ clock, policy: () => policy })
  }

  it.each([
    ['Asia/Shanghai', '2026-11-25T02:59:59.999+08:00', '2026-11-24'],
    ['Asia/Shanghai', '2026-11-25T03:00:00+08:00', '2026-11-25'],
    ['Asia/Shanghai', '2026-11-25T08:00:00+08:00', '2026-11-25'],
    ['Asia/Shanghai', '2026-11-26T00:00:00+08:00', '2026-11-25'],
    ['Asia/Shanghai', '2027-01-01T01:00:00+08:00', '2026-12-31'],
    ['America/New_York', '2026-11-25T08:00:00Z', '2026-11-25'],
    ['America/New_York', '2026-11-25T07:59:59Z', '2026-11-24'],
    // Two o'clock is left out there that night, and three comes an hour early.
    ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08'],
  ])('in %s at %s is %s', (zone, at, expected) => {
    expect(night(zone, at)).toBe(expected)
  })
})

describe('what is done at night', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await freshDatabase()
  })
  afterAll(() => db.close())

  it('comes at the first beat after three, once, and is caught up when nothing ran then', async () => {
    const clock = new MovableClock()
    const ctx = contextOf(db, ownPacks(packs, 'Asia/Shanghai'), clock, new StoryLog())
    const runs = async () =>
      (await db.prisma.jobRun.findMany({ orderBy: [{ job: 'asc' }] })).map(({ job, period }) => `${job} ${period}`)
    /** What was done that had not been done yet. */
    const beat = async (at: string): Promise<string[]> => {
      clock.freeze(new Date(`2026-11-${at}+08:00`))
      const before = await runs()
      await tidy(ctx, 'me')
      await vacuum(ctx, 'me', () => false)
      return (await runs()).filter(run => !before.includes(run))
    }
    const both = (period: string) =>
      db.kind === 'embedded' ? [`tidy ${period}`, `vacuum ${period}`] : [`tidy ${period}`]
    expect(await beat('24T22:00:00')).toEqual(both('2026-11-24'))
    expect(await beat('25T02:59:58')).toEqual([])
    expect(await beat('25T03:00:00')).toEqual(both('2026-11-25'))
    expect(await beat('25T08:00:00')).toEqual([])
    expect(await beat('26T02:00:00')).toEqual([])
    expect(await beat('26T11:30:00')).toEqual(both('2026-11-26'))
  })
})

import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { followAttendance } from '../incidents/follow.ts'
import { put } from '../outbox/store.ts'
import { listTeams } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { monthOf, peopleIn, rulesFor, type Watched, watchedBy } from './look.ts'
import { noticesOf } from './notices.ts'
import { scheduleOf } from './schedule.ts'

/** So long after work ends a day is looked over. */
const graceMs = 30 * 60_000
/** Days that are looked over for the last one that ended. */
const longestRest = 31
/** What a downtime over the end of a month may have kept from being looked at. */
const lookBack = 3

/** Every team that keeps attendance now. */
export async function watchedTeams(tx: Tx, ctx: Context): Promise<Watched[]> {
  const teams = await listTeams(tx, ctx.company, { limit: 10_000 })
  return teams.flatMap(team => watchedBy(ctx, team, ctx.clock.now()) ?? [])
}

/**
 * Once a day, after work has ended, looks over who did not come: nothing else tells of that. What came about is told to
 * those who manage; a row decides who does it, and what was missed is looked over with the next day.
 */
export async function sweepAttendance(ctx: Context, owner: string): Promise<number> {
  const now = ctx.clock.now()
  const { company } = ctx
  const due = (await watchedTeams(ctx.db.prisma, ctx)).flatMap(watched => {
    const day = lastDay(watched, now)
    return day ? [{ watched, job: `attendance:${watched.team.id}`, period: day }] : []
  })
  if (due.length === 0) return 0
  const runs = await ctx.db.prisma.jobRun.findMany({
    where: {
      company,
      job: { in: due.map(({ job }) => job) },
      period: { in: [...new Set(due.map(({ period }) => period))] },
    },
    select: { job: true, period: true },
  })
  const done = new Set(runs.map(({ job, period }) => `${job} ${period}`))
  let told = 0
  for (const { watched, job, period } of due) {
    if (done.has(`${job} ${period}`)) continue
    told += await inTransaction(ctx.db, async tx => {
      const run = { company, job, period, owner, startedAt: now, doneAt: now }
      const mine = await tx.jobRun.createMany({ data: [run], skipDuplicates: true })
      return mine.count === 0 ? 0 : lookOver(tx, ctx, watched, period)
    })
  }
  return told
}

/** Tells what came about in a team by the end of a day. */
export async function lookOver(tx: Tx, ctx: Context, watched: Watched, day: string): Promise<number> {
  const people = await peopleIn(tx, ctx, watched)
  const before = calendarOf(watched.policy).dayAfter(day, -lookBack)
  let told = 0
  for (const month of new Set([before.slice(0, 7), day.slice(0, 7)])) {
    const rules = rulesFor(ctx, watched, month)
    const months = await monthOf(tx, ctx, rules, people, month)
    const tellings = await noticesOf(tx, ctx, rules, months)
    await put(tx, ctx.company, tellings, ctx.clock.now())
    await followAttendance(tx, ctx, rules, months, { from: before, to: day })
    told += tellings.length
  }
  return told
}

/** The last day of work that is over; null when the team was made after it, or nobody works. */
function lastDay({ team, policy, rule }: Watched, now: Date): string | null {
  const calendar = calendarOf(policy)
  const today = calendar.dayOf(now)
  for (let back = 0; back <= longestRest; back++) {
    const day = calendar.dayAfter(today, -back)
    const ends = scheduleOf(policy, rule, day).at(-1)?.to
    if (ends === undefined || ends + graceMs > now.getTime()) continue
    return ends > team.createdAt.getTime() ? day : null
  }
  return null
}

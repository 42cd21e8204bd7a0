import { DateTime } from 'luxon'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Team } from '../people/person.ts'
import { listTeams, teamById } from '../people/store.ts'
import { nextLook } from './closing.ts'
import { monthsFrom } from './days.ts'
import { changeMonth, rulesOfMonth, settles } from './flow.ts'
import { reckonMonth } from './reckon.ts'
import { monthById, monthsDue } from './rows.ts'
import { claimMonth } from './store.ts'

/**
 * How long others leave a claimed month alone: ten times what a team of a thousand takes. Whoever dies over one keeps
 * people waiting for no longer, and two who reckon the same month after all keep it once.
 */
export const monthLeaseMs = 2 * 60_000
const speech = { via: 'system' as const }

/** Months that are to be reckoned or locked by now. One that fails keeps no other from its turn. */
export async function sweepMonths(ctx: Context, stopping: () => boolean): Promise<number> {
  const now = ctx.clock.now()
  const due = await monthsDue(ctx.db.prisma, ctx.company, now, 20)
  const failed: unknown[] = []
  let done = 0
  for (const id of due) {
    if (stopping()) break
    // Of several instances one works: the others find it claimed, or take over when that one died.
    if (!(await claimMonth(ctx.db.prisma, ctx.company, id, now, new Date(now.getTime() + monthLeaseMs)))) continue
    try {
      await look(ctx, id)
      done += 1
    } catch (error) {
      ctx.log.error({ month: id, err: String(error) }, 'a month could not be settled; it is tried again in two minutes')
      failed.push(error)
    }
  }
  if (failed.length > 0) throw new Error(`${failed.length} months could not be settled`, { cause: failed[0] })
  return done
}

async function look(ctx: Context, id: string): Promise<void> {
  const record = await monthById(ctx.db.prisma, ctx.company, id)
  const team = record && (await teamById(ctx.db.prisma, ctx.company, record.teamId))
  if (!record || !team) return
  if (record.view.wanted) return reckonMonth(ctx, team, record)
  // Somebody else has reckoned it meanwhile: it is locked when its own time has come.
  const due = nextLook(record.view)
  if (due === null || due > ctx.clock.now()) return
  const request = { team, month: record.month, command: { do: 'lock' as const }, by: null, speech }
  try {
    await inTransaction(ctx.db, tx => changeMonth(tx, ctx, request))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Somebody was quicker.
    if ((await monthById(ctx.db.prisma, ctx.company, id))?.view.state !== 'locked') throw error
  }
}

/** How many months back a draft is made up for after the service did not run. */
const lateMonths = 3

/** On the day the rule book names, the month before is drafted; what was missed while nothing ran is made up for (R15.3). */
export async function draftMonths(ctx: Context, owner: string): Promise<number> {
  let drafted = 0
  for (const team of await listTeams(ctx.db.prisma, ctx.company, { limit: 10_000 }))
    for (const month of monthsToDraft(ctx, team)) drafted += (await draft(ctx, owner, team, month)) ? 1 : 0
  return drafted
}

function monthsToDraft(ctx: Context, team: Team): string[] {
  const policy = ctx.policy(team.policy)
  if (!settles(policy)) return []
  const now = DateTime.fromJSDate(ctx.clock.now(), { zone: policy.zone })
  const began = DateTime.fromJSDate(team.createdAt, { zone: policy.zone }).toFormat('yyyy-MM')
  const { draftOn, at } = policy.month
  return Array.from({ length: lateMonths }, (_, index) => monthsFrom(now.toFormat('yyyy-MM'), -(index + 1)))
    .filter(month => {
      const due = DateTime.fromFormat(`${monthsFrom(month, 1)}-01`, 'yyyy-MM-dd', { zone: policy.zone })
      return month >= began && now >= due.plus({ days: draftOn - 1, minutes: at })
    })
    .reverse()
}

async function draft(ctx: Context, owner: string, team: Team, month: string): Promise<boolean> {
  const key = { company: ctx.company, job: `month:${team.id}`, period: month }
  const { prisma } = ctx.db
  if (await prisma.jobRun.findUnique({ where: { company_job_period: key } })) return false
  const now = ctx.clock.now()
  return inTransaction(ctx.db, async tx => {
    const mine = await tx.jobRun.createMany({
      data: [{ ...key, owner, startedAt: now, doneAt: now }],
      skipDuplicates: true,
    })
    if (mine.count === 0 || !settles(rulesOfMonth(ctx, team, month))) return false
    try {
      await changeMonth(tx, ctx, { team, month, command: { do: 'draft' }, by: null, speech })
      return true
    } catch (error) {
      // Somebody was quicker, and has published it by now.
      if (error instanceof Refusal) return false
      throw error
    }
  })
}

import type { Tx } from '../db/tx.ts'
import type { AwayDay } from './away.ts'
import type { LeaveRecord } from './request.ts'
import { leaves } from './rows.ts'

/** Store: leave looked for. */

/** Days of these people between two days, both inside, oldest first. */
export async function awayDays(
  tx: Tx,
  company: string,
  people: readonly string[],
  from: string,
  to: string,
): Promise<AwayDay[]> {
  if (people.length === 0) return []
  const rows = await tx.leaveDay.findMany({
    where: { company, personId: { in: [...people] }, day: { gte: from, lte: to } },
    orderBy: [{ day: 'asc' }, { from: 'asc' }, { leaveId: 'asc' }],
    omit: { company: true },
  })
  return rows.map(row => ({ ...row, state: row.state === 'granted' ? 'granted' : 'asked' }))
}

/** A person's requests that wait or stand and are not over before a day, those first that begin first. */
export async function leavesOf(tx: Tx, company: string, personId: string, since: string): Promise<LeaveRecord[]> {
  const rows = await tx.leave.findMany({
    where: { company, personId, state: { in: ['asked', 'proposed', 'granted'] }, lastDay: { gte: since } },
    orderBy: [{ firstDay: 'asc' }, { id: 'asc' }],
    take: 50,
  })
  return leaves(tx, company, rows)
}

/** Requests that wait for a decision, of teams or (null) of all of them, the oldest first. */
export async function pendingLeaves(
  tx: Tx,
  company: string,
  teamIds: readonly string[] | null,
): Promise<LeaveRecord[]> {
  const rows = await tx.leave.findMany({
    where: { company, ...(teamIds && { teamId: { in: [...teamIds] } }), state: { in: ['asked', 'proposed'] } },
    orderBy: { id: 'asc' },
    take: 100,
  })
  return leaves(tx, company, rows)
}

/** Requests still undecided or ahead of us, of whatever team: what a changed calendar is counted anew for. */
export async function leavesAhead(tx: Tx, company: string, since: string): Promise<string[]> {
  const rows = await tx.leave.findMany({
    where: {
      ...{ company, state: { in: ['asked', 'proposed', 'granted'] }, kind: { in: ['leave', 'extend'] } },
      lastDay: { gte: since },
    },
    select: { id: true },
    orderBy: { id: 'asc' },
  })
  return rows.map(({ id }) => id)
}

/** Ids of requests somebody has to be told something of. */
export async function leavesDue(tx: Tx, company: string, now: Date, take: number): Promise<string[]> {
  const rows = await tx.leave.findMany({
    where: { company, nextLookAt: { lte: now } },
    orderBy: { nextLookAt: 'asc' },
    select: { id: true },
    take,
  })
  return rows.map(({ id }) => id)
}

/** Codes by id. */
export async function leaveCodes(tx: Tx, company: string, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.leave.findMany({ where: { company, id: { in: [...ids] } }, select: { id: true, code: true } })
  return new Map(rows.map(({ id, code }) => [id, code]))
}

/** Pending requests that would change a leave. */
export async function changesOf(tx: Tx, company: string, ofId: string): Promise<LeaveRecord[]> {
  const rows = await tx.leave.findMany({
    where: { company, ofId, state: { in: ['asked', 'proposed'] } },
    orderBy: { id: 'asc' },
  })
  return leaves(tx, company, rows)
}

/** Whether a person did anything on an order since a moment. */
export async function actedSince(tx: Tx, company: string, person: string, since: Date): Promise<boolean> {
  const fact = await tx.journal.findFirst({ where: { company, by: person, at: { gte: since } }, select: { seq: true } })
  return fact !== null
}

/** Requests a platform's own approval decides, by the number they have there; `open`: they wait or stand. */
export async function nativeLeaves(
  tx: Tx,
  company: string,
  platform: string,
): Promise<Array<{ number: string; open: boolean; lastDay: string }>> {
  const rows = await tx.leave.findMany({
    where: { company, platform, externalId: { not: null } },
    select: { externalId: true, state: true, lastDay: true },
    orderBy: { id: 'desc' },
    take: 20_000,
  })
  return rows.map(({ externalId, state, lastDay }) => ({
    ...{ number: externalId ?? '', lastDay },
    open: ['asked', 'proposed', 'granted'].includes(state),
  }))
}

/** A team's requests, oldest first, a page at a time. */
export async function leavesOfTeam(
  tx: Tx,
  company: string,
  teamId: string,
  { limit, after, state }: { limit: number; after?: string; state?: string },
): Promise<LeaveRecord[]> {
  const rows = await tx.leave.findMany({
    where: { company, teamId, ...(after && { id: { gt: after } }), ...(state && { state }) },
    orderBy: { id: 'asc' },
    take: limit,
  })
  return leaves(tx, company, rows)
}

/** Whether somebody checked in since a moment (打卡). */
export async function checkedIn(tx: Tx, company: string, personId: string, since: Date): Promise<boolean> {
  const mark = await tx.attendanceMark.findFirst({ where: { company, personId, at: { gte: since }, kind: 'in' } })
  return mark !== null
}

/** Requests of teams and of one person, the newest first, a page at a time; `before` is the last id of the page before. */
export async function newestLeaves(
  tx: Tx,
  company: string,
  wanted: {
    teamIds: readonly string[]
    personId: string | null
    state?: string | undefined
    of?: string | undefined
    before?: string | undefined
    limit: number
  },
): Promise<LeaveRecord[]> {
  const { teamIds, personId, state, of, before, limit } = wanted
  const rows = await tx.leave.findMany({
    where: {
      ...{ company, OR: [{ teamId: { in: [...teamIds] } }, ...(personId ? [{ personId }] : [])] },
      ...(state && { state }),
      ...(of && { personId: of }),
      ...(before && { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
  })
  return leaves(tx, company, rows)
}

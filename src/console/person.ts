import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { sessionsOf } from '../login/store.ts'
import { isSelf, type Viewer } from '../login/viewer.ts'
import { accountsOf, unboundOn } from '../people/accounts.ts'
import { tenuresOf } from '../people/employment.ts'
import { inHandOf } from '../people/leaving.ts'
import { rosterRows } from '../people/roster.ts'
import { personById, teamById } from '../people/store.ts'
import { joinedDay, type Tenure } from '../people/tenure.ts'
import { calendarOf } from '../policy/business.ts'
import type { MemberOf, PersonPage } from './peoplewire.ts'
import { teamsFor } from './reach.ts'
import { findStaff, needStaff, type Staff } from './staff.ts'
import { memberOf, todayOf } from './standing.ts'

/** Somebody with all his page shows, as the viewer may see him. @throws HttpProblem 404 */
export async function personPage(tx: Tx, ctx: Context, viewer: Viewer, id: string): Promise<PersonPage> {
  const staff = await needStaff(tx, ctx, viewer, id, 'dispatch')
  const { company } = ctx
  const now = ctx.clock.now()
  const day = calendarOf(ctx.policy('default')).dayOf(now)
  const [row] = await rosterRows(tx, company, [id], day)
  if (!row) throw new Error(`${id} was there a moment ago`)
  const tenures = (await tenuresOf(tx, company, [id])).get(id) ?? new Map<string, Tenure[]>()
  const managed = teamsFor(viewer, 'manage')
  const teams = []
  for (const member of memberOf(row.memberships)) teams.push(await teamOf(tx, ctx, staff, member, tenures, managed))
  const first = row.memberships[0]?.teamId
  const policy = (first && (await teamById(tx, company, first))?.policy) || 'default'
  const { name, mobile, skills, areas, restDays, daysOff } = row
  return {
    ...{ id, name, mobile, skills, areas, restDays, daysOff, teams, day },
    platform: row.platform === 'wecom' || row.platform === 'dingtalk' ? row.platform : null,
    today: todayOf(ctx, row, policy),
    past: await pastOf(tx, ctx, tenures),
    accounts: (await accountsOf(tx, company, [id])).map(({ platform, userId, boundAt, how }) => ({
      ...{ platform, userId, how },
      since: boundAt.toISOString(),
    })),
    unboundOn: await unboundOn(tx, company, id),
    sessions: staff.whole ? await openSessions(tx, ctx, id) : null,
    may: {
      change: viewer.isCompanyManager || staff.teamIds.some(teamId => managed.includes(teamId)),
      identity: staff.whole,
      erase: viewer.isCompanyManager && !row.active,
    },
    isSelf: isSelf(viewer, id),
  }
}

async function teamOf(
  tx: Tx,
  ctx: Context,
  { person }: Staff,
  { teamId, team, roles }: MemberOf,
  tenures: ReadonlyMap<string, readonly Tenure[]>,
  managed: readonly string[],
): Promise<PersonPage['teams'][number]> {
  const rows = tenures.get(teamId) ?? []
  const { own, along } = await inHandOf(tx, ctx, person.id, [teamId])
  const others = await tx.membership.count({
    where: { company: ctx.company, teamId, role: 'manager', personId: { not: person.id }, person: { active: true } },
  })
  return {
    ...{ teamId, team, roles },
    post: rows.at(-1)?.post ?? null,
    joinedOn: joinedDay(rows),
    mayManage: managed.includes(teamId),
    onlyManager: roles.includes('manager') && others === 0,
    inHand: own.map(({ code }) => code),
    along: along.map(({ code }) => code),
  }
}

/** What is over: the last one first. */
async function pastOf(
  tx: Tx,
  ctx: Context,
  tenures: ReadonlyMap<string, readonly Tenure[]>,
): Promise<PersonPage['past']> {
  const past: PersonPage['past'] = []
  for (const [teamId, rows] of tenures) {
    const team = (await teamById(tx, ctx.company, teamId))?.name ?? ''
    for (const { post, from, to } of rows) if (to !== null) past.push({ teamId, team, post, from, to })
  }
  return past.sort((a, b) => b.from.localeCompare(a.from))
}

async function openSessions(tx: Tx, ctx: Context, id: string): Promise<PersonPage['sessions']> {
  const rows = await sessionsOf(tx, ctx.company, id, ctx.clock.now())
  return rows.map(({ platform, createdAt, lastSeenAt, userAgent }) => ({
    ...{ platform, browser: userAgent },
    since: createdAt.toISOString(),
    seen: lastSeenAt.toISOString(),
  }))
}

/** His page, or that he is not the viewer's to see any more, after what the viewer did himself. */
export async function pageOrNothing(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  id: string,
): Promise<PersonPage | { gone: string }> {
  if (await findStaff(tx, ctx, viewer, id, 'dispatch')) return personPage(tx, ctx, viewer, id)
  return { gone: (await personById(tx, ctx.company, id))?.name ?? '' }
}

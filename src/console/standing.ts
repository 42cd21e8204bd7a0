import type { Context } from '../context.ts'
import { restOn } from '../people/duty.ts'
import type { Role } from '../people/person.ts'
import type { RosterRow } from '../people/roster.ts'
import type { MemberOf, StandingToday } from './peoplewire.ts'

/** Each team once, with all he is there. */
export function memberOf(memberships: ReadonlyArray<{ teamId: string; team: string; role: Role }>): MemberOf[] {
  const teams = new Map<string, MemberOf>()
  for (const { teamId, team, role } of memberships) {
    const known = teams.get(teamId)
    if (known) known.roles.push(role)
    else teams.set(teamId, { teamId, team, roles: [role] })
  }
  return [...teams.values()]
}

/** Whether he is at work today, by the rule book of a team. */
export function todayOf(ctx: Context, row: RosterRow, policy: string): StandingToday {
  if (!row.active) return 'left'
  const away = row.away.reduce((sum, { from, to }) => sum + to - from, 0)
  if (away > 0) return away >= 1_440 ? 'leave' : 'partly'
  const rhythm = { restDays: row.restDays, daysOff: row.daysOff }
  return restOn(rhythm, ctx.policy(policy), ctx.clock.now()) ? 'rest' : 'active'
}

import type { Role } from '../people/person.ts'

/** Somebody who is signed in, and what he is. */
export interface Viewer {
  person: { id: string; name: string }
  /** The platform he signed in with. */
  platform: string
  /** Each team he is in, with all he is there. */
  teams: ReadonlyArray<{ teamId: string; team: string; roles: readonly Role[] }>
  /** Manager in every team there is: what is the company's as a whole is his, too. */
  isCompanyManager: boolean
}

/** His teams out of his memberships, one for each role he has; `teamCount` is how many there are in the company. */
export function viewerFrom(
  person: { id: string; name: string; memberships: ReadonlyArray<{ teamId: string; team: string; role: Role }> },
  platform: string,
  teamCount: number,
): Viewer {
  const teams = new Map<string, { teamId: string; team: string; roles: Role[] }>()
  for (const { teamId, team, role } of person.memberships) {
    const known = teams.get(teamId)
    if (known) known.roles.push(role)
    else teams.set(teamId, { teamId, team, roles: [role] })
  }
  const managed = [...teams.values()].filter(({ roles }) => roles.includes('manager')).length
  return {
    person: { id: person.id, name: person.name },
    platform,
    teams: [...teams.values()],
    isCompanyManager: teamCount > 0 && managed === teamCount,
  }
}

export const hasRole = (viewer: Viewer, teamId: string, wanted: readonly Role[]): boolean =>
  viewer.teams.some(team => team.teamId === teamId && team.roles.some(role => wanted.includes(role)))

/** It is he himself. */
export const isSelf = (viewer: Viewer, personId: string): boolean => viewer.person.id === personId

/** Everything of a team: its orders, its people. A technician sees his own things only. */
export const maySeeTeam = (viewer: Viewer, teamId: string): boolean =>
  hasRole(viewer, teamId, ['dispatcher', 'manager'])

/** Opens, assigns and cancels a team's orders, as in chat. */
export const mayDispatchIn = (viewer: Viewer, teamId: string): boolean =>
  hasRole(viewer, teamId, ['dispatcher', 'manager'])

/** Decides in a team: leave, incidents, appeals, the month's end. */
export const manages = (viewer: Viewer, teamId: string): boolean => hasRole(viewer, teamId, ['manager'])

/** Keeps a team's figures and sees its pay; decides nothing. */
export const keepsMonth = (viewer: Viewer, teamId: string): boolean => hasRole(viewer, teamId, ['manager', 'finance'])

/** What is somebody's own: his, or of one of the teams he is in. */
export const maySeePerson = (viewer: Viewer, personId: string, teamIds: readonly string[]): boolean =>
  isSelf(viewer, personId) || teamIds.some(teamId => maySeeTeam(viewer, teamId))

/** The teams he sees everything of. */
export const teamsSeen = (viewer: Viewer): string[] =>
  viewer.teams.map(({ teamId }) => teamId).filter(teamId => maySeeTeam(viewer, teamId))

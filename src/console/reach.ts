import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { type May, mays } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { hasRole, maySeePerson, type Viewer } from '../login/viewer.ts'
import type { Person, Team } from '../people/person.ts'
import { personById, teamById } from '../people/store.ts'

const unseen = (what: string) => new HttpProblem(404, 'Not found', `没有这${what}，或者不归你管。`)

/** The teams in which somebody may do this. */
export const teamsFor = (viewer: Viewer, may: Exclude<May, 'own'>): string[] =>
  viewer.teams.map(({ teamId }) => teamId).filter(teamId => hasRole(viewer, teamId, mays[may].roles))

/** A team in which the viewer may do this. Whether there is another says something, too: 404 for both. @throws HttpProblem 404 */
export async function needReach(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  teamId: string,
  may: Exclude<May, 'own'>,
): Promise<Team> {
  const team = teamsFor(viewer, may).includes(teamId) ? await teamById(tx, ctx.company, teamId) : null
  if (!team) throw unseen('个班组')
  return team
}

/** Somebody the viewer may see: himself, or of a team he dispatches or manages. @throws HttpProblem 404 */
export async function needSeenPerson(tx: Tx, ctx: Context, viewer: Viewer, personId: string): Promise<Person> {
  const person = await personById(tx, ctx.company, personId)
  const teams = person?.memberships.map(({ teamId }) => teamId) ?? []
  if (!person || !maySeePerson(viewer, person.id, teams)) throw unseen('个人')
  return person
}

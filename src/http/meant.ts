import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Person, Team } from '../people/person.ts'
import { personById, personByName, teamByIdOrName } from '../people/store.ts'
import { HttpProblem } from './problem.ts'

/** The team a request means, by name or id. @throws HttpProblem 422 */
export async function needTeam(tx: Tx, ctx: Context, key: string): Promise<Team> {
  const found = await teamByIdOrName(tx, ctx.company, key)
  if (found) return found
  throw new HttpProblem(422, 'Unknown team', `There is no team "${key}". POST /api/v1/teams first.`)
}

/** The person a request means, by name or id. @throws HttpProblem 422 */
export async function needPerson(tx: Tx, ctx: Context, key: string): Promise<Person> {
  const byId = z.uuid().safeParse(key).success ? await personById(tx, ctx.company, key) : null
  const found = byId ?? (await personByName(tx, ctx.company, key))
  if (found) return found
  throw new HttpProblem(422, 'Unknown person', `There is no person "${key}". POST /api/v1/people first.`)
}

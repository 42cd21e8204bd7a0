import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { endLeaveOf } from '../leave/enact.ts'
import { calendarOf } from '../policy/business.ts'
import { lockTenures, saveTenures, tenuresOf } from './employment.ts'
import { giveBackOrders } from './leaving.ts'
import type { Team } from './person.ts'
import { patchPerson, setRoles, standingOf, teamById, teamByIdOrName } from './store.ts'
import { entered, gone, type Tenure, type TenureGiven, tenured } from './tenure.ts'

/** What follows for somebody's employment when his teams or his post change. Each runs in the transaction it is handed. */

export const todayIn = (ctx: Context, team: Pick<Team, 'policy'>): string =>
  calendarOf(ctx.policy(team.policy)).dayOf(ctx.clock.now())

/** Brings a person's employment up to the teams he is in by now: in all of them, if he is active, and in no other. */
export async function keepEmployment(tx: Tx, ctx: Context, personId: string): Promise<void> {
  const standing = await standingOf(tx, ctx.company, personId)
  const teams = await lockTenures(tx, ctx.company, personId)
  const inside = new Set(standing.active ? standing.teamIds : [])
  for (const teamId of new Set([...inside, ...teams.keys()])) {
    const team = await teamById(tx, ctx.company, teamId)
    if (!team) continue
    const rows = teams.get(teamId) ?? []
    const today = todayIn(ctx, team)
    const next = inside.has(teamId) ? entered(rows, today) : gone(rows, today)
    await saved(tx, ctx, { personId, teamId }, rows, next)
  }
}

async function saved(
  tx: Tx,
  ctx: Context,
  whose: { personId: string; teamId: string },
  rows: readonly Tenure[],
  next: readonly Tenure[],
): Promise<void> {
  if (JSON.stringify(next) !== JSON.stringify(rows)) await saveTenures(tx, ctx.company, whose, next, ctx.clock.now())
}

/**
 * Takes in what is said of a person's time in a team. With his last day there he is no member any more and gives his
 * open orders back; with that of his last team he leaves the company. @throws Invalid 422
 */
export async function employ(
  tx: Tx,
  ctx: Context,
  { personId, team }: { personId: string; team: Team },
  given: TenureGiven,
): Promise<void> {
  needPost(ctx, team, given.post)
  const rows = (await lockTenures(tx, ctx.company, personId)).get(team.id) ?? []
  const { active, teamIds } = await standingOf(tx, ctx.company, personId)
  const next = tenured(rows, given, todayIn(ctx, team), active && teamIds.includes(team.id))
  await saved(tx, ctx, { personId, teamId: team.id }, rows, next)
  if (given.leftOn === undefined) return
  await giveBackOrders(tx, ctx, personId, [team.id])
  await setRoles(tx, ctx.company, { teamId: team.id, personId }, [])
  if ((await standingOf(tx, ctx.company, personId)).teamIds.length > 0) return
  await patchPerson(tx, ctx.company, personId, { active: false })
  await endLeaveOf(tx, ctx, personId)
}

/** @throws Invalid 422 where the team's rule book lists posts and this is none of them */
function needPost(ctx: Context, team: Team, post: string | null | undefined): void {
  const { posts } = ctx.policy(team.policy)
  if (!post || posts.length === 0 || posts.includes(post)) return
  const message = `"${team.name}" has no post "${post}": its policy "${team.policy}" lists ${posts.join('、')}`
  throw new Invalid(`post: ${message}`, [{ path: 'post', message }])
}

/** The team that is meant: the one named, else the only one he is in, or was in. @throws Invalid 422 */
export async function teamMeant(tx: Tx, ctx: Context, personId: string, named: string | undefined): Promise<Team> {
  const fail = (message: string): never => {
    throw new Invalid(`team: ${message}`, [{ path: 'team', message }])
  }
  if (named !== undefined) return (await teamByIdOrName(tx, ctx.company, named)) ?? fail(`there is no team "${named}"`)
  const now = (await standingOf(tx, ctx.company, personId)).teamIds
  const ever = (await tenuresOf(tx, ctx.company, [personId])).get(personId)?.keys() ?? []
  const [only, second] = now.length > 0 ? now : [...ever]
  if (only === undefined) return fail('is missing: he is in none')
  if (second !== undefined) return fail('is missing: he is in several')
  return (await teamById(tx, ctx.company, only)) ?? fail('is missing')
}

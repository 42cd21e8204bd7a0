import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { resendUnbound } from '../outbox/store.ts'
import { bind, unbind } from './accounts.ts'
import { employ, keepEmployment } from './employ.ts'
import { changePerson } from './enter.ts'
import type { Role, Team } from './person.ts'
import { type Double, doublesOf } from './roster.ts'
import { createTeam, lockOtherManagers, managersOf, patchPerson, patchTeam, setRoles, standingOf } from './store.ts'
import type { TenureGiven } from './tenure.ts'

/**
 * What people at the desk do with people and teams. A program of the API has the last word; whoever works on a page is
 * kept from what nobody wants: a team without a manager, two people with one number. Each runs in the transaction it is handed.
 */

/** @throws Refusal when the team would have no manager without this one */
async function needManagerLeft(tx: Tx, ctx: Context, personId: string, team: Pick<Team, 'id' | 'name'>): Promise<void> {
  const others = await lockOtherManagers(tx, ctx.company, team.id, personId)
  const is = await tx.membership.count({
    where: { company: ctx.company, teamId: team.id, personId, role: 'manager', person: { active: true } },
  })
  if (others > 0 || is === 0) return
  throw new Refusal('lastManager', `「${team.name}」只有他一位经理。请先让别人也做经理，再办这一项。`)
}

/** Takes somebody into a team, or makes him something else there; who had left the company comes back. @throws Refusal, Invalid */
export async function joinTeam(
  tx: Tx,
  ctx: Context,
  { personId, team }: { personId: string; team: Team },
  { roles, ...time }: { roles: readonly Role[] } & Pick<TenureGiven, 'post' | 'joinedOn'>,
): Promise<void> {
  if (!roles.includes('manager')) await needManagerLeft(tx, ctx, personId, team)
  await setRoles(tx, ctx.company, { teamId: team.id, personId }, roles)
  if (!(await standingOf(tx, ctx.company, personId)).active)
    await patchPerson(tx, ctx.company, personId, { active: true })
  await employ(tx, ctx, { personId, team }, time)
  await keepEmployment(tx, ctx, personId)
}

/** Lets somebody go from teams with his last day there; from the last one he leaves the company. @throws Refusal, Invalid */
export async function quitTeams(
  tx: Tx,
  ctx: Context,
  { personId, teams }: { personId: string; teams: readonly Team[] },
  leftOn: string,
): Promise<void> {
  for (const team of teams) await needManagerLeft(tx, ctx, personId, team)
  for (const team of teams) await employ(tx, ctx, { personId, team }, { leftOn })
  await keepEmployment(tx, ctx, personId)
}

/** Who is in no team leaves the company all the same. */
export async function dismiss(tx: Tx, ctx: Context, personId: string): Promise<void> {
  await changePerson(tx, ctx, personId, { active: false })
}

/** Binds a person to an account nobody else has. @throws Refusal */
export async function bindAccount(
  tx: Tx,
  ctx: Context,
  personId: string,
  { platform, userId }: { platform: PlatformName; userId: string },
): Promise<void> {
  needNoDouble(await doublesOf(tx, ctx.company, { [platform]: userId }, personId))
  const now = ctx.clock.now()
  await bind(tx, ctx.company, { platform, userId, personId, how: 'page' }, now)
  await resendUnbound(tx, ctx.company, personId, now)
}

/** The user id he had there. @throws Refusal where he had none */
export async function unbindAccount(tx: Tx, ctx: Context, personId: string, platform: PlatformName): Promise<string> {
  const userId = await unbind(tx, ctx.company, platform, personId)
  if (userId === null) throw new Refusal('none', '他在这个平台没有绑定账号，可能刚被别人解绑了。')
  return userId
}

const sameNames: Record<Double['by'], string> = {
  name: '姓名',
  mobile: '手机号',
  wecom: '企业微信账号',
  dingtalk: '钉钉账号',
}

/** @throws Refusal that names who has it already */
export function needNoDouble(doubles: readonly Double[]): void {
  const [first] = doubles
  if (!first) return
  const { name, active, teams } = first
  const where = active ? teams.join('、') || '没有班组' : '已离开'
  const todo = active ? '同一个人请打开他的页面改，不是同一个人请核对。' : '他回来上班的话，请打开他的页面加入班组。'
  throw new Refusal('double', `${sameNames[first.by]}和${name}（${where}）重复。${todo}`)
}

/**
 * A new team. Whoever manages all the others manages this one as well: else nobody would be the company's manager any
 * more. @throws Refusal, Invalid
 */
export async function openTeam(
  tx: Tx,
  ctx: Context,
  { name, policy }: { name: string; policy: string },
  by: string,
): Promise<Team> {
  ctx.needPolicy(policy)
  const teams = await tx.team.count({ where: { company: ctx.company } })
  const heads: string[] = []
  for (const personId of await managersOf(tx, ctx.company)) {
    const managed = await tx.membership.count({ where: { company: ctx.company, personId, role: 'manager' } })
    if (managed === teams || personId === by) heads.push(personId)
  }
  const team = await createTeam(tx, ctx.company, { name, policy }, ctx.clock.now())
  if (!team) throw taken(name)
  for (const personId of heads) {
    await setRoles(tx, ctx.company, { teamId: team.id, personId }, ['manager'])
    await keepEmployment(tx, ctx, personId)
  }
  return team
}

/** Another name, another rule book: from now on. @throws Refusal, Invalid */
export async function changeTeam(
  tx: Tx,
  ctx: Context,
  team: Team,
  change: { name?: string | undefined; policy?: string | undefined },
): Promise<void> {
  if (change.policy !== undefined) ctx.needPolicy(change.policy)
  if (change.name !== undefined && change.name !== team.name) {
    const other = await tx.team.count({ where: { company: ctx.company, name: change.name } })
    if (other > 0) throw taken(change.name)
  }
  await patchTeam(tx, ctx.company, team.id, change)
}

const taken = (name: string) => new Refusal('double', `已经有一个班组叫「${name}」，请换个名字。`)

import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { auditPage, seenOnPage } from '../http/audited.ts'
import { pageRoute } from '../http/pageroute.ts'
import { countTeams, dropSessionsOf, dropSessionsOn } from '../login/store.ts'
import { isSelf, type Viewer, viewerFrom } from '../login/viewer.ts'
import { changePerson } from '../people/enter.ts'
import { issueCode } from '../people/flow.ts'
import { maskPhone, roles, rolesIn, type Team } from '../people/person.ts'
import { doublesOf } from '../people/roster.ts'
import { personInput, personPatch } from '../people/schema.ts'
import { bindAccount, dismiss, joinTeam, needNoDouble, quitTeams, unbindAccount } from '../people/staff.ts'
import { personById, standingOf, teamById } from '../people/store.ts'
import { pageOrNothing, personPage } from './person.ts'
import { needReach } from './reach.ts'
import { needStaff, needWhole } from './staff.ts'

const id = z.uuid()
const platform = z.enum(['wecom', 'dingtalk'])
/** He knows that he himself will not manage the team any more. */
const sure = z.boolean().default(false)
const patch = personPatch.pick({
  mobile: true,
  platform: true,
  skills: true,
  areas: true,
  restDays: true,
  daysOff: true,
})
const inTeam = z.strictObject({
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  post: personPatch.shape.post,
  joinedOn: personInput.shape.joinedOn,
  sure,
})
const going = z.strictObject({ lastDay: z.iso.date(), sure })

interface Doing {
  viewer: Viewer
  http: KoaContext
}

/** Runs a change of a person's and answers with his page as it is then. */
async function changed(
  ctx: Context,
  { viewer }: Doing,
  personId: string,
  work: (tx: Tx) => Promise<void>,
): Promise<unknown> {
  const page = await inTransaction(ctx.db, async tx => {
    await work(tx)
    // Who changed what he is himself sees as much as that allows him now.
    const now = isSelf(viewer, personId) ? await viewerNow(tx, ctx, viewer) : viewer
    return pageOrNothing(tx, ctx, now, personId)
  })
  ctx.ring()
  return page
}

async function viewerNow(tx: Tx, ctx: Context, { person: { id }, platform }: Viewer): Promise<Viewer> {
  const person = await personById(tx, ctx.company, id)
  if (!person) throw new Refusal('none', '你已经不在公司了。')
  return viewerFrom(person, platform, await countTeams(tx, ctx.company))
}

/** Nobody stops being a manager himself without having been told. @throws Refusal */
function needSure(
  viewer: Viewer,
  personId: string,
  teams: readonly Team[],
  roles: readonly string[],
  is: boolean,
): void {
  if (is || !isSelf(viewer, personId) || roles.includes('manager')) return
  const lost = viewer.teams.filter(one => one.roles.includes('manager') && teams.some(({ id }) => id === one.teamId))
  if (lost.length === 0) return
  const names = lost.map(({ team }) => `「${team}」`).join('、')
  throw new Refusal('sure', `这样你自己就不再是${names}的经理了，之后要别的经理才能改回来。`)
}

async function teamsById(tx: Tx, ctx: Context, ids: readonly string[]): Promise<Team[]> {
  const teams = []
  for (const one of ids) teams.push(await teamById(tx, ctx.company, one))
  return teams.flatMap(team => (team ? [team] : []))
}

/** One person: what is known of him, his teams, his accounts, his sessions. */
export const personRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/people/{id}', id: 'person', may: 'dispatch' },
    params: z.object({ id }),
    handle: (ctx, { params, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const page = await personPage(tx, ctx, call.viewer, params.id)
        if (!page.isSelf) await seenOnPage(tx, ctx, call, { action: 'person.seen', subject: params.id })
        return page
      }),
  }),

  pageRoute({
    ...{ method: 'patch', path: '/people/{id}', id: 'changePersonPage', may: 'manage' },
    params: z.object({ id }),
    body: patch,
    handle: (ctx, { params, body, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        const { mobile } = body
        const need = mobile === undefined ? needStaff : needWhole
        await need(tx, ctx, call.viewer, params.id, 'manage')
        if (mobile) needNoDouble(await doublesOf(tx, ctx.company, { mobile }, params.id))
        await changePerson(tx, ctx, params.id, body)
        await auditPage(tx, ctx, call, { action: 'person.change', subject: params.id, data: told(body) })
      }),
  }),

  pageRoute({
    ...{ method: 'put', path: '/people/{id}/teams/{team}', id: 'joinTeam', may: 'manage' },
    params: z.object({ id, team: z.uuid() }),
    body: inTeam,
    handle: (ctx, { params, body, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        const { roles: given, post, joinedOn } = body
        const team = await needReach(tx, ctx, call.viewer, params.team, 'manage')
        const { person, active } = await needStaff(tx, ctx, call.viewer, params.id, 'dispatch')
        // Whoever comes back is in all the teams again that he was in.
        if (!active) await needWhole(tx, ctx, call.viewer, params.id)
        needSure(call.viewer, params.id, [team], given, body.sure)
        const before = rolesIn(person, team.id)
        await joinTeam(tx, ctx, { personId: params.id, team }, { roles: given, post, joinedOn })
        const action = before.length === 0 ? 'person.join' : 'person.roles'
        const data = {
          ...{ team: team.name, roles: given.join('、'), before: before.join('、') || null },
          ...(post !== undefined && { post }),
          ...(joinedOn !== undefined && { joinedOn }),
        }
        await auditPage(tx, ctx, call, { action, subject: params.id, data })
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people/{id}/teams/{team}/quit', id: 'quitTeam', may: 'manage' },
    params: z.object({ id, team: z.uuid() }),
    body: going,
    handle: (ctx, { params, body, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        const team = await needReach(tx, ctx, call.viewer, params.team, 'manage')
        await needStaff(tx, ctx, call.viewer, params.id, 'manage')
        needSure(call.viewer, params.id, [team], [], body.sure)
        await quitTeams(tx, ctx, { personId: params.id, teams: [team] }, body.lastDay)
        const data = { team: team.name, lastDay: body.lastDay }
        await auditPage(tx, ctx, call, { action: 'person.quit', subject: params.id, data })
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people/{id}/leave', id: 'leaveCompany', may: 'manage' },
    params: z.object({ id }),
    body: going,
    handle: (ctx, { params, body, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        const { active } = await needWhole(tx, ctx, call.viewer, params.id)
        if (!active) throw new Refusal('step', '他已经离开了，可能刚被别人办过。')
        const { teamIds } = await standingOf(tx, ctx.company, params.id)
        const teams = await teamsById(tx, ctx, teamIds)
        needSure(call.viewer, params.id, teams, [], body.sure)
        if (teams.length > 0) await quitTeams(tx, ctx, { personId: params.id, teams }, body.lastDay)
        else await dismiss(tx, ctx, params.id)
        const data = { lastDay: body.lastDay, teams: teams.map(({ name }) => name).join('、') }
        await auditPage(tx, ctx, call, { action: 'person.leave', subject: params.id, data })
      }),
  }),

  pageRoute({
    ...{ method: 'put', path: '/people/{id}/accounts/{platform}', id: 'bindAccount', may: 'manage' },
    params: z.object({ id, platform }),
    body: personInput.shape.wecom.unwrap(),
    handle: (ctx, { params, body: { userId }, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        await needWhole(tx, ctx, call.viewer, params.id)
        await bindAccount(tx, ctx, params.id, { platform: params.platform, userId })
        await dropSessionsOn(tx, ctx.company, params.id, params.platform)
        const data = { platform: params.platform, account: userId }
        await auditPage(tx, ctx, call, { action: 'person.bind', subject: params.id, data })
      }),
  }),

  pageRoute({
    ...{ method: 'delete', path: '/people/{id}/accounts/{platform}', id: 'unbindAccount', may: 'manage' },
    params: z.object({ id, platform }),
    handle: (ctx, { params, ...call }) =>
      changed(ctx, call, params.id, async tx => {
        await needWhole(tx, ctx, call.viewer, params.id)
        const account = await unbindAccount(tx, ctx, params.id, params.platform)
        await dropSessionsOn(tx, ctx.company, params.id, params.platform)
        const data = { platform: params.platform, account }
        await auditPage(tx, ctx, call, { action: 'person.unbind', subject: params.id, data })
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people/{id}/code', id: 'bindCode', may: 'manage' },
    params: z.object({ id }),
    handle: (ctx, { params, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const { person } = await needWhole(tx, ctx, call.viewer, params.id)
        const by = await personById(tx, ctx.company, call.viewer.person.id)
        if (!by) throw new Refusal('none', '你已经不在公司了。')
        const words = await issueCode(tx, ctx, by, person.name)
        await auditPage(tx, ctx, call, { action: 'person.code', subject: params.id })
        return { words }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people/{id}/signout', id: 'signOutPerson', may: 'manage' },
    params: z.object({ id }),
    handle: (ctx, { params, ...call }) =>
      inTransaction(ctx.db, async tx => {
        await needWhole(tx, ctx, call.viewer, params.id)
        const sessions = await dropSessionsOf(tx, ctx.company, params.id)
        await auditPage(tx, ctx, call, { action: 'session.endAll', subject: params.id, data: { sessions } })
        return personPage(tx, ctx, call.viewer, params.id)
      }),
  }),
]

/** What a change is written down as: days off by their number, a mobile as everywhere. */
function told(body: z.output<typeof patch>): Record<string, string | number | null> {
  const { mobile, platform: on, skills, areas, restDays, daysOff } = body
  return {
    ...(mobile !== undefined && { mobile: mobile && maskPhone(mobile) }),
    ...(on !== undefined && { platform: on }),
    ...(skills && { skills: skills.join('、') }),
    ...(areas && { areas: areas.join('、') }),
    ...(restDays && { restDays: restDays.join('、') }),
    ...(daysOff && { daysOff: daysOff.join('、') }),
  }
}

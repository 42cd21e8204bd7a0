import { z } from 'zod'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { auditPage } from '../http/audited.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import type { Viewer } from '../login/viewer.ts'
import type { Team } from '../people/person.ts'
import { dropRobot, placesOf, unbindChat } from '../people/places.ts'
import { headcounts } from '../people/roster.ts'
import { teamInput } from '../people/schema.ts'
import { changeTeam, openTeam } from '../people/staff.ts'
import { teamById } from '../people/store.ts'
import type { PolicyChoice, TeamItem, Teams } from './peoplewire.ts'
import { needReach, teamsFor } from './reach.ts'

const params = z.object({ team: z.uuid() })
const { name, policy } = teamInput.shape
const platform = z.enum(['wecom', 'dingtalk'])
const place = z.union([
  z.strictObject({ platform, chatId: z.string().min(1).max(128) }),
  z.strictObject({ platform, robot: z.literal(true) }),
])

/** Teams, the rule book each runs on, and the groups it speaks in. */
export const teamRoutes = (policyNames: () => readonly string[]): readonly PageRoute[] => [
  pageRoute({
    ...{ method: 'get', path: '/teams', id: 'teams', may: 'dispatch' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => teamsPage(tx, ctx, viewer, policyNames())),
  }),

  pageRoute({
    ...{ method: 'post', path: '/teams', id: 'newTeam', may: 'company' },
    body: z.strictObject({ name, policy }),
    handle: (ctx, { body, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const { id } = await openTeam(tx, ctx, body, call.viewer.person.id)
        await auditPage(tx, ctx, call, { action: 'team.enter', subject: id, data: body })
        return { id }
      }),
  }),

  pageRoute({
    ...{ method: 'patch', path: '/teams/{team}', id: 'changeTeam', may: 'manage' },
    params,
    body: z.strictObject({ name: name.optional(), policy: policy.unwrap().optional() }),
    handle: (ctx, { params, body, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, call.viewer, params.team, 'manage')
        await changeTeam(tx, ctx, team, body)
        const data = {
          ...(body.name !== undefined && { name: body.name, nameBefore: team.name }),
          ...(body.policy !== undefined && { policy: body.policy, policyBefore: team.policy }),
        }
        await auditPage(tx, ctx, call, { action: 'team.change', subject: team.id, data })
        return teamsPage(tx, ctx, call.viewer, policyNames())
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/teams/{team}/unbind', id: 'unbindGroup', may: 'manage' },
    params,
    body: place,
    handle: (ctx, { params, body, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, call.viewer, params.team, 'manage')
        const done =
          'robot' in body
            ? await dropRobot(tx, ctx.company, team.id, body.platform)
            : await unbindChat(tx, ctx.company, { teamId: team.id, ...body })
        if (!done) throw new Refusal('none', '这个群已经没有绑定这个班组了，可能刚被别人解绑。')
        await auditPage(tx, ctx, call, { action: 'team.unbind', subject: team.id, data: body })
        return teamsPage(tx, ctx, call.viewer, policyNames())
      }),
  }),
]

async function teamsPage(tx: Tx, ctx: Context, viewer: Viewer, policies: readonly string[]): Promise<Teams> {
  const ids = teamsFor(viewer, 'dispatch')
  const managed = teamsFor(viewer, 'manage')
  const places = await placesOf(tx, ctx.company, ids)
  const counts = await headcounts(tx, ctx.company, ids)
  const items: TeamItem[] = []
  for (const id of ids) {
    const team = await teamById(tx, ctx.company, id)
    if (team) items.push(itemOf(team))
  }
  return { items, policies: managed.length > 0 ? policies.map(one => choiceOf(ctx, policies, one)) : [] }

  function itemOf({ id, name, policy }: Team): TeamItem {
    return {
      ...{ id, name, policy: choiceOf(ctx, policies, policy), mayManage: managed.includes(id) },
      people: counts.filter(({ teamId }) => teamId === id).map(({ role, count }) => ({ role, count })),
      chats: places.chats
        .filter(({ teamId }) => teamId === id)
        .map(({ platform, chatId, via, boundAt }) => ({
          ...{ platform: platform as PlatformName, chatId, via },
          since: boundAt.toISOString(),
        })),
      robots: places.robots.filter(({ teamId }) => teamId === id).map(({ platform }) => platform as PlatformName),
    }
  }
}

/** A rule book as it is in force now. */
function choiceOf(ctx: Context, names: readonly string[], name: string): PolicyChoice {
  const { title, version } = ctx.policy(name)
  return { name, title, version, missing: !names.includes(name) }
}

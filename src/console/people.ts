import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { auditPage } from '../http/audited.ts'
import { type PageCall, pageRoute } from '../http/pageroute.ts'
import { accountsOf } from '../people/accounts.ts'
import { enterPerson } from '../people/enter.ts'
import { maskPhone, roles } from '../people/person.ts'
import { doublesOf, type RosterRow, rosterCounts, rosterPage, wordsInUse } from '../people/roster.ts'
import { personInput } from '../people/schema.ts'
import { needNoDouble } from '../people/staff.ts'
import { teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { DoublePerson, PeopleTerms, Roster, RosterItem } from './peoplewire.ts'
import { personPage } from './person.ts'
import { needReach, teamsFor } from './reach.ts'
import { memberOf, todayOf } from './standing.ts'

const query = z.object({
  team: z.uuid().optional(),
  standing: z.enum(['active', 'leave', 'left']).default('active'),
  role: z.enum(roles).optional(),
  q: z.string().trim().max(60).default(''),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
})

const doubled = z.object({
  name: z.string().trim().max(40).optional(),
  mobile: z.string().trim().max(20).optional(),
  wecom: z.string().trim().max(64).optional(),
  dingtalk: z.string().trim().max(64).optional(),
  except: z.uuid().optional(),
})

const newPerson = personInput
  .omit({ leftOn: true })
  .extend({ team: z.uuid(), roles: z.array(z.enum(roles)).min(1).max(roles.length) })

/** People of one's teams, and entering new ones. */
export const peopleRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/people', id: 'people', may: 'dispatch' },
    query,
    handle: (ctx, { viewer, query: { team, standing, role, q, limit, after } }) =>
      inTransaction(ctx.db, async (tx): Promise<Roster> => {
        if (team !== undefined) await needReach(tx, ctx, viewer, team, 'dispatch')
        const own = viewer.isCompanyManager ? null : teamsFor(viewer, 'dispatch')
        const day = calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
        const filter = { teamIds: team === undefined ? own : [team], standing, words: q, role, day }
        const rows = await rosterPage(tx, ctx.company, filter, { limit, after })
        return {
          items: await itemsOf(tx, ctx, rows),
          next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
          counts: await rosterCounts(tx, ctx.company, filter),
        }
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/people/terms', id: 'peopleTerms', may: 'dispatch' },
    handle: (ctx, { viewer }) =>
      inTransaction(ctx.db, async (tx): Promise<PeopleTerms> => {
        const posts = []
        for (const teamId of teamsFor(viewer, 'dispatch')) {
          const team = await teamById(tx, ctx.company, teamId)
          if (team) posts.push({ teamId, posts: [...ctx.policy(team.policy).posts] })
        }
        const today = calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
        return { roles: [...roles], ...(await wordsInUse(tx, ctx.company)), posts, today }
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/people/doubles', id: 'doubles', may: 'manage' },
    query: doubled,
    handle: (ctx, { query: { except, ...given } }) =>
      inTransaction(
        ctx.db,
        async (tx): Promise<{ items: DoublePerson[] }> => ({
          items: await doublesOf(tx, ctx.company, given, except),
        }),
      ),
  }),

  pageRoute({
    ...{ method: 'post', path: '/people', id: 'newPerson', may: 'manage' },
    body: newPerson,
    async handle(ctx, { body, ...call }) {
      const page = await inTransaction(ctx.db, async tx => {
        const id = await entered(tx, ctx, call, body)
        return personPage(tx, ctx, call.viewer, id)
      })
      ctx.ring()
      return page
    },
  }),
]

async function entered(
  tx: Tx,
  ctx: Context,
  call: Pick<PageCall<unknown, unknown, unknown>, 'viewer' | 'http'>,
  input: z.output<typeof newPerson>,
): Promise<string> {
  const team = await needReach(tx, ctx, call.viewer, input.team, 'manage')
  const { name, mobile, wecom, dingtalk } = input
  const given = { name, mobile, wecom: wecom?.userId, dingtalk: dingtalk?.userId }
  needNoDouble(await doublesOf(tx, ctx.company, given))
  const subject = await enterPerson(tx, ctx, input, 'page')
  const data = { name, team: team.name, roles: input.roles.join('、'), mobile: mobile ? maskPhone(mobile) : null }
  await auditPage(tx, ctx, call, { action: 'person.enter', subject, data })
  return subject
}

async function itemsOf(tx: Tx, ctx: Context, rows: readonly RosterRow[]): Promise<RosterItem[]> {
  const accounts = await accountsOf(
    tx,
    ctx.company,
    rows.map(({ id }) => id),
  )
  const rules = await rulesByTeam(tx, ctx, rows)
  return rows.map(row => {
    const { id, name, mobile, skills, areas, restDays, daysOff, inHand } = row
    return {
      ...{ id, name, mobile, skills, areas, restDays, daysOff, inHand },
      today: todayOf(ctx, row, rules.get(row.memberships[0]?.teamId ?? '') ?? 'default'),
      teams: memberOf(row.memberships),
      accounts: accounts.filter(({ personId }) => personId === id).map(({ platform }) => platform),
    }
  })
}

async function rulesByTeam(tx: Tx, ctx: Context, rows: readonly RosterRow[]): Promise<Map<string, string>> {
  const ids = new Set(rows.flatMap(({ memberships }) => memberships.map(({ teamId }) => teamId)))
  const rules = new Map<string, string>()
  for (const id of ids) rules.set(id, (await teamById(tx, ctx.company, id))?.policy ?? 'default')
  return rules
}

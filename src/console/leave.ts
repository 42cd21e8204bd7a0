import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { newestLeaves } from '../leave/find.ts'
import { homeTeam } from '../leave/look.ts'
import { teamById } from '../people/store.ts'
import { sendPhoto } from './evidence.ts'
import { actOn, askFor, leaveAct, leaveWish, planned } from './leaveacts.ts'
import { leaveCalendar, settingFor } from './leavecalendar.ts'
import { leaveWaiting, needLeave, needSelf } from './leavereach.ts'
import { leaveDetails, leaveRows } from './leaveshow.ts'
import type { LeaveForm, LeaveList } from './leavewire.ts'
import { needReach, teamsFor } from './reach.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like 2026-11' })
const state = z.enum(['asked', 'proposed', 'granted', 'rejected', 'withdrawn', 'lapsed', 'cancelled'])
const params = z.object({ code: z.string().max(20) })
const listQuery = z.object({
  ...{ team: z.uuid().optional(), person: z.uuid().optional(), state: state.optional() },
  ...{ limit: z.coerce.number().int().min(1).max(100).default(30), before: z.uuid().optional() },
})

/** `/leave`: the calendar of a team, requests, and what is done about them. */
export const leavePageRoutes: readonly PageRoute[] = [
  pageRoute({
    ...{ method: 'get', path: '/leave/calendar', id: 'leaveCalendar', may: 'dispatch' },
    query: z.object({ team: z.uuid(), month: month.optional() }),
    handle: (ctx, { viewer, query }) =>
      inTransaction(ctx.db, async tx =>
        leaveCalendar(tx, ctx, await needReach(tx, ctx, viewer, query.team, 'dispatch'), query.month),
      ),
  }),

  pageRoute({
    ...{ method: 'get', path: '/leave/waiting', id: 'leaveWaiting', may: 'own' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => leaveWaiting(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/leave/form', id: 'leaveForm', may: 'own' },
    query: z.object({ team: z.uuid().optional() }),
    handle: (ctx, { viewer, query }) =>
      inTransaction(ctx.db, async (tx): Promise<LeaveForm> => {
        const self = await needSelf(tx, ctx, viewer)
        const own = homeTeam(self)
        const team = query.team
          ? await needReach(tx, ctx, viewer, query.team, 'dispatch')
          : own
            ? await teamById(tx, ctx.company, own)
            : null
        if (!team) throw new HttpProblem(404, 'Not found', '你还不在任何班组里，请先让管理员录入。')
        const { rule, today, circle } = await settingFor(tx, ctx, team)
        const members = query.team ? circle.people.filter(one => homeTeam(one) === team.id) : [self]
        return {
          ...{ today, noon: rule.noon, people: members.map(({ id, name }) => ({ id, name })) },
          types: rule.types.map(({ name, unit, agreed, noticeDays, proof }) => ({
            ...{ name, unit, agreed },
            note: [
              noticeDays > 0 ? `提前 ${noticeDays} 天请` : '',
              { none: '', after: '证明事后补', first: '要先交证明' }[proof],
            ]
              .filter(Boolean)
              .join('，'),
          })),
        }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/leave/plan', id: 'planLeave', may: 'own' },
    body: leaveWish,
    handle: (ctx, { viewer, body }) => inTransaction(ctx.db, tx => planned(tx, ctx, viewer, body)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/leave/requests', id: 'listLeave', may: 'own' },
    query: listQuery,
    handle: (ctx, { viewer, query: { team, person, state: wanted, limit, before } }) =>
      inTransaction(ctx.db, async (tx): Promise<LeaveList> => {
        const reached = teamsFor(viewer, 'dispatch')
        const teamIds = team ? [(await needReach(tx, ctx, viewer, team, 'dispatch')).id] : reached
        const personId = team ? null : viewer.person.id
        const found = await newestLeaves(tx, ctx.company, {
          ...{ teamIds, personId, state: wanted, of: person, before, limit },
        })
        const next = found.length === limit ? (found.at(-1)?.id ?? null) : null
        return { items: await leaveRows(tx, ctx, viewer, found), next }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/leave/requests', id: 'askLeave', may: 'own' },
    body: leaveWish,
    async handle(ctx, { viewer, body }) {
      const done = await inTransaction(ctx.db, tx => askFor(tx, ctx, viewer, body))
      ctx.ring()
      return done
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/leave/requests/{code}', id: 'leaveRequest', may: 'own' },
    params,
    handle: (ctx, { viewer, params: { code } }) =>
      inTransaction(ctx.db, async tx => leaveDetails(tx, ctx, viewer, (await needLeave(tx, ctx, viewer, code)).scene)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/leave/requests/{code}', id: 'actOnLeave', may: 'own' },
    params,
    body: leaveAct,
    async handle(ctx, { viewer, params: { code }, body }) {
      const done = await inTransaction(ctx.db, tx => actOn(tx, ctx, viewer, code, body))
      ctx.ring()
      return done
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/leave/requests/{code}/proofs/{id}', id: 'leaveProof', may: 'own' },
    params: params.extend({ id: z.uuid() }),
    handle: (ctx, { viewer, params: { code, id }, http }) =>
      inTransaction(ctx.db, async tx => {
        const { facts } = (await needLeave(tx, ctx, viewer, code)).scene.leave
        const among = facts.flatMap(fact => (fact.fact === 'proof' ? [fact.media] : []))
        return sendPhoto(tx, ctx, http, { id, among, name: `${code} 证明` })
      }),
  }),
]

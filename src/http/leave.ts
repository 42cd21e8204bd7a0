import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { wholeDay } from '../leave/count.ts'
import { leavesOfTeam } from '../leave/find.ts'
import { settingOf } from '../leave/look.ts'
import { type LeaveTime, teamDays } from '../leave/overview.ts'
import type { LeaveRecord } from '../leave/request.ts'
import { leaveByCode } from '../leave/rows.ts'
import { namesOf } from '../people/store.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { paging, teamKey as team } from './shapes/common.ts'
import { leaveCalendar, leavePage, leaveState, leaveWithTimeline } from './shapes/leaves.ts'

const day = z.iso.date({ error: 'must be a day like 2026-12-01' })
const listQuery = z.object({ team, state: leaveState.optional(), ...paging })
const calendarQuery = z.object({ team, from: day, to: day })
const longest = 92

/** `/api/v1/leaves`, `/api/v1/leave-calendar`: requests with their journals, and who is away on which day. */
export const leaveRoutes = [
  route({
    ...{ method: 'get', path: '/leaves', id: 'listLeaves', tag: 'leaves', scope: 'leaves:read' },
    summary: 'List a team’s requests for leave, the oldest first',
    query: listQuery,
    answers: { 200: leavePage },
    handle: (ctx, { query: { limit, after, state, team: key } }) =>
      inTransaction(ctx.db, async tx => {
        const { id } = await needTeam(tx, ctx, key)
        const wanted = { limit, ...(after && { after }), ...(state && { state }) }
        const found = await leavesOfTeam(tx, ctx.company, id, wanted)
        const items = await leavesJson(tx, ctx, found)
        return { items, next: found.length === limit ? found.at(-1)?.id : null }
      }),
  }),

  route({
    ...{ method: 'get', path: '/leaves/{code}', id: 'getLeave', tag: 'leaves', scope: 'leaves:read' },
    summary: 'A request for leave with its journal',
    params: z.object({ code: z.string() }),
    answers: { 200: leaveWithTimeline },
    problems: [404],
    handle: (ctx, { params: { code } }) =>
      inTransaction(ctx.db, async tx => {
        const leave = await leaveByCode(tx, ctx.company, code)
        if (!leave) throw new HttpProblem(404, 'Not found', `There is no leave ${code}.`)
        const [shown] = await leavesJson(tx, ctx, [leave])
        return { ...shown, timeline: leave.facts }
      }),
  }),

  route({
    ...{ method: 'get', path: '/leave-calendar', id: 'getLeaveCalendar', tag: 'leaves', scope: 'leaves:read' },
    summary: 'Who of a team is away on which day',
    query: calendarQuery,
    answers: { 200: leaveCalendar },
    async handle(ctx, { query: { team: key, from, to } }) {
      const span = (Date.parse(to) - Date.parse(from)) / 86_400_000
      if (span < 0 || span >= longest)
        throw new HttpProblem(422, 'Bad span', `from and to must lie at most ${longest} days apart, from first.`)
      return inTransaction(ctx.db, async tx => {
        const { id, name } = await needTeam(tx, ctx, key)
        const setting = await settingOf(tx, ctx, id)
        if (!setting) throw new HttpProblem(422, 'No leave', `The policy of "${name}" has no section leave.`)
        const days = await teamDays(tx, ctx, setting, { from, to })
        return { team: { id, name }, items: days.map(one => ({ ...one, away: one.away.map(awayJson) })), next: null }
      })
    },
  }),
]

const awayJson = ({ share, leaveId: _, ...rest }: LeaveTime) => ({ ...rest, days: share / wholeDay })

export async function leavesJson(tx: Tx, ctx: Context, leaves: readonly LeaveRecord[]): Promise<object[]> {
  const people = leaves.flatMap(({ view }) => [view.person, view.decided?.by ?? ''])
  const names = await namesOf(tx, ctx.company, people.filter(Boolean))
  const person = (id: string | null | undefined) => (id ? { id, name: names.get(id) ?? '' } : null)
  return leaves.map(({ id, code, team: name, teamId, view }) => ({
    ...{
      id,
      code,
      team: { id: teamId, name },
      person: person(view.person),
      kind: view.kind,
      of: view.of?.code ?? null,
    },
    ...{ type: view.type, state: view.state, reason: view.reason, flags: [...view.flags] },
    days: view.days.map(({ day: date, from, to, share }) => ({ day: date, from, to, days: share / wholeDay })),
    total: view.days.reduce((sum, { share }) => sum + share, 0) / wholeDay,
    ...{ askedAt: view.askedAt, decidedAt: view.decided?.at ?? null, decidedBy: person(view.decided?.by) },
    ...{ policy: view.policy, approval: view.sent },
  }))
}

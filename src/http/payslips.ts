import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { slipOf, slipsOf } from '../settlement/rows.ts'
import { namedEntries } from '../settlement/slipview.ts'
import { needPerson, needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { needMonth, ofMonth } from './settlements.ts'
import { month as monthText, paging, personKey, teamKey } from './shapes/common.ts'
import { payslip, payslipPage, points } from './shapes/months.ts'
import { slipJson, slipSummary } from './slipjson.ts'

const listQuery = z.object({ team: teamKey, month: monthText, ...paging })
const pointsQuery = z.object({ team: teamKey, month: monthText, person: personKey })

/** `/api/v1/payslips`, `/api/v1/points`: what each person has of a month, drafts too. */
export const payslipRoutes = [
  route({
    ...{ method: 'get', path: '/payslips', id: 'listPayslips', tag: 'months', scope: 'months:read' },
    summary: 'List the payslips of a month, drafts too',
    query: listQuery,
    answers: { 200: payslipPage },
    problems: [404],
    handle: (ctx, { query: { limit, after, ...which } }) =>
      inTransaction(ctx.db, async tx => {
        const { record } = await needMonth(tx, ctx, which)
        const slips = await slipsOf(tx, ctx.company, record.id, { limit, after })
        const next = slips.length === limit ? (slips.at(-1)?.person ?? null) : null
        return { state: record.view.state, items: slips.map(slipSummary), next }
      }),
  }),

  route({
    ...{ method: 'get', path: '/payslips/{team}/{month}/{person}', id: 'getPayslip', tag: 'months' },
    scope: 'months:read',
    summary: 'A payslip line by line',
    params: ofMonth.extend({ person: personKey }),
    answers: { 200: payslip },
    problems: [404],
    handle: (ctx, { params: { person, ...which } }) =>
      inTransaction(ctx.db, async tx => {
        const { record } = await needMonth(tx, ctx, which)
        const slip = await slipOf(tx, ctx.company, record.id, (await needPerson(tx, ctx, person)).id)
        if (!slip) throw new HttpProblem(404, 'Not found', `"${person}" has no payslip of ${record.month} there.`)
        return { state: record.view.state, ...slipJson(slip) }
      }),
  }),

  route({
    ...{ method: 'get', path: '/points', id: 'getPoints', tag: 'months', scope: 'months:read' },
    summary: 'What somebody’s points of a month come from',
    query: pointsQuery,
    answers: { 200: points },
    handle: (ctx, { query: { team, month, person } }) =>
      inTransaction(ctx.db, async tx => {
        const { id: teamId } = await needTeam(tx, ctx, team)
        const { id: personId } = await needPerson(tx, ctx, person)
        const entries = (await namedEntries(tx, ctx.company, { teamId, month }, [personId])).get(personId) ?? []
        const items = entries.map(({ day, source, code, rule, hundredths, corrects, at, policy, version }) => ({
          ...{ day, source, code, rule, points: hundredths / 100, corrects, at, policy: { name: policy, version } },
        }))
        return { items, total: entries.reduce((sum, { hundredths }) => sum + hundredths, 0) / 100, next: null }
      }),
  }),
]

import type Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { slipOf, slipsOf } from '../settlement/rows.ts'
import { namedEntries } from '../settlement/slipview.ts'
import { check } from './body.ts'
import { HttpProblem } from './problem.ts'
import { monthText, needMonth, needPerson, needTeam } from './settlements.ts'
import { slipJson, slipSummary } from './slipjson.ts'

const key = z.string().trim().min(1).max(80)
const listQuery = z.object({
  ...{ team: key, month: monthText },
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
})
const pointsQuery = z.object({ team: key, month: monthText, person: key })

/** `/api/v1/payslips`, `/api/v1/points`: what each person has of a month, drafts too. */
export function payslipRoutes(router: Router, ctx: Context): void {
  router.get('/payslips', async http => {
    const { limit, after, ...which } = check(listQuery, http.query)
    http.body = await inTransaction(ctx.db, async tx => {
      const { record } = await needMonth(tx, ctx, which)
      const slips = await slipsOf(tx, ctx.company, record.id, { limit, after })
      const next = slips.length === limit ? (slips.at(-1)?.person ?? null) : null
      return { state: record.view.state, items: slips.map(slipSummary), next }
    })
  })

  router.get('/payslips/:team/:month/:person', async http => {
    http.body = await inTransaction(ctx.db, async tx => {
      const { record } = await needMonth(tx, ctx, http.params)
      const slip = await slipOf(tx, ctx.company, record.id, await needPerson(tx, ctx, check(key, http.params.person)))
      if (!slip)
        throw new HttpProblem(404, 'Not found', `"${http.params.person}" has no payslip of ${record.month} there.`)
      return { state: record.view.state, ...slipJson(slip) }
    })
  })

  router.get('/points', async http => {
    const { team, month, person } = check(pointsQuery, http.query)
    http.body = await inTransaction(ctx.db, async tx => {
      const { id: teamId } = await needTeam(tx, ctx, team)
      const personId = await needPerson(tx, ctx, person)
      const entries = (await namedEntries(tx, ctx.company, { teamId, month }, [personId])).get(personId) ?? []
      const items = entries.map(({ day, source, code, rule, hundredths, corrects, at, policy, version }) => ({
        ...{ day, source, code, rule, points: hundredths / 100, corrects, at, policy: { name: policy, version } },
      }))
      return { items, total: entries.reduce((sum, { hundredths }) => sum + hundredths, 0) / 100, next: null }
    })
  })
}

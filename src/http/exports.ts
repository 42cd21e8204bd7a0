import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Exported, exportFigures, exportOrders, exportPeople } from '../exports/flow.ts'
import { monthsMeant } from '../settlement/figureflow.ts'
import { whoOf } from './imports.ts'
import { needTeam } from './meant.ts'
import { route } from './route.ts'
import { day, month, teamKey } from './shapes/common.ts'
import { exportFormat as format } from './shapes/imports.ts'
import { orderState } from './shapes/orders.ts'

const team = teamKey.optional()
const file = { 200: { file: '*/*' } } as const
const states = z
  .string()
  .transform(given => given.split(',').map(one => one.trim()))
  .pipe(z.array(orderState).min(1))
  .describe('One state, or several with commas between them')

/** `/api/v1/exports`: tables that an import reads again. */
export const exportRoutes = [
  route({
    ...{ method: 'get', path: '/exports/orders', id: 'exportOrders', tag: 'imports', scope: 'orders:read' },
    summary: 'Orders as a workbook or CSV file, the oldest first',
    description: 'Up to 50,000 orders as `xlsx`; more only as `csv`. Customers’ numbers are in full.',
    query: z.object({
      ...{ format, team, state: states.optional() },
      from: day.optional().describe('First day they came in on'),
      to: day.optional().describe('Last day they came in on'),
    }),
    answers: file,
    async handle(ctx, { query: { format, team: key, state, from, to }, http }) {
      const asked = { format, team: await teamOf(ctx, key), states: state ?? null, from: from ?? null, to: to ?? null }
      return answered(http, await exportOrders(ctx, whoOf(http), asked))
    },
  }),

  route({
    ...{ method: 'get', path: '/exports/people', id: 'exportPeople', tag: 'imports', scope: 'people:read' },
    summary: 'People in their teams as a workbook or CSV file, also who left',
    query: z.object({ format, team }),
    answers: file,
    async handle(ctx, { query: { format, team: key }, http }) {
      return answered(http, await exportPeople(ctx, whoOf(http), { format, team: await teamOf(ctx, key) }))
    },
  }),

  route({
    ...{ method: 'get', path: '/exports/figures', id: 'exportFigures', tag: 'imports', scope: 'months:read' },
    summary: 'The numbers of a month: the workbook to fill in, or one flat CSV table',
    query: z.object({ format, team: teamKey, month: month.optional() }),
    answers: file,
    async handle(ctx, { query: { format, team: key, month: wanted }, http }) {
      const own = await needTeam(ctx.db.prisma, ctx, key)
      const { meant } = await monthsMeant(ctx.db.prisma, ctx, own)
      return answered(http, await exportFigures(ctx, whoOf(http), { format, team: own, month: wanted ?? meant }))
    },
  }),
]

const teamOf = async (ctx: Context, key: string | undefined) =>
  key === undefined ? null : needTeam(ctx.db.prisma, ctx, key)

function answered(http: KoaContext, { fileName, type, body }: Exported): Exported['body'] {
  http.type = type
  http.attachment(fileName)
  http.set('Cache-Control', 'no-store')
  return body
}

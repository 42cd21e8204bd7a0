import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { type Exported, exportOrders, exportPeople } from '../exports/flow.ts'
import { importJson, linesJson, tableUpload } from '../http/imports.ts'
import { type May, pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { xlsx } from '../http/workbook.ts'
import { confirmImport, discardImport, importFor, previewImport, type Who } from '../imports/flow.ts'
import { type ImportRecord, listImports } from '../imports/store.ts'
import { template } from '../imports/template.ts'
import { askerIp, shortIp } from '../login/origin.ts'
import type { Viewer } from '../login/viewer.ts'
import { openStates, stateNames } from '../orders/order.ts'
import type { Team } from '../people/person.ts'
import { needReach, teamsFor } from './reach.ts'

const kind = z.enum(['orders', 'people'])
type Kind = z.output<typeof kind>
/** Numbers of a month have their own workbook, where the month is (figures). */
const mayImport = { orders: 'dispatch', people: 'manage' } as const satisfies Record<Kind, Exclude<May, 'own'>>
const params = z.object({ id: z.uuid() })
const shown = 20
const states = z.enum(Object.keys(stateNames) as [keyof typeof stateNames, ...Array<keyof typeof stateNames>])

/** `/imports`, `/exports`: tables of orders and people of one's teams. */
export const importPageRoutes = [
  pageRoute({
    ...{ method: 'post', path: '/imports', id: 'previewImport', may: 'dispatch' },
    query: z.object({ kind, team: z.uuid(), fileName: z.string().trim().min(1).max(200).optional() }),
    body: tableUpload,
    async handle(ctx, { viewer, query: { kind: of, team: id, fileName = null }, body, http }) {
      const team = await needReach(ctx.db.prisma, ctx, viewer, id, mayImport[of])
      const sent = { kind: of, team, month: null, bytes: body, fileName }
      return importJson(ctx, await previewImport(ctx, whoFor(viewer, of, http), sent))
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/imports', id: 'imports', may: 'dispatch' },
    async handle(ctx, { viewer }) {
      const teamIds = teamsFor(viewer, 'dispatch')
      const managed = teamsFor(viewer, 'manage')
      const found = await listImports(ctx.db.prisma, ctx.company, {
        kinds: ['orders', 'people'],
        teamIds,
        limit: shown,
      })
      const his = found.filter(one => one.kind === 'orders' || (one.teamId !== null && managed.includes(one.teamId)))
      return { items: await linesJson(ctx, his) }
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/imports/template', id: 'importTemplate', may: 'dispatch' },
    query: z.object({ kind }),
    async handle(_, { query: { kind: of }, http }) {
      http.type = xlsx
      http.attachment(of === 'orders' ? '订单导入模板.xlsx' : '人员导入模板.xlsx')
      return template(of)
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/imports/{id}', id: 'import', may: 'dispatch', params },
    handle: async (ctx, { viewer, params: { id } }) => importJson(ctx, (await needImport(ctx, viewer, id)).record),
  }),

  pageRoute({
    ...{ method: 'post', path: '/imports/{id}/confirm', id: 'confirmImport', may: 'dispatch', params },
    async handle(ctx, { viewer, params: { id }, http }) {
      const { kind: of } = await needImport(ctx, viewer, id)
      const record = await confirmImport(ctx, whoFor(viewer, of, http), id)
      if (!record) throw missing()
      return importJson(ctx, record)
    },
  }),

  pageRoute({
    ...{ method: 'delete', path: '/imports/{id}', id: 'discardImport', may: 'dispatch', params },
    async handle(ctx, { viewer, params: { id }, http }) {
      const { kind: of } = await needImport(ctx, viewer, id)
      if (!(await discardImport(ctx, whoFor(viewer, of, http), id))) throw missing()
      return { discarded: true }
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/exports/orders', id: 'exportOrders', may: 'dispatch' },
    query: z.object({
      ...{ format: z.enum(['xlsx', 'csv']).default('xlsx'), team: z.uuid().optional() },
      ...{ from: z.iso.date().optional(), to: z.iso.date().optional(), state: states.optional() },
      open: z.stringbool().default(false),
    }),
    async handle(ctx, { viewer, query: { format, team, from = null, to = null, state, open }, http }) {
      const wanted = state ? [state] : open ? openStates : null
      const asked = { format, team: await teamOf(ctx, viewer, team, 'dispatch'), from, to, states: wanted }
      return answerFile(http, await exportOrders(ctx, whoFor(viewer, 'orders', http), asked))
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/exports/people', id: 'exportPeople', may: 'manage' },
    query: z.object({ format: z.enum(['xlsx', 'csv']).default('xlsx'), team: z.uuid().optional() }),
    async handle(ctx, { viewer, query: { format, team }, http }) {
      const asked = { format, team: await teamOf(ctx, viewer, team, 'manage') }
      return answerFile(http, await exportPeople(ctx, whoFor(viewer, 'people', http), asked))
    },
  }),
]

const missing = () => new HttpProblem(404, 'Not found', '没有这次导入，可能已经放弃或过期。')

async function teamOf(
  ctx: Context,
  viewer: Viewer,
  id: string | undefined,
  may: Exclude<May, 'own'>,
): Promise<Team | null> {
  return id === undefined ? null : needReach(ctx.db.prisma, ctx, viewer, id, may)
}

function whoFor(viewer: Viewer, of: Kind, http: KoaContext): Who {
  return {
    ...{ personId: viewer.person.id, via: 'page', token: null, teamIds: teamsFor(viewer, mayImport[of]) },
    ip: shortIp(askerIp(http.req.socket.remoteAddress ?? '', http.get('X-Forwarded-For'))),
  }
}

/** @throws HttpProblem 404 for one that is not there or of a team that is not his */
async function needImport(ctx: Context, viewer: Viewer, id: string): Promise<{ record: ImportRecord; kind: Kind }> {
  const record = await importFor(ctx.db.prisma, ctx, { teamIds: teamsFor(viewer, 'dispatch') }, id)
  const of = kind.safeParse(record?.kind)
  if (!record || !of.success) throw missing()
  if (record.teamId === null || !teamsFor(viewer, mayImport[of.data]).includes(record.teamId)) throw missing()
  return { record, kind: of.data }
}

function answerFile(http: KoaContext, { fileName, type, body }: Exported): Exported['body'] {
  http.type = type
  http.attachment(fileName)
  return body
}

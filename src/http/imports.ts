import { z } from 'zod'
import type { Context } from '../context.ts'
import { Invalid } from '../errors.ts'
import { confirmImport, discardImport, importFor, previewImport, type Who } from '../imports/flow.ts'
import type { ImportKind } from '../imports/import.ts'
import type { Asked } from '../imports/kinds.ts'
import { type ImportLine, type ImportRecord, listImports } from '../imports/store.ts'
import { limits } from '../imports/table.ts'
import { template } from '../imports/template.ts'
import { askerIp, shortIp } from '../login/origin.ts'
import type { Team } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { monthsMeant } from '../settlement/figureflow.ts'
import { bearerOf, needScope } from './access.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { type Call, route, type Upload } from './route.ts'
import { covers, type Scope } from './scopes.ts'
import { month, paging, teamKey } from './shapes/common.ts'
import { importKind, importPage, importShape } from './shapes/imports.ts'
import { xlsx } from './workbook.ts'

export const tableUpload: Upload = {
  types: [xlsx, 'text/csv', 'application/csv', 'application/vnd.ms-excel', 'application/octet-stream'],
  maxBytes: limits.bytes,
  what: 'an xlsx workbook or a CSV file',
}
/** By kind: who may import may also see what was imported. */
const scopeOf = { orders: 'orders:write', people: 'people:write', figures: 'months:write' } as const satisfies Record<
  ImportKind,
  Scope
>
const anyOf = ['orders:write', 'people:write', 'months:write'] as const
const params = z.object({ id: z.uuid() })
const of = { tag: 'imports', scope: anyOf, params } as const

/** `/api/v1/imports`: tables of orders, people and figures, shown first and imported when that is confirmed. */
export const importRoutes = [
  route({
    ...{ method: 'post', path: '/imports', id: 'previewImport', tag: 'imports', scope: anyOf },
    summary: 'Send a table and see what would be imported',
    description:
      'Nothing is imported yet: confirm the preview within a day. Needs the scope of what is imported: `orders:write`, `people:write` or `months:write`.',
    query: z.object({
      kind: importKind,
      team: teamKey
        .optional()
        .describe('Name or id of the team; needed except for people, of whom each row may name one'),
      month: month.optional().describe('Of figures; the month that is meant now when missing'),
      fileName: z.string().trim().min(1).max(200).optional().describe('For people to recognise it by'),
    }),
    body: tableUpload,
    answers: { 201: importShape },
    problems: [409],
    async handle(ctx, { query: { kind, team: key, month: wanted, fileName = null }, body, http }) {
      needScope(http, scopeOf[kind])
      const team = key === undefined ? null : await needTeam(ctx.db.prisma, ctx, key)
      const made = await previewImport(ctx, whoOf(http), {
        ...(await asked(ctx, kind, team, wanted)),
        bytes: body,
        fileName,
      })
      return importJson(ctx, made)
    },
  }),

  route({
    ...{ method: 'get', path: '/imports', id: 'listImports', tag: 'imports', scope: anyOf },
    summary: 'List imports, the newest first; of the kinds the token may import',
    query: z.object(paging),
    answers: { 200: importPage },
    async handle(ctx, { query: { limit, after }, http }) {
      const { scopes } = bearerOf(http)
      const kinds = importKind.options.filter(kind => covers(scopes, scopeOf[kind]))
      const found = await listImports(ctx.db.prisma, ctx.company, { kinds, teamIds: null, after, limit })
      const items = await linesJson(ctx, found)
      return { items, next: found.length === limit ? found.at(-1)?.id : null }
    },
  }),

  route({
    ...{ method: 'get', path: '/imports/template', id: 'getImportTemplate', tag: 'imports', scope: anyOf },
    summary: 'A workbook to fill in, with a sheet that explains every column',
    description: 'Figures have one of their own for each team and month: `GET /figures/sheet`.',
    query: z.object({ kind: z.enum(['orders', 'people']) }),
    answers: { 200: { file: xlsx } },
    async handle(_, { query: { kind }, http }) {
      http.type = xlsx
      http.attachment(kind === 'orders' ? '订单导入模板.xlsx' : '人员导入模板.xlsx')
      return template(kind)
    },
  }),

  route({
    ...{ ...of, method: 'get', path: '/imports/{id}', id: 'getImport', problems: [404] },
    summary: 'An import with everything that was found wrong, and what came of it',
    answers: { 200: importShape },
    handle: async (ctx, call) => importJson(ctx, await found(ctx, call)),
  }),

  route({
    ...{ ...of, method: 'post', path: '/imports/{id}/confirm', id: 'confirmImport', problems: [404, 409] },
    summary: 'Import what the preview showed: all of it once, or nothing',
    description:
      'Sent again it answers the same. 202: so many rows that the rest is being done; ask for the import until it is `imported`. 409: something is not as it was, `errors` has each row, nothing was imported.',
    answers: { 200: importShape, 202: importShape },
    async handle(ctx, call) {
      await found(ctx, call)
      const { http } = call
      const record = await confirmImport(ctx, whoOf(http), call.params.id)
      if (!record) throw missing(call.params.id)
      http.status = record.state === 'importing' ? 202 : 200
      return importJson(ctx, record)
    },
  }),

  route({
    ...{ ...of, method: 'delete', path: '/imports/{id}', id: 'discardImport', problems: [404, 409] },
    summary: 'Throw a preview away',
    answers: { 204: null },
    async handle(ctx, call) {
      await found(ctx, call)
      if (!(await discardImport(ctx, whoOf(call.http), call.params.id))) throw missing(call.params.id)
    },
  }),
]

type Http = Call<unknown, unknown, unknown>['http']

/** A program speaks for the whole company. */
export const whoOf = (http: Http): Who => ({
  ...{ personId: null, via: 'api', token: bearerOf(http).name, teamIds: null },
  ip: shortIp(askerIp(http.req.socket.remoteAddress ?? '', http.get('X-Forwarded-For'))),
})

async function asked(ctx: Context, kind: ImportKind, team: Team | null, wanted: string | undefined): Promise<Asked> {
  if (kind === 'people') return { kind, team, month: null }
  if (!team) throw new Invalid('team: is missing: say which team it is for', [{ path: 'team', message: 'is missing' }])
  if (kind === 'orders') return { kind, team, month: null }
  const { meant, now } = await monthsMeant(ctx.db.prisma, ctx, team)
  if (wanted !== undefined && wanted > now) throw new HttpProblem(422, 'Month ahead', `${wanted} has not begun.`)
  return { kind, team, month: wanted ?? meant }
}

const missing = (id: string) => new HttpProblem(404, 'Not found', `There is no import ${id}.`)

/** @throws HttpProblem 404, 403 for a kind the token may not import */
async function found(
  ctx: Context,
  { params: { id }, http }: Call<{ id: string }, unknown, unknown>,
): Promise<ImportRecord> {
  const record = await importFor(ctx.db.prisma, ctx, { teamIds: null }, id)
  if (!record) throw missing(id)
  needScope(http, scopeOf[record.kind])
  return record
}

export async function importJson(ctx: Context, record: ImportRecord): Promise<object> {
  const { badRows, faults, warnings, notes, sample } = record
  const [line] = await linesJson(ctx, [record])
  return { ...line, badRows, faults, warnings, notes, sample }
}

export async function linesJson(ctx: Context, lines: readonly ImportLine[]): Promise<object[]> {
  const names = await namesOf(
    ctx.db.prisma,
    ctx.company,
    lines.flatMap(({ by }) => by ?? []),
  )
  const teams = new Map<string, string>()
  for (const { teamId } of lines)
    if (teamId && !teams.has(teamId)) teams.set(teamId, (await needTeam(ctx.db.prisma, ctx, teamId)).name)
  const now = ctx.clock.now()
  return lines.map(
    ({ id, kind, teamId, month, fileName, total, good, known, badRows, done, result, by, token, ...rest }) => {
      const { state, createdAt, expiresAt, importedAt } = rest
      const over = (state === 'ready' || state === 'faulty') && expiresAt <= now
      return {
        ...{
          id,
          kind,
          state: over ? 'expired' : state,
          month,
          fileName,
          total,
          good,
          known,
          bad: badRows.length,
          done,
          result,
        },
        team: teamId && { id: teamId, name: teams.get(teamId) ?? '' },
        ...{ by: by && { id: by, name: names.get(by) ?? '' }, token, createdAt, expiresAt, importedAt },
      }
    },
  )
}

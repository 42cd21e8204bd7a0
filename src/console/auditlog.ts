import { DateTime } from 'luxon'
import { z } from 'zod'
import { type AuditFilter, type AuditRow, auditActions, auditRows } from '../audit/store.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { auditPage } from '../http/audited.ts'
import { pageRoute } from '../http/pageroute.ts'
import { namesOf } from '../people/store.ts'
import { csv } from './csv.ts'
import type { AuditItem, AuditList } from './opswire.ts'

const filter = {
  person: z.uuid().optional(),
  action: z.string().max(40).optional(),
  subject: z.string().max(100).optional(),
  /** Days of the business zone, both inside. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
}
type Asked = z.output<z.ZodObject<typeof filter>>

/** What one file holds at most: an export is for looking at, not for moving the table. */
const mostRows = 50_000
const atOnce = 1_000

/** Who did what, when and from where. */
export const auditRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/ops/audit', id: 'audit', may: 'company' },
    query: z.object({
      ...filter,
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z.uuid().optional(),
    }),
    handle: (ctx, { query: { limit, after, ...asked } }) =>
      inTransaction(ctx.db, async (tx): Promise<AuditList> => {
        const rows = await auditRows(tx, ctx.company, filterOf(ctx, asked), { limit, after })
        return {
          items: await itemsOf(tx, ctx, rows),
          next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
        }
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/ops/audit/actions', id: 'auditActions', may: 'company' },
    handle: async ctx => ({ items: await auditActions(ctx.db.prisma, ctx.company) }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/ops/audit.csv', id: 'auditFile', may: 'company' },
    query: z.object(filter),
    async handle(ctx, { query, ...call }) {
      const file = await inTransaction(ctx.db, async tx => {
        const items = await everything(tx, ctx, filterOf(ctx, query))
        const { person = null, action = null, subject = null, from = null, to = null } = query
        const data = { rows: items.length, person, action, subject, from, to }
        await auditPage(tx, ctx, call, { action: 'audit.export', data })
        return csv([heads, ...items.map(item => cells(ctx, item))])
      })
      const day = zoned(ctx, ctx.clock.now()).toFormat('yyyy-MM-dd')
      const name = encodeURIComponent(`操作记录 ${day}.csv`)
      call.http.type = 'text/csv; charset=utf-8'
      call.http.set('Content-Disposition', `attachment; filename="audit-${day}.csv"; filename*=UTF-8''${name}`)
      return file
    },
  }),
]

const zoned = (ctx: Context, at: Date) => DateTime.fromJSDate(at, { zone: ctx.policy('default').zone })

function filterOf(ctx: Context, { person, action, subject, from, to }: Asked): AuditFilter {
  const { zone } = ctx.policy('default')
  const begin = (day: string) => DateTime.fromISO(day, { zone })
  return {
    ...{ personId: person, action, subject },
    from: from === undefined ? undefined : begin(from).toJSDate(),
    to: to === undefined ? undefined : begin(to).plus({ days: 1 }).toJSDate(),
  }
}

async function everything(tx: Tx, ctx: Context, filter: AuditFilter): Promise<AuditItem[]> {
  const all: AuditItem[] = []
  for (let after: string | undefined; all.length < mostRows; ) {
    const rows = await auditRows(tx, ctx.company, filter, { limit: atOnce, after })
    all.push(...(await itemsOf(tx, ctx, rows)))
    after = rows.at(-1)?.id
    if (rows.length < atOnce) break
  }
  return all
}

async function itemsOf(tx: Tx, ctx: Context, rows: readonly AuditRow[]): Promise<AuditItem[]> {
  const ids = rows.flatMap(({ subject }) => (subject && z.uuid().safeParse(subject).success ? [subject] : []))
  const people = await namesOf(tx, ctx.company, [...ids, ...rows.flatMap(({ personId }) => personId ?? [])])
  const where = { company: ctx.company, id: { in: ids } }
  const teams = await tx.team.findMany({ where, select: { id: true, name: true } })
  const tokens = await tx.apiToken.findMany({ where, select: { id: true, name: true } })
  const named = new Map([...people, ...[...teams, ...tokens].map(({ id, name }) => [id, name] as const)])
  return rows.map(({ id, at, personId, via, action, subject, ip, data }) => ({
    ...{ id, at: at.toISOString(), via, action, subject, ip },
    who: personId === null ? null : { id: personId, name: people.get(personId) ?? '' },
    subjectName: subject && (named.get(subject) ?? null),
    data: (data ?? {}) as AuditItem['data'],
  }))
}

const heads = ['时间', '谁', '入口', '动作', '对象', '对象编号', '来源', '内容']

const cells = (ctx: Context, { at, who, via, action, subject, subjectName, ip, data }: AuditItem): string[] => [
  zoned(ctx, new Date(at)).toFormat('yyyy-MM-dd HH:mm:ss'),
  ...[who?.name ?? '', via, action, subjectName ?? '', subject ?? '', ip],
  Object.entries(data)
    .map(([name, value]) => `${name}=${value ?? ''}`)
    .join('; '),
]

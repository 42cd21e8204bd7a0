import { Readable } from 'node:stream'
import { writeXlsx } from 'hucre/xlsx'
import { audit } from '../audit/store.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { figureTitles } from '../imports/figurerows.ts'
import { orderColumns } from '../imports/ordercolumns.ts'
import { peopleColumns } from '../imports/peoplecolumns.ts'
import type { Team } from '../people/person.ts'
import { listTeams } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { figureSheet } from '../settlement/figureflow.ts'
import { sheetsOf } from '../settlement/figuresheet.ts'
import { orderRows } from './ordersout.ts'
import { personRows } from './peopleout.ts'
import { type Format, streamed, types } from './sheetout.ts'
import { countOrders } from './store.ts'

/** Who exports: a program by its token, or a person on a page; `teamIds`: all he may see, null: everything. */
export interface Exporter {
  personId: string | null
  via: 'api' | 'page'
  ip: string
  token: string | null
  teamIds: readonly string[] | null
}

/** A file on its way. */
export interface Exported {
  fileName: string
  type: string
  /** Null: it is made while it is sent. */
  rows: number | null
  body: Readable
}

export interface OrdersAsked {
  format: Format
  team: Team | null
  /** Days they came in on, both inside, in the team's zone. */
  from: string | null
  to: string | null
  states: readonly string[] | null
}

/** Rows Excel and WPS still open in reasonable time. */
export const mostInXlsx = 50_000
const mostTeams = 10_000

/**
 * Orders as a table an import reads again, the oldest first; customers' numbers in full. What comes in while it is made
 * is not in it. @throws Invalid 422 where a workbook would be too large
 */
export async function exportOrders(
  ctx: Context,
  who: Exporter,
  asked: OrdersAsked,
  most = mostInXlsx,
): Promise<Exported> {
  const { format, team, from, to, states } = asked
  const teams = await teamsFor(ctx, who, team)
  const now = ctx.clock.now()
  const calendar = calendarOf(ctx.policy(team?.policy ?? 'default'))
  const end = to === null ? null : calendar.momentOf(calendar.dayAfter(to, 1), 0)
  const wanted = {
    ...{ teamIds: limited(who, team), states, from: from === null ? null : calendar.momentOf(from, 0) },
    to: end && end < now ? end : new Date(now.getTime() + 1),
  }
  const rows = await countOrders(ctx.db.prisma, ctx.company, wanted)
  if (format === 'xlsx' && rows > most) throw tooMany(rows, most)
  const filters = { team: team?.name ?? null, from, to, states: states?.join() ?? null }
  await noted(ctx, who, 'orders', format, rows, filters)
  const titles = orderColumns.map(({ title }) => title)
  return {
    ...{ type: types[format], rows, fileName: `${team?.name ?? '全部'} 订单 ${calendar.dayOf(now)}.${format}` },
    body: streamed(format, titles, orderRows(ctx, wanted, teams), '订单'),
  }
}

const tooMany = (rows: number, most: number): Invalid => {
  const message = `有 ${rows} 张单，xlsx 最多 ${most} 张：请缩小日期范围或选一个班组，或者改用 format=csv。`
  return new Invalid(message, [{ path: 'format', message }])
}

/** People with their teams, a row for each team; also who left, with their last day. */
export async function exportPeople(
  ctx: Context,
  who: Exporter,
  { format, team }: { format: Format; team: Team | null },
): Promise<Exported> {
  const teams = await teamsFor(ctx, who, team)
  const rows: string[][] = []
  for await (const row of personRows(ctx, limited(who, team), teams)) rows.push(row)
  await noted(ctx, who, 'people', format, rows.length, { team: team?.name ?? null })
  const titles = peopleColumns.map(({ title }) => title)
  return {
    ...{ type: types[format], rows: rows.length, fileName: `${team?.name ?? '全部'} 人员.${format}` },
    body: streamed(format, titles, each(rows), '人员'),
  }
}

/** Numbers of a month: as the workbook people fill in, or as one flat table. */
export async function exportFigures(
  ctx: Context,
  who: Exporter,
  { format, team, month }: { format: Format; team: Team; month: string },
): Promise<Exported> {
  limited(who, team)
  const { items } = await inTransaction(ctx.db, tx => figureSheet(tx, ctx, team, month))
  await noted(ctx, who, 'figures', format, items.length, { team: team.name, month })
  const told = { type: types[format], rows: items.length, fileName: `${team.name} ${month} 月度数字.${format}` }
  if (format === 'csv') {
    const rows = items.map(({ field, value, from }) => [
      ...[team.name, month, field.person?.name ?? '', field.mark ? field.name : field.label],
      ...[from === null ? '' : (value ?? ''), field.unit],
    ])
    return { ...told, body: streamed('csv', figureTitles, each(rows), '月度数字') }
  }
  const sheets = sheetsOf(items).map(({ name, rows }) => ({
    name,
    rows: rows.map(row => row.map(cell => cell ?? null)),
  }))
  if (sheets.length === 0)
    throw new Invalid(`「${team.name}」的制度里没有要填的月度数字。`, [{ path: 'team', message: 'has no figures' }])
  return { ...told, body: Readable.from([Buffer.from(await writeXlsx({ sheets }))]) }
}

async function* each<T>(rows: readonly T[]): AsyncGenerator<T> {
  yield* rows
}

/** Teams an export is limited to. @throws Invalid 422 for one that is not his */
function limited({ teamIds }: Exporter, team: Team | null): readonly string[] | null {
  if (!team) return teamIds
  if (teamIds === null || teamIds.includes(team.id)) return [team.id]
  const message = `「${team.name}」不是您的班组。`
  throw new Invalid(message, [{ path: 'team', message }])
}

async function teamsFor(ctx: Context, who: Exporter, team: Team | null): Promise<Map<string, Team>> {
  limited(who, team)
  const all = await listTeams(ctx.db.prisma, ctx.company, { limit: mostTeams })
  return new Map(all.map(one => [one.id, one]))
}

/** Before the first byte of it leaves. */
async function noted(
  ctx: Context,
  { personId, via, ip, token }: Exporter,
  what: string,
  format: Format,
  rows: number,
  filters: Record<string, string | null>,
): Promise<void> {
  const data = { what, format, rows, token, ...filters }
  await inTransaction(ctx.db, tx => audit(tx, ctx, { personId, via, action: 'export', ip, data }))
}

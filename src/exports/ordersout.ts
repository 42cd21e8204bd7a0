import type { Context } from '../context.ts'
import { firstFacts } from '../imports/find.ts'
import { orderCells } from '../imports/ordercells.ts'
import { orderColumns } from '../imports/ordercolumns.ts'
import { writeTime } from '../imports/times.ts'
import type { OrderFields } from '../orders/fact.ts'
import { type OrderState, stateNames } from '../orders/order.ts'
import type { Team } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { type OrderRow, type OrdersWanted, ordersPage } from './store.ts'

const pageRows = 500

/** The cells of each order, read page by page. */
export async function* orderRows(
  ctx: Context,
  wanted: OrdersWanted,
  teams: ReadonlyMap<string, Team>,
): AsyncGenerator<string[]> {
  const db = ctx.db.prisma
  for (let after: string | null = null; ; ) {
    const page: OrderRow[] = await ordersPage(db, ctx.company, wanted, after, pageRows)
    const came = await firstFacts(
      db,
      ctx.company,
      page.map(({ id }) => id),
    )
    const names = await namesOf(
      db,
      ctx.company,
      page.flatMap(({ assigneeId }) => assigneeId ?? []),
    )
    for (const row of page) {
      const fields = came.get(row.id)?.order as OrderFields | undefined
      if (fields) yield cellsOf(ctx, row, fields, teams.get(row.teamId), names)
    }
    if (page.length < pageRows) return
    after = page.at(-1)?.id ?? null
  }
}

function cellsOf(
  ctx: Context,
  row: OrderRow,
  fields: OrderFields,
  team: Team | undefined,
  names: ReadonlyMap<string, string>,
): string[] {
  const { zone } = ctx.policy(team?.policy ?? 'default')
  const time = (from: Date | null, to?: Date | null) =>
    from ? writeTime({ from: from.toISOString(), ...(to && { to: to.toISOString() }) }, zone) : ''
  const cells = orderCells(fields, zone, {
    ...{ code: row.code, team: team?.name ?? '', state: stateNames[row.state as OrderState] ?? row.state },
    ...{ assign: row.assigneeId ? (names.get(row.assigneeId) ?? '') : '', createdAt: time(row.createdAt) },
    ...{ appointment: time(row.appointmentFrom, row.appointmentTo), completedAt: time(row.completedAt) },
    charge: row.charge?.toFixed(2) ?? '',
  })
  return orderColumns.map(({ field }) => cells[field] ?? '')
}

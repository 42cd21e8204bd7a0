import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { maySeeTeam, teamsSeen, type Viewer } from '../login/viewer.ts'
import { placeText, readPlace, writePlace } from '../orders/boardplace.ts'
import { type BoardFilter, type BoardRow, boardCounts, boardPage, searchOrders } from '../orders/boardrows.ts'
import { openStates } from '../orders/order.ts'
import type { Board, Row, Span } from './wire.ts'

/** What the board is asked for. `mine`: only what the viewer himself has; `person`: what somebody of his teams has. */
export const boardWish = z.object({
  team: z.uuid().optional(),
  view: z.enum(['all', 'late', 'unassigned', 'mine']).default('all'),
  state: z.enum(openStates as [string, ...string[]]).optional(),
  person: z.uuid().optional(),
  q: z.string().trim().max(80).default(''),
  /** A page that shows more already asks for all of it again. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: placeText.optional(),
})
export type BoardWish = z.output<typeof boardWish>

/** A page of what the viewer may see. @throws HttpProblem 403, 422 */
export async function boardOf(tx: Tx, ctx: Context, viewer: Viewer, wish: BoardWish): Promise<Board> {
  const { limit } = wish
  const now = ctx.clock.now()
  const filter = filterOf(viewer, wish)
  const counts = await boardCounts(tx, ctx.company, filter, now)
  const after = wish.after === undefined ? undefined : readPlace(wish.after)
  if (after === null) throw new HttpProblem(422, 'Invalid', '翻页的位置不对，请刷新页面。')
  const rows =
    wish.q === ''
      ? await boardPage(tx, ctx.company, { ...filter, ...narrowed(viewer, wish, now) }, { limit, after })
      : await searchOrders(tx, ctx.company, { ...filter, words: wish.q }, { limit, after: after?.id })
  const last = rows.at(-1)
  return {
    ...{ now: now.toISOString(), zone: ctx.policy('default').zone },
    items: rows.map(rowOf),
    next: rows.length === limit && last ? writePlace({ at: wish.q === '' ? last.pressAt : null, id: last.id }) : null,
    counts,
  }
}

/** Whose orders he sees at all: his teams' where he dispatches or manages, else his own. */
function filterOf(viewer: Viewer, { team }: BoardWish): BoardFilter {
  const seen = teamsSeen(viewer)
  if (team !== undefined && !maySeeTeam(viewer, team))
    throw new HttpProblem(403, 'Forbidden', '你不在这个班组派单或管理，看不到它的单。')
  if (seen.length === 0) return { assigneeId: viewer.person.id }
  return { teamIds: team === undefined ? seen : [team] }
}

function narrowed(viewer: Viewer, { view, state, person }: BoardWish, now: Date): BoardFilter {
  return {
    state: openStates.find(one => one === state),
    ...(view === 'late' && { lateAt: now }),
    ...(view === 'unassigned' && { unassigned: true }),
    ...(person !== undefined && teamsSeen(viewer).length > 0 && { assigneeId: person }),
    ...(view === 'mine' && { assigneeId: viewer.person.id }),
  }
}

function rowOf(row: BoardRow): Row {
  const { id, code, team, kind, brand, urgent, key, state, address, fault, assigneeId, pressAt, pressBy } = row
  return {
    ...{ id, code, team, kind, brand, urgent, key, state, address, fault, customer: row.customerName },
    assignee: assigneeId === null ? null : { id: assigneeId, name: row.assignee ?? '' },
    due: pressAt && pressBy ? { by: pressBy, at: pressAt.toISOString() } : null,
    appointment:
      row.appointmentFrom &&
      spanOf({ from: row.appointmentFrom.toISOString(), to: row.appointmentTo?.toISOString(), exact: true }),
    createdAt: row.createdAt.toISOString(),
  }
}

export const spanOf = ({ from, to, exact }: { from: string; to?: string | undefined; exact: boolean }): Span => ({
  ...{ from, to: to ?? null, exact },
})

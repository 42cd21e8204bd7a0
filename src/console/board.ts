import { z } from 'zod'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { maySeeTeam, teamsSeen, type Viewer } from '../login/viewer.ts'
import { placeText, readPlace, writePlace } from '../orders/boardplace.ts'
import { type BoardFilter, type BoardRow, boardCounts, boardPage, searchOrders } from '../orders/boardrows.ts'
import { openStates, stateNames } from '../orders/order.ts'
import { sayLeft, saySpan, sayTime } from '../orders/timewords.ts'
import { clockKindNames, orderKindNames } from '../policy/terms.ts'

/** What the board is asked for. `mine`: only what the viewer himself has. */
export const boardWish = z.object({
  team: z.uuid().optional(),
  view: z.enum(['all', 'late', 'unassigned', 'mine']).default('all'),
  state: z.enum(openStates as [string, ...string[]]).optional(),
  q: z.string().trim().max(80).default(''),
  /** A page that shows more already asks for all of it again. */
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: placeText.optional(),
})
export type BoardWish = z.output<typeof boardWish>

/** A page of what the viewer may see, in the words it is shown in. @throws HttpProblem 403, 422 */
export async function boardOf(tx: Tx, ctx: Context, viewer: Viewer, wish: BoardWish): Promise<object> {
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
    items: rows.map(row => rowOf(row, now, ctx.policy('default').zone)),
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

function narrowed(viewer: Viewer, { view, state }: BoardWish, now: Date): BoardFilter {
  return {
    state: openStates.find(one => one === state),
    ...(view === 'late' && { lateAt: now }),
    ...(view === 'unassigned' && { unassigned: true }),
    ...(view === 'mine' && { assigneeId: viewer.person.id }),
  }
}

function rowOf(row: BoardRow, now: Date, zone: string): object {
  const { code, team, kind, state, urgent, key, assigneeId, assignee, customerName, address, brand, fault } = row
  const late = row.pressAt !== null && row.pressAt < now
  return {
    ...{ id: row.id, code, team, urgent, key, state, late, customer: customerName, address, fault },
    kind: [brand ?? '', orderKindNames[kind]].filter(Boolean).join(' '),
    stateName: stateNames[state],
    assignee: assigneeId === null ? null : { id: assigneeId, name: assignee ?? '' },
    due: row.pressAt === null ? null : dueWords(row, row.pressAt, now, zone),
    appointment:
      row.appointmentFrom &&
      saySpan({ from: row.appointmentFrom, to: row.appointmentTo ?? undefined, exact: true }, now, zone),
    createdAt: sayTime(row.createdAt, now, zone),
  }
}

function dueWords({ pressBy }: BoardRow, at: Date, now: Date, zone: string): string {
  if (pressBy === 'appointment') return `预约 ${sayTime(at, now, zone)}`
  if (pressBy === 'expected') return `挂起，预计 ${sayTime(at, now, zone)}`
  return `${pressBy ? clockKindNames[pressBy] : ''}${sayLeft(at, now)}`
}

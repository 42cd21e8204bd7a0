import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { placeText, readPlace, writePlace } from '../orders/boardplace.ts'
import { type BoardRow, boardCounts, boardPage, searchOrders } from '../orders/boardrows.ts'
import { openStates } from '../orders/order.ts'
import { needPerson, needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { board, boardItem } from './shapes/board.ts'
import { page, paging, personKey, teamKey } from './shapes/common.ts'

const yes = z.enum(['true', 'false']).transform(given => given === 'true')

const boardQuery = z.object({
  team: teamKey.optional(),
  person: personKey.optional(),
  state: z.enum(openStates as [string, ...string[]]).optional(),
  late: yes.optional().describe('Only what is past due'),
  unassigned: yes.optional().describe('Only what nobody has'),
  limit: paging.limit,
  after: placeText.optional().describe('`next` of the page before'),
})
const searchQuery = z.object({ q: z.string().trim().min(1).max(80), team: teamKey.optional(), ...paging })

/** `/api/v1/board`: open orders, what is due next first; `/api/v1/search`: orders by number, name, phone, address. */
export const boardRoutes = [
  route({
    ...{ method: 'get', path: '/board', id: 'getBoard', tag: 'orders', scope: 'orders:read' },
    summary: 'Open orders, what is due next first',
    query: boardQuery,
    answers: { 200: board },
    async handle(ctx, { query: { team, person, state, late, unassigned, limit, after } }) {
      const now = ctx.clock.now()
      return inTransaction(ctx.db, async tx => {
        const filter = {
          ...{ teamIds: team === undefined ? undefined : [(await needTeam(tx, ctx, team)).id] },
          assigneeId: person === undefined ? undefined : (await needPerson(tx, ctx, person)).id,
          ...{ state: openStates.find(one => one === state), unassigned, lateAt: late ? now : undefined },
        }
        const begin = after === undefined ? undefined : readPlace(after)
        if (begin === null) throw new HttpProblem(422, 'Invalid', 'after: must be the `next` of the page before')
        const rows = await boardPage(tx, ctx.company, filter, { limit, after: begin })
        const last = rows.at(-1)
        return {
          items: rows.map(row => rowJson(row, now)),
          next: rows.length === limit && last ? writePlace({ at: last.pressAt, id: last.id }) : null,
          counts: await boardCounts(tx, ctx.company, filter, now),
        }
      })
    },
  }),

  route({
    ...{ method: 'get', path: '/search', id: 'searchOrders', tag: 'orders', scope: 'orders:read' },
    summary: 'Find orders in any state by number, name, phone, address or serial number, the newest first',
    query: searchQuery,
    answers: { 200: page(boardItem) },
    async handle(ctx, { query: { q, team, limit, after } }) {
      const now = ctx.clock.now()
      return inTransaction(ctx.db, async tx => {
        const wanted = { words: q, teamIds: team === undefined ? undefined : [(await needTeam(tx, ctx, team)).id] }
        const rows = await searchOrders(tx, ctx.company, wanted, { limit, after })
        return {
          items: rows.map(row => rowJson(row, now)),
          next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
        }
      })
    },
  }),
]

function rowJson(row: BoardRow, now: Date): object {
  const { id, code, teamId, team, kind, state, urgent, key: important, assigneeId, assignee, fault, createdAt } = row
  const { customerName: name, customerPhone: phone, address, zone, brand, pressAt, pressBy } = row
  return {
    ...{ id, code, kind, state, urgent, team: { id: teamId, name: team } },
    assignee: assigneeId === null ? null : { id: assigneeId, name: assignee ?? '' },
    customer: { name, phone, address, zone, key: important },
    ...{ brand, fault, createdAt },
    appointment: row.appointmentFrom && { from: row.appointmentFrom, to: row.appointmentTo },
    due: pressAt && { at: pressAt, by: pressBy, late: pressAt < now },
  }
}

import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { type BoardPlace, type BoardRow, boardCounts, boardPage, searchOrders } from '../orders/boardrows.ts'
import { openStates } from '../orders/order.ts'
import { personById, personByName, teamByIdOrName } from '../people/store.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { board, boardItem } from './shapes/board.ts'
import { page, paging, personKey, teamKey } from './shapes/common.ts'

const yes = z.enum(['true', 'false']).transform(given => given === 'true')
const cursorText = z.string().regex(/^[A-Za-z0-9_-]{1,120}$/, 'must be the `next` of the page before')
const cursor = z.strictObject({ at: z.iso.datetime().nullable(), id: z.uuid() })

const boardQuery = z.object({
  team: teamKey.optional(),
  person: personKey.optional(),
  state: z.enum(openStates as [string, ...string[]]).optional(),
  late: yes.optional().describe('Only what is past due'),
  unassigned: yes.optional().describe('Only what nobody has'),
  limit: paging.limit,
  after: cursorText.optional().describe('`next` of the page before'),
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
          ...{ teamIds: await teamIdsOf(tx, ctx, team), assigneeId: await personIdOf(tx, ctx, person) },
          ...{ state: openStates.find(one => one === state), unassigned, lateAt: late ? now : undefined },
        }
        const place = { limit, after: after === undefined ? undefined : placeOf(after) }
        const rows = await boardPage(tx, ctx.company, filter, place)
        const last = rows.at(-1)
        return {
          items: rows.map(row => rowJson(row, now)),
          next: rows.length === limit && last ? cursorOf({ at: last.pressAt, id: last.id }) : null,
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
        const wanted = { words: q, teamIds: await teamIdsOf(tx, ctx, team) }
        const rows = await searchOrders(tx, ctx.company, wanted, { limit, after })
        return {
          items: rows.map(row => rowJson(row, now)),
          next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
        }
      })
    },
  }),
]

async function teamIdsOf(tx: Tx, ctx: Context, name: string | undefined): Promise<string[] | undefined> {
  if (name === undefined) return undefined
  const team = await teamByIdOrName(tx, ctx.company, name)
  if (!team) throw new HttpProblem(422, 'Unknown team', `There is no team "${name}".`)
  return [team.id]
}

async function personIdOf(tx: Tx, ctx: Context, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const byId = z.uuid().safeParse(name).success ? await personById(tx, ctx.company, name) : null
  const found = byId ?? (await personByName(tx, ctx.company, name))
  if (!found) throw new HttpProblem(422, 'Unknown person', `There is no person "${name}".`)
  return found.id
}

const cursorOf = ({ at, id }: BoardPlace): string =>
  Buffer.from(JSON.stringify({ at: at?.toISOString() ?? null, id })).toString('base64url')

function placeOf(text: string): BoardPlace {
  try {
    const { at, id } = cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
    return { at: at === null ? null : new Date(at), id }
  } catch {
    throw new HttpProblem(422, 'Invalid', 'after: must be the `next` of the page before')
  }
}

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

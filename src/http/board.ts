import type Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { type BoardPlace, type BoardRow, boardCounts, boardPage, searchOrders } from '../orders/boardrows.ts'
import { openStates } from '../orders/order.ts'
import { personById, personByName, teamByIdOrName } from '../people/store.ts'
import { check } from './body.ts'
import { HttpProblem } from './problem.ts'

const key = z.string().trim().min(1).max(80)
const yes = z.enum(['true', 'false']).transform(given => given === 'true')
const cursorText = z.string().regex(/^[A-Za-z0-9_-]{1,120}$/, 'must be the `next` of the page before')
const cursor = z.strictObject({ at: z.iso.datetime().nullable(), id: z.uuid() })

const boardQuery = z.object({
  /** Name or id. */
  team: key.optional(),
  person: key.optional(),
  state: z.enum(openStates as [string, ...string[]]).optional(),
  late: yes.optional(),
  unassigned: yes.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: cursorText.optional(),
})
const searchQuery = z.object({
  q: z.string().trim().min(1).max(80),
  team: key.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.uuid().optional(),
})

/** `/api/v1/board`: open orders, what is due next first; `/api/v1/search`: orders by number, name, phone, address. */
export function boardRoutes(router: Router, ctx: Context): void {
  router.get('/board', async http => {
    const { team, person, state, late, unassigned, limit, after } = check(boardQuery, http.query)
    const now = ctx.clock.now()
    http.body = await inTransaction(ctx.db, async tx => {
      const filter = {
        ...{ teamIds: await teamIdsOf(tx, ctx, team), assigneeId: await personIdOf(tx, ctx, person) },
        ...{ state: openStates.find(one => one === state), unassigned, lateAt: late ? now : undefined },
      }
      const page = { limit, after: after === undefined ? undefined : placeOf(after) }
      const rows = await boardPage(tx, ctx.company, filter, page)
      const last = rows.at(-1)
      return {
        items: rows.map(row => rowJson(row, now)),
        next: rows.length === limit && last ? cursorOf({ at: last.pressAt, id: last.id }) : null,
        counts: await boardCounts(tx, ctx.company, filter, now),
      }
    })
  })

  router.get('/search', async http => {
    const { q, team, limit, after } = check(searchQuery, http.query)
    const now = ctx.clock.now()
    http.body = await inTransaction(ctx.db, async tx => {
      const wanted = { words: q, teamIds: await teamIdsOf(tx, ctx, team) }
      const rows = await searchOrders(tx, ctx.company, wanted, { limit, after })
      return {
        items: rows.map(row => rowJson(row, now)),
        next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
      }
    })
  })
}

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

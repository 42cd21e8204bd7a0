import type Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Team } from '../people/person.ts'
import { namesOf, personById, personByName, teamByIdOrName } from '../people/store.ts'
import { fenOf } from '../policy/fen.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import type { MonthCommand } from '../settlement/decide.ts'
import { changeMonth } from '../settlement/flow.ts'
import { monthOfTeam, pageOfMonths, resultOf } from '../settlement/rows.ts'
import { check, readJson } from './body.ts'
import { HttpProblem } from './problem.ts'
import { resultJson, timelineOf, yuan } from './slipjson.ts'

const key = z.string().trim().min(1).max(80)
export const monthText = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month like 2026-10')
const reason = z.string().trim().max(500)

const listQuery = z.object({
  team: key,
  limit: z.coerce.number().int().min(1).max(120).default(24),
  after: monthText.optional(),
})
const adjustment = z.strictObject({
  /** Name or id. */
  person: key,
  item: key,
  /** In yuan, in quotes; above zero of deductions too. Null takes back what was set. */
  amount: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount in quotes like "1074.63"')
    .nullable(),
  reason: reason.default(''),
})
const answerInput = z.strictObject({ upheld: z.boolean(), reason })
const number = z.coerce.number().int().min(1)

/** `/api/v1/settlements`: months of a team, and what is done to them. A program speaks for the managers, by the same rules. */
export function settlementRoutes(router: Router, ctx: Context): void {
  router.get('/settlements', async http => {
    const { team: name, limit, after } = check(listQuery, http.query)
    http.body = await inTransaction(ctx.db, async tx => {
      const team = await needTeam(tx, ctx, name)
      const found = await pageOfMonths(tx, ctx.company, team.id, { limit, ...(after && { after }) })
      const items = found.map(({ teamId: _, net, ...row }) => ({
        ...{ ...row, team: { id: team.id, name: team.name }, net: net === null ? null : yuan(net) },
      }))
      return { items, next: found.length === limit ? found.at(-1)?.month : null }
    })
  })

  router.get('/settlements/:team/:month', async http => {
    http.body = await inTransaction(ctx.db, async tx => {
      const { record } = await needMonth(tx, ctx, http.params)
      return { ...(await monthJson(tx, ctx, record)), timeline: timelineOf(record) }
    })
  })

  for (const command of ['draft', 'publish', 'lock'] as const)
    router.post(`/settlements/:team/:month/${command}`, async http => {
      const body = await change(ctx, http.params, async () => ({ do: command }))
      http.body = body
      // Records changed since: it is reckoned anew first.
      if (body.wanted) http.status = 202
    })

  router.post('/settlements/:team/:month/adjustments', async http => {
    const { value } = await readJson(http.req, adjustment)
    const { item, amount, reason: why } = value
    http.body = await change(ctx, http.params, async tx => ({
      ...{ do: 'adjust', person: await needPerson(tx, ctx, value.person), item, reason: why },
      fen: amount === null ? null : fenOf(amount),
    }))
  })

  router.post('/settlements/:team/:month/appeals/:nr/answer', async http => {
    const { value } = await readJson(http.req, answerInput)
    const nr = check(number, http.params.nr)
    http.body = await change(ctx, http.params, async () => ({ do: 'answer', nr, ...value }))
  })
}

async function change(
  ctx: Context,
  params: Readonly<Record<string, string>>,
  commandOf: (tx: Tx) => Promise<MonthCommand>,
): Promise<{ wanted: boolean }> {
  return inTransaction(ctx.db, async tx => {
    const command = await commandOf(tx)
    const { team, month } =
      command.do === 'draft' ? await teamAndMonth(tx, ctx, params) : await needMonth(tx, ctx, params)
    const { after } = await changeMonth(tx, ctx, { team, month, command, by: null, speech: { via: 'api' } })
    return monthJson(tx, ctx, after)
  })
}

export async function needTeam(tx: Tx, ctx: Context, name: string): Promise<Team> {
  const found = await teamByIdOrName(tx, ctx.company, name)
  if (found) return found
  throw new HttpProblem(422, 'Unknown team', `There is no team "${name}". POST /api/v1/teams first.`)
}

/** Id of a person by name or id. */
export async function needPerson(tx: Tx, ctx: Context, name: string): Promise<string> {
  const byId = z.uuid().safeParse(name).success ? await personById(tx, ctx.company, name) : null
  const found = byId ?? (await personByName(tx, ctx.company, name))
  if (found) return found.id
  throw new HttpProblem(422, 'Unknown person', `There is no person "${name}". POST /api/v1/people first.`)
}

type Params = Readonly<Record<string, string>>

export async function teamAndMonth(tx: Tx, ctx: Context, { team = '', month }: Params) {
  return { team: await needTeam(tx, ctx, team), month: check(monthText, month) }
}

/** A month that was drafted, or 404. */
export async function needMonth(tx: Tx, ctx: Context, params: Params) {
  const { team, month } = await teamAndMonth(tx, ctx, params)
  const record = await monthOfTeam(tx, ctx.company, team.id, month)
  if (record) return { team, month, record }
  throw new HttpProblem(
    404,
    'Not found',
    `"${team.name}" has no settlement of ${month}. POST /api/v1/settlements/{team}/${month}/draft first.`,
  )
}

async function monthJson(
  tx: Tx,
  ctx: Context,
  { id, teamId, team, month, view }: MonthRecord,
): Promise<{ wanted: boolean } & Record<string, unknown>> {
  const { result, progress } = await resultOf(tx, ctx.company, id)
  const { appeals, setByHand, state, wanted, reckoned, publishedAt, appealsUntil, lockedAt } = view
  const ids = [...appeals.flatMap(({ person, answer }) => [person, answer?.by]), ...setByHand.map(one => one.person)]
  const names = await namesOf(
    tx,
    ctx.company,
    ids.flatMap(one => one ?? []),
  )
  const person = (one: string | null) => (one === null ? null : { id: one, name: names.get(one) ?? '' })
  return {
    ...{ id, team: { id: teamId, name: team }, month, state, wanted, progress: wanted ? progress : null },
    ...{ reckonedAt: reckoned?.at ?? null, publishedAt, appealsUntil, lockedAt },
    missing: result?.missing ?? [],
    adjustments: setByHand.map(({ fen, by, ...rest }) => ({
      ...{ ...rest, person: person(rest.person), amount: yuan(fen), by },
    })),
    appeals: appeals.map(one => ({
      ...{ ...one, person: person(one.person), answer: one.answer && { ...one.answer, by: person(one.answer.by) } },
    })),
    result: result && resultJson(result),
  }
}

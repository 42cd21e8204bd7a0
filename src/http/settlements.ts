import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { namesOf } from '../people/store.ts'
import { fenOf } from '../policy/fen.ts'
import type { MonthRecord } from '../settlement/closing.ts'
import type { MonthCommand } from '../settlement/decide.ts'
import { changeMonth } from '../settlement/flow.ts'
import { monthOfTeam, pageOfMonths, resultOf } from '../settlement/rows.ts'
import { needPerson, needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { key, month as monthText, named, teamKey } from './shapes/common.ts'
import { monthPage, monthWithTimeline, settled } from './shapes/months.ts'
import { resultJson, timelineOf, yuan } from './slipjson.ts'

const reason = z.string().trim().max(500)

const listQuery = z.object({
  team: teamKey,
  limit: z.coerce.number().int().min(1).max(120).default(24).describe('Months of a page at most'),
  after: monthText.optional().describe('`next` of the page before'),
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
/** A month of a team in a path. */
export const ofMonth = z.object({ team: z.string().describe('Name or id of a team'), month: monthText })
const ofAppeal = ofMonth.extend({ nr: z.coerce.number().int().min(1) })
type OfMonth = z.output<typeof ofMonth>

const commands = [
  ['draft', 'Reckon a month: the draft', { 200: settled, 202: settled }],
  ['publish', 'Publish a month: everybody gets his payslip and may appeal', { 200: settled, 202: settled }],
  ['lock', 'Lock a month once appeals are over', { 200: settled, 202: settled }],
] as const
const months = { tag: 'months', scope: 'months:write' } as const

/** `/api/v1/settlements`: months of a team, and what is done to them. A program speaks for the managers, by the same rules. */
export const settlementRoutes = [
  route({
    ...{ method: 'get', path: '/settlements', id: 'listSettlements', tag: 'months', scope: 'months:read' },
    summary: 'List a team’s months, the latest first',
    query: listQuery,
    answers: { 200: monthPage },
    handle: (ctx, { query: { team: name, limit, after } }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needTeam(tx, ctx, name)
        const found = await pageOfMonths(tx, ctx.company, team.id, { limit, ...(after && { after }) })
        const items = found.map(({ teamId: _, net, ...row }) => ({
          ...{ ...row, team: { id: team.id, name: team.name }, net: net === null ? null : yuan(net) },
        }))
        return { items, next: found.length === limit ? found.at(-1)?.month : null }
      }),
  }),

  route({
    ...{ method: 'get', path: '/settlements/{team}/{month}', id: 'getSettlement', tag: 'months', scope: 'months:read' },
    summary: 'A month with its result and its journal',
    params: ofMonth,
    answers: { 200: monthWithTimeline },
    problems: [404],
    handle: (ctx, { params }) =>
      inTransaction(ctx.db, async tx => {
        const { record } = await needMonth(tx, ctx, params)
        return { ...(await monthJson(tx, ctx, record)), timeline: timelineOf(record) }
      }),
  }),

  ...commands.map(([command, summary, answers]) =>
    route({
      ...{ method: 'post', path: `/settlements/{team}/{month}/${command}`, id: `${command}Settlement`, ...months },
      ...{ summary, answers, params: ofMonth, problems: [404, 409] },
      description: '202: records changed since, it is reckoned anew first. Ask for the month until `wanted` is false.',
      async handle(ctx, { params, http }) {
        const body = await change(ctx, params, async () => ({ do: command }))
        if (body.wanted) http.status = 202
        return body
      },
    }),
  ),

  route({
    ...{ method: 'post', path: '/settlements/{team}/{month}/adjustments', id: 'adjustSettlement', ...months },
    summary: 'Set a line of somebody’s payslip by hand',
    params: ofMonth,
    body: named('Adjustment', adjustment),
    answers: { 200: settled },
    problems: [404, 409],
    handle: (ctx, { params, body: { person, item, amount, reason: why } }) =>
      change(ctx, params, async tx => ({
        ...{ do: 'adjust', person: (await needPerson(tx, ctx, person)).id, item, reason: why },
        fen: amount === null ? null : fenOf(amount),
      })),
  }),

  route({
    ...{ method: 'post', path: '/settlements/{team}/{month}/appeals/{nr}/answer', id: 'answerAppeal', ...months },
    summary: 'Answer an appeal',
    params: ofAppeal,
    body: named('AppealAnswer', answerInput),
    answers: { 200: settled },
    problems: [404, 409],
    handle: (ctx, { params: { nr, ...of }, body }) => change(ctx, of, async () => ({ do: 'answer', nr, ...body })),
  }),
]

async function change(
  ctx: Context,
  params: OfMonth,
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

export async function teamAndMonth(tx: Tx, ctx: Context, { team, month }: OfMonth) {
  return { team: await needTeam(tx, ctx, team), month }
}

/** A month that was drafted, or 404. */
export async function needMonth(tx: Tx, ctx: Context, params: OfMonth) {
  const { team, month } = await teamAndMonth(tx, ctx, params)
  const record = await monthOfTeam(tx, ctx.company, team.id, month)
  if (record) return { team, month, record }
  throw new HttpProblem(
    404,
    'Not found',
    `"${team.name}" has no settlement of ${month}. POST /api/v1/settlements/{team}/${month}/draft first.`,
  )
}

/** A month as programs get it. */
export async function monthJson(
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

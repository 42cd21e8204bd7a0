import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { auditPage, seenOnPage } from '../http/audited.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { reportFor } from '../http/reports.ts'
import { month } from '../http/shapes/common.ts'
import { workbook, xlsx } from '../http/workbook.ts'
import { keepsMonth, manages, type Viewer } from '../login/viewer.ts'
import type { Team } from '../people/person.ts'
import { namesOf, personById, teamById } from '../people/store.ts'
import { fenOf, sayFen } from '../policy/fen.ts'
import { doneText } from '../settlement/answering.ts'
import type { MonthCommand } from '../settlement/decide.ts'
import { monthsMeant } from '../settlement/figureflow.ts'
import { changeMonth, rulesOfMonth, settles } from '../settlement/flow.ts'
import { drawRankingPage } from '../settlement/picture.ts'
import { pictureOf, picturesIn } from '../settlement/posts.ts'
import { monthSheets, personSheets } from '../settlement/report.ts'
import { monthOfTeam, ownMonths, pageOfMonths, resultOf } from '../settlement/rows.ts'
import { monthPage, namesIn, needMonth } from './month.ts'
import type { MonthChoice, SlipView } from './monthwire.ts'
import { needReach } from './reach.ts'
import { sendingOf } from './sending.ts'
import { slipView } from './slips.ts'

const ofMonth = z.object({ team: z.uuid(), month })
const ofPerson = ofMonth.extend({ person: z.uuid() })
const reason = z.string().trim().max(500)
const adjustment = z.strictObject({
  person: z.uuid(),
  item: z.string().trim().min(1).max(60),
  /** In yuan; null takes back what was set. */
  amount: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,2})?$/, '金额写成 1074.63 这样')
    .nullable(),
  reason: reason.default(''),
})

interface Asked {
  viewer: Viewer
  params: z.output<typeof ofMonth>
  http: KoaContext
}

/** `/months`, `/slips`: what the month's pages ask for. */
export const monthPageRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/months', id: 'months', may: 'own' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => choice(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/months/{team}/{month}', id: 'month', may: 'finance' },
    params: ofMonth,
    handle: (ctx, { viewer, params }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, viewer, params.team, 'finance')
        notAhead((await monthsMeant(tx, ctx, team)).now, params.month)
        return monthPage(tx, ctx, viewer, team, params.month)
      }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/months/{team}/{month}/people/{person}', id: 'monthPerson', may: 'finance' },
    params: ofPerson,
    handle: (ctx, { params: { person, ...params }, ...call }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, call.viewer, params.team, 'finance')
        await seenOnPage(tx, ctx, call, { action: 'slip.seen', subject: person })
        return needSlip(tx, ctx, team, params.month, person)
      }),
  }),

  ...(['draft', 'publish', 'lock'] as const).map(step =>
    pageRoute({
      ...{ method: 'post', path: `/months/{team}/{month}/${step}`, id: `${step}Month`, may: 'manage' },
      params: ofMonth,
      handle: (ctx, asked) => change(ctx, asked, { do: step }),
    }),
  ),

  pageRoute({
    ...{ method: 'get', path: '/months/{team}/{month}/sending', id: 'monthSending', may: 'manage' },
    params: ofMonth,
    query: z.object({ step: z.enum(['publish', 'lock']) }),
    handle: (ctx, { viewer, params, query: { step } }) =>
      inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, viewer, params.team, 'manage')
        const record = await needMonth(tx, ctx, team, params.month)
        return { items: await sendingOf(tx, ctx, record, step, viewer.person.id) }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/months/{team}/{month}/adjustments', id: 'adjustMonth', may: 'manage' },
    params: ofMonth,
    body: adjustment,
    handle: (ctx, { body: { amount, ...rest }, ...asked }) =>
      change(ctx, asked, { do: 'adjust', ...rest, fen: amount === null ? null : fenOf(amount) }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/months/{team}/{month}/appeals/{nr}/answer', id: 'answerMonthAppeal', may: 'manage' },
    params: ofMonth.extend({ nr: z.coerce.number().int().min(1) }),
    body: z.strictObject({ upheld: z.boolean(), reason }),
    handle: (ctx, { body, params: { nr, ...params }, viewer, http }) =>
      change(ctx, { viewer, http, params }, { do: 'answer', nr, ...body }),
  }),

  pageRoute({
    ...{ method: 'get', path: '/months/{team}/{month}/sheet', id: 'monthSheet', may: 'finance' },
    params: ofMonth,
    query: z.object({ person: z.uuid().optional() }),
    async handle(ctx, { viewer, params, query: { person }, http }) {
      const report = await inTransaction(ctx.db, async tx => {
        await needReach(tx, ctx, viewer, params.team, 'finance')
        const found = await reportFor(tx, ctx, params, person)
        const data = { month: params.month, people: found.slips.length }
        await auditPage(tx, ctx, { viewer, http }, { action: 'month.exported', subject: person ?? params.team, data })
        return found
      })
      const [slip] = report.slips
      if (person !== undefined && !slip) throw noSlip()
      http.type = xlsx
      if (person !== undefined && slip) http.attachment(`${slip.name} ${params.month} 工资条.xlsx`)
      else http.attachment(`${report.result.team} ${params.month} 月报.xlsx`)
      return workbook(person !== undefined && slip ? personSheets(report, slip) : monthSheets(report))
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/months/{team}/{month}/picture', id: 'monthPicture', may: 'finance' },
    params: ofMonth,
    query: z.object({ page: z.coerce.number().int().min(0).max(20).default(0) }),
    async handle(ctx, { viewer, params, query: { page }, http }) {
      const { result, targets } = await inTransaction(ctx.db, async tx => {
        const team = await needReach(tx, ctx, viewer, params.team, 'finance')
        const record = await needMonth(tx, ctx, team, params.month)
        const found = await resultOf(tx, ctx.company, record.id)
        return { result: found.result, targets: rulesOfMonth(ctx, team, params.month).targets }
      })
      if (!result || page >= picturesIn(result)) throw new HttpProblem(404, 'Not found', '没有这一页排名图。')
      http.type = 'image/png'
      http.attachment(`${result.team} ${params.month} 排名 ${page + 1}.png`)
      return Buffer.from(await drawRankingPage(pictureOf(result, targets), page))
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/slips/{team}/{month}', id: 'ownSlip', may: 'own' },
    params: ofMonth,
    handle: (ctx, { viewer, params: { team: teamId, month: of } }) =>
      inTransaction(ctx.db, tx => needOwnSlip(tx, ctx, viewer, teamId, of)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/slips/{team}/{month}/appeals', id: 'appealOwnSlip', may: 'own' },
    params: ofMonth,
    body: z.strictObject({ item: z.string().trim().min(1).max(60), reason }),
    async handle(ctx, { viewer, params: { team: teamId, month: of }, body, http }) {
      const slip = await inTransaction(ctx.db, async tx => {
        await needOwnSlip(tx, ctx, viewer, teamId, of)
        const team = await teamById(tx, ctx.company, teamId)
        if (!team) throw noSlip()
        const by = await personById(tx, ctx.company, viewer.person.id)
        const command = { do: 'appeal' as const, ...body }
        const { after } = await changeMonth(tx, ctx, { team, month: of, command, by, speech: { via: 'page' } })
        const data = { month: of, item: body.item }
        await auditPage(tx, ctx, { viewer, http }, { action: 'month.appeal', subject: after.id, data })
        return needOwnSlip(tx, ctx, viewer, teamId, of)
      })
      ctx.ring()
      return slip
    },
  }),
]

const noSlip = () => new HttpProblem(404, 'Not found', '没有这张工资条，或者还没有发布。')

function notAhead(now: string, asked: string): void {
  if (asked > now) throw new HttpProblem(422, 'Month ahead', `${asked} 还没到。`)
}

/** His own, once it is published: one answer for what is not there, not out yet, and not his. @throws HttpProblem 404 */
async function needOwnSlip(tx: Tx, ctx: Context, { person }: Viewer, teamId: string, of: string): Promise<SlipView> {
  const record = await monthOfTeam(tx, ctx.company, teamId, of)
  const out = record && record.view.state !== 'draft' ? record : null
  const slip = out && (await slipView(tx, ctx, out, person.id, await namesIn(tx, ctx, out)))
  if (!slip) throw noSlip()
  return slip
}

async function needSlip(tx: Tx, ctx: Context, team: Team, of: string, person: string): Promise<SlipView> {
  const record = await needMonth(tx, ctx, team, of)
  const slip = await slipView(tx, ctx, record, person, await namesIn(tx, ctx, record))
  if (!slip) throw noSlip()
  return slip
}

async function choice(tx: Tx, ctx: Context, viewer: Viewer): Promise<MonthChoice> {
  const { company } = ctx
  const teams: MonthChoice['teams'] = []
  for (const { teamId } of viewer.teams.filter(one => keepsMonth(viewer, one.teamId))) {
    const team = await teamById(tx, company, teamId)
    if (!team) continue
    const months = await pageOfMonths(tx, company, teamId, { limit: 24 })
    teams.push({
      ...{ id: team.id, name: team.name, manages: manages(viewer, teamId), settles: settles(ctx.policy(team.policy)) },
      ...(await monthsMeant(tx, ctx, team)),
      months: months.map(({ month: of, state, people, net, progress }) => ({
        ...{ month: of, state, people, wanted: progress !== null, net: net === null ? null : sayFen(BigInt(net)) },
      })),
    })
  }
  const own = await ownMonths(tx, company, viewer.person.id, null)
  const names = new Map<string, string>()
  for (const { record } of own) names.set(record.teamId, (await teamById(tx, company, record.teamId))?.name ?? '')
  return {
    teams,
    own: own.map(({ record: { teamId, month: of, state }, slip }) => ({
      ...{ teamId, team: names.get(teamId) ?? '', month: of, state, net: sayFen(BigInt(slip.net)) },
    })),
  }
}

/** Does something to a month, as a manager says it in chat. */
async function change(ctx: Context, { viewer, params, http }: Asked, command: MonthCommand) {
  const answer = await inTransaction(ctx.db, async tx => {
    const team = await needReach(tx, ctx, viewer, params.team, 'manage')
    const by = await personById(tx, ctx.company, viewer.person.id)
    const speech = { via: 'page' as const }
    const { after } = await changeMonth(tx, ctx, { team, month: params.month, command, by, speech })
    await auditPage(
      tx,
      ctx,
      { viewer, http },
      { action: `month.${command.do}`, subject: after.id, data: told(command, params.month) },
    )
    const about =
      command.do === 'adjust'
        ? {
            item: command.item,
            fen: command.fen,
            who: (await namesOf(tx, ctx.company, [command.person])).get(command.person) ?? '',
          }
        : {}
    const { zone } = rulesOfMonth(ctx, team, params.month)
    const said = doneText(after, command.do, zone, about)
    return { said, page: await monthPage(tx, ctx, viewer, team, params.month) }
  })
  ctx.ring()
  return answer
}

function told(command: MonthCommand, of: string): Record<string, string | number | boolean | null> {
  if (command.do === 'adjust')
    return {
      month: of,
      person: command.person,
      item: command.item,
      fen: command.fen === null ? null : `${command.fen}`,
    }
  return command.do === 'answer' ? { month: of, nr: command.nr, upheld: command.upheld } : { month: of }
}

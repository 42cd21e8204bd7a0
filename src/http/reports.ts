import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { personByName } from '../people/store.ts'
import { ledgerOf, ledgerSums } from '../settlement/ledgerstore.ts'
import { monthSheets, personSheets, type Report } from '../settlement/report.ts'
import { monthOfTeam, monthsOf, resultOf, slipOf, slipsOf } from '../settlement/rows.ts'
import type { Slip } from '../settlement/slip.ts'
import { keptTables } from '../settlement/tablestore.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { month, personKey, teamKey } from './shapes/common.ts'
import { workbook, xlsx } from './workbook.ts'

/** A ledger with more entries is given as sums: the workbook of a thousand people stays one that can be opened. */
const mostEntries = 10_000
const slipsAtOnce = 500

const uuid = z.uuid()
const monthQuery = z.object({
  team: teamKey,
  month: month.optional().describe('The last one that was settled unless told'),
})
const personQuery = monthQuery.extend({ person: personKey })

/** `/api/v1/settlements/sheet`, `/api/v1/payslips/sheet`: a settled month as a workbook (R15). */
export const reportRoutes = [
  route({
    ...{ method: 'get', path: '/settlements/sheet', id: 'getSettlementSheet', tag: 'months', scope: 'months:read' },
    summary: 'A settled month as a workbook',
    query: monthQuery,
    answers: { 200: { file: xlsx } },
    problems: [404, 409],
    async handle(ctx, { query: wanted, http }) {
      const report = await inTransaction(ctx.db, tx => reportFor(tx, ctx, wanted))
      const { team, month: of } = report.result
      ctx.log.info({ team, month: of, via: 'api' }, 'the report of a month was exported')
      http.type = xlsx
      http.attachment(`${team} ${of} 月报.xlsx`)
      return workbook(monthSheets(report))
    },
  }),

  route({
    ...{ method: 'get', path: '/payslips/sheet', id: 'getPayslipSheet', tag: 'months', scope: 'months:read' },
    summary: 'Somebody’s payslip as a workbook',
    query: personQuery,
    answers: { 200: { file: xlsx } },
    problems: [404, 409],
    async handle(ctx, { query: { person, ...wanted }, http }) {
      const report = await inTransaction(ctx.db, tx => reportFor(tx, ctx, wanted, person))
      const [slip] = report.slips
      const { team, month: of } = report.result
      if (!slip) throw new HttpProblem(404, 'No payslip', `"${person}" has no payslip of ${of} in "${team}".`)
      ctx.log.info({ team, month: of, person: slip.person, via: 'api' }, 'a payslip was exported')
      http.type = xlsx
      http.attachment(`${slip.name} ${of} 工资条.xlsx`)
      return workbook(personSheets(report, slip))
    },
  }),
]

/** Everybody's, or one person's by name or id. */
export async function reportFor(
  tx: Tx,
  ctx: Context,
  wanted: z.output<typeof monthQuery>,
  person?: string,
): Promise<Report> {
  const { company } = ctx
  const team = await needTeam(tx, ctx, wanted.team)
  const chosen = wanted.month ?? (await monthsOf(tx, company, team.id, 1))[0]?.month
  if (chosen === undefined) throw new HttpProblem(404, 'Not settled', `No month of "${team.name}" was settled yet.`)
  const record = await monthOfTeam(tx, company, team.id, chosen)
  if (!record) throw new HttpProblem(404, 'Not settled', `${chosen} of "${team.name}" was not settled.`)
  const { result } = await resultOf(tx, company, record.id)
  if (!result)
    throw new HttpProblem(
      409,
      'Not reckoned yet',
      `${record.month} of "${team.name}" is being reckoned. Ask again in a minute.`,
    )
  const slips =
    person === undefined ? await allSlips(tx, company, record.id) : await ownSlip(tx, company, record.id, person)
  const { state, wanted: again, lockedAt } = record.view
  // What a correction of later adds to the ledger of a locked month belongs to the month that names it.
  const until = state === 'locked' && lockedAt ? new Date(lockedAt) : null
  const of = { teamId: team.id, month: record.month, until, person: person && (slips[0]?.person ?? record.id) }
  const entries = await ledgerOf(tx, company, of, mostEntries)
  return {
    ...{ state: { state, wanted: again }, slips, result, tables: await keptTables(tx, company, record.id) },
    ledger: entries ? { entries } : { sums: await ledgerSums(tx, company, of) },
  }
}

async function ownSlip(tx: Tx, company: string, id: string, key: string): Promise<Slip[]> {
  const person = uuid.safeParse(key).success ? key : (await personByName(tx, company, key))?.id
  const slip = person === undefined ? null : await slipOf(tx, company, id, person)
  return slip ? [slip] : []
}

async function allSlips(tx: Tx, company: string, id: string): Promise<Slip[]> {
  const all: Slip[] = []
  for (;;) {
    const page = await slipsOf(tx, company, id, { after: all.at(-1)?.person, limit: slipsAtOnce })
    all.push(...page)
    if (page.length < slipsAtOnce) return all
  }
}

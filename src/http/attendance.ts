import { readXlsx } from 'hucre/xlsx'
import { z } from 'zod'
import { sayCell } from '../attendance/daywords.ts'
import { importSheet } from '../attendance/intake.ts'
import { monthNow, monthOf, peopleIn, rulesFor, type Watched, watchedBy } from '../attendance/look.ts'
import type { MonthVerdict } from '../attendance/month.ts'
import { wholeDay } from '../attendance/record.ts'
import type { Cell } from '../attendance/sheet.ts'
import { dayLine, proposalLine, sumLines } from '../attendance/words.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { amountOf } from '../policy/fen.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route, type Upload } from './route.ts'
import { attendanceImported, attendance as attendanceShape } from './shapes/attendance.ts'
import { month as monthText, teamKey as team } from './shapes/common.ts'
import { xlsx } from './workbook.ts'

const upload: Upload = {
  types: [xlsx, 'application/octet-stream'],
  maxBytes: 5 * 1024 * 1024,
  what: 'an xlsx workbook',
}
/** A year of a team of fifty. */
const maxRows = 20_000

const importQuery = z.object({
  team,
  partial: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Import the rows without a fault, whatever the others have'),
})
const monthQuery = z.object({ team, month: monthText.optional() })

/** `/api/v1/attendance`: the table of a month, and check-ins from a file. */
export const attendanceRoutes = [
  route({
    ...{ method: 'post', path: '/attendance/import', id: 'importAttendance', tag: 'attendance' },
    scope: 'attendance:write',
    summary: 'Import check-ins from a workbook',
    query: importQuery,
    body: upload,
    answers: { 200: attendanceImported },
    async handle(ctx, { query, body }) {
      const sheet = await firstSheet(body)
      const done = await inTransaction(ctx.db, async tx =>
        importSheet(tx, ctx, await watchedTeam(tx, ctx, query.team), sheet, { partial: query.partial === 'true' }),
      )
      const problems = done.problems.map(({ row, column, message }) => ({ path: `第 ${row} 行「${column}」`, message }))
      if (problems.length > 0 && query.partial === 'false') {
        const told = `${problems.length} 处有问题，一行都没有导入。改好再传，或加 partial=true 只导入没有问题的 ${done.rows} 行。`
        throw new Invalid(told, problems)
      }
      ctx.ring()
      return { rows: done.rows, stored: done.stored, known: done.known, problems }
    },
  }),

  route({
    ...{ method: 'get', path: '/attendance', id: 'getAttendance', tag: 'attendance', scope: 'attendance:read' },
    summary: 'The attendance table of a month, this one unless told',
    query: monthQuery,
    answers: { 200: attendanceShape },
    handle: (ctx, { query }) =>
      inTransaction(ctx.db, async tx => {
        const current = await watchedTeam(tx, ctx, query.team)
        const latest = monthNow(current, ctx.clock.now())
        const month = query.month ?? latest
        if (month > latest) throw new HttpProblem(422, 'Month ahead', `${month} has not begun.`)
        const watched = rulesFor(ctx, current, month)
        const months = await monthOf(tx, ctx, watched, await peopleIn(tx, ctx, watched), month)
        const items = months.map(({ person: { id, name }, verdict }) => ({
          person: { id, name },
          ...monthJson(verdict, watched),
        }))
        return { team: { id: watched.team.id, name: watched.team.name }, month, items, next: null }
      }),
  }),
]

async function watchedTeam(tx: Tx, ctx: Context, key: string): Promise<Watched> {
  const found = await needTeam(tx, ctx, key)
  const watched = watchedBy(ctx, found, ctx.clock.now())
  if (!watched)
    throw new HttpProblem(
      422,
      'No attendance',
      `The policy "${found.policy}" of "${found.name}" has no section attendance.`,
    )
  return watched
}

async function firstSheet(bytes: Buffer): Promise<Cell[][]> {
  const book = await readXlsx(new Uint8Array(bytes), { sheets: [0], maxRows }).catch((error: unknown) => {
    throw new HttpProblem(
      400,
      'Bad workbook',
      `The body is no xlsx workbook: ${error instanceof Error ? error.message : error}`,
    )
  })
  return book.sheets[0]?.rows ?? []
}

function monthJson(month: MonthVerdict, { policy, rule }: Watched): object {
  const days = (share: number): number => share / wholeDay
  return {
    days: month.days.map(verdict => ({
      ...{ day: verdict.day, state: verdict.state, text: sayCell(verdict), why: dayLine(verdict, policy, rule) },
      ...{ arrivedAt: verdict.arrived?.at ?? null, leftAt: verdict.left?.at ?? null, leave: days(verdict.leave) },
    })),
    sums: {
      ...{ late: month.late, early: month.early, offPost: month.offPost, lates: month.lates },
      ...{ offDuty: days(month.offDuty), absent: days(month.absent), leave: days(month.leave), unknown: month.unknown },
      ...{ fine: amountOf(BigInt(month.fen)), points: month.points, wageDays: days(month.wage), run: month.run },
    },
    why: sumLines(month, rule),
    proposals: month.proposals.map(proposal => ({ ...proposal, text: proposalLine(proposal) })),
  }
}

import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { month } from '../http/shapes/common.ts'
import type { Viewer } from '../login/viewer.ts'
import type { Team } from '../people/person.ts'
import { teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { sayPoints, signedPoints, sumsByRule } from '../settlement/answering.ts'
import { pageWords } from '../settlement/pagewords.ts'
import { keepsPoints, type PointsNow, pointsNow } from '../settlement/pointsnow.ts'
import { monthName } from '../settlement/saying.ts'
import type { MyPoints, PointsLedger } from './pointswire.ts'

/** His points, entry by entry, as 我的积分 says them in chat. */
export const myPointsRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/points', id: 'myPoints', may: 'own' },
    query: z.object({ month: month.optional() }),
    handle: (ctx, { viewer, query }) => inTransaction(ctx.db, tx => myPoints(tx, ctx, viewer, query.month)),
  }),
]

/** @throws HttpProblem 422 of a month that has not begun */
async function myPoints(tx: Tx, ctx: Context, viewer: Viewer, named: string | undefined): Promise<MyPoints> {
  const teams: Team[] = []
  for (const { teamId } of viewer.teams) {
    const team = await teamById(tx, ctx.company, teamId)
    if (team && keepsPoints(ctx.policy(team.policy))) teams.push(team)
  }
  const now = calendarOf(ctx.policy(teams[0]?.policy ?? 'default'))
    .dayOf(ctx.clock.now())
    .slice(0, 7)
  const of = named ?? now
  if (of > now) throw new HttpProblem(422, 'Month ahead', `${monthName(of)}还没到。`)
  const ledgers: PointsLedger[] = []
  for (const team of teams)
    ledgers.push(ledgerOf(team, await pointsNow(tx, ctx, { team, month: of, person: viewer.person.id })))
  return { month: of, now, ledgers }
}

function ledgerOf({ id, name }: Team, { policy, entries, codes }: PointsNow): PointsLedger {
  return {
    team: { id, name },
    total: sayPoints(entries.reduce((sum, { hundredths }) => sum + hundredths, 0)),
    sums: sumsByRule(entries).map(({ rule, hundredths, times }) => ({ rule, times, points: signedPoints(hundredths) })),
    entries: entries.toReversed().map(({ day, source, subject, rule, hundredths, corrects }) => ({
      ...{ day, what: rule, points: signedPoints(hundredths), corrects },
      order: source === 'order' ? (codes.get(subject) ?? null) : null,
      incident: source === 'incident' ? subject : null,
    })),
    rules: pageWords.by(policy.title, policy.version),
  }
}

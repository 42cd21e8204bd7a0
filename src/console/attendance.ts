import { z } from 'zod'
import { sayCell } from '../attendance/daywords.ts'
import { sayAway, sayCorrection, sayMark, saySign } from '../attendance/evidencewords.ts'
import { correctionsOf, recordsBetween } from '../attendance/find.ts'
import { monthNow, monthOf, monthOfOne, peopleIn, rulesFor, type Watched, watchedBy } from '../attendance/look.ts'
import { monthSpan } from '../attendance/month.ts'
import { workdayOf } from '../attendance/schedule.ts'
import { dayLine, proposalLine, sumLines } from '../attendance/words.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { awayDays, leaveCodes } from '../leave/find.ts'
import { isSelf, type Viewer } from '../login/viewer.ts'
import { rolesIn, type Team } from '../people/person.ts'
import { namesOf, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { AttendanceDay, AttendanceTable } from './attendancewire.ts'
import { needReach, needSeenPerson } from './reach.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like 2026-11' })
const weekdays = ['日', '一', '二', '三', '四', '五', '六']

/** `/attendance`: a team's table of a month, a person's own, and what a day of it is computed from. */
export const attendancePageRoutes: readonly PageRoute[] = [
  pageRoute({
    ...{ method: 'get', path: '/attendance', id: 'attendance', may: 'own' },
    query: z.object({ team: z.uuid(), month: month.optional() }),
    handle: (ctx, { viewer, query }) => inTransaction(ctx.db, tx => table(tx, ctx, viewer, query)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/attendance/day', id: 'attendanceDay', may: 'own' },
    query: z.object({ team: z.uuid(), person: z.uuid(), day: z.iso.date() }),
    handle: (ctx, { viewer, query }) => inTransaction(ctx.db, tx => dayOf(tx, ctx, viewer, query)),
  }),
]

/** @throws HttpProblem 404, 409 where the team keeps no attendance */
async function needWatched(tx: Tx, ctx: Context, viewer: Viewer, teamId: string): Promise<Watched> {
  // A technician sees his own row of the team he is in.
  const isIn = viewer.teams.some(team => team.teamId === teamId)
  const team: Team | null = isIn ? await teamById(tx, ctx.company, teamId) : null
  if (!team) throw new HttpProblem(404, 'Not found', '没有这个班组，或者不归你管。')
  const watched = watchedBy(ctx, team, ctx.clock.now())
  if (watched) return watched
  throw new HttpProblem(409, 'No attendance', `「${team.name}」的制度里没有考勤。要用请管理员在制度里加上 attendance。`)
}

async function table(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  query: { team: string; month?: string | undefined },
): Promise<AttendanceTable> {
  const current = await needWatched(tx, ctx, viewer, query.team)
  const latest = monthNow(current, ctx.clock.now())
  const shown = query.month ?? latest
  if (shown > latest) throw new HttpProblem(422, 'Month ahead', `${shown} 还没有开始。`)
  const watched = rulesFor(ctx, current, shown)
  const { policy, rule, team } = watched
  const calendar = calendarOf(policy)
  const desk = viewer.teams.some(one => one.teamId === team.id && one.roles.some(role => role !== 'technician'))
  const people = (await peopleIn(tx, ctx, watched)).filter(({ id }) => desk || isSelf(viewer, id))
  const months = await monthOf(tx, ctx, watched, people, shown)
  const { first, last } = monthSpan(policy, shown)
  const days: AttendanceTable['days'] = []
  for (let day = first; day <= last; day = calendar.dayAfter(day, 1)) {
    const weekday = weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? ''
    days.push({ day, weekday, works: calendar.isWorkday(day) })
  }
  return {
    ...{ team: { id: team.id, name: team.name }, month: shown, latest, days },
    people: months.map(({ person, verdict }) => ({
      ...{ id: person.id, name: person.name, sums: sumLines(verdict, rule) },
      cells: days.map(({ day }) => {
        const found = verdict.days.find(one => one.day === day)
        return found ? { state: found.state, text: sayCell(found) } : null
      }),
      // What is proposed to managers is theirs to decide first.
      proposals: desk ? verdict.proposals.map(proposalLine) : [],
    })),
  }
}

async function dayOf(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  { team, person: personId, day }: { team: string; person: string; day: string },
): Promise<AttendanceDay> {
  const person = await needSeenPerson(tx, ctx, viewer, personId)
  if (!isSelf(viewer, personId)) await needReach(tx, ctx, viewer, team, 'dispatch')
  const current = await needWatched(tx, ctx, viewer, team)
  if (rolesIn(person, team).length === 0) throw new HttpProblem(404, 'Not found', '班组里没有这个人。')
  const watched = rulesFor(ctx, current, day.slice(0, 7))
  const { policy, rule } = watched
  const verdict = (await monthOfOne(tx, ctx, watched, person, day.slice(0, 7))).days.find(one => one.day === day)
  if (!verdict) throw new HttpProblem(404, 'Not found', '这一天还没有到。')
  const calendar = calendarOf(policy)
  const span = {
    ...{ first: day, last: day, from: calendar.momentOf(day, 0) },
    // A night's work runs on into the next morning.
    to: calendar.momentOf(calendar.dayAfter(day, 1), 720),
  }
  const records = (await recordsBetween(tx, ctx.company, [personId], span)).get(personId)
  const asked = await correctionsOf(tx, ctx.company, personId, day)
  const away = await awayDays(tx, ctx.company, [personId], day, day)
  const codes = await leaveCodes(
    tx,
    ctx.company,
    away.map(({ leaveId }) => leaveId),
  )
  const names = await namesOf(
    tx,
    ctx.company,
    asked.flatMap(({ ruling }) => ruling?.by ?? []),
  )
  const ofDay = ({ at }: { at: Date }) => workdayOf(policy, at) === day
  const noon = policy.leave?.noon ?? 720
  return {
    ...{ day, name: person.name, state: verdict.state, text: sayCell(verdict), why: dayLine(verdict, policy, rule) },
    marks: (records?.marks ?? []).filter(ofDay).map(mark => sayMark(mark, policy.zone)),
    signs: (records?.signs ?? []).filter(ofDay).map(sign => saySign(sign, policy.zone)),
    leave: away.map(one => ({ says: sayAway(one, noon), code: codes.get(one.leaveId) ?? null })),
    corrections: asked.map(one => sayCorrection(one, id => names.get(id) ?? '（已离职）')),
  }
}

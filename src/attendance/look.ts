import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { type Person, rolesIn, type Team } from '../people/person.ts'
import { managersOf, peopleOf, teamById } from '../people/store.ts'
import type { AttendanceRule } from '../policy/attendancerule.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { enteredAt, firstInChat, recordsBetween } from './find.ts'
import { judgeMonth, type MonthVerdict, monthSpan } from './month.ts'
import { workdayOf } from './schedule.ts'

/** A team that keeps attendance, with the rules of a month. */
export interface Watched {
  team: Team
  policy: Policy
  rule: AttendanceRule
}

/** The team's rules in force at a moment; null where it keeps no attendance. */
export function watchedBy(ctx: Context, team: Team, at: Date): Watched | null {
  const policy = ctx.policy(team.policy, at)
  return policy.attendance ? { team, policy, rule: policy.attendance } : null
}

/** The first of a person's teams that keeps attendance. */
export async function teamOf(tx: Tx, ctx: Context, person: Person): Promise<Watched | null> {
  for (const id of new Set(person.memberships.map(({ teamId }) => teamId))) {
    const team = await teamById(tx, ctx.company, id)
    const watched = team && watchedBy(ctx, team, ctx.clock.now())
    if (watched) return watched
  }
  return null
}

export async function needTeamOf(tx: Tx, ctx: Context, person: Person): Promise<Watched> {
  const watched = await teamOf(tx, ctx, person)
  if (!watched) throw new Refusal('attendance', '你的班组没有考勤制度，没有记录。要用考勤请找经理。')
  return watched
}

/** Those of the team whose hours are kept. */
export async function peopleIn(tx: Tx, ctx: Context, { team, rule }: Watched): Promise<Person[]> {
  const members = await peopleOf(tx, ctx.company, [team.id])
  return members.filter(person => rolesIn(person, team.id).some(role => rule.roles.includes(role)))
}

/** The month somebody works in now. */
export const monthNow = ({ policy }: Watched, now: Date): string => workdayOf(policy, now).slice(0, 7)

/** A month by the rules that were in force at its end, or are now. */
export function rulesFor(ctx: Context, watched: Watched, month: string): Watched {
  const calendar = calendarOf(watched.policy)
  const end = calendar.momentOf(monthSpan(watched.policy, month).last, 1439)
  const now = ctx.clock.now()
  return watchedBy(ctx, watched.team, end < now ? end : now) ?? watched
}

/** A month of people, judged from all that is recorded by now. */
export async function monthOf(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  people: readonly Person[],
  month: string,
): Promise<Array<{ person: Person; verdict: MonthVerdict }>> {
  const { policy, rule } = watched
  const { last, lead } = monthSpan(policy, month)
  const calendar = calendarOf(policy)
  const now = ctx.clock.now()
  const ids = people.map(({ id }) => id)
  // A night's work runs on into the next morning.
  const span = {
    first: lead,
    last,
    from: calendar.momentOf(lead, 0),
    to: calendar.momentOf(calendar.dayAfter(last, 1), 720),
  }
  const [records, entered, since] = await Promise.all([
    recordsBetween(tx, ctx.company, ids, span),
    enteredAt(tx, ctx.company, ids),
    chatSince(tx, ctx, watched),
  ])
  return people.map(person => {
    const found = records.get(person.id)
    const own = { marks: [], signs: [], corrections: [], away: [], asks: [], watched: [], ...found }
    const begin = entered.get(person.id)
    const from = since && begin && begin > since ? begin : since
    const seen = [...own.watched, ...(from ? [{ from, to: now }] : [])]
    const start = rule.since === null ? null : calendar.momentOf(rule.since, 0)
    const counted = seen.map(one => (start && one.from < start ? { ...one, from: start } : one))
    const marks = start ? own.marks.filter(({ at }) => at >= start) : own.marks
    const verdict = judgeMonth(policy, rule, { ...own, marks, watched: counted, person }, month, now)
    return { person, verdict }
  })
}

/** From when on somebody who did not check in in chat did not come. */
async function chatSince(tx: Tx, ctx: Context, { team, policy, rule }: Watched): Promise<Date | null> {
  if (!rule.source.includes('chat')) return null
  const calendar = calendarOf(policy)
  if (rule.since !== null) return calendar.momentOf(rule.since, 0)
  const members = await peopleOf(tx, ctx.company, [team.id])
  const first = await firstInChat(
    tx,
    ctx.company,
    members.map(({ id }) => id),
  )
  return first && calendar.momentOf(calendar.dayOf(first), 0)
}

/** The month of one person. */
export async function monthOfOne(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  person: Person,
  month: string,
): Promise<MonthVerdict> {
  const [found] = await monthOf(tx, ctx, watched, [person], month)
  if (!found) throw new Error('a month was asked of nobody')
  return found.verdict
}

/** Who decides on somebody's attendance: the team's managers, else those of the company; nobody on his own. */
export async function decidersOf(tx: Tx, ctx: Context, teamId: string, personId: string): Promise<string[]> {
  const members = await peopleOf(tx, ctx.company, [teamId])
  const own = members.filter(one => rolesIn(one, teamId).includes('manager')).map(({ id }) => id)
  const others = (ids: readonly string[]) => ids.filter(id => id !== personId)
  return others(own).length > 0 ? others(own) : others(await managersOf(tx, ctx.company))
}

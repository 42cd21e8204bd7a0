import { monthOf, type Watched } from '../attendance/look.ts'
import type { MonthVerdict } from '../attendance/month.ts'
import { wholeDay } from '../attendance/record.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { type IncidentRow, incidentsOf } from '../incidents/find.ts'
import type { AwayDay } from '../leave/away.ts'
import type { Flag } from '../leave/fact.ts'
import { awayDays } from '../leave/find.ts'
import type { AbsentDay } from '../leave/month.ts'
import { loadLeaves } from '../leave/rows.ts'
import { restOn } from '../people/duty.ts'
import { type Employed, employedIn } from '../people/employment.ts'
import { type Person, rolesIn, type Team } from '../people/person.ts'
import { peopleById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import type { SetByHand } from './closing.ts'
import { inOrder } from './credits.ts'
import { daysOf, monthEnds } from './days.ts'
import { type CountedIncident, factsOf, type MonthRecords } from './facts.ts'
import type { FigureValue } from './figureentry.ts'
import { figuresOf } from './figurestore.ts'
import { fullAttendanceOf, type LeaveBook, takenAt } from './leavepart.ts'
import type { Owed, PersonMonth, TeamMonth } from './month.ts'
import { creditOld, ordersOf } from './monthorders.ts'
import { type Point, pointsOf, sumOfPoints } from './points.ts'
import { changedPost, joined, leftTeam } from './remarks.ts'
import type { Tables } from './tables.ts'
import { tablesFrom } from './tablestore.ts'

/** A month as it is read: what it is reckoned from, and the entries its ledger has by that. */
export interface Gathered {
  month: TeamMonth
  points: Map<string, Point[]>
  tables: Tables
}

export interface Wanted {
  team: Team
  policy: Policy
  /** `2026-10` */
  month: string
  setByHand: readonly SetByHand[]
  /** By person. */
  owed: ReadonlyMap<string, readonly Owed[]>
  /** This person's month alone: what he asks for costs no more for the size of his team. */
  only?: string
}

/** First and last moment of a month in the rule book's zone, the end outside. */
export function momentsOf(policy: Policy, month: string): { first: string; last: string; from: Date; to: Date } {
  const calendar = calendarOf(policy)
  const { first, last } = monthEnds(month)
  return { first, last, from: calendar.momentOf(first, 0), to: calendar.momentOf(calendar.dayAfter(last, 1), 0) }
}

/** Reads everything a team's month is settled from, as it stands now. */
export async function gather(tx: Tx, ctx: Context, wanted: Wanted): Promise<Gathered> {
  const { team, policy, month } = wanted
  const { first, last, from, to } = momentsOf(policy, month)
  await creditOld(tx, ctx, team.id, { from, to })
  const [employed, { orders, tally }, incidents] = await Promise.all([
    employedIn(tx, ctx.company, team.id, first, last),
    ordersOf(tx, ctx.company, team.id, { from, to }, wanted.only),
    incidentsOf(tx, ctx.company, { teamId: team.id, from: `${month.slice(0, 4)}-01-01`, to: last }),
  ])
  const known = await peopleById(
    tx,
    ctx.company,
    employed.map(({ personId }) => personId),
  )
  const profiles = new Map(known.map(person => [person.id, person]))
  const paid = employed.filter(
    one =>
      (wanted.only === undefined || one.personId === wanted.only) &&
      isPaid(one, profiles.get(one.personId), team.id, orders),
  )
  const people = paid.flatMap(({ personId }) => profiles.get(personId) ?? [])
  const verdicts = await attendanceOf(tx, ctx, wanted, people)
  const books = await leaveBooks(tx, ctx, wanted, paid, profiles, verdicts)
  const standing = policy.figures.filter(one => one.standing).map(({ name }) => name)
  const figures = await figuresOf(tx, ctx.company, team.id, month, standing)
  const ofFigures = grouped(figures, ({ personId }) => personId)
  const byHand = grouped(wanted.setByHand, ({ person }) => person)
  const ofIncidents = grouped(incidents, ({ personId }) => personId)
  const points = new Map<string, Point[]>()
  const months = paid.map((one): PersonMonth => {
    const book = books.get(one.personId)
    const rule = policy.leave
    const own = ofIncidents.get(one.personId) ?? []
    const records: MonthRecords = {
      ...{ month, orders: inOrder(orders.get(one.personId) ?? []), employed: one.days },
      ...{ incidents: own.filter(({ day }) => day >= first).map(counted) },
      ...{ earlier: own.filter(({ day }) => day < first).map(counted) },
      attendance: attended(verdicts.get(one.personId)),
      fullAttendance: book && rule ? fullAttendanceOf(book, rule) : { month: 0n, year: 0n, half: 0n },
    }
    const entries = pointsOf(policy, records)
    points.set(one.personId, entries)
    const numbers = numbersOf(ofFigures.get(one.personId))
    return {
      ...{ id: one.personId, name: one.name, post: one.post, days: { employed: one.days } },
      facts: factsOf(policy, records, sumOfPoints(entries)),
      ...{ figures: numbers, marks: numbers },
      leaveTaken: wage => (book && rule ? takenAt(book, rule, wage) : []),
      overrides: overridesOf(byHand.get(one.personId) ?? [], profiles),
      owed: wanted.owed.get(one.personId) ?? [],
      remarks: remarksOf(one, first, last),
    }
  })
  const ofMonth = incidents.filter(({ day }) => day >= first)
  return {
    month: {
      ...{ team: team.name, month, days: daysOf(calendarOf(policy), month), people: months },
      figures: numbersOf(ofFigures.get(null)),
    },
    points,
    tables: await tablesFrom(
      tx,
      { company: ctx.company, teamId: team.id, policy, from, to },
      { orders: tally, incidents: ofMonth, figures: ofFigures.get(null) ?? [] },
    ),
  }
}

/** Who has a post, works as a technician, or has work in the month: the others of a team are paid elsewhere. */
function isPaid(
  { post, personId }: Employed,
  profile: Person | undefined,
  teamId: string,
  orders: ReadonlyMap<string, unknown>,
): boolean {
  return (
    post !== null || orders.has(personId) || (profile !== undefined && rolesIn(profile, teamId).includes('technician'))
  )
}

async function attendanceOf(
  tx: Tx,
  ctx: Context,
  { team, policy, month }: Wanted,
  people: readonly Person[],
): Promise<Map<string, MonthVerdict>> {
  const rule = policy.attendance
  if (!rule) return new Map()
  const watched: Watched = { team, policy, rule }
  const months = await monthOf(tx, ctx, watched, people, month)
  return new Map(months.map(({ person, verdict }) => [person.id, verdict]))
}

function attended(verdict: MonthVerdict | undefined): MonthRecords['attendance'] {
  if (!verdict) return null
  const { fen, points, late, early, offPost, absent, leave } = verdict
  return { fen, points, late, early, offPost, absent: absent / wholeDay, leave: leave / wholeDay }
}

async function leaveBooks(
  tx: Tx,
  ctx: Context,
  { team, policy, month }: Wanted,
  paid: readonly Employed[],
  profiles: ReadonlyMap<string, Person>,
  verdicts: ReadonlyMap<string, MonthVerdict>,
): Promise<Map<string, LeaveBook>> {
  if (!policy.leave) return new Map()
  const { last } = monthEnds(month)
  // A lunar year may have begun thirteen months ago.
  const since = `${Number(month.slice(0, 4)) - 1}-01-01`
  const ids = paid.map(({ personId }) => personId)
  const away = (await awayDays(tx, ctx.company, ids, since, last)).filter(({ state }) => state === 'granted')
  const requests = await loadLeaves(tx, ctx.company, [...new Set(away.map(({ leaveId }) => leaveId))])
  const flags = new Map<string, ReadonlySet<Flag>>(requests.map(({ id, view }) => [id, view.flags]))
  const days = grouped(away, ({ personId }) => personId)
  const onDuty = dutyOf(policy, paid, profiles, days, verdicts)
  const employed = new Map(
    (await employedIn(tx, ctx.company, team.id, since, '9999-12-31')).map(one => [one.personId, one]),
  )
  return new Map(
    ids.map((id): [string, LeaveBook] => [
      id,
      {
        month,
        taken: (days.get(id) ?? []).map(({ day, type, share, leaveId }) => ({
          ...{ day, type, share, flags: flags.get(leaveId) ?? new Set() },
        })),
        absent: absentOf(verdicts.get(id)),
        employed: { from: employed.get(id)?.from ?? since, to: openEnd(employed.get(id)?.to) },
        onDuty: day => onDuty(day).filter(one => one !== id),
      },
    ]),
  )
}

const openEnd = (to: string | undefined): string | null => (to === undefined || to === '9999-12-31' ? null : to)

/** Who worked on a day: employed, not resting, not on leave all day, not absent. Half a day of leave is a day of duty. */
function dutyOf(
  policy: Policy,
  paid: readonly Employed[],
  profiles: ReadonlyMap<string, Person>,
  away: ReadonlyMap<string, readonly AwayDay[]>,
  verdicts: ReadonlyMap<string, MonthVerdict>,
): (day: string) => string[] {
  const calendar = calendarOf(policy)
  const known = new Map<string, string[]>()
  return day => {
    const found = known.get(day)
    if (found) return found
    const noon = calendar.momentOf(day, 720)
    const there = paid.filter(({ personId, from, to }) => {
      const profile = profiles.get(personId)
      const share = (away.get(personId) ?? []).reduce((sum, one) => sum + (one.day === day ? one.share : 0), 0)
      const absent = verdicts
        .get(personId)
        ?.days.find(one => one.day === day)
        ?.findings.some(({ what }) => what === 'absent')
      return (
        from <= day && to >= day && profile && restOn(profile, policy, noon) === null && share < wholeDay && !absent
      )
    })
    const ids = there.map(({ personId }) => personId)
    known.set(day, ids)
    return ids
  }
}

function absentOf(verdict: MonthVerdict | undefined): AbsentDay[] {
  return (verdict?.days ?? []).flatMap(({ day, findings }) =>
    findings.flatMap(({ what, share, wage }) =>
      what === 'absent' && share > 0 ? [{ day, share, multiple: wage / share }] : [],
    ),
  )
}

function counted({ id: _, personId, state, orderId, rule, ...counts }: IncidentRow): CountedIncident {
  return counts
}

const numbersOf = (figures: readonly FigureValue[] = []): Map<string, Num> =>
  new Map(figures.flatMap(({ name, value }) => (value === null ? [] : [[name, new Num(value)]])))

function overridesOf(setByHand: readonly SetByHand[], profiles: ReadonlyMap<string, Person>): PersonMonth['overrides'] {
  return new Map(
    setByHand.map(({ item, fen, reason, by }) => [
      item,
      { fen: BigInt(fen), reason, by: (by && profiles.get(by)?.name) || '经理' },
    ]),
  )
}

function remarksOf({ from, to, changes }: Employed, first: string, last: string): string[] {
  return [
    ...(from > first ? [joined(from)] : []),
    ...(to < last ? [leftTeam(to)] : []),
    ...changes.map(({ day, post }) => changedPost(day, post)),
  ]
}

function grouped<T, K>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>()
  for (const row of rows) {
    const own = found.get(key(row)) ?? []
    own.push(row)
    found.set(key(row), own)
  }
  return found
}

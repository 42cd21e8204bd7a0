import { DateTime } from 'luxon'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { put, type Telling } from '../outbox/store.ts'
import { comingDays, restOn } from '../people/duty.ts'
import { hasDesk, type Person, rolesIn } from '../people/person.ts'
import { listTeams, peopleOf, peopleWithLeave } from '../people/store.ts'
import type { Policy } from '../policy/schema.ts'
import { type ListDue, listsDue } from './daily.ts'
import { boardText, ownText } from './digestWords.ts'
import { boardFor, dayReport, ownWork, type Report, teamsOf, weekReport } from './overview.ts'
import { dayText, isEmpty, weekText } from './reportWords.ts'

/** A list of a team that is due. */
interface Wanted {
  teamId: string
  policy: Policy
  list: ListDue
}

/** Job and period of a list: the row that says that it was done. */
const jobOf = ({ teamId, list }: Wanted): string => `${list.which}:${teamId}`
const keyOf = (job: string, period: string): string => `${job} ${period}`

/** Lists asked of the database at once. */
const atOnce = 1_000
const dayMs = 86_400_000

/** The lists of the day and of the week, once for each team and period whatever the number of instances (R3.3, R1.7). */
export async function sweepDaily(ctx: Context, owner: string): Promise<number> {
  const now = ctx.clock.now()
  const due = new Map<Policy, ListDue[]>()
  const wanted = (await listTeams(ctx.db.prisma, ctx.company, { limit: 10_000 })).flatMap(team => {
    const policy = ctx.policy(team.policy)
    const lists = due.get(policy) ?? listsDue(policy, now)
    due.set(policy, lists)
    // What was to be sent before there was a team says nothing of it.
    return lists.filter(list => list.at >= team.createdAt).map((list): Wanted => ({ teamId: team.id, policy, list }))
  })
  const done = await doneOf(ctx, wanted)
  let planned = 0
  for (const one of wanted)
    if (!done.has(keyOf(jobOf(one), one.list.period)))
      planned += await inTransaction(ctx.db, tx => plan(tx, ctx, owner, one))
  return planned
}

async function doneOf(ctx: Context, wanted: readonly Wanted[]): Promise<Set<string>> {
  const done = new Set<string>()
  const periods = [...new Set(wanted.map(({ list }) => list.period))]
  for (let first = 0; first < wanted.length; first += atOnce) {
    const job = { in: wanted.slice(first, first + atOnce).map(jobOf) }
    const runs = await ctx.db.prisma.jobRun.findMany({
      where: { company: ctx.company, job, period: { in: periods } },
      select: { job: true, period: true },
    })
    for (const run of runs) done.add(keyOf(run.job, run.period))
  }
  return done
}

async function plan(tx: Tx, ctx: Context, owner: string, wanted: Wanted): Promise<number> {
  const now = ctx.clock.now()
  const { period } = wanted.list
  const mine = await tx.jobRun.createMany({
    data: [{ company: ctx.company, job: jobOf(wanted), period, owner, startedAt: now, doneAt: now }],
    skipDuplicates: true,
  })
  if (mine.count === 0) return 0
  const people = await peopleWithLeave(tx, ctx.company, [wanted.teamId], comingDays(wanted.policy, now))
  const tellings = tellingsOf(people, wanted, now)
  await put(tx, ctx.company, tellings, now)
  return tellings.length
}

/** Who gets what. Those who rest get nothing; a week's report waits for the manager's next day of work. */
function tellingsOf(people: readonly Person[], wanted: Wanted, now: Date): Telling[] {
  const { teamId, policy, list } = wanted
  const { which, period, notAfter } = list
  const holds = (person: Person, role: 'technician' | 'dispatcher' | 'manager') =>
    rolesIn(person, teamId).includes(role)
  const works = (person: Person) => restOn(person, policy, now) === null
  const telling = (person: Person, kind: string, data: object): Telling => ({
    ...{ kind, to: { person: person.id }, data: { which, teamId, period, ...data }, notAfter },
    dedupeKey: `${jobOf(wanted)}:${period}:${person.id}`,
  })
  const managers = people.filter(person => holds(person, 'manager'))
  if (which === 'manager') return managers.filter(works).map(person => telling(person, 'report', {}))
  if (which === 'weekly')
    return managers.map(person => ({ ...telling(person, 'report', {}), ...putOff(person, policy, list, now) }))
  // Where no dispatcher works, the next one up sees the board.
  const dispatchers = people.filter(person => holds(person, 'dispatcher') && works(person))
  const desk = dispatchers.length > 0 ? dispatchers : managers.filter(works)
  return people.filter(works).flatMap(person => {
    const parts = { own: holds(person, 'technician'), board: desk.includes(person) }
    return parts.own || parts.board ? [telling(person, 'daily', parts)] : []
  })
}

/** A lane of its own keeps what waits for another day from holding up what is said today. */
function putOff(person: Person, policy: Policy, { notAfter }: ListDue, now: Date): Partial<Telling> {
  const today = DateTime.fromJSDate(now, { zone: policy.zone })
  for (let days = 0; days < 7; days++) {
    const at = today.plus({ days }).toJSDate()
    if (restOn(person, policy, at) !== null) continue
    return days === 0 ? {} : { at, notAfter: new Date(notAfter.getTime() + days * dayMs), aside: 'nudge' }
  }
  return {}
}

interface DailyData {
  which: 'digest' | 'evening'
  teamId: string
  own?: boolean
  board?: boolean
}

const daily: Composer = async (row, tx, ctx) => {
  const { which, teamId, own = true, board = true } = row.data as DailyData
  const personId = row.personId ?? ''
  const person = (await peopleOf(tx, ctx.company, [teamId])).find(one => one.id === personId)
  if (!person) return { drop: 'the person left the team' }
  const teams = await teamsOf(tx, ctx, [teamId])
  const roles = rolesIn(person, teamId)
  const texts: string[] = []
  if (own && roles.includes('technician')) {
    const { glances, finished } = await ownWork(tx, ctx, teams, personId)
    texts.push(ownText(which, glances, finished))
  }
  if (board && hasDesk(roles)) {
    const whole = await boardFor(tx, ctx, teams)
    if (whole.open > 0) texts.push(boardText(whole, teams.name, { head: which, masked: false }))
  }
  const text = texts.filter(Boolean).join('\n\n')
  if (!text) return { drop: 'nothing is open' }
  return { to: { person: personId }, message: { kind: 'text', text }, worth: 'should' }
}

const report: Composer = async (row, tx, ctx) => {
  const { which, teamId, period } = row.data as { which: 'manager' | 'weekly'; teamId: string; period: string }
  const personId = row.personId ?? ''
  const person = (await peopleOf(tx, ctx.company, [teamId])).find(one => one.id === personId)
  if (!person || !rolesIn(person, teamId).includes('manager')) return { drop: 'the person manages the team no more' }
  const teams = await teamsOf(tx, ctx, [teamId])
  const found = which === 'weekly' ? await weekReport(tx, ctx, teams, period) : await dayReport(tx, ctx, teams, period)
  if (isEmpty(found)) return { drop: 'nothing happened' }
  const text = reportText(which === 'weekly' ? 'weekly' : 'daily', found, { masked: false })
  return { to: { person: personId }, message: { kind: 'text', text }, worth: 'should' }
}

export function reportText(which: 'daily' | 'weekly', report: Report, { masked }: { masked: boolean }): string {
  const { teams, ...figures } = report
  const { name: team, policy } = teams
  const subject = { ...figures, team, masked, zone: policy.zone, target: policy.targets.onTime }
  return which === 'weekly' ? weekText(subject) : dayText(subject)
}

export const digestComposers: Composers = { daily, report }

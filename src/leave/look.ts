import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { openOrdersOf } from '../orders/find.ts'
import type { OrderRecord } from '../orders/record.ts'
import { withoutAccount } from '../people/accounts.ts'
import { comingDays, restOn } from '../people/duty.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { namesOf, peopleWithLeave, personById, personByName, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { LeaveRule, LeaveType, Step } from '../policy/leaverule.ts'
import { leaveTypeOf } from '../policy/leaverule.ts'
import type { Policy } from '../policy/schema.ts'
import type { AwayDay } from './away.ts'
import { type CostLine, costOf } from './cost.ts'
import { type CountedDay, type LeaveSpan, overlaps, type Rhythm, sum } from './count.ts'
import { type Circle, type Deciders, decidersOf } from './deciders.ts'
import type { Flag } from './fact.ts'
import { awayDays } from './find.ts'
import { periodOf } from './periods.ts'
import type { LeaveRecord } from './request.ts'

/** What a team's leave is judged by, now. */
export interface Setting {
  teamId: string
  team: string
  policyName: string
  policy: Policy
  rule: LeaveRule
  now: Date
  /** The business day and the minute of it. */
  today: string
  minute: number
  circle: Circle
}

/** Null where the team's rule book knows no leave. */
export async function settingOf(tx: Tx, ctx: Context, teamId: string): Promise<Setting | null> {
  const team = await teamById(tx, ctx.company, teamId)
  const policy = ctx.policy(team?.policy ?? 'default')
  const { leave: rule } = policy
  if (!team || !rule) return null
  const now = ctx.clock.now()
  const calendar = calendarOf(policy)
  const members = await peopleWithLeave(tx, ctx.company, [teamId], comingDays(policy, now))
  const named: Step[] = [...rule.approve.flatMap(({ by }) => by), ...rule.approverOfApprovers, ...rule.deputies]
  const names = new Set(named.flatMap(step => ('person' in step ? [step.person] : [])))
  const others: Person[] = []
  for (const name of names) {
    const person = members.some(one => one.name === name) ? null : await personByName(tx, ctx.company, name)
    if (person) others.push(person)
  }
  const people = [...members, ...others]
  const away = people.filter(person => ['leave', 'dayOff'].includes(restOn(person, policy, now) ?? ''))
  const circle: Circle = {
    ...{ teamId, people, away: new Set(away.map(({ id }) => id)) },
    unbound: await withoutAccount(
      tx,
      ctx.company,
      people.map(({ id }) => id),
    ),
  }
  const [today, minute] = [calendar.dayOf(now), calendar.minuteOf(now)]
  return { ...{ teamId, team: team.name, policyName: team.policy, policy, rule, now, today, minute, circle } }
}

const restNames = { weekday: '轮休', dayOff: '休息' } as const

/** One person's days: the team's calendar and his own days of rest. */
export function rhythmOf({ policy }: Setting, person: Person): Rhythm {
  const calendar = calendarOf(policy)
  const own = { restDays: person.restDays, daysOff: person.daysOff }
  return {
    calendar,
    rests: day => {
      const rest = restOn(own, policy, calendar.momentOf(day, 720))
      return rest === 'weekday' || rest === 'dayOff' ? restNames[rest] : null
    },
  }
}

/** Days held by the team in a stretch, and by the person himself wherever a limit could reach. */
export async function heldDays(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  person: string,
  span: LeaveSpan,
): Promise<AwayDay[]> {
  const calendar = calendarOf(setting.policy)
  const [from, to] = [calendar.dayAfter(span.from.day, -400), calendar.dayAfter(span.to.day, 400)]
  const others = setting.circle.people.map(({ id }) => id).filter(id => id !== person)
  const [own, theirs] = await Promise.all([
    awayDays(tx, ctx.company, [person], from, to),
    awayDays(tx, ctx.company, others, span.from.day, span.to.day),
  ])
  return [...own, ...theirs]
}

/** What an approver is shown (R4.10). */
export interface Weighing {
  /** Open orders with a visit agreed for the time, and the other ones in hand. */
  visits: OrderRecord[]
  inHand: OrderRecord[]
  /** Others of the team away on one of the days. */
  away: Array<{ person: string; type: string; share: number; asked: boolean }>
  /** Taken in the month and year of the first day, this request left out; ten-thousandths of a day. */
  month: number
  year: number
  cost: CostLine[]
}

export async function weigh(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  request: { person: string; type: LeaveType; days: readonly CountedDay[]; flags: ReadonlySet<Flag>; except?: string },
  held: readonly AwayDay[],
): Promise<Weighing> {
  const { person, type, days, flags, except } = request
  const orders = await openOrdersOf(tx, ctx.company, person)
  const own = held.filter(one => one.personId === person && one.leaveId !== except)
  const first = days[0]?.day ?? setting.today
  const taken = (per: 'month' | 'year') => {
    const { from, to } = periodOf(per, first)
    return sum(own.filter(({ day }) => day >= from && day <= to))
  }
  const mine = new Set(days.map(({ day }) => day))
  const away = new Map<string, Weighing['away'][number]>()
  for (const one of held) {
    if (one.personId === person || !mine.has(one.day)) continue
    const key = `${one.personId} ${one.type}`
    const share = (away.get(key)?.share ?? 0) + one.share
    away.set(key, { person: one.personId, type: one.type, share, asked: one.state === 'asked' })
  }
  const visits = orders.filter(order => isWithin(order, days, setting.policy))
  return {
    ...{ visits, inHand: orders.filter(order => !visits.includes(order)), away: [...away.values()] },
    ...{ month: taken('month'), year: taken('year'), cost: costOf({ type, days, flags }, own, setting.rule) },
  }
}

/** Whether a visit was agreed for a time somebody is away. */
export function isWithin({ view }: OrderRecord, days: readonly CountedDay[], policy: Policy): boolean {
  if (!view.appointment) return false
  const calendar = calendarOf(policy)
  const from = new Date(view.appointment.from)
  const to = view.appointment.to ? new Date(view.appointment.to) : new Date(from.getTime() + 60_000)
  const day = calendar.dayOf(from)
  const minutes = (at: Date) => (calendar.dayOf(at) === day ? calendar.minuteOf(at) : 1440)
  return days.some(one => overlaps(one, { day, from: minutes(from), to: Math.max(minutes(to), minutes(from) + 1) }))
}

/** All that cards and sentences about a request are made from, as of now. */
export interface LeaveScene {
  leave: LeaveRecord
  setting: Setting
  type: LeaveType | undefined
  deciders: Deciders
  weighing: Weighing | null
  nameOf(person: string): string
}

export async function leaveScene(tx: Tx, ctx: Context, leave: LeaveRecord): Promise<LeaveScene | null> {
  const setting = await settingOf(tx, ctx, leave.teamId)
  if (!setting) return null
  const { view } = leave
  const type = leaveTypeOf(setting.rule, view.type)
  const { rule, circle } = setting
  const deciders = decidersOf(view.steps, view.step, { applicant: view.person, deputies: rule.deputies }, circle)
  const held = type ? await heldDays(tx, ctx, setting, view.person, view.span) : []
  const { person, days, flags } = view
  const weighing = type ? await weigh(tx, ctx, setting, { person, type, days, flags, except: leave.id }, held) : null
  const ids = [view.person, view.decided?.by, view.proposal?.by, ...leave.facts.map(({ by }) => by)]
  const all = [...ids.flatMap(id => id ?? []), ...deciders.missed, ...(weighing?.away.map(one => one.person) ?? [])]
  const names = await namesOf(tx, ctx.company, all)
  const known = new Map([...circle.people.map(({ id, name }) => [id, name] as const), ...names])
  return { leave, setting, type, deciders, weighing, nameOf: id => known.get(id) ?? '（已离职）' }
}

/** The team somebody's leave belongs to: where he is a technician, else his first. */
export const homeTeam = (person: Person): string | undefined =>
  (person.memberships.find(({ role }) => role === 'technician') ?? person.memberships[0])?.teamId

export const isTechnician = (person: Person, teamId: string): boolean => rolesIn(person, teamId).includes('technician')

/** The person, whether he is still there or not. */
export const personOf = (tx: Tx, ctx: Context, id: string): Promise<Person | null> => personById(tx, ctx.company, id)

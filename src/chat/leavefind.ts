import { Refusal } from '../errors.ts'
import { leavesOf, pendingLeaves } from '../leave/find.ts'
import { type LeaveScene, leaveScene } from '../leave/look.ts'
import type { LeaveRecord } from '../leave/request.ts'
import { leaveByCode } from '../leave/rows.ts'
import { type Person, runsDesk } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { Talk } from './talk.ts'

/** Which request is meant. */

export async function needScene({ tx, ctx }: Pick<Talk, 'tx' | 'ctx'>, leave: LeaveRecord): Promise<LeaveScene> {
  const scene = await leaveScene(tx, ctx, leave)
  if (!scene) throw new Refusal('none', '班组的制度里没有请假的规矩了，请找管理员。')
  return scene
}

export async function named({ tx, ctx, person }: Talk, code: string | undefined): Promise<LeaveRecord> {
  const leave = code === undefined ? null : await leaveByCode(tx, ctx.company, code)
  if (!leave || !mayKnow(leave, person))
    throw new Refusal(
      'unknown',
      code ? `没有找到 ${code}。回复「我的假」看看假号。` : '请带上假号，比如：假12。回复「我的假」看看。',
    )
  return leave
}

/** Why somebody is away is for himself, whoever filed it for him, the desk, and those who decide. */
export const mayKnow = (leave: LeaveRecord, person: Person): boolean =>
  leave.view.person === person.id ||
  leave.facts[0]?.by === person.id ||
  runsDesk(person, leave.teamId) ||
  mayBeAsked(leave, person)

const mayBeAsked = ({ view }: LeaveRecord, person: Person): boolean =>
  view.steps.some(step => 'person' in step && step.person === person.name)

/** The one of his own that fits where no number was said; of several those that fit best. */
export async function ownLeave(
  talk: Talk,
  code: string | undefined,
  suits: (leave: LeaveRecord) => boolean,
  best: (leave: LeaveRecord, today: string) => boolean = () => false,
): Promise<LeaveRecord> {
  if (code) return named(talk, code)
  const { tx, ctx, person } = talk
  const today = calendarOf(ctx.policy('default')).dayOf(ctx.clock.now())
  const own = (await leavesOf(tx, ctx.company, person.id, today)).filter(
    leave => leave.view.kind === 'leave' || leave.view.kind === 'extend',
  )
  const fitting = own.filter(suits)
  const likely = fitting.filter(leave => best(leave, today))
  const [first, second] = likely.length > 0 ? likely : fitting
  if (first && !second) return first
  if (second)
    throw new Refusal('which', `你有几个假：${fitting.map(({ code: each }) => each).join('、')}，请带上假号再说一次。`)
  throw new Refusal(
    'none',
    own.length > 0
      ? `${own.map(({ code: each }) => each).join('、')} 现在不用这样改。回复「我的假」看看。`
      : '你没有待批或要休的假，没有改动。',
  )
}

/** Those whose turn it is with this person. */
export const toDecide = ({ person }: Pick<Talk, 'person'>, scenes: readonly LeaveScene[]) =>
  scenes.filter(({ deciders, leave }) => leave.view.state === 'asked' && deciders.people.includes(person.id))

export async function pendingFor(talk: Pick<Talk, 'tx' | 'ctx' | 'person'>): Promise<LeaveScene[]> {
  const { tx, ctx, person } = talk
  const teams = [...new Set(person.memberships.map(({ teamId }) => teamId))]
  const scenes: LeaveScene[] = []
  const ofTeams = await pendingLeaves(tx, ctx.company, teams)
  // Whom a rule book names may belong to another team.
  const elsewhere = (await pendingLeaves(tx, ctx.company, null)).filter(
    leave => !teams.includes(leave.teamId) && mayBeAsked(leave, person),
  )
  for (const leave of [...ofTeams, ...elsewhere]) scenes.push(await needScene(talk, leave))
  return scenes
}

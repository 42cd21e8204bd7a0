import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { May } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Viewer } from '../login/viewer.ts'
import { tenuresOf } from '../people/employment.ts'
import type { Person } from '../people/person.ts'
import { personById, standingOf } from '../people/store.ts'
import { teamsFor } from './reach.ts'

/** Somebody as the viewer may deal with him. */
export interface Staff {
  person: Person
  active: boolean
  /** Teams he is in; those he was in where he left them all. */
  teamIds: string[]
  /** The viewer manages each of them. */
  whole: boolean
}

/** Somebody of a team in which the viewer may do this; whoever manages the whole company deals with everybody. Null for all others. */
export async function findStaff(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  personId: string,
  may: Exclude<May, 'own' | 'company'>,
): Promise<Staff | null> {
  const person = await personById(tx, ctx.company, personId)
  const { active, teamIds: now } = await standingOf(tx, ctx.company, personId)
  const ever = now.length > 0 ? now : [...((await tenuresOf(tx, ctx.company, [personId])).get(personId)?.keys() ?? [])]
  const reach = teamsFor(viewer, may)
  if (!person || !(viewer.isCompanyManager || ever.some(teamId => reach.includes(teamId)))) return null
  const managed = teamsFor(viewer, 'manage')
  const whole = viewer.isCompanyManager || (ever.length > 0 && ever.every(teamId => managed.includes(teamId)))
  return { person, active, teamIds: ever, whole }
}

/** @throws HttpProblem 404 */
export async function needStaff(...asked: Parameters<typeof findStaff>): Promise<Staff> {
  const staff = await findStaff(...asked)
  if (!staff) throw new HttpProblem(404, 'Not found', '没有这个人，或者不归你管。')
  return staff
}

/**
 * His number and his accounts are what he signs in and is told things by: who could change them could become him in every
 * team of his. So it takes a manager of all of them. @throws HttpProblem 403, 404
 */
export async function needWhole(tx: Tx, ctx: Context, viewer: Viewer, personId: string): Promise<Staff> {
  const staff = await needStaff(tx, ctx, viewer, personId, 'manage')
  if (staff.whole) return staff
  throw new HttpProblem(
    403,
    'Forbidden',
    `${staff.person.name}还在你不管的班组里：手机号、账号、登录和离职要管他所有班组的经理来办。`,
  )
}

import { mayKnow, pendingFor, toDecide } from '../chat/leavefind.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { awayDays } from '../leave/find.ts'
import { homeTeam, type LeaveScene, leaveScene, settingOf } from '../leave/look.ts'
import { periodOf } from '../leave/periods.ts'
import { leaveByCode } from '../leave/rows.ts'
import { usedLines } from '../leave/used.ts'
import { isSelf, maySeeTeam, type Viewer } from '../login/viewer.ts'
import type { Person } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { leaveDetails, leaveRow } from './leaveshow.ts'
import type { LeaveWaiting } from './leavewire.ts'

/** Which requests for leave somebody may see, and which wait for him. */

export async function needSelf(tx: Tx, ctx: Context, viewer: Viewer): Promise<Person> {
  const person = await personById(tx, ctx.company, viewer.person.id)
  if (!person) throw new HttpProblem(403, 'Forbidden', '你已经不在人员名单里，请重新登录。')
  return person
}

/** A request that is his to know of, as in chat, or to decide as a deputy. One answer for the rest. @throws HttpProblem 404 */
export async function needLeave(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  code: string,
): Promise<{ scene: LeaveScene; person: Person }> {
  const person = await needSelf(tx, ctx, viewer)
  const leave = await leaveByCode(tx, ctx.company, code)
  const scene = leave && (await leaveScene(tx, ctx, leave))
  if (!scene || !(mayKnow(scene.leave, person) || scene.deciders.people.includes(person.id)))
    throw new HttpProblem(404, 'Not found', `没有 ${code}，或者不归你看。`)
  return { scene, person }
}

/** What waits: to be decided by him with all he has to weigh, and besides in the teams whose desk he runs; and his own leave so far. */
export async function leaveWaiting(tx: Tx, ctx: Context, viewer: Viewer): Promise<LeaveWaiting> {
  const person = await needSelf(tx, ctx, viewer)
  const scenes = await pendingFor({ tx, ctx, person })
  const mine = toDecide({ person }, scenes)
  const answers = scenes.filter(({ leave: { view } }) => isSelf(viewer, view.person) && view.state === 'proposed')
  const shown = [...answers, ...mine]
  const others = scenes.filter(
    scene =>
      !shown.includes(scene) && (maySeeTeam(viewer, scene.leave.teamId) || isSelf(viewer, scene.leave.view.person)),
  )
  const details: LeaveWaiting['mine'] = []
  for (const scene of shown) details.push(await leaveDetails(tx, ctx, viewer, scene))
  return {
    mine: details,
    others: others.map(scene => leaveRow(scene, viewer)),
    used: await usedBy(tx, ctx, person),
  }
}

/** His own leave this year, a line for each type; none where his team knows no leave. */
async function usedBy(tx: Tx, ctx: Context, person: Person): Promise<string[]> {
  const setting = await settingOf(tx, ctx, homeTeam(person) ?? '')
  if (!setting) return []
  const { from, to } = periodOf('year', setting.today)
  return usedLines(setting.rule, await awayDays(tx, ctx.company, [person.id], from, to), setting.today)
}

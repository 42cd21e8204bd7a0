import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { photosOf } from '../incidents/media.ts'
import { decidedLine, leaveActs, proposalLine } from '../leave/card.ts'
import { sayCost } from '../leave/costwords.ts'
import { sayLength, sayShare } from '../leave/daywords.ts'
import { ordersToHandBack } from '../leave/handback.ts'
import { type LeaveScene, leaveScene } from '../leave/look.ts'
import { standing } from '../leave/prepare.ts'
import { isPending, type LeaveRecord } from '../leave/request.ts'
import { approvalApp, kindNames, sayFlags, waitingFor, whatOf, whenOf } from '../leave/saying.ts'
import { leaveStory } from '../leave/story.ts'
import { maySeeTeam, type Viewer } from '../login/viewer.ts'
import { saySpan } from '../orders/timewords.ts'
import { maskPhones } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { LeaveDetails, LeaveOrder, LeaveRow } from './leavewire.ts'

/** Requests for leave as the console's pages show them: what a card says, and what it has no room for. */

export const stateLine = (scene: LeaveScene): string =>
  isPending(scene.leave.view) ? waitingFor(scene) : decidedLine(scene)

export function leaveRow(scene: LeaveScene, viewer: Viewer): LeaveRow {
  const { leave, setting, nameOf } = scene
  const { view, code, team } = leave
  return {
    ...{ code, team, person: { id: view.person, name: nameOf(view.person) }, state: view.state },
    ...{ what: whatOf(view, setting), when: whenOf(view, setting), reason: maskPhones(view.reason) },
    ...{ stateName: stateLine(scene), own: view.person === viewer.person.id },
  }
}

/** A row of each; what belongs to a team whose rule book knows no leave any more is left out. */
export async function leaveRows(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  leaves: readonly LeaveRecord[],
): Promise<LeaveRow[]> {
  const rows: LeaveRow[] = []
  for (const leave of leaves) {
    const scene = await leaveScene(tx, ctx, leave)
    if (scene) rows.push(leaveRow(scene, viewer))
  }
  return rows
}

/** A request with all that its decision needs (R4.10), and its journal. */
export async function leaveDetails(tx: Tx, ctx: Context, viewer: Viewer, scene: LeaveScene): Promise<LeaveDetails> {
  const { leave, setting, weighing, nameOf } = scene
  const { view } = leave
  const { hoursPerDay, noon } = setting.rule
  // Why a colleague is away is for the desk.
  const desk = maySeeTeam(viewer, leave.teamId) || scene.deciders.people.includes(viewer.person.id)
  const own = view.kind === 'leave' || view.kind === 'extend'
  const open = isPending(view) || (view.state === 'granted' && standing(view.days, setting) !== 'over')
  const proofs = leave.facts.flatMap(fact => (fact.fact === 'proof' ? [fact.media] : []))
  return {
    ...leaveRow(scene, viewer),
    ...{ kind: kindNames[view.kind], of: view.of?.code ?? null, version: view.look, policy: view.policy, noon },
    length: view.days.length > 0 ? sayLength(view.days, hoursPerDay) : '',
    flags: sayFlags(view.flags).split('\n').filter(Boolean),
    taken: weighing && `本月 ${sayShare(weighing.month, hoursPerDay)}，今年 ${sayShare(weighing.year, hoursPerDay)}`,
    cost: own && weighing ? sayCost(weighing.cost, hoursPerDay) : [],
    away: (weighing?.away ?? []).map(one => ({
      ...{ name: nameOf(one.person), asked: one.asked },
      says: `${desk ? one.type : '请假'} ${sayShare(one.share, hoursPerDay)}`,
    })),
    orders: own && open ? ordersOf(scene) : [],
    proposal: proposalLine(scene) || null,
    rejected: view.decided?.reason ? maskPhones(view.decided.reason) : null,
    proofs: (await photosOf(tx, ctx.company, proofs)).map(({ id, state }) => ({ id, state })),
    elsewhere: elsewhere(scene),
    // What the platform's own approval granted is taken back over there.
    acts: leaveActs(scene, viewer.person.id).filter(act => act !== 'cancel' || !view.decidesOn),
    story: leaveStory(scene),
    span: view.span,
  }
}

const fates = {
  granted: '约了那时上门，批准后马上退回派工员改派',
  begun: '开始休时还没做完，就退回派工员改派',
  stays: '留在他手上，休完再做',
} as const

/** His open orders, and what becomes of each (R4.11). */
function ordersOf({ leave, setting, weighing }: LeaveScene): LeaveOrder[] {
  if (!weighing) return []
  const calendar = calendarOf(setting.policy)
  const going = (when: 'granted' | 'begun') =>
    new Set(ordersToHandBack(leave.view, weighing, when, at => calendar.dayOf(at)).map(({ id }) => id))
  const [now, later] = [going('granted'), going('begun')]
  return [...weighing.visits, ...weighing.inHand].map(({ id, code, view }) => {
    const fate = now.has(id) ? 'granted' : later.has(id) ? 'begun' : 'stays'
    const visit = view.appointment && saySpan(view.appointment, setting.now, setting.policy.zone)
    return { code, customer: view.fields.customer.name, visit, fate, says: fates[fate] }
  })
}

/** Where the platform's own approval has it, no button of ours could do anything. */
function elsewhere({ leave }: LeaveScene): LeaveDetails['elsewhere'] {
  const { decidesOn, sent } = leave.view
  if (!decidesOn) return null
  const app = approvalApp(decidesOn)
  const says = isPending(leave.view)
    ? `${leave.code} 在${app}里批，请到那里点；结果会自动同步到这里。`
    : `${leave.code} 是在${app}里批的，要撤销也在那里，这里会自动跟着改。`
  return { app, number: sent?.id ?? null, says }
}

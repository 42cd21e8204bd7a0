import { z } from 'zod'
import { askOf, type LeaveDraft } from '../chat/leavedraft.ts'
import { askedText, doneText, sayFree } from '../chat/leavewords.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { HttpProblem } from '../http/problem.ts'
import { sayCost } from '../leave/costwords.ts'
import { sayDays, sayLength, saySpan } from '../leave/daywords.ts'
import type { LeaveCommand } from '../leave/decide.ts'
import { needSetting } from '../leave/enact.ts'
import { extensionOf } from '../leave/extend.ts'
import { askLeave, changeLeave, decideOn, type ProposeAt, planLeave } from '../leave/flow.ts'
import { homeTeam, type LeaveScene, leaveScene, type Setting } from '../leave/look.ts'
import { decidesOn } from '../leave/native.ts'
import { changedSince, isPending, type LeaveRecord } from '../leave/request.ts'
import { loadLeave, lockLeave } from '../leave/rows.ts'
import { approvalApp, awayLine, orderLines, sayFlags } from '../leave/saying.ts'
import { isSelf, maySeeTeam, type Viewer } from '../login/viewer.ts'
import type { Person } from '../people/person.ts'
import { personById } from '../people/store.ts'
import { needLeave, needSelf } from './leavereach.ts'
import { leaveDetails } from './leaveshow.ts'
import type { LeaveDone, LeavePlan } from './leavewire.ts'

/** What is done to leave from a page: the same commands as in chat, so that cards, notices and orders follow alike. */

const via = { via: 'page' as const }
const moment = z.strictObject({ day: z.iso.date(), minute: z.int().min(0).max(1440) })
const words = z.string().trim().max(200).default('')

export const leaveAct = z.strictObject({
  act: z.enum([
    ...(['approve', 'approveCame', 'reject', 'propose', 'take', 'refuse', 'withdraw', 'cancel', 'return'] as const),
    'extend',
  ]),
  /** The version of the request the page showed. */
  version: z.int().min(1),
  words,
  from: moment.optional(),
  to: moment.optional(),
  /** How much longer, in days as the rule book counts them. */
  days: z.number().min(0.5).max(366).multipleOf(0.5).optional(),
})
export type LeaveActWish = z.output<typeof leaveAct>

export const leaveWish = z.strictObject({
  ...{ person: z.uuid(), type: z.string().min(1).max(8), from: moment, to: moment, reason: words },
  ...{ came: z.boolean().default(false), agreed: z.boolean().default(false) },
})
export type LeaveWished = z.output<typeof leaveWish>

const missing = (detail: string) => new HttpProblem(422, 'Missing', detail)

/** Does it, and says what became of it. @throws HttpProblem 404, 422; Refusal (409) where somebody decided meanwhile or it can't be done */
export async function actOn(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  code: string,
  wish: LeaveActWish,
): Promise<LeaveDone> {
  const { scene, person } = await needLeave(tx, ctx, viewer, code)
  const { id } = scene.leave
  const after = await acted(tx, ctx, { scene, person, wish })
  const shown = (await loadLeave(tx, ctx.company, after.id)) ?? after
  const then = await needScene(tx, ctx, shown)
  const said =
    wish.act === 'extend' || wish.act === 'cancel' || wish.act === 'return'
      ? askedOr(then, person)
      : doneText(then, person.id)
  const page = await needScene(tx, ctx, (await loadLeave(tx, ctx.company, id)) ?? shown)
  return { said, leave: await leaveDetails(tx, ctx, viewer, page) }
}

/** A change of his own takes effect at once where the rule book lets people; else it is a request. */
const askedOr = (scene: LeaveScene, person: Person): string =>
  isPending(scene.leave.view) ? askedText(scene) : doneText(scene, person.id)

async function needScene(tx: Tx, ctx: Context, leave: LeaveRecord): Promise<LeaveScene> {
  const scene = await leaveScene(tx, ctx, leave)
  if (!scene) throw new Refusal('none', '班组的制度里没有请假的规矩了，请找管理员。')
  return scene
}

interface Acting {
  scene: LeaveScene
  person: Person
  wish: LeaveActWish
}

async function acted(tx: Tx, ctx: Context, { scene, person, wish }: Acting): Promise<LeaveRecord> {
  const { leave, setting } = scene
  const { act, words: reason, to } = wish
  if (act === 'cancel' || act === 'return')
    return changeLeave(
      tx,
      ctx,
      { leave, kind: act, by: person, reason, ...(act === 'return' && to && { at: to }) },
      via,
    )
  if (act === 'extend') {
    const { type, from } = extensionOf(leave, setting, person)
    if (!to && wish.days === undefined) throw missing('续到什么时候？请选到哪天，或填几天。')
    const until = to ? { to } : { days: wish.days ?? 0 }
    const { id, code, teamId, view } = leave
    const held: LeaveDraft = {
      ...{ kind: 'extend', teamId, applicant: view.person, of: { id, code }, type: type.name, typeNamed: true },
      ...{ span: { from, until }, reason, came: true, words: '' },
    }
    return askLeave(tx, ctx, await askOf({ tx, ctx, person }, held, setting, type.agreed), teamId, via)
  }
  const now = await lockLeave(tx, ctx.company, leave.id)
  if (now && isPending(now.view) && changedSince(now, wish.version))
    throw new Refusal('stale', `${leave.code} 已有变化，这次没有改动，请看现在的内容再决定。`)
  return decideOn(tx, ctx, { id: leave.id, command: commandOf(wish, leave), by: person }, via)
}

function commandOf({ act, words: reason, from, to }: LeaveActWish, { code }: LeaveRecord): LeaveCommand | ProposeAt {
  switch (act) {
    case 'approve':
      return { do: 'approve' }
    case 'approveCame':
      return { do: 'approve', ordinary: true }
    case 'reject':
      if (!reason) throw missing(`为什么驳回 ${code}？原因会告诉本人，请写上。`)
      return { do: 'reject', reason }
    case 'propose':
      if (!from || !to) throw missing(`${code} 改到哪天？请选从哪天到哪天。`)
      return { do: 'propose', span: { from, to }, ...(reason && { note: reason }) }
    case 'refuse':
      return { do: 'refuse', ...(reason && { reason }) }
    case 'take':
    case 'withdraw':
      return { do: act }
    default:
      throw missing('这一项在页面上不能办。')
  }
}

/** Whose leave somebody may ask for: his own, and of the people whose desk he runs (R4.8). @throws HttpProblem 404 */
async function applicantFor(
  tx: Tx,
  ctx: Context,
  viewer: Viewer,
  personId: string,
): Promise<{ teamId: string; setting: Setting }> {
  const applicant = await personById(tx, ctx.company, personId)
  const teamId = applicant && homeTeam(applicant)
  if (!applicant || !teamId || !(isSelf(viewer, personId) || maySeeTeam(viewer, teamId)))
    throw new HttpProblem(404, 'Not found', '没有这个人，或者不归你管。')
  return { teamId, setting: await needSetting(tx, ctx, teamId) }
}

const draftOf = ({ person, type, from, to, reason, came }: LeaveWished, teamId: string): LeaveDraft => ({
  ...{ kind: 'leave', teamId, applicant: person, type, typeNamed: true, span: { from, until: { to } } },
  ...{ reason, came, words: '' },
})

/** What a wish comes to: days, cost, who else is away, who decides. Nothing is written. @throws Refusal what can't be had */
export async function planned(tx: Tx, ctx: Context, viewer: Viewer, wish: LeaveWished): Promise<LeavePlan> {
  const person = await needSelf(tx, ctx, viewer)
  const { teamId, setting } = await applicantFor(tx, ctx, viewer, wish.person)
  const ask = await askOf({ tx, ctx, person }, draftOf(wish, teamId), setting, wish.agreed)
  const { body, counted, type, weighing, deciders } = await planLeave(tx, ctx, setting, ask)
  const { rule, today } = setting
  const nameOf = (id: string) => setting.circle.people.find(one => one.id === id)?.name ?? '（已离职）'
  const unknown = counted.unknownYears.join('、')
  const platform = await decidesOn(tx, ctx, setting, wish.person)
  return {
    ...{ what: `${type.name} ${sayDays(body.days, rule.hoursPerDay)}`, when: saySpan(body.span, today, rule.noon) },
    length: sayLength(body.days, rule.hoursPerDay),
    lines: [
      ...sayFlags(new Set(body.flags.filter(flag => flag !== 'agreed'))).split('\n'),
      ...sayCost(weighing.cost, rule.hoursPerDay),
      ...orderLines(weighing),
      maySeeTeam(viewer, teamId) ? awayLine(weighing, setting, nameOf) : '',
      sayFree(counted.free, today),
      unknown ? `${unknown} 年的放假安排还没公布，先按星期算，公布后自动重算并告诉你` : '',
    ].filter(Boolean),
    deciders: deciders.map(nameOf),
    elsewhere: platform ? approvalApp(platform) : null,
    agreed: type.agreed,
  }
}

/** Asks for leave, for oneself or for somebody of one's teams; whoever decides is asked as always. */
export async function askFor(tx: Tx, ctx: Context, viewer: Viewer, wish: LeaveWished): Promise<LeaveDone> {
  const person = await needSelf(tx, ctx, viewer)
  const { teamId, setting } = await applicantFor(tx, ctx, viewer, wish.person)
  const type = setting.rule.types.find(({ name }) => name === wish.type)
  if (type?.agreed && !wish.agreed)
    throw missing(`${type.name}按制度要先和同事商量好，商量好了请勾上「已和同事商量好」再提交。`)
  const ask = await askOf({ tx, ctx, person }, draftOf(wish, teamId), setting, wish.agreed)
  const made = await askLeave(tx, ctx, ask, teamId, via)
  const scene = await needScene(tx, ctx, made)
  return { said: askedText(scene), leave: await leaveDetails(tx, ctx, viewer, scene) }
}

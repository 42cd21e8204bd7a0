import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Speech } from '../orders/announce.ts'
import { type LeaveType, leaveTypeOf } from '../policy/leaverule.ts'
import { announceLeave } from './announce.ts'
import type { AwayDay } from './away.ts'
import { countLeave, type LeaveSpan, type Rhythm } from './count.ts'
import { decideLeave, type LeaveCommand } from './decide.ts'
import { decidersOf } from './deciders.ts'
import { frameOf, lookBy, needSetting, settle } from './enact.ts'
import type { LeaveBody } from './fact.ts'
import { leaveCodes } from './find.ts'
import { type Asked, objectionsTo } from './limits.ts'
import { heldDays, isTechnician, personOf, rhythmOf, type Setting, type Weighing, weigh } from './look.ts'
import { decidesOn } from './native.ts'
import { sayObjection } from './objectionwords.ts'
import { type LeaveAsk, type Prepared, prepareLeave, standing } from './prepare.ts'
import { isPending, type LeaveRecord } from './request.ts'
import { lockLeave } from './rows.ts'
import { approvalApp } from './saying.ts'
import { appendLeave, createLeave, lockTeam } from './store.ts'
import { wantTask } from './tasks.ts'

/** Changes to leave. Each runs in the transaction it is handed; `Refusal` says what to do instead, and nothing is half done. */

export interface Planned extends Prepared {
  setting: Setting
  type: LeaveType
  weighing: Weighing
  /** Who will be asked first. */
  deciders: string[]
}

/** What a wish comes to, with everything that stands against it looked up; nothing is written. */
export async function planLeave(tx: Tx, ctx: Context, setting: Setting, ask: LeaveAsk): Promise<Planned> {
  const { rule, policy, policyName: name, today, minute, circle } = setting
  const rhythm = rhythmOf(setting, ask.applicant)
  const when = { rule, policy: { name, version: policy.version }, today, minute, rhythm, circle }
  const prepared = prepareLeave(ask, when)
  const { body } = prepared
  const held = await heldDays(tx, ctx, setting, body.person, body.span)
  const asked = { person: body.person, type: ask.type, days: body.days }
  await refuseObjections(tx, ctx, setting, asked, held, rhythm)
  const flags = new Set(body.flags)
  const weighing = await weigh(tx, ctx, setting, { ...asked, flags }, held)
  const { people } = decidersOf(body.steps, 0, { applicant: body.person, deputies: rule.deputies }, circle)
  return { ...prepared, setting, type: ask.type, weighing, deciders: people }
}

/** Throws the first of what stands against days that are asked for. */
async function refuseObjections(
  tx: Tx,
  ctx: Context,
  { rule, today, circle, teamId }: Setting,
  asked: Asked,
  held: readonly AwayDay[],
  rhythm: Rhythm,
): Promise<void> {
  const technicians = new Set(circle.people.filter(one => isTechnician(one, teamId)).map(({ id }) => id))
  const [objection] = objectionsTo(asked, held, rule, technicians, rhythm)
  if (!objection) return
  const codes = await leaveCodes(tx, ctx.company, objection.why === 'overlap' ? [objection.leaveId] : [])
  const nameOf = (id: string) => circle.people.find(one => one.id === id)?.name ?? '别人'
  const words = { type: asked.type.name, today, nameOf, codeOf: (id: string) => codes.get(id) ?? '一个假' }
  throw new Refusal('limit', sayObjection(objection, words, rule))
}

/** Enters a request: from here on it holds its days. */
export async function askLeave(
  tx: Tx,
  ctx: Context,
  ask: LeaveAsk,
  teamId: string,
  speech: Speech,
): Promise<LeaveRecord> {
  await lockTeam(tx, ctx.company, teamId)
  const setting = await needSetting(tx, ctx, teamId)
  const { body } = await planLeave(tx, ctx, setting, ask)
  const platform = await decidesOn(tx, ctx, setting, body.person)
  return enter(tx, ctx, setting, platform ? { ...body, decidesOn: platform } : body, ask.by, speech)
}

async function enter(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  body: Extract<LeaveBody, { fact: 'asked' }>,
  by: { id: string },
  speech: Speech,
): Promise<LeaveRecord> {
  const frame = frameOf(setting.now, by, speech)
  const { teamId, team } = setting
  const made = await createLeave(tx, ctx.company, { teamId, team, body }, frame, lookBy(setting))
  await announceLeave(tx, ctx, made, made.facts, speech)
  const { decidesOn: platform } = body
  if (platform) await wantTask(tx, ctx.company, { platform, does: 'submit', about: made.id }, setting.now)
  return made
}

/** Coming back early, or taking back leave that has not begun (`return`, `cancel`): at once where the rule book lets people. */
export async function changeLeave(
  tx: Tx,
  ctx: Context,
  request: { leave: LeaveRecord; kind: 'return' | 'cancel'; by: { id: string }; reason: string; at?: LeaveSpan['to'] },
  speech: Speech,
): Promise<LeaveRecord> {
  const { kind, by, reason } = request
  await lockTeam(tx, ctx.company, request.leave.teamId)
  const leave = await lockLeave(tx, ctx.company, request.leave.id)
  if (!leave) throw new Refusal('unknown', '找不到这个假。回复「我的假」看看。')
  const setting = await needSetting(tx, ctx, leave.teamId)
  const { view, code } = leave
  if (by.id !== view.person) throw new Refusal('role', `${code} 不是你的假，只有本人能改。`)
  const { rule, today, minute } = setting
  const now = { day: today, minute }
  const at = kind === 'return' ? (request.at ?? now) : now
  checkChange(leave, kind, setting, at)
  if (kind === 'cancel' && view.decidesOn)
    throw new Refusal('elsewhere', `${code} 是在${approvalApp(view.decidesOn)}里批的，请到那里撤销，这里会自动跟着改。`)
  const free = kind === 'cancel' ? rule.cancel === 'free' : rule.comeBack === 'free'
  const [step] = view.steps.slice(-1)
  const body: Extract<LeaveBody, { fact: 'asked' }> = {
    ...{ fact: 'asked', kind, of: { id: leave.id, code }, person: view.person, type: view.type },
    ...{ span: { from: at, to: view.span.to }, days: [], policy: view.policy, reason, flags: [] },
    steps: free || !step ? [] : [step],
  }
  if (!free) return enter(tx, ctx, setting, body, by, speech)
  const frame = frameOf(setting.now, by, speech)
  const { teamId, team } = setting
  const made = await createLeave(tx, ctx.company, { teamId, team, body }, frame, lookBy(setting))
  const granted = await appendLeave(
    tx,
    made,
    [{ fact: 'granted' }],
    { ...frame, by: null, via: 'system' },
    lookBy(setting),
  )
  await settle(tx, ctx, setting, granted, by)
  return granted
}

/** Throws where the leave can't be changed so now. */
function checkChange(
  { view, code }: LeaveRecord,
  kind: 'return' | 'cancel',
  setting: Setting,
  at: LeaveSpan['to'],
): void {
  if (view.state === 'asked' || view.state === 'proposed')
    throw new Refusal('pending', `${code} 还没批，直接回复「撤回 ${code}」就行。`)
  if (view.state !== 'granted') throw new Refusal('decided', `${code} 已经不算数了，不用改。回复「我的假」看看。`)
  const stands = standing(view.days, setting)
  if (stands === 'over') throw new Refusal('over', `${code} 已经休完了，不能再改。记错了请找经理补卡或说明。`)
  if (kind === 'cancel' && stands === 'running')
    throw new Refusal('running', `${code} 已经开始，不能整个撤销。提前回来请回复「销假 ${code}」。`)
  if (kind === 'return' && stands === 'ahead' && at.day <= (view.days[0]?.day ?? '') && at.minute === setting.minute)
    throw new Refusal('ahead', `${code} 还没开始。不去了请回复「撤销 ${code}」。`)
}

/** Does one thing to a request that waits. */
export async function decideOn(
  tx: Tx,
  ctx: Context,
  request: { id: string; command: LeaveCommand | ProposeAt; by: { id: string } },
  speech: Speech,
): Promise<LeaveRecord> {
  const { id, by } = request
  const before = await lockLeave(tx, ctx.company, id)
  if (!before) throw new Refusal('unknown', '找不到这个假，可能已经删除。回复「待批」看看。')
  const setting = await needSetting(tx, ctx, before.teamId)
  const { rule, circle } = setting
  const { view } = before
  if (view.decidesOn && isPending(view)) return decidedThere(tx, ctx, before, request)
  const deciders = decidersOf(view.steps, view.step, { applicant: view.person, deputies: rule.deputies }, circle)
  const command = 'span' in request.command ? await counted(tx, ctx, setting, before, request.command) : request.command
  if (
    command.do === 'approve' &&
    rule.types.find(({ name }) => name === view.type)?.proof === 'first' &&
    view.proofs === 0
  )
    throw new Refusal(
      'proof',
      `${before.code} 要先交证明才能批，还没有收到。可以让他回复「证明 ${before.code}」后发照片。`,
    )
  const bodies = decideLeave(view, command, {
    ...{ code: before.code, actor: by.id, deciders: new Set(deciders.people) },
    nameOf: person => circle.people.find(one => one.id === person)?.name ?? '别人',
    over: standing(view.days, setting) === 'over' && view.days.length > 0,
  })
  const frame = frameOf(setting.now, by, speech)
  const after = await appendLeave(tx, before, bodies, frame, lookBy(setting))
  await announceLeave(tx, ctx, after, after.facts.slice(before.facts.length), speech)
  return settle(tx, ctx, setting, after, by)
}

/** The platform holds the decision: here it can only be asked to take the request back. */
async function decidedThere(
  tx: Tx,
  ctx: Context,
  leave: LeaveRecord,
  { command, by }: { command: LeaveCommand | ProposeAt; by: { id: string } },
): Promise<LeaveRecord> {
  const { view, code, id } = leave
  const platform = view.decidesOn ?? ''
  if (command.do !== 'withdraw' || by.id !== view.person)
    throw new Refusal('elsewhere', `${code} 在${approvalApp(platform)}里批，请到那里点，结果会自动同步过来。`)
  await wantTask(tx, ctx.company, { platform, does: 'withdraw', about: id }, ctx.clock.now())
  return leave
}

/** A proposal as it was said: its days are counted here. */
export interface ProposeAt {
  do: 'propose'
  span: LeaveSpan
  note?: string
}

async function counted(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  { id, view, code }: LeaveRecord,
  { span, note }: ProposeAt,
): Promise<LeaveCommand> {
  await lockTeam(tx, ctx.company, setting.teamId)
  const person = await personOf(tx, ctx, view.person)
  const type = leaveTypeOf(setting.rule, view.type)
  if (!person || !type)
    throw new Refusal('type', `${code} 的假别「${view.type}」制度里已经没有了，请批准、驳回或让本人重新请。`)
  if (span.from.day < setting.today) throw new Refusal('past', '改期只能改到今天和以后，请换一个日子。')
  if (span.to.day < span.from.day) throw new Refusal('backwards', '结束比开始早，请重新说，比如：改期 后天。')
  const rhythm = rhythmOf(setting, person)
  const { days } = countLeave(span, type, setting.rule, rhythm)
  const held = await heldDays(tx, ctx, setting, view.person, span)
  await refuseObjections(tx, ctx, setting, { person: view.person, type, days, except: id }, held, rhythm)
  return { do: 'propose', span, days, ...(note && { note }) }
}

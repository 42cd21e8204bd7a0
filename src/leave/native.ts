import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { put } from '../outbox/store.ts'
import { accountOn, identitiesOf, usersOn } from '../people/accounts.ts'
import { type Person, rolesIn } from '../people/person.ts'
import { personByUser } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { leaveTypeOf } from '../policy/leaverule.ts'
import { countLeave, type LeaveSpan } from './count.ts'
import { holders } from './deciders.ts'
import { frameOf, lookBy, note, settle } from './enact.ts'
import type { LeaveBody } from './fact.ts'
import { nativeLeaves } from './find.ts'
import { homeTeam, personOf, rhythmOf, type Setting, settingOf } from './look.ts'
import { isPending, type LeaveRecord } from './request.ts'
import { leaveByApproval, loadLeave, lockLeave } from './rows.ts'
import { stateWords } from './saying.ts'
import { createLeave } from './store.ts'
import { wantTask } from './tasks.ts'

/**
 * Requests that a platform's own approval decides (design.md §8): ours are sent there, what becomes of them there is
 * done here, and what people ask for over there by themselves comes here. The database has the one state of each.
 */

/** The platform that decides a request of this person: where the rule book wants one, he has an account and it can. */
export async function decidesOn(tx: Tx, ctx: Context, setting: Setting, person: string): Promise<string | undefined> {
  if (setting.rule.decide === 'here') return undefined
  const accounts = await identitiesOf(tx, ctx.company, person)
  return accounts.find(({ platform }) => ctx.approvalsOn.has(platform))?.platform
}

/** What a platform is asked for a request; null when there is nothing to ask any more. `LeaveForm` of the contract. */
export async function formOf(tx: Tx, ctx: Context, id: string, platform: string) {
  const leave = await loadLeave(tx, ctx.company, id)
  const setting = leave && (await settingOf(tx, ctx, leave.teamId))
  if (!leave || !setting) return null
  const { view, teamId } = leave
  const applicant = await accountOn(tx, ctx.company, platform, view.person)
  const type = leaveTypeOf(setting.rule, view.type)
  const [first, last] = [view.days[0], view.days.at(-1)]
  if (!applicant || !type || !first || !last) return null
  const approvers: string[][] = []
  for (const step of view.steps)
    approvers.push(await usersOn(tx, ctx.company, platform, holders(step, setting.circle, view.person)))
  const desk = setting.circle.people.filter(
    one => one.id !== view.person && rolesIn(one, teamId).includes('dispatcher'),
  )
  const calendar = calendarOf(setting.policy)
  const share = view.days.reduce((all, day) => all + day.share, 0)
  return {
    leave,
    form: {
      ...{ applicant, approvers: approvers.filter(users => users.length > 0), id: leave.id },
      informed: await usersOn(
        tx,
        ctx.company,
        platform,
        desk.map(one => one.id),
      ),
      ...{ type: type.name, unit: type.unit, days: share / 10_000, reason: view.reason || type.name },
      ...{ from: calendar.momentOf(first.day, first.from), to: calendar.momentOf(last.day, last.to) },
    },
  }
}

/** It is there now, under that number; or it does not take it, and the one who asked is told why. */
export async function sentOff(
  tx: Tx,
  ctx: Context,
  id: string,
  platform: string,
  outcome: { number: string } | { refused: string },
): Promise<void> {
  const leave = await lockLeave(tx, ctx.company, id)
  const setting = leave && (await settingOf(tx, ctx, leave.teamId))
  if (!leave || !setting || leave.view.sent || !isPending(leave.view)) return
  const body: LeaveBody =
    'number' in outcome
      ? { fact: 'sent', platform, id: outcome.number }
      : { fact: 'unsent', platform, why: outcome.refused }
  await note(tx, ctx, setting, leave, [body])
  // It may have been decided before its number was written down here.
  if ('number' in outcome)
    await wantTask(tx, ctx.company, { platform, does: 'read', about: outcome.number }, setting.now)
}

/** As the platform has it; the part of the contract's `Approval` that matters here. */
export interface Found {
  id: string
  status: 'pending' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'deleted'
  applicant: string
  decidedBy?: string
  words?: string
  form?: { type: string; from: Date; to: Date; reason: string }
}

/**
 * Makes our request what the platform's is: the same facts as if it had been decided here. Returns what changed, in
 * words, or null when nothing did. A request that is not known here is entered as it was asked for there.
 */
export async function follow(
  tx: Tx,
  ctx: Context,
  platform: 'wecom' | 'dingtalk',
  found: Found,
): Promise<string | null> {
  const known = await leaveByApproval(tx, ctx.company, platform, found.id)
  const leave = known ? await lockLeave(tx, ctx.company, known.id) : await born(tx, ctx, platform, found)
  const setting = leave && (await settingOf(tx, ctx, leave.teamId))
  if (!leave || !setting) return null
  const body = bodyFor(leave, found)
  if (!body) return known ? null : `${leave.code} 是在审批里直接申请的，已记入`
  const before = stateWords[leave.view.state]
  const by = found.decidedBy ? await personByUser(tx, ctx.company, platform, found.decidedBy) : null
  const after = await note(tx, ctx, setting, leave, [body], by, 'platform')
  await settle(tx, ctx, setting, after, by)
  return `${leave.code} 在审批里是「${stateWords[after.view.state]}」，这里原来是「${before}」，已改过来`
}

function bodyFor({ view }: LeaveRecord, { status, words }: Found): LeaveBody | null {
  const pending = isPending(view)
  switch (status) {
    case 'pending':
      return null
    case 'approved':
      return pending ? { fact: 'granted' } : null
    case 'rejected':
      return pending ? { fact: 'rejected', reason: words?.trim() || '审批里没有写原因' } : null
    case 'withdrawn':
    case 'deleted':
    case 'revoked':
      if (pending) return { fact: 'withdrawn' }
      return view.state === 'granted' ? { fact: 'cancelled', why: 'revoked' } : null
  }
}

/** Asked for in the platform's own app: entered with its days as our rule book counts them; null where it can't be placed. */
async function born(tx: Tx, ctx: Context, platform: 'wecom' | 'dingtalk', found: Found): Promise<LeaveRecord | null> {
  const person = await personByUser(tx, ctx.company, platform, found.applicant)
  const teamId = person && homeTeam(person)
  const setting = teamId ? await settingOf(tx, ctx, teamId) : null
  if (!person || !setting || !found.form || found.status === 'rejected' || found.status === 'withdrawn') return null
  if (found.status === 'deleted' || found.status === 'revoked') return null
  const asked = await askedThere(setting, person, found)
  if (!asked) return null
  const frame = { ...frameOf(setting.now, person, { via: 'system' as const }), via: 'platform' as const }
  const { teamId: id, team } = setting
  const body = { ...asked, decidesOn: platform }
  const made = await createLeave(tx, ctx.company, { teamId: id, team, body }, frame, lookBy(setting))
  return note(tx, ctx, setting, made, [{ fact: 'sent', platform, id: found.id }], null, 'platform')
}

async function askedThere(setting: Setting, person: Person, { form }: Found) {
  const { rule, policy, policyName: name } = setting
  const type = (form && leaveTypeOf(rule, form.type)) ?? rule.types[0]
  if (!form || !type) return null
  const calendar = calendarOf(policy)
  const edge = (at: Date) => ({ day: calendar.dayOf(at), minute: calendar.minuteOf(at) })
  const last = edge(form.to)
  const to = last.minute === 0 ? { day: calendar.dayAfter(last.day, -1), minute: 1440 } : last
  const span: LeaveSpan = { from: edge(form.from), to }
  const { days } = countLeave(span, type, rule, rhythmOf(setting, person))
  return {
    ...{ fact: 'asked' as const, kind: 'leave' as const, person: person.id, type: type.name, span, days },
    ...{ policy: { name, version: policy.version }, reason: form.reason, steps: [], flags: [] },
  }
}

/** An event said that the platform's approval changed. */
export function approvalChanged(tx: Tx, ctx: Context, platform: string, number: string): Promise<void> {
  return wantTask(tx, ctx.company, { platform, does: 'read', about: number }, ctx.clock.now())
}

/** Once a day everything that waits or is not over is compared, and what was asked for there since; lost events are found so. */
export async function compareAll(
  tx: Tx,
  ctx: Context,
  platform: string,
  submitted: readonly string[],
): Promise<number> {
  const now = ctx.clock.now()
  const today = calendarOf(ctx.policy('default')).dayOf(now)
  const known = await nativeLeaves(tx, ctx.company, platform)
  const running = known.filter(({ open, lastDay }) => open && lastDay >= today).map(({ number }) => number)
  const strange = submitted.filter(number => !known.some(one => one.number === number))
  for (const about of [...running, ...strange])
    await wantTask(tx, ctx.company, { platform, does: 'read', about, compared: true }, now)
  return running.length + strange.length
}

/** What comparing found goes to the managers. */
export async function showDifference(
  tx: Tx,
  ctx: Context,
  number: string,
  what: string,
  platform: string,
): Promise<void> {
  const leave = await leaveByApproval(tx, ctx.company, platform, number)
  const setting = leave && (await settingOf(tx, ctx, leave.teamId))
  if (!leave || !setting) return
  const managers = setting.circle.people.filter(one => rolesIn(one, leave.teamId).includes('manager'))
  const data = { text: `🔄 审批对账：${what}。` }
  const tellings = managers.map(({ id }) => ({
    ...{ kind: 'note', to: { person: id }, data },
    dedupeKey: `compared:${leave.id}:${leave.view.version}:${id}`,
  }))
  await put(tx, ctx.company, tellings, setting.now)
}

/** The platform does not let a program take it back: whoever wanted that is told where he can. */
export async function withdrawThere(tx: Tx, ctx: Context, id: string, where: string): Promise<void> {
  const leave = await loadLeave(tx, ctx.company, id)
  const person = leave && (await personOf(tx, ctx, leave.view.person))
  if (!leave || !person || !isPending(leave.view)) return
  const text = `${leave.code} 要在${where}里撤回：打开「审批」→ 我提交的 → 撤回，这里会自动跟着改。`
  const dedupeKey = `withdraw:${id}:${ctx.clock.now().getTime()}`
  await put(tx, ctx.company, [{ kind: 'note', to: { person: person.id }, data: { text }, dedupeKey }], ctx.clock.now())
}

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import type { Speech } from '../orders/announce.ts'
import { change } from '../orders/flow.ts'
import { identitiesOf } from '../people/accounts.ts'
import { calendarOf } from '../policy/business.ts'
import { leaveTypeOf } from '../policy/leaverule.ts'
import { announceLeave } from './announce.ts'
import { type CountedDay, until } from './count.ts'
import type { LeaveBody } from './fact.ts'
import { changesOf, leavesOf } from './find.ts'
import { ordersToHandBack } from './handback.ts'
import { heldDays, personOf, rhythmOf, type Setting, settingOf, weigh } from './look.ts'
import { nextDue } from './next.ts'
import { standing } from './prepare.ts'
import { isPending, type LeaveRecord, type LeaveView } from './request.ts'
import { lockLeave } from './rows.ts'
import { appendLeave, type Frame } from './store.ts'
import { wantTask } from './tasks.ts'

/** What follows from decisions about leave, and what comes about by itself. Each runs in the transaction it is handed. */

export const frameOf = (now: Date, by: { id: string } | null, speech: Pick<Speech, 'via' | 'words'>): Frame => ({
  ...{ at: now.toISOString(), by: by?.id ?? null, via: speech.via },
  ...(speech.words !== undefined && { words: speech.words }),
})

export const lookBy = (setting: Pick<Setting, 'policy'>) => (view: LeaveView) =>
  nextDue(view, setting.policy)?.at ?? null

export async function needSetting(tx: Tx, ctx: Context, teamId: string): Promise<Setting> {
  const setting = await settingOf(tx, ctx, teamId)
  if (setting) return setting
  throw new Refusal('none', '你们班组的制度里还没有请假的规矩，请当面找负责人请假，并请管理员在制度里加上 leave。')
}

/** What follows when a request has just been granted; returns it as it is then. */
export async function settle(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  leave: LeaveRecord,
  by: { id: string } | null,
): Promise<LeaveRecord> {
  const { view } = leave
  if (view.state !== 'granted' || leave.facts.at(-1)?.fact !== 'granted') return leave
  if (view.kind === 'leave' || view.kind === 'extend') {
    await recordThere(tx, ctx, setting, leave, 'record')
    return handBack(tx, ctx, setting, leave, 'granted')
  }
  const changed = view.of && (await lockLeave(tx, ctx.company, view.of.id))
  if (changed?.view.state !== 'granted') return leave
  const person = await personOf(tx, ctx, view.person)
  const type = leaveTypeOf(setting.rule, changed.view.type)
  const through = { id: leave.id, code: leave.code }
  const left: CountedDay[] =
    view.kind === 'return' && person && type
      ? until(changed.view.days, view.span.from, type, setting.rule, rhythmOf(setting, person))
      : []
  const body: LeaveBody =
    view.kind === 'cancel' || left.length === 0
      ? { fact: 'cancelled', why: 'takenBack', through }
      : { fact: 'shortened', days: left, through }
  const after = await note(tx, ctx, setting, changed, [body], by)
  await recordThere(tx, ctx, setting, after, after.view.state === 'granted' ? 'record' : 'unrecord')
  return leave
}

/** Leave decided here is written into the platform's attendance where the rule book wants that, and taken out with it. */
async function recordThere(
  tx: Tx,
  ctx: Context,
  { rule, now }: Setting,
  { id, view }: LeaveRecord,
  does: 'record' | 'unrecord',
): Promise<void> {
  if (rule.record === 'no' || view.decidesOn) return
  const accounts = await identitiesOf(tx, ctx.company, view.person)
  for (const { platform } of accounts)
    if (ctx.approvalsOn.has(platform)) await wantTask(tx, ctx.company, { platform, does, about: id }, now)
}

/** Adds facts that came about by themselves, and tells everybody. */
export async function note(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  leave: LeaveRecord,
  bodies: readonly LeaveBody[],
  by: { id: string } | null = null,
  via: Frame['via'] = 'system',
): Promise<LeaveRecord> {
  const frame: Frame = { at: setting.now.toISOString(), by: by?.id ?? null, via }
  const after = await appendLeave(tx, leave, bodies, frame, lookBy(setting))
  await announceLeave(tx, ctx, after, after.facts.slice(leave.facts.length), {})
  // There is nothing left to extend or to come back from.
  if (after.view.state === 'cancelled')
    for (const change of await changesOf(tx, ctx.company, leave.id))
      await note(tx, ctx, setting, change, [{ fact: 'withdrawn' }], by, via)
  return after
}

/** Open orders go back to the desk (R4.11), each through its own journal. */
export async function handBack(
  tx: Tx,
  ctx: Context,
  setting: Setting,
  leave: LeaveRecord,
  when: 'granted' | 'begun',
): Promise<LeaveRecord> {
  const { view } = leave
  const type = leaveTypeOf(setting.rule, view.type)
  if (!type) return note(tx, ctx, setting, leave, [{ fact: 'handedBack', orders: [], when }])
  const held = await heldDays(tx, ctx, setting, view.person, view.span)
  const { person, days, flags } = view
  const weighing = await weigh(tx, ctx, setting, { person, type, days, flags, except: leave.id }, held)
  const calendar = calendarOf(setting.policy)
  const orders = ordersToHandBack(view, weighing, when, at => calendar.dayOf(at))
  const reason = `请假（${leave.code}）`
  for (const order of orders)
    await change(tx, ctx, {
      orderId: order.id,
      command: { do: 'release', reason },
      by: null,
      speech: { via: 'system' },
    })
  if (orders.length === 0 && when === 'granted') return leave
  return note(tx, ctx, setting, leave, [{ fact: 'handedBack', orders: orders.map(({ code }) => code), when }])
}

/** Whoever left the company has no leave that waits or is ahead; what he has had stays. */
export async function endLeaveOf(tx: Tx, ctx: Context, person: string): Promise<void> {
  for (const { id, teamId } of await leavesOf(tx, ctx.company, person, '')) {
    const leave = await lockLeave(tx, ctx.company, id)
    const setting = await settingOf(tx, ctx, teamId)
    if (!leave || !setting) continue
    const pending = isPending(leave.view)
    if (!pending && standing(leave.view.days, setting) === 'over') continue
    await note(tx, ctx, setting, leave, [
      pending ? { fact: 'withdrawn', why: 'left' } : { fact: 'cancelled', why: 'left' },
    ])
  }
}

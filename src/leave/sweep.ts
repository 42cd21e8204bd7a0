import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { nextSpeaking } from '../orders/quiet.ts'
import { liveCards } from '../outbox/shown.ts'
import { put, type Telling } from '../outbox/store.ts'
import { leaveTypeOf } from '../policy/leaverule.ts'
import { type CountedDay, countLeave } from './count.ts'
import { decidersOf } from './deciders.ts'
import { handBack, note } from './enact.ts'
import { leavesAhead, leavesDue } from './find.ts'
import { personOf, rhythmOf, type Setting, settingOf } from './look.ts'
import { nextDue } from './next.ts'
import type { LeaveRecord } from './request.ts'
import { lockLeave } from './rows.ts'
import { claimDay, lockTeam, postpone } from './store.ts'

const batch = 50

/**
 * What is due of leave by itself: reminders to whoever decides, requests that lapse, orders that go back when leave
 * begins, the word before it ends. Returns how many were looked at; one that fails keeps no other from its turn.
 */
export async function sweepLeave(ctx: Context, stopping: () => boolean): Promise<number> {
  const seen = new Set<string>()
  const failed: unknown[] = []
  while (!stopping()) {
    const due = await leavesDue(ctx.db.prisma, ctx.company, ctx.clock.now(), batch + failed.length)
    const fresh = due.filter(id => !seen.has(id))
    if (fresh.length === 0) break
    for (const id of fresh) {
      seen.add(id)
      try {
        await inTransaction(ctx.db, tx => lookAt(tx, ctx, id))
      } catch (error) {
        ctx.log.error({ leave: id, err: String(error) }, 'a request for leave could not be looked at')
        failed.push(error)
      }
    }
  }
  if (failed.length > 0)
    throw new Error(`${failed.length} requests for leave could not be looked at`, { cause: failed[0] })
  return seen.size
}

async function lookAt(tx: Tx, ctx: Context, id: string): Promise<void> {
  const leave = await lockLeave(tx, ctx.company, id)
  if (!leave) return
  const setting = await settingOf(tx, ctx, leave.teamId)
  const due = setting && nextDue(leave.view, setting.policy)
  // The rule book changed since: it is looked at when its new rule says so.
  if (!setting || !due || due.at > setting.now) return postpone(tx, ctx.company, id, due?.at ?? null)
  switch (due.do) {
    case 'remind':
      await note(tx, ctx, setting, leave, [{ fact: 'reminded', step: leave.view.step, nth: due.nth }])
      return remind(tx, ctx, setting, leave, due.nth)
    case 'lapse':
      await note(tx, ctx, setting, leave, [{ fact: 'lapsed', why: due.why }])
      return
    case 'begin':
      await handBack(tx, ctx, setting, leave, 'begun')
      return
    case 'homeward':
      await note(tx, ctx, setting, leave, [{ fact: 'homeward' }])
  }
}

/** Whoever has to decide is reminded; who has it only now, since another is away, gets the card. */
async function remind(tx: Tx, ctx: Context, setting: Setting, leave: LeaveRecord, nth: number): Promise<void> {
  const { view, id } = leave
  const { rule, circle, policy, now } = setting
  const { people } = decidersOf(view.steps, view.step, { applicant: view.person, deputies: rule.deputies }, circle)
  const shown = new Set((await liveCards(tx, ctx.company, [id])).map(({ personId }) => personId))
  const at = nextSpeaking(policy, now)
  const tellings = people.map((person): Telling => {
    const kind = shown.has(person) ? 'leave.remind' : 'leave.card'
    return { kind, to: { person }, subject: id, dedupeKey: `leave:${id}:remind:${view.step}:${nth}:${person}`, at }
  })
  await put(tx, ctx.company, tellings, now)
}

/**
 * Once a day: leave that is ahead is counted anew by the calendar in force, so that holidays announced or days of rest
 * changed since take no days from anybody (peers.md C: hrms #2770). Days that are past stay as they were counted.
 */
export async function recountLeave(ctx: Context, owner: string): Promise<number> {
  const now = ctx.clock.now()
  const day = now.toISOString().slice(0, 10)
  if (!(await claimDay(ctx.db.prisma, ctx.company, 'recountLeave', day, owner, now))) return 0
  const ids = await leavesAhead(ctx.db.prisma, ctx.company, day)
  let changed = 0
  for (const id of ids) changed += (await inTransaction(ctx.db, tx => recount(tx, ctx, id))) ? 1 : 0
  return changed
}

/** A journal's JSON keeps no order of keys. */
const sameDays = (a: readonly CountedDay[], b: readonly CountedDay[]): boolean => {
  const written = (days: readonly CountedDay[]) =>
    days.map(({ day, from, to, share }) => `${day} ${from} ${to} ${share}`).join()
  return written(a) === written(b)
}

async function recount(tx: Tx, ctx: Context, id: string): Promise<boolean> {
  const first = await lockLeave(tx, ctx.company, id)
  if (!first) return false
  await lockTeam(tx, ctx.company, first.teamId)
  const setting = await settingOf(tx, ctx, first.teamId)
  const person = await personOf(tx, ctx, first.view.person)
  const type = setting && leaveTypeOf(setting.rule, first.view.type)
  if (!setting || !person || !type || first.view.days.length === 0) return false
  const { view } = first
  const { days } = countLeave(view.span, type, setting.rule, rhythmOf(setting, person))
  const past = view.days.filter(one => one.day < setting.today)
  const anew = [...past, ...days.filter(one => one.day >= setting.today)]
  if (sameDays(anew, view.days)) return false
  const policy = { name: setting.policyName, version: setting.policy.version }
  await note(tx, ctx, setting, first, [{ fact: 'recounted', days: anew, policy }])
  return true
}

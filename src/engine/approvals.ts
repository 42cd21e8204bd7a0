import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { compareAll, follow, formOf, sentOff, showDifference, withdrawThere } from '../leave/native.ts'
import { claimDay } from '../leave/store.ts'
import { type ApprovalTask, claimTasks, taskDone, taskFailed, tasksDue, wantTask } from '../leave/tasks.ts'
import { waitAfter } from '../outbox/retry.ts'
import type { Approvals, Platform } from '../platforms/platform.ts'

type Platforms = ReadonlyMap<PlatformName, Platform>

export const approvalHoldMs = 120_000
const dayMs = 86_400_000
/** How far back the platforms list what was submitted to them. */
const comparedMs = 31 * dayMs
const appNames: Readonly<Record<PlatformName, string>> = { wecom: '企业微信审批', dingtalk: '钉钉审批' }

/** Sends requests to platforms' own approvals and does here what became of them there. Returns how many were worked on. */
export async function workApprovals(ctx: Context, platforms: Platforms): Promise<number> {
  if (!(await tasksDue(ctx.db.prisma, ctx.company, ctx.clock.now()))) return 0
  const tasks = await inTransaction(ctx.db, tx => claimTasks(tx, ctx.company, ctx.clock.now(), approvalHoldMs, 20))
  for (const task of tasks) await work(ctx, platforms, task)
  return tasks.length
}

async function work(ctx: Context, platforms: Platforms, task: ApprovalTask): Promise<void> {
  const name = task.platform as PlatformName
  const approvals = platforms.get(name)?.approvals
  try {
    if (approvals) await doTask(ctx, approvals, name, task)
    else if (platforms.has(name))
      ctx.log.warn({ platform: name, does: task.does }, 'approvals are not switched on there any more')
    else throw new Temporary('platform-off', `platform ${name} is switched off`)
    await inTransaction(ctx.db, tx => taskDone(tx, ctx.company, task, ctx.clock.now()))
  } catch (error) {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    const wait = waitAfter(task.attempts, Math.random(), error instanceof Temporary ? error.retryAfterMs : undefined)
    const nextAt = new Date(ctx.clock.now().getTime() + wait)
    ctx.log.warn(
      { platform: name, does: task.does, attempts: task.attempts, reason: error.message },
      'an approval has to wait',
    )
    await inTransaction(ctx.db, tx => taskFailed(tx, ctx.company, task, error.message, nextAt))
  }
}

async function doTask(ctx: Context, approvals: Approvals, name: PlatformName, task: ApprovalTask): Promise<void> {
  const { about, does } = task
  if (does === 'read') return readOne(ctx, approvals, name, task)
  const asked = await inTransaction(ctx.db, tx => formOf(tx, ctx, about, name))
  if (does === 'unrecord') {
    if (asked) await approvals.unrecord?.(about, asked.form.applicant)
    return
  }
  if (!asked) return
  const { leave, form } = asked
  if (does === 'record') {
    if (leave.view.state === 'granted') await approvals.record?.(form)
    return
  }
  if (does === 'withdraw') {
    const { sent } = leave.view
    const taken = sent !== null && (await approvals.withdraw(sent.id, form.applicant, '本人撤回'))
    await inTransaction(ctx.db, async tx => {
      if (sent && taken)
        await wantTask(tx, ctx.company, { platform: name, does: 'read', about: sent.id }, ctx.clock.now())
      else await withdrawThere(tx, ctx, about, appNames[name])
    })
    return
  }
  if (leave.view.state !== 'asked' || leave.view.sent) return
  try {
    const { id } = await approvals.submit(form)
    await inTransaction(ctx.db, tx => sentOff(tx, ctx, about, name, { number: id }))
  } catch (error) {
    if (!(error instanceof Permanent && error.code === 'approval-refused')) throw error
    await inTransaction(ctx.db, tx => sentOff(tx, ctx, about, name, { refused: error.message }))
  }
}

async function readOne(ctx: Context, approvals: Approvals, name: PlatformName, task: ApprovalTask): Promise<void> {
  const found = await approvals.read(task.about)
  const gone = { id: task.about, status: 'deleted' as const, applicant: '' }
  await inTransaction(ctx.db, async tx => {
    const what = await follow(tx, ctx, name, found ?? gone)
    if (what === null || !task.compared) return
    ctx.log.warn({ platform: name, approval: task.about, what }, 'comparing approvals found a difference')
    await showDifference(tx, ctx, found?.id ?? task.about, what, name)
  })
}

/** Once a day what the platforms have is compared with what we have: lost events, and requests revoked long after. */
export async function compareApprovals(ctx: Context, platforms: Platforms, owner: string): Promise<number> {
  let compared = 0
  for (const [name, { approvals }] of platforms) {
    if (!approvals) continue
    const now = ctx.clock.now()
    const period = now.toISOString().slice(0, 10)
    if (!(await claimDay(ctx.db.prisma, ctx.company, `compareApprovals:${name}`, period, owner, now))) continue
    const submitted = await approvals.submitted(new Date(now.getTime() - comparedMs), now).catch((error: unknown) => {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      ctx.log.warn({ platform: name, reason: error.message }, 'approvals could not be listed; those known are compared')
      return []
    })
    compared += await inTransaction(ctx.db, tx => compareAll(tx, ctx, name, submitted))
  }
  return compared
}

import { sweepAttendance } from '../attendance/sweep.ts'
import type { Inbound } from '../chat/inbound.ts'
import { reviveInbound, waitingInbound } from '../chat/store.ts'
import type { Context } from '../context.ts'
import { sweepImports } from '../imports/run.ts'
import { sweepIncidents } from '../incidents/sweep.ts'
import { recountLeave, sweepLeave } from '../leave/sweep.ts'
import { sweepSessions } from '../login/sweep.ts'
import { sweepDaily } from '../orders/digest.ts'
import { sweepClocks } from '../orders/sweep.ts'
import { refreshPolicies } from '../policy/flow.ts'
import { sweepKept } from '../privacy/sweep.ts'
import { draftMonths, sweepMonths } from '../settlement/sweep.ts'
import { createWebhookSender, type WebhookDeps } from '../webhooks/deliver.ts'
import { compareApprovals, workApprovals } from './approvals.ts'
import { bindByMobile } from './binding.ts'
import { createSender, type DeliverDeps } from './deliver.ts'
import { createGlance } from './due.ts'
import type { Duty } from './engine.ts'
import { fetchMedia } from './fetching.ts'
import { minutely } from './minutely.ts'
import { lastNight } from './night.ts'
import { PunchReader } from './punches.ts'
import { watchQuotas } from './quota.ts'
import { endWrongTimes } from './setback.ts'
import { tidy } from './tidy.ts'
import { vacuum } from './vacuum.ts'

export interface DutyDeps extends DeliverDeps, WebhookDeps {
  again(inbound: Inbound): Promise<void>
}

/** All the engine does, in the order of a beat: first what was left over, then what is due, then sending. */
export function duties(deps: DutyDeps): Duty[] {
  const sender = createSender(deps)
  const webhooks = createWebhookSender(deps)
  const punches = new PunchReader(deps)
  const asked = [...deps.platforms.values()].filter(platform => platform.findByMobile).map(({ name }) => name)
  const { begin, when, noting } = createGlance(asked)
  return [
    { name: 'end what a wrong clock began', run: minutely(endWrongTimes) },
    { name: 'see what is due', run: begin },
    { name: 'take up new rules', run: minutely(refreshPolicies) },
    { name: 'free expired leases', run: when('leases', ctx => sender.freeLost(ctx)) },
    { name: 'finish the inbox', run: when('inbox', ctx => finishInbox(ctx, deps)) },
    { name: 'look at clocks', run: when('clocks', sweepClocks) },
    { name: 'leave', run: when('leave', sweepLeave) },
    { name: 'count leave anew', run: noting(minutely(ctx => recountLeave(ctx, deps.owner))) },
    { name: 'incidents', run: when('incidents', sweepIncidents) },
    { name: 'draft months', run: noting(minutely(ctx => draftMonths(ctx, deps.owner))) },
    { name: 'imports', run: when('imports', sweepImports) },
    { name: 'settle months', run: when('months', sweepMonths) },
    { name: 'approvals', run: when('approvals', ctx => workApprovals(ctx, deps.platforms)) },
    { name: 'compare approvals', run: noting(minutely(ctx => compareApprovals(ctx, deps.platforms, deps.owner))) },
    { name: 'daily lists', run: minutely(ctx => sweepDaily(ctx, deps.owner)) },
    { name: 'read check-ins', run: minutely(ctx => punches.run(ctx)), idle: () => punches.idle() },
    { name: 'look over attendance', run: minutely(ctx => sweepAttendance(ctx, deps.owner)) },
    { name: 'fetch media', run: when('media', ctx => fetchMedia(ctx, deps.platforms)) },
    { name: 'bind by mobile', run: when('accounts', ctx => bindByMobile(ctx, deps)) },
    { name: 'end sessions', run: when('sessions', sweepSessions) },
    { name: 'watch quotas', run: ctx => watchQuotas(ctx, deps) },
    { name: 'tidy up', run: minutely(ctx => tidy(ctx, deps.owner)) },
    {
      name: 'end of keeping',
      run: minutely((ctx, stopping) => sweepKept(ctx, { owner: deps.owner, night: lastNight(ctx) }, stopping)),
    },
    { name: 'vacuum', run: minutely((ctx, stopping) => vacuum(ctx, deps.owner, stopping)) },
    { name: 'send webhooks', run: when('webhooks', webhooks.run), idle: () => webhooks.idle() },
    { name: 'deliver', run: (ctx, stopping) => sender.deliver(ctx, stopping), idle: () => sender.idle() },
  ]
}

/** Events that were kept but not finished: the handling failed, or the process that kept them died. */
async function finishInbox(ctx: Context, deps: DutyDeps): Promise<number> {
  const events = await waitingInbound(ctx.db.prisma, ctx.company, ctx.clock.now(), 50)
  for (const event of events) await deps.again(reviveInbound(event))
  return events.length
}

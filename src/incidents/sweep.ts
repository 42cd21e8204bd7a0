import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { nextSpeaking } from '../orders/quiet.ts'
import { put, type Telling } from '../outbox/store.ts'
import { byItself, note } from './enact.ts'
import { incidentsDue } from './find.ts'
import { incidentScene } from './look.ts'
import { nextReminder } from './next.ts'
import { lockIncident } from './rows.ts'
import { postponeIncident } from './store.ts'

const batch = 50

/**
 * Reminds whoever has to answer an appeal (R16). Returns how many incidents were looked at; one that fails keeps no other
 * from its turn.
 *
 * @throws when all had their turn and some of them failed
 */
export async function sweepIncidents(ctx: Context, stopping: () => boolean): Promise<number> {
  const seen = new Set<string>()
  const failed: unknown[] = []
  while (!stopping()) {
    const due = await incidentsDue(ctx.db.prisma, ctx.company, ctx.clock.now(), batch + failed.length)
    const fresh = due.filter(id => !seen.has(id))
    if (fresh.length === 0) break
    for (const id of fresh) {
      seen.add(id)
      try {
        await inTransaction(ctx.db, tx => lookAt(tx, ctx, id))
      } catch (error) {
        ctx.log.error({ incident: id, err: String(error) }, 'an incident could not be looked at')
        failed.push(error)
      }
    }
  }
  if (failed.length > 0) throw new Error(`${failed.length} incidents could not be looked at`, { cause: failed[0] })
  return seen.size
}

async function lookAt(tx: Tx, ctx: Context, id: string): Promise<void> {
  const incident = await lockIncident(tx, ctx.company, id)
  if (!incident) return
  const scene = await incidentScene(tx, ctx, incident)
  const { policy, now, deciders } = scene
  const due = nextReminder(incident.view, policy)
  if (!due || due.at > now) return postponeIncident(tx, ctx.company, id, due?.at ?? null)
  await note(tx, ctx, incident, [{ fact: 'reminded', nth: due.nth }], byItself(now))
  const at = nextSpeaking(policy, now)
  const tellings = deciders.map(
    (person): Telling => ({
      ...{ kind: 'incident.remind', to: { person }, subject: id, at },
      dedupeKey: `incident:${id}:remind:${incident.view.appeal?.at}:${due.nth}:${person}`,
    }),
  )
  await put(tx, ctx.company, tellings, now)
}

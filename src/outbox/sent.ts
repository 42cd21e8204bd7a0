import { loadedAll } from '../db/loader.ts'
import type { Tx } from '../db/tx.ts'

/** Store of what went out lately, by lane. */

/** When messages of a lane (answers and reminders included) were sent since `since`: what the throttle counts. */
export async function sentTimes(tx: Tx, company: string, lane: string, since: Date): Promise<Date[]> {
  const base = lane.replace(/^(answer|nudge):/, '')
  return sentTimesOf(tx, company, [base, `answer:${base}`, `nudge:${base}`], since)
}

/** When messages of these very lanes were sent since `since`. */
export async function sentTimesOf(tx: Tx, company: string, lanes: string[], since: Date): Promise<Date[]> {
  const keys = lanes.map(lane => ({ lane, since }))
  const times = await loadedAll(tx, `sent ${company}`, keys, all => sentOn(tx, company, all))
  return times.flat()
}

/** Each lane by itself: of several at once the planner may read all that was sent lately, by whomever. */
async function sentOn(tx: Tx, company: string, keys: ReadonlyArray<{ lane: string; since: Date }>): Promise<Date[][]> {
  const [lanes, sinces] = [keys.map(({ lane }) => lane), keys.map(({ since }) => since)]
  const rows = await tx.$queryRaw<Array<{ times: Date[] }>>`
    SELECT ARRAY(SELECT o."sentAt" FROM "Outbox" o
      WHERE o."company" = ${company} AND o."lane" = l."lane" AND o."sentAt" > l."since") AS "times"
    FROM unnest(${lanes}::text[], ${sinces}::timestamptz[]) WITH ORDINALITY AS l("lane", "since", "nr") ORDER BY l."nr"`
  return rows.map(row => row.times)
}

import type { Taken } from '../test/support/outside.ts'
import { groupBy } from './groups.ts'
import type { Ask, Finding } from './invariants.ts'

/** What was to be said: that it was, how often, and in which order. */

interface Sent {
  id: string
  lane: string
  subject: string | null
  messageId: string | null
  wecom: boolean
  createdAt: Date
  sentAt: Date
}

/** Rows put so near to each other may have been committed the other way round, by two who worked at once. */
const sameMomentMs = 5_000

export interface Laned {
  /**
   * A transaction may have waited for its connection or its end for as long as that: what it puts is seen by others so
   * late. Or another clock was so far ahead.
   */
  lateMs?: number | undefined
}

export async function laneFindings(ask: Ask, taken: readonly Taken[], { lateMs = 0 }: Laned = {}): Promise<Finding[]> {
  const sent = await ask<Sent>(
    `SELECT "id"::text, "lane", "subject", "messageId", "createdAt", "sentAt",
       EXISTS (SELECT 1 FROM "Identity" i WHERE i."personId" = o."personId" AND i."platform" = 'wecom') AS "wecom"
     FROM "Outbox" o WHERE "status" = 'sent' ORDER BY "id"`,
  )
  return [await due(ask, sent, taken), order(sent, taken, lateMs)]
}

/** The service was ended a moment ago: a reminder whose time came since then, or at its last beat, had nobody to send it. */
const lately = `now() - interval '20 seconds'`

/** Whatever was due was sent, answered or left out for a reason; what WeCom took and nobody wrote down was sent again. */
async function due(ask: Ask, sent: readonly Sent[], taken: readonly Taken[]): Promise<Finding> {
  const open = await ask(
    `SELECT "id"::text, "lane", "kind", "status", "attempts", "reason", "nextAt" FROM "Outbox"
     WHERE "status" IN ('sending', 'dead') OR ("status" = 'waiting' AND ("nextAt" <= ${lately} OR "attempts" > 0)) LIMIT 20`,
  )
  const shown = new Set(taken.flatMap(({ msgid }) => msgid ?? []))
  const unseen = sent.filter(({ wecom, messageId }) => wecom && messageId !== null && !shown.has(messageId))
  const known = new Set(sent.flatMap(({ messageId }) => (messageId === null ? [] : [messageId])))
  const twice = [...shown].filter(msgid => !known.has(msgid)).length
  const suppressed = taken.filter(({ msgid }) => msgid).length - shown.size
  const [later] = await ask<{ count: number }>(
    `SELECT count(*)::int AS "count" FROM "Outbox" WHERE "status" = 'waiting' AND "nextAt" > ${lately}`,
  )
  return {
    ...{ what: 'messages that were due are out', checked: sent.length },
    note: `${twice} on a phone twice, ${suppressed} sent again and known by WeCom, ${later?.count ?? 0} not due yet`,
    violations: [
      ...open.map(row => JSON.stringify(row)),
      ...unseen.map(({ id, messageId }) => `${id} is said to be sent as ${messageId}, which WeCom never took`),
    ],
  }
}

/** A lane is sent by the ids of its rows: as WeCom took them; where that is not known, by the service's own clock. */
function order(sent: readonly Sent[], taken: readonly Taken[], lateMs: number): Finding {
  const violations: string[] = []
  const tookAt = new Map<string, number>()
  for (const { msgid, at } of taken) if (msgid !== undefined && !tookAt.has(msgid)) tookAt.set(msgid, at)
  const before = (one: Sent, other: Sent): boolean => {
    const [mine, its] = [one, other].map(({ messageId }) => tookAt.get(messageId ?? ''))
    return mine !== undefined && its !== undefined ? mine < its : one.sentAt < other.sentAt
  }
  let near = 0
  let late = 0
  for (const [lane, rows] of groupBy(sent, row => row.lane)) {
    let latest: Sent | undefined
    for (const row of rows) {
      if (latest && before(row, latest)) {
        const apart = row.createdAt.getTime() - latest.createdAt.getTime()
        if (apart < sameMomentMs && (row.subject === null || row.subject !== latest.subject)) near++
        else if (apart < lateMs) late++
        else violations.push(`${lane}: ${latest.id} went out after ${row.id}, which was put ${apart} ms later`)
      }
      if (!latest || !before(row, latest)) latest = row
    }
  }
  const notes = [
    near > 0 ? `${near} passed one put in the same moment` : '',
    late > 0 ? `${late} passed one that was put late or by another clock` : '',
  ].filter(Boolean)
  const note = notes.length > 0 ? { note: notes.join(', ') } : {}
  return { what: 'messages of a lane went out in its order', checked: sent.length, ...note, violations }
}

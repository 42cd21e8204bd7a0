import { insertion, type JournalTable, partsOf, written } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { type Area, type EventName, eventsOf } from './events.ts'

/** A fact that is being written, and whose it is. */
export interface Noted {
  /** Id of the order, leave, incident or settlement. */
  subject: string
  teamId: string
  fact: {
    seq: number
    at: string
    by: string | null
    via: string
    words?: string
    fact: string
  }
}

const journals = {
  order: { table: 'Journal', key: 'orderId' },
  leave: { table: 'LeaveJournal', key: 'leaveId' },
  incident: { table: 'IncidentJournal', key: 'incidentId' },
  month: { table: 'SettlementJournal', key: 'settlementId' },
} as const satisfies Record<Area, { table: JournalTable; key: string }>

/**
 * Writes facts into their journal and, in the very same statement, what endpoints are owed of them: neither is ever there
 * without the other, and where nobody subscribes it costs a look at an empty table.
 */
export async function writeFacts(tx: Tx, company: string, area: Area, noted: readonly Noted[]): Promise<void> {
  const { table, key } = journals[area]
  const names: Readonly<Record<string, EventName | null>> = eventsOf[area]
  await written(tx, partsOf(noted), part => {
    const facts = part.map(({ subject, fact: { seq, at, by, via, words, fact, ...body } }) => ({
      ...{ company, [key]: subject, seq, at, by, via, words: words ?? null, fact, body },
    }))
    const owed = part.flatMap(({ subject, teamId, fact: { seq, at, fact } }) => {
      const type = names[fact]
      return type ? [{ id: newId(new Date(at)), type, of: `${area}.*`, subject, seq, at, teamId }] : []
    })
    return tx.$executeRaw`
      WITH facts AS (${insertion(table, facts)})
      INSERT INTO "WebhookDelivery"
        ("company", "endpointId", "id", "type", "subject", "seq", "at", "state", "nextAt")
      SELECT e."company", e."id", o."id", o."type", o."subject", o."seq", o."at", 'waiting', o."at"
      FROM "WebhookEndpoint" e, json_to_recordset(${JSON.stringify(owed)}::json) o(
        "id" uuid, "type" text, "of" text, "subject" uuid, "seq" int, "at" timestamptz, "teamId" uuid)
      WHERE e."company" = ${company} AND e."enabled" AND e."events" && ARRAY['*', o."of", o."type"]
        AND (e."teamId" IS NULL OR e."teamId" = o."teamId")`
  })
}

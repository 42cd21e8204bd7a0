import { partsOf } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { writeFacts } from '../webhooks/eventstore.ts'
import { type MonthRecord, nextLook, replayMonth } from './closing.ts'
import type { PersonChange } from './difference.ts'
import type { MonthBody, MonthEntry, MonthFrame } from './fact.ts'
import { lockMonth } from './rows.ts'
import type { Slip, TeamResult } from './slip.ts'
import type { Tables } from './tables.ts'

/** Store of months: what is written. */

export type Frame = Omit<MonthFrame, 'seq'>

/** The month's row, made where there is none; held until the transaction ends. */
export async function openMonth(
  tx: Tx,
  company: string,
  { teamId, month, policy }: { teamId: string; month: string; policy: string },
  now: Date,
): Promise<MonthRecord> {
  const data = {
    ...{ company, id: newId(now), teamId, month, policy, state: 'draft', rules: 0, result: {}, version: 0 },
    ...{ createdAt: now, updatedAt: now },
  }
  await tx.settlement.createMany({ data: [data], skipDuplicates: true })
  const made = await lockMonth(tx, company, { teamId, month })
  if (!made) throw new Error('a month just made is there')
  return made
}

/** Adds facts to a month that is held. */
export async function appendMonth(
  tx: Tx,
  before: MonthRecord,
  bodies: readonly MonthBody[],
  frame: Frame,
  result?: { rules: number; body: TeamResult; tables: Tables; changes: readonly PersonChange[] | null },
): Promise<MonthRecord> {
  if (bodies.length === 0 && !result) return before
  const { company, id, teamId } = before
  const added = bodies.map((body, index): MonthEntry => ({ seq: before.view.version + 1 + index, ...frame, ...body }))
  const facts = [...before.facts, ...added]
  const view = replayMonth(facts)
  await tx.settlement.update({
    where: { company_id: { company, id } },
    data: {
      ...{ state: view.state, version: view.version, nextLookAt: nextLook(view), updatedAt: new Date(frame.at) },
      ...(result && { rules: result.rules, result: result.body as object, policy: result.body.policy.name }),
      ...(result && {
        tables: result.tables as object,
        ...(result.changes && { changes: [...result.changes] as object[] }),
      }),
    },
  })
  await writeFacts(
    tx,
    company,
    'month',
    added.map(fact => ({ subject: id, teamId, fact })),
  )
  return { ...before, facts, view }
}

/** Looked at again then; true for the one who has it until then. */
export async function claimMonth(tx: Tx, company: string, id: string, now: Date, until: Date): Promise<boolean> {
  const { count } = await tx.settlement.updateMany({
    where: { company, id, nextLookAt: { lte: now } },
    data: { nextLookAt: until },
  })
  return count === 1
}

/** How far a long run has come. */
export async function noteProgress(tx: Tx, company: string, id: string, done: number, of: number): Promise<void> {
  await tx.$executeRaw`
    UPDATE "Settlement" SET "result" = jsonb_set("result"::jsonb, '{progress}', ${JSON.stringify({ done, of })}::jsonb)
    WHERE "company" = ${company} AND "id" = ${id}::uuid`
}

/** A slip has tens of kilobytes. */
const slipsAtOnce = 25

/** Slips as they were reckoned last; written over, never beside. */
export async function saveSlips(tx: Tx, company: string, settlementId: string, slips: readonly Slip[]): Promise<void> {
  for (const part of partsOf(slips, slipsAtOnce)) {
    const rows = part.map(slip => ({
      ...{ company, settlementId, personId: slip.person, month: slip.month, net: slip.net, body: slip },
    }))
    await tx.$executeRaw`
      INSERT INTO "Payslip" ("company", "settlementId", "personId", "month", "net", "body")
      SELECT r."company", r."settlementId", r."personId", r."month", r."net", r."body"
      FROM json_populate_recordset(NULL::"Payslip", ${JSON.stringify(rows)}::json) r
      ON CONFLICT ("company", "settlementId", "personId") DO UPDATE SET "net" = EXCLUDED."net", "body" = EXCLUDED."body"`
  }
}

/** Takes away slips of people who turn out not to have been there. */
export async function keepSlips(
  tx: Tx,
  company: string,
  settlementId: string,
  people: readonly string[],
): Promise<void> {
  await tx.payslip.deleteMany({ where: { company, settlementId, personId: { notIn: [...people] } } })
}

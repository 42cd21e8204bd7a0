import { insertAll } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { writeFacts } from '../webhooks/eventstore.ts'
import type { LeaveBody, LeaveFact, LeaveFrame } from './fact.ts'
import { daysHeld } from './held.ts'
import { edgesOf, type LeaveRecord, type LeaveView, replayLeave } from './request.ts'

export type Frame = Omit<LeaveFrame, 'seq'>

/** When somebody has to be told something next; given to the store, which knows nothing of policies. */
export type NextLook = (view: LeaveView) => Date | null

/** Requests of a team are entered one at a time, so that of two who want its last place one sees the other. */
export async function lockTeam(tx: Tx, company: string, teamId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`leave ${company} ${teamId}`}, 0))::text`
}

/** Enters a request under the company's next number: `假1`, `假2` … */
export async function createLeave(
  tx: Tx,
  company: string,
  { teamId, team, body }: { teamId: string; team: string; body: Extract<LeaveBody, { fact: 'asked' }> },
  frame: Frame,
  next: NextLook,
): Promise<LeaveRecord> {
  const at = new Date(frame.at)
  const id = newId(at)
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, 'leave', 1)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + 1
    RETURNING "value"`
  const code = `假${rows[0]?.value}`
  const facts: LeaveFact[] = [{ seq: 1, ...frame, ...body }]
  const record: LeaveRecord = { company, id, code, teamId, team, facts, view: replayLeave(facts) }
  const { kind, of, person, type } = body
  await tx.leave.create({
    data: {
      ...{ company, id, code, teamId, kind, ofId: of?.id ?? null, personId: person, type, createdAt: at },
      ...columns(record, next),
    },
  })
  await write(tx, record, facts)
  return record
}

/** Adds facts to a locked request and brings its columns and days up to date. */
export async function appendLeave(
  tx: Tx,
  before: LeaveRecord,
  bodies: readonly LeaveBody[],
  frame: Frame,
  next: NextLook,
): Promise<LeaveRecord> {
  if (bodies.length === 0) return before
  const added = bodies.map((body, index): LeaveFact => ({ seq: before.view.version + 1 + index, ...frame, ...body }))
  const facts = [...before.facts, ...added]
  const after = { ...before, facts, view: replayLeave(facts) }
  const { company, id } = before
  await tx.leave.update({ where: { company_id: { company, id } }, data: columns(after, next) })
  await write(tx, after, added)
  return after
}

function columns({ facts, view }: LeaveRecord, next: NextLook) {
  const { first, last } = edgesOf(view)
  return {
    ...{ state: view.state, firstDay: first, lastDay: last, version: view.version, nextLookAt: next(view) },
    ...{ platform: view.sent?.platform ?? view.decidesOn, externalId: view.sent?.id ?? null },
    updatedAt: new Date(facts.at(-1)?.at ?? ''),
  }
}

async function write(tx: Tx, { company, id, teamId, view }: LeaveRecord, added: readonly LeaveFact[]): Promise<void> {
  await writeFacts(
    tx,
    company,
    'leave',
    added.map(fact => ({ subject: id, teamId, fact })),
  )
  await tx.leaveDay.deleteMany({ where: { company, leaveId: id } })
  await insertAll(
    tx,
    'LeaveDay',
    daysHeld(view).map(day => ({ company, leaveId: id, teamId, ...day })),
  )
}

/** Looked at again then; the journal stays as it is. */
export async function postpone(tx: Tx, company: string, id: string, at: Date | null): Promise<void> {
  await tx.leave.update({ where: { company_id: { company, id } }, data: { nextLookAt: at } })
}

/** True for the one who does a day's work; what is known done costs one look. */
export async function claimDay(
  tx: Tx,
  company: string,
  job: string,
  period: string,
  owner: string,
  now: Date,
): Promise<boolean> {
  const known = await tx.jobRun.findUnique({ where: { company_job_period: { company, job, period } } })
  if (known) return false
  const mine = await tx.jobRun.createMany({
    data: [{ company, job, period, owner, startedAt: now, doneAt: now }],
    skipDuplicates: true,
  })
  return mine.count === 1
}

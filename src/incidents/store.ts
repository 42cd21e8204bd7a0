import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'
import { writeFacts } from '../webhooks/eventstore.ts'
import type { IncidentBody, IncidentFact, IncidentFrame } from './fact.ts'
import { type IncidentRecord, type IncidentView, replayIncident } from './incident.ts'

export type Frame = Omit<IncidentFrame, 'seq'>

/** When somebody has to be told something next; given to the store, which knows nothing of policies. */
export type NextLook = (view: IncidentView) => Date | null

/** Incidents of a person are entered one at a time, so that each knows which one of its kind it is. */
export async function lockPerson(tx: Tx, company: string, personId: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`incident ${company} ${personId}`}, 0))::text`
}

/** Enters an incident under the company's next number: `奖惩1`, `奖惩2` … */
export async function createIncident(
  tx: Tx,
  company: string,
  given: {
    teamId: string
    team: string
    source: string | null
    body: Extract<IncidentBody, { fact: 'entered' | 'proposed' }>
  },
  frame: Frame,
  next: NextLook,
): Promise<IncidentRecord> {
  const { teamId, team, source, body } = given
  const at = new Date(frame.at)
  const id = newId(at)
  const rows = await tx.$queryRaw<Array<{ value: number }>>`
    INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, 'incident', 1)
    ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + 1
    RETURNING "value"`
  const code = `奖惩${rows[0]?.value}`
  const facts: IncidentFact[] = [{ seq: 1, ...frame, ...body }]
  const record: IncidentRecord = { company, id, code, teamId, team, source, facts, view: replayIncident(facts) }
  const { person, item, day, policy, order } = body
  await tx.incident.create({
    data: {
      ...{ company, id, code, teamId, personId: person, item, policy: policy.name, day, source, createdAt: at },
      ...{ orderId: order?.id ?? null, ...columns(record, next) },
    },
  })
  await write(tx, record, facts)
  return record
}

/** Adds facts to a locked incident and brings its columns up to date. */
export async function appendIncident(
  tx: Tx,
  before: IncidentRecord,
  bodies: readonly IncidentBody[],
  frame: Frame,
  next: NextLook,
): Promise<IncidentRecord> {
  if (bodies.length === 0) return before
  const added = bodies.map((body, index): IncidentFact => ({ seq: before.view.version + 1 + index, ...frame, ...body }))
  const facts = [...before.facts, ...added]
  const after = { ...before, facts, view: replayIncident(facts) }
  const { company, id } = before
  await tx.incident.update({ where: { company_id: { company, id } }, data: columns(after, next) })
  await write(tx, after, added)
  return after
}

function columns({ facts, view }: IncidentRecord, next: NextLook) {
  const { fen, points, losesAppraisal, proposesDismissal, daysOff } = view.is
  return {
    ...{ state: view.state, fen, points, version: view.version, nextLookAt: next(view) },
    effects: { appraisal: losesAppraisal, dismissal: proposesDismissal, daysOff, rule: view.rule },
    updatedAt: new Date(facts.at(-1)?.at ?? ''),
  }
}

async function write(tx: Tx, { company, id, teamId }: IncidentRecord, added: readonly IncidentFact[]): Promise<void> {
  await writeFacts(
    tx,
    company,
    'incident',
    added.map(fact => ({ subject: id, teamId, fact })),
  )
}

/** Looked at again then; the journal stays as it is. */
export async function postponeIncident(tx: Tx, company: string, id: string, at: Date | null): Promise<void> {
  await tx.incident.update({ where: { company_id: { company, id } }, data: { nextLookAt: at } })
}

import { z } from 'zod'
import type { IncidentFact } from '../../incidents/fact.ts'
import { day, frame, moment, named, page, personRef, policyRef, teamRef, yuan } from './common.ts'
import { facts, type Told } from './journal.ts'

/** Incidents as programs get them. */

export const incidentState = z.enum(['proposed', 'confirmed', 'appealed', 'dropped'])
const id = z.uuid()
const text = z.string()
const ms = z.number()

const ground = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('clock'),
    clock: z.enum(['dispatch', 'accept', 'contact', 'arrive', 'complete', 'report', 'revisit']),
    name: text,
    startedAt: moment,
    dueAt: moment,
    stoppedAt: moment.optional(),
    counted: z.enum(['due', 'start']),
    overMs: ms,
  }),
  z.strictObject({
    of: z.literal('order'),
    what: z.enum(['complaint', 'rework', 'leak', 'unhappy']),
    code: text,
    at: moment,
    note: text.optional(),
  }),
  z.strictObject({
    of: z.literal('attendance'),
    what: z.enum(['late', 'early', 'offPost', 'absent']),
    at: moment.nullable(),
    ms,
  }),
])
const why = z.enum(['manager', 'gone', 'replaced', 'upheld'])

const shape = {
  id,
  code: text,
  team: teamRef,
  person: personRef,
  item: text.describe('Its name in the catalogue'),
  rule: text.nullable(),
  day,
  order: text.nullable(),
  state: incidentState,
  nth: z.int().describe('Which one of its kind it is for him in the month'),
  is: z.strictObject({
    amount: yuan,
    points: z.number(),
    losesAppraisal: z.boolean(),
    daysOff: z.number(),
    proposesDismissal: z.boolean(),
    text: z.string(),
  }),
  enteredBy: personRef.nullable(),
  decidedBy: personRef.nullable(),
  decidedAt: moment.nullable(),
  dropped: z.strictObject({ why, reason: text }).nullable(),
  policy: policyRef,
}
export const incident = named('Incident', z.strictObject(shape))

const is = z
  .strictObject({
    ...{ fen: z.int(), points: z.number(), losesAppraisal: z.boolean(), proposesDismissal: z.boolean() },
    daysOff: z.number(),
  })
  .describe('Money in fen')
const opened = {
  ...{ person: id, item: text, day, order: z.strictObject({ id, code: text }).optional() },
  told: z.strictObject({
    ...{ fen: z.int().optional(), points: z.number().optional(), base: z.int().optional(), loss: z.int().optional() },
  }),
  ...{ is, nth: z.int(), policy: policyRef, rule: text.optional(), note: text.optional(), ground: ground.optional() },
}

export const incidentFact = named(
  'IncidentFact',
  facts({ ...frame, by: id.nullable() }, {
    entered: opened,
    proposed: opened,
    confirmed: { is, nth: z.int() },
    dropped: { why, reason: text },
    renewed: { ground },
    updated: { ground },
    photo: { media: id },
    appealed: { reason: text },
    upheld: { reason: text },
    rejected: { reason: text },
    amended: { is, reason: text },
    shown: { to: id },
    reminded: { nth: z.int() },
  } satisfies Told<IncidentFact>),
)

export const incidentWithTimeline = named(
  'IncidentWithTimeline',
  incident.extend({
    evidence: z.strictObject({
      words: text,
      photos: z.array(id),
      ground: ground.nullable(),
      text: text.nullable(),
    }),
    appeal: z
      .strictObject({
        reason: text,
        at: moment,
        photos: z.array(id),
        answer: z
          .strictObject({ how: z.enum(['upheld', 'rejected', 'amended']), by: id.nullable(), at: moment, reason: text })
          .nullable(),
      })
      .nullable(),
    appealUntil: day.nullable().describe('The last day he may appeal'),
    answerUntil: day.nullable().describe('The day an appeal is to be answered by'),
    timeline: z.array(incidentFact),
  }),
)
export const incidentPage = page(incident)

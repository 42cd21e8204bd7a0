import { z } from 'zod'
import type { Fact } from '../../orders/fact.ts'
import { day, frame, moment, named, page, personRef, whole } from './common.ts'
import { facts, type Told } from './journal.ts'

/** Orders as programs get them. */

export const span = named(
  'Span',
  z.strictObject({
    from: moment,
    to: moment.optional(),
    exact: z.boolean(),
    words: z.string().describe('As it was said: 明天上午'),
  }),
)
export const orderState = z.enum([
  ...(['new', 'dispatched', 'accepted', 'contacted', 'arrived', 'suspended', 'completed', 'closed'] as const),
  'cancelled',
])
export const kind = z.enum(['install', 'repair', 'complaint', 'revisit'])
const warranty = z.enum(['in', 'out'])
const customer = z.strictObject({
  name: z.string(),
  phone: z.string(),
  address: z.string(),
  zone: z.string().optional(),
  distanceKm: z.number().optional(),
  key: z.boolean().optional(),
  gone: z.boolean().optional(),
})
const product = z.strictObject({
  brand: z.string().optional(),
  model: z.string().optional(),
  serial: z.string().optional(),
})
const invoice = z.strictObject({ date: day, price: z.string() })
const parts = z.array(z.strictObject({ name: z.string(), quantity: z.number() }))
const reason = z.enum(['parts', 'majorRepair', 'customer', 'other'])
const note = z.string().optional()
const grade = z.int().min(1).max(5).describe('5 非常满意, 4 满意, 3 一般, 2 不满意, 1 很不满意')
export const clockKind = z.enum(['dispatch', 'accept', 'contact', 'arrive', 'complete', 'report', 'revisit'])
const link = {
  why: z.enum(['rework', 'leak']),
  code: z.string(),
  doneAt: moment,
  days: z.int().describe('Calendar days between the two'),
}

const clock = named(
  'Clock',
  z.strictObject({
    kind: clockKind,
    startedAt: moment,
    dueAt: moment.nullable(),
    state: z.enum(['running', 'late', 'paused', 'met', 'missed', 'exempt', 'cancelled']),
    stoppedAt: moment.nullable(),
  }),
  'A promise with a start, a due time and an end (时限)',
)

export const order = named(
  'Order',
  z.strictObject({
    id: z.uuid(),
    code: z.string(),
    state: orderState,
    team: z.string(),
    kind,
    urgent: z.boolean(),
    offered: z.boolean().describe('Up for grabs and not yet taken (抢单)'),
    assignee: personRef.nullable(),
    helpers: z.array(personRef),
    shares: z.array(personRef.extend({ percent: z.int() })),
    customer,
    product,
    fault: z.string(),
    warranty: warranty.nullable(),
    invoice: invoice.nullable(),
    externalId: z.string().nullable(),
    appointment: span.nullable(),
    suspended: z.strictObject({ reason, note: z.string(), expected: span.optional(), from: orderState }).nullable(),
    outcome: z
      .strictObject({ result: z.string(), charge: z.string().optional(), parts, empty: z.boolean() })
      .nullable(),
    revisit: z
      .strictObject({
        drawn: z.boolean(),
        tries: z.int(),
        at: moment.nullable(),
        grade: grade.nullable(),
        note: z.string().nullable(),
        complaint: z.string().nullable(),
        by: personRef.nullable(),
        rating: z
          .strictObject({
            ...{ at: moment, grade, tags: z.array(z.string()), words: z.string().nullable() },
            changed: z.boolean(),
          })
          .nullable()
          .describe('The customer’s own, from the page (/r/…)'),
      })
      .nullable()
      .describe('The call back (回访): null before completion, `at` null while it is owed'),
    photos: z.array(z.uuid()),
    signature: z
      .strictObject({ media: z.uuid(), name: z.string(), at: moment, result: note, charge: note })
      .nullable()
      .describe('The customer’s last one: what he signed, as it was shown to him; `charge` in yuan'),
    routed: z.strictObject({ subject: z.string(), to: z.string() }).nullable(),
    linked: z
      .strictObject({ ...link, id: z.uuid(), technician: personRef.nullable() })
      .nullable()
      .describe('The earlier job it follows from'),
    createdAt: moment,
    clocks: z.array(clock),
  }),
)

const id = z.uuid()
const returnSaid = z.strictObject({
  wants: z.enum(['return', 'exchange']).optional(),
  invoicedOn: day.optional(),
  price: z.string().optional(),
  mainFault: z.boolean().optional(),
  faultOn: day.optional(),
  deformed: z.boolean().optional(),
  handedInOn: day.optional(),
  waitsForParts: z.boolean().optional(),
  waitingSince: day.optional(),
  repairerSince: z.union([day, z.boolean()]).optional(),
  warranty: warranty.optional(),
  inRepair: z.union([z.strictObject({ days: z.int() }), z.strictObject({ from: day, to: day })]).optional(),
  sameModel: z.boolean().optional(),
  otherModel: z.boolean().optional(),
  accessories: z.boolean().optional(),
  sheet: z.boolean().optional(),
})
const created = z.strictObject({
  ...{ kind, urgent: z.boolean(), customer, category: note, product, fault: z.string() },
  ...{ warranty: warranty.optional(), units: z.int().optional(), wanted: span.optional() },
  ...{ invoice: invoice.optional(), externalId: note },
})
const kept = { ...link, to: id, technician: id.nullable() }
const earlier = z.strictObject({
  to: id,
  code: z.string(),
  technician: id.nullable(),
  doneAt: moment,
  days: z.int(),
  fault: note,
})
const why = z.array(z.string())
const share = z.int()

export const orderFact = named(
  'OrderFact',
  facts({ ...frame, by: personRef.nullable() }, {
    created: { order: created, policy: note, earlier: earlier.optional() },
    linked: kept,
    routed: { subject: z.string(), to: z.string() },
    unlinked: { to: id, code: z.string() },
    reworked: { why: link.why, order: id, code: z.string(), days: z.int() },
    unreworked: { order: id, code: z.string() },
    offered: {},
    offerEnded: {},
    dispatched: { to: id, auto: z.literal(true).optional(), why: why.optional(), despite: note, note },
    unplaced: { why },
    accepted: {},
    declined: { reason: z.string() },
    withdrawn: { from: id, reason: z.string(), notAccepted: z.literal(true).optional() },
    joined: { person: id, share: share.optional() },
    left: { person: id },
    shared: { shares: z.array(z.strictObject({ person: id, percent: share })) },
    contacted: { appointment: span.optional(), note, implied: z.literal(true).optional() },
    unreachable: { note },
    unreachableConfirmed: {},
    appointed: { appointment: span, reason: note },
    departed: {},
    arrived: { implied: z.literal(true).optional() },
    suspended: { reason, note: z.string(), expected: span.optional() },
    resumed: {},
    expected: { expected: span },
    completed: { result: z.string(), charge: note, parts: parts.optional() },
    emptyRun: { note },
    reported: { note },
    sampled: {},
    revisited: { reached: z.boolean().optional(), grade: grade.optional(), note },
    rated: {
      ...{ grade, tags: z.array(z.string()) },
      settles: z.literal(true).optional().describe('By the policy this is the call back, too'),
      changed: z.literal(true).optional().describe('The customer thought better of it'),
    },
    revisitTried: { note },
    complained: { code: z.string() },
    closed: {},
    cancelled: { reason: z.string() },
    returnAsked: { said: returnSaid },
    urged: {},
    helpAsked: { note },
    progress: { answer: z.enum(['onTime', 'later']), expected: span.optional(), note },
    photo: { media: id, of: z.string().optional().describe('What it shows: 前, 后, 铭牌') },
    signed: { media: id, name: z.string(), result: note, charge: note },
    located: { lat: z.number(), lng: z.number(), label: z.string() },
    reminded: { clock: clockKind, step: z.string(), to: z.string(), asks: note, until: moment.optional() },
    asked: { about: z.literal('suspended'), to: z.string() },
    undone: { undoes: z.int() },
    erased: {
      what: z.enum(['photos', 'customer']),
      why: z.enum(['age', 'asked']).describe('Kept for as long as the policy says, or somebody asked for it'),
    },
  } satisfies Told<Fact>),
  'One entry of the journal of an order (留痕). New kinds of facts may come.',
)

export const orderWithTimeline = named('OrderWithTimeline', order.extend({ timeline: z.array(orderFact) }))
export const orderPage = page(order)
export const candidates = z.strictObject({
  items: z.array(
    z.strictObject({
      person: personRef,
      reasons: z.array(z.string()).describe('What speaks for him, the best first'),
      obstacle: z.string().nullable().describe('What speaks against him; those without one come first'),
    }),
  ),
  ...whole,
})

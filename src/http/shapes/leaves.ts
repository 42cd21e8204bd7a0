import { z } from 'zod'
import type { LeaveFact } from '../../leave/fact.ts'
import { day, frame, moment, named, page, personRef, policyRef, teamRef, whole } from './common.ts'
import { facts, type Told } from './journal.ts'

/** Requests for leave as programs get them. */

export const leaveState = z.enum(['asked', 'proposed', 'granted', 'rejected', 'withdrawn', 'lapsed', 'cancelled'])
const id = z.uuid()
const minute = z.int().min(0).max(1440).describe('Minutes since midnight')
const kind = z.enum(['leave', 'extend', 'return', 'cancel'])
const flags = z.array(z.enum(['late', 'notCome', 'onJob', 'forAnother', 'agreed', 'proofOwed']))
const days = z.number().describe('Of a working day: 0.5')

export const leave = named(
  'Leave',
  z.strictObject({
    id,
    code: z.string(),
    team: teamRef,
    person: personRef,
    kind: kind.describe('extend 续假, return 提前销假 and cancel 撤销 change another one, `of`'),
    of: z.string().nullable(),
    type: z.string().describe('As the policy names it: 事假'),
    state: leaveState,
    reason: z.string(),
    flags,
    days: z.array(z.strictObject({ day, from: minute, to: minute, days })),
    total: days,
    askedAt: moment,
    decidedAt: moment.nullable(),
    decidedBy: personRef.nullable(),
    policy: policyRef,
    approval: z
      .strictObject({ platform: z.string(), id: z.string() })
      .nullable()
      .describe('Its number in the approvals of the platform'),
  }),
)

const end = z.strictObject({ day, minute })
const span = z.strictObject({ from: end, to: end })
const counted = z.array(
  z.strictObject({ day, from: minute, to: minute, share: z.int().describe('Ten-thousandths of a day') }),
)
const of = z.strictObject({ id, code: z.string() })
const text = z.string()

export const leaveFact = named(
  'LeaveFact',
  facts({ ...frame, by: id.nullable() }, {
    asked: {
      ...{ kind, of: of.optional(), person: id, type: text, span, days: counted, policy: policyRef, reason: text },
      steps: z.array(
        z.union([z.strictObject({ role: z.enum(['manager', 'dispatcher']) }), z.strictObject({ person: z.string() })]),
      ),
      ...{ flags, decidesOn: text.optional() },
    },
    passed: { step: z.int() },
    granted: { ordinary: z.literal(true).optional() },
    rejected: { reason: text },
    proposed: { span, days: counted, note: text.optional() },
    taken: {},
    refused: { reason: text.optional() },
    withdrawn: { why: z.literal('left').optional() },
    lapsed: { why: z.enum(['undecided', 'over']) },
    cancelled: { why: z.enum(['takenBack', 'revoked', 'left']), through: of.optional() },
    shortened: { days: counted, through: of },
    recounted: { days: counted, policy: policyRef },
    reminded: { step: z.int(), nth: z.int() },
    handedBack: { orders: z.array(text).describe('Codes of the orders'), when: z.enum(['granted', 'begun']) },
    homeward: {},
    proof: { media: id },
    sent: { platform: text, id: text },
    unsent: { platform: text, why: text },
  } satisfies Told<LeaveFact>),
)

export const leaveWithTimeline = named('LeaveWithTimeline', leave.extend({ timeline: z.array(leaveFact) }))
export const leavePage = page(leave)
export const leaveCalendar = z.strictObject({
  team: teamRef,
  items: z.array(
    z.strictObject({
      day,
      works: z.boolean(),
      why: z.string().describe('周日, 国庆放假, 工作日'),
      away: z.array(
        z.strictObject({
          person: personRef,
          why: z.string().describe('Type of leave, 轮休 or 休息'),
          from: minute,
          to: minute,
          days,
          asked: z.boolean().describe('Not decided yet'),
        }),
      ),
    }),
  ),
  ...whole,
})

import { z } from 'zod'
import { type ApprovalKept, approvalShape, type PunchKept, punchShape } from '../approvals.ts'

const pairs = <T extends z.ZodType>(value: T) => z.array(z.tuple([z.string(), value]))
const strings = z.record(z.string(), z.string())

const sent = z.object({
  messages: z.array(z.string()),
  /** The group's conversation, or nothing for 1:1. */
  conversation: z.string().optional(),
  /** ISO */
  at: z.string(),
})

const delivery = z.object({ spaceType: z.string(), spaceId: z.string(), carrierId: z.string(), message: z.string() })

const card = z.object({
  template: z.string(),
  /** None: nobody hears of taps. */
  callback: z
    .union([z.object({ type: z.literal('STREAM') }), z.object({ type: z.literal('HTTP'), route: z.string() })])
    .nullable(),
  data: strings,
  /** userId at the desk → what the answer to his tap showed him alone. */
  shown: z.record(z.string(), strings),
  /** Kinds of places the card may be delivered to. */
  spaces: z.array(z.string()),
  deliveries: z.array(delivery),
})

const route = z.object({ url: z.string(), secret: z.string() })
const meters = z.object({
  /** `2026-01` */
  month: z.string(),
  calls: z.number(),
  callLimit: z.number(),
  pushes: z.number(),
  pushLimit: z.number(),
})

const field = z.object({ type: z.string(), label: z.string(), required: z.boolean(), options: z.array(z.string()) })
const form = z.object({ code: z.string(), name: z.string(), fields: z.array(field) })
/** Leave somebody else decided, as `approvals/finish` wrote it. */
const recorded = z.object({ userId: z.string(), from: z.string(), to: z.string(), unit: z.string(), type: z.string() })

/** How DingTalk's memory is written down. Sessions, tickets and tokens do not outlive a restart. */
export const dingtalkShape = z.object({
  sent: pairs(sent),
  cards: pairs(card),
  routes: pairs(route),
  meters,
  forms: pairs(form).default([]),
  instances: z.array(approvalShape).default([]),
  recorded: pairs(recorded).default([]),
  punches: z.array(punchShape).default([]),
})

export type FormKept = z.infer<typeof form>
export type FieldKept = z.infer<typeof field>
export type RecordedKept = z.infer<typeof recorded>
export type SentKept = z.infer<typeof sent>
export type CardKept = z.infer<typeof card>
export type Delivery = z.infer<typeof delivery>
export type MetersKept = z.infer<typeof meters>
export type DingtalkWritten = z.infer<typeof dingtalkShape>

/** What DingTalk's servers remember beyond what is on the phones. Maps hold the oldest entry first. */
export interface DingtalkKept {
  /** processQueryKey → what the robot put on phones. */
  sent: Map<string, SentKept>
  /** By outTrackId, for ever. */
  cards: Map<string, CardKept>
  /** callbackRouteKey → where taps go in HTTP mode. */
  routes: Map<string, z.infer<typeof route>>
  meters: MetersKept
  /** By processCode. */
  forms: Map<string, FormKept>
  /** By processInstanceId. */
  instances: Map<string, ApprovalKept>
  /** By approveId. */
  recorded: Map<string, RecordedKept>
  /** Newest last. */
  punches: PunchKept[]
}

/** Standard edition (dingtalk.md §1.4). */
const fresh = (): MetersKept => ({ month: '', calls: 0, callLimit: 5_000, pushes: 0, pushLimit: 3_000 })

export function fromWritten(written?: DingtalkWritten): DingtalkKept {
  return {
    sent: new Map(written?.sent),
    cards: new Map(written?.cards),
    routes: new Map(written?.routes),
    meters: written?.meters ?? fresh(),
    forms: new Map(written?.forms),
    instances: new Map(written?.instances.map(instance => [instance.id, instance])),
    recorded: new Map(written?.recorded),
    punches: written?.punches ?? [],
  }
}

export function toWritten(kept: DingtalkKept): DingtalkWritten {
  return {
    sent: [...kept.sent],
    cards: [...kept.cards],
    routes: [...kept.routes],
    meters: { ...kept.meters },
    forms: [...kept.forms],
    instances: [...kept.instances.values()],
    recorded: [...kept.recorded],
    punches: kept.punches,
  }
}

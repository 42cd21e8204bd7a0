import { z } from 'zod'

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

/** How DingTalk's memory is written down. Sessions, tickets and tokens do not outlive a restart. */
export const dingtalkShape = z.object({
  sent: pairs(sent),
  cards: pairs(card),
  routes: pairs(route),
  meters,
})

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
}

/** Standard edition (dingtalk.md §1.4). */
const fresh = (): MetersKept => ({ month: '', calls: 0, callLimit: 5_000, pushes: 0, pushLimit: 3_000 })

export function fromWritten(written?: DingtalkWritten): DingtalkKept {
  return {
    sent: new Map(written?.sent),
    cards: new Map(written?.cards),
    routes: new Map(written?.routes),
    meters: written?.meters ?? fresh(),
  }
}

export function toWritten(kept: DingtalkKept): DingtalkWritten {
  return {
    sent: [...kept.sent],
    cards: [...kept.cards],
    routes: [...kept.routes],
    meters: { ...kept.meters },
  }
}

import { z } from 'zod'
import type { Desk } from './desk.ts'
import { refused } from './refused.ts'

/** Documented sizes; whether the 1 KB is enforced is not known, so the strict reading is taken (dingtalk.md §5.1). */
const longestKey = 100
const longestValue = 1_024
const largestCard = 100 * 1_024
const longestSpaces = 1_000

const params = z.looseObject({ cardParamMap: z.record(z.string(), z.unknown()) })
const byUser = z.record(z.string(), params)
const robot = z.looseObject({ robotCode: z.string() })
const spaceModel = z.looseObject({ supportForward: z.boolean() })

export const spaceModels = {
  imGroupOpenSpaceModel: z.looseObject({ supportForward: z.boolean().optional() }).optional(),
  imRobotOpenSpaceModel: spaceModel.optional(),
}

export const deliverModels = {
  userIdType: z.literal(1).optional(),
  imGroupOpenDeliverModel: robot
    .extend({ atUserIds: z.record(z.string(), z.string()).optional(), recipients: z.array(z.string()).optional() })
    .optional(),
  imRobotOpenDeliverModel: robot
    .partial()
    .extend({ spaceType: z.literal('IM_ROBOT') })
    .optional(),
}

export const creation = {
  cardTemplateId: z.string().min(1),
  outTrackId: z.string().optional(),
  callbackType: z.enum(['STREAM', 'HTTP']).optional(),
  callbackRouteKey: z.string().optional(),
  userIdType: z.literal(1).optional(),
  cardData: params.optional(),
  privateData: byUser.optional(),
}

export const options = z.looseObject({
  updateCardDataByKey: z.boolean().optional(),
  updatePrivateDataByKey: z.boolean().optional(),
})

export const updating = z.looseObject({
  outTrackId: z.string(),
  userIdType: z.literal(1).optional(),
  cardData: params.optional(),
  privateData: byUser.optional(),
  cardUpdateOptions: options.optional(),
})

/** What the service answers to a tap (dingtalk.md §5.4). */
export const tapAnswer = z.looseObject({
  cardUpdateOptions: options.nullish(),
  cardData: params.nullish(),
  userPrivateData: params.nullish(),
})

export type DeliverModels = z.infer<z.ZodObject<typeof deliverModels>>

/** All values of a card are strings, of limited size. Throws. */
export function stringsOf(values: Record<string, unknown> | undefined): Record<string, string> {
  const read: Record<string, string> = {}
  for (const [key, value] of Object.entries(values ?? {})) {
    if (typeof value !== 'string') throw refused('invalidParameter', `cardParamMap.${key} must be a string`)
    if (Buffer.byteLength(key) > longestKey) throw refused('invalidParameter', `a key is over ${longestKey} bytes`)
    if (Buffer.byteLength(value) > longestValue)
      throw refused('invalidParameter', `cardParamMap.${key} is over ${longestValue} bytes`)
    read[key] = value
  }
  return read
}

export function checkSize(data: Record<string, string>): void {
  if (Buffer.byteLength(JSON.stringify(data)) > largestCard)
    throw refused('invalidParameter', `the card is over ${largestCard} bytes`)
}

/** Checks data for single viewers; returns what the developer should know: the known templates declare no private variable. */
export function checkPrivate(desk: Desk, given: z.infer<typeof byUser> | undefined): string[] {
  for (const [userId, { cardParamMap }] of Object.entries(given ?? {})) {
    if (!desk.phones.byDingtalkId(userId)) throw refused('param.userIdNotExist', `用户不存在: ${userId}`)
    stringsOf(cardParamMap)
  }
  return Object.keys(given ?? {}).length > 0 ? [noPrivate] : []
}

export const noPrivate = 'private data has no effect: no variable of the template is declared private'

export interface Space {
  type: string
  id: string
}

/** `dtv1.card//IM_GROUP.cid1;IM_ROBOT.u1` */
export function spacesOf(openSpaceId: unknown): Space[] {
  const prefix = 'dtv1.card//'
  const wrong = () => refused('param.openSpaceIdInvalid', 'openSpaceId不合法')
  if (typeof openSpaceId !== 'string' || !openSpaceId.startsWith(prefix) || openSpaceId.length > longestSpaces)
    throw wrong()
  return openSpaceId
    .slice(prefix.length)
    .split(';')
    .map(part => {
      const [, type, id] = /^([A-Z_]+)\.(.+)$/.exec(part) ?? []
      if (type === undefined || id === undefined) throw wrong()
      return { type, id }
    })
}

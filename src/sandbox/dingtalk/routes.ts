import { z } from 'zod'
import { randomId } from '../ids.ts'
import { type Call, shaped } from './call.ts'
import type { Desk } from './desk.ts'
import { refused } from './refused.ts'

const shape = z.looseObject({
  callbackRouteKey: z.string().min(1),
  callbackUrl: z.url(),
  apiSecret: z.string().min(1).optional(),
  forceUpdate: z.boolean().optional(),
})

/** `POST /v1.0/card/callbacks/register`: one key, one address (dingtalk.md §5.5). */
export function registerRoute(desk: Desk, call: Call): Record<string, unknown> {
  const { callbackRouteKey: key, callbackUrl, apiSecret, forceUpdate } = shaped(shape, call)
  if (desk.kept.routes.has(key) && !forceUpdate)
    throw refused('param.callbackRouteKeyExist', 'callbackRouteKey已存在', undefined, 500)
  const secret = apiSecret ?? randomId(24)
  desk.kept.routes.set(key, { url: callbackUrl, secret })
  desk.journal.hide(secret)
  desk.changed()
  return { success: true, result: { callbackUrl, apiSecret: secret } }
}

import { createHmac, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { Permanent, Temporary } from '../../errors.ts'
import type { CheckupDeps, Found } from '../checkup.ts'
import { freshnessMs, openEnvelope, Refused, sealEnvelope } from '../envelope.ts'
import { checkPages, checkPrompt, elsewhere, knock, ourRefusal } from '../publicdoor.ts'
import type { DingtalkConfig } from './config.ts'
import { authorizeUrlOf } from './login.ts'

const sealedShape = z.object({
  msg_signature: z.string(),
  timeStamp: z.string(),
  nonce: z.string(),
  encrypt: z.string(),
})

/** The addresses of HTTP mode, asked as DingTalk asks them, with what the configuration says. */
export async function checkDoors(
  config: DingtalkConfig,
  deps: CheckupDeps,
  publicUrl: string,
  found: Found,
): Promise<void> {
  await robotDoor(config, deps, publicUrl, found)
  if (config.receive.mode === 'http' && config.receive.events)
    await eventDoor(config, config.receive.events, deps, publicUrl, found)
}

/** Signed rightly, but for a time that is over (dingtalk.md §2.7): refused as too old where the secret is the same. */
async function robotDoor(
  { clientSecrets }: DingtalkConfig,
  deps: CheckupDeps,
  publicUrl: string,
  found: Found,
): Promise<void> {
  const url = new URL('/dingtalk/robot', publicUrl).href
  const secret = clientSecrets[0] ?? ''
  const timestamp = String(deps.clock.now().getTime() - 4 * freshnessMs)
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  const knocked = await knock(deps, found, { method: 'POST', url, headers: { timestamp, sign }, body: {} })
  if (!knocked) return
  const refused = ourRefusal(knocked.response)
  if (refused === 'token') found('dingtalk.door-secret', { url })
  else if (!refused) elsewhere(found, url, knocked.response)
}

/** `check_url`, as DingTalk asks when the address is saved (dingtalk.md §6.1): the answer is the sealed word «success». */
async function eventDoor(
  { clientId, corpId }: DingtalkConfig,
  events: { tokens: string[]; aesKeys: string[] },
  deps: CheckupDeps,
  publicUrl: string,
  found: Found,
): Promise<void> {
  const url = new URL('/dingtalk/events', publicUrl).href
  const secret = { token: events.tokens[0] ?? '', aesKey: events.aesKeys[0] ?? '' }
  const asked = JSON.stringify({ EventType: 'check_url', CorpId: corpId, eventId: randomUUID() })
  const sealed = sealEnvelope(secret, clientId, asked, deps.clock.now())
  const params = { msg_signature: sealed.signature, timestamp: sealed.timestamp, nonce: sealed.nonce }
  const knocked = await knock(deps, found, { method: 'POST', url, params, body: { encrypt: sealed.encrypt } })
  if (!knocked) return
  const { response, ms } = knocked
  const refused = ourRefusal(response)
  if (refused) return found(refused === 'token' ? 'dingtalk.event-token' : 'dingtalk.event-key', { url })
  const lock = { secrets: [secret], receiveId: clientId }
  if (isSuccess(response.bytes, lock, deps)) checkPrompt(found, url, ms)
  else elsewhere(found, url, response)
}

function isSuccess(bytes: Buffer, lock: Parameters<typeof openEnvelope>[0], { clock }: CheckupDeps): boolean {
  try {
    const { msg_signature, timeStamp: timestamp, nonce, encrypt } = sealedShape.parse(JSON.parse(bytes.toString()))
    return openEnvelope(lock, { msg_signature, timestamp, nonce }, encrypt, clock.now()).message === 'success'
  } catch (error) {
    if (error instanceof Refused || error instanceof SyntaxError || error instanceof z.ZodError) return false
    throw error
  }
}

/** The sign-in page (dingtalk.md §8.5) refuses an address that is not among the app's 重定向 URL. */
export async function checkLogin(
  config: DingtalkConfig,
  deps: CheckupDeps,
  publicUrl: string,
  found: Found,
): Promise<void> {
  const back = new URL('/login/dingtalk/back', publicUrl).href
  try {
    const { status } = await deps.exchange({
      ...{ method: 'GET', url: authorizeUrlOf(config, back, 'doctor'), most: 1_048_576, timeoutMs: 15_000 },
    })
    if (status >= 400 && status < 500) found('dingtalk.login-redirect', { url: back })
  } catch (error) {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    found('dingtalk.unreachable', { host: 'login.dingtalk.com', why: error.message })
  }
  if (deps.publicReached) await checkPages(deps, found, publicUrl)
}

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** A way out to the platform and back takes this long at most. */
export const stateMs = 10 * 60_000

/** A session's token: 256 bits, base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Anything else in the cookie is nobody's token. */
export const isToken = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

/** How tokens and states are kept: whoever reads the database can use none of them. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Bound to the session: made from its token, which only the cookie holds. */
export const csrfOf = (token: string): string =>
  createHmac('sha256', token).update('paigong csrf token').digest('base64url')

export const isCsrfOf = (token: string, given: string): boolean => same(csrfOf(token), given)

/** What WeCom takes as a state: a-zA-Z0-9, 128 bytes at most. */
export const newState = (): string => randomBytes(24).toString('hex')

/** What the browser that set out to sign in has to bring back. */
const tripShape = z.strictObject({
  state: z.string(),
  platform: z.enum(['wecom', 'dingtalk']),
  next: z.string(),
  /** Milliseconds since 1970. */
  until: z.number(),
})
export type Trip = z.infer<typeof tripShape>

/** Signed, so that nobody can plant one in a browser who was not sent here by it. */
export function sealTrip(trip: Trip, key: string): string {
  const said = Buffer.from(JSON.stringify(trip)).toString('base64url')
  return `${said}.${mac(said, key)}`
}

/** Null for whatever is not ours or too old. */
export function openTrip(sealed: string, key: string, now: Date): Trip | null {
  const [said, signature, ...more] = sealed.split('.')
  if (!said || !signature || more.length > 0 || !same(mac(said, key), signature)) return null
  const parsed = tripShape.safeParse(JSON.parse(Buffer.from(said, 'base64url').toString()))
  return parsed.success && parsed.data.until > now.getTime() ? parsed.data : null
}

const mac = (said: string, key: string): string =>
  createHmac('sha256', key).update(`sign-in\n${said}`).digest('base64url')

/** In a time that tells nothing about how much of it is right. */
export function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

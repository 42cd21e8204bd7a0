import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
const secretBytes = 32
/** How long the secret before the last one signs as well. */
const overlapMs = 24 * 60 * 60_000
/** Whoever rotates again and again keeps only the last ones. */
const mostOld = 4

export interface OldSecret {
  secret: string
  /** ISO time. */
  until: string
}

export interface Secrets {
  secret: string
  oldSecrets: readonly OldSecret[]
}

export const newSecret = (): string => `${prefix}${randomBytes(secretBytes).toString('base64')}`

/** The newest first: what signs at this moment. */
export const signing = ({ secret, oldSecrets }: Secrets, now: Date): string[] => [
  secret,
  ...oldSecrets.filter(({ until }) => Date.parse(until) > now.getTime()).map(one => one.secret),
]

export function rotated({ secret, oldSecrets }: Secrets, fresh: string, now: Date): Secrets {
  const until = new Date(now.getTime() + overlapMs).toISOString()
  const living = oldSecrets.filter(one => Date.parse(one.until) > now.getTime())
  return { secret: fresh, oldSecrets: [{ secret, until }, ...living].slice(0, mostOld) }
}

/** The headers Standard Webhooks wants: https://www.standardwebhooks.com */
export function signed(
  { id, body, secrets }: { id: string; body: string; secrets: readonly string[] },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const signature = (secret: string) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  }
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(signature).join(' ') }
}

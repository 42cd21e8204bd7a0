/** How long somebody stays signed in who does nothing, and however much he does. */
export const idleMs = 12 * 3_600_000
export const absoluteMs = 7 * 86_400_000
/** Seen again within this, nothing is written. */
const touchEveryMs = 5 * 60_000

interface Lived {
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}

/** When a session ends that was seen at a moment. */
export const endOf = (createdAt: Date, seenAt: Date): Date =>
  new Date(Math.min(createdAt.getTime() + absoluteMs, seenAt.getTime() + idleMs))

export const isOver = ({ expiresAt }: Lived, now: Date): boolean => expiresAt.getTime() <= now.getTime()

/** What is to be written since he was seen now; null where that can wait. */
export function seen(session: Lived, now: Date): { lastSeenAt: Date; expiresAt: Date } | null {
  if (now.getTime() - session.lastSeenAt.getTime() < touchEveryMs) return null
  return { lastSeenAt: now, expiresAt: endOf(session.createdAt, now) }
}

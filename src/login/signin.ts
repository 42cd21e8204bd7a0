import { audit } from '../audit/store.ts'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { accountId } from '../people/person.ts'
import type { Login } from '../platforms/platform.ts'
import { endOf } from './lifetime.ts'
import { accountHolder, dropSession, dropSessionsOf, putSession, useState } from './store.ts'
import { hashOf, newToken, stateMs } from './tokens.ts'

/** A platform people can sign in with. */
export interface Road {
  platform: PlatformName
  login: Login
}

/** Where a request came from, as it is written down. */
export interface From {
  ip: string
  userAgent: string
}

/**
 * Why somebody was not let in. `state`: he was not sent out from this browser, or too long ago; `replayed`: he came back
 * with it before; `cancelled`: without a code; `code`: the platform knows nobody by it; `stranger`: his account is nobody's
 * here; `left`: of somebody who is not with the company any more.
 */
export type Refused = 'state' | 'replayed' | 'cancelled' | 'code' | 'stranger' | 'left'

export type Admitted = { token: string } | { refused: 'stranger' | 'left' }

/**
 * Lets in whoever the account belongs to, with a session under a new token; the one this browser had before ends. What
 * came of it is written down.
 */
export async function admit(
  ctx: Context,
  who: { platform: PlatformName; userId: string },
  from: From,
  formerToken: string,
): Promise<Admitted> {
  const { company } = ctx
  const { platform } = who
  const now = ctx.clock.now()
  const token = newToken()
  return inTransaction(ctx.db, async tx => {
    const person = await accountHolder(tx, company, platform, who.userId)
    const entry = { via: platform, ip: from.ip, personId: person?.id ?? null }
    if (!person?.active) {
      const reason = person ? 'left' : 'stranger'
      await audit(tx, ctx, { ...entry, action: 'session.refused', data: { reason, account: who.userId } })
      return { refused: reason }
    }
    if (formerToken) await dropSession(tx, company, hashOf(formerToken))
    await putSession(tx, company, {
      ...{ tokenHash: hashOf(token), personId: person.id, platform, userId: accountId(platform, who.userId) },
      ...{ createdAt: now, lastSeenAt: now, expiresAt: endOf(now, now), userAgent: from.userAgent },
    })
    await audit(tx, ctx, { ...entry, action: 'session.start', data: { browser: from.userAgent } })
    return { token }
  })
}

/** Writes down that somebody was not let in of whom nothing is known. */
export function refuse(ctx: Context, via: PlatformName, reason: Refused, from: From): Promise<void> {
  return inTransaction(ctx.db, tx =>
    audit(tx, ctx, { personId: null, via, action: 'session.refused', ip: from.ip, data: { reason } }),
  )
}

/** Uses a state up; false when it was used before. */
export function spend(ctx: Context, state: string): Promise<boolean> {
  const expiresAt = new Date(ctx.clock.now().getTime() + stateMs)
  return inTransaction(ctx.db, tx => useState(tx, ctx.company, hashOf(state), expiresAt))
}

/** Ends the session of a token, or all of that person's, in every browser. */
export function leave(ctx: Context, token: string, from: From, everywhere: boolean): Promise<void> {
  return inTransaction(ctx.db, async tx => {
    const ended = await dropSession(tx, ctx.company, hashOf(token))
    if (!ended) return
    const { personId, platform } = ended
    const others = everywhere ? await dropSessionsOf(tx, ctx.company, personId) : 0
    const action = everywhere ? 'session.endAll' : 'session.end'
    await audit(tx, ctx, { personId, via: platform, action, ip: from.ip, data: { sessions: others + 1 } })
  })
}

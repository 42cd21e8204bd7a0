import type { Context as KoaContext } from 'koa'
import { seen } from '../audit/seen.ts'
import { type Audited, audit } from '../audit/store.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { askerIp, shortIp } from '../login/origin.ts'
import type { Viewer } from '../login/viewer.ts'
import { bearerOf } from './access.ts'

/** Writes down that the viewer was shown what is known of somebody: once a business day. */
export function seenOnPage(
  tx: Tx,
  ctx: Context,
  { viewer, http }: { viewer: Viewer; http: KoaContext },
  entry: { action: `${string}.seen`; subject: string },
): Promise<void> {
  return seen(tx, ctx, { personId: viewer.person.id, via: 'page', ip: ipOf(http), ...entry })
}

/** Writes down what the viewer did on a page, within the transaction that does it. */
export function auditPage(
  tx: Tx,
  ctx: Context,
  { viewer, http }: { viewer: Viewer; http: KoaContext },
  entry: Pick<Audited, 'action' | 'subject' | 'data'>,
): Promise<void> {
  return audit(tx, ctx, { personId: viewer.person.id, via: 'page', ip: ipOf(http), ...entry })
}

const ipOf = (http: KoaContext): string =>
  shortIp(askerIp(http.req.socket.remoteAddress ?? '', http.get('X-Forwarded-For')))

/** What a program did, or was shown, by the name of its token. */
export function byProgram<E extends Pick<Audited, 'action' | 'subject' | 'data'>>(
  http: KoaContext,
  { data, ...entry }: E,
) {
  return { personId: null, via: 'api', ip: ipOf(http), ...entry, data: { token: bearerOf(http).name, ...data } }
}

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { Duty } from './engine.ts'

/** What of a beat's work there is something to do for. */
export interface Due {
  /** Messages whose sender may be dead. */
  leases: boolean
  /** Events that were kept but not finished. */
  inbox: boolean
  clocks: boolean
  leave: boolean
  months: boolean
  incidents: boolean
  approvals: boolean
  /** Confirmed imports that nobody is at. */
  imports: boolean
  media: boolean
  /** People with a mobile who are not bound on every platform. */
  accounts: boolean
  /** Sign-ins that ended by themselves. */
  sessions: boolean
  /** Endpoints that are owed something. */
  webhooks: boolean
}

const everything: Due = {
  ...{
    leases: true,
    inbox: true,
    clocks: true,
    leave: true,
    months: true,
    incidents: true,
    approvals: true,
    imports: true,
    media: true,
    accounts: true,
    sessions: true,
    webhooks: true,
  },
}

/** One query, since nearly every beat finds nothing to do: each part is answered from an index by its first row. */
async function whatIsDue(tx: Tx, company: string, platforms: readonly string[], now: Date): Promise<Due> {
  const [due] = await tx.$queryRaw<Due[]>`
    SELECT
      EXISTS (SELECT 1 FROM "Outbox"
        WHERE "company" = ${company} AND "status" = 'sending' AND "leaseUntil" < ${now}) AS "leases",
      EXISTS (SELECT 1 FROM "Inbox" WHERE "company" = ${company} AND "status" = 'new' AND "nextAt" <= ${now}) AS "inbox",
      EXISTS (SELECT 1 FROM "OrderClock" WHERE "company" = ${company} AND "nextLookAt" <= ${now}) AS "clocks",
      EXISTS (SELECT 1 FROM "Leave" WHERE "company" = ${company} AND "nextLookAt" <= ${now}) AS "leave",
      EXISTS (SELECT 1 FROM "Settlement" WHERE "company" = ${company} AND "nextLookAt" <= ${now}) AS "months",
      EXISTS (SELECT 1 FROM "Incident" WHERE "company" = ${company} AND "nextLookAt" <= ${now}) AS "incidents",
      EXISTS (SELECT 1 FROM "ApprovalTask" WHERE "company" = ${company} AND "nextAt" <= ${now}) AS "approvals",
      EXISTS (SELECT 1 FROM "Import" WHERE "company" = ${company} AND "nextAt" <= ${now}) AS "imports",
      EXISTS (SELECT 1 FROM "Media"
        WHERE "company" = ${company} AND "state" = 'wanted' AND "nextAt" <= ${now}) AS "media",
      EXISTS (SELECT 1 FROM "Person" p
        WHERE p."company" = ${company} AND p."active" AND p."mobile" IS NOT NULL
          AND (SELECT count(*) FROM "Identity" i WHERE i."company" = p."company" AND i."personId" = p."id"
            AND i."platform" = ANY(${platforms})) < ${platforms.length}) AS "accounts",
      EXISTS (SELECT 1 FROM "Session" WHERE "company" = ${company} AND "expiresAt" <= ${now})
        OR EXISTS (SELECT 1 FROM "UsedState" WHERE "company" = ${company} AND "expiresAt" <= ${now}) AS "sessions",
      EXISTS (SELECT 1 FROM "WebhookEndpoint" e WHERE e."company" = ${company} AND e."enabled"
        AND EXISTS (SELECT 1 FROM "WebhookDelivery" d WHERE d."company" = e."company" AND d."endpointId" = e."id"
          AND d."state" = 'waiting' AND d."nextAt" <= ${now})) AS "webhooks"`
  return due ?? everything
}

export interface Glance {
  /** At the beginning of a beat. */
  begin: Duty['run']
  /** A duty that is left out while nothing is due for it. */
  when(what: keyof Due, run: Duty['run']): Duty['run']
  /** A duty that always runs, and may make work for others. */
  noting(run: Duty['run']): Duty['run']
}

/**
 * What is due is looked at once for all duties of a beat, and again after one that did something, since that may be work
 * for those after it. The first beat does everything: what an earlier process left is not to be judged by its time.
 * `asked` are the platforms that know whose a mobile is.
 */
export function createGlance(asked: readonly string[]): Glance {
  let due: Due | null = null
  let first = true
  const look = async (ctx: Context): Promise<Due> => {
    due ??= await whatIsDue(ctx.db.prisma, ctx.company, asked, ctx.clock.now())
    return due
  }
  const noting =
    (run: Duty['run']): Duty['run'] =>
    async (ctx, stopping) => {
      // What fails may have done a part of it.
      let done = 1
      try {
        done = await run(ctx, stopping)
        return done
      } finally {
        if (done > 0) due = null
      }
    }
  return {
    async begin(ctx) {
      due = first ? everything : null
      first = false
      await look(ctx)
      return 0
    },
    when: (what, run) => noting(async (ctx, stopping) => ((await look(ctx))[what] ? run(ctx, stopping) : 0)),
    noting,
  }
}

import { randomBytes } from 'node:crypto'
import type { Clock } from '../now.ts'
import type { Leases, Meters, TokenStore } from '../platforms/platform.ts'
import { farAhead } from './ahead.ts'
import type { Database } from './open.ts'

/** Access tokens of platforms, shared by all instances. */
export function tokenStore(db: Database, company: string): TokenStore {
  return {
    async get(app) {
      const row = await db.prisma.platformToken.findUnique({ where: { company_app: { company, app } } })
      return row && { token: row.token, expiresAt: row.expiresAt }
    },
    async put(app, token, expiresAt) {
      const values = { token, expiresAt }
      await db.prisma.platformToken.upsert({
        where: { company_app: { company, app } },
        create: { company, app, ...values },
        update: values,
      })
    },
  }
}

/** Names that one instance holds at a time; whoever dies loses them when their time is over. */
export function leases(db: Database, company: string, owner: string, clock: Clock): Leases {
  return {
    async hold(name, ms) {
      const now = clock.now()
      const until = new Date(now.getTime() + ms)
      const rows = await db.prisma.$queryRaw<Array<{ owner: string }>>`
        INSERT INTO "Lease" ("company", "name", "owner", "until") VALUES (${company}, ${name}, ${owner}, ${until})
        ON CONFLICT ("company", "name") DO UPDATE SET "owner" = ${owner}, "until" = ${until}
        WHERE "Lease"."owner" = ${owner} OR "Lease"."until" < ${now} OR "Lease"."until" > ${farAhead(now, ms)}
        RETURNING "owner"`
      return rows.length === 1
    },
    async release(name) {
      await db.prisma.lease.deleteMany({ where: { company, name, owner } })
    },
  }
}

/** Meters that only rise, one row each. */
export function meters(db: Database, company: string): Meters {
  return {
    async add(name, count) {
      const rows = await db.prisma.$queryRaw<Array<{ value: number }>>`
        INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, ${name}, ${count})
        ON CONFLICT ("company", "name") DO UPDATE SET "value" = "Counter"."value" + ${count}
        RETURNING "value"`
      return rows[0]?.value ?? count
    },
    async read(name) {
      const row = await db.prisma.counter.findUnique({ where: { company_name: { company, name } } })
      return row?.value ?? 0
    },
    async raise(name, to) {
      await db.prisma.$executeRaw`
        INSERT INTO "Counter" ("company", "name", "value") VALUES (${company}, ${name}, ${to})
        ON CONFLICT ("company", "name") DO UPDATE SET "value" = GREATEST("Counter"."value", ${to})`
    },
  }
}

/** What addresses of people's own pages are signed with, in base64url: made once, whichever instance is first. */
export async function pageSecret(db: Database, company: string, now: Date): Promise<string> {
  const made = { company, secret: randomBytes(32).toString('base64url'), createdAt: now }
  await db.prisma.pageKey.createMany({ data: [made], skipDuplicates: true })
  const { secret } = await db.prisma.pageKey.findUniqueOrThrow({ where: { company } })
  return secret
}

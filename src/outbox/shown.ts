import { loadedAll } from '../db/loader.ts'
import type { Tx } from '../db/tx.ts'
import { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'

/** Store of the cards that are on people's screens. */

export interface ShownCard {
  id: string
  /** What it shows: an order, a request for leave. */
  subject: string
  personId: string
  platform: string
  taskId: string
  messageId: string | null
  handle: string | null
  handleExpiresAt: Date | null
  /** Version of the subject that it shows. */
  version: number
  /** False once it was taken back or replaced by another. */
  live: boolean
  sentAt: Date
}

/** By which the repaints of one card give way to the newest. */
export const repaintKey = (shownId: string): string => `repaint:${shownId}`

export async function showCard(
  tx: Tx,
  company: string,
  card: { subject: string; personId: string; platform: string; taskId: string; version: number },
  sent: { messageId?: string | undefined; handle?: string | undefined; handleExpiresAt?: Date | undefined },
  now: Date,
): Promise<void> {
  const { subject, personId, platform, taskId, version } = card
  const { messageId = null, handle = null, handleExpiresAt = null } = sent
  await tx.$executeRaw`
    UPDATE "ShownCard" SET "live" = false
    WHERE "company" = ${company} AND "subject" = ${subject}::uuid AND "personId" = ${personId}::uuid AND "live"`
  await tx.$executeRaw`
    INSERT INTO "ShownCard" ("company", "id", "subject", "personId", "platform", "taskId", "version", "live", "sentAt",
      "messageId", "handle", "handleExpiresAt")
    VALUES (${company}, ${newId(now)}::uuid, ${subject}::uuid, ${personId}::uuid, ${platform}, ${taskId}, ${version}, true,
      ${now}, ${messageId}, ${handle}, ${handleExpiresAt})
    ON CONFLICT ("company", "platform", "taskId") DO UPDATE SET "version" = excluded."version", "live" = true,
      "messageId" = excluded."messageId", "handle" = excluded."handle", "handleExpiresAt" = excluded."handleExpiresAt"`
}

const cards = (tx: Tx, where: Prisma.Sql): Promise<ShownCard[]> =>
  tx.$queryRaw<ShownCard[]>`
    SELECT "id", "subject", "personId", "platform", "taskId", "messageId", "handle", "handleExpiresAt", "version", "live",
      "sentAt" FROM "ShownCard" WHERE ${where}`

export async function liveCards(tx: Tx, company: string, subjects: readonly string[]): Promise<ShownCard[]> {
  const found = await loadedAll(`live ${company}`, [...new Set(subjects)], keys => liveOf(tx, company, keys))
  return found.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function liveOf(tx: Tx, company: string, subjects: readonly string[]): Promise<ShownCard[][]> {
  const rows = await cards(
    tx,
    Prisma.sql`"company" = ${company} AND "subject" = ANY(${[...subjects]}::uuid[]) AND "live"`,
  )
  const of = new Map(subjects.map(subject => [subject, [] as ShownCard[]]))
  for (const row of rows) of.get(row.subject)?.push(row)
  return subjects.map(subject => of.get(subject) ?? [])
}

export async function cardById(tx: Tx, company: string, id: string): Promise<ShownCard | null> {
  const [card] = await cards(tx, Prisma.sql`"company" = ${company} AND "id" = ${id}::uuid`)
  return card ?? null
}

export async function cardByTask(tx: Tx, company: string, platform: string, taskId: string): Promise<ShownCard | null> {
  const [card] = await cards(
    tx,
    Prisma.sql`"company" = ${company} AND "platform" = ${platform} AND "taskId" = ${taskId}`,
  )
  return card ?? null
}

export async function cardByMessage(
  tx: Tx,
  company: string,
  platform: string,
  messageId: string,
): Promise<ShownCard | null> {
  const [card] = await cards(
    tx,
    Prisma.sql`"company" = ${company} AND "platform" = ${platform} AND "messageId" = ${messageId} ORDER BY "id" DESC LIMIT 1`,
  )
  return card ?? null
}

/** A tap brought a fresh code. */
export async function keepHandle(tx: Tx, company: string, id: string, handle: string, expiresAt: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE "ShownCard" SET "handle" = ${handle}, "handleExpiresAt" = ${expiresAt}
    WHERE "company" = ${company} AND "id" = ${id}::uuid`
}

/** The card now shows `version`; `usedHandle` is spent, if it is one that can be. */
export async function painted(
  tx: Tx,
  company: string,
  id: string,
  version: number,
  usedHandle: string | null,
): Promise<void> {
  const spent = Prisma.sql`${usedHandle}::text IS NOT NULL AND "handle" = ${usedHandle}`
  await tx.$executeRaw`
    UPDATE "ShownCard" SET "version" = GREATEST("version", ${version}::int),
      "handle" = CASE WHEN ${spent} THEN NULL ELSE "handle" END,
      "handleExpiresAt" = CASE WHEN ${spent} THEN NULL ELSE "handleExpiresAt" END
    WHERE "company" = ${company} AND "id" = ${id}::uuid AND ("version" < ${version} OR ${spent})`
}

export async function retire(tx: Tx, company: string, id: string): Promise<void> {
  await tx.$executeRaw`UPDATE "ShownCard" SET "live" = false WHERE "company" = ${company} AND "id" = ${id}::uuid`
}

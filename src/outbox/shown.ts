import { among } from '../db/among.ts'
import { loaded, loadedAll } from '../db/loader.ts'
import { type Tx, unawaited } from '../db/tx.ts'
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

interface Shown {
  card: { subject: string; personId: string; platform: string; taskId: string; version: number }
  sent: { messageId?: string | undefined; handle?: string | undefined; handleExpiresAt?: Date | undefined }
  now: Date
}

/** Keeps what a person has on the screen now, in the place of what was before. Cards shown at the same time are kept together. */
export async function showCard(
  tx: Tx,
  company: string,
  card: Shown['card'],
  sent: Shown['sent'],
  now: Date,
): Promise<void> {
  await loaded(tx, `show ${company}`, { card, sent, now }, all => showAll(tx, company, all))
}

async function showAll(tx: Tx, company: string, all: readonly Shown[]): Promise<null[]> {
  const of = <T>(what: (shown: Shown) => T) => all.map(what)
  const [subjects, persons] = [of(({ card }) => card.subject), of(({ card }) => card.personId)]
  const whose = ({ card }: Shown) => `${card.subject} ${card.personId}`
  const last = new Map(all.map(shown => [whose(shown), shown]))
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "ShownCard" s SET "live" = false FROM unnest(${subjects}::uuid[], ${persons}::uuid[]) AS r("subject", "personId")
    WHERE s."company" = ${company} AND s."subject" = r."subject" AND s."personId" = r."personId" AND s."live"`,
  )
  await unawaited(
    tx,
    tx.$executeRaw`
    INSERT INTO "ShownCard" ("company", "id", "subject", "personId", "platform", "taskId", "version", "live", "sentAt",
      "messageId", "handle", "handleExpiresAt")
    SELECT ${company}, r.* FROM unnest(${of(({ now }) => newId(now))}::uuid[], ${subjects}::uuid[], ${persons}::uuid[],
      ${of(({ card }) => card.platform)}::text[], ${of(({ card }) => card.taskId)}::text[],
      ${of(({ card }) => card.version)}::int[], ${of(shown => last.get(whose(shown)) === shown)}::bool[],
      ${of(({ now }) => now)}::timestamptz[], ${of(({ sent }) => sent.messageId ?? null)}::text[],
      ${of(({ sent }) => sent.handle ?? null)}::text[], ${of(({ sent }) => sent.handleExpiresAt ?? null)}::timestamptz[]) r
    ON CONFLICT ("company", "platform", "taskId") DO UPDATE SET "version" = excluded."version", "live" = excluded."live",
      "messageId" = excluded."messageId", "handle" = excluded."handle", "handleExpiresAt" = excluded."handleExpiresAt"`,
  )
  return all.map(() => null)
}

const cards = (tx: Tx, where: Prisma.Sql): Promise<ShownCard[]> =>
  tx.$queryRaw<ShownCard[]>`
    SELECT "id", "subject", "personId", "platform", "taskId", "messageId", "handle", "handleExpiresAt", "version", "live",
      "sentAt" FROM "ShownCard" WHERE ${where}`

export async function liveCards(tx: Tx, company: string, subjects: readonly string[]): Promise<ShownCard[]> {
  const found = await loadedAll(tx, `live ${company}`, [...new Set(subjects)], keys => liveOf(tx, company, keys))
  return found.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function liveOf(tx: Tx, company: string, subjects: readonly string[]): Promise<ShownCard[][]> {
  const rows = await cards(tx, Prisma.sql`"company" = ${company} AND ${among('"subject"', subjects)} AND "live"`)
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
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "ShownCard" SET "handle" = ${handle}, "handleExpiresAt" = ${expiresAt}
    WHERE "company" = ${company} AND "id" = ${id}::uuid`,
  )
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
  await unawaited(
    tx,
    tx.$executeRaw`
    UPDATE "ShownCard" SET "version" = GREATEST("version", ${version}::int),
      "handle" = CASE WHEN ${spent} THEN NULL ELSE "handle" END,
      "handleExpiresAt" = CASE WHEN ${spent} THEN NULL ELSE "handleExpiresAt" END
    WHERE "company" = ${company} AND "id" = ${id}::uuid AND ("version" < ${version} OR ${spent})`,
  )
}

export async function retire(tx: Tx, company: string, id: string): Promise<void> {
  await unawaited(
    tx,
    tx.$executeRaw`UPDATE "ShownCard" SET "live" = false WHERE "company" = ${company} AND "id" = ${id}::uuid`,
  )
}

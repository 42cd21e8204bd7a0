import type { Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { newId } from '../ids.ts'
import type { MediaRef, PlatformName } from './inbound.ts'

/** Remembers that a photo or file (of an order, or of something else) is to be fetched; the engine does it at once, since platforms forget them. */
export async function keepMedia(
  tx: Tx,
  company: string,
  media: { orderId: string | null; personId: string; platform: PlatformName; ref: MediaRef },
  now: Date,
): Promise<string> {
  const id = newId(now)
  const { orderId, personId, platform, ref } = media
  const source = ref as unknown as Prisma.InputJsonObject
  await tx.media.create({
    data: {
      company,
      id,
      orderId,
      personId,
      platform,
      kind: ref.kind,
      source,
      state: 'wanted',
      nextAt: now,
      createdAt: now,
    },
  })
  return id
}

export interface WantedMedia {
  personId: string
  id: string
  platform: PlatformName
  ref: MediaRef
  attempts: number
}

/** Whether a file is to be fetched now: asked at each beat, so it takes no lock. */
export async function mediaWanted(tx: Tx, company: string, now: Date): Promise<boolean> {
  const where = { company, state: 'wanted', nextAt: { lte: now } }
  return (await tx.media.findFirst({ where, select: { id: true } })) !== null
}

export async function claimMedia(
  tx: Tx,
  company: string,
  now: Date,
  leaseMs: number,
  take: number,
): Promise<WantedMedia[]> {
  const again = new Date(now.getTime() + leaseMs)
  const rows = await tx.$queryRaw<
    Array<{ id: string; personId: string; platform: PlatformName; source: MediaRef; attempts: number }>
  >`
    UPDATE "Media" SET "nextAt" = ${again}, "attempts" = "attempts" + 1
    WHERE ("company", "id") IN (
      SELECT "company", "id" FROM "Media" WHERE "company" = ${company} AND "state" = 'wanted' AND "nextAt" <= ${now}
      ORDER BY "nextAt" LIMIT ${take} FOR UPDATE SKIP LOCKED)
    RETURNING "id", "personId", "platform", "source", "attempts"`
  return rows.map(({ source, ...row }) => ({ ...row, ref: source }))
}

export async function storeMedia(
  tx: Tx,
  company: string,
  id: string,
  file: { bytes: Buffer; mime: string; sha256: string },
): Promise<void> {
  const { bytes, mime, sha256 } = file
  await tx.media.update({
    where: { company_id: { company, id } },
    data: {
      state: 'stored',
      bytes: new Uint8Array(bytes),
      size: bytes.length,
      mime,
      sha256,
      nextAt: null,
      error: null,
    },
  })
}

export async function mediaFailed(
  tx: Tx,
  company: string,
  id: string,
  error: string,
  nextAt: Date | null,
): Promise<void> {
  await tx.media.update({
    where: { company_id: { company, id } },
    data: { error: error.slice(0, 300), nextAt, ...(nextAt === null && { state: 'lost' }) },
  })
}

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
  // What was deleted while it was fetched stays deleted.
  await tx.media.updateMany({
    where: { company, id, state: 'wanted' },
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
  await tx.media.updateMany({
    where: { company, id, state: 'wanted' },
    data: { error: error.slice(0, 300), nextAt, ...(nextAt === null && { state: 'lost' }) },
  })
}

/** A file that came with its bytes, from one of our pages. The page makes its id, so that sending it again keeps it once. */
export interface SentFile {
  id: string
  orderId: string
  personId: string
  kind: 'image' | 'signature'
  bytes: Buffer
  mime: string
  sha256: string
}

/** @returns `kept`, `before` when it was kept already, `other` when the id is of another file */
export async function keepFile(
  tx: Tx,
  company: string,
  file: SentFile,
  now: Date,
): Promise<'kept' | 'before' | 'other'> {
  const { id, orderId, personId, kind, sha256, bytes } = file
  const there = await tx.media.findUnique({
    where: { company_id: { company, id } },
    select: { orderId: true, personId: true, kind: true, sha256: true },
  })
  if (there) {
    const same = there.orderId === orderId && there.personId === personId && there.kind === kind
    return same && there.sha256 === sha256 ? 'before' : 'other'
  }
  await tx.media.create({
    data: {
      ...{ company, id, orderId, personId, platform: 'page', kind, source: {}, state: 'stored' },
      ...{ bytes: new Uint8Array(bytes), size: bytes.length, mime: file.mime, sha256, createdAt: now },
    },
  })
  return 'kept'
}

/** `erased`: deleted, since it was kept for long enough or somebody asked for it. */
export type MediaState = 'wanted' | 'stored' | 'lost' | 'erased'

export interface MediaEntry {
  id: string
  personId: string
  kind: string
  state: MediaState
  /** Missing while its bytes are not there. */
  mime: string | null
  createdAt: Date
}

/** What an order has of photos and files, without their bytes, oldest first. */
export async function mediaOfOrder(tx: Tx, company: string, orderId: string): Promise<MediaEntry[]> {
  const rows = await tx.media.findMany({
    where: { company, orderId },
    select: { id: true, personId: true, kind: true, state: true, mime: true, createdAt: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map(row => ({ ...row, state: row.state as MediaState }))
}

/** One photo or file of an order with its bytes; null when it is not there, not of this order, or not fetched yet. */
export async function mediaFile(
  tx: Tx,
  company: string,
  { orderId, id }: { orderId: string; id: string },
): Promise<{ bytes: Uint8Array; mime: string } | null> {
  const row = await tx.media.findFirst({
    where: { company, orderId, id, state: 'stored' },
    select: { bytes: true, mime: true },
  })
  return row?.bytes ? { bytes: row.bytes, mime: row.mime ?? 'application/octet-stream' } : null
}

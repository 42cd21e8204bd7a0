import { createHash } from 'node:crypto'
import type { Tx } from '../db/tx.ts'
import { newId } from '../ids.ts'

/** Store: photos that are evidence, of incidents and of leave. */

/** `wanted`: the platform is still asked for it; `lost`: it does not have it any more. */
export interface Photo {
  id: string
  state: 'wanted' | 'stored' | 'lost' | 'erased'
  mime: string | null
}

/** Photos in the order they are named. */
export async function photosOf(tx: Tx, company: string, ids: readonly string[]): Promise<Photo[]> {
  if (ids.length === 0) return []
  const rows = await tx.media.findMany({
    where: { company, id: { in: [...ids] } },
    select: { id: true, state: true, mime: true },
  })
  return ids.flatMap(id => {
    const row = rows.find(one => one.id === id)
    return row ? [{ ...row, state: row.state as Photo['state'] }] : []
  })
}

/** A photo itself; null while it is not here. */
export async function photoBytes(
  tx: Tx,
  company: string,
  id: string,
): Promise<{ bytes: Uint8Array; mime: string | null } | null> {
  const row = await tx.media.findUnique({
    where: { company_id: { company, id } },
    select: { bytes: true, mime: true },
  })
  return row?.bytes ? { bytes: row.bytes, mime: row.mime } : null
}

/** Keeps a photo that came through a page. Returns its id. */
export async function keepUpload(
  tx: Tx,
  company: string,
  { personId, platform, bytes, mime }: { personId: string; platform: string; bytes: Buffer; mime: string },
  now: Date,
): Promise<string> {
  const id = newId(now)
  await tx.media.create({
    data: {
      ...{ company, id, orderId: null, personId, platform, kind: 'image', source: { via: 'page' } },
      ...{ state: 'stored', mime, size: bytes.length, bytes: new Uint8Array(bytes), nextAt: null, createdAt: now },
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  })
  return id
}

import type { Context as KoaContext } from 'koa'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { answerMedia, pictureType } from '../http/mediafile.ts'
import { HttpProblem } from '../http/problem.ts'
import type { Upload } from '../http/route.ts'
import { photoBytes } from '../incidents/media.ts'

/** Photos as evidence of leave and incidents. */

export const photoUpload: Upload = {
  types: ['image/jpeg', 'image/png', 'image/webp'],
  maxBytes: 10 * 1024 * 1024,
  what: 'a photo',
}

/** Answers with one of the photos somebody may see. @throws HttpProblem 404 */
export async function sendPhoto(
  tx: Tx,
  ctx: Context,
  http: KoaContext,
  { id, among, name }: { id: string; among: readonly string[]; name: string },
): Promise<void> {
  const photo = among.includes(id) ? await photoBytes(tx, ctx.company, id) : null
  if (!photo) throw new HttpProblem(404, 'Not found', '没有这张照片，或者还没有取到。')
  const bytes = Buffer.from(photo.bytes)
  // What a browser shows is a picture by its first bytes, whatever it was called.
  answerMedia(http, { bytes, mime: pictureType(bytes) ?? 'application/octet-stream', name })
}

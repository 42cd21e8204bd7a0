import { FileAnswer } from '../answers.ts'
import { imageKind, type Media } from '../media.ts'
import { day } from '../window.ts'
import { type Call, uploadOf } from './call.ts'
import type { Desk } from './desk.ts'
import { type Answer, Refused } from './errcode.ts'

const lifeMs = 3 * day
const mega = 1_024 * 1_024
const largest: Record<string, number> = { image: 10 * mega, voice: 2 * mega, video: 10 * mega, file: 20 * mega }

/** Keeps an uploaded file for three days. Throws 40004, 40005, 40006 or 45001. */
export function keepMedia(desk: Desk, type: string, file: { bytes: Buffer; name: string; mime: string }): Media {
  const most = largest[type]
  if (most === undefined) throw new Refused(40004, `invalid media type ${type}`)
  if (file.bytes.length <= 5) throw new Refused(40006, 'invalid media size: more than 5 bytes are required')
  if (file.bytes.length > most) throw new Refused(45001, `media size out of limit, ${type} at most ${most} bytes`)
  const image = imageKind(file.bytes)
  if (type === 'image' && !image) throw new Refused(40005, 'invalid file type: an image must be JPG or PNG')
  const mime = image?.mime ?? (file.mime || 'application/octet-stream')
  const media = desk.media.put(file.bytes, { name: file.name, mime, at: desk.clock.now().toISOString() })
  desk.changed()
  return media
}

/** Throws 40007 when there is none or it is older than three days. */
export function readMedia(desk: Desk, mediaId: string): { media: Media; bytes: Buffer } {
  const found = desk.media.get(mediaId)
  if (!found) throw new Refused(40007, 'invalid media_id')
  if (desk.clock.now().getTime() - new Date(found.media.at).getTime() > lifeMs)
    throw new Refused(40007, 'invalid media_id: expired after 3 days')
  return found
}

export async function upload(desk: Desk, call: Call): Promise<Answer> {
  const type = call.query.get('type') ?? ''
  const media = keepMedia(desk, type, await uploadOf(call, 'media'))
  const created = Math.floor(desk.clock.now().getTime() / 1_000)
  return { errcode: 0, errmsg: '', type, media_id: media.id, created_at: String(created) }
}

export function download(desk: Desk, call: Call): FileAnswer {
  const { media, bytes } = readMedia(desk, call.query.get('media_id') ?? '')
  return new FileAnswer(bytes, media.mime, media.name)
}

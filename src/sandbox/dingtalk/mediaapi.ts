import { formOf } from '../answers.ts'
import { randomId } from '../ids.ts'
import { imageBody, imageKind, type Media } from '../media.ts'
import type { SandboxBody } from '../wire.ts'
import { type Call, okOld } from './call.ts'
import { type Desk, nowOf } from './desk.ts'
import { oldRefused } from './refused.ts'

const mega = 1_024 * 1_024
/** dingtalk.md §9 */
const kinds: Record<string, { most: number; ends: RegExp }> = {
  image: { most: 20 * mega, ends: /\.(?:jpe?g|gif|png|bmp)$/i },
  voice: { most: 2 * mega, ends: /\.(?:amr|mp3|wav)$/i },
  video: { most: 20 * mega, ends: /\.mp4$/i },
  file: { most: 20 * mega, ends: /\.(?:docx?|xlsx?|pptx?|zip|pdf|rar)$/i },
}

/** `POST /media/upload` of the old host. The id lasts, and shows inside DingTalk only. */
export async function upload(desk: Desk, call: Call): Promise<Record<string, unknown>> {
  if (!/multipart\/form-data/.test(call.contentType)) throw oldRefused(43008, '需要multipart格式的请求')
  const form = await formOf(call.body, call.contentType)
  const type = call.query.get('type') ?? form?.get('type')
  const kind = typeof type === 'string' ? kinds[type] : undefined
  if (typeof type !== 'string' || !kind) throw oldRefused(40004, '不合法的媒体文件类型')
  const file = form?.get('media')
  if (!(file instanceof File)) throw oldRefused(40035, '不合法的参数: media')
  const bytes = Buffer.from(await file.arrayBuffer())
  if (bytes.length === 0 || bytes.length > kind.most) throw oldRefused(40006, '不合法的文件大小')
  if (!kind.ends.test(file.name)) throw oldRefused(40005, `不合法的文件类型: ${file.name}`)
  const mime = imageKind(bytes)?.mime ?? (file.type || 'application/octet-stream')
  const media = desk.media.put(bytes, { name: file.name, mime, at: desk.clock.now().toISOString() })
  desk.changed()
  return okOld({ type, media_id: `@${media.id}`, created_at: nowOf(desk) })
}

/** An uploaded file as phones show it, or nothing. */
export function uploaded(desk: Desk, mediaId: string): { name: string; url: string } | undefined {
  const media = given(desk, mediaId)
  return media && { name: media.name, url: `/sandbox/api/media/${media.id}` }
}

const given = (desk: Desk, mediaId: string): Media | undefined =>
  mediaId.startsWith('@') ? desk.media.get(mediaId.slice(1))?.media : undefined

/** A picture by public address or by media id. */
export function pictureOf(desk: Desk, address: string): SandboxBody | undefined {
  if (/^https?:\/\//.test(address)) return { kind: 'image', url: address }
  const media = given(desk, address)
  return media && imageBody(media)
}

/** Markdown pictures may be named by media id: the client knows where they are. */
export const withPictures = (desk: Desk, markdown: string): string =>
  markdown.replace(/\]\((@[\w-]+)\)/g, (all, id: string) => {
    const found = uploaded(desk, id)
    return found ? `](${found.url})` : all
  })

/** A card whose buttons open pages. */
export const linkCard = (
  title: string,
  markdown: string,
  links: Array<{ text: string; url: string }>,
  mentions: string[] = [],
): SandboxBody => {
  const buttons = links.map(({ text, url }, at) => ({ id: `link${at + 1}`, text, color: 'gray', request: false, url }))
  const card = { look: 'action-card' as const, title, markdown, buttons }
  return { kind: 'dingcard', outTrackId: `action-card-${randomId(9)}`, card, forViewer: {}, mentions }
}

import type { Context as KoaContext } from 'koa'
import { HttpProblem } from './problem.ts'

/** Pictures as browsers make them, known by their first bytes: what a file is called says nothing. */
const pictures: ReadonlyArray<{ mime: string; is(bytes: Buffer): boolean }> = [
  { mime: 'image/jpeg', is: bytes => bytes.subarray(0, 3).toString('hex') === 'ffd8ff' },
  { mime: 'image/png', is: bytes => bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a' },
  {
    mime: 'image/webp',
    is: bytes => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  },
]

/** What kind of picture these bytes are; null when they are none. */
export const pictureType = (bytes: Buffer): string | null => pictures.find(({ is }) => is(bytes))?.mime ?? null

/** @throws HttpProblem 422 for what is no picture, whatever it was sent as */
export function needPicture(bytes: Buffer): string {
  const mime = pictureType(bytes)
  if (mime) return mime
  throw new HttpProblem(422, 'No picture', '这个文件不是照片（JPEG、PNG 或 WebP），没有收下。')
}

/**
 * Answers with a photo or file somebody sent, whose route has seen to it that the asker may see it. Its content never
 * changes, so his own browser may keep it; nothing on the way may, and nothing in it is run.
 */
export function answerMedia(
  http: KoaContext,
  { bytes, mime, name }: { bytes: Uint8Array; mime: string; name?: string | undefined },
): void {
  const called = name === undefined ? '' : `; filename*=UTF-8''${encodeURIComponent(name)}`
  const picture = mime.startsWith('image/') && mime !== 'image/svg+xml'
  http.set({
    'Content-Type': picture ? mime : 'application/octet-stream',
    'Content-Disposition': `${picture ? 'inline' : 'attachment'}${called}`,
    'Cache-Control': 'private, max-age=604800, immutable',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Cross-Origin-Resource-Policy': 'same-origin',
  })
  http.respond = false
  http.res.writeHead(200, { 'Content-Length': bytes.length }).end(bytes)
}

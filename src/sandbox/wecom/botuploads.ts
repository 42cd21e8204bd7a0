import { createHash } from 'node:crypto'
import { z } from 'zod'
import { randomId } from '../ids.ts'
import { hour, Limiter, minute } from '../window.ts'
import type { Body } from './botcommands.ts'
import type { Desk } from './desk.ts'
import { Refused } from './errcode.ts'
import { keepMedia } from './mediaapi.ts'

const chunkBytes = 512 * 1_024
const sessionMs = 30 * minute

const begin = z.looseObject({
  type: z.string(),
  filename: z.string().min(1),
  total_size: z.int().min(5),
  total_chunks: z.int().min(1).max(100),
  md5: z.string().optional(),
})
const piece = z.looseObject({ upload_id: z.string(), chunk_index: z.int().min(0), base64_data: z.string() })
const end = z.looseObject({ upload_id: z.string() })

interface Session {
  about: z.infer<typeof begin>
  at: number
  chunks: Map<number, Buffer>
}

/** Uploads over the socket: begin, pieces in any order, end. A session lives 30 minutes and survives reconnects. */
export class BotUploads {
  private readonly sessions = new Map<string, Session>()
  private readonly pace = new Limiter([
    { count: 30, windowMs: minute },
    { count: 1_000, windowMs: hour },
  ])

  constructor(private readonly desk: Desk) {}

  init(body: Body): Record<string, unknown> {
    const now = this.desk.clock.now().getTime()
    if (!this.pace.take('', now)) throw new Refused(45009, 'api freq out of limit')
    const id = randomId(24)
    this.sessions.set(id, { about: shaped(begin, body), at: now, chunks: new Map() })
    return { upload_id: id }
  }

  chunk(body: Body): Record<string, unknown> {
    const { upload_id, chunk_index, base64_data } = shaped(piece, body)
    const session = this.session(upload_id)
    const bytes = Buffer.from(base64_data, 'base64')
    if (bytes.length === 0 || bytes.length > chunkBytes)
      throw new Refused(40058, 'invalid parameter: base64_data at most 512 KB raw')
    // The document counts from 1, the official SDK from 0: both are taken.
    if (chunk_index > session.about.total_chunks) throw new Refused(40058, 'invalid parameter: chunk_index')
    session.chunks.set(chunk_index, bytes)
    return {}
  }

  finish(body: Body): Record<string, unknown> {
    const { upload_id } = shaped(end, body)
    const { about, chunks } = this.session(upload_id)
    const ordered = [...chunks].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
    const bytes = Buffer.concat(ordered)
    const whole = ordered.length === about.total_chunks && bytes.length === about.total_size
    if (!whole) throw new Refused(40058, 'invalid parameter: pieces are missing')
    if (about.md5 && createHash('md5').update(bytes).digest('hex') !== about.md5)
      throw new Refused(40058, 'invalid parameter: md5 does not match')
    const media = keepMedia(this.desk, about.type, { bytes, name: about.filename, mime: '' })
    this.sessions.delete(upload_id)
    return {
      type: about.type,
      media_id: media.id,
      created_at: String(Math.floor(this.desk.clock.now().getTime() / 1_000)),
    }
  }

  private session(id: string): Session {
    const session = this.sessions.get(id)
    if (!session || this.desk.clock.now().getTime() - session.at > sessionMs)
      throw new Refused(40058, 'invalid parameter: upload_id is unknown or older than 30 minutes')
    return session
  }
}

function shaped<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(part)
  if (parsed.success) return parsed.data
  throw new Refused(40058, `invalid parameter: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
}

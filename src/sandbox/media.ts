import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pngTitle } from './png.ts'
import type { SandboxBody } from './wire.ts'

export interface Media {
  id: string
  name: string
  mime: string
  /** ISO, by the sandbox's clock. */
  at: string
  /** Of a PNG that says what it shows. */
  title?: string | undefined
}

const mostInMemory = 200

/** Pictures and files. With a folder they survive restarts, without they live in memory (the last 200). */
export class Shelf {
  private readonly known: Map<string, Media>
  private readonly bytes = new Map<string, Buffer>()

  constructor(
    private readonly dir: string | undefined,
    kept: Media[],
  ) {
    this.known = new Map(kept.map(media => [media.id, media]))
  }

  put(bytes: Buffer, about: Omit<Media, 'id' | 'title'>): Media {
    const title = pngTitle(bytes)
    const media = { ...about, id: randomBytes(24).toString('base64url'), ...(title && { title }) }
    this.known.set(media.id, media)
    if (this.dir) {
      mkdirSync(this.dir, { recursive: true })
      writeFileSync(join(this.dir, media.id), bytes)
      return media
    }
    this.bytes.set(media.id, bytes)
    const oldest = this.bytes.keys().next().value
    if (this.bytes.size > mostInMemory && oldest !== undefined) this.forget(oldest)
    return media
  }

  get(id: string): { media: Media; bytes: Buffer } | undefined {
    const media = this.known.get(id)
    const bytes = media && (this.bytes.get(id) ?? this.fromDisk(id))
    return media && bytes ? { media, bytes } : undefined
  }

  snapshot(): Media[] {
    return this.dir ? [...this.known.values()] : []
  }

  private fromDisk(id: string): Buffer | undefined {
    if (!this.dir) return undefined
    const file = join(this.dir, id)
    return existsSync(file) ? readFileSync(file) : undefined
  }

  private forget(id: string): void {
    this.bytes.delete(id)
    this.known.delete(id)
  }
}

/** A picture as phones show it. */
export const imageBody = ({ id, title }: Media): SandboxBody => ({
  kind: 'image',
  url: `/sandbox/api/media/${id}`,
  ...(title && { title }),
})

/** What the bytes are, by their first ones; the name a client would give. */
export function imageKind(bytes: Buffer): { mime: string; ext: string } | undefined {
  if (bytes.subarray(0, 3).toString('hex') === 'ffd8ff') return { mime: 'image/jpeg', ext: 'jpg' }
  if (bytes.subarray(0, 8).toString('hex') === '89504e470d0a1a0a') return { mime: 'image/png', ext: 'png' }
  return undefined
}

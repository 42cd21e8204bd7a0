import { createCipheriv, randomBytes } from 'node:crypto'
import type { Desk } from './desk.ts'

const lifeMs = 5 * 60_000
const block = 32

/** Pictures people send to the bot: behind a link for five minutes, each encrypted with a key of its own. */
export class BotPictures {
  private readonly links = new Map<string, { media: string; key: Buffer; at: number }>()

  constructor(private readonly desk: Desk) {}

  link(mediaId: string): { url: string; aeskey: string } {
    const now = this.desk.clock.now().getTime()
    for (const [id, { at }] of this.links) if (now - at > lifeMs) this.links.delete(id)
    const id = randomBytes(24).toString('base64url')
    const key = randomBytes(32)
    this.links.set(id, { media: mediaId, key, at: now })
    return { url: `${this.desk.baseUrl()}/sandbox/wecom/bot-media/${id}`, aeskey: key.toString('base64') }
  }

  /** The encrypted bytes, or nothing when the link is unknown or older than five minutes. */
  fetch(id: string): { bytes: Buffer; name: string } | undefined {
    const link = this.links.get(id)
    const found = link && this.desk.media.get(link.media)
    if (!link || !found || this.desk.clock.now().getTime() - link.at > lifeMs) return undefined
    const padding = block - (found.bytes.length % block)
    const cipher = createCipheriv('aes-256-cbc', link.key, link.key.subarray(0, 16)).setAutoPadding(false)
    const padded = Buffer.concat([found.bytes, Buffer.alloc(padding, padding)])
    return { bytes: Buffer.concat([cipher.update(padded), cipher.final()]), name: found.media.name }
  }
}

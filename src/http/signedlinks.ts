import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { pageSecret } from '../db/keep.ts'

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/**
 * Addresses of pages that whoever has them may open, signed for one purpose so that nobody can make up another one. What is
 * said and the signature together are a multiple of three bytes, so that base64url has one way only of writing them.
 */
export class SignedLinks {
  #secret: Buffer | null = null
  private readonly written: RegExp

  /** `base`: where people reach this service, PUBLIC_URL. `path`: `/p`. Sizes in bytes. */
  constructor(
    private readonly ctx: Pick<Context, 'company' | 'db' | 'clock'>,
    private readonly base: string,
    private readonly kind: { purpose: string; path: string; said: number; mac: number },
  ) {
    const bytes = kind.said + kind.mac
    if (bytes % 3 !== 0) throw new Error(`${kind.purpose}: ${bytes} bytes can be written in several ways`)
    this.written = new RegExp(`^[A-Za-z0-9_-]{${(bytes / 3) * 4}}$`)
  }

  /** Gets the secret all instances sign with. Before that no address can be made or read. */
  async open(): Promise<void> {
    const { db, company, clock } = this.ctx
    this.#secret = Buffer.from(await pageSecret(db, company, clock.now()), 'base64url')
  }

  address(said: Buffer): string {
    const token = Buffer.concat([said, this.#sign(said)]).toString('base64url')
    return new URL(`${this.kind.path}/${token}`, this.base).href
  }

  /** What a token says; null when it is not one of ours. */
  said(token: string): Buffer | null {
    if (!this.written.test(token)) return null
    const bytes = Buffer.from(token, 'base64url')
    const said = bytes.subarray(0, this.kind.said)
    return timingSafeEqual(this.#sign(said), bytes.subarray(this.kind.said)) ? said : null
  }

  #sign(said: Buffer): Buffer {
    if (!this.#secret) throw new Error('links are made and read once the service has started')
    const { purpose, mac } = this.kind
    const whole = createHmac('sha256', this.#secret).update(`${purpose}\n${this.ctx.company}\n`).update(said).digest()
    return whole.subarray(0, mac)
  }
}

export function bytesOf(id: string): Buffer {
  if (!uuid.test(id)) throw new Error(`"${id}" is no id`)
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

export function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

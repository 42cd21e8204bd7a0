import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { pageSecret } from '../db/keep.ts'

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const macBytes = 16
/** An id, a moment in seconds and the signature: short, for a QR code and an SMS, and a multiple of three (see sliplink.ts). */
const tokenBytes = 16 + 4 + macBytes
const written = new RegExp(`^[A-Za-z0-9_-]{${(tokenBytes / 3) * 4}}$`)

/** Which order a token is for, and whether its time is over. */
export interface RatingKey {
  orderId: string
  until: Date
  over: boolean
}

/** Addresses where an order's customer rates it, signed for this one purpose so that nobody can make up another order's. */
export class RatingLinks {
  #secret: Buffer | null = null

  /** `base`: where people reach this service, PUBLIC_URL. */
  constructor(
    private readonly ctx: Pick<Context, 'company' | 'db' | 'clock'>,
    private readonly base: string,
  ) {}

  /** Gets the secret all instances sign with. Before that no address can be made or read. */
  async open(): Promise<void> {
    const { db, company, clock } = this.ctx
    this.#secret = Buffer.from(await pageSecret(db, company, clock.now()), 'base64url')
  }

  /** The address of an order's page, good until then, to the second. */
  rating(orderId: string, until: Date): string {
    if (!uuid.test(orderId)) throw new Error(`"${orderId}" is no id`)
    const said = Buffer.alloc(tokenBytes - macBytes)
    Buffer.from(orderId.replaceAll('-', ''), 'hex').copy(said, 0)
    said.writeUInt32BE(Math.floor(until.getTime() / 1000), 16)
    const token = Buffer.concat([said, this.#sign(said)]).toString('base64url')
    return new URL(`/r/${token}`, this.base).href
  }

  /** Null when the token is not one of ours. Of one that is, it may be told that its time is over. */
  read(token: string): RatingKey | null {
    if (!written.test(token)) return null
    const bytes = Buffer.from(token, 'base64url')
    const said = bytes.subarray(0, tokenBytes - macBytes)
    if (!timingSafeEqual(this.#sign(said), bytes.subarray(tokenBytes - macBytes))) return null
    const until = new Date(said.readUInt32BE(16) * 1000)
    const orderId = said.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    return { orderId, until, over: until < this.ctx.clock.now() }
  }

  #sign(said: Buffer): Buffer {
    if (!this.#secret) throw new Error('links are made and read once the service has started')
    const whole = createHmac('sha256', this.#secret).update(`rating\n${this.ctx.company}\n`).update(said).digest()
    return whole.subarray(0, macBytes)
  }
}

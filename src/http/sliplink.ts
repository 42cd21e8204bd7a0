import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { pageSecret } from '../db/keep.ts'

/** A card's link is opened while the month is talked about: until it is locked, and until the next one is out. */
export const linkDays = 40

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i
const macBytes = 32
/** Two ids, a moment and the signature: a multiple of three, so that base64url has one way only of writing it. */
const tokenBytes = 16 + 16 + 8 + macBytes
const written = new RegExp(`^[A-Za-z0-9_-]{${(tokenBytes / 3) * 4}}$`)

export interface SlipKey {
  settlementId: string
  personId: string
}

/** Addresses of payslips for the one they belong to, signed so that nobody can make up another one's. */
export class SlipLinks {
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

  /** The address of a person's slip of a month, good for `linkDays` from now. */
  slip(settlementId: string, personId: string): string {
    const until = this.ctx.clock.now().getTime() + linkDays * 86_400_000
    const said = Buffer.alloc(tokenBytes - macBytes)
    bytesOf(settlementId).copy(said, 0)
    bytesOf(personId).copy(said, 16)
    said.writeBigUInt64BE(BigInt(until), 32)
    const token = Buffer.concat([said, this.#sign(said)]).toString('base64url')
    return new URL(`/p/${token}`, this.base).href
  }

  /** Whose slip a token is for; null when it is not one of ours or too old, which the asker is not told apart. */
  read(token: string): SlipKey | null {
    if (!written.test(token)) return null
    const bytes = Buffer.from(token, 'base64url')
    const said = bytes.subarray(0, tokenBytes - macBytes)
    if (!timingSafeEqual(this.#sign(said), bytes.subarray(tokenBytes - macBytes))) return null
    if (said.readBigUInt64BE(32) < BigInt(this.ctx.clock.now().getTime())) return null
    return { settlementId: uuidOf(said.subarray(0, 16)), personId: uuidOf(said.subarray(16, 32)) }
  }

  #sign(said: Buffer): Buffer {
    if (!this.#secret) throw new Error('links are made and read once the service has started')
    return createHmac('sha256', this.#secret).update(`slip\n${this.ctx.company}\n`).update(said).digest()
  }
}

function bytesOf(id: string): Buffer {
  if (!uuid.test(id)) throw new Error(`"${id}" is no id`)
  return Buffer.from(id.replaceAll('-', ''), 'hex')
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

import type { Context } from '../context.ts'
import { bytesOf, SignedLinks, uuidOf } from './signedlinks.ts'

/** Which order a token is for, and whether its time is over. */
export interface RatingKey {
  orderId: string
  until: Date
  over: boolean
}

/** Addresses where an order's customer rates it: an id and a moment in seconds, short for a QR code and an SMS. */
export class RatingLinks {
  private readonly links: SignedLinks

  /** `base`: where people reach this service, PUBLIC_URL. */
  constructor(
    private readonly ctx: Pick<Context, 'company' | 'db' | 'clock'>,
    base: string,
  ) {
    this.links = new SignedLinks(ctx, base, { purpose: 'rating', path: '/r', said: 16 + 4, mac: 16 })
  }

  open(): Promise<void> {
    return this.links.open()
  }

  /** The address of an order's page, good until then, to the second. */
  rating(orderId: string, until: Date): string {
    const seconds = Buffer.alloc(4)
    seconds.writeUInt32BE(Math.floor(until.getTime() / 1000))
    return this.links.address(Buffer.concat([bytesOf(orderId), seconds]))
  }

  /** Null when the token is not one of ours. Of one that is, it may be told that its time is over. */
  read(token: string): RatingKey | null {
    const said = this.links.said(token)
    if (!said) return null
    const until = new Date(said.readUInt32BE(16) * 1000)
    return { orderId: uuidOf(said.subarray(0, 16)), until, over: until < this.ctx.clock.now() }
  }
}

import type { Context } from '../context.ts'
import { bytesOf, SignedLinks, uuidOf } from './signedlinks.ts'

/** A card's link is opened while the month is talked about: until it is locked, and until the next one is out. */
export const linkDays = 40

export interface SlipKey {
  settlementId: string
  personId: string
}

/** Addresses of payslips for the one they belong to: two ids, and a moment in ms. */
export class SlipLinks {
  private readonly links: SignedLinks

  /** `base`: where people reach this service, PUBLIC_URL. */
  constructor(
    private readonly ctx: Pick<Context, 'company' | 'db' | 'clock'>,
    base: string,
  ) {
    this.links = new SignedLinks(ctx, base, { purpose: 'slip', path: '/p', said: 16 + 16 + 8, mac: 32 })
  }

  open(): Promise<void> {
    return this.links.open()
  }

  /** The address of a person's slip of a month, good for `linkDays` from now. */
  slip(settlementId: string, personId: string): string {
    const until = Buffer.alloc(8)
    until.writeBigUInt64BE(BigInt(this.ctx.clock.now().getTime() + linkDays * 86_400_000))
    return this.links.address(Buffer.concat([bytesOf(settlementId), bytesOf(personId), until]))
  }

  /** Whose slip a token is for; null when it is not one of ours or too old, which the asker is not told apart. */
  read(token: string): SlipKey | null {
    const said = this.links.said(token)
    if (!said || said.readBigUInt64BE(32) < BigInt(this.ctx.clock.now().getTime())) return null
    return { settlementId: uuidOf(said.subarray(0, 16)), personId: uuidOf(said.subarray(16, 32)) }
  }
}

import { createHash } from 'node:crypto'

/** What a table comes to: how many rows, and a checksum of them in hex. */
export interface Sum {
  rows: number
  checksum: string
}

const size = 2n ** 256n

/**
 * A checksum of rows in whatever order they come: the sum of their SHA-256 values. Two databases keep rows in different
 * places and sort words by different rules, so that to put millions of them into one order would cost more than all the
 * rest. It tells what was lost, doubled or changed by accident; against who would forge it, a backup is encrypted.
 */
export class Digest {
  private rows = 0
  private total = 0n

  add(row: string): void {
    this.rows++
    this.total += BigInt(`0x${createHash('sha256').update(row).digest('hex')}`)
  }

  get sum(): Sum {
    return { rows: this.rows, checksum: (this.total % size).toString(16).padStart(64, '0') }
  }
}

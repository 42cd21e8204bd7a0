import { z } from 'zod'
import { Permanent } from '../errors.ts'

/** `scrypt`: the key is made of a passphrase, with these numbers; `file`: it is the 32 bytes of a key file. */
export const sealShape = z.strictObject({
  cipher: z.literal('aes-256-gcm'),
  key: z.discriminatedUnion('from', [
    z.strictObject({ from: z.literal('file') }),
    z.strictObject({
      from: z.literal('scrypt'),
      // Bounded: what a file says must not take all memory there is.
      cost: z.union([14, 15, 16, 17, 18].map(power => z.literal(2 ** power))),
      blockSize: z.literal(8),
      parallel: z.int().min(1).max(4),
    }),
  ]),
  salt: z.base64().length(44),
  /** Tells a wrong key from a damaged file. */
  check: z.base64().length(24),
})
export type Seal = z.infer<typeof sealShape>

/** What a backup says of itself; it is repeated inside, where it is encrypted and summed up with the rest. */
export const contentShape = z.strictObject({
  format: z.literal('paigong-backup'),
  version: z.int().min(1),
  /** Name of the last migration of the database it is of. */
  schema: z.string().regex(/^\d{14}_[a-z0-9_]+$/),
  at: z.iso.datetime(),
  database: z.enum(['embedded', 'server']),
  /** Rows by table, in the order they are written and read. */
  tables: z.record(z.string(), z.int().min(0)),
})
export type Content = z.infer<typeof contentShape>

/** The first line of a file, readable without the key. */
export const headerShape = contentShape.extend({ seal: sealShape.nullable() })
export type Header = z.infer<typeof headerShape>

/** The version of the format this program writes, and the newest it reads. */
export const formatVersion = 1
/** Longest first line; this program's has about 2,000 bytes. */
export const maxHeaderBytes = 64 * 1024

/** @throws Permanent `backup-unknown`, `backup-newer` */
export function parseHeader(line: string): Header {
  const json = parsed(line)
  const named = z.object({ format: z.literal('paigong-backup'), version: z.int() }).safeParse(json)
  if (!named.success) throw unknown()
  if (named.data.version > formatVersion)
    throw new Permanent(
      'backup-newer',
      `The backup has format ${named.data.version}; this version of Paigong reads up to ${formatVersion}.`,
      { fix: 'Restore it with the version that made it, or a later one.' },
    )
  const header = headerShape.safeParse(json)
  if (!header.success)
    throw new Permanent('backup-damaged', `The backup's first line is damaged: ${z.prettifyError(header.error)}`, {
      fix: 'Take another copy of the file, or an older backup.',
    })
  return header.data
}

export const unknown = (): Permanent =>
  new Permanent('backup-unknown', 'This file is no backup of Paigong: its first line does not say so.', {
    fix: 'Give --from the file that npm run backup wrote.',
  })

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import { Permanent } from '../errors.ts'
import type { Seal } from './header.ts'
import type { Key } from './key.ts'

/**
 * Encryption in pieces of 64 KiB, each with a tag of its own, so that nothing is believed before it was checked and nothing
 * has to be held in memory: AES-256-GCM under a key that is used for this file alone, with the piece's number and
 * whether it is the last one as nonce. Pieces that were left out, added, swapped or cut off at the end do not open.
 */
const pieceBytes = 64 * 1024
const tagBytes = 16

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)
/** 128 · N · r bytes: 64 MB, a fifth of a second. */
const strength = { cost: 2 ** 16, blockSize: 8, parallel: 2 } as const

export interface FileKey {
  seal: Seal
  key: Buffer
}

/** A key for a new file. */
export async function newFileKey(key: Key): Promise<FileKey> {
  const salt = randomBytes(32).toString('base64')
  const from: Seal['key'] = key.kind === 'file' ? { from: 'file' } : { from: 'scrypt', ...strength }
  const made = await fileKey(key, { key: from, salt })
  return { key: made, seal: { cipher: 'aes-256-gcm', key: from, salt, check: checkOf(made) } }
}

/** The key a file was made with. @throws Permanent `backup-encrypted`, `backup-key` */
export async function openFileKey(key: Key | null, seal: Seal): Promise<Buffer> {
  const needs = seal.key.from === 'file' ? 'a key file of 32 bytes' : 'a passphrase'
  if (!key)
    throw new Permanent('backup-encrypted', `The backup is encrypted with ${needs}.`, {
      fix: 'Give it with --key-file.',
    })
  if ((key.kind === 'file') !== (seal.key.from === 'file')) throw wrongKey(`it was encrypted with ${needs}`)
  const made = await fileKey(key, seal)
  if (checkOf(made) !== seal.check) throw wrongKey('it was encrypted with another one')
  return made
}

const wrongKey = (why: string): Permanent =>
  new Permanent('backup-key', `The key does not open the backup: ${why}.`, {
    fix: 'Give --key-file the file that was given when the backup was made.',
  })

async function fileKey(key: Key, { key: from, salt }: Pick<Seal, 'key' | 'salt'>): Promise<Buffer> {
  const seed = Buffer.from(salt, 'base64')
  if (key.kind === 'file' || from.from === 'file')
    return Buffer.from(hkdfSync('sha256', key.secret, seed, 'paigong-backup file', 32))
  const { cost, blockSize, parallel } = from
  const options = { N: cost, r: blockSize, p: parallel, maxmem: 256 * cost * blockSize }
  return derive(key.secret.toString('utf8').normalize('NFC'), seed, 32, options)
}

const checkOf = (key: Buffer): string =>
  createHmac('sha256', key).update('paigong-backup check').digest().subarray(0, 16).toString('base64')

function nonce(piece: number, last: boolean): Buffer {
  const made = Buffer.alloc(12)
  made.writeBigUInt64BE(BigInt(piece))
  made.writeUInt8(last ? 1 : 0, 11)
  return made
}

/** What is sealed is bound to the header it follows. */
const bound = (header: string): Buffer => createHash('sha256').update(header).digest()

/** `header`: the line, which is part of what is sealed. */
export async function* seal(bytes: AsyncIterable<Buffer>, key: Buffer, header: string): AsyncGenerator<Buffer> {
  const aad = bound(header)
  const close = (piece: Buffer, number: number, last: boolean) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce(number, last)).setAAD(aad)
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
  let number = 0
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of pieces(bytes, pieceBytes)) {
    if (held.length > 0) yield close(held, number++, false)
    held = piece
  }
  yield close(held, number, true)
}

/** @throws Permanent `backup-damaged`, `backup-torn` */
export async function* unseal(bytes: AsyncIterable<Buffer>, key: Buffer, header: string): AsyncGenerator<Buffer> {
  const aad = bound(header)
  const open = (piece: Buffer, number: number, last: boolean): Buffer | null => {
    if (piece.length < tagBytes) return null
    const decipher = createDecipheriv('aes-256-gcm', key, nonce(number, last), { authTagLength: tagBytes }).setAAD(aad)
    decipher.setAuthTag(piece.subarray(-tagBytes))
    try {
      return Buffer.concat([decipher.update(piece.subarray(0, -tagBytes)), decipher.final()])
    } catch {
      return null
    }
  }
  let number = 0
  let held: Buffer | null = null
  for await (const piece of pieces(bytes, pieceBytes + tagBytes)) {
    if (held) yield open(held, number++, false) ?? raise(damaged())
    held = piece
  }
  const last = held && open(held, number, true)
  if (!last) throw torn()
  yield last
}

function raise(error: Error): never {
  throw error
}

/** Pieces of the same size; only the last one may be smaller. */
async function* pieces(bytes: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
    while (held.length > size) {
      yield held.subarray(0, size)
      held = held.subarray(size)
    }
  }
  if (held.length > 0) yield held
}

export const torn = (): Permanent =>
  new Permanent('backup-torn', 'The backup is torn: its end is missing or damaged.', {
    fix: 'Copy the file once more from where it was made, or take an older backup.',
  })

export const damaged = (cause?: unknown): Permanent =>
  new Permanent('backup-damaged', 'The backup is damaged: what is in it is not what was written.', {
    fix: 'Copy the file once more from where it was made, or take an older backup.',
    ...(cause !== undefined && { cause }),
  })

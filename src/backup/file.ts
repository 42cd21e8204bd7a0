import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { Permanent } from '../errors.ts'
import type { Dump } from './dump.ts'
import { type Content, contentShape, type Header, maxHeaderBytes, parseHeader, unknown } from './header.ts'
import type { Key } from './key.ts'
import { bytesOf, headed, linesOf } from './lines.ts'
import { damaged, newFileKey, openFileKey, seal, torn, unseal } from './seal.ts'

/** A backup is a line of JSON (`Header`) and what follows it: gzip of the lines of a dump, sealed where the header says so. */
type Bytes = AsyncIterable<Buffer>

/** A dump as the bytes of a backup that is not encrypted. */
export async function* packed({ content, lines }: Dump): AsyncGenerator<Buffer> {
  const header: Header = { ...content, seal: null }
  yield Buffer.from(`${JSON.stringify(header)}\n`)
  yield* through(bytesOf(lines), createGzip())
}

/** A backup that is not encrypted, encrypted. */
export async function* sealed(bytes: Bytes, key: Key): AsyncGenerator<Buffer> {
  const { line, rest } = await headed(bytes, maxHeaderBytes, unknown)
  const { seal: told, key: made } = await newFileKey(key)
  const header = JSON.stringify({ ...parseHeader(line), seal: told } satisfies Header)
  yield Buffer.from(`${header}\n`)
  yield* seal(rest, made, header)
}

/**
 * Opens a backup: what it says of itself, and its lines. @throws Permanent `backup-unknown`, `backup-newer`,
 * `backup-encrypted`, `backup-key`; while the lines are read `backup-torn`, `backup-damaged`
 */
export async function unpacked(
  bytes: Bytes,
  key: Key | null,
): Promise<{ header: Header; content: Content; lines: AsyncGenerator<string> }> {
  const { line, rest } = await headed(bytes, maxHeaderBytes, unknown)
  const header = parseHeader(line)
  const plain = header.seal ? unseal(rest, await openFileKey(key, header.seal), line) : rest
  const { seal: _, ...content } = header
  return { header, content: contentShape.parse(content), lines: linesOf(gunzipped(plain)) }
}

async function* gunzipped(bytes: Bytes): AsyncGenerator<Buffer> {
  try {
    yield* through(bytes, createGunzip())
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'Z_BUF_ERROR') throw torn()
    throw code?.startsWith('Z_') ? damaged() : error
  }
}

/** What comes out of a transform; a failure on the way in comes out as well. */
async function* through(bytes: Bytes, transform: NodeJS.ReadWriteStream): AsyncGenerator<Buffer> {
  const out = new PassThrough()
  const done = pipeline(Readable.from(bytes, { objectMode: false }), transform, out)
  done.catch(error => out.destroy(error))
  yield* out as AsyncIterable<Buffer>
  await done
}

export const readFile = (path: string): Bytes => createReadStream(path, { highWaterMark: 256 * 1024 })

/**
 * Writes a file that is whole or not there: under another name until it is on the disk and `proved`. For nobody else to
 * read. @throws Permanent `file-there`, `file-write`
 */
export async function writeWhole(path: string, bytes: Bytes, proved: (early: string) => Promise<void>): Promise<void> {
  if (existsSync(path))
    throw new Permanent('file-there', `${path} is there already.`, {
      fix: 'Give --to another name, or move that file away: no backup is ever written over.',
    })
  const early = `${path}.part`
  try {
    const file = await open(early, 'w', 0o600)
    try {
      for await (const chunk of bytes) await file.writeFile(chunk)
      await file.sync()
    } finally {
      await file.close()
    }
    await proved(early)
    await rename(early, path)
  } catch (error) {
    await rm(early, { force: true }).catch(() => {})
    throw unwritable(path, error)
  }
}

/** What the disk says no to, said with what to do; anything else as it is. */
function unwritable(path: string, error: unknown): unknown {
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (syscall === undefined || error instanceof Permanent) return error
  return new Permanent('file-write', `${path} can't be written: ${code}.`, {
    fix: 'Check that its folder is there, may be written to, and has room.',
    cause: error,
  })
}

import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Key, readKey } from '../../src/backup/key.ts'
import { newFileKey, openFileKey, seal, unseal } from '../../src/backup/seal.ts'
import { newFolder } from '../support/process.ts'

const piece = 64 * 1024
const sealedPiece = piece + 16
const key = randomBytes(32)
const header = '{"format":"paigong-backup"}'

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function all(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of bytes) parts.push(part)
  return Buffer.concat(parts)
}

const sealed = (plain: Buffer) => all(seal(chunksOf(plain, 10_007), key, header))
const opened = (bytes: Buffer, with_ = key, told = header) => all(unseal(chunksOf(bytes, 7_919), with_, told))

describe('what is sealed', () => {
  it('comes out as it went in, whatever its size, and looks like nothing meanwhile', async () => {
    for (const size of [0, 1, piece - 1, piece, piece + 1, 2 * piece, 3 * piece + 5]) {
      const plain = Buffer.alloc(size, 'a')
      const bytes = await sealed(plain)
      expect(bytes.length).toBe(size + 16 * Math.max(1, Math.ceil(size / piece)))
      expect(bytes.includes(Buffer.from('aaaaaaaa'))).toBe(false)
      expect((await opened(bytes)).equals(plain)).toBe(true)
    }
  })

  it('does not open when a bit of it was changed, wherever', async () => {
    const bytes = await sealed(randomBytes(2 * piece + 100))
    for (const at of [0, piece, sealedPiece - 1, sealedPiece, 2 * sealedPiece, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      await expect(opened(changed), `byte ${at}`).rejects.toMatchObject({ code: /^backup-(damaged|torn)$/ })
    }
    await expect(opened(bytes, randomBytes(32))).rejects.toMatchObject({ code: 'backup-damaged' })
    await expect(opened(bytes, key, header.replace('-', '_'))).rejects.toMatchObject({ code: 'backup-damaged' })
  })

  it('does not open when pieces were cut off, left out, swapped or put on', async () => {
    const bytes = await sealed(randomBytes(3 * piece))
    const [one, two, three] = [0, 1, 2].map(nr => bytes.subarray(nr * sealedPiece, (nr + 1) * sealedPiece))
    if (!one || !two || !three) throw new Error('there are three pieces')
    for (const length of [0, 10, sealedPiece, 2 * sealedPiece, 2 * sealedPiece + 20, bytes.length - 1])
      await expect(opened(bytes.subarray(0, length)), `${length} bytes`).rejects.toMatchObject({ code: 'backup-torn' })
    for (const changed of [[two, one, three], [one, three], [one, two, two, three], [one, two, three, three], [three]])
      await expect(opened(Buffer.concat(changed))).rejects.toMatchObject({ code: /^backup-(damaged|torn)$/ })
    expect((await opened(Buffer.concat([one, two, three]))).length).toBe(3 * piece)
  })
})

describe('keys', () => {
  const folder = newFolder()
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }

  it('are 32 bytes or a line of words, and nothing that is easily guessed', async () => {
    expect(await readKey(file('random', Buffer.alloc(32, 200)))).toMatchObject({ kind: 'file' })
    expect(await readKey(file('words', '正确 的 马 电池 订书钉 够长\n'))).toMatchObject({ kind: 'words' })
    expect(await readKey(file('text32', 'x'.repeat(32)))).toMatchObject({ kind: 'words' })
    for (const [name, content] of Object.entries({ short: 'secret\n', empty: '', odd: Buffer.alloc(31, 200) }))
      await expect(readKey(file(name, content)), name).rejects.toMatchObject({ code: 'key-file' })
    await expect(readKey(file('lines', 'one line of words\nand another'))).rejects.toMatchObject({ code: 'key-file' })
    await expect(readKey(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'key-file', message: /ENOENT/ })
  })

  it('give each file a key of its own, which only they find again', async () => {
    const keys: Key[] = [
      { kind: 'file', secret: randomBytes(32) },
      { kind: 'words', secret: Buffer.from('a passphrase of some length') },
    ]
    const [bytes, words] = keys
    if (!bytes || !words) throw new Error('there are two')
    for (const one of keys) {
      const [made, again] = [await newFileKey(one), await newFileKey(one)]
      expect(made.key.equals(again.key)).toBe(false)
      expect((await openFileKey(one, made.seal)).equals(made.key)).toBe(true)
      const { kind } = one
      await expect(openFileKey({ kind, secret: Buffer.alloc(32, 'x') }, made.seal)).rejects.toMatchObject({
        code: 'backup-key',
        fix: /--key-file/,
      })
      const other = one === bytes ? words : bytes
      await expect(openFileKey(other, made.seal)).rejects.toMatchObject({ code: 'backup-key' })
      await expect(openFileKey(null, made.seal)).rejects.toMatchObject({ code: 'backup-encrypted' })
    }
  })
})

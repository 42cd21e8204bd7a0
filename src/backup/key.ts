import { readFile } from 'node:fs/promises'
import { Permanent } from '../errors.ts'

/** `file`: 32 random bytes; `words`: a passphrase. */
export interface Key {
  kind: 'file' | 'words'
  secret: Buffer
}

const minWords = 12

/** What a key file holds: a line of text is a passphrase, else it has to be a key of 32 bytes. @throws Permanent `key-file` */
export async function readKey(path: string): Promise<Key> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new Permanent('key-file', `The key file ${path} can't be read: ${error.code ?? error.message}.`, {
      fix: 'Make one with: head -c 32 /dev/urandom > backup.key',
    })
  })
  const text = textOf(bytes)
  if (text === null && bytes.length === 32) return { kind: 'file', secret: bytes }
  if (text !== null && text.length >= minWords) return { kind: 'words', secret: Buffer.from(text) }
  const what = text === null ? `${bytes.length} bytes` : `a passphrase of ${text.length} characters`
  throw new Permanent('key-file', `The key file ${path} holds ${what}.`, {
    fix: `It has to hold 32 random bytes (head -c 32 /dev/urandom > backup.key), or one line of at least ${minWords} characters.`,
  })
}

/** A line of printable text, or null. */
function textOf(bytes: Buffer): string | null {
  const text = bytes.toString('utf8').replace(/\r?\n$/, '')
  return /[\p{C}�]/u.test(text) ? null : text
}

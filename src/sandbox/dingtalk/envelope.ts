import { createCipheriv, createDecipheriv, createHash, randomBytes, timingSafeEqual } from 'node:crypto'

export interface EventKeys {
  token: string
  aesKey: string
  /** Of an internal app its clientId. */
  owner: string
}

export interface Sealed {
  encrypt: string
  signature: string
  timestamp: string
  nonce: string
}

const block = 32

const signatureOf = (token: string, { timestamp, nonce, encrypt }: Omit<Sealed, 'signature'>): string =>
  createHash('sha1').update([token, timestamp, nonce, encrypt].sort().join('')).digest('hex')

const keyOf = (aesKey: string): Buffer => Buffer.from(`${aesKey}=`, 'base64')

/** Encrypts and signs an event (dingtalk.md §6.1). */
export function seal(keys: EventKeys, plain: string, timestamp: string): Sealed {
  const key = keyOf(keys.aesKey)
  const words = Buffer.from(plain)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(words.length)
  const content = Buffer.concat([randomBytes(16), length, words, Buffer.from(keys.owner)])
  const padding = block - (content.length % block)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([content, Buffer.alloc(padding, padding)])
  const encrypt = Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
  const nonce = randomBytes(6).toString('hex')
  return { encrypt, timestamp, nonce, signature: signatureOf(keys.token, { timestamp, nonce, encrypt }) }
}

/** Opens what `seal` made. Throws an `Error` that says what is wrong with it. */
export function unseal(keys: EventKeys, sealed: Sealed): string {
  const expected = Buffer.from(signatureOf(keys.token, sealed))
  const given = Buffer.from(sealed.signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new Error('msg_signature does not match')
  const key = keyOf(keys.aesKey)
  const plain = opened(key, Buffer.from(sealed.encrypt, 'base64'))
  const padding = plain.at(-1) ?? 0
  if (padding < 1 || padding > block) throw new Error('encrypt has no right padding')
  const content = plain.subarray(0, plain.length - padding)
  const end = 20 + content.readUInt32BE(16)
  if (content.subarray(end).toString() !== keys.owner)
    throw new Error('the owner key inside encrypt is not the clientId')
  return content.subarray(20, end).toString()
}

function opened(key: Buffer, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const plain = Buffer.concat([decipher.update(sealed), decipher.final()])
    if (plain.length >= block) return plain
  } catch {
    // Said below.
  }
  throw new Error('encrypt cannot be decrypted')
}

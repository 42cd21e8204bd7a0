import { timingSafeEqual } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'

export interface Keys {
  token: string
  aesKey: string
  corpId: string
}

export interface Sealed {
  encrypt: string
  signature: string
  timestamp: string
  nonce: string
}

/** Encrypts and signs as WeCom does for an app's callback URL. */
export function seal(keys: Keys, plain: string, timestamp: string, nonce: string): Sealed {
  const sealed = encrypt(keys.aesKey, plain, keys.corpId)
  return { encrypt: sealed, signature: getSignature(keys.token, timestamp, nonce, sealed), timestamp, nonce }
}

/** Opens a passive reply. Throws an `Error` that says what is wrong with it. */
export function unseal(keys: Keys, sealed: Sealed): string {
  const expected = Buffer.from(getSignature(keys.token, sealed.timestamp, sealed.nonce, sealed.encrypt))
  const given = Buffer.from(sealed.signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given))
    throw new Error('MsgSignature does not match')
  let opened: { message: string; id: string }
  try {
    opened = decrypt(keys.aesKey, sealed.encrypt)
  } catch {
    throw new Error('Encrypt cannot be decrypted')
  }
  // The library returns garbage for a wrong key; only the receive id at the end tells.
  if (opened.id !== keys.corpId) throw new Error('the receive id inside Encrypt is not the CorpID')
  return opened.message
}

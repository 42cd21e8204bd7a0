import { randomBytes, timingSafeEqual } from 'node:crypto'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { Invalid } from '../errors.ts'

/** A callback's Token and its EncodingAESKey (43 characters). */
export interface Secret {
  token: string
  aesKey: string
}

/** What a door accepts: one pair of secrets, or two while they are being changed. */
export interface Lock {
  secrets: readonly Secret[]
  /** Whom the sealed message must name: the CorpID, an app key, or the empty string for a WeCom bot. */
  receiveId: string
}

export interface Opened {
  message: string
  /** The pair it was sealed with: the answer is sealed with the same one. */
  secret: Secret
  nonce: string
}

export interface Sealed {
  encrypt: string
  signature: string
  /** Unix seconds. */
  timestamp: string
  nonce: string
}

export type Reason = 'malformed' | 'signature' | 'stale' | 'cipher' | 'receiver'

/** The only thing `openEnvelope` throws. The reason is for counters; whoever knocked must not be told. */
export class Refused extends Error {
  override name = 'Refused'
  constructor(readonly reason: Reason) {
    super(`callback refused: ${reason}`)
  }
}

/** How far a callback's time may be from ours: older ones may be replays. */
export const freshnessMs = 300_000

const longest = { timestamp: 13, nonce: 128, encrypt: 1_048_576 }

type Query = Record<string, string | string[] | undefined>

/**
 * Checks, then opens a sealed callback, as developer.work.weixin.qq.com/document/path/90238 and /101033 describe it
 * (DingTalk's events use the same seal). `@wecom/crypto` verifies nothing by itself, so the order here matters: shape,
 * signature, freshness, and only then the cipher, its padding and the receiver.
 *
 * `query` holds `msg_signature` (or `signature`), `timestamp` (seconds, or milliseconds when that long) and `nonce`.
 * Throws `Refused` and nothing else.
 */
export function openEnvelope(lock: Lock, query: Query, sealed: unknown, now: Date): Opened {
  const signature = single(query.msg_signature ?? query.signature, 40)
  const timestamp = single(query.timestamp, longest.timestamp)
  const nonce = single(query.nonce, longest.nonce)
  const cipher = single(sealed, longest.encrypt)
  const secret = signer(lock.secrets, signature, timestamp, nonce, cipher)
  if (!secret) throw new Refused('signature')
  if (!isFresh(timestamp, now)) throw new Refused('stale')
  const { message, id } = unlock(secret.aesKey, cipher)
  if (id !== lock.receiveId) throw new Refused('receiver')
  return { message, secret, nonce }
}

/** Seals an answer; the nonce is random unless the platform wants its own back. */
export function sealEnvelope(
  { token, aesKey }: Secret,
  receiveId: string,
  message: string,
  now: Date,
  nonce = randomBytes(12).toString('hex'),
): Sealed {
  const sealed = encrypt(aesKey, message, receiveId)
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  return { encrypt: sealed, signature: getSignature(token, timestamp, nonce, sealed), timestamp, nonce }
}

/** Pairs tokens and keys as configured. Throws `Invalid`: there is no way to run a door without secrets. */
export function pairSecrets(where: string, tokens: readonly string[], aesKeys: readonly string[]): Secret[] {
  const count = tokens.length
  if (count < 1 || count > 2 || aesKeys.length !== count)
    throw new Invalid(`${where}: give one Token with one EncodingAESKey, or two of each while changing them`)
  return tokens.map((token, at) => {
    const aesKey = aesKeys[at] ?? ''
    if (!token.trim()) throw new Invalid(`${where}: the Token is empty`)
    if (!/^[A-Za-z0-9]{43}$/.test(aesKey))
      throw new Invalid(`${where}: an EncodingAESKey has exactly 43 letters and digits, this one has ${aesKey.length}`)
    return { token, aesKey }
  })
}

function single(value: unknown, most: number): string {
  if (typeof value !== 'string' || value === '' || value.length > most) throw new Refused('malformed')
  return value
}

/** Compares with every secret before answering, so that the time taken does not tell which one was close. */
function signer(
  secrets: readonly Secret[],
  signature: string,
  timestamp: string,
  nonce: string,
  cipher: string,
): Secret | undefined {
  const given = Buffer.from(signature)
  let found: Secret | undefined
  for (const secret of secrets) {
    const expected = Buffer.from(getSignature(secret.token, timestamp, nonce, cipher))
    if (given.length === expected.length && timingSafeEqual(given, expected)) found ??= secret
  }
  return found
}

function isFresh(timestamp: string, now: Date): boolean {
  if (!/^\d{1,13}$/.test(timestamp)) return false
  const at = timestamp.length > 11 ? Number(timestamp) : Number(timestamp) * 1_000
  return Math.abs(now.getTime() - at) <= freshnessMs
}

function unlock(aesKey: string, cipher: string): { message: string; id: string } {
  try {
    const { message, id, random } = decrypt(aesKey, cipher)
    // The library neither checks the padding nor the length field, nor that the text was UTF-8; only what seals to the very
    // same bytes again was well made.
    if (encrypt(aesKey, message, id, random) === cipher) return { message, id }
  } catch {
    // Falls through: whatever the library stumbled over, the answer is the same.
  }
  throw new Refused('cipher')
}

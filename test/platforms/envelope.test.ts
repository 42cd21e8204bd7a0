import { createCipheriv } from 'node:crypto'
import { getSignature } from '@wecom/crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { openEnvelope, pairSecrets, Refused, sealEnvelope } from '../../src/platforms/envelope.ts'

const secret = { token: 'TestToken', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const now = new Date('2026-11-20T02:00:00Z')
const lock = { secrets: [secret], receiveId: 'wwDEMO' }

function sealed(message = '接单 1024', by = secret, receiveId = 'wwDEMO', at = now) {
  const { encrypt, signature, timestamp, nonce } = sealEnvelope(by, receiveId, message, at)
  return { query: { msg_signature: signature, timestamp, nonce }, encrypt }
}

function reasonOf(work: () => unknown): string {
  try {
    work()
    return 'opened'
  } catch (error) {
    if (error instanceof Refused) return error.reason
    throw error
  }
}

/** Seals arbitrary clear bytes, signed correctly: what only the platform (or a thief of the token) could send. */
function sealBytes(clear: Buffer) {
  const key = Buffer.from(`${secret.aesKey}=`, 'base64')
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const encrypt = Buffer.concat([cipher.update(clear), cipher.final()]).toString('base64')
  return signed(encrypt)
}

function signed(encrypt: string) {
  const timestamp = String(now.getTime() / 1_000)
  return {
    encrypt,
    query: { msg_signature: getSignature(secret.token, timestamp, 'n', encrypt), timestamp, nonce: 'n' },
  }
}

function clear(message: string, id: string, length = Buffer.byteLength(message)) {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length)
  const body = Buffer.concat([Buffer.alloc(16, 7), size, Buffer.from(message), Buffer.from(id)])
  const padding = 32 - (body.length % 32)
  return { body, padding, padded: Buffer.concat([body, Buffer.alloc(padding, padding)]) }
}

describe('openEnvelope', () => {
  it('opens the published sample', () => {
    const sample = {
      secrets: [{ token: 'QDG6eK', aesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }],
      receiveId: 'wx5823bf96d3bd56c7',
    }
    const query = {
      msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
      timestamp: '1409659589',
      nonce: '263014780',
    }
    const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
    const opened = openEnvelope(sample, query, echo, new Date(1_409_659_589_000))
    expect(opened.message).toBe('1616140317555161061')
    expect(reasonOf(() => openEnvelope(sample, query, echo, now))).toBe('stale')
  })

  it('opens a vector with an empty receiver, by the older name of the signature', () => {
    const query = { signature: 'fe393619fc2397ebdacf29bb9897f49aae4b59bb', timestamp: '1700000000', nonce: 'nonce123' }
    const opened = openEnvelope(
      { secrets: [secret], receiveId: '' },
      query,
      'Q3stYC6hdFzMh9T8HCvyDDzSJ6PKtMZfQkHuLIREQ3g=',
      new Date(1_700_000_000_000),
    )
    expect(opened.message).toBe('你好😀')
  })

  it('opens what it sealed, and takes milliseconds where a platform sends them', () => {
    const { query, encrypt } = sealed()
    expect(openEnvelope(lock, query, encrypt, now)).toMatchObject({ message: '接单 1024', secret })
    const timestamp = String(now.getTime())
    const msg_signature = getSignature(secret.token, timestamp, 'n', encrypt)
    expect(openEnvelope(lock, { msg_signature, timestamp, nonce: 'n' }, encrypt, now).message).toBe('接单 1024')
  })

  it('refuses every single flipped bit of signature, timestamp, nonce and ciphertext', () => {
    const { query, encrypt } = sealed()
    const parts = { ...query, encrypt }
    let flips = 0
    for (const part of ['msg_signature', 'timestamp', 'nonce', 'encrypt'] as const) {
      const bytes = Buffer.from(parts[part], 'latin1')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const changed = { ...parts, [part]: flipped.toString('latin1') }
        const { encrypt: cipher, ...rest } = changed
        expect(
          reasonOf(() => openEnvelope(lock, rest, cipher, now)),
          `${part} bit ${bit}`,
        ).toBe('signature')
        flips++
      }
    }
    expect(flips).toBeGreaterThan(1_000)
  })

  it.each([
    ['missing signature', { msg_signature: undefined }],
    ['repeated signature', { msg_signature: ['a', 'b'] }],
    ['empty nonce', { nonce: '' }],
    ['repeated nonce', { nonce: ['n', 'n'] }],
    ['huge nonce', { nonce: 'n'.repeat(129) }],
    ['missing timestamp', { timestamp: undefined }],
    ['long timestamp', { timestamp: '1'.repeat(14) }],
  ])('refuses a query with %s', (_, change) => {
    const { query, encrypt } = sealed()
    expect(reasonOf(() => openEnvelope(lock, { ...query, ...change }, encrypt, now))).toBe('malformed')
  })

  it('refuses a cipher that is missing, no string or huge', () => {
    const { query } = sealed()
    for (const cipher of [undefined, '', ['x'], {}, 'A'.repeat(1_048_577)])
      expect(reasonOf(() => openEnvelope(lock, query, cipher, now))).toBe('malformed')
  })

  it.each([
    [-300_000, 'opened'],
    [300_000, 'opened'],
    [-301_000, 'stale'],
    [301_000, 'stale'],
  ])('with a time %i ms away: %s', (offset, expected) => {
    const { query, encrypt } = sealed('x', secret, 'wwDEMO', new Date(now.getTime() + offset))
    expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).toBe(expected)
  })

  it('refuses times that are no number, though signed', () => {
    const { encrypt } = sealed()
    for (const timestamp of ['1e9', '-1', ' 1795140000', 'NaN']) {
      const msg_signature = getSignature(secret.token, timestamp, 'n', encrypt)
      expect(reasonOf(() => openEnvelope(lock, { msg_signature, timestamp, nonce: 'n' }, encrypt, now))).toBe('stale')
    }
  })

  it('refuses another receiver', () => {
    const { query, encrypt } = sealed('x', secret, 'wwOTHER')
    expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).toBe('receiver')
  })

  it('accepts two secrets and tells which one it was', () => {
    const next = { token: 'NextToken', aesKey: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg' }
    const both = { ...lock, secrets: [secret, next] }
    for (const by of [secret, next]) {
      const { query, encrypt } = sealed('x', by)
      expect(openEnvelope(both, query, encrypt, now).secret).toBe(by)
    }
    const { query, encrypt } = sealed('x', next)
    expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).toBe('signature')
  })

  it('refuses well-signed ciphers that were not well made', () => {
    const { body, padding, padded } = clear('hello, world', 'wwDEMO')
    expect(openEnvelope(lock, sealBytes(padded).query, sealBytes(padded).encrypt, now).message).toBe('hello, world')
    const uneven = Buffer.concat([body, Buffer.alloc(padding - 1, 1), Buffer.from([padding])])
    const none = Buffer.concat([body, Buffer.alloc(padding, 0)])
    const wide = Buffer.concat([body, Buffer.alloc(padding, 99)])
    const longer = clear('hello, world', 'wwDEMO', 900).padded
    const bad = Buffer.concat([
      Buffer.alloc(19),
      Buffer.from([2, 0xff, 0xfe]),
      Buffer.from('wwDEMO'),
      Buffer.alloc(4, 4),
    ])
    for (const bytes of [uneven, none, wide, longer, bad, padded.subarray(0, 16)]) {
      const { query, encrypt } = sealBytes(bytes)
      expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).toBe('cipher')
    }
    for (const text of ['AAAA', '!!!!', 'A', `${sealBytes(padded).encrypt} `, `${sealBytes(padded).encrypt}\n`]) {
      const { query, encrypt } = signed(text)
      expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).toBe('cipher')
    }
  })

  it('throws nothing but Refused, whatever is knocked with', () => {
    const value = fc.oneof(fc.string(), fc.base64String(), fc.array(fc.string()), fc.constant(undefined))
    const text = fc.oneof(fc.string(), fc.base64String())
    fc.assert(
      fc.property(value, value, value, fc.oneof(value, fc.anything()), (msg_signature, timestamp, nonce, cipher) => {
        expect(reasonOf(() => openEnvelope(lock, { msg_signature, timestamp, nonce }, cipher, now))).not.toBe('opened')
      }),
    )
    fc.assert(
      fc.property(text, cipher => {
        const { query, encrypt } = signed(cipher)
        expect(reasonOf(() => openEnvelope(lock, query, encrypt, now))).not.toBe('opened')
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), message => {
        const { query, encrypt } = sealed(message)
        expect(openEnvelope(lock, query, encrypt, now).message).toBe(message)
      }),
    )
  })
})

describe('pairSecrets', () => {
  it('pairs tokens with keys', () => {
    expect(pairSecrets('X', ['TestToken'], [secret.aesKey])).toEqual([secret])
  })

  it.each([
    ['none', [], []],
    ['three', ['a', 'b', 'c'], [secret.aesKey, secret.aesKey, secret.aesKey]],
    ['a token without key', ['a'], []],
    ['an empty token', [' '], [secret.aesKey]],
    ['a short key', ['a'], ['abc']],
    ['a key with a sign', ['a'], [`${'a'.repeat(42)}=`]],
  ])('refuses %s', (_, tokens, keys) => {
    expect(() => pairSecrets('WECOM_TOKEN', tokens, keys)).toThrow(Invalid)
    expect(() => pairSecrets('WECOM_TOKEN', tokens, keys)).toThrow(/^WECOM_TOKEN: /)
  })
})

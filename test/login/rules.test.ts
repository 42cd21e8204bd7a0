import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Attempts } from '../../src/login/attempts.ts'
import { absoluteMs, endOf, idleMs, isOver, seen } from '../../src/login/lifetime.ts'
import { home, localPath } from '../../src/login/nextpath.ts'
import { appOf, askerIp, isOwnPage, shortAgent, shortIp } from '../../src/login/origin.ts'
import { csrfOf, hashOf, isCsrfOf, isToken, newState, newToken, openTrip, sealTrip } from '../../src/login/tokens.ts'

describe('where one is sent after signing in', () => {
  it.each([
    ['/console', '/console'],
    ['/console?a=1&b=%2F#top', '/console?a=1&b=%2F#top'],
    ['/m/orders/1024', '/m/orders/1024'],
    ['/a/../b', '/b'],
    ['/中文', '/%E4%B8%AD%E6%96%87'],
  ])('%j is %j', (asked, path) => expect(localPath(asked)).toBe(path))

  it.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example/',
    'https:evil.example',
    'javascript:alert(1)',
    'console',
    '',
    ' /console',
    `/${'a'.repeat(512)}`,
    ['/console', '/m'],
    undefined,
  ])('%j leads home', asked => expect(localPath(asked)).toBe(home))

  it('never leads to another host, whatever is asked for', () => {
    const odd = fc.string({
      unit: fc.constantFrom('/', '\\', '.', ':', '@', '\t', '\n', '\r', '?', '#', 'a', '%2f', ' '),
    })
    const origin = 'https://paigong.example'
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          odd,
          odd.map(rest => `/${rest}`),
        ),
        asked => {
          const path = localPath(asked)
          expect(new URL(path, origin).origin).toBe(origin)
          expect(path).toMatch(/^\/(?![/\\])/)
          // A browser that reads it again arrives at the same place.
          expect(localPath(path)).toBe(path)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})

describe('a session', () => {
  const moment = fc.integer({ min: 0, max: 30 * 86_400_000 })

  it('ends when nobody is seen for the idle time, and at the latest a week after it began', () => {
    const start = new Date('2026-11-24T01:00:00Z')
    const at = (ms: number) => new Date(start.getTime() + ms)
    expect(endOf(start, start)).toEqual(at(idleMs))
    expect(endOf(start, at(absoluteMs - 1))).toEqual(at(absoluteMs))
    const session = { createdAt: start, lastSeenAt: start, expiresAt: endOf(start, start) }
    expect([isOver(session, at(idleMs - 1)), isOver(session, at(idleMs))]).toEqual([false, true])
    expect(seen(session, at(5 * 60_000 - 1))).toBeNull()
    expect(seen(session, at(5 * 60_000))).toEqual({ lastSeenAt: at(300_000), expiresAt: at(300_000 + idleMs) })
  })

  it('never lives longer than either, however it is used', () => {
    fc.assert(
      fc.property(fc.array(moment, { maxLength: 40 }), times => {
        const createdAt = new Date(0)
        let session = { createdAt, lastSeenAt: createdAt, expiresAt: endOf(createdAt, createdAt) }
        let last = 0
        for (const time of times.sort((a, b) => a - b)) {
          const now = new Date(time)
          if (isOver(session, now)) break
          expect(time - last).toBeLessThanOrEqual(idleMs)
          expect(time).toBeLessThan(absoluteMs)
          session = { ...session, ...seen(session, now) }
          last = time
        }
      }),
    )
  })
})

describe('where a request comes from', () => {
  const own = 'https://paigong.example'
  it.each([
    [own, 'same-origin', true],
    [own, '', true],
    ['', 'same-origin', true],
    ['', '', false],
    ['https://evil.example', 'same-origin', false],
    ['https://evil.example', '', false],
    ['http://paigong.example', '', false],
    ['https://paigong.example:8443', '', false],
    ['https://paigong.example.evil.example', '', false],
    ['null', '', false],
    [own, 'cross-site', false],
    [own, 'same-site', false],
    ['', 'none', false],
  ])('Origin %j, Sec-Fetch-Site %j: %s', (origin, site, fine) => expect(isOwnPage({ origin, site }, own)).toBe(fine))

  it.each([
    ['192.0.2.77', '192.0.2.0'],
    ['::ffff:192.0.2.77', '192.0.2.0'],
    ['2001:db8:7:9::1', '2001:db8:7::'],
    ['2001:db8::1', '2001:db8:0::'],
    ['::1', '0:0:0::'],
    ['', ''],
    ['<script>', ''],
    ['1.2.3', ''],
  ])('%j is written down as %j', (ip, short) => expect(shortIp(ip)).toBe(short))

  it.each([
    ['127.0.0.1', '198.51.100.9, 192.0.2.7', '192.0.2.7'],
    ['::ffff:172.17.0.1', '192.0.2.7', '192.0.2.7'],
    ['10.0.0.3', '', '10.0.0.3'],
    ['203.0.113.5', '192.0.2.7', '203.0.113.5'],
    ['172.32.0.1', '192.0.2.7', '172.32.0.1'],
  ])('from %j with X-Forwarded-For %j it is %j who asks', (peer, forwarded, ip) =>
    expect(askerIp(peer, forwarded)).toBe(ip),
  )

  it.each([
    ['Mozilla/5.0 (iPhone) MicroMessenger/7.0.1 wxwork/4.1.0 Mobile', 'wecom'],
    ['Mozilla/5.0 (Linux; Android 14) AliApp(DingTalk/7.5.0) com.alibaba', 'dingtalk'],
    ['Mozilla/5.0 (iPhone) MicroMessenger/8.0', null],
    ['', null],
  ])('%j is %s', (agent, app) => expect(appOf(agent)).toBe(app))

  it('keeps of a browser’s name what can be shown', () =>
    expect(shortAgent(`Mozilla\u0000\r\n\u4e2d${'x'.repeat(200)}`)).toBe(`Mozilla${'x'.repeat(113)}`))
})

describe('tokens', () => {
  it('are 256 bits each time anew, and known by their hash alone', () => {
    const tokens = Array.from({ length: 50 }, newToken)
    expect(new Set(tokens).size).toBe(50)
    expect(tokens.every(isToken)).toBe(true)
    expect(hashOf(tokens[0] ?? '')).not.toContain(tokens[0])
  })

  it('have a csrf token of their own', () => {
    const [mine, other] = [newToken(), newToken()]
    expect([isCsrfOf(mine, csrfOf(mine)), isCsrfOf(mine, csrfOf(other)), isCsrfOf(mine, '')]).toEqual([
      true,
      false,
      false,
    ])
  })

  it.each(['', 'x', `${'a'.repeat(42)}=`, 'a'.repeat(44), `${'a'.repeat(42)}\n`])('%j is none', text =>
    expect(isToken(text)).toBe(false),
  )

  it('states are what WeCom takes', () => expect(newState()).toMatch(/^[a-zA-Z0-9]{32,128}$/))
})

describe('a trip to the platform', () => {
  const trip = { state: 's', platform: 'wecom' as const, next: '/console', until: 1_000 }
  const sealed = sealTrip(trip, 'key')

  it('is opened with its key, until its time is over', () => {
    expect(openTrip(sealed, 'key', new Date(999))).toEqual(trip)
    expect(openTrip(sealed, 'key', new Date(1_000))).toBeNull()
    expect(openTrip(sealed, 'other', new Date(0))).toBeNull()
  })

  it('is not opened with any character changed', () => {
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A'
      expect(openTrip(`${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`, 'key', new Date(0)), `${at}`).toBeNull()
    }
  })

  it('is not opened when it is garbage', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(openTrip(text, 'key', new Date(0))).toBeNull()
      }),
    )
    for (const text of [`${sealed}.`, `${sealed}.more`, `.${sealed}`, '.', '..'])
      expect(openTrip(text, 'key', new Date(0)), text).toBeNull()
  })
})

describe('failed sign-ins', () => {
  it('close the door to a place for ten minutes, and to no other', () => {
    const attempts = new Attempts()
    const at = (ms: number) => new Date(ms)
    for (let i = 0; i < 20; i++) {
      expect(attempts.allows('192.0.2.0', at(i))).toBe(true)
      attempts.failedFrom('192.0.2.0', at(i))
    }
    expect(attempts.allows('192.0.2.0', at(20))).toBe(false)
    expect(attempts.allows('198.51.100.0', at(20))).toBe(true)
    expect(attempts.allows('192.0.2.0', at(600_000))).toBe(true)
  })
})

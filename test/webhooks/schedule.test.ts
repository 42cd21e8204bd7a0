import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deadAfterMs, judge, mostAttempts, retryAfterMs, waitAfterFailure } from '../../src/webhooks/schedule.ts'

const now = new Date('2026-11-24T09:00:00Z')
const chance = fc.double({ min: 0, max: 1, noNaN: true })
const failing = fc.record({
  status: fc.option(fc.constantFrom(301, 302, 400, 404, 408, 429, 500, 502, 503, 504), { nil: null }),
  error: fc.constant('x'),
  answer: fc.constant(null),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 10 * 86_400_000 }), { nil: undefined }),
})
const failure = (status: number | null, more = {}) => ({ status, error: 'x', answer: null, ...more })

describe('when a webhook is tried again', () => {
  it('is what Standard Webhooks recommends', () => {
    const waits = Array.from({ length: mostAttempts }, (_, index) => waitAfterFailure(index + 1, 0))
    const [s, m, h] = [1000, 60_000, 3_600_000]
    expect(waits).toEqual([5 * s, 5 * m, 30 * m, 2 * h, 5 * h, 10 * h, 14 * h, 20 * h, 24 * h, null])
  })

  it('is never early, at most a fifth late, and later each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: mostAttempts - 1 }), chance, chance, (attempt, one, other) => {
        const [least, wait] = [waitAfterFailure(attempt, 0) ?? 0, waitAfterFailure(attempt, one) ?? 0]
        expect(wait).toBeGreaterThanOrEqual(least)
        expect(wait).toBeLessThanOrEqual(least * 1.2 + 1)
        const next = waitAfterFailure(attempt + 1, other)
        if (next !== null) expect(next).toBeGreaterThan(least)
      }),
    )
  })

  it('a delivery that always fails ends after ten attempts, whatever it is answered', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(failing, chance), { minLength: 10, maxLength: 10 }), attempts => {
        let at = now
        let failingSince: Date | null = null
        const states = attempts.map(([attempt, luck], index) => {
          const verdict = judge(attempt, { attempts: index + 1, failingSince, now: at, chance: luck })
          expect(verdict.nextAt === null).toBe(verdict.state === 'failed')
          if (verdict.nextAt) {
            expect(verdict.nextAt.getTime()).toBeGreaterThan(at.getTime())
            // Whoever asks for patience is left alone so long, a day at most.
            const { restUntil } = verdict.endpoint
            if (restUntil) expect(verdict.nextAt.getTime()).toBeGreaterThanOrEqual(restUntil.getTime())
            if (restUntil) expect(restUntil.getTime() - at.getTime()).toBeLessThanOrEqual(86_400_000)
            at = verdict.nextAt
          }
          failingSince = verdict.endpoint.failingSince
          expect(failingSince).toEqual(now)
          return verdict.state
        })
        expect(states).toEqual([...Array(9).fill('waiting'), 'failed'])
      }),
    )
  })

  it.each([200, 201, 202, 204, 299])('%i is success, and all is well with the endpoint', status => {
    const verdict = judge(failure(status), { attempts: 9, failingSince: new Date(0), now, chance: 0 })
    const well = { failingSince: null, restUntil: null, offBecause: null }
    expect(verdict).toEqual({ state: 'delivered', nextAt: null, endpoint: well })
  })

  it.each([
    ['410', failure(410), now, /410/],
    ['five days of failures', failure(500), new Date(now.getTime() - deadAfterMs), /since 2026-11-19T09:00:00\.000Z/],
  ])('%s switches the endpoint off', (_, attempt, failingSince, why) => {
    const { state, endpoint } = judge(attempt, { attempts: 1, failingSince, now, chance: 0 })
    expect([state, endpoint.offBecause]).toEqual(['waiting', expect.stringMatching(why)])
  })

  it.each([
    ['a failure', failure(500), now],
    ['almost five days', failure(null), new Date(now.getTime() - deadAfterMs + 1)],
    ['404', failure(404), null],
  ])('%s does not', (_, attempt, failingSince) => {
    expect(judge(attempt, { attempts: 1, failingSince, now, chance: 0 }).endpoint.offBecause).toBeNull()
  })

  it('what could not be made here is no fault of the endpoint', () => {
    const ours = failure(null, { ours: true as const })
    const judged = (failingSince: Date | null) => judge(ours, { attempts: 1, failingSince, now, chance: 0 })
    expect(judged(null)).toMatchObject({ state: 'waiting', endpoint: { failingSince: null, offBecause: null } })
    expect(judged(new Date(0)).endpoint).toMatchObject({ failingSince: new Date(0), offBecause: null })
  })

  it.each([
    ['429 in a minute', failure(429, { retryAfterMs: 60_000 }), 60_000, 60_000],
    ['503 in a second: not earlier than ours', failure(503, { retryAfterMs: 1_000 }), 5_000, 1_000],
    ['503 in a month: in a day', failure(503, { retryAfterMs: 30 * 86_400_000 }), 86_400_000, 86_400_000],
    ['500 has no say', failure(500, { retryAfterMs: 60_000 }), 5_000, null],
    ['429 without a wish', failure(429), 5_000, null],
  ])('Retry-After: %s', (_, attempt, wait, rest) => {
    const { nextAt, endpoint } = judge(attempt, { attempts: 1, failingSince: null, now, chance: 0 })
    const since = (at: Date | null) => at && at.getTime() - now.getTime()
    expect([since(nextAt), since(endpoint.restUntil)]).toEqual([wait, rest])
  })

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Tue, 24 Nov 2026 09:01:00 GMT', 60_000],
    ['Tue, 24 Nov 2026 08:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['2026', 2_026_000],
    ['2026-11-24', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('Retry-After %s is read', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { throttledUntil, waitAfter } from '../../src/outbox/retry.ts'

const now = new Date('2026-11-24T09:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const perMinute = { count: 30, windowMs: 60_000 }
const perHour = { count: 1000, windowMs: 3_600_000 }

describe('the wait after a failure', () => {
  it.each([
    [1, 5_000],
    [2, 10_000],
    [5, 80_000],
    [8, 600_000],
    [60, 600_000],
  ])('after attempt %i is %i ms without jitter', (attempt, ms) => {
    expect(waitAfter(attempt, 0)).toBe(ms)
  })

  it('obeys the platform when it asks for longer, and not when for shorter', () => {
    expect(waitAfter(1, 0, 60_000)).toBe(60_000)
    expect(waitAfter(8, 0, 60_000)).toBe(600_000)
  })
})

describe('the throttle', () => {
  it.each([
    ['nothing sent', [], [perMinute], null],
    ['29 in the minute', Array.from({ length: 29 }, () => ago(10)), [perMinute], null],
    ['30 in the minute', Array.from({ length: 30 }, (_, i) => ago(i)), [perMinute], new Date(now.getTime() + 31_000)],
    ['30 exactly a minute ago', Array.from({ length: 30 }, () => ago(60)), [perMinute], null],
    [
      '30 by the clock of another instance',
      Array.from({ length: 30 }, (_, i) => ago(i - 20)),
      [perMinute],
      new Date(now.getTime() + 51_000),
    ],
    [
      '30 before the clock was set back an hour',
      Array.from({ length: 30 }, (_, i) => ago(i - 3600)),
      [perMinute],
      null,
    ],
    [
      '1000 in the hour',
      Array.from({ length: 1000 }, (_, i) => ago(100 + i)),
      [perMinute, perHour],
      new Date(now.getTime() + (3600 - 1099) * 1000),
    ],
  ])('%s', (_, sent, limits, until) => {
    expect(throttledUntil(sent as Date[], limits, now)).toEqual(until)
  })

  it('never lets more than the limit into any window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 150 }),
        fc.integer({ min: 1, max: 10 }),
        (gaps, count) => {
          const limits = [{ count, windowMs: 60_000 }]
          const sent: Date[] = []
          let clock = now.getTime()
          for (const gap of gaps) {
            clock += gap
            const until = throttledUntil(sent, limits, new Date(clock))
            if (until) {
              expect(until.getTime()).toBeGreaterThan(clock)
              clock = until.getTime()
              expect(throttledUntil(sent, limits, until)).toBeNull()
            }
            sent.push(new Date(clock))
            const inside = sent.filter(at => at.getTime() > clock - 60_000)
            expect(inside.length).toBeLessThanOrEqual(count)
          }
        },
      ),
    )
  })
})

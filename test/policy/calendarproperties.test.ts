import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Calendar, type CalendarRule, type Segment } from '../../src/policy/calendar.ts'

/** Spans of a day, in their order; they may touch, begin at midnight and end at it. */
const hours: fc.Arbitrary<Segment[]> = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 0, max: 96 }), { minLength: 2, maxLength: 5 }),
    fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  )
  .map(([quarters, open]) => {
    const times = [...quarters].sort((a, b) => a - b).map(quarter => quarter * 15)
    return times
      .slice(1)
      .map((to, index): Segment => [times[index] ?? 0, to])
      .filter((_, index) => index === 0 || open[index])
  })

/** Spring has holidays and made-up days; Berlin and Cairo leave an hour out then, and Lord Howe has half an hour twice. */
const spring = Date.UTC(2026, 0, 20)
const dayText = fc.integer({ min: 0, max: 120 }).map(n => new Date(spring + n * 86_400_000).toISOString().slice(0, 10))

const calendar: fc.Arbitrary<Calendar> = fc
  .record({
    zone: fc.constantFrom('Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin', 'Africa/Cairo', 'Australia/Lord_Howe'),
    hours,
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    calendar: fc.record<CalendarRule>({
      holidays: fc.constantFrom('china', 'none'),
      makeup: fc.oneof(fc.constant('monday' as const), hours),
      weekdays: fc.dictionary(fc.constantFrom('1', '6', '7'), hours),
      own: fc.dictionary(dayText, fc.oneof(fc.constant('off' as const), hours), { maxKeys: 30 }),
      roundTheClock: fc.constantFrom(false, false, false, true),
    }),
    off: fc.array(dayText, { maxLength: 10 }),
  })
  .map(({ off, ...source }) => new Calendar(source, { off }))

/** To the second; often on a full quarter, where spans begin and end. */
const moment: fc.Arbitrary<Date> = fc
  .oneof(
    fc.integer({ min: 0, max: 8_640_000 }),
    fc.integer({ min: 0, max: 9600 }).map(quarter => quarter * 900),
  )
  .map(second => new Date(spring + second * 1000))

/** Up to 15 hours of work, half of the time in full quarters, so that it is used up at closing. */
const amount: fc.Arbitrary<number> = fc.oneof(
  fc.integer({ min: 0, max: 54_000_000 }),
  fc.integer({ min: 0, max: 60 }).map(quarter => quarter * 900_000),
)

const holds = <T extends [unknown, ...unknown[]]>(
  ...[arbitraries, law]: [{ [K in keyof T]: fc.Arbitrary<T[K]> }, (...values: T) => void]
): void => fc.assert(fc.property(...arbitraries, law), { numRuns: 150 })

const later = (...moments: Date[]): Date[] => [...moments].sort((a, b) => a.getTime() - b.getTime())

describe('working time between moments', () => {
  it('is never negative, and never more than the time between', () => {
    holds([calendar, moment, moment], (on, from, to) => {
      const ms = on.workingMs(from, to)
      expect(ms).toBeGreaterThanOrEqual(0)
      expect(ms).toBeLessThanOrEqual(Math.max(0, to.getTime() - from.getTime()))
    })
  })

  it('adds up over any split, so it grows with the end and shrinks with the beginning', () => {
    holds([calendar, moment, moment, moment], (on, ...moments) => {
      const [a, b, c] = later(...moments) as [Date, Date, Date]
      expect(on.workingMs(a, b) + on.workingMs(b, c)).toBe(on.workingMs(a, c))
    })
  })

  it('is what the spans of the days add up to', () => {
    holds([calendar, moment, fc.integer({ min: 1, max: 40 })], (on, from, count) => {
      const days = Array.from({ length: count }, (_, n) => dayAfter(on.dayOf(from), n))
      const spans = days.flatMap(day => on.segmentsOn(day))
      const [first, last] = [spans[0], spans.at(-1)]
      if (!first || !last) return
      const sum = spans.reduce((all, span) => all + span.to.getTime() - span.from.getTime(), 0)
      expect(on.workingMs(first.from, last.to)).toBe(sum)
    })
  })
})

describe('adding working time', () => {
  it('ends when that much has passed', () => {
    holds([calendar, moment, amount], (on, from, ms) => {
      expect(on.workingMs(from, on.addWorking(from, ms))).toBe(ms)
    })
  })

  it('is the first moment at which it has', () => {
    holds([calendar, moment, amount], (on, from, ms) => {
      if (ms > 0) expect(on.workingMs(from, new Date(on.addWorking(from, ms).getTime() - 1))).toBe(ms - 1)
    })
  })

  // Without exception at closing: time used up there is that closing, and whatever is added then begins at the opening.
  it('in two parts is adding the whole', () => {
    holds([calendar, moment, amount, amount], (on, from, x, y) => {
      expect(on.addWorking(on.addWorking(from, x), y)).toEqual(on.addWorking(from, x + y))
    })
  })

  it('ends inside a span of that day, or at its closing', () => {
    holds([calendar, moment, amount], (on, from, ms) => {
      if (ms === 0) return
      const end = on.addWorking(from, ms)
      const near = [dayAfter(on.dayOf(end), -1), on.dayOf(end)].flatMap(day => on.segmentsOn(day))
      expect(near.some(span => span.from < end && end <= span.to)).toBe(true)
    })
  })

  it('is later for more, and from later on', () => {
    holds([calendar, moment, moment, amount, amount], (on, a, b, x, y) => {
      const [from, after] = later(a, b) as [Date, Date]
      expect(on.addWorking(from, Math.min(x, y)) <= on.addWorking(after, Math.max(x, y))).toBe(true)
    })
  })
})

describe('the next opening', () => {
  it('is itself at itself, opens working time, and no working time lies before it', () => {
    holds([calendar, moment], (on, at) => {
      const opening = on.nextOpening(at)
      expect(on.nextOpening(opening)).toEqual(opening)
      expect(opening >= at).toBe(true)
      expect(on.workingMs(at, opening)).toBe(0)
      expect(on.workingMs(opening, new Date(opening.getTime() + 1))).toBe(1)
    })
  })
})

describe('workdays', () => {
  it('one after another are counted as in one go', () => {
    holds([calendar, dayText, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 })], (on, day, n, m) => {
      const then = on.workdayAfter(day, n)
      expect(on.isWorkday(then)).toBe(true)
      expect(on.workdayAfter(then, m)).toBe(on.workdayAfter(day, n + m))
    })
  })

  it('have an opening before their closing, other days neither', () => {
    holds([calendar, dayText], (on, day) => {
      const [opens, closes] = [on.opening(day), on.closing(day)]
      expect([opens !== null, closes !== null]).toEqual([on.isWorkday(day), on.isWorkday(day)])
      if (opens && closes) expect(opens < closes).toBe(true)
    })
  })
})

function dayAfter(day: string, n: number): string {
  return new Date(Date.parse(day) + n * 86_400_000).toISOString().slice(0, 10)
}

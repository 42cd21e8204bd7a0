import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countLeave, type LeaveSpan, spanOf, sum, until, wholeDay } from '../../src/leave/count.ts'
import type { LeaveRule } from '../../src/policy/leaverule.ts'
import { office, rhythmOf, ruleOf, typeOf } from './shop.ts'

const rule = ruleOf(office)
const { calendar } = rhythmOf(office)
/** From before 春节 to after it, and around 国庆; the hours of a policy may divide a day in other parts. */
const days = fc
  .tuple(fc.constantFrom('2026-02-09', '2026-09-24'), fc.nat(24))
  .map(([day, n]) => calendar.dayAfter(day, n))
const minutes = fc.oneof(fc.constantFrom(0, 480, 720, 810, 1080, 1440), fc.nat(1440))
const types = fc.constantFrom('事假', '整天假', '小时假').map(name => typeOf(office, name))
const rules = fc.record({ noon: fc.constantFrom(600, 720, 900), hoursPerDay: fc.constantFrom(6, 8, 12) })
const rhythms = fc.array(days, { maxLength: 3 }).map(off => rhythmOf(office, off))

const spans: fc.Arbitrary<LeaveSpan> = fc
  .record({ day: days, long: fc.nat(20), from: minutes, to: minutes })
  .map(({ day, long, from, to }) => ({
    from: { day, minute: from },
    to: { day: calendar.dayAfter(day, long), minute: to },
  }))

const given = fc.record({ span: spans, type: types, more: rules, rhythm: rhythms })
const ruled = (more: Partial<LeaveRule>): LeaveRule => ({ ...rule, ...more })

it('counts nothing below zero, no day twice, at most one a day, and nothing for a day of rest', () => {
  fc.assert(
    fc.property(given, ({ span, type, more, rhythm }) => {
      const { days: counted, free } = countLeave(span, type, ruled(more), rhythm)
      for (const { day, share, from, to } of counted) {
        expect(share > 0 && share <= wholeDay && Number.isInteger(share) && from < to).toBe(true)
        expect(rhythm.rests(day)).toBeNull()
        expect(calendar.isWorkday(day)).toBe(true)
      }
      const named = [...counted, ...free].map(({ day }) => day)
      expect(new Set(named).size).toBe(named.length)
    }),
  )
})

it('adds up when a span is split at midnight', () => {
  fc.assert(
    fc.property(given, fc.nat(20), ({ span, type, more, rhythm }, at) => {
      const day = calendar.dayAfter(span.from.day, at)
      fc.pre(day <= span.to.day && day > span.from.day)
      const count = (part: LeaveSpan) => countLeave(part, type, ruled(more), rhythm)
      const parts = [
        count({ from: span.from, to: { day: calendar.dayAfter(day, -1), minute: 1440 } }),
        count({ from: { day, minute: 0 }, to: span.to }),
      ]
      expect(parts.flatMap(one => one.days)).toEqual(count(span).days)
      expect(parts.flatMap(one => one.free)).toEqual(count(span).free)
    }),
  )
})

it('never counts a longer span for less', () => {
  fc.assert(
    fc.property(given, fc.nat(720), fc.nat(720), ({ span, type, more, rhythm }, before, after) => {
      const longer = {
        from: { day: span.from.day, minute: Math.max(0, span.from.minute - before) },
        to: { day: span.to.day, minute: Math.min(1440, span.to.minute + after) },
      }
      const count = (part: LeaveSpan) => sum(countLeave(part, type, ruled(more), rhythm).days)
      expect(count(longer)).toBeGreaterThanOrEqual(count(span))
    }),
    { numRuns: 400 },
  )
})

it('gives as many days as were asked for, and none too many', () => {
  fc.assert(
    fc.property(given, fc.integer({ min: 1, max: 20 }), ({ span, type, more, rhythm }, halves) => {
      const found = spanOf(span.from, halves / 2, type, ruled(more), rhythm)
      const taken = sum(countLeave(found, type, ruled(more), rhythm).days)
      expect(taken).toBeGreaterThanOrEqual((halves * wholeDay) / 2)
      expect(taken).toBeLessThan((halves * wholeDay) / 2 + wholeDay)
    }),
  )
})

it('takes out what comes after a return, and never gives days back', () => {
  fc.assert(
    fc.property(given, days, minutes, ({ span, type, more, rhythm }, day, minute) => {
      const { days: counted } = countLeave(span, type, ruled(more), rhythm)
      const left = until(counted, { day, minute }, type, ruled(more), rhythm)
      for (const one of left) {
        const before = counted.find(other => other.day === one.day)
        expect(before && one.share <= before.share).toBe(true)
        expect(one.day < day || (one.day === day && minute > one.from)).toBe(true)
      }
      expect(until(left, { day, minute }, type, ruled(more), rhythm)).toEqual(left)
    }),
  )
})

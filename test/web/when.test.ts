import { describe, expect, it } from 'vitest'
import {
  aheadWords,
  dateOf,
  momentWords,
  needsMoment,
  nextHour,
  nextMorning,
  secondsOf,
  timeOf,
  weekdayOf,
} from '../../src/web/sandbox/when.ts'

const at = (iso: string): number => Date.parse(iso)
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('clock words', () => {
  it('tells China time whatever zone the machine is in', () => {
    const late = at('2026-11-23T16:05:09Z')
    expect(timeOf(late)).toBe('0:05')
    expect(secondsOf(late)).toBe('00:05:09')
    expect(dateOf(late)).toBe('11月24日')
    expect(weekdayOf(late)).toBe('周二')
  })

  it.each([
    [0, ''],
    [59_999, ''],
    [5 * MINUTE, '快 5 分'],
    [2 * HOUR, '快 2 小时'],
    [2 * HOUR + 5 * MINUTE, '快 2 小时 5 分'],
    [24 * HOUR + 3 * HOUR + MINUTE, '快 1 天 3 小时'],
  ])('says how far ahead %d ms is', (ms, words) => {
    expect(aheadWords(ms)).toBe(words)
  })
})

describe('momentWords', () => {
  const now = at('2026-11-25T14:05:00+08:00') // a Wednesday

  it.each([
    ['2026-11-25T00:00:00+08:00', '0:00'],
    ['2026-11-24T23:59:00+08:00', '昨天 23:59'],
    ['2026-11-23T08:30:00+08:00', '周一 8:30'],
    ['2026-11-22T08:30:00+08:00', '11月22日 8:30'],
    ['2025-11-23T08:30:00+08:00', '2025年11月23日 8:30'],
    ['2026-11-27T08:30:00+08:00', '11月27日 8:30'],
  ])('%s is %s', (iso, words) => {
    expect(momentWords(at(iso), now)).toBe(words)
  })

  it('separates after five quiet minutes and at midnight', () => {
    expect(needsMoment(undefined, now)).toBe(true)
    expect(needsMoment(now - 5 * MINUTE + 1, now)).toBe(false)
    expect(needsMoment(now - 5 * MINUTE, now)).toBe(true)
    expect(needsMoment(at('2026-11-24T23:59:00+08:00'), at('2026-11-25T00:01:00+08:00'))).toBe(true)
  })
})

describe('moving on', () => {
  it('goes to the next calendar day, not to the next 8:30', () => {
    expect(nextMorning(at('2026-11-25T00:10:00+08:00'))).toBe(at('2026-11-26T08:30:00+08:00'))
    expect(nextMorning(at('2026-11-25T23:50:00+08:00'))).toBe(at('2026-11-26T08:30:00+08:00'))
    expect(nextMorning(at('2026-12-31T12:00:00+08:00'))).toBe(at('2027-01-01T08:30:00+08:00'))
  })

  it('finds the next time it is nine', () => {
    expect(nextHour(at('2026-11-25T07:00:00+08:00'), 9)).toBe(at('2026-11-25T09:00:00+08:00'))
    expect(nextHour(at('2026-11-25T09:00:00+08:00'), 9)).toBe(at('2026-11-26T09:00:00+08:00'))
  })
})

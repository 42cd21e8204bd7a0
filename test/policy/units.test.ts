import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDuration, readTimeOfDay, writeDuration } from '../../src/policy/units.ts'

describe('durations', () => {
  it.each([
    ['30m', 30],
    ['0m', 0],
    ['2h', 120],
    ['1h30m', 90],
    ['3d', 4320],
    ['1d 2h', 1560],
    ['20分钟', 20],
    ['2小时', 120],
    ['3天', 4320],
  ])('%s', (text, minutes) => {
    expect(readDuration(text)).toBe(minutes * 60_000)
  })

  it.each(['', '30', 'm', '-5m', '1.5h', '30s', '2h ago', '400d', '30m2h'])('refuses "%s"', text => {
    expect(readDuration(text)).toBeNull()
  })

  it('writes what it reads', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), minutes => {
        expect(readDuration(writeDuration(minutes * 60_000))).toBe(minutes * 60_000)
      }),
    )
  })
})

describe('times of day', () => {
  it.each([
    ['00:00', 0],
    ['08:30', 510],
    ['8:30', 510],
    ['24:00', 1440],
  ])('%s', (text, minutes) => {
    expect(readTimeOfDay(text)).toBe(minutes)
  })

  it.each(['24:01', '08:60', '0830', '8', '-1:00', '25:00'])('refuses %s', text => {
    expect(readTimeOfDay(text)).toBeNull()
  })
})

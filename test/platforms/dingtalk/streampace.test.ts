import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, Pace, spacingMs } from '../../../src/platforms/dingtalk/stream/pace.ts'

const chance = fc.double({ min: 0, max: 1, noNaN: true })

describe('backoff', () => {
  it('doubles from one second to one minute', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 50, 5_000].map(failures => backoff(failures, 0) / 1_000)).toEqual([
      1, 2, 4, 8, 16, 32, 60, 60, 60, 60,
    ])
  })

  it('takes at most a half away by chance, never adds, never falls with more failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), chance, (failures, by) => {
        const full = backoff(failures, 0)
        expect(backoff(failures, by)).toBeGreaterThanOrEqual(full / 2)
        expect(backoff(failures, by)).toBeLessThanOrEqual(full)
        expect(backoff(failures + 1, by)).toBeGreaterThanOrEqual(backoff(failures, by))
        expect(full).toBeLessThanOrEqual(60_000)
      }),
    )
  })
})

describe('the pace', () => {
  it('keeps two attempts a second apart, also when nothing failed', () => {
    const pace = new Pace(() => 0)
    expect(pace.remaining(5_000)).toBe(0)
    pace.begin(5_000)
    expect(pace.remaining(5_400)).toBe(600)
    expect(pace.remaining(5_000 + spacingMs)).toBe(0)
  })

  it('begins again after a proof, and lets a wait that began run out', () => {
    const pace = new Pace(() => 0)
    for (let failures = 0; failures < 4; failures++) pace.fail(0)
    expect(pace.remaining(0)).toBe(8_000)
    pace.prove()
    expect(pace.remaining(0)).toBe(8_000)
    pace.fail(8_000)
    expect(pace.remaining(8_000)).toBe(1_000)
  })

  it('is not shortened by anything', () => {
    const act = fc.record({
      what: fc.constantFrom('begin', 'fail', 'prove', 'hold'),
      after: fc.nat(70_000),
      by: chance,
    })
    fc.assert(
      fc.property(fc.array(act), acts => {
        let now = 1_000_000
        let by = 0
        const pace = new Pace(() => by)
        for (const act of acts) {
          now += act.after
          by = act.by
          const before = pace.remaining(now)
          if (act.what === 'hold') pace.hold(now, 600_000)
          else pace[act.what](now)
          expect(pace.remaining(now)).toBeGreaterThanOrEqual(before)
          expect(pace.remaining(now)).toBeLessThanOrEqual(600_000)
        }
      }),
    )
  })

  it('does not wait for hours when the machine’s clock is set back', () => {
    const pace = new Pace(() => 0)
    pace.fail(10_000_000)
    expect(pace.remaining(1_000)).toBe(0)
    pace.begin(1_000)
    expect(pace.remaining(1_000)).toBe(spacingMs)
    expect(pace.remaining(1_000 + spacingMs)).toBe(0)
  })
})

import { expect, it } from 'vitest'
import type { Clock } from '../../src/now.ts'
import { Gates } from '../../src/platforms/gates.ts'

function gates() {
  let now = new Date('2026-11-24T09:00:00+08:00')
  const clock: Clock = { now: () => now }
  return { gates: new Gates(clock), pass: (ms: number) => (now = new Date(now.getTime() + ms)) }
}

const shown = { what: 'shut out', fix: 'see who else asks' }

it('stays closed when a call that was under way before comes through', () => {
  const { gates: made, pass } = gates()
  made.close('network', { code: 'banned', waitMs: 300_000, shown })
  made.open('network')
  expect(made.remaining('network', 'banned')).toBe(300_000)
  expect(() => made.check('network')).toThrow('not asked again yet')
  pass(300_000)
  expect(() => made.check('network')).not.toThrow()
  expect(made.problems()).toHaveLength(1)
  made.open('network')
  expect(made.problems()).toEqual([])
})

it('is forgotten by the first call that comes through where there is nothing to wait for', () => {
  const { gates: made } = gates()
  for (const times of [1, 2]) {
    made.close('network', { code: 'unreachable', waitMs: 0 })
    expect(made.times('network')).toBe(times)
  }
  made.open('network')
  expect(made.times('network')).toBe(0)
})

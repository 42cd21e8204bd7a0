import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MovableClock } from '../../../src/now.ts'
import { Meter, monthOf } from '../../../src/platforms/dingtalk/meter.ts'
import { hour, keptLog, memoryMeters, minute } from './help.ts'

const lastMoment = new Date('2026-11-30T15:59:59Z')

function made(meters = memoryMeters(), at = new Date('2026-11-20T02:00:00Z'), limits = { calls: 100, pushes: 50 }) {
  const clock = new MovableClock()
  clock.freeze(at)
  const log = keptLog()
  const meter = new Meter(limits, { meters, clock, log })
  const used = async () => (await meter.quotas()).map(({ kind, used: count }) => `${kind} ${count}`).join(', ')
  return { meter, meters, clock, log, used }
}

describe('a month', () => {
  it.each([
    ['2026-11-30T15:59:59Z', '2026-11'],
    ['2026-11-30T16:00:00Z', '2026-12'],
    ['2026-12-31T15:59:59.999Z', '2026-12'],
    ['2026-12-31T16:00:00Z', '2027-01'],
    ['2028-02-29T15:59:59Z', '2028-02'],
  ])('is one of Shanghai: %s is in %s', (at, month) => {
    expect(monthOf(new Date(at))).toBe(month)
  })

  it('begins at nothing, and the old one stays as it was', async () => {
    const { meter, meters, clock, used } = made(memoryMeters(), lastMoment)
    await meter.count('calls')
    await meter.count('pushes')
    expect(await used()).toBe('calls 1, pushes 1')
    clock.forward(1_000)
    expect(await used()).toBe('calls 0, pushes 0')
    expect((await meter.quotas())[0]).toEqual({ kind: 'calls', month: '2026-12', used: 0, limit: 100 })
    await meter.count('calls')
    expect(Object.fromEntries(meters.shown)).toEqual({
      'dingtalk:calls:2026-11': 1,
      'dingtalk:pushes:2026-11': 1,
      'dingtalk:calls:2026-12': 1,
    })
  })

  it('ends the refusals of the one before', async () => {
    const { meter, clock } = made(memoryMeters(), lastMoment)
    await meter.refused('calls')
    await meter.refused('pushes')
    expect([meter.refusedFor('calls'), meter.share('calls')]).toEqual([hour, 1])
    clock.forward(1_000)
    expect([meter.refusedFor('calls'), meter.refusedFor('pushes'), meter.share('calls')]).toEqual([0, 0, 0])
    expect(meter.why('calls')).toBe('0 % of 100 calls of 2026-12 are used')
  })
})

describe('a meter', () => {
  it('is shared by several instances', async () => {
    const meters = memoryMeters()
    const [one, two] = [made(meters), made(meters)]
    for (let n = 0; n < 3; n++) await one.meter.count('calls')
    await two.meter.count('calls')
    expect(two.meter.share('calls')).toBe(0.04)
    expect(one.meter.share('calls'), 'from memory').toBe(0.03)
    expect(await one.used()).toBe('calls 4, pushes 0')
    await two.meter.count('pushes')
    expect(await one.used(), 'read a moment ago').toBe('calls 4, pushes 0')
    one.clock.forward(30_000)
    expect(await one.used()).toBe('calls 4, pushes 1')
  })

  it('adds up whoever counts, in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom('calls', 'pushes')), { maxLength: 40 }),
        async given => {
          const meters = memoryMeters()
          const [one, two] = [made(meters), made(meters)]
          for (const [first, kind] of given) await (first ? one : two).meter.count(kind as 'calls' | 'pushes')
          const count = (kind: string) => given.filter(([, given]) => given === kind).length
          expect(await one.used()).toBe(`calls ${count('calls')}, pushes ${count('pushes')}`)
          expect(await two.used()).toBe(`calls ${count('calls')}, pushes ${count('pushes')}`)
        },
      ),
    )
  })

  it('knows from a refusal that more was used than it counted', async () => {
    const meters = memoryMeters()
    const [one, two] = [made(meters), made(meters)]
    await one.meter.count('calls')
    await one.meter.refused('calls')
    expect(await two.used()).toBe('calls 100, pushes 0')
    expect(one.meter.why('calls')).toBe('100 % of 100 calls of 2026-11 are used')
  })

  it('is never lowered by a refusal', async () => {
    const { meter, used } = made(memoryMeters(), undefined, { calls: 2, pushes: 1 })
    for (let n = 0; n < 5; n++) await meter.count('calls')
    await meter.refused('calls')
    expect(meter.share('calls')).toBe(2.5)
    expect(await used()).toBe('calls 5, pushes 0')
  })

  it('lets it be asked again an hour after a refusal, or when something went through', async () => {
    const { meter, clock } = made()
    await meter.refused('calls')
    expect(meter.refusedFor('calls')).toBe(hour)
    clock.forward(hour - 1)
    expect(meter.refusedFor('calls')).toBe(1)
    clock.forward(1)
    expect(meter.refusedFor('calls')).toBe(0)
    await meter.refused('calls')
    await meter.refused('pushes')
    meter.granted('calls')
    expect([meter.refusedFor('calls'), meter.refusedFor('pushes')]).toEqual([0, hour])
  })

  it('that cannot be kept holds up nothing, and counts on from memory', async () => {
    const { meter, meters, log, clock, used } = made()
    await meter.count('calls')
    meters.state.broken = true
    await meter.count('calls')
    await meter.count('calls')
    await meter.refused('pushes')
    expect(meter.share('calls')).toBe(0.03)
    expect(meter.refusedFor('pushes')).toBe(hour)
    clock.forward(minute)
    expect(await used()).toBe('calls 3, pushes 50')
    expect(log.lines.join('\n')).toContain('a meter could not be kept')
    expect(log.lines.join('\n')).not.toContain('the database is away')
    meters.state.broken = false
    await meter.count('calls')
    expect(meter.share('calls'), 'what was seen is not forgotten').toBe(0.03)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Pacer, perSecond } from '../../../src/platforms/dingtalk/pacer.ts'

/** Time moved by hand; an alarm goes off at its moment, the earlier set one first. */
class Time {
  ms = 0
  private alarms: Array<{ work: () => void; at: number }> = []

  readonly set = (work: () => void, ms: number) => {
    this.alarms.push({ work, at: this.ms + ms })
    return () => {}
  }

  async to(end: number): Promise<void> {
    for (;;) {
      const next = this.alarms.reduce<(typeof this.alarms)[0] | undefined>(
        (first, one) => (one.at <= end && (!first || one.at < first.at) ? one : first),
        undefined,
      )
      if (!next) break
      this.alarms = this.alarms.filter(one => one !== next)
      this.ms = next.at
      next.work()
      await settled()
    }
    this.ms = end
  }
}

const settled = async () => {
  for (let turn = 0; turn < 3; turn++) await Promise.resolve()
}

/** Calls that arrive after these pauses; resolves to when each started, in the order they started. */
async function starts(arrivals: ReadonlyArray<{ after: number; api: string }>) {
  const time = new Time()
  const pacer = new Pacer(time, () => time.ms)
  const begun: Array<{ call: number; api: string; at: number }> = []
  for (const [call, { after, api }] of arrivals.entries()) {
    await time.to(time.ms + after)
    void pacer.slot(api).then(() => begun.push({ call, api, at: time.ms }))
    await settled()
  }
  await time.to(time.ms + 60_000)
  return begun
}

const pauses = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 900, max: 1_100 }) },
)
const arrivals = fc.array(fc.record({ after: pauses, api: fc.constantFrom('a', 'a', 'a', 'b') }), {
  ...{ size: 'max', maxLength: 120 },
})

describe('the pacer', () => {
  it('never lets more than 15 calls of one API start within any second, and loses none', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async given => {
        const begun = await starts(given)
        expect(begun).toHaveLength(given.length)
        for (const api of ['a', 'b']) {
          const times = begun.filter(one => one.api === api).map(({ at }) => at)
          for (const [n, at] of times.entries()) {
            const sixteenth = times[n + perSecond]
            if (sixteenth !== undefined) expect(sixteenth - at).toBeGreaterThanOrEqual(1_000)
          }
        }
      }),
    )
    expect(perSecond).toBe(15)
  })

  it('keeps the order they came in, within one API', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async given => {
        const begun = await starts(given)
        for (const api of ['a', 'b']) {
          const calls = begun.filter(one => one.api === api).map(({ call }) => call)
          expect(calls).toEqual([...calls].sort((one, other) => one - other))
        }
      }),
    )
  })

  it('makes nobody wait without need', async () => {
    const burst = await starts(Array.from({ length: 32 }, () => ({ after: 0, api: 'a' })))
    expect(burst.map(({ at }) => at)).toEqual([
      ...Array.from({ length: 15 }, () => 0),
      ...Array.from({ length: 15 }, () => 1_000),
      ...[2_000, 2_000],
    ])
    const steady = await starts(Array.from({ length: 40 }, () => ({ after: 67, api: 'a' })))
    expect(steady.map(({ at }) => at)).toEqual(Array.from({ length: 40 }, (_, n) => (n + 1) * 67))
  })

  it('lets the calls of one API not hold up those of another', async () => {
    const begun = await starts([...Array.from({ length: 40 }, () => ({ after: 0, api: 'a' })), { after: 0, api: 'b' }])
    expect(begun.find(({ api }) => api === 'b')?.at).toBe(0)
  })
})

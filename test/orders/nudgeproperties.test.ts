import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import type { Fact, FactBody, OrderFields } from '../../src/orders/fact.ts'
import { afterQuiet, type DueStep, inQuiet, nextLook, stepsDue, toldSteps } from '../../src/orders/nudges.ts'
import { replay } from '../../src/orders/order.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { created } from './journal.ts'
import { added, begins, heard, orders, policies, type Said, talks } from './plausible.ts'

const timeOfDay = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

const limit = fc.oneof(
  fc.constantFrom('3h', '26h', '3d').map(within => ({ within })),
  fc.constantFrom('3h', '11h').map(within => ({ within, basis: 'working' })),
  fc.integer({ min: 1, max: 3 }).map(workdays => ({ workdays })),
  fc.constantFrom('当日下班', '次日12:00', '次工作日09:30').map(until => ({ until })),
  fc.constantFrom('当日下班', '次日12:00').map(until => ({ until, latest: '20h' })),
)

const roles = ['technician', 'dispatcher', 'manager'] as const
const tell = fc.uniqueArray(fc.constantFrom(...roles), { minLength: 1 })
const later = fc.uniqueArray(fc.constantFrom('0m', '1m', '15m', '1h', '5h', '1d'), { maxLength: 4 })
const hours = (text: string): number => Number.parseFloat(text) * { m: 1 / 60, h: 1, d: 24 }[text.slice(-1) as 'm']

/** A rule of a kind, with any warnings and steps after it that a policy may have. */
const rule = (kind: string, start: string[], stop: string[]) =>
  fc
    .record({
      limit,
      warn: fc.uniqueArray(fc.constantFrom('10m', '1h', '2h', '20%', '80%', '99%'), { maxLength: 4 }),
      overdue: later,
      tell,
      takeBack: fc.boolean(),
      appointment: fc.constantFrom('replaces', 'ignored'),
      restartOnReassign: fc.boolean(),
      pauses: fc.uniqueArray(fc.constantFrom('parts', 'majorRepair', 'customer', 'other')),
    })
    .map(({ limit: long, warn, overdue, tell: whom, takeBack, ...rest }) => {
      const chain = overdue.sort((a, b) => hours(a) - hours(b)).map(after => ({ after, tell: whom }))
      const back = kind === 'accept' && takeBack ? [{ after: '2d', tell: whom, takeBack: true }] : []
      return { kind, start, stop, ...rest, ...long, warn, overdue: [...chain, ...back] }
    })

const done = ['completed', 'emptyRun']
const made: fc.Arbitrary<Policy> = fc
  .record({
    quiet: fc.option(fc.tuple(fc.integer({ min: 0, max: 95 }), fc.integer({ min: 0, max: 95 }))),
    zone: fc.constantFrom('Asia/Shanghai', 'Asia/Shanghai', 'Europe/Berlin'),
    days: fc.constantFrom([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6, 7], [6]),
    holidays: fc.constantFrom('china', 'none'),
    clocks: fc.tuple(
      rule('accept', ['dispatched'], ['accepted', 'contacted', ...done]),
      rule('contact', ['dispatched', 'accepted'], ['contacted', 'arrived', ...done]),
      rule('complete', ['dispatched'], done),
      rule('report', done, ['reported']),
    ),
  })
  .map(({ quiet, ...rest }) => {
    const [from, to] = quiet ?? [0, 0]
    const quietHours = { from: timeOfDay(from * 15), to: timeOfDay(to * 15) }
    const policy = { name: 'made', version: 1, ...rest, ...(from !== to && { quietHours }) }
    const { calendar, ...shape } = { calendar: { holidays: rest.holidays }, ...policy, holidays: undefined }
    return readPolicy(JSON.stringify({ ...shape, calendar }), 'made.yaml')
  })

const rules = fc.oneof(
  { weight: 3, arbitrary: made },
  { weight: 1, arbitrary: fc.constantFrom(...policies.map(([, policy]) => policy)) },
)

interface Life {
  policy: Policy
  begin: number
  talk: Said[]
  /** Milliseconds that the machine is late each time it looks. */
  lag: number
}

interface Look {
  now: Date
  urgent: boolean
  found: Array<{ clock: ClockView; steps: DueStep[] }>
  /** The journal with what was told now. */
  after: Fact[]
}

/** What the sweep finds while people talk about an order, until a week after the last word. */
function lived({ policy, begin, talk, lag }: Life, order: OrderFields): Look[] {
  const looks: Look[] = []
  let facts = added([], begin, null, [created(order), { fact: 'dispatched', to: 'zhang' }])
  let at = begin
  const nextAt = (): number => {
    const { urgent } = replay(facts)
    const all = clocksOf(facts, policy, new Date(at)).flatMap(
      clock => nextLook(clock, policy, new Date(at), toldSteps(facts), { urgent })?.at.getTime() ?? [],
    )
    expect(Math.min(...all), 'a look before now').toBeGreaterThanOrEqual(at)
    return Math.min(...all) + lag
  }
  const lookUntil = (end: number): void => {
    for (let wanted = nextAt(); wanted <= end; wanted = nextAt()) {
      expect(looks.length, 'looks without end').toBeLessThan(300)
      at = wanted
      const now = new Date(at)
      const { urgent } = replay(facts)
      const told = toldSteps(facts)
      const found = clocksOf(facts, policy, now).map(clock => {
        return { clock, steps: stepsDue(clock, policy, now, told, { urgent }) }
      })
      const bodies = found.flatMap(({ clock, steps }) =>
        steps.map(({ step }): FactBody => ({ fact: 'reminded', clock: clock.kind, step, to: 'x' })),
      )
      facts = added(facts, at, null, bodies)
      looks.push({ now, urgent, found, after: facts })
    }
  }
  for (const said of talk) {
    lookUntil(at + said.wait)
    at += said.wait
    facts = heard(facts, said, at)
  }
  lookUntil(at + 7 * 86_400_000)
  return looks
}

const lives = fc.record({
  policy: rules,
  begin: begins,
  talk: talks(8),
  // A service that is a little late each time, or was off for hours.
  lag: fc.constantFrom(0, 0, 1500, 600_000, 30_000_000),
})

const holds = (law: (looks: Look[], life: Life) => void): void =>
  fc.assert(
    fc.property(lives, orders, (life, order) => law(lived(life, order), life)),
    { numRuns: 120 },
  )

it('what was told is not due again at the same moment, and the next look is later', () => {
  holds((looks, { policy }) => {
    for (const { after, now, urgent } of looks) {
      const told = toldSteps(after)
      for (const clock of clocksOf(after, policy, now)) {
        expect(stepsDue(clock, policy, now, told, { urgent })).toEqual([])
        const next = nextLook(clock, policy, now, told, { urgent })
        expect(next === null || next.at > now).toBe(true)
      }
    }
  })
})

it('nobody is told twice of a step under one due time, nor warned twice of a limit that was only suspended', () => {
  holds(looks => {
    const told = new Set<string>()
    for (const { clock, steps } of looks.flatMap(look => look.found))
      for (const { step, kind } of steps) {
        const { startedBy, dueAt, appointedBy, rule: by } = clock
        const keys = [`${clock.kind} ${startedBy} ${step} ${dueAt?.toISOString()}`]
        if (kind === 'warn' && by.limit.form === 'elapsed')
          keys.push(`${clock.kind} ${startedBy} ${step} of ${appointedBy}`)
        for (const key of keys) expect(told.has(key), key).toBe(false)
        for (const key of keys) told.add(key)
      }
  })
})

it('warnings come before due, steps after it, none while it waits or is over, none in quiet hours', () => {
  holds((looks, { policy }) => {
    for (const { found, now, urgent } of looks) {
      const quiet = inQuiet(policy, now)
      expect(afterQuiet(policy, now) > now).toBe(quiet)
      if (quiet && !urgent) expect(found.flatMap(({ steps }) => steps)).toEqual([])
      for (const { clock, steps } of found)
        for (const { kind, tell: whom } of steps) {
          expect(['running', 'late']).toContain(clock.state)
          expect(Math.sign(now.getTime() - (clock.dueAt?.getTime() ?? 0)) || 0).not.toBe(kind === 'warn' ? 1 : -1)
          expect(whom.length).toBeGreaterThan(0)
        }
    }
  })
})

it('who looks in time finds something at every look', () => {
  holds((looks, life) => {
    if (life.lag > 0) return
    for (const { found } of looks) expect(found.flatMap(({ steps }) => steps).length).toBeGreaterThan(0)
  })
})

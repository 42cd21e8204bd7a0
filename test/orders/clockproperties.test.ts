import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockRows } from '../../src/orders/clockrows.ts'
import { type ClockView, clockRunsOf } from '../../src/orders/clocks.ts'
import { explainOrder } from '../../src/orders/explain.ts'
import { type Fact, type FactBody, standing } from '../../src/orders/fact.ts'
import { calendarOf } from '../../src/policy/business.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { dispatched, span } from './journal.ts'
import { added, begins, journals, orders, policies, type Told } from './plausible.ts'

const holds = (law: (told: Told) => void): void => fc.assert(fc.property(journals, law), { numRuns: 60 })

const runs = ({ facts, now }: Told, policy: Policy): ClockView[] => clockRunsOf(facts, policy, now)
const ms = (at: Date | null | undefined): number => at?.getTime() ?? Number.NaN

/** What a run of time that passes took, reckoned from the journal alone: the time it ran, and the time it stood. */
function measured(facts: readonly Fact[], run: ClockView, end: number): { ran: number; stood: number } {
  const sum = { ran: 0, stood: 0 }
  let stands = false
  let before = ms(run.startedAt)
  const pass = (to: number) => {
    sum[stands ? 'stood' : 'ran'] += to - before
    before = to
  }
  for (const fact of standing(facts).filter(({ seq }) => seq > run.startedBy)) {
    if (Date.parse(fact.at) > end || fact.seq > (run.stoppedBy ?? fact.seq)) break
    pass(Date.parse(fact.at))
    if (['resumed', 'dispatched', 'declined', 'withdrawn'].includes(fact.fact)) stands = false
    // What is late already is not made good by a pause.
    if (fact.fact === 'suspended')
      stands = run.rule.pauses.includes(fact.reason) && sum.ran <= (run.limit.ms ?? Number.POSITIVE_INFINITY)
  }
  pass(end)
  return sum
}

describe.each(policies)('by the policy %s', (_, policy) => {
  it('a limit of time that passes is due after it and the pauses, and both make up the time from start to end', () => {
    holds(told => {
      for (const run of runs(told, policy)) {
        if (run.rule.limit.form !== 'elapsed' || run.appointment || run.state === 'exempt') continue
        const { ms: limit = null } = run.limit
        if (limit === null) throw new Error('time that passes has a length')
        const end = ms(run.stoppedAt ?? told.now)
        const { ran, stood } = measured(told.facts, run, end)
        expect(ms(run.startedAt) + ran + stood).toBe(end)
        expect(ms(run.dueAt)).toBe(ms(run.startedAt) + limit + stood)
        const late = ['late', 'missed'].includes(run.state) || run.lateByMs !== undefined
        expect(run.lateByMs ?? 0).toBe(Math.max(0, ran - limit))
        expect(late).toBe(ran > limit)
      }
    })
  })

  it('a limit of working time has just that between start and due, pauses left out', () => {
    const calendar = calendarOf(policy)
    const worked = (from: Date, to: Date) => calendar.workingMs(from, to)
    holds(told => {
      for (const run of runs(told, policy)) {
        const { limit } = run.rule
        if (limit.form !== 'working' || run.appointment || !run.dueAt) continue
        const paused = run.pauses.reduce((sum, { from, to }) => sum + worked(from, to ?? told.now), 0)
        const counted = worked(run.startedAt, run.dueAt) - paused
        if (limit.latestMs === null) expect(counted).toBe(limit.ms)
        else expect(counted).toBeLessThanOrEqual(limit.ms)
      }
    })
  })

  it('due is never before the start, nor later than the latest moment and the pauses', () => {
    holds(told => {
      for (const run of runs(told, policy)) {
        expect(ms(run.dueAt)).toBeGreaterThanOrEqual(ms(run.startedAt))
        const { latestMs } = run.rule.limit
        if (latestMs === null || run.appointment) continue
        const stood = run.pauses.reduce((sum, { from, to }) => sum + ms(to ?? told.now) - ms(from), 0)
        expect(ms(run.dueAt)).toBeLessThanOrEqual(ms(run.startedAt) + latestMs + stood)
      }
    })
  })

  it('a pause never makes anything due earlier', () => {
    holds(told => {
      const unpaused = told.facts.filter(({ fact }) => fact !== 'suspended' && fact !== 'resumed')
      const without = runs({ ...told, facts: unpaused }, policy)
      for (const run of runs(told, policy)) {
        const other = without.find(one => one.rule.kind === run.rule.kind && one.startedBy === run.startedBy)
        expect(ms(run.dueAt)).toBeGreaterThanOrEqual(ms(other?.dueAt))
      }
    })
  })

  it('what is late was due before it ended, and what is not was not', () => {
    holds(told => {
      for (const { state, dueAt, stoppedAt, lateByMs } of runs(told, policy)) {
        const over = ms(stoppedAt ?? told.now) - ms(dueAt)
        if (state === 'late' || state === 'missed') expect([lateByMs, over > 0]).toEqual([over, true])
        if (state === 'met' || state === 'running' || state === 'paused')
          expect([lateByMs, over <= 0]).toEqual([undefined, true])
      }
    })
  })

  it('what is taken back is as if it was never said', () => {
    fc.assert(
      fc.property(journals, fc.integer({ min: 1, max: 3 }), ({ facts, now }, count) => {
        const gone = standing(facts).slice(2).slice(-count)
        const undone = added(
          facts,
          now.getTime(),
          'zhang',
          gone.map(({ seq }) => ({ fact: 'undone', undoes: seq })),
        )
        const never = facts.filter(fact => !gone.includes(fact))
        expect(clockRows(policy, now)(undone)).toEqual(clockRows(policy, now)(never))
      }),
    )
  })

  it('an explanation names the order and fits into a message', () => {
    holds(({ facts, now }) => {
      const told = explainOrder('1024', facts, policy, now, id => id)
      expect(told.startsWith('1024 ')).toBe(true)
      expect(told).not.toMatch(/undefined|NaN|null|Invalid/)
      expect(Buffer.byteLength(told)).toBeLessThanOrEqual(1800)
    })
  })
})

/** What no conversation leads to: a journal of anything in any order, on a machine whose clock goes back and forth. */
const wild: FactBody[] = [
  ...[dispatched('zhang'), dispatched('li'), { fact: 'accepted' } as const, { fact: 'contacted' } as const],
  { fact: 'contacted', appointment: span('26 14:00', '26 16:00') },
  { fact: 'appointed', appointment: span('2027-01-26 14:00') },
  { fact: 'appointed', appointment: span('2020-01-26 14:00', '2020-01-25 14:00') },
  ...(['parts', 'other'] as const).map(reason => ({ fact: 'suspended', reason, note: '' }) as const),
  ...[{ fact: 'resumed' } as const, { fact: 'arrived' } as const, { fact: 'emptyRun' } as const],
  ...[{ fact: 'completed', result: '' } as const, { fact: 'closed' } as const, { fact: 'reported' } as const],
  { fact: 'withdrawn', from: 'zhang', reason: '' },
  { fact: 'cancelled', reason: '' },
  ...[{ fact: 'unreachable' } as const, { fact: 'unreachableConfirmed' } as const, { fact: 'urged' } as const],
  ...[1, 2, 3, 9].map(undoes => ({ fact: 'undone', undoes }) as const),
  { fact: 'reminded', clock: 'complete', step: 'overdue:0m', to: '' },
  { fact: 'reminded', clock: 'contact', step: '80%', to: 'x' },
]

it('any journal at all has sound clocks and an explanation', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom(...wild), fc.integer({ min: -400_000, max: 400_000 })))
  const policy = fc.constantFrom(...policies.map(([, one]) => one))
  fc.assert(
    fc.property(policy, orders, begins, steps, fc.integer(), (by, order, begin, list, seconds) => {
      let at = begin
      let facts = added([], at, null, [{ fact: 'created', order }])
      for (const [body, moved] of list) {
        at += moved * 1000
        facts = added(facts, at, 'zhang', [body])
      }
      const now = new Date(begin + (seconds % 10_000_000) * 1000)
      const told = explainOrder('1024', facts, by, now, id => id)
      expect(told.startsWith('1024 ')).toBe(true)
      expect(told).not.toMatch(/undefined|NaN|null|Invalid|-\d/)
      // A machine whose clock was set back says what it said then.
      const last = new Date(facts.at(-1)?.at ?? begin)
      if (now < last) expect(told).toBe(explainOrder('1024', facts, by, last, id => id))
      for (const { startedAt, dueAt, stoppedAt, lateByMs, pauses } of clockRunsOf(facts, by, now)) {
        expect(ms(dueAt)).toBeGreaterThanOrEqual(ms(startedAt))
        if (stoppedAt) expect(ms(stoppedAt)).toBeGreaterThanOrEqual(ms(startedAt))
        if (lateByMs !== undefined) expect(lateByMs).toBeGreaterThan(0)
        for (const { from, to } of pauses) expect(ms(to ?? from)).toBeGreaterThanOrEqual(ms(from))
      }
    }),
    { numRuns: 150 },
  )
})

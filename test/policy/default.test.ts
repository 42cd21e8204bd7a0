import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { defaultDayParts } from '../../src/chat/when.ts'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import type { ClockKind, Fact, FactBody, OrderFields } from '../../src/orders/fact.ts'
import { nextDaily, nextLook, stepsDue, type toldSteps } from '../../src/orders/nudges.ts'
import { loadPacks } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { created, dispatched, journal, span, t } from '../orders/journal.ts'

const packs = fileURLToPath(new URL('../../src/policy/packs/', import.meta.url))
const policy = loadPacks(packs).get('default') as Policy

const clock = (kind: ClockKind, facts: readonly Fact[], now: string): ClockView =>
  clocksOf(facts, policy, t(now)).find(one => one.kind === kind) as ClockView

const order = (kind: OrderFields['kind'], ...more: Array<[string, FactBody]>): Fact[] =>
  journal(['25 08:55', created({ kind })], ['25 09:00', dispatched()], ...more)

/** Every step of a clock in daytime, each told in its turn: `[time, step, roles…]`. */
function course(kind: ClockKind, facts: readonly Fact[], from: string): string[][] {
  const told: ReturnType<typeof toldSteps> = []
  const steps: string[][] = []
  for (let now = t(from); ; ) {
    const view = (at: Date) => clocksOf(facts, policy, at).find(one => one.kind === kind) as ClockView
    const look = nextLook(view(now), policy, now, told)
    if (!look) return steps
    now = look.at
    const [due] = stepsDue(view(now), policy, now, told)
    if (!due) throw new Error('looked for nothing')
    const minutes = String((now.getTime() - t('25 09:00').getTime()) / 60_000)
    steps.push([minutes, due.step, ...due.tell, ...(due.takeBack ? ['back'] : [])])
    told.push({ clock: kind, step: due.step, at: now, to: 'x' })
  }
}

describe('the default pack', () => {
  it('suits the rest of the program', () => {
    expect(policy).toMatchObject({
      name: 'default',
      zone: 'Asia/Shanghai',
      undoWithinMs: 600_000,
      mergeWithinMs: 120_000,
      replyHoldsMs: 1_800_000,
      nudgeDays: 'all',
    })
    expect(policy.dayParts).toEqual(defaultDayParts)
    expect(nextDaily(policy, 'digest', t('25 07:00'))).toEqual(t('25 08:30'))
    expect(nextDaily(policy, 'evening', t('29 07:00'))).toEqual(t('29 17:30'))
    expect(nextDaily(policy, 'manager', t('29 07:00'))).toEqual(t('29 18:30'))
    expect(policy).toMatchObject({ weekly: { day: 1, at: 540 }, targets: { onTime: 0.9 } })
  })

  it('is written to be changed: every setting has a comment above it', () => {
    const text = readFileSync(`${packs}default.yaml`, 'utf8')
    const all = [
      'hours',
      'dayParts',
      'clocks',
      'quietHours',
      'nudges',
      'daily',
      'weekly',
      'targets',
      'rework',
      'complaints',
    ]
    for (const key of [...all, 'suspend', 'undo']) expect(text).toMatch(new RegExp(`# .*\\n${key}:`))
  })

  it.each([
    ['accept', 'install', '25 09:15'],
    ['contact', 'install', '25 11:00'],
    ['contact', 'complaint', '25 11:00'],
    ['contact', 'repair', '25 09:30'],
    ['complete', 'install', '26 09:00'],
    ['complete', 'repair', '26 09:00'],
  ] as const)('%s of an %s dispatched 25 09:00 is due %s, to the second', (kind, job, due) => {
    const stop: FactBody = {
      accept: { fact: 'accepted' },
      contact: { fact: 'contacted' },
      complete: { fact: 'completed', result: '' },
    }[kind] as FactBody
    expect(clock(kind, order(job), '25 09:00').dueAt).toEqual(t(due))
    expect(clock(kind, order(job, [due, stop]), '27 09:00').state).toBe('met')
    expect(clock(kind, order(job, [`${due}:01`, stop]), '27 09:00')).toMatchObject({ state: 'missed', lateByMs: 1000 })
  })

  it.each([
    [
      'accept',
      'install',
      [
        ['10', 'warn:5m', 'technician'],
        ['15', 'overdue:0m', 'technician', 'dispatcher'],
        ['30', 'overdue:15m', 'dispatcher', 'back'],
      ],
    ],
    [
      'contact',
      'install',
      [
        ['90', 'warn:30m', 'technician'],
        ['120', 'overdue:0m', 'technician'],
        ['135', 'overdue:15m', 'technician', 'dispatcher'],
        ['180', 'overdue:1h', 'technician', 'dispatcher', 'manager'],
      ],
    ],
    [
      'contact',
      'repair',
      [
        ['20', 'warn:10m', 'technician'],
        ['30', 'overdue:0m', 'technician'],
        ['45', 'overdue:15m', 'technician', 'dispatcher'],
        ['90', 'overdue:1h', 'technician', 'dispatcher', 'manager'],
      ],
    ],
    [
      'complete',
      'install',
      [
        // 80 % is 04:12 at night: told at 07:30.
        ['1350', 'warn:80%', 'technician'],
        ['1410', 'warn:30m', 'technician'],
        ['1440', 'overdue:0m', 'technician'],
        ['1455', 'overdue:15m', 'technician', 'dispatcher'],
        ['1500', 'overdue:1h', 'technician', 'dispatcher', 'manager'],
      ],
    ],
  ] as const)('the course of %s of an %s nobody answers', (kind, job, steps) => {
    expect(course(kind, order(job), '25 09:00')).toEqual(steps)
  })

  it('dispatch restarts when it is taken back, contact and accept with a new technician, completion does not', () => {
    const facts = order(
      'install',
      ['25 10:30', { fact: 'withdrawn', from: 'zhang', reason: '改派' }],
      ['25 10:40', dispatched('li')],
    )
    expect(clocksOf(facts, policy, t('25 10:40')).map(one => [one.kind, one.dueAt])).toEqual([
      ['dispatch', t('25 11:00')],
      ['accept', t('25 10:55')],
      ['contact', t('25 12:40')],
      ['complete', t('26 09:00')],
    ])
  })

  it('completion runs to the agreed time and waits for parts, not for the technician', () => {
    const agreed = order('repair', ['25 09:20', { fact: 'contacted', appointment: span('27 14:00', '27 16:00') }])
    expect(clock('complete', agreed, '25 10:00').dueAt).toEqual(t('27 16:00'))
    for (const [reason, due] of [
      ['parts', '26 11:00'],
      ['majorRepair', '26 11:00'],
      ['customer', '26 11:00'],
      ['other', '26 09:00'],
    ] as const) {
      const facts = order(
        'repair',
        ['25 10:00', { fact: 'suspended', reason, note: '' }],
        ['25 12:00', { fact: 'resumed' }],
      )
      expect(clock('complete', facts, '25 12:00').dueAt).toEqual(t(due))
    }
  })

  it('an unreachable customer reported in time excuses the contact', () => {
    const facts = order('repair', ['25 09:30', { fact: 'unreachable' }], ['25 10:00', { fact: 'unreachableConfirmed' }])
    expect(clock('contact', facts, '25 11:00').state).toBe('exempt')
  })
})

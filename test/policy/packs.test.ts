import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DateTime } from 'luxon'
import { describe, expect, it } from 'vitest'
import { checkAttendance } from '../../src/attendance/attendcase.ts'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import { nextLook, stepsDue, type ToldStep } from '../../src/orders/nudges.ts'
import { checkCase, checkReturn, type PlayedCase, playCase } from '../../src/orders/policycase.ts'
import type { AttendanceRule } from '../../src/policy/attendancerule.ts'
import type { PolicyCase } from '../../src/policy/caserule.ts'
import { loadPacks } from '../../src/policy/load.ts'
import type { ReturnsRule } from '../../src/policy/returnsrule.ts'
import type { ClockRule, Condition, Policy } from '../../src/policy/schema.ts'

const folder = fileURLToPath(new URL('../../src/policy/packs/', import.meta.url))
const policies = loadPacks(folder)
const packs = policies
  .keys()
  .filter(name => name !== 'default')
  .map(name => policies.get(name) as Policy)

/** Those that time orders; attendance alone may be what a pack is about. */
const timed = packs.filter(({ clocks }) => clocks.length > 0)

const minute = 60_000

/** The clocks of a case that it says something of. */
function shownBy(policy: Policy, one: PolicyCase): PlayedCase['clocks'] {
  const { clocks } = playCase(policy, one)
  return one.expect.flatMap(([kind, due]) => (due && clocks.find(each => each.kind === kind)) ?? [])
}

const casesOf = (policy: Policy, rule: ClockRule): PolicyCase[] =>
  policy.cases.filter(one => shownBy(policy, one).some(clock => clock.rule === rule))

/** The policy with the limits of one rule a little different (a day for workdays), each with what was changed. */
function variants(policy: Policy, rule: ClockRule): Array<[what: string, other: Policy]> {
  const { limit } = rule
  const limited = (changed: ClockRule['limit']): Policy => ({
    ...policy,
    clocks: policy.clocks.map(each => (each === rule ? { ...each, limit: changed } : each)),
  })
  const closing = (by: number): Policy => ({
    ...policy,
    hours: policy.hours.map(([from, to], index, { length }) => [from, index === length - 1 ? to + by : to] as const),
  })
  return [1, -1].flatMap((by): Array<[string, Policy]> => {
    const { latestMs } = limit
    const latest: Array<[string, Policy]> =
      latestMs === null ? [] : [[`latest ${by}m`, limited({ ...limit, latestMs: latestMs + by * minute })]]
    if (limit.form === 'workdays') return [[`workdays ${by}`, limited({ ...limit, days: limit.days + by })], ...latest]
    if (limit.form !== 'timeOfDay')
      return [[`within ${by}m`, limited({ ...limit, ms: limit.ms + by * minute })], ...latest]
    if (limit.at === 'closing') return [[`closing ${by}m`, closing(by)], ...latest]
    return [[`until ${by}m`, limited({ ...limit, at: limit.at + by })], ...latest]
  })
}

/** The policy with one thing that a rule says left out, or a bound of its condition moved. */
function without(policy: Policy, rule: ClockRule): Array<[what: string, other: Policy]> {
  const { pauses, start } = rule
  const when: Condition = rule.when ?? {}
  const changed: Array<[what: string, other: Policy]> = []
  const change = (what: string, to: Partial<ClockRule>) =>
    changed.push([what, { ...policy, clocks: policy.clocks.map(each => (each === rule ? { ...each, ...to } : each)) }])
  if (rule.appointment === 'replaces') change('appointment', { appointment: 'ignored' })
  if (rule.restartOnReassign) change('restartOnReassign', { restartOnReassign: false })
  if (rule.exempt.length > 0) change('exempt', { exempt: [] })
  for (const reason of pauses) change(`pauses ${reason}`, { pauses: pauses.filter(other => other !== reason) })
  for (const name of start) change(`start ${name}`, { start: start.filter(other => other !== name) })
  // 12:00 and later is what the rule for the morning leaves: that condition is there for the reader.
  for (const key of Object.keys(when))
    if (key !== 'startedFrom') change(`when.${key}`, { when: { ...when, [key]: undefined } })
  for (const [key, by] of bounds) {
    const bound = when[key]
    if (bound !== undefined) change(`when.${key} by ${by}`, { when: { ...when, [key]: bound + by } })
  }
  return changed
}

/** Bounds of conditions, and which way they can be moved so that some order could tell. */
const bounds = [
  ['maxDistanceKm', 0.1],
  ['maxDistanceKm', -0.1],
  ['minDistanceKm', 0.1],
  ['startedBefore', 1],
  ['startedBefore', -1],
  ['startedFrom', 1],
] as const

function shifted(one: PolicyCase, index: number, by: number): PolicyCase {
  const move = (due: string) => {
    const format = due.split(':').length > 2 ? 'yyyy-MM-dd H:mm:ss' : 'yyyy-MM-dd H:mm'
    return DateTime.fromFormat(due, format).plus({ minutes: by }).toFormat(format)
  }
  return {
    ...one,
    expect: one.expect.map(([kind, due], at) =>
      at === index && due ? [kind, { ...due, due: move(due.due) }] : [kind, due],
    ),
  }
}

/** The rule with one of its numbers moved by one, or one of its words left out, each with what was changed. */
function otherReturns(rule: ReturnsRule): Array<[what: string, other: ReturnsRule]> {
  const { fault = [], noParts, repairerLate, deformed, insteadOfExchange: instead, needs } = rule
  const changed: Array<[what: string, other: ReturnsRule]> = []
  const change = (what: string, more: Partial<ReturnsRule>) => changed.push([what, { ...rule, ...more }])
  const without = <T>(list: readonly T[]) => list.map(one => [one, list.filter(other => other !== one)] as const)
  const period = (index: number, more: Partial<(typeof fault)[number]>) => ({
    fault: fault.map((each, at) => (at === index ? { ...each, ...more } : each)),
  })
  for (const [index, { withinDays, gives }] of fault.entries()) {
    for (const by of [1, -1]) change(`fault[${index}] ${by}`, period(index, { withinDays: withinDays + by }))
    for (const [one, rest] of without(gives)) change(`fault[${index}] ${one}`, period(index, { gives: rest }))
  }
  for (const by of [1, -1]) {
    if (noParts) change(`noParts ${by}`, { noParts: { ...noParts, overDays: noParts.overDays + by } })
    if (repairerLate)
      change(`repairerLate ${by}`, { repairerLate: { ...repairerLate, overDays: repairerLate.overDays + by } })
    const model = instead?.sameModel
    const depreciation = (model?.depreciation ?? 0) + by * 1000
    if (model) change(`1‰ ${by}`, { insteadOfExchange: { ...instead, sameModel: { ...model, depreciation } } })
    const other = instead?.noModel
    if (other && by > 0) change(`noModel ${by}`, { insteadOfExchange: { ...instead, noModel: { depreciation: 1000 } } })
  }
  if (noParts?.inWarranty) change('inWarranty', { noParts: { ...noParts, inWarranty: false } })
  for (const [one, gives] of without(noParts?.gives ?? []))
    if (noParts) change(`noParts ${one}`, { noParts: { ...noParts, gives } })
  for (const [one, gives] of without(repairerLate?.gives ?? []))
    if (repairerLate) change(`repairerLate ${one}`, { repairerLate: { ...repairerLate, gives } })
  for (const [one, gives] of without(deformed?.gives ?? [])) change(`deformed ${one}`, { deformed: { gives } })
  for (const [reason, leaveOut] of without(instead?.sameModel?.leaveOut ?? []))
    if (instead?.sameModel)
      change(`leaveOut ${reason}`, { insteadOfExchange: { ...instead, sameModel: { ...instead.sameModel, leaveOut } } })
  if (instead?.sameModel) {
    const more = { ...instead.sameModel, leaveOut: [...instead.sameModel.leaveOut, 'customer' as const] }
    change('leaveOut of another reason', { insteadOfExchange: { ...instead, sameModel: more } })
    change('anyTime', { insteadOfExchange: { ...instead, sameModel: { ...instead.sameModel, anyTime: true } } })
    change('sameModel', { insteadOfExchange: { ...instead, sameModel: undefined } })
  }
  if (instead?.noModel) change('noModel', { insteadOfExchange: { ...instead, noModel: undefined } })
  for (const [need, rest] of without(needs)) change(`needs ${need}`, { needs: rest })
  return changed
}

/** The rule with one of its numbers moved by one, or one of its parts left out, each with what was changed. */
function otherAttendance(rule: AttendanceRule): Array<[what: string, other: AttendanceRule]> {
  const { late, early, offPost, absence, start, orders } = rule
  const changed: Array<[what: string, other: AttendanceRule]> = []
  const change = (what: string, more: Partial<AttendanceRule>) => changed.push([what, { ...rule, ...more }])
  change('grace', { graceMs: 1000 })
  change('orders', { orders: { ...orders, facts: [] } })
  for (const by of [1, -1]) {
    if (start !== null) change(`start ${by}`, { start: start + by })
    change(`before ${by}m`, { orders: { ...orders, beforeMs: orders.beforeMs + by * minute } })
    for (const key of ['late', 'early', 'offPost', 'absence'] as const) {
      const part = rule[key]
      if (part?.fen) change(`${key} fine ${by}`, { [key]: { ...part, fen: part.fen + by } })
      if (part?.points) change(`${key} points ${by}`, { [key]: { ...part, points: part.points + by } })
    }
    if (late?.per) change(`perAbsence ${by}`, { late: { ...late, per: late.per + by } })
    if (late?.absentAfter) change(`absentAfter ${by}m`, { late: { ...late, absentAfter: late.absentAfter + by } })
    if (offPost?.propose) change(`offPost propose ${by}`, { offPost: { ...offPost, propose: offPost.propose + by } })
    if (absence?.running) change(`running ${by}`, { absence: { ...absence, running: absence.running + by } })
    if (absence?.inMonth) change(`month ${by}`, { absence: { ...absence, inMonth: absence.inMonth + by } })
    if (absence?.wage) {
      const { asked, silent } = absence.wage
      change(`asked ${by}`, { absence: { ...absence, wage: { silent, asked: asked + by } } })
      change(`silent ${by}`, { absence: { ...absence, wage: { asked, silent: silent + by } } })
    }
  }
  if (late) change('late', { late: null })
  if (early) change('early', { early: null })
  if (offPost) change('offPost', { offPost: null })
  if (absence?.fen) change('tooLate costs', { absence: { ...absence, of: ['noShow', 'tooLate'] } })
  return changed
}

/** The text of a pack without its examples. */
const settingsOf = (text: string): string =>
  text
    .split(/^(?=\w+:)/m)
    .filter(section => !/^\w*cases:/i.test(section))
    .join('')

it('there is a pack for every regime of domain.md R2, named by its file', () => {
  expect(timed.map(({ name }) => name)).toEqual([
    'aircon-shop',
    'appliance-dealer',
    'bus-maker',
    'it-project',
    'machinery-maker',
    'retailer',
    'small-appliance',
    'water-purifier',
  ])
  const rows = timed.map(({ name }) => /R2\.\d/.exec(readFileSync(`${folder}${name}.yaml`, 'utf8'))?.[0])
  expect(rows.sort()).toEqual(['R2.1', 'R2.2', 'R2.3', 'R2.4', 'R2.5', 'R2.6', 'R2.7', 'R2.8'])
})

describe.each(packs.map(policy => [policy.name, policy] as const))('the pack %s', (name, policy) => {
  const rules = policy.clocks.map(
    (rule, index) => [`clocks[${index}] ${rule.name}`, rule] as [label: string, rule: ClockRule],
  )

  it('is short enough to be read, and names each case once', () => {
    expect(settingsOf(readFileSync(`${folder}${name}.yaml`, 'utf8')).split('\n').length).toBeLessThanOrEqual(420)
    expect(new Set(policy.cases.map(one => one.name)).size).toBe(policy.cases.length)
  })

  it.each(policy.cases.map(one => [one.name, one] as const))('%s', (_, one) => {
    expect(checkCase(policy, one)).toEqual([])
  })

  it.each(rules)('warns before %s and at last tells the manager (R3.1, R3.2)', (_, { kind, warn, overdue }) => {
    expect(warn.length).toBeGreaterThan(0)
    expect(overdue[0]?.afterMs).toBe(0)
    if (kind === 'accept') expect(overdue.at(-1)?.takeBack).toBe(true)
    else expect(overdue.at(-1)?.tell).toContain('manager')
  })

  it.each(rules)('has cases that stop %s exactly at due, and a second later', (_, rule) => {
    const seen = casesOf(policy, rule)
      .flatMap(one => shownBy(policy, one))
      .filter(clock => clock.rule === rule)
      .map(({ state, stoppedAt, dueAt }) => `${state} ${Number(stoppedAt ?? 0) - Number(dueAt)}`)
    expect(seen).toContain('met 0')
    expect(seen).toContain('missed 1000')
  })

  it.each(rules)('has a case that fails when %s gives a little more or less time', (_, rule) => {
    const changed = variants(policy, rule)
    expect(changed.length).toBeGreaterThanOrEqual(2)
    const unnoticed = changed.filter(([, other]) =>
      casesOf(policy, rule).every(one => checkCase(other, one).length === 0),
    )
    expect(unnoticed.map(([what]) => what)).toEqual([])
  })

  it.each(rules)('has a case for every reason, start, switch and condition of %s', (_, rule) => {
    const unnoticed = without(policy, rule).filter(([, other]) =>
      policy.cases.every(one => checkCase(other, one).length === 0),
    )
    expect(unnoticed.map(([what]) => what)).toEqual([])
  })

  it('has no case that would bear another due time, by one minute', () => {
    const borne = policy.cases.flatMap(one =>
      one.expect.flatMap(([kind, due], index) =>
        [1, -1].flatMap(by =>
          due && checkCase(policy, shifted(one, index, by)).length === 0 ? [`${one.name}: ${kind} ${by}`] : [],
        ),
      ),
    )
    expect(borne).toEqual([])
  })
})

describe.each(packs.flatMap(policy => (policy.returns ? [[policy.name, policy, policy.returns] as const] : [])))(
  'returns and exchanges of %s',
  (_, policy, rule) => {
    it('names each case once', () => {
      expect(new Set(policy.returnCases.map(one => one.name)).size).toBe(policy.returnCases.length)
    })

    it.each(policy.returnCases.map(one => [one.name, one] as const))('%s', (_, one) => {
      expect(checkReturn(policy, one)).toEqual([])
    })

    it('has a case that fails when a number is moved by one, or a word is left out', () => {
      const changed = otherReturns(rule)
      expect(changed.length).toBeGreaterThan(20)
      const unnoticed = changed.filter(([, returns]) =>
        policy.returnCases.every(one => checkReturn({ ...policy, returns }, one).length === 0),
      )
      expect(unnoticed.map(([what]) => what)).toEqual([])
    })

    it('has no case that would bear a fen more or less, or another outcome', () => {
      const borne = policy.returnCases.flatMap(one => {
        const { outcomes, refund } = one.expect
        const others = [
          ...outcomes.map(left => ({ outcomes: outcomes.filter(other => other !== left), refund })),
          ...(['return', 'exchange', 'repair'] as const)
            .filter(more => !outcomes.includes(more))
            .map(more => ({ outcomes: [...outcomes, more], refund })),
          ...(refund === undefined
            ? [{ outcomes, refund: '0.00' }]
            : [1, -1].map(by => ({ outcomes, refund: (Number(refund) + by / 100).toFixed(2) }))),
        ]
        return others
          .filter(expected => checkReturn(policy, { ...one, expect: expected }).length === 0)
          .map(() => one.name)
      })
      expect(borne).toEqual([])
    })
  },
)

describe.each(packs.flatMap(policy => (policy.attendance ? [[policy.name, policy, policy.attendance] as const] : [])))(
  'attendance of %s',
  (name, policy, rule) => {
    it('names each case once', () => {
      expect(new Set(policy.attendanceCases.map(one => one.name)).size).toBe(policy.attendanceCases.length)
    })

    it.each(policy.attendanceCases.map(one => [one.name, one] as const))('%s', (_, one) => {
      expect(checkAttendance(policy, one)).toEqual([])
    })

    it('has a case that fails when a number is moved by one, or a part is left out', () => {
      // Only the AC shop's people go straight to customers.
      const changed = otherAttendance(rule).filter(
        ([what]) => name === 'aircon-shop' || !(what === 'orders' || what.startsWith('before')),
      )
      expect(changed.length).toBeGreaterThan(8)
      const unnoticed = changed.filter(([, attendance]) =>
        policy.attendanceCases.every(one => checkAttendance({ ...policy, attendance }, one).length === 0),
      )
      expect(unnoticed.map(([what]) => what)).toEqual([])
    })

    it('has a case that fails when work ends a minute later', () => {
      if (!rule.early) return expect(name).toBe('aircon-shop')
      const hours = policy.hours.map(([from, to]) => [from, to + 1] as const)
      expect(policy.attendanceCases.some(one => checkAttendance({ ...policy, hours }, one).length > 0)).toBe(true)
    })
  },
)

it('R6.1: what a period is measured by; less than 3 % of complaints is not 3 %', () => {
  const targets = packs.map(policy => [policy.name, policy.targets] as const)
  expect(targets.filter(([, { onTime, complaints }]) => onTime !== null || complaints !== null)).toEqual([
    ['bus-maker', { onTime: 0.9, satisfaction: 0.85, complaints: { share: 0.03, below: true } }],
    ['retailer', { onTime: null, satisfaction: null, complaints: { share: 0.01, below: false } }],
  ])
})

it('R5 and its fines are kept by three packs', () => {
  expect(packs.filter(({ attendance }) => attendance).map(({ name }) => name)).toEqual([
    'aircon-shop',
    'ebike-shop',
    'security',
  ])
})

it('the appliance dealer alone has a rule for returns and exchanges (R13)', () => {
  expect(packs.filter(({ returns }) => returns).map(({ name }) => name)).toEqual(['appliance-dealer'])
})

/** From the start of a clock to the moments at which its manager is told, in hours; nights left aside. */
function managerAfter(kind: ClockRule['kind'], ...facts: string[]): number[] {
  const policy = packs.find(({ name }) => name === 'aircon-shop') as Policy
  const played = playCase(policy, { name: '', order: { kind: 'repair', urgent: false }, facts, expect: [] })
  const at = (now: Date) => clocksOf(played.facts, policy, now).find(each => each.kind === kind) as ClockView
  const hours: number[] = []
  const told: ToldStep[] = []
  for (let now = played.now; ; ) {
    const look = nextLook(at(now), policy, now, told, { urgent: true })
    if (!look) return hours
    now = look.at
    for (const step of stepsDue(at(now), policy, now, told, { urgent: true })) {
      if (step.tell.includes('manager')) hours.push((now.getTime() - at(now).startedAt.getTime()) / 3_600_000)
      told.push({ clock: kind, step: step.step, at: now, to: 'x' })
    }
  }
}

it('the manager of the AC shop hears of what is an incident: 4 h without contact, 24 h and 48 h without completion', () => {
  expect(managerAfter('contact', '2026-11-25 09:00 派单')).toEqual([4])
  for (const time of ['08:00', '11:30', '12:00', '23:30'])
    expect(managerAfter('complete', `2026-11-25 ${time} 派单`)).toEqual([24, 48])
  // With the customer's consent it is late later: due the day after next at 16:00, 31 hours after the limit.
  const agreed = '2026-11-25 09:10 已联系 2026-11-27 14:00-16:00'
  expect(managerAfter('complete', '2026-11-25 09:00 派单', agreed)).toEqual([70, 94])
})

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { AwayDay } from '../../src/leave/away.ts'
import { type CountedDay, countLeave, type LeaveSpan, overlaps, sum, until, wholeDay } from '../../src/leave/count.ts'
import { decideLeave, type LeaveCommand } from '../../src/leave/decide.ts'
import { decidersOf } from '../../src/leave/deciders.ts'
import type { LeaveBody, LeaveFact } from '../../src/leave/fact.ts'
import { daysHeld, recounted } from '../../src/leave/held.ts'
import { longestRun, objectionsTo } from '../../src/leave/limits.ts'
import { periodOf } from '../../src/leave/periods.ts'
import { prepareLeave, standing } from '../../src/leave/prepare.ts'
import { isPending, type LeaveView, replayLeave } from '../../src/leave/request.ts'
import { circle, leavePolicy, person, rhythmOf, ruleOf, typeOf } from './shop.ts'

const policy = leavePolicy(`
  types:
    - { name: 事假, deduct: 1, limits: { per: 月, days: 3 } }
    - { name: 小时假, unit: 小时, deduct: 1, limits: { per: 季, days: 2 } }
    - { name: 农忙假, deduct: 1, limits: [{ per: 季, days: 3 }, { per: 农历年, days: 4 }], atOnce: 1, onEnd: 2 }
  atOnce: 2
  approve: [{ over: 1.5, by: [派工员, 经理] }, { by: 经理 }]`)
const rule = ruleOf(policy)
const names = ['甲', '乙', '丙']
const technicians = new Set(names)
const team = circle([
  ...names.map(name => person(name, 'technician')),
  person('赵', 'dispatcher'),
  person('王', 'manager'),
])

interface Said {
  who: number
  what: 'ask' | 'calendar' | 'act'
  /** Which of the things that can be done to it. */
  act: number
  type: number
  /** Which request, the last one first. */
  of: number
  from: number
  long: number
  part: number
  wait: number
}

const edges = [
  [0, 1440],
  [0, 720],
  [720, 1440],
  [540, 660],
] as const

/** What can be done to a request; what leads on more often than what ends it. */
const actsOn: Partial<Record<LeaveView['state'], ReadonlyArray<LeaveCommand['do'] | 'extend' | 'return' | 'cancel'>>> =
  {
    asked: ['approve', 'approve', 'approve', 'propose', 'propose', 'reject', 'withdraw'],
    proposed: ['take', 'take', 'take', 'refuse', 'withdraw'],
    granted: ['return', 'return', 'extend', 'cancel'],
  }

/** A team's requests as the store would keep them; what is said of them is judged by the same pure decisions. */
class Shop {
  readonly journals: LeaveFact[][] = []
  /** Days of rest of everybody. */
  off: string[] = []
  changed = false
  today = '2026-01-28'
  minute = 500

  get views(): LeaveView[] {
    return this.journals.map(replayLeave)
  }

  get held(): AwayDay[] {
    return this.views.flatMap((view, index) =>
      daysHeld(view).map(day => ({ leaveId: String(index), teamId: 't', ...day })),
    )
  }

  get rhythm() {
    return rhythmOf(policy, this.off)
  }

  add(index: number, bodies: readonly LeaveBody[]): void {
    const journal = this.journals[index] ?? []
    this.journals[index] = journal
    const at = `${this.today}T04:00:00.000Z`
    for (const body of bodies) journal.push({ seq: journal.length + 1, at, by: null, via: 'text', ...body })
  }

  say(said: Said): void {
    const minutes = this.minute + said.wait
    this.minute = minutes % 1440
    if (minutes >= 1440) {
      this.today = this.rhythm.calendar.dayAfter(this.today, 1)
      if (this.changed) this.recount()
    }
    const first = this.rhythm.calendar.dayAfter(this.today, said.from)
    const [begin, end] = edges[said.part] ?? edges[0]
    const last = this.rhythm.calendar.dayAfter(first, said.part === 0 ? said.long : 0)
    const span: LeaveSpan = { from: { day: first, minute: begin }, to: { day: last, minute: end } }
    const at = this.journals.length - 1 - (said.of % Math.max(1, this.journals.length))
    const view = this.views[at]
    if (said.what === 'calendar') this.rest(first)
    else if (said.what === 'ask' || !view) this.ask(said, span)
    else {
      const acts = actsOn[view.state] ?? []
      const what = acts[said.act % acts.length]
      if (what === 'extend') this.ask(said, span, view)
      else if (what === 'cancel' || what === 'return') this.change(at, view, what)
      else if (what) this.decide(at, view, what, span)
    }
  }

  ask({ who, type: which }: Said, span: LeaveSpan, view?: LeaveView): void {
    const applicant = team.people.find(({ id }) => id === (view?.person ?? names[who]))
    const type = view ? typeOf(policy, view.type) : rule.types[which]
    if (!applicant || !type) return
    const { body } = prepareLeave(
      {
        ...{ kind: view ? 'extend' : 'leave', applicant, by: applicant, type, from: span.from, until: { to: span.to } },
        ...{ reason: '', came: false, onJob: false, agreed: true },
      },
      {
        rule,
        policy: { name: 'test', version: 1 },
        today: this.today,
        minute: this.minute,
        rhythm: this.rhythm,
        circle: team,
      },
    )
    if (this.objected(applicant.id, type.name, body.days)) return
    this.add(this.journals.length, [body])
  }

  objected(who: string, type: string, days: readonly CountedDay[], except?: string): boolean {
    const asked = { person: who, type: typeOf(policy, type), days, except }
    return objectionsTo(asked, this.held, rule, technicians, this.rhythm).length > 0
  }

  decide(at: number, view: LeaveView, what: LeaveCommand['do'], span: LeaveSpan): void {
    const { days } = countLeave(span, typeOf(policy, view.type), rule, this.rhythm)
    if (what === 'propose' && (days.length === 0 || this.objected(view.person, view.type, days, String(at)))) return
    const { people } = decidersOf(view.steps, view.step, { applicant: view.person, deputies: [] }, team)
    const mine = ['withdraw', 'take', 'refuse'].includes(what)
    const command = { do: what, span, days, reason: '忙' } as LeaveCommand
    const bodies = decideLeave(view, command, {
      ...{ code: `假${at}`, actor: mine ? view.person : (people[0] ?? ''), deciders: new Set(people) },
      nameOf: id => id,
      over: standing(view.days, this) === 'over',
    })
    this.add(at, bodies)
  }

  /** At once, as people may do it themselves. */
  change(at: number, view: LeaveView, what: 'cancel' | 'return'): void {
    const stands = standing(view.days, this)
    if (view.state !== 'granted' || stands !== (what === 'cancel' ? 'ahead' : 'running')) return
    const through = { id: 'x', code: '假x' }
    const now = { day: this.today, minute: this.minute }
    const left = until(view.days, now, typeOf(policy, view.type), rule, this.rhythm)
    if (what === 'cancel' || left.length === 0) this.add(at, [{ fact: 'cancelled', why: 'takenBack', through }])
    else this.add(at, [{ fact: 'shortened', days: left, through }])
  }

  /** A day becomes one of rest, or one of work again. */
  rest(day: string): void {
    this.changed = true
    this.off = this.off.includes(day) ? this.off.filter(one => one !== day) : [...this.off, day]
  }

  /** Once a day all leave that is ahead is counted anew. */
  recount(): void {
    for (const [at, view] of this.views.entries()) {
      if (!isPending(view) && view.state !== 'granted') continue
      const { days } = countLeave(view.span, typeOf(policy, view.type), rule, this.rhythm)
      const others = this.held.filter(one => one.personId === view.person && one.leaveId !== String(at))
      const anew = recounted(view, days, { today: this.today, others })
      if (view.days.length > 0) this.add(at, [{ fact: 'recounted', days: anew, policy: view.policy }])
    }
  }
}

/** The days a journal comes to, read in the plainest way. */
function daysOf(facts: readonly LeaveFact[]): CountedDay[] {
  let days: CountedDay[] = []
  let proposed: CountedDay[] = []
  for (const fact of facts) {
    if (fact.fact === 'proposed') proposed = fact.days
    else if (fact.fact === 'taken') days = proposed
    else if ('days' in fact) days = fact.days
    if (['rejected', 'withdrawn', 'cancelled', 'lapsed'].includes(fact.fact)) return []
  }
  return days
}

function check(shop: Shop): void {
  const { views, journals } = shop
  const counting = views.map((view, index) => ({ view, days: daysOf(journals[index] ?? []) }))
  for (const { view, days } of counting) {
    const stands = isPending(view) || view.state === 'granted'
    expect(stands ? view.days : []).toEqual(days)
    const kept = daysHeld(view)
    for (const day of days)
      expect(kept.some(one => one.day === day.day && one.from <= day.from && one.to >= day.to)).toBe(true)
  }
  for (const name of names) {
    const own = counting.filter(({ view }) => view.person === name)
    const all = own.flatMap(({ days }, index) => days.map(day => ({ ...day, index })))
    for (const [at, one] of all.entries())
      expect(all.some((other, place) => place > at && overlaps(one, other))).toBe(false)
    if (shop.changed) continue
    for (const type of rule.types) {
      const taken = own.filter(({ view }) => view.type === type.name).flatMap(({ days }) => days)
      for (const { per, days: most } of type.limits)
        for (const from of new Set(taken.map(({ day }) => periodOf(per, day).from))) {
          const { to } = periodOf(per, from)
          expect(sum(taken.filter(one => one.day >= from && one.day <= to))).toBeLessThanOrEqual(most * wholeDay)
        }
      if (type.onEnd !== null) expect(longestRun(taken, shop.rhythm)).toBeLessThanOrEqual(type.onEnd * wholeDay)
    }
  }
  if (shop.changed) return
  const crowd = (days: ReadonlyArray<{ day: string; person: string }>, most: number) => {
    for (const { day } of days)
      expect(new Set(days.filter(one => one.day === day).map(one => one.person)).size).toBeLessThanOrEqual(most)
  }
  const away = counting.flatMap(({ view, days }) =>
    days.map(({ day }) => ({ day, person: view.person, type: view.type })),
  )
  crowd(away, 2)
  crowd(
    away.filter(({ type }) => type === '农忙假'),
    1,
  )
}

const said: fc.Arbitrary<Said> = fc.record({
  who: fc.oneof(fc.constant(0), fc.nat(2)),
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('ask' as const) },
    { weight: 8, arbitrary: fc.constant('act' as const) },
    { weight: 1, arbitrary: fc.constant('calendar' as const) },
  ),
  act: fc.nat(20),
  type: fc.nat(2),
  of: fc.oneof(fc.constant(0), fc.nat(3)),
  from: fc.nat(2),
  long: fc.nat(2),
  part: fc.nat(3),
  wait: fc.constantFrom(0, 0, 60, 300, 1440),
})

it('whatever is asked, decided and taken back: days are what journals say, no limit is passed, nobody is away twice', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(fc.array(said, { minLength: 8, maxLength: 30 }), talk => {
      const shop = new Shop()
      let length = 0
      for (const one of talk) {
        try {
          shop.say(one)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
        }
        const now = shop.journals.flat().length
        if (now > length) check(shop)
        length = now
      }
      for (const { fact } of shop.journals.flat()) seen.add(fact)
    }),
    { numRuns: 120 },
  )
  for (const fact of ['passed', 'granted', 'rejected', 'proposed', 'taken', 'refused', 'shortened', 'cancelled'])
    expect(seen).toContain(fact)
  expect(seen).toContain('recounted')
})

import type { Rhythm } from '../../src/leave/count.ts'
import type { Circle } from '../../src/leave/deciders.ts'
import type { Person, Role } from '../../src/people/person.ts'
import { calendarOf } from '../../src/policy/business.ts'
import type { LeaveRule, LeaveType } from '../../src/policy/leaverule.ts'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'

/** A policy about leave alone; `leave` and `rest` are yaml. */
export function leavePolicy(leave: string, rest = 'days: [1, 2, 3, 4, 5]\ncalendar: { holidays: china }'): Policy {
  return readPolicy(`name: test\nversion: 1\n${rest}\nleave:\n${leave}\n`, 'test.yaml')
}

/** Weekends and holidays free; leave by the day, by halves and by hours. */
export const office = leavePolicy(`
  types:
    - { name: 事假, notice: 1d, late: { deduct: 2 }, deduct: 1 }
    - { name: 整天假, unit: 天, deduct: 1 }
    - { name: 小时假, unit: 小时, deduct: 1 }
    - { name: 急假, notice: 3d, late: 不收, deduct: 1 }
    - { name: 年假, deduct: 0, fullAttendance: 不计入, limits: [{ per: 农历年, days: 3 }, { per: 月, days: 2 }], onEnd: 2 }
    - { name: 农忙假, deduct: 1, limits: { per: 季, days: 3 }, atOnce: 1 }
    - { name: 探亲假, deduct: 0, limits: { per: 年, days: 4 }, onEnd: 3 }
  atOnce: 2
  onJob: 不收`)

export const ruleOf = (policy: Policy): LeaveRule => {
  if (!policy.leave) throw new Error('a policy without leave')
  return policy.leave
}

export function typeOf(policy: Policy, name: string): LeaveType {
  const type = policy.leave?.types.find(one => one.name === name)
  if (!type) throw new Error(`no type ${name}`)
  return type
}

export const rhythmOf = (policy: Policy, off: readonly string[] = []): Rhythm => ({
  calendar: calendarOf(policy),
  rests: day => (off.includes(day) ? '休息' : null),
})

export const person = (name: string, ...roles: Role[]): Person => ({
  ...{ company: 'c', id: name, name, mobile: null, platform: null, skills: [], areas: [], restDays: [], daysOff: [] },
  memberships: roles.map(role => ({ teamId: 't', team: '一班', role })),
})

export function circle(people: readonly Person[], more: { away?: string[]; unbound?: string[] } = {}): Circle {
  return { teamId: 't', people, away: new Set(more.away), unbound: new Set(more.unbound) }
}

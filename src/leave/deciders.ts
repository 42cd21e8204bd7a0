import { Refusal } from '../errors.ts'
import { type Person, rolesIn } from '../people/person.ts'
import type { LeaveRule, Step } from '../policy/leaverule.ts'
import { sum, wholeDay } from './count.ts'

/** The people a decision can fall to: the team's, and those a rule book names. */
export interface Circle {
  teamId: string
  people: readonly Person[]
  /** Away now, on leave or on a day of rest. */
  away: ReadonlySet<string>
  /** Without an account on any platform: no card reaches them. */
  unbound: ReadonlySet<string>
}

export interface Deciders {
  people: string[]
  /** Why it is not the step's own people: they are away, or no card reaches them. */
  instead: 'away' | 'unbound' | null
  /** Whom it would have been for. */
  missed: string[]
}

/** Everybody who holds a step, the applicant himself left out. */
export const holders = (step: Step, { teamId, people }: Circle, applicant: string): string[] =>
  people
    .filter(person => person.id !== applicant)
    .filter(person => ('role' in step ? rolesIn(person, teamId).includes(step.role) : person.name === step.person))
    .map(({ id }) => id)

/**
 * Who decides a request, step by step: the first entry of the rule book that fits, by type and length. A step its
 * applicant would decide himself goes to the approvers of approvers, else to the others of the role; with none it falls
 * away. Throws `Refusal` when nobody is left.
 */
export function stepsFor(
  rule: LeaveRule,
  request: { type: string; days: ReadonlyArray<{ share: number }>; person: string },
  circle: Circle,
): Step[] {
  const { type, person } = request
  const long = sum(request.days)
  const chain = rule.approve.find(
    ({ types, over }) => (!types || types.includes(type)) && (over === undefined || long > over * wholeDay),
  )
  const own = (step: Step): boolean => {
    const self = circle.people.find(({ id }) => id === person)
    if (!self) return false
    return 'role' in step ? rolesIn(self, circle.teamId).includes(step.role) : self.name === step.person
  }
  const steps = (chain?.by ?? []).flatMap(step =>
    own(step) && rule.approverOfApprovers.length > 0 ? rule.approverOfApprovers : [step],
  )
  const left = steps.filter(step => holders(step, circle, person).length > 0)
  if (left.length > 0) return left.filter((step, index) => left.findIndex(one => same(one, step)) === index)
  throw new Refusal(
    'nobody',
    '按班组的制度现在没有人能批你的假，没有提交。请当面找负责人，并请管理员在制度里写明由谁批（approverOfApprovers）。',
  )
}

const same = (a: Step, b: Step): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * Who may decide a step now: its people who are there; else the deputies, else the people of the next steps, else all of
 * the step all the same, since a request must not fall between two chairs.
 */
export function decidersOf(
  steps: readonly Step[],
  at: number,
  { applicant, deputies }: { applicant: string; deputies: readonly Step[] },
  circle: Circle,
): Deciders {
  const there = (id: string) => !circle.away.has(id) && !circle.unbound.has(id)
  const [step, ...later] = steps.slice(at)
  const own = step ? holders(step, circle, applicant) : []
  const present = own.filter(there)
  if (present.length > 0) return { people: present, instead: null, missed: [] }
  const instead = own.length > 0 && own.every(id => circle.unbound.has(id)) ? 'unbound' : 'away'
  for (const other of [deputies, ...later.map(one => [one])]) {
    const people = [...new Set(other.flatMap(one => holders(one, circle, applicant)).filter(there))]
    if (people.length > 0) return { people, instead, missed: own }
  }
  return { people: own, instead, missed: own }
}

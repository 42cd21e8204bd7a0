import { restOn } from '../people/duty.ts'
import { type OrderRole, type Person, rolesIn } from '../people/person.ts'
import type { Policy } from '../policy/schema.ts'
import { nextMorning } from './quiet.ts'

export interface Hearers {
  /** Person ids, each once. */
  people: string[]
  /** The technician in charge rests: he hears of it himself then, the others hear of it for him now. */
  until: Date | null
}

interface Subject {
  teamId: string
  assignee: string | null
  urgent: boolean
}

/**
 * Who is told of a step that is for these roles. Who rests is left alone while somebody else can act: for the technician
 * the desk is told at once, for a dispatcher or manager another one of the role, then the next role up; when nobody works
 * all of the role hear of it, since a chain never ends in silence. Urgent orders reach everybody.
 */
export function hearersOf(
  tell: readonly OrderRole[],
  subject: Subject,
  team: readonly Person[],
  policy: Policy,
  now: Date,
): Hearers {
  const asked = new Set<string>()
  const add = (people: readonly string[]) => {
    for (const id of people) asked.add(id)
  }
  const desk = tell.filter(role => role !== 'technician')
  let until: Date | null = null
  if (tell.includes('technician')) {
    const technician = team.find(({ id }) => id === subject.assignee)
    const instead = deskOf('dispatcher', subject, team, policy, now)
    if (technician && !subject.urgent && instead.length > 0 && restsOn(technician, policy, now))
      until = nextMorning(policy, now, morning => restOn(technician, policy, morning) === null)
    add(subject.assignee && !until ? [subject.assignee] : instead)
  }
  for (const role of desk) add(deskOf(role, subject, team, policy, now))
  return { people: [...asked], until }
}

function deskOf(
  role: OrderRole,
  { teamId, urgent }: Subject,
  team: readonly Person[],
  policy: Policy,
  now: Date,
): readonly string[] {
  const up: OrderRole[] = role === 'manager' ? ['manager'] : ['dispatcher', 'manager']
  const held = up.map(one => team.filter(person => rolesIn(person, teamId).includes(one)))
  const working = held.map(people => people.filter(person => urgent || !restsOn(person, policy, now)))
  const found = [...working, ...held].find(people => people.length > 0) ?? []
  return found.map(({ id }) => id)
}

/**
 * Whether a person himself rests then: by his weekday, a day off of his own, or leave. What the team does on its days off is
 * the policy's business (`nudges.days`).
 */
export function restsOn(person: Pick<Person, 'restDays' | 'daysOff' | 'away'>, policy: Policy, at: Date): boolean {
  const rest = restOn(person, policy, at)
  return rest !== null && rest !== 'team'
}

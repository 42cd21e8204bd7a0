import { createApp } from '../src/app.ts'
import type { Context } from '../src/context.ts'
import type { Database } from '../src/db/open.ts'
import type { Log } from '../src/log.ts'
import type { MovableClock } from '../src/now.ts'
import { enterTeams } from '../src/people/enter.ts'
import { type Person, rolesIn } from '../src/people/person.ts'
import { listTeams, peopleOf } from '../src/people/store.ts'
import type { Policies } from '../src/policy/versions.ts'

/** Who works on an order: a technician of a team, and who dispatches there. */
export interface Crew {
  teamId: string
  technician: Person
  dispatcher: Person
}

export interface Company {
  ctx: Context
  clock: MovableClock
  crews: Crew[]
}

const technicians = 10

/**
 * What the service's flows are handed, on a clock that stands still until it is moved. Nobody hears its bell: an engine
 * that beats beside what is measured would do the same work at the same time.
 */
export function contextOf(db: Database, policies: Policies, clock: MovableClock, log: Log, company = 'bench'): Context {
  const settings = { platforms: () => [], botNames: [], apiToken: undefined }
  const { ctx } = createApp({ company, db, clock, log, policies, ...settings })
  return { ...ctx, ring: () => {} }
}

/** Teams with a dispatcher, a manager and ten technicians each, entered as a teams file is. */
export async function enterCompany(ctx: Context, clock: MovableClock, teams: number): Promise<Company> {
  await enterTeams(ctx, { teams: Array.from({ length: teams }, (_, index) => teamOf(index + 1)) })
  const crews: Crew[] = []
  for (const { id: teamId } of await listTeams(ctx.db.prisma, ctx.company, { limit: teams })) {
    const people = await peopleOf(ctx.db.prisma, ctx.company, [teamId])
    const having = (role: string) => people.filter(person => rolesIn(person, teamId).some(one => one === role))
    const [dispatcher] = having('dispatcher')
    if (dispatcher) crews.push(...having('technician').map(technician => ({ teamId, technician, dispatcher })))
  }
  return { ctx, clock, crews }
}

function teamOf(number: number) {
  const person = (name: string, role: 'technician' | 'dispatcher' | 'manager', index: number) => {
    const userId = `${role}-${number}-${index}`
    return { name: `${name}${number}-${index}`, roles: [role], wecom: { userId } }
  }
  return {
    ...{ name: `${number}班`, policy: 'default' },
    people: [
      person('赵派工', 'dispatcher', 1),
      person('王经理', 'manager', 1),
      ...Array.from({ length: technicians }, (_, index) => person('张三', 'technician', index + 1)),
    ],
  }
}

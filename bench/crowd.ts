import type { Context } from '../src/context.ts'
import { inTransaction } from '../src/db/tx.ts'
import { createLog } from '../src/log.ts'
import { MovableClock } from '../src/now.ts'
import { openOrders } from '../src/orders/openmany.ts'
import { enterTeams } from '../src/people/enter.ts'
import { peopleOf, teamByIdOrName } from '../src/people/store.ts'
import type { Policies } from '../src/policy/versions.ts'
import { contextOf } from './company.ts'
import type { Shot } from './load.ts'
import type { Place } from './place.ts'
import { type Platform, says } from './wecom.ts'

/** Small teams: WeCom takes 30 messages a minute for one person, and a dispatcher hears of everything. */
const teamSize = 5
const policy = 'default'

/** An order and who has it. */
export interface Job {
  code: string
  userId: string
}

const technicianOf = (team: number, nth: number) => ({ name: `张三${team}-${nth}`, userId: `zhang${team}-${nth}` })
const teamName = (team: number) => `${team}班`

function contextAt(place: Place, policies: Policies): Context {
  return contextOf(place.db, policies, new MovableClock(), createLog('warn'), 'main')
}

/** Teams for so many technicians, each with a dispatcher and a manager. */
export async function enterPeople(place: Place, policies: Policies, technicians: number): Promise<void> {
  const ctx = contextAt(place, policies)
  const teams = Array.from({ length: Math.ceil(technicians / teamSize) }, (_, team) => ({
    ...{ name: teamName(team), policy, people: [] },
  }))
  await enterTeams(ctx, { teams })
  const { prisma } = ctx.db
  const staff = teams.flatMap(({ name: team }, nr) => [
    { team, name: `赵派工${nr}`, role: 'dispatcher', userId: `zhao${nr}` },
    { team, name: `王经理${nr}`, role: 'manager', userId: `wang${nr}` },
    ...Array.from({ length: teamSize }, (_, nth) => ({ team, role: 'technician', ...technicianOf(nr, nth) })),
  ])
  await inTransaction(ctx.db, async tx => {
    await tx.$executeRawUnsafe(
      'CREATE TABLE bench_staff (id uuid DEFAULT gen_random_uuid(), team text, name text, role text, "userId" text)',
    )
    await tx.$executeRaw`INSERT INTO bench_staff (team, name, role, "userId")
      SELECT team, name, role, "userId" FROM json_populate_recordset(NULL::bench_staff, ${JSON.stringify(staff)}::json)`
    await tx.$executeRaw`INSERT INTO "Person" ("company", "id", "name", "createdAt")
      SELECT ${ctx.company}, id, name, now() FROM bench_staff`
    await tx.$executeRaw`INSERT INTO "Membership" ("company", "teamId", "personId", "role")
      SELECT ${ctx.company}, t."id", s.id, s.role::"Role" FROM bench_staff s JOIN "Team" t ON t."company" = ${ctx.company} AND t."name" = s.team`
    await tx.$executeRaw`INSERT INTO "Identity" ("company", "platform", "userId", "personId", "boundAt", "how")
      SELECT ${ctx.company}, 'wecom', "userId", id, now(), 'file' FROM bench_staff`
    await tx.$executeRawUnsafe('DROP TABLE bench_staff')
  })
  await prisma.$executeRawUnsafe('ANALYZE')
}

const fields = (nth: number) => ({
  ...{ kind: 'repair' as const, urgent: false, fault: '不制冷', warranty: 'in' as const, product: { brand: '示例牌' } },
  customer: { name: '王女士', phone: '13800000000', address: `示例路 ${nth + 1} 号 2 栋 301` },
})

/** Orders dispatched to as many technicians, one each; their cards wait in the outbox. */
export async function openJobs(place: Place, policies: Policies, many: number): Promise<Job[]> {
  const ctx = contextAt(place, policies)
  const jobs: Job[] = []
  for (let nr = 0; jobs.length < many; nr++) {
    const team = await teamByIdOrName(ctx.db.prisma, ctx.company, teamName(nr))
    if (!team) throw new Error(`there are too few teams for ${many} orders`)
    const people = await peopleOf(ctx.db.prisma, ctx.company, [team.id])
    const staff = Array.from({ length: Math.min(teamSize, many - jobs.length) }, (_, nth) => technicianOf(nr, nth))
    const openings = staff.map(({ name }, nth) => ({
      fields: fields(jobs.length + nth),
      assignTo: people.find(one => one.name === name)?.id ?? null,
    }))
    const made = await inTransaction(ctx.db, tx => openOrders(tx, ctx, team, openings, { by: null, quiet: true }))
    jobs.push(...made.map(({ code }, nth) => ({ code, userId: staff[nth]?.userId ?? '' })))
  }
  return jobs
}

/** What the technician of a job does, from taking it to the end, each changing the order. */
export const steps = ['accepted', 'contacted', 'arrived', 'completed'] as const

/** All that happens to these orders: a tap, and three sentences; one order's steps lie far apart. */
export function workOn(jobs: readonly Job[], platform: Platform): Shot[] {
  return [
    ...jobs.map(({ userId }) => platform.tap(userId, '接单')),
    ...jobs.map(({ userId, code }) => says(userId, `已联系 ${code} 明天上午10点`)),
    ...jobs.map(({ userId, code }) => says(userId, `到达 ${code}`)),
    ...jobs.map(({ userId, code }) => says(userId, `完工 ${code} 换电容1个 收费80`)),
  ]
}

/** An order through the API, as another system opens it for a technician. */
export function opening(nth: number, apiToken: string): { shot: Shot; userId: string } {
  const [team, place] = [Math.floor(nth / teamSize), nth % teamSize]
  const { name, userId } = technicianOf(team, place)
  const { customer, ...rest } = fields(nth)
  const body = JSON.stringify({ team: teamName(team), ...rest, customer, assign: name })
  const headers = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' }
  return { shot: { method: 'POST', path: '/api/v1/orders', headers, body }, userId }
}

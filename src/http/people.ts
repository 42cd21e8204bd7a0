import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { tenuresOf } from '../people/employment.ts'
import { changePerson, enterPerson, enterTeam } from '../people/enter.ts'
import type { Person } from '../people/person.ts'
import { personInput, personPatch, teamInput } from '../people/schema.ts'
import { listPeople, listTeams, personById } from '../people/store.ts'
import { joinedDay, type Tenure } from '../people/tenure.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { named, paging } from './shapes/common.ts'
import { personPage, person as personShape, teamPage, team as teamShape } from './shapes/people.ts'

const page = z.object(paging)

/** `/api/v1/people`, `/api/v1/teams`: who works here, in which teams, since when and as what. */
export const peopleRoutes = [
  route({
    ...{ method: 'post', path: '/people', id: 'enterPerson', tag: 'people', scope: 'people:write' },
    summary: 'Enter a person, or bring one up to date',
    body: named('PersonInput', personInput),
    answers: { 201: personShape },
    problems: [409],
    async handle(ctx, { body }) {
      const entered = await inTransaction(ctx.db, async tx => shown(tx, ctx, await enterPerson(tx, ctx, body, 'api')))
      ctx.ring()
      return entered
    },
  }),

  route({
    ...{ method: 'patch', path: '/people/{id}', id: 'changePerson', tag: 'people', scope: 'people:write' },
    summary: 'Change a person; what is not given stays',
    params: z.object({ id: z.uuid() }),
    body: named('PersonPatch', personPatch),
    answers: { 200: personShape },
    problems: [404, 409],
    async handle(ctx, { params: { id }, body }) {
      const changed = await inTransaction(ctx.db, async tx =>
        (await changePerson(tx, ctx, id, body)) ? shown(tx, ctx, id) : null,
      )
      if (!changed) throw new HttpProblem(404, 'Not found', `There is no person ${id}.`)
      ctx.ring()
      return changed
    },
  }),

  route({
    ...{ method: 'get', path: '/people', id: 'listPeople', tag: 'people', scope: 'people:read' },
    summary: 'List people',
    query: page,
    answers: { 200: personPage },
    async handle(ctx, { query: { limit, after } }) {
      const people = await listPeople(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
      const items = await withTenures(ctx.db.prisma, ctx, people)
      return { items, next: people.length === limit ? people.at(-1)?.id : null }
    },
  }),

  route({
    ...{ method: 'post', path: '/teams', id: 'enterTeam', tag: 'people', scope: 'people:write' },
    summary: 'Enter a team, or bring one up to date',
    body: named('TeamInput', teamInput),
    answers: { 201: teamShape },
    problems: [409],
    async handle(ctx, { body }) {
      const { id, name, policy } = await inTransaction(ctx.db, tx => enterTeam(tx, ctx, body))
      return { id, name, policy }
    },
  }),

  route({
    ...{ method: 'get', path: '/teams', id: 'listTeams', tag: 'people', scope: 'people:read' },
    summary: 'List teams',
    query: page,
    answers: { 200: teamPage },
    async handle(ctx, { query: { limit, after } }) {
      const teams = await listTeams(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
      return {
        items: teams.map(({ id, name, policy }) => ({ id, name, policy })),
        next: teams.length === limit ? teams.at(-1)?.id : null,
      }
    },
  }),
]

async function shown(tx: Tx, ctx: Context, id: string): Promise<object | null> {
  const person = await personById(tx, ctx.company, id)
  return person && ((await withTenures(tx, ctx, [person]))[0] ?? null)
}

async function withTenures(tx: Tx, ctx: Context, people: readonly Person[]): Promise<object[]> {
  const ids = people.map(({ id }) => id)
  const tenures = await tenuresOf(tx, ctx.company, ids)
  return people.map(person => personJson(person, tenures.get(person.id) ?? new Map()))
}

function personJson(person: Person, teams: ReadonlyMap<string, readonly Tenure[]>): object {
  const { id, name, mobile, platform, skills, areas, restDays, daysOff, memberships } = person
  const time = (teamId: string) => {
    const rows = teams.get(teamId) ?? []
    return { post: rows.at(-1)?.post ?? null, joinedOn: joinedDay(rows) }
  }
  // Of his first team; who has left every team keeps what he was in the last one.
  const last = [...teams].sort(([, a], [, b]) => (a.at(-1)?.from ?? '').localeCompare(b.at(-1)?.from ?? '')).at(-1)
  const own = memberships[0]?.teamId ?? last?.[0] ?? ''
  return {
    ...{ id, name, mobile, platform, skills, areas, restDays, daysOff },
    ...{ ...time(own), leftOn: teams.get(own)?.at(-1)?.to ?? null },
    memberships: memberships.map(({ teamId, team, role }) => ({ team, role, ...time(teamId) })),
  }
}

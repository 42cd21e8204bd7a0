import type Router from '@koa/router'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { tenuresOf } from '../people/employment.ts'
import { changePerson, enterPerson } from '../people/enter.ts'
import type { Person } from '../people/person.ts'
import { personInput, personPatch } from '../people/schema.ts'
import { listPeople, personById } from '../people/store.ts'
import { joinedDay, type Tenure } from '../people/tenure.ts'
import { check, readJson } from './body.ts'
import { HttpProblem } from './problem.ts'
import { pageQuery } from './schema.ts'

/** `/api/v1/people`: who works here, in which teams, since when and as what. */
export function peopleRoutes(router: Router, ctx: Context): void {
  router.post('/people', async http => {
    const { value } = await readJson(http.req, personInput)
    http.body = await inTransaction(ctx.db, async tx => shown(tx, ctx, await enterPerson(tx, ctx, value, 'api')))
    http.status = 201
    ctx.ring()
  })

  router.patch('/people/:id', async http => {
    const { value } = await readJson(http.req, personPatch)
    const id = check(pageQuery.shape.after.unwrap(), http.params.id)
    const changed = await inTransaction(ctx.db, async tx =>
      (await changePerson(tx, ctx, id, value)) ? shown(tx, ctx, id) : null,
    )
    if (!changed) throw new HttpProblem(404, 'Not found', `There is no person ${id}.`)
    ctx.ring()
    http.body = changed
  })

  router.get('/people', async http => {
    const { limit, after } = check(pageQuery, http.query)
    const people = await listPeople(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
    const items = await withTenures(ctx.db.prisma, ctx, people)
    http.body = { items, next: people.length === limit ? people.at(-1)?.id : null }
  })
}

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

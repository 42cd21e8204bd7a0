import { createHash, timingSafeEqual } from 'node:crypto'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { endLeaveOf } from '../leave/enact.ts'
import { listRows, resendDead } from '../outbox/store.ts'
import { enterPerson, enterTeam } from '../people/enter.ts'
import { personInput, personPatch, teamInput } from '../people/schema.ts'
import { listPeople, listTeams, patchPerson, personById } from '../people/store.ts'
import { attendanceRoutes } from './attendance.ts'
import { check, readJson } from './body.ts'
import { incidentRoutes } from './incidents.ts'
import { leaveRoutes } from './leave.ts'
import { orderRoutes } from './orders.ts'
import { HttpProblem } from './problem.ts'
import { pageQuery } from './schema.ts'

/** The API for other programs: `/api/v1`, one bearer token. */
export function apiRoutes(ctx: Context, token: string): Router {
  const router = new Router({ prefix: '/api/v1' })
  router.use(bearer(token))
  orderRoutes(router, ctx)
  attendanceRoutes(router, ctx)
  leaveRoutes(router, ctx)
  incidentRoutes(router, ctx)

  router.post('/teams', async http => {
    const { value } = await readJson(http.req, teamInput)
    const { id, name, policy } = await inTransaction(ctx.db, tx => enterTeam(tx, ctx, value))
    http.status = 201
    http.body = { id, name, policy }
  })

  router.get('/teams', async http => {
    const { limit, after } = check(pageQuery, http.query)
    const teams = await listTeams(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
    http.body = {
      items: teams.map(({ id, name, policy }) => ({ id, name, policy })),
      next: teams.length === limit ? teams.at(-1)?.id : null,
    }
  })

  router.post('/people', async http => {
    const { value } = await readJson(http.req, personInput)
    const person = await inTransaction(ctx.db, async tx =>
      personById(tx, ctx.company, await enterPerson(tx, ctx, value, 'api')),
    )
    http.status = 201
    http.body = person && personJson(person)
    ctx.ring()
  })

  router.patch('/people/:id', async http => {
    const { value } = await readJson(http.req, personPatch)
    const id = check(pageQuery.shape.after.unwrap(), http.params.id)
    const changed = await inTransaction(ctx.db, async tx => {
      if (!(await patchPerson(tx, ctx.company, id, value))) return null
      if (value.active === false) await endLeaveOf(tx, ctx, id)
      return personById(tx, ctx.company, id)
    })
    if (!changed) throw new HttpProblem(404, 'Not found', `There is no person ${id}.`)
    ctx.ring()
    http.body = personJson(changed)
  })

  router.get('/people', async http => {
    const { limit, after } = check(pageQuery, http.query)
    const people = await listPeople(ctx.db.prisma, ctx.company, { limit, ...(after && { after }) })
    http.body = { items: people.map(personJson), next: people.length === limit ? people.at(-1)?.id : null }
  })

  router.get('/outbox', async http => {
    const { limit, status } = check(pageQuery, http.query)
    http.body = { items: await listRows(ctx.db.prisma, ctx.company, status, limit), next: null }
  })

  router.post('/outbox/resend', async http => {
    http.body = { resent: await resendDead(ctx.db.prisma, ctx.company, ctx.clock.now()) }
    ctx.ring()
  })

  return router
}

function personJson(person: NonNullable<Awaited<ReturnType<typeof personById>>>): object {
  const { id, name, mobile, platform, skills, areas, restDays, daysOff, memberships } = person
  return {
    ...{ id, name, mobile, platform, skills, areas, restDays, daysOff },
    memberships: memberships.map(({ team, role }) => ({ team, role })),
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

function bearer(token: string): Middleware {
  const wanted = digest(token)
  return async (http, next) => {
    const given = /^Bearer (.+)$/.exec(http.get('Authorization'))?.[1] ?? ''
    if (timingSafeEqual(digest(given), wanted)) return next()
    http.set('WWW-Authenticate', 'Bearer')
    throw new HttpProblem(401, 'Unauthorized', 'Send the header "Authorization: Bearer <API_TOKEN>".')
  }
}

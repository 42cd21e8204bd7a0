import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { newId } from '../ids.ts'
import { teamById } from '../people/store.ts'
import { type Area, areasIn, testEvent } from '../webhooks/events.ts'
import { newSecret, rotated } from '../webhooks/sign.ts'
import {
  addTest,
  changeEndpoint,
  countEndpoints,
  createEndpoint,
  type DeliveryRow,
  deleteEndpoint,
  type Endpoint,
  endpointById,
  listDeliveries,
  listEndpoints,
  lockEndpoint,
  sendAgain,
} from '../webhooks/store.ts'
import { bearerOf } from './access.ts'
import { once } from './idempotency.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { covers, type Scope } from './scopes.ts'
import { paging } from './shapes/common.ts'
import {
  delivery,
  deliveryPage,
  deliveryState,
  endpoint,
  endpointChange,
  endpointInput,
  endpointPage,
  freshEndpoint,
} from './shapes/webhooks.ts'

/** Each has a sender of its own. */
const mostEndpoints = 30

const params = z.object({ id: z.uuid() })
const ofDelivery = params.extend({ delivery: z.uuid() })
const deliveryQuery = z.object({ ...paging, state: deliveryState.optional() })
const reading = { tag: 'webhooks', scope: 'webhooks:read' } as const
const writing = { tag: 'webhooks', scope: 'webhooks:write' } as const

/** What a token has to read elsewhere to be told it here. */
const scopeOf: Readonly<Record<Area, Scope>> = {
  ...{ order: 'orders:read', leave: 'leaves:read', incident: 'incidents:read', month: 'months:read' },
}

/** `/api/v1/webhooks`: programs that are told what happens (Standard Webhooks). */
export const webhookRoutes = [
  route({
    ...{ method: 'post', path: '/webhooks', id: 'createWebhook', ...writing },
    summary: 'Have events sent to a URL',
    description: 'The token needs the read scope of each area it subscribes to: `orders:read` for `order.*`.',
    body: endpointInput,
    idempotent: true,
    answers: { 201: freshEndpoint },
    problems: [409],
    async handle(ctx, { body, raw, http }) {
      mayHear(http, body.events)
      const url = await reachable(ctx, body.url)
      const key = http.get('Idempotency-Key') || undefined
      const answer = await once(ctx, { route: 'POST /webhooks', key, raw }, async tx => {
        if ((await countEndpoints(tx, ctx.company)) >= mostEndpoints)
          throw new HttpProblem(409, 'Too many', `There are ${mostEndpoints} endpoints already: delete one first.`)
        const team = body.team === undefined ? null : await needTeam(tx, ctx, body.team)
        const now = ctx.clock.now()
        const made = await createEndpoint(
          tx,
          ctx.company,
          {
            ...{ id: newId(now), url, events: [...new Set(body.events)], secret: newSecret() },
            ...{ description: body.description ?? null, teamId: team?.id ?? null },
          },
          now,
        )
        return { status: 201, body: { ...(await endpointJson(tx, ctx, made)), secret: made.secret } }
      })
      http.status = answer.status
      return answer.body
    },
  }),

  route({
    ...{ method: 'get', path: '/webhooks', id: 'listWebhooks', ...reading },
    summary: 'List endpoints, the oldest first',
    query: z.object(paging),
    answers: { 200: endpointPage },
    handle: (ctx, { query: { limit, after } }) =>
      inTransaction(ctx.db, async tx => {
        const found = await listEndpoints(tx, ctx.company, { limit, after })
        const items: object[] = []
        for (const one of found) items.push(await endpointJson(tx, ctx, one))
        return { items, next: found.length === limit ? found.at(-1)?.id : null }
      }),
  }),

  route({
    ...{ method: 'get', path: '/webhooks/{id}', id: 'getWebhook', ...reading },
    summary: 'An endpoint',
    params,
    answers: { 200: endpoint },
    problems: [404],
    handle: (ctx, { params: { id } }) =>
      inTransaction(ctx.db, async tx => endpointJson(tx, ctx, needed(await endpointById(tx, ctx.company, id), id))),
  }),

  route({
    ...{ method: 'patch', path: '/webhooks/{id}', id: 'changeWebhook', ...writing },
    summary: 'Change an endpoint, or switch it off and on',
    params,
    body: endpointChange,
    answers: { 200: endpoint },
    problems: [404],
    async handle(ctx, { params: { id }, body, http }) {
      const url = body.url === undefined ? undefined : await reachable(ctx, body.url)
      const answer = await inTransaction(ctx.db, async tx => {
        const before = needed(await lockEndpoint(tx, ctx.company, id), id)
        const { events = before.events, description = before.description, enabled = before.enabled } = body
        mayHear(http, events)
        const changed = await changeEndpoint(tx, ctx.company, id, {
          ...{ events: [...new Set(events)], description, enabled, updatedAt: ctx.clock.now() },
          ...(url !== undefined && { url }),
          // Whoever switches it on or off has seen why it was off.
          ...(body.enabled !== undefined && { offBecause: null }),
          ...(((enabled && !before.enabled) || url !== undefined) && { failingSince: null, restUntil: null }),
        })
        return endpointJson(tx, ctx, changed)
      })
      ctx.ring()
      return answer
    },
  }),

  route({
    ...{ method: 'delete', path: '/webhooks/{id}', id: 'deleteWebhook', ...writing },
    summary: 'Delete an endpoint with all it is owed',
    params,
    answers: { 204: null },
    problems: [404],
    async handle(ctx, { params: { id } }) {
      if (!(await inTransaction(ctx.db, tx => deleteEndpoint(tx, ctx.company, id)))) throw unknown(id)
    },
  }),

  route({
    ...{ method: 'post', path: '/webhooks/{id}/rotate', id: 'rotateWebhookSecret', ...writing },
    summary: 'Give an endpoint a new secret',
    description: 'For 24 hours messages are signed with the one before as well: two signatures, separated by a space.',
    params,
    idempotent: true,
    answers: { 200: freshEndpoint },
    problems: [404],
    async handle(ctx, { params: { id }, http }) {
      const key = http.get('Idempotency-Key') || undefined
      const answer = await once(ctx, { route: `POST /webhooks/${id}/rotate`, key, raw: '' }, async tx => {
        const before = needed(await lockEndpoint(tx, ctx.company, id), id)
        mayHear(http, before.events)
        const now = ctx.clock.now()
        const { secret, oldSecrets } = rotated(before, newSecret(), now)
        const changed = await changeEndpoint(tx, ctx.company, id, {
          secret,
          oldSecrets: [...oldSecrets],
          updatedAt: now,
        })
        return { status: 200, body: { ...(await endpointJson(tx, ctx, changed)), secret } }
      })
      return answer.body
    },
  }),

  route({
    ...{ method: 'post', path: '/webhooks/{id}/test', id: 'testWebhook', ...writing },
    summary: 'Send a `webhook.test` event',
    params,
    answers: { 202: delivery },
    problems: [404, 409],
    async handle(ctx, { params: { id } }) {
      const now = ctx.clock.now()
      const answer = await inTransaction(ctx.db, async tx => {
        on(needed(await endpointById(tx, ctx.company, id), id))
        return deliveryJson(await addTest(tx, ctx.company, id, { id: newId(now), type: testEvent }, now))
      })
      ctx.ring()
      return answer
    },
  }),

  route({
    ...{ method: 'get', path: '/webhooks/{id}/deliveries', id: 'listWebhookDeliveries', ...reading },
    summary: 'List what was sent to an endpoint and what waits, the newest first',
    params,
    query: deliveryQuery,
    answers: { 200: deliveryPage },
    problems: [404],
    async handle(ctx, { params: { id }, query: { limit, after, state } }) {
      const { prisma } = ctx.db
      needed(await endpointById(prisma, ctx.company, id), id)
      const rows = await listDeliveries(prisma, ctx.company, id, { limit, before: after, state })
      return { items: rows.map(deliveryJson), next: rows.length === limit ? rows.at(-1)?.id : null }
    },
  }),

  route({
    ...{ method: 'post', path: '/webhooks/{id}/deliveries/{delivery}/resend', id: 'resendWebhookDelivery', ...writing },
    summary: 'Send a delivery again, under the webhook-id it has',
    params: ofDelivery,
    answers: { 202: delivery },
    problems: [404, 409],
    async handle(ctx, { params: { id, delivery: which } }) {
      const answer = await inTransaction(ctx.db, async tx => {
        on(needed(await endpointById(tx, ctx.company, id), id))
        const row = await sendAgain(tx, ctx.company, id, which, ctx.clock.now())
        if (!row) throw new HttpProblem(404, 'Not found', `There is no delivery ${which} to this endpoint.`)
        return deliveryJson(row)
      })
      ctx.ring()
      return answer
    },
  }),
]

const unknown = (id: string) => new HttpProblem(404, 'Not found', `There is no webhook endpoint ${id}.`)

function needed(found: Endpoint | null, id: string): Endpoint {
  if (found) return found
  throw unknown(id)
}

function on({ enabled }: Endpoint): void {
  if (enabled) return
  throw new HttpProblem(409, 'Switched off', 'Nothing is sent to this endpoint: PATCH it with {"enabled": true} first.')
}

/** An endpoint gets no more than whoever enters it may read. */
function mayHear(http: KoaContext, events: readonly string[]): void {
  const by = bearerOf(http)
  const lacking = areasIn(events).find(area => !covers(by.scopes, scopeOf[area]))
  if (lacking === undefined) return
  const scope = scopeOf[lacking]
  throw new HttpProblem(
    403,
    'Scope missing',
    `Events of ${lacking}.* need the scope ${scope}, which the token lacks.`,
    {
      scope,
    },
  )
}

async function reachable(ctx: Context, given: string): Promise<string> {
  const target = await ctx.reach.look(given)
  if (!('refused' in target)) return target.url.href
  throw new Invalid(`url: ${target.refused}.`, [{ path: 'url', message: target.refused }])
}

async function endpointJson(tx: Tx, ctx: Context, one: Endpoint): Promise<object> {
  const { id, url, events, description, teamId, enabled, offBecause, failingSince, lastDeliveredAt } = one
  const team = teamId === null ? null : await teamById(tx, ctx.company, teamId)
  return {
    ...{ id, url, events, description, team: team && { id: team.id, name: team.name }, enabled, offBecause },
    ...{ failingSince, lastDeliveredAt, createdAt: one.createdAt, updatedAt: one.updatedAt },
  }
}

function deliveryJson({ subject: _, seq: __, nextAt, ...row }: DeliveryRow): object {
  const due = new Date(Math.max(nextAt.getTime(), row.at.getTime()))
  return { ...row, nextAt: row.state === 'waiting' ? due : null }
}

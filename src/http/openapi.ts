import { z } from 'zod'
import { type Answer, type Declared, problemsOf, tags, type Upload } from './route.ts'
import { scopes } from './scopes.ts'
import { problem } from './shapes/common.ts'
import { eventShapes } from './shapes/events.ts'

type Json = Record<string, unknown>
/** Schemas by name, as they are met. */
export type Schemas = Map<string, Json>

const described: Readonly<Record<number, string>> = {
  400: 'What was sent can’t be read.',
  401: 'There is no token, or it is not good (any more).',
  403: 'The token lacks the scope.',
  404: 'There is no such thing.',
  409: 'It is not possible as things stand; the sentence says why.',
  413: 'The body is too large.',
  415: 'The body has another media type than it may have.',
  422: 'A parameter or the body is wrong; `errors` has each fault with its place.',
  429: 'Too many requests.',
  500: 'Something went wrong on our side.',
  503: 'WeCom, DingTalk or the database failed; the same request may do later.',
}

const info = {
  title: 'Paigong',
  version: '1',
  description: [
    'Orders, people, leave, attendance, incidents and months of an after-sales team, for other programs.',
    'Lists answer `{items, next}`: while `next` is not null, ask again with `after` set to it. Fields may be added to ' +
      'answers at any time: take no offence at what you do not know.',
    'Problems are RFC 9457 documents. Money is a string in yuan, moments are ISO 8601, days `2026-11-25`, months `2026-11`.',
  ].join('\n\n'),
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 },
  description:
    'Of your own making, one for each thing to be done. A request that comes again with it gets the first answer and does nothing; with another body it gets a 422.',
}

const header = (description: string, example: string | number, type = 'string') => ({
  ...{ description, example, schema: { type } },
})
const headers = {
  RateLimit: header('What is left to the token, and in how many seconds all of it is back', '"default";r=998;t=1'),
  RateLimitPolicy: header('How many requests a token may make in how many seconds', '"default";q=1000;w=60'),
  RetryAfter: header('In how many seconds to come again', 3, 'integer'),
}
const limitHeaders = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
}

/** The OpenAPI 3.1 document of routes. */
export function openApi(routes: readonly Declared[]): Json {
  const schemas: Schemas = new Map()
  const paths: Record<string, Json> = {}
  for (const one of routes) paths[one.path] = { ...paths[one.path], [one.method]: operation(one, schemas) }
  const statuses = [...new Set(routes.flatMap(problemsOf))]
  const body = { 'application/problem+json': { schema: jsonSchema(problem, 'output', schemas) } }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    webhooks: Object.fromEntries(eventShapes.map(one => [one.name, { post: told(one, schemas) }])),
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: `A token with the scope an operation names:\n\n${list()}`,
        },
      },
      responses: Object.fromEntries(
        statuses.map(status => [
          `Problem${status}`,
          {
            description: described[status] ?? 'A problem',
            ...(status === 429 && {
              headers: { ...limitHeaders, 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
            }),
            content: body,
          },
        ]),
      ),
      headers,
      parameters: { IdempotencyKey: idempotencyKey },
      schemas: Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  }
}

const list = (): string =>
  Object.entries(scopes)
    .map(([name, text]) => `- \`${name}\`: ${text}`)
    .join('\n')

function operation(route: Declared, schemas: Schemas): Json {
  const { id, tag, summary, description, scope, params, query, body, answers, idempotent } = route
  const parameters = [
    ...parametersOf(params, 'path', schemas),
    ...parametersOf(query, 'query', schemas),
    ...(idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ]
  return {
    ...{ operationId: id, tags: [tag], summary, ...(description && { description }) },
    security: scope === null ? [] : [scope].flat().map(one => ({ token: [one] })),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body, schemas) } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, one]) => [status, answer(Number(status), one, schemas, scope !== null)]),
      ),
      ...Object.fromEntries(
        problemsOf(route).map(status => [status, { $ref: `#/components/responses/Problem${status}` }]),
      ),
    },
  }
}

const signature = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(name => ({
  ...{ name, in: 'header', required: true, schema: { type: 'string' } },
}))

/** `order.offer_ended` → `onOrderOfferEnded`. */
const onName = (event: string): string =>
  `on.${event}`.replaceAll(/[._](\w)/g, (_, letter: string) => letter.toUpperCase())

/** An event that is sent to who subscribed to it. */
function told({ name, summary, shape }: (typeof eventShapes)[number], schemas: Schemas): Json {
  return {
    ...{ operationId: onName(name), tags: ['webhooks'], summary, security: [], parameters: signature },
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(shape, 'output', schemas) } } },
    responses: { '2XX': { description: 'It came through. Anything else, or nothing within 15 s: it is sent again.' } },
  }
}

const binary = { type: 'string', format: 'binary' }

const contentOf = (body: z.ZodType | Upload, schemas: Schemas): Json =>
  body instanceof z.ZodType
    ? { 'application/json': { schema: jsonSchema(body, 'input', schemas) } }
    : Object.fromEntries(body.types.map(type => [type, { schema: binary }]))

function answer(status: number, one: Answer, schemas: Schemas, limited: boolean): Json {
  const description = { 201: 'Done, as it is now', 202: 'It will be done', 204: 'Done' }[status] ?? 'As it is now'
  const told = { description, ...(limited && { headers: limitHeaders }) }
  if (one === null) return told
  if (one instanceof z.ZodType)
    return { ...told, content: { 'application/json': { schema: jsonSchema(one, 'output', schemas) } } }
  return { ...told, description: 'The file', content: { [one.file]: { schema: binary } } }
}

/** Fields of an object as a path or a query has them. */
export function parametersOf(shape: z.ZodObject | undefined, where: 'path' | 'query', schemas: Schemas): Json[] {
  if (!shape) return []
  const { properties = {}, required = [] } = jsonSchema(shape, 'input', schemas) as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: where, required: where === 'path' || required.includes(name) },
    ...(description !== undefined && { description }),
    schema,
  }))
}

/** A shape as JSON schema; what has a name is put among the components and referred to. */
export function jsonSchema(shape: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const { $schema: _, $defs = {}, ...made } = z.toJSONSchema(shape, { io, override: plainer(io) })
  for (const [name, { id: _id, ...one }] of Object.entries($defs)) schemas.set(name, referring(one) as Json)
  return referring(made) as Json
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>

function plainer(io: 'input' | 'output'): Override {
  return ({ jsonSchema: made }) => {
    // Who reads answers lives with fields that are new; what is sent is taken to the letter.
    if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
    // The format says it all.
    if (made.format !== undefined) delete made.pattern
    if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum
    if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum
  }
}

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) =>
      key === '$ref' && typeof one === 'string'
        ? [key, one.replace('#/$defs/', '#/components/schemas/')]
        : [key, referring(one)],
    ),
  )
}

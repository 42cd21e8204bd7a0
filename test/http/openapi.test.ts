import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/http/api.ts'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const story = eachStory({ empty: true })

interface Operation {
  operationId: string
  summary: string
  tags: string[]
  security: Array<{ token: string[] }>
  parameters?: Array<{ $ref?: string; name?: string; in?: string; required?: boolean; description?: string }>
  responses: Record<string, object>
}
interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Record<string, unknown>>; responses: Record<string, object> }
}

async function served(): Promise<Document> {
  const answer = await fetch(`${story.world.url}/api/v1/openapi.json`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
  return (await answer.json()) as Document
}

const operationsOf = ({ paths }: Document): Operation[] => Object.values(paths).flatMap(one => Object.values(one))

/** Everything a document refers to. */
const refsIn = (value: unknown): string[] =>
  value === null || typeof value !== 'object'
    ? []
    : Object.entries(value).flatMap(([key, one]) => (key === '$ref' ? [String(one)] : refsIn(one)))

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and all it refers to is in it', async () => {
    const document = await served()
    expect(await new Validator().validate({ ...structuredClone(document) })).toMatchObject({ valid: true })
    const at = (ref: string) =>
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document)
    expect(refsIn(document).filter(ref => !ref.startsWith('#/') || at(ref) === undefined)).toEqual([])
    const broken = structuredClone(document) as unknown as { info?: object }
    delete broken.info
    expect(await new Validator().validate(broken)).toMatchObject({ valid: false })
  })

  it('has every route that is mounted, each with an id of its own', async () => {
    const document = await served()
    const mounted = apiRoutes(story.world.app.ctx, { token: apiToken })
      .stack.filter(({ methods }) => methods.length > 0)
      .flatMap(({ path, methods }) =>
        methods
          .filter(method => method !== 'HEAD')
          .map(
            method =>
              `${method} ${String(path)
                .replace('/api/v1', '')
                .replaceAll(/:(\w+)/g, '{$1}')}`,
          ),
      )
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
    )
    expect(mounted.length).toBeGreaterThan(35)
    expect(told.sort()).toEqual(mounted.sort())
    const ids = operationsOf(document).map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('tells scopes, cursors, parameters and problems', async () => {
    const document = await served()
    const orders = document.paths['/orders']
    expect(orders?.post).toMatchObject({
      operationId: 'createOrder',
      security: [{ token: ['orders:write'] }],
      parameters: [{ $ref: '#/components/parameters/IdempotencyKey' }],
      responses: {
        201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        409: { $ref: '#/components/responses/Problem409' },
        422: { $ref: '#/components/responses/Problem422' },
      },
    })
    const headers = ['RateLimit', 'RateLimit-Policy']
    expect(Object.keys(Object(orders?.post?.responses[201]).headers)).toEqual(headers)
    expect(document.components.responses.Problem429).toMatchObject({
      headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    })
    const named = new Map(orders?.get?.parameters?.map(one => [one.name, one]))
    expect([...named.keys()]).toEqual(['limit', 'after', 'state'])
    expect(named.get('after')).toMatchObject({
      in: 'query',
      required: false,
      description: expect.stringMatching(/next/),
    })
    const open = operationsOf(document).filter(({ security }) => security.length === 0)
    expect(open.map(({ operationId }) => operationId)).toEqual(['getOpenApi'])
    // Every parameter of a path is declared, and needed.
    for (const [path, methods] of Object.entries(document.paths))
      for (const { operationId, parameters = [] } of Object.values(methods)) {
        const inPath = parameters.filter(one => one.in === 'path')
        expect(
          inPath.map(({ name }) => `{${name}}`),
          operationId,
        ).toEqual(path.match(/\{\w+\}/g) ?? [])
        expect(
          inPath.every(({ required }) => required),
          operationId,
        ).toBe(true)
      }
    // What is sent is taken to the letter; answers may grow.
    const { OrderInput, Order } = document.components.schemas
    expect(OrderInput).toMatchObject({ additionalProperties: false })
    expect(Order).not.toHaveProperty('additionalProperties')
  })
})

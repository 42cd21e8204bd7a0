import { z } from 'zod'
import { jsonSchema, parametersOf, type Schemas } from './openapi.ts'
import { mays, type PageDeclared } from './pageroute.ts'

type Json = Record<string, unknown>

/** Routes of our own pages as OpenAPI 3.1 writes them; `x-may` says who may use one. For tests and for those who look. */
export function pagesDocument(tables: ReadonlyArray<{ prefix: string; routes: readonly PageDeclared[] }>): Json {
  const schemas: Schemas = new Map()
  const paths: Record<string, Json> = {}
  for (const { prefix, routes } of tables)
    for (const route of routes) {
      const path = `${prefix}${route.path}`
      paths[path] = { ...paths[path], [route.method]: operation(route, schemas) }
    }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Paigong, what its own pages ask for',
      version: '1',
      description: 'It changes with the pages: programs use /api/v1.',
    },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'paigong' } },
      schemas: Object.fromEntries(schemas),
    },
  }
}

function operation({ id, may, params, query, body }: PageDeclared, schemas: Schemas): Json {
  const parameters = [...parametersOf(params, 'path', schemas), ...parametersOf(query, 'query', schemas)]
  return {
    ...{ operationId: id, 'x-may': may, summary: mays[may].says },
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body, schemas) } }),
    responses: { default: { description: 'As the page shows it, or a problem document' } },
  }
}

const contentOf = (body: NonNullable<PageDeclared['body']>, schemas: Schemas): Json =>
  body instanceof z.ZodType
    ? { 'application/json': { schema: jsonSchema(body, 'input', schemas) } }
    : Object.fromEntries(body.types.map(type => [type, { schema: { type: 'string', format: 'binary' } }]))

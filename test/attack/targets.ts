import fc from 'fast-check'
import { routes } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { pagesDocument } from '../../src/http/pagesdoc.ts'
import { tables } from '../console/samples.ts'
import { nastyText, nearly, planted, type Schema } from './nasty.ts'

/** A route as it is asked. */
export interface Target {
  method: string
  path: string
  query: string[]
  /** What its body is nearly like. */
  body: fc.Arbitrary<unknown> | null
}

interface Operation {
  parameters?: Array<{ $ref?: string; name?: string; in?: string }>
  requestBody?: { content?: Record<string, { schema?: Schema }> }
}
type Document = { paths: Record<string, Record<string, Operation>> }

/** Every route the documents name, and the ones no document is about. `pool`: texts that name something there is. */
export function targetsOf(pool: fc.Arbitrary<string>): Target[] {
  const api = targetsIn(openApi(routes) as unknown as Document, '/api/v1', pool)
  const pages = targetsIn(pagesDocument(tables) as unknown as Document, '', pool)
  return [...api, ...pages, ...others()]
}

function targetsIn(document: Document, prefix: string, pool: fc.Arbitrary<string>): Target[] {
  const look = (ref: string): Schema => {
    const found = ref
      .slice(2)
      .split('/')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document)
    if (!found) throw new Error(`nothing is at ${ref}`)
    return found
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const named = parameters.map(one => (one.$ref ? (look(one.$ref) as typeof one) : one))
      const schema = requestBody?.content?.['application/json']?.schema
      return {
        method: method.toUpperCase(),
        path: `${prefix}${path}`,
        query: named.filter(one => one.in === 'query').flatMap(({ name }) => name ?? []),
        body: schema ? nearly(schema, look, pool) : requestBody ? nastyText : null,
      }
    }),
  )
}

function others(): Target[] {
  const get = (path: string, ...query: string[]): Target => ({ method: 'GET', path, query, body: null })
  const post = (path: string, body: fc.Arbitrary<unknown> = nastyText, ...query: string[]): Target => ({
    ...{ method: 'POST', path, query, body },
  })
  const code = fc.record({ code: nastyText, next: nastyText }, { requiredKeys: ['code'] })
  return [
    ...[get('/'), get('/health/live'), get('/health/ready'), get('/session'), get('/login', 'next')],
    ...[get('/login/{road}', 'next', 'by'), get('/login/{road}/back', 'state', 'code', 'authCode')],
    ...[post('/login/{road}/code', code), post('/logout'), post('/logout/everywhere')],
    ...[get('/login/inside/{file}', 'corp', 'client', 'next'), get('/console/{file}'), get('/m/{file}')],
    ...[get('/r/{token}'), post('/r/{token}'), get('/p/{token}', 'part')],
    ...[get('/wecom/callback', 'msg_signature', 'timestamp', 'nonce', 'echostr')],
    ...[post('/wecom/callback', nastyText, 'msg_signature', 'timestamp', 'nonce')],
    ...[post('/dingtalk/robot'), post('/dingtalk/card'), post('/dingtalk/events', nastyText, 'msg_signature')],
    ...[get('/{anything}', 'q'), post('/{anything}'), { ...get('/{anything}/{more}'), method: 'DELETE' }],
  ]
}

export interface Ask {
  method: string
  /** The route's path, with its parameters' names. */
  route: string
  /** Path and query as they are sent. */
  address: string
  headers: Record<string, string>
  body: Buffer | null
}

const encoded = (text: string): string => {
  try {
    return encodeURIComponent(text)
  } catch {
    return '%ED%A0%80'
  }
}

const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']

/** How one is sent: mostly as JSON that says so, now and then torn, nested without end, larger than it may be, or mislabelled. */
const sentAs = (value: unknown): fc.Arbitrary<{ body: Buffer; type: string }> => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  const json = { body: Buffer.from(text), type: 'application/json' }
  return fc.oneof(
    { arbitrary: fc.constant(json), weight: 16 },
    { arbitrary: fc.constantFrom(...types).map(type => ({ ...json, type })), weight: 2 },
    { arbitrary: fc.nat(text.length).map(end => ({ ...json, body: Buffer.from(text.slice(0, end)) })), weight: 1 },
    { arbitrary: fc.uint8Array({ maxLength: 200 }).map(bytes => ({ ...json, body: Buffer.from(bytes) })), weight: 1 },
    { arbitrary: fc.constant({ ...json, body: Buffer.from('['.repeat(20_000)) }), weight: 1 },
    { arbitrary: fc.constant({ ...json, body: Buffer.alloc(300_000, 'x') }), weight: 1 },
  )
}

const headers = fc.dictionary(
  fc.constantFrom('Idempotency-Key', 'If-Match', 'Accept', 'Accept-Encoding', 'Range', 'X-Forwarded-For', 'Origin'),
  fc.oneof(fc.constantFrom('*/*', 'gzip;q=0', 'bytes=0-', '127.0.0.1', 'null', planted), fc.string({ maxLength: 300 })),
  { maxKeys: 2 },
)
/** What a header can't hold is not sent. */
const sendable = (given: Record<string, string>) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replace(/[^\t\x20-\x7e]/g, '')]))

/** `named`: what a parameter of a name may be right with. */
export function asks(targets: readonly Target[], named: (name: string) => fc.Arbitrary<string>): fc.Arbitrary<Ask> {
  const word = (name: string) => fc.oneof({ arbitrary: named(name), weight: 5 }, { arbitrary: nastyText, weight: 1 })
  return fc.constantFrom(...targets).chain(target => {
    const holes = [...target.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => word(name))
    const asked = [...new Set([...target.query, 'limit', 'after'])]
    const right = fc.record(Object.fromEntries(asked.map(name => [name, word(name)])), { requiredKeys: [] })
    const query = fc.oneof(
      { arbitrary: right, weight: 5 },
      { arbitrary: fc.dictionary(nastyText, nastyText), weight: 1 },
    )
    return fc
      .record({
        filled: fc.tuple(...holes),
        query,
        headers,
        sent: target.body ? target.body.chain(sentAs) : fc.constant(null),
      })
      .map(({ filled, query, headers, sent }): Ask => {
        let at = 0
        const path = target.path.replaceAll(/\{\w+\}/g, () => encoded(filled[at++] ?? ''))
        const pairs = Object.entries(query as Record<string, string>).map(
          ([name, value]) => `${encoded(name)}=${encoded(value)}`,
        )
        return {
          ...{
            method: target.method,
            route: target.path,
            address: pairs.length > 0 ? `${path}?${pairs.join('&')}` : path,
          },
          headers: { ...sendable(headers), ...(sent && { 'Content-Type': sent.type }) },
          body: sent?.body ?? null,
        }
      })
  })
}

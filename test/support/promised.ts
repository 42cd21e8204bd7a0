import type { IncomingMessage, ServerResponse } from 'node:http'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { z } from 'zod'
import { routes } from '../../src/http/api.ts'
import { openApi } from '../../src/http/openapi.ts'
import { problemsOf } from '../../src/http/route.ts'
import { problem } from '../../src/http/shapes/common.ts'
import { eventShapes } from '../../src/http/shapes/events.ts'

/** Answers of `/api/v1` against what the OpenAPI document promises, and against the shapes it is made from. */

const base = '/api/v1'
// Formats are checked by the shapes.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(openApi(routes), 'api', undefined, false)

interface Answered {
  method: string
  /** With its query, below `/api/v1`. */
  path: string
  status: number
  type: string
  body: string
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)
const patterns = routes.map(route => ({ route, pattern: patternOf(route.path) }))

function routeOf({ method, path }: Pick<Answered, 'method' | 'path'>) {
  const [bare = ''] = path.split('?')
  const fitting = patterns.filter(({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(bare))
  // A path without parameters comes before one with them, as the router has it.
  return fitting.sort((a, b) => a.route.path.split('{').length - b.route.path.split('{').length)[0]?.route
}

/** What the document says of a place in it. */
function byDocument(place: readonly string[], value: unknown): string[] {
  const ref = place.map(part => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  const validate = ajv.compile({ $ref: `api#/${ref}` })
  if (validate(value)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'body'} ${message}`)
}

function byShape(shape: z.ZodType, value: unknown): string[] {
  const { error } = shape.safeParse(value)
  return error ? z.prettifyError(error).split('\n') : []
}

/** In which ways an answer is not what was promised; none when it is. */
export function brokenPromises(answered: Answered): string[] {
  const { method, path, status, type, body } = answered
  const route = routeOf(answered)
  const told = (faults: string[]) => faults.map(fault => `${method} ${path} answered ${status}: ${fault}`)
  if (type.startsWith('application/problem+json')) {
    const known = route ? problemsOf(route) : [404]
    if (!known.includes(status)) return told([`it says of no problem ${status}`])
    const value: unknown = JSON.parse(body)
    const place = ['components', 'responses', `Problem${status}`, 'content', 'application/problem+json', 'schema']
    return told([...byDocument(place, value), ...byShape(problem, value)])
  }
  if (!route) return told(['there is no such route'])
  const answer = route.answers[status]
  if (answer === undefined) return told([`it says of no answer ${status}`])
  if (answer === null) return told(body === '' ? [] : ['it says of no body'])
  if (!(answer instanceof z.ZodType))
    return told(
      answer.file === '*/*' || type === answer.file ? [] : [`it says that this is ${answer.file}, not ${type}`],
    )
  if (!type.startsWith('application/json')) return told([`it says that this is JSON, not ${type}`])
  const value: unknown = JSON.parse(body)
  const place = ['paths', route.path, route.method, 'responses', `${status}`, 'content', 'application/json', 'schema']
  return told([...byDocument(place, value), ...byShape(answer, value)])
}

/** In which ways a body that was taken is not what the document says may be sent. */
export function wronglyTaken(method: string, path: string, status: number, sent: unknown): string[] {
  const route = routeOf({ method, path })
  if (status >= 300 || !(route?.body instanceof z.ZodType)) return []
  const place = ['paths', route.path, route.method, 'requestBody', 'content', 'application/json', 'schema']
  return byDocument(place, sent).map(fault => `${method} ${path} took what it says it does not: ${fault}`)
}

/** In which ways a webhook message is not what the document, and the shape it is made from, say of its type. */
export function brokenEvent(value: { type: string }): string[] {
  const known = eventShapes.find(({ name }) => name === value.type)
  if (!known) return [`the document has no webhook ${value.type}`]
  const place = ['webhooks', value.type, 'post', 'requestBody', 'content', 'application/json', 'schema']
  return [...byDocument(place, value), ...byShape(known.shape, value)].map(fault => `${value.type}: ${fault}`)
}

/** Reads an answer of `/api/v1`. @throws where it is not what was promised */
export async function promised<T>(
  method: string,
  path: string,
  answer: Response,
): Promise<{ status: number; body: T }> {
  const { status } = answer
  const body = await answer.text()
  const type = answer.headers.get('content-type') ?? ''
  const broken = brokenPromises({ method, path, status, type, body })
  if (broken.length > 0) throw new Error(broken.join('\n'))
  return { status, body: JSON.parse(body) as T }
}

/** Listens to what a server answers at `/api/v1` and notes what was not promised. */
export function overhear(req: IncomingMessage, res: ServerResponse, broken: string[]): void {
  const { method = '', url = '' } = req
  if (!url.startsWith(`${base}/`)) return
  const end = res.end.bind(res) as (...all: unknown[]) => ServerResponse
  res.end = ((...all: unknown[]) => {
    const body = typeof all[0] === 'string' || Buffer.isBuffer(all[0]) ? all[0].toString() : ''
    const type = String(res.getHeader('content-type') ?? '')
    broken.push(...brokenPromises({ method, path: url.slice(base.length), status: res.statusCode, type, body }))
    return end(...all)
  }) as ServerResponse['end']
}

import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { Invalid } from '../errors.ts'
import { HttpProblem } from './problem.ts'

/** Reads a request's body up to `maxBytes`. @throws HttpProblem 413, 408 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = (maxBytes: number) => new HttpProblem(413, 'Too large', `The body may have ${maxBytes} bytes at most.`)

/** A JSON body checked by a schema. @throws HttpProblem 415, 400; Invalid 422 with a path for each fault */
export async function readJson<T extends z.ZodType>(
  req: IncomingMessage,
  schema: T,
): Promise<{ value: z.output<T>; raw: string }> {
  const type = req.headers['content-type'] ?? ''
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type))
    throw new HttpProblem(415, 'Unsupported media type', 'Send application/json.')
  const raw = (await readBody(req, 256 * 1024)).toString('utf8')
  let json: unknown
  try {
    json = JSON.parse(raw)
  } catch {
    throw new HttpProblem(400, 'Bad JSON', 'The body is not valid JSON.')
  }
  return { value: check(schema, json), raw }
}

const said = (message: string): string => (message.endsWith('received undefined') ? 'is missing' : message)

export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => ({ path: issue.path.join('.'), message: said(issue.message) }))
  throw new Invalid(problems.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; '), problems)
}

import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { Invalid } from '../errors.ts'
import { asWritable, isUnwritable } from '../text.ts'
import { HttpProblem } from './problem.ts'

/** So many seconds anybody may take; after that it must come as fast as the poorest line of a phone sends it. */
const patience = 20
const slowestBytesPerSecond = 1_024

/** Reads a body up to `maxBytes`, and does not wait for who sends it a byte a second. @throws HttpProblem 400, 408, 413 */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes)
  const chunks: Buffer[] = []
  await new Promise<void>((resolve, reject) => {
    let size = 0
    const refuse = (problem: HttpProblem) => {
      settle()
      // What still comes is thrown away, so that whoever sends it gets to read the answer.
      req.off('data', take).resume()
      reject(problem)
    }
    const take = (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) refuse(tooLarge(maxBytes))
      else chunks.push(chunk)
    }
    const whole = () => {
      settle()
      resolve()
    }
    const torn = () => refuse(new HttpProblem(400, 'Torn', 'The connection ended before the body did.'))
    const settle = () => {
      clearInterval(watch)
      req.off('end', whole).off('close', torn).off('error', torn)
    }
    let seconds = 0
    const watch = setInterval(() => {
      if (size < (++seconds - patience) * slowestBytesPerSecond || (seconds >= patience && size === 0))
        refuse(new HttpProblem(408, 'Too slow', 'The body did not come in time.'))
    }, 1_000)
    req.on('data', take).once('end', whole).once('close', torn).once('error', torn)
  })
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
    json = isUnwritable(raw) ? JSON.parse(raw, asWritable) : JSON.parse(raw)
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

import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import { parseRecord } from '../json.ts'
import { oldRefused, refused } from './refused.ts'

/** One API call as the handlers see it. */
export interface Call {
  query: URLSearchParams
  headers: IncomingHttpHeaders
  body: Buffer
  contentType: string
  /** Address of the machine that calls. */
  from: string
  /** What stands for a name in the address, e.g. the corp. */
  named: string
  /** Says something in the exchange log. */
  note: (text: string) => void
}

export function jsonBody(call: Call): Record<string, unknown> {
  const parsed = parseRecord(call.body.toString('utf8'))
  if (!parsed) throw refused('invalidParameter', 'the body is not a JSON object')
  return parsed
}

/** The body of a call on the new host. */
export function shaped<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(jsonBody(call))
  if (parsed.success) return parsed.data
  throw refused('invalidParameter', `the parameter is missing or wrong: ${pathOf(parsed.error)}`)
}

/** The body of a call on the old host, JSON or a form (dingtalk.md §1.3: 43004, 43009). */
export function oldBody(call: Call): Record<string, unknown> {
  if (/x-www-form-urlencoded/.test(call.contentType))
    return Object.fromEntries(new URLSearchParams(call.body.toString('utf8')))
  if (!/json/.test(call.contentType)) throw oldRefused(43004, '无效的HTTP HEADER Content-Type')
  const parsed = parseRecord(call.body.toString('utf8'))
  if (!parsed) throw oldRefused(43009, '请求包体需要是合法的JSON')
  return parsed
}

export function oldShaped<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(oldBody(call))
  if (parsed.success) return parsed.data
  throw oldRefused(40035, `不合法的参数: ${pathOf(parsed.error)}`)
}

export const pathOf = (error: z.ZodError): string => error.issues[0]?.path.join('.') ?? ''

export const okOld = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  errcode: 0,
  errmsg: 'ok',
  ...more,
})

import type { IncomingMessage, ServerResponse } from 'node:http'
import { Invalid } from '../errors.ts'

/** Reads the whole body; throws `Invalid` with status 413 above `maxBytes`. */
export async function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length
    // The rest is still read, so that the client gets to see the answer.
    if (size <= maxBytes) parts.push(part)
    else parts.length = 0
  }
  if (size > maxBytes) throw new Invalid(`body larger than ${maxBytes} bytes`, [], 413)
  return Buffer.concat(parts)
}

/** Where a request comes from, IPv4 as such. */
export const addressOf = (req: IncomingMessage): string => (req.socket.remoteAddress ?? '').replace(/^::ffff:/, '')

export function send(
  res: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  if (res.destroyed || res.headersSent) return
  res.writeHead(status, { 'content-type': type, 'x-content-type-options': 'nosniff', ...headers })
  res.end(body)
}

export const sendJson = (res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  send(res, status, 'application/json; charset=utf-8', JSON.stringify(body), {
    'cache-control': 'no-store',
    ...headers,
  })

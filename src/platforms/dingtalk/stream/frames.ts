import { z } from 'zod'

/** Something to be worked on. */
export interface Heard {
  kind: 'robot' | 'card' | 'event'
  /** `headers.messageId`: names this push, not what was said. */
  messageId: string
  headers: Record<string, string>
  /** The parsed JSON of the frame's `data`. */
  data: unknown
}

export type Frame =
  | { is: 'heard'; heard: Heard }
  | { is: 'ping'; messageId: string; data: string }
  | { is: 'disconnect' }
  /** `CONNECTED`, `REGISTERED`, `KEEPALIVE` and whatever comes next: nothing depends on them. */
  | { is: 'system' }
  /** Well formed, but nothing we asked for. */
  | { is: 'unknown'; messageId: string }
  | { is: 'bad'; reason: 'json' | 'frame' | 'data' }

export const robotTopic = '/v1.0/im/bot/messages/get'
export const cardTopic = '/v1.0/card/instances/callback'

const shape = z.object({
  type: z.string(),
  headers: z.record(z.string(), z.unknown()),
  data: z.string().nullish(),
})
const id = z.string().min(1).max(512)

/** Reads one frame (dingtalk.md §4.2). Never throws. `events`: they were asked for. */
export function readFrame(text: string, events: boolean): Frame {
  const raw = parse(text)
  if (raw === undefined) return { is: 'bad', reason: 'json' }
  const frame = shape.safeParse(raw)
  if (!frame.success) return { is: 'bad', reason: 'frame' }
  const { type, data } = frame.data
  const headers = words(frame.data.headers)
  const { topic } = headers
  const messageId = id.safeParse(headers.messageId)
  if (type === 'SYSTEM' && topic === 'disconnect') return { is: 'disconnect' }
  if (type === 'SYSTEM' && topic !== 'ping') return { is: 'system' }
  if (!messageId.success) return { is: 'bad', reason: 'frame' }
  const named = { messageId: messageId.data }
  if (type === 'SYSTEM') return { is: 'ping', ...named, data: data ?? '{}' }
  const kind = kindOf(type, topic, events)
  if (!kind) return { is: 'unknown', ...named }
  const content = parse(data ?? '')
  return content === undefined
    ? { is: 'bad', reason: 'data' }
    : { is: 'heard', heard: { kind, ...named, headers, data: content } }
}

function kindOf(type: string, topic: string | undefined, events: boolean): Heard['kind'] | undefined {
  // Acknowledging events nobody here asked for would take them from the program that did (dingtalk.md §4.6).
  if (type === 'EVENT') return events ? 'event' : undefined
  if (type !== 'CALLBACK') return undefined
  return topic === robotTopic ? 'robot' : topic === cardTopic ? 'card' : undefined
}

/** Headers are words; a time may come as a number. */
function words(headers: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, String(value)]]
        : [],
    ),
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An acknowledgement. `data` is JSON text. */
export const acknowledgement = (messageId: string, data: string): string => answer(messageId, 200, 'OK', data)

export const notFound = (messageId: string): string => answer(messageId, 404, 'unknown topic', '{}')

const answer = (messageId: string, code: number, message: string, data: string) =>
  JSON.stringify({ code, headers: { messageId, contentType: 'application/json' }, message, data })

import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { Invalid } from '../errors.ts'
import type { Acts } from './acts.ts'
import type { Events } from './events.ts'
import { readBody, send, sendJson } from './http.ts'
import type { Media, Shelf } from './media.ts'
import type { Office } from './office.ts'
import type { Log } from './options.ts'
import type { SandboxActions, SandboxLogEntry, SandboxState } from './wire.ts'

const maxBytes = 12 * 1_024 * 1_024
const words = z.string().trim().min(1).max(4_000)
const where = { as: z.string().min(1), chat: z.string().min(1) }

const shapes = {
  say: z.strictObject({ ...where, text: words, at: z.boolean().optional(), quote: z.string().optional() }),
  tap: z.strictObject({
    as: z.string().min(1),
    message: z.string().min(1),
    key: z.string().min(1),
    choices: z.record(z.string(), z.array(z.string())).optional(),
  }),
  photo: z.strictObject({ ...where, image: z.string().min(1), text: words.optional(), at: z.boolean().optional() }),
  location: z.strictObject({
    ...where,
    lat: z.number().min(-90).max(90),
    lng: z.number().min(-180).max(180),
    label: z.string().max(200),
  }),
  voice: z.strictObject({ ...where, text: words, seconds: z.int().min(1).max(60).optional() }),
  read: z.strictObject(where),
  switch: z.strictObject({ as: z.string().min(1), platform: z.enum(['wecom', 'dingtalk']) }),
  approval: z.strictObject({
    id: z.string().min(1),
    as: z.string().min(1),
    do: z.enum(['approve', 'reject', 'withdraw', 'revoke', 'delete']),
    words: z.string().max(500).optional(),
  }),
  punch: z.strictObject({
    as: z.string().min(1),
    at: z.iso.datetime({ offset: true }).optional(),
    kind: z.enum(['in', 'out', 'outside']),
    missing: z.boolean().optional(),
    place: z.string().min(1).max(200).optional(),
  }),
  clock: z.union([
    z.strictObject({
      forwardMs: z
        .number()
        .min(0)
        .max(400 * 86_400_000),
    }),
    z.strictObject({ to: z.iso.datetime({ offset: true }) }),
  ]),
}

export interface PageApiParts {
  acts: Acts
  office: Office
  events: Events
  media: Shelf
  log: Log
  state: () => SandboxState
  entries: () => SandboxLogEntry[]
  moveClock: (how: SandboxActions['clock']) => Promise<void>
}

/** The control surface of the page below `/sandbox/api`: same origin only, faulty bodies get 422. */
export class PageApi {
  constructor(private readonly parts: PageApiParts) {}

  handle(path: string, req: IncomingMessage, res: ServerResponse): boolean {
    if (!path.startsWith('/sandbox/api/')) return false
    this.route(path.slice('/sandbox/api/'.length), req, res).catch((error: unknown) => {
      if (error instanceof Invalid) return problem(res, error.status, 'not possible', error.message)
      if (req.destroyed && !req.complete) return
      this.parts.log.error({ path, error: String(error) }, 'sandbox: page API failed')
      problem(res, 500, 'failed', 'the sandbox failed; its log says more')
    })
    return true
  }

  private async route(name: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (!sameOrigin(req)) return problem(res, 403, 'forbidden', 'the sandbox is controlled from its own page only')
    if (req.method === 'GET') return this.get(name, req, res)
    if (req.method !== 'POST') return problem(res, 405, 'method not allowed', 'GET and POST only')
    const given = await jsonOf(req)
    switch (name) {
      case 'say':
        return sendJson(res, 200, await this.parts.acts.say(defined(shaped(shapes.say, given))))
      case 'tap':
        return sendJson(res, 200, await this.parts.acts.tap(defined(shaped(shapes.tap, given))))
      case 'photo':
        return sendJson(res, 200, await this.parts.acts.photo(defined(shaped(shapes.photo, given))))
      case 'location':
        return sendJson(res, 200, await this.parts.acts.location(shaped(shapes.location, given)))
      case 'voice':
        return sendJson(res, 200, await this.parts.acts.voice(defined(shaped(shapes.voice, given))))
      case 'switch':
        return sendJson(res, 200, await this.parts.acts.switch(shaped(shapes.switch, given)))
      case 'approval':
        return sendJson(res, 200, await this.parts.office.approval(defined(shaped(shapes.approval, given))))
      case 'punch':
        return sendJson(res, 200, await this.parts.office.punch(defined(shaped(shapes.punch, given))))
      case 'read':
        return sendJson(res, 200, await this.parts.acts.read(shaped(shapes.read, given)))
      case 'clock':
        await this.parts.moveClock(shaped(shapes.clock, given))
        return sendJson(res, 200, { now: this.parts.state().now })
      default:
        return problem(res, 404, 'not found', `POST /sandbox/api/${name}`)
    }
  }

  private get(name: string, req: IncomingMessage, res: ServerResponse): void {
    const found = name.startsWith('media/') ? this.parts.media.get(name.slice('media/'.length)) : undefined
    if (name === 'state') sendJson(res, 200, this.parts.state())
    else if (name === 'log') sendJson(res, 200, { items: this.parts.entries() })
    else if (name === 'events') this.parts.events.attach(req, res)
    else if (found) sendMedia(res, found)
    else problem(res, 404, 'not found', `GET /sandbox/api/${name}`)
  }
}

function sendMedia(res: ServerResponse, { media, bytes }: { media: Media; bytes: Buffer }): void {
  // Only pictures are shown in place: an uploaded page must never run on our origin.
  const image = /^image\/(jpeg|png)$/.test(media.mime)
  const file = encodeURIComponent(media.name)
  send(res, 200, image ? media.mime : 'application/octet-stream', bytes, {
    'cache-control': 'private, max-age=86400',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': `${image ? 'inline' : 'attachment'}; filename="${file}"; filename*=UTF-8''${file}`,
  })
}

const problem = (res: ServerResponse, status: number, title: string, detail: string) =>
  sendJson(res, status, { title, detail })

/** Browsers name the page's origin with every POST; programs like curl name none. */
function sameOrigin(req: IncomingMessage): boolean {
  const { origin, host } = req.headers
  if (origin === undefined)
    return req.headers['sec-fetch-site'] === undefined || req.headers['sec-fetch-site'] !== 'cross-site'
  return URL.canParse(origin) && new URL(origin).host === host
}

async function jsonOf(req: IncomingMessage): Promise<unknown> {
  const text = (await readBody(req, maxBytes)).toString('utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new Invalid('the body is not JSON')
  }
}

function shaped<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new Invalid(z.prettifyError(parsed.error))
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** Optional keys that are `undefined` are left out, as `exactOptionalPropertyTypes` wants. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as Defined<T>
}

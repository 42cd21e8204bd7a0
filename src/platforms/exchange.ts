import dns from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { kindOf } from '../addresses.ts'
import { Permanent, Temporary } from '../errors.ts'
import type { Signals } from './platform.ts'

/** One HTTP request to a platform's server. */
export interface Request {
  method: 'GET' | 'POST' | 'PUT'
  /** A whole address. */
  url: string
  params?: Record<string, string>
  headers?: Record<string, string>
  /** Sent as JSON. */
  body?: object
  /** Sent as a multipart form instead. */
  form?: FormData | undefined
  /** The largest answer that is read, in bytes. */
  most: number
  /** Until the whole answer is there. */
  timeoutMs: number
  /** The address came in a message: it must lead to the internet, or to one of these hosts (SSRF). */
  given?: readonly string[]
}

export interface Response {
  status: number
  headers: Record<string, unknown>
  bytes: Buffer
}

/**
 * Sends one request and reads the answer, whatever its status. Redirects are not followed. Throws `Temporary` (`timeout`,
 * `unreachable`) or `Permanent` (`too-large`, `not-public`, `no-address`) and nothing else: a client's own errors may carry the
 * address, and addresses carry tokens and keys.
 */
export type Exchange = (request: Request) => Promise<Response>

/** Ways out of this machine. */
export interface Roads {
  /** To where the operator configured. */
  anywhere: Dispatcher
  /** Into no private network. */
  internet: Dispatcher
}

export const createExchange =
  (roads: Roads): Exchange =>
  async ({ method, url, params, headers, body, form, most, timeoutMs, given }) => {
    if (!URL.canParse(url)) throw noAddress()
    const address = new URL(url)
    for (const [name, value] of Object.entries(params ?? {})) address.searchParams.set(name, value)
    const guarded = given !== undefined && !given.includes(address.host)
    if (guarded) mustBePublic(address)
    try {
      const sent = form ? await multipart(form) : body && json(body)
      const answer = await request(address, {
        method,
        dispatcher: guarded ? roads.internet : roads.anywhere,
        headers: { 'user-agent': 'Paigong', ...sent?.headers, ...headers },
        ...(sent && { body: sent.body }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      return { status: answer.statusCode, headers: answer.headers, bytes: await read(answer, most) }
    } catch (error) {
      throw error instanceof Permanent ? error : failure(error)
    }
  }

const json = (body: object) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

/** In one piece: its length is said beforehand. */
async function multipart(form: FormData) {
  const made = new globalThis.Response(form)
  const headers = { 'content-type': made.headers.get('content-type') ?? '' }
  return { headers, body: Buffer.from(await made.arrayBuffer()) }
}

async function read({ headers, body }: Dispatcher.ResponseData, most: number): Promise<Buffer> {
  const length = Number(headers['content-length'])
  if (length <= most) return Buffer.from(await body.arrayBuffer())
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length
    if (size > most || length > most) throw tooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const noAddress = () =>
  new Permanent('no-address', 'the address it was given is none', { fix: 'see who may send what the platform sends' })

const tooLarge = () =>
  new Permanent('too-large', 'the answer is larger than allowed', { fix: 'ask for a smaller file' })

const notPublic = () =>
  new Permanent('not-public', 'the address it was given leads into a private network', {
    fix: 'see who may send what the platform sends; a gateway of your own belongs into its API base',
  })

/** An address that is none of a name; names are looked up when they are connected to. @throws Permanent */
function mustBePublic({ hostname }: URL): void {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && kindOf(host) !== 'public') throw notPublic()
}

/** Looks at the very addresses that are connected to. */
const publicOnly: LookupFunction = (name, options, done) =>
  dns.lookup(name, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    if (found.some(({ address }) => kindOf(address) !== 'public')) return done(notPublic(), [])
    const [first] = found
    return options.all ? done(null, found) : done(null, first?.address ?? '', first?.family)
  })

/** As HTTP_PROXY, HTTPS_PROXY and NO_PROXY say, or `proxies` does. Where a proxy leads is its operator's. */
export const roadsOut = (proxies: EnvHttpProxyAgent.Options = {}): Roads => ({
  anywhere: new EnvHttpProxyAgent(proxies),
  internet: new EnvHttpProxyAgent({ ...proxies, connect: { lookup: publicOnly } }),
})

export const exchange = createExchange(roadsOut())

const timeouts = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']

function failure(error: unknown): Temporary {
  const { name, code } = error as Error & { code?: unknown }
  if (name === 'TimeoutError' || timeouts.includes(String(code))) return new Temporary('timeout', 'no answer in time')
  return new Temporary('unreachable', `the connection failed (${typeof code === 'string' ? code : 'unknown'})`)
}

/** Runs a call and counts it. */
export async function counted<T>(signals: Signals, api: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  let outcome: 'ok' | 'temporary' | 'permanent' = 'ok'
  try {
    return await work()
  } catch (error) {
    outcome = error instanceof Permanent ? 'permanent' : 'temporary'
    throw error
  } finally {
    signals.called(api, outcome, Math.round(performance.now() - started))
  }
}

/** Secrets in addresses the platform may quote back. */
export const hideSecrets = (text: string): string =>
  text.replace(/\b(access_token|corpsecret|appsecret|secret|session|key|code)=[^&\s"']+/gi, '$1=[secret]')

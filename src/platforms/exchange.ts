import { promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import axios from 'axios'
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
 * `unreachable`) or `Permanent` (`too-large`, `not-public`) and nothing else: axios' own errors carry the address, and addresses carry
 * tokens and keys.
 */
export async function exchange({
  method,
  url,
  params,
  headers,
  body,
  form,
  most,
  timeoutMs,
  given,
}: Request): Promise<Response> {
  const guard = given && !given.includes(new URL(url).host) ? publicOnly(new URL(url)) : null
  try {
    const response = await axios.request<Buffer>({
      ...{ method, url },
      ...(params && { params }),
      ...(headers && { headers }),
      ...((form ?? body) && { data: form ?? body }),
      ...(guard && { lookup: guard.lookup }),
      responseType: 'arraybuffer',
      // axios' timeout starts again with every byte; this one does not.
      timeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
      maxContentLength: most,
      maxRedirects: 0,
      validateStatus: () => true,
    })
    return { status: response.status, headers: { ...response.headers }, bytes: Buffer.from(response.data) }
  } catch (error) {
    throw guard?.refused() ? notPublic() : failure(error)
  }
}

const notPublic = () =>
  new Permanent('not-public', 'the address it was given leads into a private network', {
    fix: 'see who may send what the platform sends; a gateway of your own belongs into its API base',
  })

/** Looks at the very addresses that are connected to. A proxy's are its operator's. @throws Permanent */
function publicOnly({ hostname }: URL) {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && kindOf(host) !== 'public') throw notPublic()
  let refused = false
  return {
    refused: () => refused,
    async lookup(name: string): Promise<[Array<{ address: string; family: 4 | 6 }>]> {
      const found = await dns.lookup(name, { all: true })
      refused = name === host && found.some(({ address }) => kindOf(address) !== 'public')
      if (refused) throw notPublic()
      return [found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))]
    },
  }
}

function failure(error: unknown): Temporary | Permanent {
  const code = axios.isAxiosError(error) ? (error.code ?? '') : ''
  if (error instanceof Error && /maxContentLength/.test(error.message))
    return new Permanent('too-large', 'the answer is larger than allowed', { fix: 'ask for a smaller file' })
  const timedOut = code === 'ECONNABORTED' || code === 'ETIMEDOUT' || code === 'ERR_CANCELED'
  return timedOut
    ? new Temporary('timeout', 'no answer in time')
    : new Temporary('unreachable', `the connection failed (${code || 'unknown'})`)
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

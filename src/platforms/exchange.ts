import axios from 'axios'
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
}

export interface Response {
  status: number
  headers: Record<string, unknown>
  bytes: Buffer
}

/**
 * Sends one request and reads the answer, whatever its status. Redirects are not followed. Throws `Temporary` (`timeout`,
 * `unreachable`) or `Permanent` (`too-large`) and nothing else: axios' own errors carry the address, and addresses carry
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
}: Request): Promise<Response> {
  try {
    const response = await axios.request<Buffer>({
      ...{ method, url },
      ...(params && { params }),
      ...(headers && { headers }),
      ...((form ?? body) && { data: form ?? body }),
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
    throw failure(error)
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

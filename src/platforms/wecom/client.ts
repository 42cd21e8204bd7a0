import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { counted, type Exchange, exchange, hideSecrets } from '../exchange.ts'
import { Gates } from '../gates.ts'
import type { Signals } from '../platform.ts'
import { meaningOf } from './errcode.ts'

export interface Ask {
  /** Name for counters, e.g. `message/send`. */
  api: string
  method: 'GET' | 'POST'
  /** Below the base, or a whole address. */
  url: string
  params?: Record<string, string>
  body?: object
  /** A file, in place of a body. */
  form?: FormData
  /** Another server than the API's: its troubles are counted apart. */
  elsewhere?: string
}

/** Every answer of the platform has an errcode; 0 is success. */
export interface Answer {
  errcode: number
  errmsg: string
  [field: string]: unknown
}

export interface Download {
  bytes: Buffer
  headers: Record<string, unknown>
}

export interface ClientDeps {
  clock: Clock
  signals: Signals
  log: Log
  /** Default 15 s. */
  timeoutMs?: number
  exchange?: Exchange | undefined
}

export const mostMediaBytes = 20 * 1_048_576
const mostAnswerBytes = 1_048_576
const minute = 60_000
/** A minute, an hour: a block lasts as long as the window that was exceeded, and WeCom does not say which (/90454). */
const limitWaits = [minute, 10 * minute, 60 * minute]
/** Failures to reach the platform in a row after which it is left alone for a moment. */
const unreachableAfter = 5

/**
 * One road to the platform's HTTP API. Throws `Temporary` and `Permanent` only.
 */
export class Client {
  readonly gates: Gates

  constructor(
    private readonly base: string,
    private readonly deps: ClientDeps,
  ) {
    this.gates = new Gates(deps.clock)
  }

  /** The answer as it is, whatever its errcode. Throws `Temporary` when there is none to be had. */
  async ask(ask: Ask): Promise<Answer> {
    const { bytes } = await this.fetch(ask, mostAnswerBytes)
    const answer = readAnswer(bytes)
    if (answer) return answer
    throw this.unreachable(ask, 'not-json', 'an answer that is not JSON')
  }

  /** A file, or the platform's answer in its place: errors come as JSON with status 200 (/90254). */
  async download(ask: Ask): Promise<Download | Answer> {
    const got = await this.fetch(ask, mostMediaBytes)
    const answer = isJson(got.headers) ? readAnswer(got.bytes) : null
    return answer ?? got
  }

  /** Turns an errcode into `Temporary` or `Permanent`, closing what must not be asked again at once. */
  settle(api: string, answer: Answer, scope = 'app'): Answer {
    if (answer.errcode === 0) {
      this.gates.open(scope, `${scope} ${api}`)
      return answer
    }
    const { errcode } = answer
    const errmsg = answer.errmsg.replace(/,? *more info at .*$/s, '').slice(0, 200)
    const what = `${api}: errcode ${errcode}: ${hideSecrets(errmsg)}`
    const meaning = meaningOf(errcode)
    if (meaning.is === 'permanent') throw new Permanent(meaning.code, what, { fix: meaning.fix })
    if (meaning.is === 'token') throw new Temporary('token-refused', what, { retryAfterMs: minute })
    const { code, closes } = meaning
    if (!closes) throw new Temporary(code, what, { retryAfterMs: meaning.waitMs })
    const gate = closes.scope === 'app' ? scope : `${scope} ${api}`
    const remaining = this.gates.remaining(gate, code)
    if (remaining > 0) throw new Temporary(code, what, { retryAfterMs: remaining })
    // Robots have one window only, a minute.
    const waitMs =
      code === 'rate-limited' && scope === 'app'
        ? (limitWaits[Math.min(this.gates.times(gate), 2)] ?? minute)
        : meaning.waitMs
    this.gates.close(gate, { code, waitMs, shown: closes.fix ? { what, fix: closes.fix } : undefined })
    this.deps.log.warn({ api, errcode, waitMs }, 'WeCom refused and is left alone for a while')
    throw new Temporary(code, what, { retryAfterMs: waitMs })
  }

  private async fetch(ask: Ask, most: number): Promise<Download> {
    const { method, url, params, body, form } = ask
    this.gates.check(networkOf(ask))
    const address = /^https?:/.test(url) ? url : `${this.base}${url}`
    const timeoutMs = this.deps.timeoutMs ?? 15_000
    const { status, bytes, headers } = await (this.deps.exchange ?? exchange)({
      ...{ method, url: address, form, most, timeoutMs },
      ...(params && { params }),
      ...(body && { body }),
      ...(ask.elsewhere && { given: [new URL(this.base).host] }),
    }).catch(error => {
      if (error instanceof Temporary) throw this.unreachable(ask, error.code, error.message)
      if (error instanceof Permanent)
        throw new Permanent(error.code, `${ask.api}: ${error.message}`, error.fix ? { fix: error.fix } : {})
      throw error
    })
    if (ask.elsewhere && [403, 404, 410].includes(status))
      throw new Permanent('media-gone', `${ask.api}: status ${status}`, {
        fix: 'the link is no longer valid: ask for it again',
      })
    if (status !== 200) throw this.unreachable(ask, 'bad-status', `an answer with status ${status}`)
    this.gates.open(networkOf(ask))
    return { bytes, headers }
  }

  private unreachable(ask: Ask, code: string, why: string): Temporary {
    const gate = networkOf(ask)
    const tired = this.gates.times(gate) + 1 >= unreachableAfter
    const fix = 'check that this machine reaches WECOM_API_BASE (DNS, firewall, proxy)'
    const shown = tired && !ask.elsewhere ? { what: `WeCom cannot be reached: ${why}`, fix } : undefined
    this.gates.close(gate, { code: 'unreachable', waitMs: tired ? 5_000 : 0, shown })
    return new Temporary(code, `${ask.api}: ${why}`)
  }

  /** Runs a call and counts it. */
  counted<T>(api: string, work: () => Promise<T>): Promise<T> {
    return counted(this.deps.signals, api, work)
  }
}

const networkOf = ({ elsewhere }: Ask) => (elsewhere ? `network ${elsewhere}` : 'network')

const isJson = (headers: Record<string, unknown>) =>
  /\b(?:json|text\/plain)\b/i.test(String(headers['content-type'] ?? ''))

function readAnswer(bytes: Buffer): Answer | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (typeof value !== 'object' || value === null || !('errcode' in value) || typeof value.errcode !== 'number')
      return null
    const errmsg = 'errmsg' in value && typeof value.errmsg === 'string' ? value.errmsg : ''
    return { ...value, errcode: value.errcode, errmsg }
  } catch {
    return null
  }
}

export const isDownload = (got: Download | Answer): got is Download => 'bytes' in got

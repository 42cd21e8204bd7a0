import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { counted, type Exchange, exchange, hideSecrets, type Response } from '../exchange.ts'
import { Gates } from '../gates.ts'
import type { Signals } from '../platform.ts'
import { type Meaning, meaningOfCode, meaningOfErrcode } from './errcode.ts'
import type { Meter } from './meter.ts'
import type { Pacer } from './pacer.ts'

export interface Ask {
  /** Name for counters and queues, e.g. `card/createAndDeliver`. */
  api: string
  method: 'GET' | 'POST' | 'PUT'
  /** A whole address. */
  url: string
  params?: Record<string, string>
  headers?: Record<string, string>
  body?: object
  /** A file, in place of a body. */
  form?: FormData | undefined
  /** What it draws on (dingtalk.md §1.4); nothing when missing. */
  bills?: 'calls' | 'pushes'
  /** Whose troubles it shares: the app's, or one robot's. */
  scope?: string
}

export type Answer = Record<string, unknown>

/** What an answer says: it was done, or which code stands against it. */
type Verdict = { ok: Answer } | { code: string; message: string; meaning: Meaning }

interface ClientDeps {
  clock: Clock
  signals: Signals
  log: Log
  meter: Meter
  pacer: Pacer
  timeoutMs?: number
  /** Hosts of DingTalk's own servers, or of what stands in for them: files may lie there, too. */
  home?: readonly string[]
  exchange?: Exchange | undefined
}

const mostAnswerBytes = 1_048_576
const minute = 60_000
export const bannedMs = 5 * minute
const unreachableAfter = 5

/** One road to both of DingTalk's APIs. Throws `Temporary` and `Permanent` only; no message holds a token or a session. */
export class Client {
  readonly gates: Gates

  constructor(private readonly deps: ClientDeps) {
    this.gates = new Gates(deps.clock)
  }

  /**
   * Asks once. `null` when the token was not taken: fetch another and ask again. A month's allowance that is gone is a
   * patient `Temporary` with code `quota`.
   */
  async ask(ask: Ask): Promise<Answer | null> {
    const { api, bills, scope = 'app' } = ask
    const { meter, pacer } = this.deps
    return counted(this.deps.signals, api, async () => {
      this.mayAsk(ask)
      await pacer.slot(scope === 'app' ? api : `${scope} ${api}`)
      // What was allowed when it lined up may be forbidden when its turn comes.
      this.mayAsk(ask)
      const response = await this.send(ask)
      const verdict = readVerdict(response)
      if (!verdict) throw this.noAnswer(api, response)
      if (bills && isBilled(verdict)) await meter.count(bills)
      if ('ok' in verdict) {
        this.gates.open('network', scope, `${scope} ${api}`)
        if (bills) meter.granted(bills)
        return verdict.ok
      }
      return this.refused(ask, verdict)
    })
  }

  private mayAsk({ api, bills, scope = 'app' }: Ask): void {
    const { meter } = this.deps
    this.gates.check('network', scope, `${scope} ${api}`)
    if (bills && meter.refusedFor(bills) > 0) throw outOfAllowance(api, meter.refusedFor(bills))
  }

  /** Bytes behind a link the platform gave: no token, not billed. */
  async download(url: string, most: number): Promise<Response> {
    return counted(this.deps.signals, 'media/bytes', async () => {
      if (!/^https?:\/\//i.test(url)) throw gone('the file has no usable address')
      const { timeoutMs = 15_000, home = [] } = this.deps
      const ask = this.deps.exchange ?? exchange
      const response = await ask({ method: 'GET', url, most, timeoutMs, given: home })
      if ([403, 404, 410].includes(response.status)) throw gone(`status ${response.status}`)
      if (response.status !== 200) throw new Temporary('bad-status', `media/bytes: status ${response.status}`)
      return response
    })
  }

  private async send({ api, method, url, params, headers, body, form }: Ask): Promise<Response> {
    const timeoutMs = this.deps.timeoutMs ?? 15_000
    try {
      return await (this.deps.exchange ?? exchange)({
        ...{ method, url, form, most: mostAnswerBytes, timeoutMs },
        headers: { Accept: 'application/json', ...headers },
        ...(params && { params }),
        ...(body && { body }),
      })
    } catch (error) {
      if (error instanceof Temporary) throw this.unreachable(api, error.code, error.message)
      throw error
    }
  }

  private async refused(ask: Ask, { code, message, meaning }: Extract<Verdict, { code: string }>): Promise<null> {
    const { api, bills, scope = 'app' } = ask
    const what = `${api}: ${withoutSecrets(`${code.slice(0, 100)}: ${message}`, ask).slice(0, 300)}`
    if (meaning.is === 'token') return null
    if (meaning.is === 'permanent') throw new Permanent(meaning.code, what, { fix: meaning.fix })
    if (meaning.is === 'quota') {
      await this.deps.meter.refused(bills ?? 'calls')
      throw outOfAllowance(api, this.deps.meter.refusedFor(bills ?? 'calls'))
    }
    const { closes, waitMs } = meaning
    if (!closes) throw new Temporary(meaning.code, what, { retryAfterMs: waitMs })
    const gate = closes.scope === 'app' ? scope : `${scope} ${api}`
    const remaining = this.gates.remaining(gate, meaning.code)
    if (remaining > 0) throw new Temporary(meaning.code, what, { retryAfterMs: remaining })
    // Of all companies together: 1 s, 2 s, 4 s … (dingtalk.md §1.4).
    const wait =
      meaning.code === 'rate-limited' && waitMs < minute ? waitMs * 2 ** Math.min(this.gates.times(gate), 5) : waitMs
    this.gates.close(gate, {
      code: meaning.code,
      waitMs: wait,
      shown: closes.fix ? { what, fix: closes.fix } : undefined,
    })
    this.deps.log.warn({ api, code, waitMs: wait }, 'DingTalk refused and is left alone for a while')
    throw new Temporary(meaning.code, what, { retryAfterMs: wait })
  }

  /** Neither of the two forms an answer has: a proxy's page, or the page of a ban (dingtalk.md §1.4). */
  private noAnswer(api: string, { status, bytes }: Response): Temporary {
    if (isBan(bytes.toString('utf8', 0, 4_000), status)) return this.ban(api)
    return this.unreachable(api, status === 200 ? 'not-json' : 'bad-status', `an answer with status ${status}`)
  }

  /** Everything is left alone while this machine's address is shut out: the stream's gateway, too. */
  get banned(): boolean {
    return this.gates.remaining('network', 'banned') > 0
  }

  /** Somebody else was shown the page of a ban. */
  ban(api: string): Temporary {
    const fix =
      'this machine’s address is shut out for five minutes because it asked too often: see who else asks from it, and that no proxy answers in DingTalk’s place'
    this.gates.close('network', {
      code: 'banned',
      waitMs: bannedMs,
      shown: { what: `${api}: shut out by DingTalk`, fix },
    })
    return new Temporary('banned', `${api}: shut out for five minutes`, { retryAfterMs: bannedMs })
  }

  private unreachable(api: string, code: string, why: string): Temporary {
    // A call that was under way when the ban came is no reason to end it.
    if (this.banned) return new Temporary(code, `${api}: ${why}`)
    const tired = this.gates.times('network') + 1 >= unreachableAfter
    const fix = 'check that this machine reaches DINGTALK_API_BASE and DINGTALK_OAPI_BASE (DNS, firewall, proxy)'
    const shown = tired ? { what: `DingTalk cannot be reached: ${why}`, fix } : undefined
    this.gates.close('network', { code: 'unreachable', waitMs: tired ? 5_000 : 0, shown })
    return new Temporary(code, `${api}: ${why}`)
  }
}

/** The page of a ban for asking too often from one address (dingtalk.md §1.4, §10, 8): JSON of its own kind, or HTML. */
export function isBan(text: string, status?: number): boolean {
  if (/"status"\s*:\s*1111|"punish"\s*:\s*"deny"/.test(text)) return true
  const stops = status !== undefined && (status < 300 || [403, 405, 429].includes(status))
  return stops && /<(!doctype\s+html|html)[\s>]/i.test(text)
}

const gone = (why: string) => new Permanent('media-gone', `media/bytes: ${why}`, { fix: 'ask for the file again' })

const outOfAllowance = (api: string, retryAfterMs: number) =>
  new Temporary('quota', `${api}: this month’s allowance is used up`, { retryAfterMs, patient: true })

function readVerdict({ status, bytes }: Response): Verdict | null {
  const answer = parsed(bytes)
  if (!answer) return null
  if (typeof answer.errcode === 'number') {
    if (answer.errcode === 0) return { ok: answer }
    const message = typeof answer.errmsg === 'string' ? answer.errmsg : ''
    const errcode = innerCode(answer.errcode, answer, message)
    return { code: String(errcode), message, meaning: meaningOfErrcode(errcode) }
  }
  if (status >= 200 && status < 300) return answer.status === 1111 ? null : { ok: answer }
  if (typeof answer.code !== 'string') return null
  const message = typeof answer.message === 'string' ? answer.message : ''
  return { code: answer.code, message, meaning: meaningOfCode(answer.code, status) }
}

/** Not what was refused for its speed or for want of allowance (dingtalk.md §1.4). */
const isBilled = (verdict: Verdict): boolean =>
  'ok' in verdict ||
  !(verdict.meaning.is === 'quota' || (verdict.meaning.is === 'temporary' && verdict.meaning.code === 'rate-limited'))

/** `88` says nothing by itself: the code that matters stands inside (dingtalk.md §1.3). */
function innerCode(errcode: number, { sub_code, subCode }: Answer, message: string): number {
  if (errcode !== 88) return errcode
  const inner = Number(sub_code ?? subCode ?? /subcode=(-?\d+)/.exec(message)?.[1])
  return Number.isInteger(inner) && inner !== 0 ? inner : errcode
}

/** Neither by name nor by value: whatever was told in confidence may be quoted back. */
function withoutSecrets(text: string, { url, params, headers, body }: Ask): string {
  const confided = Object.entries(body ?? {}).flatMap(([name, value]) => (/^code$|secret$/i.test(name) ? [value] : []))
  const told = [new URL(url).searchParams, new URLSearchParams(params), new URLSearchParams(headers)]
  const secrets = [...told.flatMap(values => [...values.values()]), ...confided]
  return secrets
    .filter(value => typeof value === 'string' && value.length >= 8)
    .reduce<string>((clean, value) => clean.replaceAll(value, '[secret]'), hideSecrets(text))
}

function parsed(bytes: Buffer): Answer | null {
  try {
    const value: unknown = JSON.parse(bytes.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : null
  } catch {
    return null
  }
}

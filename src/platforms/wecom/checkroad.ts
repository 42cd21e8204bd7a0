import { z } from 'zod'
import { Permanent, Temporary } from '../../errors.ts'
import { brief, type CheckupDeps, checkClock, type Found } from '../checkup.ts'
import { hideSecrets, type Response } from '../exchange.ts'

const mostBytes = 1_048_576
const timeoutMs = 15_000

const answerShape = z.looseObject({ errcode: z.number(), errmsg: z.string().default('') })
export type Answer = z.infer<typeof answerShape>

export interface Asked {
  /** Below `/cgi-bin/`. */
  api: string
  params?: Record<string, string>
  /** Sent by POST; without it the question is a GET. */
  body?: object
  /** What it asks for has a credential of its own: the app's token stays here. */
  open?: true
}

/** Asks WeCom and keeps the errcode as it is: a checkup wants to know which one, where the service wants to know what to do. */
export class CheckRoad {
  private token = ''
  private timed = false

  constructor(
    private readonly base: string,
    private readonly deps: CheckupDeps,
  ) {}

  /** Asks with the token there is; null when WeCom cannot be reached, which is found then. */
  async ask(found: Found, { api, params, body, open }: Asked): Promise<Answer | null> {
    const sentAt = this.deps.clock.now()
    let response: Response
    try {
      response = await this.deps.exchange({
        ...{ method: body ? 'POST' : 'GET', url: `${this.base}/cgi-bin/${api}`, most: mostBytes, timeoutMs },
        params: { ...params, ...(this.token && !open && { access_token: this.token }) },
        ...(body && { body }),
      })
    } catch (error) {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      found('wecom.unreachable', { host: this.host, why: error.message })
      return null
    }
    if (!this.timed) checkClock(found, 'WeCom', response, sentAt, this.deps.clock.now())
    this.timed = true
    const answer = answerShape.safeParse(jsonOf(response))
    if (answer.success) return answer.data
    found('wecom.unreachable', { host: this.host, why: `HTTP ${response.status}, not WeCom’s JSON` })
    return null
  }

  /** From now on questions carry it. */
  use(token: string): void {
    this.token = token
  }

  /** What every API may answer; true when it was one of these. */
  common(found: Found, api: string, { errcode, errmsg }: Answer): boolean {
    if (errcode === 60020) found('wecom.ip', { ip: /from ip: *([0-9a-f.:]+)/i.exec(errmsg)?.[1] ?? '?' })
    else if (errcode === 45009) found('wecom.limited', { api })
    else return false
    return true
  }

  /** Anything else that is not success. */
  odd(found: Found, api: string, answer: Answer): void {
    if (answer.errcode === 0 || this.common(found, api, answer)) return
    const errmsg = brief(hideSecrets(answer.errmsg.replace(/,? *more info at .*$/s, '')))
    found('wecom.refused', { api, errcode: answer.errcode, errmsg })
  }

  private get host(): string {
    return new URL(this.base).host
  }
}

function jsonOf({ bytes }: Response): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}

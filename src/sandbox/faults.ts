import { setTimeout as wait } from 'node:timers/promises'

/** Something that goes wrong on the platform's side, for tests. */
export interface Fault {
  /**
   * `*`, `wecom *` or `dingtalk *` for all that is asked over HTTP; WeCom's `message/send`, `gettoken`, `webhook/send`, a socket
   * command like `aibot_send_msg`; DingTalk's `POST /v1.0/card/instances/createAndDeliver`, `POST /robot/sendBySession`, or the
   * path alone.
   */
  api: string
  /** How often; default: until taken back. */
  times?: number
  errcode?: number
  errmsg?: string
  /** What DingTalk's new API says instead, e.g. `system.busy`, with `status` (default 400). */
  code?: string
  message?: string
  /** HTTP status; with `body` something that isn't JSON. */
  status?: number
  body?: string
  /** Waits so long before going on. */
  hangMs?: number
  /** Does the work, then breaks the connection instead of answering. */
  dropAfterCommit?: boolean
}

interface Rule {
  fault: Fault
  left: number
}

export class Faults {
  private readonly rules = new Set<Rule>()

  constructor(private readonly closing: AbortSignal) {}

  add(fault: Fault): () => void {
    const rule = { fault, left: fault.times ?? Number.POSITIVE_INFINITY }
    this.rules.add(rule)
    return () => this.rules.delete(rule)
  }

  /** The fault that strikes this call, known by any of `names`, after its delay. */
  async strike(...names: string[]): Promise<Fault | undefined> {
    const rule = [...this.rules].find(({ fault }) => fault.api === '*' || names.includes(fault.api))
    if (!rule) return undefined
    rule.left -= 1
    if (rule.left <= 0) this.rules.delete(rule)
    if (rule.fault.hangMs)
      await wait(rule.fault.hangMs, undefined, { signal: this.closing, ref: false }).catch(() => {})
    return rule.fault
  }
}

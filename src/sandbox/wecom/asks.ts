import { randomId } from '../ids.ts'
import type { Outcome } from '../options.ts'
import { day } from '../window.ts'
import type { Desk } from './desk.ts'
import { Refused } from './errcode.ts'

/** Something the bot was told and may answer, named by its `req_id`. */
export interface Ask {
  reqId: string
  kind: 'message' | 'click' | 'enter'
  chat: string
  userId: string
  /** Unix ms by the sandbox's clock. */
  at: number
  /** The tapped card. */
  tapped?: { message: string; taskId: string }
  /** A welcome or an update may be given once, a card once per message. */
  done: boolean
  cardSent: boolean
  streams: Map<string, { message: string; finished: boolean; at: number }>
  settle: (outcome: Outcome) => void
}

type About = Pick<Ask, 'kind' | 'chat' | 'userId' | 'tapped'>

/** The questions the bot may still answer. */
export class Asks {
  private readonly open = new Map<string, Ask>()
  private readonly done: Ask[] = []

  constructor(private readonly desk: Desk) {}

  /** `outcome` settles with the answer, or `empty` after `botWaitMs`. The right to answer lasts longer. */
  add(about: About): { ask: Ask; outcome: Promise<Outcome> } {
    const at = this.desk.clock.now().getTime()
    for (const [reqId, ask] of this.open) if (at - ask.at > day) this.open.delete(reqId)
    let settle: Ask['settle'] = () => {}
    const outcome = new Promise<Outcome>(resolve => {
      const timer = setTimeout(() => resolve('empty'), this.desk.timing.botWaitMs)
      timer.unref()
      settle = result => {
        clearTimeout(timer)
        resolve(result)
      }
    })
    const ask: Ask = { ...about, reqId: randomId(18), at, done: false, cardSent: false, streams: new Map(), settle }
    this.open.set(ask.reqId, ask)
    return { ask, outcome }
  }

  /** Throws 846605 unless `reqId` is one of these kinds and at most a day old. */
  get(reqId: string, ...kinds: Array<Ask['kind']>): Ask {
    const ask = this.open.get(reqId)
    if (!ask || !kinds.includes(ask.kind) || this.age(ask) > day) throw new Refused(846605, 'invalid req_id')
    return ask
  }

  age(ask: Ask): number {
    return this.desk.clock.now().getTime() - ask.at
  }

  /** The bot answered this one; the person sees it when the answer is acknowledged. */
  answered(ask: Ask): void {
    this.done.push(ask)
  }

  /** Those answered since the last call. */
  takeAnswered(): Ask[] {
    return this.done.splice(0)
  }

  /** Nobody will answer any more what is waited for now. */
  giveUp(): void {
    for (const ask of this.open.values()) ask.settle('failed')
  }
}

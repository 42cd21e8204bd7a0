import { setTimeout as pause } from 'node:timers/promises'
import { Turns } from '../src/chat/turns.ts'
import type { SandboxMessage } from '../src/sandbox/wire.ts'
import type { Outside } from '../test/support/outside.ts'
import { shownCard } from '../test/support/screen.ts'
import { token } from '../test/support/service.ts'
import { type Colleague, closableMonths, type Team } from './company.ts'
import { closeMonth } from './month.ts'
import { grab, takeLeave, work } from './people.ts'
import type { Random } from './random.ts'

/** What the service acknowledged: what has to be found in the database afterwards. */
export interface Promises {
  /** Orders by the Idempotency-Key they were opened with, and what was asked for in their names. */
  orders: Map<string, { code: string; fault: string }>
  /**
   * Sentences and taps that were acknowledged: the fact they have to have become, once. `said`: so many messages with these
   * words were given to the platform, since nobody acknowledged those before; each of them may have been kept.
   */
  acts: Array<{ code: string; fact: string; words?: string; said?: number }>
  leaves: Array<{ userId: string; day: string; decided: boolean }>
  /** Photos that were acknowledged. */
  photos: number
  months: Array<{ team: string; month: string }>
  /** Requests and acts that were not acknowledged, and were done again. */
  again: number
  /** Callbacks that WeCom gave up because nobody acknowledged them. */
  givenUp: number
}

export const noPromises = (): Promises => ({
  ...{ orders: new Map(), acts: [], leaves: [], photos: 0, months: [], again: 0, givenUp: 0 },
})

/** A service that was away is not met by everybody who would have come meanwhile, only by those who wait. */
const mostAtOnce = 24

/** Something people do that never comes to its end would hold up a run for ever. */
const patienceMs = 1_500_000

/** Phones that tap and write, programs that open orders, while the service may be there or not. */
export class Load {
  readonly promises = noPromises()
  /** Journeys that did not come to their end, in words. */
  readonly stuck: string[] = []
  /** Where programs find the service. */
  api: () => string = () => 'http://127.0.0.1:9'
  private readonly cards = new Map<string, SandboxMessage[]>()
  private readonly underWay = new Set<Promise<void>>()
  private readonly deaf: () => void
  private opening = true
  private over = false
  private made = 0
  private readonly turns = new Turns()
  private readonly leavesOf = new Map<string, number>()
  /** Journeys so far. */
  begun = 0

  constructor(
    readonly outside: Outside,
    readonly teams: readonly Team[],
    readonly random: Random,
  ) {
    this.deaf = outside.sandbox.onMessage(message => {
      const { chat, body } = message
      if (body.kind !== 'card' && body.kind !== 'dingcard') return
      this.cards.set(chat, [...(this.cards.get(chat) ?? []), message].slice(-60))
    })
  }

  /** What was acknowledged so far. */
  get progress(): number {
    const { orders, acts, leaves, photos, months } = this.promises
    return orders.size + acts.length + leaves.length + photos + months.length
  }

  /** A journey begins every `everyMs` on the average, until `stop`. `months`: so many are closed meanwhile by each team. */
  async run(everyMs: number, { months = 1, most = Number.POSITIVE_INFINITY } = {}): Promise<void> {
    for (const team of this.teams)
      this.begin(`months of ${team.name}`, async () => {
        for (const month of closableMonths(months)) if (this.opening) await closeMonth(this, team, month)
      })
    while (this.opening && this.made < most) {
      if (this.underWay.size < mostAtOnce) this.journey()
      await pause(this.random.between(0.3, 1.7) * everyMs)
    }
  }

  private journey(): void {
    const nth = this.made++
    const team = this.teams[nth % this.teams.length]
    if (!team) return
    const random = this.random.branch()
    const who = team.technicians[Math.floor(nth / this.teams.length) % team.technicians.length]
    if (!who) return
    if (nth % 9 === 4) this.begin(`leave ${nth}`, () => takeLeave(this, team, who))
    else if (nth % 5 === 3) this.begin(`grab ${nth}`, () => grab(this, team, nth, random))
    else this.begin(`order ${nth}`, () => work(this, team, who, nth, random))
  }

  /** How many requests for leave somebody made before: no two are for the same day. */
  leavesBefore({ userId }: Colleague): number {
    const before = this.leavesOf.get(userId) ?? 0
    this.leavesOf.set(userId, before + 1)
    return before
  }

  /** Nobody asks for one thing before he is done with the other: the newer wish would replace the older one. */
  oneByOne(name: string, journey: () => Promise<void>): Promise<void> {
    return this.turns.take(name, journey)
  }

  /** Nobody waits for anything any more. */
  abandon(): void {
    this.opening = false
    this.over = true
  }

  /** Nothing new is begun; resolves when what was begun is over. */
  async finish(): Promise<void> {
    this.opening = false
    await Promise.all(this.underWay)
    this.deaf()
  }

  private begin(name: string, journey: () => Promise<void>): void {
    this.begun++
    const work = journey()
      .catch(error => void this.stuck.push(`${name}: ${error instanceof Error ? error.message : String(error)}`))
      .finally(() => this.underWay.delete(work))
    this.underWay.add(work)
  }

  /** What a gauge without labels shows. */
  async metric(name: string): Promise<number> {
    return this.until(name, async () => {
      const answer = await fetch(`${this.api()}/metrics`, { signal: AbortSignal.timeout(15_000) })
      const line = (await answer.text()).split('\n').find(one => one.startsWith(`${name} `))
      return answer.status === 200 && line ? Number(line.split(' ')[1]) : undefined
    })
  }

  /** Asks until there is an answer that is none of a service in trouble. @throws after 25 minutes */
  async ask<T>(method: string, path: string, body?: object, key?: string): Promise<{ status: number; body: T }> {
    return this.until(`${method} ${path}`, async () => {
      const answer = await fetch(`${this.api()}/api/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          ...(body && { 'Content-Type': 'application/json' }),
          ...(key && { 'Idempotency-Key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      })
      const text = await answer.text()
      return answer.status >= 500 ? undefined : { status: answer.status, body: JSON.parse(text) as T }
    })
  }

  /** Tries until it comes to something; what is thrown is a try in vain. */
  async until<T>(what: string, work: () => Promise<T | undefined>, everyMs = 250): Promise<T> {
    const end = performance.now() + patienceMs
    for (let tries = 0; performance.now() < end && !this.over; tries++) {
      if (tries > 0) this.promises.again++
      const done = await work().catch(() => undefined)
      if (done !== undefined) return done
      await pause(everyMs)
    }
    throw new Error(`${what} did not come to its end in ${patienceMs / 60_000} minutes`)
  }

  /** Says it until somebody acknowledges it. The same words again are another message: returns how many there were. */
  async say({ userId, chat }: Colleague, text: string): Promise<number> {
    let said = 0
    await this.until(`${userId}: ${text}`, async () => {
      said++
      return this.counted(this.outside.sandbox.say({ as: userId, chat, text }))
    })
    return said
  }

  async photo({ userId, chat }: Colleague, image: string): Promise<void> {
    await this.until(`a photo of ${userId}`, async () =>
      this.counted(this.outside.sandbox.photo({ as: userId, chat, image })),
    )
  }

  /** Undefined when the platform gave it up. */
  private async counted(act: Promise<{ status: string }>): Promise<true | undefined> {
    if ((await act).status !== 'failed') return true
    this.promises.givenUp++
    return undefined
  }

  /** The last card of somebody that has such a button and speaks of all that. */
  card({ userId, chat }: Colleague, about: string | string[], button: string): Card | undefined {
    for (const message of (this.cards.get(chat) ?? []).toReversed()) {
      const card = message.recalled ? undefined : shownCard(message, userId)
      const key = card?.buttons.find(one => one.text === button)?.key
      if (card && key && [about].flat().every(words => card.text.includes(words))) return { message: message.id, key }
    }
    return undefined
  }

  /** Waits for a card. @throws after 25 minutes */
  async awaitCard(who: Colleague, about: string | string[], button: string): Promise<Card> {
    const end = performance.now() + patienceMs
    for (;;) {
      const found = this.card(who, about, button)
      if (found) return found
      if (performance.now() > end || this.over)
        throw new Error(`${who.userId} has no card of ${about} with [${button}]`)
      await pause(100)
    }
  }

  /** Taps once; true when it was acknowledged. A card that was drawn anew meanwhile can't be tapped as it was. */
  async tap({ userId }: Colleague, card: Card): Promise<boolean> {
    const tapped = this.counted(this.outside.sandbox.tap({ as: userId, ...card }))
    return (await tapped.catch(() => undefined)) === true
  }
}

/** A button on a phone. */
export interface Card {
  message: string
  key: string
}

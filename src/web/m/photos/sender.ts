import { type Ref, shallowRef } from 'vue'
import { change, haveSession } from '../../shared/ask.ts'
import { newId } from '../shared/newid.ts'
import {
  after,
  nextOf,
  type Outcome,
  outcomeOf,
  pathOf,
  type Queued,
  replacedIn,
  restUntilNext,
  type Signed,
} from './queue.ts'
import { allKept, forget, type Kept, keep } from './store.ts'

/** Sends what waits, one photo after the other, for as long as the pages are open. There is one for all pages. */
class Sender {
  readonly waiting: Ref<readonly Kept[]> = shallowRef([])
  /** The photo that is being sent. */
  readonly sending = shallowRef<string | null>(null)
  /** Rises with each photo the service has got. */
  readonly arrived = shallowRef(0)
  private owner = ''
  private timer: ReturnType<typeof setTimeout> | undefined

  /** Takes up what was left of last time. */
  async begin(owner: string): Promise<void> {
    if (this.owner === owner) return
    this.owner = owner
    globalThis.addEventListener('online', () => void this.go(true))
    await this.read()
    await this.go(true)
  }

  async add(code: string, of: string | null, picture: Blob): Promise<void> {
    await this.take({ code, of }, picture)
  }

  /** The customer's signature; one that still waits is replaced. */
  async sign(code: string, sign: Signed, picture: Blob): Promise<void> {
    await this.take({ code, of: null, sign }, picture)
  }

  private async take(what: Pick<Queued, 'code' | 'of' | 'sign'>, picture: Blob): Promise<void> {
    const now = Date.now()
    const one = { ...what, id: newId(), addedAt: now, tries: 0, nextAt: now, refused: null }
    await keep({ ...one, picture, owner: this.owner })
    await this.read()
    void this.go()
  }

  async drop(id: string): Promise<void> {
    await forget(id)
    await this.read()
  }

  /** Whoever signs out leaves nothing of his on the phone, sent or not. */
  async end(): Promise<void> {
    const mine = await this.mine()
    this.owner = ''
    clearTimeout(this.timer)
    await Promise.all(mine.map(({ id }) => forget(id)))
    this.waiting.value = []
  }

  /** `again`: also what waits for its next try. */
  async go(again = false): Promise<void> {
    if (this.sending.value !== null) return
    clearTimeout(this.timer)
    const photo = nextOf(this.waiting.value, Date.now(), again)
    if (!photo) return this.rest()
    this.sending.value = photo.id
    let lost = false
    try {
      const outcome = await send(photo as Kept)
      lost = 'unknown' in outcome
      const left = after(photo, outcome, Date.now(), Math.random())
      const stays = left !== null && this.owner === (photo as Kept).owner
      await (stays ? keep({ ...(photo as Kept), ...left }) : forget(photo.id))
      if ('kept' in outcome) this.arrived.value++
    } finally {
      this.sending.value = null
    }
    await this.read()
    // One got lost: the others would, too, so all wait for the next try.
    return lost ? this.rest() : this.go(again)
  }

  private rest(): void {
    const ms = restUntilNext(this.waiting.value, Date.now())
    if (ms !== null) this.timer = setTimeout(() => void this.go(), Math.max(ms, 500))
  }

  private async read(): Promise<void> {
    const mine = await this.mine()
    const gone = new Set(replacedIn(mine).flatMap(({ id }) => (id === this.sending.value ? [] : [id])))
    await Promise.all([...gone].map(forget))
    this.waiting.value = mine.filter(({ id }) => !gone.has(id)).sort((a, b) => a.addedAt - b.addedAt)
  }

  private async mine(): Promise<Kept[]> {
    return (await allKept()).filter(({ owner }) => owner === this.owner)
  }
}

export const sender = new Sender()

async function send(one: Kept): Promise<Outcome> {
  try {
    // Opened without a network, the page has no session yet, and a request without one is refused for good.
    await haveSession()
    const response = await fetch(
      `/m/api/orders/${encodeURIComponent(one.code)}${pathOf(one)}`,
      change('PUT', one.picture),
    )
    const problem = response.ok ? null : await response.json().catch(() => null)
    return outcomeOf(response.status, problem?.detail ?? `${response.status}`)
  } catch {
    return outcomeOf(0, '')
  }
}

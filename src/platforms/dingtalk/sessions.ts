import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import type { TokenStore } from '../platform.ts'

interface Session {
  url: string
  until: number
}

const most = 2_000
/** Not used in its last moments. */
const marginMs = 60_000

/**
 * Addresses of conversations somebody spoke in: for 90 minutes the robot may answer there without an API call, and call
 * people by name, which the API can't (dingtalk.md §2.4). Kept here and shared with other instances.
 */
export class Sessions {
  private readonly known = new Map<string, Session>()
  private readonly origin: string

  constructor(
    private readonly app: string,
    oapiBase: string,
    private readonly deps: { store: TokenStore; clock: Clock; log: Log },
  ) {
    this.origin = new URL(oapiBase).origin
  }

  /** An address a message brought. One that does not lead to DingTalk is not kept: messages by HTTP are not signed. */
  keep(conversation: string, url: string, until: Date): void {
    if (!this.leadsHome(url)) return
    this.remember(conversation, { url, until: until.getTime() })
    this.deps.store
      .put(this.nameOf(conversation), url, until)
      .catch(() => this.deps.log.warn({}, 'a conversation’s address could not be shared'))
  }

  /** From memory. */
  live(conversation: string): string | null {
    const session = this.known.get(conversation)
    return session && this.isGood(session) ? session.url : null
  }

  /** From memory, or from what another instance heard. */
  async find(conversation: string): Promise<string | null> {
    const here = this.live(conversation)
    if (here) return here
    const kept = await this.deps.store.get(this.nameOf(conversation)).catch(() => null)
    if (!kept) return null
    const session = { url: kept.token, until: kept.expiresAt.getTime() }
    if (!this.isGood(session) || !this.leadsHome(session.url)) return null
    this.remember(conversation, session)
    return session.url
  }

  /** DingTalk does not know it any more. */
  forget(conversation: string): void {
    this.known.delete(conversation)
    const long = new Date(0)
    this.deps.store.put(this.nameOf(conversation), '-', long).catch(() => {})
  }

  private remember(conversation: string, session: Session): void {
    this.known.delete(conversation)
    this.known.set(conversation, session)
    const oldest = this.known.keys().next()
    if (this.known.size > most && !oldest.done) this.known.delete(oldest.value)
  }

  private leadsHome(url: string): boolean {
    return URL.canParse(url) && new URL(url).origin === this.origin
  }

  private isGood({ until }: Session): boolean {
    return until - marginMs > this.deps.clock.now().getTime()
  }

  private nameOf(conversation: string): string {
    return `dingtalk:${this.app}:session:${conversation}`
  }
}

/** What a conversation is called: a group by its id, a 1:1 chat by the person. */
export const conversationOf = (to: { group: string } | { user: string }): string =>
  'group' in to ? to.group : `user:${to.user}`

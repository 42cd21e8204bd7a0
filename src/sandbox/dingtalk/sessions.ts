import { randomId } from '../ids.ts'
import { type Desk, here, nowOf } from './desk.ts'
import { oldRefused } from './refused.ts'

/** In four samples of the documentation 90 minutes (dingtalk.md §2.4). */
const lifeMs = 90 * 60_000

/** Addresses to answer a robot message at. Not kept over a restart. */
export class Sessions {
  private readonly open = new Map<string, { chat: string; until: number }>()

  constructor(private readonly desk: Desk) {}

  issue(chat: string): { sessionWebhook: string; sessionWebhookExpiredTime: number } {
    const now = nowOf(this.desk)
    for (const [session, { until }] of this.open) if (until < now) this.open.delete(session)
    const session = randomId(16)
    const until = now + lifeMs
    this.open.set(session, { chat, until })
    const sessionWebhook = `${this.desk.baseUrl()}${here}/oapi/robot/sendBySession?session=${session}`
    return { sessionWebhook, sessionWebhookExpiredTime: until }
  }

  /** The chat a session answers into. Throws 300001. */
  chat(session: string | null): string {
    const found = this.open.get(session ?? '')
    if (!found || found.until < nowOf(this.desk)) throw oldRefused(300001, 'session 不存在')
    return found.chat
  }
}

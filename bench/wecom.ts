import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { systemClock } from '../src/now.ts'
import { type Keys, seal } from '../src/sandbox/wecom/envelope.ts'
import { toXml, type XmlValue } from '../src/sandbox/wecom/xml.ts'
import type { Shot } from './load.ts'

/** The least that answers as WeCom does: tokens, messages, repainted cards. It keeps the newest card of each person. */

const keys: Keys = {
  ...{ token: 'bench-callback-token', corpId: 'wwbench0123456789ab' },
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const agentId = 1000002
export const apiToken = 'a-token-for-the-benchmark'

const message = z.looseObject({
  touser: z.string().optional(),
  template_card: z
    .looseObject({
      task_id: z.string().optional(),
      button_list: z.array(z.looseObject({ text: z.string(), key: z.string() })).optional(),
    })
    .optional(),
})

export interface ShownCard {
  taskId: string
  buttons: ReadonlyArray<{ text: string; key: string }>
}

export class Platform {
  readonly cards = new Map<string, ShownCard>()
  /** Messages and repaints taken since the last `count()`; milliseconds of `performance.now()`. */
  private taken = 0
  private first = 0
  private last = 0
  private codes = 0

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Platform> {
    let platform: Platform | undefined
    const server = createServer((req, res) => {
      const parts: Buffer[] = []
      req.on('data', (part: Buffer) => void parts.push(part))
      req.on('end', () => {
        const answer = platform?.answer(req.url ?? '', Buffer.concat(parts).toString()) ?? {}
        res.setHeader('content-type', 'application/json; charset=utf-8')
        res.end(JSON.stringify({ errcode: 0, errmsg: 'ok', ...answer }))
      })
    })
    server.keepAliveTimeout = 60_000
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    platform = new Platform(server)
    return platform
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** What an operator would write into `.env`. */
  env(): Record<string, string> {
    return {
      ...{ PLATFORMS: 'wecom', WECOM_API_BASE: this.url, WECOM_CORP_ID: keys.corpId, WECOM_AGENT_ID: String(agentId) },
      ...{ WECOM_SECRET: 'bench-secret', WECOM_TOKEN: keys.token, WECOM_AES_KEY: keys.aesKey, API_TOKEN: apiToken },
      API_RATE_PER_MINUTE: '1000000',
    }
  }

  private answer(url: string, body: string): object {
    if (url.includes('/gettoken')) return { access_token: 'bench-access-token', expires_in: 7_200 }
    this.last = performance.now()
    if (this.taken++ === 0) this.first = this.last
    if (!url.includes('/message/send')) return {}
    const nth = ++this.codes
    const { touser, template_card: card } = message.parse(JSON.parse(body))
    if (touser && card?.task_id) this.cards.set(touser, { taskId: card.task_id, buttons: card.button_list ?? [] })
    return { msgid: `msg-${nth}`, ...(card?.button_list && { response_code: `code-${nth}` }) }
  }

  count(): { taken: number; perSecond: number } {
    const { taken, first, last } = this
    this.taken = 0
    return { taken, perSecond: taken > 1 ? ((taken - 1) * 1_000) / (last - first) : 0 }
  }

  /** Resolves when so many were taken. @throws when it takes too long */
  async awaitTaken(many: number, withinMs = 120_000): Promise<void> {
    const begun = performance.now()
    while (this.taken < many) {
      if (performance.now() - begun > withinMs) throw new Error(`${this.taken} of ${many} messages came`)
      await pause(5)
    }
  }

  /** Resolves when nothing came for a moment: whoever measures something else next is not disturbed. */
  async quiet(ms = 700): Promise<void> {
    this.last = Math.max(this.last, performance.now() - ms / 2)
    while (performance.now() - this.last < ms) await pause(20)
  }

  /** A tap on the newest card of a person. */
  tap(userId: string, button: string): Shot {
    const card = this.cards.get(userId)
    const key = card?.buttons.find(({ text }) => text === button)?.key
    if (!card || !key) throw new Error(`${userId} has no card with [${button}]`)
    return frame(userId, {
      ...{ MsgType: 'event', Event: 'template_card_event', EventKey: key, TaskId: card.taskId },
      ...{ CardType: 'button_interaction', ResponseCode: `tapped-${++this.codes}` },
    })
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}

let messages = 0

/** A sentence to the app. */
export function says(userId: string, text: string): Shot {
  return frame(userId, { MsgType: 'text', Content: text, MsgId: String(7_000_000_000_000_000 + ++messages) })
}

/** Encrypted and signed as WeCom does it. */
function frame(userId: string, fields: Record<string, XmlValue>): Shot {
  const seconds = Math.floor(systemClock.now().getTime() / 1_000)
  const head = { ToUserName: keys.corpId, FromUserName: userId, CreateTime: seconds }
  const plain = toXml({ xml: { ...head, ...fields, AgentID: agentId } })
  const { encrypt, signature, timestamp, nonce } = seal(keys, plain, String(seconds), String(++messages))
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
  return {
    ...{ method: 'POST', path: `/wecom/callback?${query}`, headers: { 'content-type': 'text/xml; charset=utf-8' } },
    body: toXml({ xml: { ToUserName: keys.corpId, AgentID: String(agentId), Encrypt: encrypt } }),
  }
}

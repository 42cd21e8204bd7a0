import { z } from 'zod'
import { Permanent, Temporary } from '../../../errors.ts'
import { counted, exchange } from '../../exchange.ts'
import type { Signals } from '../../platform.ts'
import { isBan } from '../client.ts'
import { cardTopic, robotTopic } from './frames.ts'

export interface GatewayConfig {
  apiBase: string
  clientId: string
  clientSecret: string
  events: boolean
}

/** Of one question to the gateway, and of one handshake. */
export const attemptMs = 10_000
const mostBytes = 65_536

const answerShape = z.object({ endpoint: z.string().min(1).max(2_048), ticket: z.string().min(1).max(8_192) })
const refusalShape = z.object({ code: z.string().regex(/^[\w.-]{1,80}$/) })

/** What a wrong id or secret is called here (dingtalk.md §4.1) and where tokens are asked for (§1.1). */
const wrongSecret = ['authFailed', 'invalidClientIdOrSecret']

/**
 * Asks the gateway for a place to connect to, valid for 90 s and one connection
 * (open-dingtalk.github.io/developerpedia/docs/learn/stream/protocol; dingtalk.md §4.1). Throws `Permanent`
 * (`wrong-secret`) when id or secret are wrong, else `Temporary` or `Permanent` with a code fit for a log.
 */
export function askGateway(config: GatewayConfig, signals: Signals): Promise<URL> {
  const { apiBase, clientId, clientSecret, events } = config
  const subscriptions = [
    ...(events ? [{ type: 'EVENT', topic: '*' }] : []),
    { type: 'CALLBACK', topic: robotTopic },
    { type: 'CALLBACK', topic: cardTopic },
  ]
  return counted(signals, 'gateway/connections/open', async () => {
    const { status, bytes } = await exchange({
      method: 'POST',
      url: `${apiBase}/v1.0/gateway/connections/open`,
      // Without it the answer may be XML.
      headers: { Accept: 'application/json' },
      body: { clientId, clientSecret, ua: 'paigong', subscriptions },
      most: mostBytes,
      timeoutMs: attemptMs,
    })
    const text = bytes.toString('utf8')
    if (isBan(text)) throw new Temporary('banned', 'this machine’s address is shut out')
    const said = parsed(text)
    if (status < 200 || status > 299) throw refusal(status, said)
    const answer = answerShape.safeParse(said)
    if (!answer.success) throw new Temporary('unreadable', 'the gateway’s answer is not what it should be')
    return doorOf(answer.data, apiBase)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusal(status: number, said: unknown): Temporary | Permanent {
  const refused = refusalShape.safeParse(said)
  const code = refused.success ? refused.data.code : `http-${status}`
  return wrongSecret.includes(code)
    ? new Permanent('wrong-secret', 'DingTalk refused the app’s id or secret')
    : new Temporary(code, `the gateway answered ${status}`)
}

/**
 * The address to connect to. Plain text is for tests and sandboxes: a tampered answer must not take robot messages and the
 * ticket out of TLS.
 */
export function doorOf({ endpoint, ticket }: { endpoint: string; ticket: string }, apiBase: string): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const plain = url?.protocol === 'ws:' && (isLoopback(url.hostname) || apiBase.startsWith('http:'))
  if (!url || (url.protocol !== 'wss:' && !plain))
    throw new Temporary('bad-endpoint', 'the gateway names no place a connection may go to')
  url.hash = ''
  url.search = `${url.search ? `${url.search}&` : '?'}ticket=${encodeURIComponent(ticket)}`
  return url
}

const isLoopback = (host: string) => host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

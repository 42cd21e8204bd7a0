import { systemClock } from '../../src/now.ts'
import { seal } from '../../src/sandbox/wecom/envelope.ts'
import { toXml } from '../../src/sandbox/wecom/xml.ts'
import type { Outside } from '../support/process.ts'

export interface Knock {
  query: Record<string, string>
  body: string
}

export interface Sealing {
  ageSeconds?: number
  token?: string
  aesKey?: string
  corpId?: string
  /** The platform's number of the message; one of its own when missing. */
  id?: string
  from?: string
  /** Before the document, and its words as markup: what no platform sends. */
  head?: string
  bare?: boolean
}

/** A sentence of 张三's, sealed the way WeCom does. */
export function sealedWords(outside: Outside, text: string, more: Sealing = {}): Knock {
  const { ageSeconds = 0, id, from = 'zhangsan', head = '', bare = false, ...keys } = more
  const { corpId, agentId, token, aesKey } = outside.sandbox.credentials
  const at = Math.floor(systemClock.now().getTime() / 1_000) - ageSeconds
  const said = {
    MsgType: 'text',
    Content: bare ? '%' : text,
    MsgId: id ?? String(at * 1_000 + ageSeconds),
    AgentID: agentId,
  }
  const written = toXml({ xml: { ToUserName: corpId, FromUserName: from, CreateTime: at, ...said } })
  const plain = head + (bare ? written.replace(/<Content>.*<\/Content>/s, `<Content>${text}</Content>`) : written)
  const { encrypt, signature, timestamp, nonce } = seal({ token, aesKey, corpId, ...keys }, plain, String(at), 'n0nce')
  const body = toXml({ xml: { ToUserName: corpId, AgentID: String(agentId), Encrypt: encrypt } })
  return { query: { msg_signature: signature, timestamp, nonce }, body }
}

export const pathOf = ({ query }: Knock): string => `/wecom/callback?${new URLSearchParams(query)}`

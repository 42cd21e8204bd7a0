import { createHash } from 'node:crypto'
import type { Card } from '../../../src/chat/card.ts'
import type { Inbound } from '../../../src/chat/inbound.ts'
import type { Log } from '../../../src/log.ts'
import { MovableClock } from '../../../src/now.ts'
import { openEnvelope, sealEnvelope } from '../../../src/platforms/envelope.ts'
import type { Leases, RawRequest, Receipt, Receive, TokenStore } from '../../../src/platforms/platform.ts'
import type { WecomConfig } from '../../../src/platforms/wecom/index.ts'

export const start = new Date('2026-11-20T02:00:00Z')
export const corpId = 'wwDEMO'
export const agentId = 1000002
export const secret = { token: 'DemoToken', aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
export const appSecret = 'demo-app-secret-value'
export const base = 'http://wecom.test'

export const config: WecomConfig = {
  apiBase: base,
  corpId,
  agentId,
  secret: appSecret,
  callback: { tokens: [secret.token], aesKeys: [secret.aesKey] },
}

export function frozenClock(): MovableClock {
  const clock = new MovableClock()
  clock.freeze(start)
  return clock
}

/** Keeps every line, so that a test can look for what must not be in there. */
export function keptLog(): Log & { lines: string[] } {
  const lines: string[] = []
  const keep = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`)
  return { lines, debug: keep, info: keep, warn: keep, error: keep }
}

export function keptSignals() {
  const refusals: string[] = []
  const calls: string[] = []
  return {
    refusals,
    calls,
    refused: (door: string, reason: string) => void refusals.push(`${door} ${reason}`),
    called: (api: string, outcome: string) => void calls.push(`${api} ${outcome}`),
  }
}

export function memoryTokens(): TokenStore & { kept: Map<string, { token: string; expiresAt: Date }> } {
  const kept = new Map<string, { token: string; expiresAt: Date }>()
  return {
    kept,
    get: async app => kept.get(app) ?? null,
    put: async (app, token, expiresAt) => void kept.set(app, { token, expiresAt }),
  }
}

/** One owner per name, by whoever asked first; `of` makes one instance's view. */
export function memoryLeases() {
  const owners = new Map<string, string>()
  const of = (owner: string): Leases => ({
    hold: async name => {
      const held = owners.get(name)
      if (held === undefined) owners.set(name, owner)
      return held === undefined || held === owner
    },
    release: async name => {
      if (owners.get(name) === owner) owners.delete(name)
    },
  })
  return { owners, of }
}

export const card: Card = {
  source: '派工 · 一班',
  tone: 'normal',
  title: '派工单 1024 · 空调维修',
  subtitle: '待接单',
  figure: '接单剩 18 分',
  rows: [
    { label: '客户', value: '李先生' },
    { label: '电话', value: '138 0000 0001', link: 'tel:13800000001' },
    { label: '地图', value: '打开', link: 'https://paigong.example/m/1' },
  ],
  body: '地址：和平路 1 号',
  buttons: [
    { text: '接单', style: 'primary', payload: 'o:1:1:accept', words: '接单 1024' },
    { text: '拒单', style: 'danger', payload: 'o:1:1:decline', words: '拒单 1024' },
  ],
  version: 1,
}

/** A receive that notes what it was given and answers as told. */
export function fakeReceive(answer: (inbound: Inbound) => Partial<Receipt>) {
  const heard: Inbound[] = []
  const receive: Receive = inbound => {
    heard.push(inbound)
    return { stored: Promise.resolve(), handled: Promise.resolve(null), ...answer(inbound) }
  }
  return { heard, receive }
}

export const bare = (request: Partial<RawRequest>): RawRequest => ({
  method: 'POST',
  path: '/wecom/callback',
  query: {},
  headers: {},
  body: Buffer.alloc(0),
  ...request,
})

/** What WeCom would post for this clear XML. */
export function posted(xml: string, by = secret, at = start): RawRequest {
  const { encrypt, signature, timestamp, nonce } = sealEnvelope(by, corpId, xml, at)
  const body = `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[${agentId}]]></AgentID><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`
  return bare({ query: { msg_signature: signature, timestamp, nonce }, body: Buffer.from(body) })
}

export const event = (fields: string, agent: number | string = agentId) =>
  `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[Zhang3]]></FromUserName><CreateTime>1763604000</CreateTime><AgentID>${agent}</AgentID>${fields}</xml>`

export const tapXml = event(
  '<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[o:1:1:accept]]></EventKey><TaskId><![CDATA[00123]]></TaskId><CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[RC1]]></ResponseCode><SelectedItems><SelectedItem><QuestionKey><![CDATA[reason]]></QuestionKey><OptionIds><OptionId><![CDATA[busy]]></OptionId></OptionIds></SelectedItem></SelectedItems>',
)

export const textXml = (content: string) =>
  event(
    `<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>7281234567890123456</MsgId>`,
  )

/** Opens a passive reply as WeCom would. */
export function openReply(body: string, by = secret): string {
  const field = (name: string) =>
    new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(body)?.[1] ?? ''
  const query = { msg_signature: field('MsgSignature'), timestamp: field('TimeStamp'), nonce: field('Nonce') }
  return openEnvelope({ secrets: [by], receiveId: corpId }, query, field('Encrypt'), start).message
}

export const sha = (text: string) => createHash('sha256').update(text).digest('hex')

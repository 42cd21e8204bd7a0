import { XMLParser } from 'fast-xml-parser'
import type { TemplateCard } from './template.ts'

export type XmlNode = string | XmlNode[] | { [name: string]: XmlNode }
export type XmlRecord = { [name: string]: XmlNode }

const longest = 262_144
const deepest = 12

/** Elements that may come once or many times. A parser makes an object of a single one, so they are named here. */
const lists = new Set(['SelectedItem', 'OptionId'])

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: deepest,
  isArray: name => lists.has(name),
})

/**
 * The content of `<xml>` (developer.work.weixin.qq.com/document/path/90239). Every value stays a string: ids have leading
 * zeros and 64 bits. Null for anything that is not such a record: no `<xml>`, DOCTYPE or other declarations, too long,
 * too deep.
 */
export function parseXml(text: string): XmlRecord | null {
  if (text.length > longest) return null
  // `<!` is only for CDATA here; inside of it people may write what they like.
  if (text.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '').includes('<!')) return null
  try {
    const parsed: unknown = parser.parse(text, true)
    const root = isRecord(parsed) ? parsed.xml : undefined
    return isRecord(root) ? root : null
  } catch {
    return null
  }
}

export function isRecord(value: unknown): value is XmlRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The text of an element; empty when it is missing or holds elements. */
export function textOf(record: XmlRecord, name: string): string {
  const value = record[name]
  return typeof value === 'string' ? value : ''
}

/**
 * Takes `<Encrypt>` out of a callback's outer XML without a parser: nothing reaches one before the signature was checked.
 * Undefined unless there is exactly one.
 */
export function sealedPart(body: string): string | undefined {
  const found = [...body.matchAll(/<Encrypt>\s*(?:<!\[CDATA\[([A-Za-z0-9+/=]*)\]\]>|([A-Za-z0-9+/=]*))\s*<\/Encrypt>/g)]
  return found.length === 1 ? (found[0]?.[1] ?? found[0]?.[2]) : undefined
}

type Value = string | number | Value[] | { [name: string]: Value }

/** Strings as CDATA, numbers bare, arrays as repeated siblings. Element names come from our own code only. */
export function buildXml(fields: { [name: string]: Value }): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, value: Value): string {
  if (Array.isArray(value)) return value.map(item => element(name, item)).join('')
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  if (typeof value === 'string') return `<${name}>${cdata(value)}</${name}>`
  return `<${name}>${buildXml(value)}</${name}>`
}

function cdata(text: string): string {
  // XML 1.0 has no way to write most control characters or half a surrogate pair.
  const clean = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
  return `<![CDATA[${clean.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

/** Who a passive reply goes to and comes from. `at` in Unix seconds. */
export interface Addresses {
  userId: string
  corpId: string
  at: number
}

const head = ({ userId, corpId, at }: Addresses, type: string) => ({
  ToUserName: userId,
  FromUserName: corpId,
  CreateTime: at,
  MsgType: type,
})

/** Passive text reply, at most 2048 bytes of text (developer.work.weixin.qq.com/document/path/90241). */
export function textReply(to: Addresses, content: string): string {
  return buildXml({ xml: { ...head(to, 'text'), Content: content } })
}

/** Passive reply that draws the tapped card anew for the one who tapped (same page): the JSON card in CamelCase. */
export function cardReply(to: Addresses, card: TemplateCard): string {
  // The card keeps the task id it was sent with; the reply has no element for one.
  const { task_id: _, ...rest } = card
  return buildXml({
    xml: { ...head(to, 'update_template_card'), TemplateCard: camel(rest as { [name: string]: Value }) },
  })
}

/** Names that are not simply the JSON name in CamelCase. */
const odd: Record<string, string> = { keyname: 'KeyName', userid: 'UserId', appid: 'AppId', pagepath: 'PagePath' }

function camel(value: Value): Value {
  if (Array.isArray(value)) return value.map(camel)
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [odd[name] ?? camelName(name), camel(inner)]))
}

const camelName = (name: string) => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** The encrypted passive reply around one of the above (developer.work.weixin.qq.com/document/path/90238). */
export function sealedReply(sealed: { encrypt: string; signature: string; timestamp: string; nonce: string }): string {
  const { encrypt, signature, timestamp, nonce } = sealed
  return buildXml({ xml: { Encrypt: encrypt, MsgSignature: signature, TimeStamp: Number(timestamp), Nonce: nonce } })
}

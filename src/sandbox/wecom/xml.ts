import { XMLParser } from 'fast-xml-parser'
import { isRecord } from '../json.ts'

/** Strings become CDATA, numbers stay bare, arrays repeat their element, objects nest. */
export type XmlValue = string | number | XmlValue[] | { [name: string]: XmlValue }

export function toXml(fields: { [name: string]: XmlValue }): string {
  return Object.entries(fields)
    .map(([name, value]) => element(name, value))
    .join('')
}

function element(name: string, value: XmlValue): string {
  if (Array.isArray(value)) return value.map(item => element(name, item)).join('')
  if (typeof value === 'number') return `<${name}>${value}</${name}>`
  if (typeof value === 'string') return `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`
  return `<${name}>${toXml(value)}</${name}>`
}

const lists = new Set([
  'HorizontalContentList',
  'VerticalContentList',
  'JumpList',
  'ButtonList',
  'OptionList',
  'SelectList',
  'ActionList',
])

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: name => lists.has(name) })

/** The content of the `<xml>` element: strings, objects and (for the card's lists) arrays. Throws on anything else. */
export function fromXml(text: string): Record<string, unknown> {
  const parsed: unknown = parser.parse(text, true)
  const root = isRecord(parsed) ? parsed.xml : undefined
  if (!isRecord(root)) throw new Error('no <xml> element')
  return root
}

/** Element names that do not follow the CamelCase → snake_case rule. */
const odd: Record<string, string> = {
  AppId: 'appid',
  Appid: 'appid',
  PagePath: 'pagepath',
  KeyName: 'keyname',
  UserId: 'userid',
  CheckBox: 'checkbox',
}
const numbers = new Set(['type', 'style', 'desc_color', 'mode', 'aspect_ratio'])
const booleans = new Set(['disable', 'is_checked'])

/** `<TemplateCard>` of a passive reply as the JSON `template_card` of the API. */
export function cardFromXml(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cardFromXml)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const field = odd[name] ?? name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()
      if (numbers.has(field)) return [field, Number(inner)]
      if (booleans.has(field)) return [field, inner === 'true' || inner === '1']
      return [field, cardFromXml(inner)]
    }),
  )
}

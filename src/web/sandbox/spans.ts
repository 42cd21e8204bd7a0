import type { PhonePlatform } from '../../sandbox/wire.ts'

/** One line of text with marks → tokens. The page builds elements from tokens, so nothing that was said can become markup. */
export type Inline =
  | { t: 'text'; text: string }
  | { t: 'code'; text: string }
  | { t: 'mention'; text: string }
  | { t: 'bold' | 'italic'; kids: Inline[] }
  | { t: 'font'; colour: 'info' | 'comment' | 'warning'; kids: Inline[] }
  | { t: 'link'; href: string; kids: Inline[] }
  | { t: 'image'; src: string; alt: string }

export interface Reading {
  /** Whose text it is: the platforms know different marks. */
  app: PhonePlatform
  /** Names that count after `@`. */
  names: string[]
  /** Ids and numbers that count after `@`, too, and are shown as the name they stand for. */
  ids?: string[]
  /** What an id stands for. */
  nameOf?: (id: string) => string
}

/** The address if it may be opened from a message: http(s), `tel:` or a path of this site. */
export function safeHref(href: string): string | undefined {
  const trimmed = href.trim()
  if (/^https?:\/\/[^\s]+$/i.test(trimmed) || /^tel:[+\d*-]+$/i.test(trimmed)) return trimmed
  return /^\/(?![/\\])[^\s\\]*$/.test(trimmed) ? trimmed : undefined
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const ANCHOR = String.raw`<a\s+href=["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>`
const AT_ANCHOR = String.raw`<a\s+atId=["']?([^"'>\s]+)["']?\s*>[\s\S]*?<\/a>`
const BARE = String.raw`(https?:\/\/[\w\-.~:/?#@!$&*+;=%]+)`
const BOLD = String.raw`\*\*(.+?)\*\*`
const ITALIC = String.raw`\*([^*\s](?:[^*\n]*[^*\s])?)\*`
const CODE = '`([^`\\n]+)`'
const LINK = String.raw`\[([^\]\n]+)\]\(([^)\s]+)\)`
const IMAGE = String.raw`!\[([^\]\n]*)\]\(([^)\s]+)\)`
const FONT = String.raw`<font\s+color=["']?(info|comment|warning)["']?>([\s\S]*?)<\/font>`
const AT_ID = String.raw`<@([^>\s]+)>`

function mentionPattern({ names, ids = [] }: Reading): string {
  const known = [...new Set(['所有人', 'all', ...names, ...ids])].filter(Boolean).sort((a, b) => b.length - a.length)
  // After an id there must not be more of a longer one.
  return `@(${known.map(each => escaped(each) + (ids.includes(each) ? String.raw`(?!\w)` : '')).join('|')})`
}

interface Rule {
  source: string
  groups: number
  make: (groups: string[], reading: Reading) => Inline
}

const link = (href: string, text: string, kids: Inline[]): Inline => {
  const safe = safeHref(href)
  return safe ? { t: 'link', href: safe, kids } : { t: 'text', text }
}

const image = (src: string, alt: string): Inline => {
  const safe = safeHref(src)
  return safe && !safe.startsWith('tel:')
    ? { t: 'image', src: safe, alt }
    : { t: 'text', text: `[图片${alt && ` ${alt}`}]` }
}

const called = (id: string, { nameOf }: Reading): Inline => ({ t: 'mention', text: `@${nameOf?.(id) ?? id}` })

const bareRules = (reading: Reading): Rule[] => [
  { source: BARE, groups: 1, make: ([href = '']) => link(href, href, [{ t: 'text', text: href }]) },
  {
    source: mentionPattern(reading),
    groups: 1,
    make: ([name = ''], r) => (r.ids?.includes(name) ? called(name, r) : { t: 'mention', text: `@${name}` }),
  },
]

const bold: Rule = { source: BOLD, groups: 1, make: ([text = ''], r) => ({ t: 'bold', kids: marked(text, r) }) }

const linked: Rule = {
  source: LINK,
  groups: 2,
  make: ([text = '', href = '']) => link(href, text, [{ t: 'text', text }]),
}

const plainRules = (reading: Reading): Rule[] => {
  const anchor: Rule = {
    source: ANCHOR,
    groups: 2,
    make: ([href = '', text = '']) => link(href, text, [{ t: 'text', text }]),
  }
  return reading.app === 'wecom' ? [anchor, ...bareRules(reading)] : bareRules(reading)
}

const wecomRules = (reading: Reading): Rule[] => [
  bold,
  { source: CODE, groups: 1, make: ([text = '']) => ({ t: 'code', text }) },
  linked,
  {
    source: FONT,
    groups: 2,
    make: ([colour, text = ''], r) => ({
      t: 'font',
      colour: colour === 'info' || colour === 'warning' ? colour : 'comment',
      kids: marked(text, r),
    }),
  },
  { source: AT_ID, groups: 1, make: ([id = ''], r) => called(id, r) },
  ...plainRules(reading),
]

/** No code, no colours: what DingTalk does not draw stays as the marks it was written with. */
const dingtalkRules = (reading: Reading): Rule[] => [
  { source: IMAGE, groups: 2, make: ([alt = '', src = '']) => image(src, alt) },
  bold,
  { source: ITALIC, groups: 1, make: ([text = ''], r) => ({ t: 'italic', kids: marked(text, r) }) },
  linked,
  { source: AT_ANCHOR, groups: 1, make: ([id = ''], r) => called(id, r) },
  ...bareRules(reading),
]

function scan(text: string, rules: Rule[], reading: Reading): Inline[] {
  const out: Inline[] = []
  let last = 0
  for (const found of text.matchAll(new RegExp(rules.map(rule => rule.source).join('|'), 'gi'))) {
    if (found.index > last) out.push({ t: 'text', text: text.slice(last, found.index) })
    last = found.index + found[0].length
    let group = 1
    for (const rule of rules) {
      if (found[group] !== undefined) {
        out.push(rule.make(found.slice(group, group + rule.groups), reading))
        break
      }
      group += rule.groups
    }
  }
  if (last < text.length) out.push({ t: 'text', text: text.slice(last) })
  return out
}

/** A plain text message: mentions, bare links and the `<a href>` a WeCom app may send; everything else as typed. */
export function plain(text: string, reading: Reading): Inline[] {
  return scan(text, plainRules(reading), reading)
}

/** One line of markdown. */
export function marked(text: string, reading: Reading): Inline[] {
  if (reading.app === 'wecom') return scan(text, wecomRules(reading), reading)
  return scan(text.replaceAll('&nbsp;', '\u00a0'), dingtalkRules(reading), reading)
}

/** Text with marks → tokens. The page builds elements from tokens, so nothing that was said can become markup. */
export type Inline =
  | { t: 'text'; text: string }
  | { t: 'code'; text: string }
  | { t: 'mention'; text: string }
  | { t: 'bold'; kids: Inline[] }
  | { t: 'font'; colour: 'info' | 'comment' | 'warning'; kids: Inline[] }
  | { t: 'link'; href: string; kids: Inline[] }

export type Block =
  | { t: 'para' | 'quote'; lines: Inline[][] }
  | { t: 'heading'; level: number; kids: Inline[] }
  | { t: 'list'; ordered: boolean; items: Inline[][] }
  | { t: 'table'; head: Inline[][]; rows: Inline[][][] }

export interface Reading {
  /** Names that count after `@`. */
  names: string[]
  /** What `<@id>` stands for. */
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
const BARE = String.raw`(https?:\/\/[\w\-.~:/?#@!$&*+;=%]+)`
const BOLD = String.raw`\*\*(.+?)\*\*`
const CODE = '`([^`\\n]+)`'
const LINK = String.raw`\[([^\]\n]+)\]\(([^)\s]+)\)`
const FONT = String.raw`<font\s+color=["']?(info|comment|warning)["']?>([\s\S]*?)<\/font>`
const AT_ID = String.raw`<@([^>\s]+)>`

function mentionPattern(names: string[]): string {
  const known = [...new Set(['所有人', 'all', ...names])].filter(Boolean).sort((a, b) => b.length - a.length)
  return `(@(?:${known.map(escaped).join('|')}))`
}

type Maker = (groups: string[], reading: Reading) => Inline

const link = (href: string, text: string, kids: Inline[]): Inline => {
  const safe = safeHref(href)
  return safe ? { t: 'link', href: safe, kids } : { t: 'text', text }
}

interface Rule {
  source: string
  groups: number
  make: Maker
}

const plainRules = (reading: Reading): Rule[] => [
  { source: ANCHOR, groups: 2, make: ([href = '', text = '']) => link(href, text, [{ t: 'text', text }]) },
  { source: BARE, groups: 1, make: ([href = '']) => link(href, href, [{ t: 'text', text: href }]) },
  { source: mentionPattern(reading.names), groups: 1, make: ([text = '']) => ({ t: 'mention', text }) },
]

const markRules = (reading: Reading): Rule[] => [
  { source: BOLD, groups: 1, make: ([text = ''], r) => ({ t: 'bold', kids: marked(text, r) }) },
  { source: CODE, groups: 1, make: ([text = '']) => ({ t: 'code', text }) },
  {
    source: LINK,
    groups: 2,
    make: ([text = '', href = '']) => link(href, text, [{ t: 'text', text }]),
  },
  {
    source: FONT,
    groups: 2,
    make: ([colour, text = ''], r) => ({
      t: 'font',
      colour: colour === 'info' || colour === 'warning' ? colour : 'comment',
      kids: marked(text, r),
    }),
  },
  { source: AT_ID, groups: 1, make: ([id = ''], r) => ({ t: 'mention', text: `@${r.nameOf?.(id) ?? id}` }) },
  ...plainRules(reading),
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

/** A plain text message: mentions, bare links and the `<a href>` an app may send; everything else as typed. */
export function plain(text: string, reading: Reading): Inline[] {
  return scan(text, plainRules(reading), reading)
}

/** One line of markdown. */
export function marked(text: string, reading: Reading): Inline[] {
  return scan(text, markRules(reading), reading)
}

const cells = (line: string, reading: Reading): Inline[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => marked(cell.trim(), reading))

const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

const kindOf = (line: string, next: string | undefined): string => {
  if (line.trim() === '') return 'blank'
  if (/^#{1,6}\s/.test(line)) return 'heading'
  if (/^\s*>/.test(line)) return 'quote'
  if (/^\s*[-*]\s+/.test(line)) return 'bullets'
  if (/^\s*\d+\.\s+/.test(line)) return 'numbers'
  if (line.includes('|') && next?.includes('|') && TABLE_RULE.test(next)) return 'table'
  return 'para'
}

function take(lines: string[], from: number, reading: Reading): [Block | undefined, number] {
  const line = lines[from] ?? ''
  const kind = kindOf(line, lines[from + 1])
  if (kind === 'blank') return [undefined, from + 1]
  if (kind === 'heading') {
    const level = line.indexOf(' ')
    return [{ t: 'heading', level, kids: marked(line.slice(level).trim(), reading) }, from + 1]
  }
  let to = from + 1
  if (kind === 'table') {
    while (to < lines.length && lines[to]?.includes('|')) to++
    const rows = lines.slice(from + 2, to).map(row => cells(row, reading))
    return [{ t: 'table', head: cells(line, reading), rows }, to]
  }
  while (to < lines.length && kindOf(lines[to] ?? '', lines[to + 1]) === kind) to++
  const strip = { quote: /^\s*>\s?/, bullets: /^\s*[-*]\s+/, numbers: /^\s*\d+\.\s+/ }[kind] ?? /^/
  const items = lines.slice(from, to).map(each => marked(each.replace(strip, ''), reading))
  if (kind === 'bullets' || kind === 'numbers') return [{ t: 'list', ordered: kind === 'numbers', items }, to]
  return [{ t: kind === 'quote' ? 'quote' : 'para', lines: items }, to]
}

/** The subset of markdown both platforms draw: headings, bold, code, quotes, font colours, links, lists, tables. */
export function markdown(text: string, reading: Reading): Block[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const [block, next] = take(lines, at, reading)
    if (block) blocks.push(block)
    at = next
  }
  return blocks
}

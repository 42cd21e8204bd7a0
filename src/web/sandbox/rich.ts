import { type Inline, marked, type Reading } from './spans.ts'

/** Markdown → blocks of tokens, in the subset the platform draws. */
export type Block =
  | { t: 'para' | 'quote'; lines: Inline[][] }
  | { t: 'heading'; level: number; kids: Inline[] }
  | { t: 'list'; ordered: boolean; items: Inline[][] }
  | { t: 'table'; head: Inline[][]; rows: Inline[][][] }

const cells = (line: string, reading: Reading): Inline[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => marked(cell.trim(), reading))

const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/

const kindOf = (line: string, next: string | undefined, { app }: Reading): string => {
  if (line.trim() === '') return 'blank'
  if (/^\s{0,3}#{1,6}\s/.test(line)) return 'heading'
  if (/^\s*>/.test(line)) return 'quote'
  if (/^\s*[-*]\s+/.test(line)) return 'bullets'
  if (/^\s*\d+\.\s+/.test(line)) return 'numbers'
  if (app === 'wecom' && line.includes('|') && next?.includes('|') && TABLE_RULE.test(next)) return 'table'
  return 'para'
}

/** DingTalk begins a new line only after two spaces; other lines run on. */
function joined(lines: string[]): string[] {
  const out: string[] = []
  let runs = false
  for (const line of lines) {
    const words = line.trim()
    if (runs) out.push(`${out.pop()} ${words}`)
    else out.push(words)
    runs = !/ {2}$/.test(line)
  }
  return out
}

function take(lines: string[], from: number, reading: Reading): [Block | undefined, number] {
  const line = lines[from] ?? ''
  const kind = kindOf(line, lines[from + 1], reading)
  if (kind === 'blank') return [undefined, from + 1]
  if (kind === 'heading') {
    const level = line.trimStart().indexOf(' ')
    return [{ t: 'heading', level, kids: marked(line.replace(/^\s*#+/, '').trim(), reading) }, from + 1]
  }
  let to = from + 1
  if (kind === 'table') {
    while (to < lines.length && lines[to]?.includes('|')) to++
    const rows = lines.slice(from + 2, to).map(row => cells(row, reading))
    return [{ t: 'table', head: cells(line, reading), rows }, to]
  }
  while (to < lines.length && kindOf(lines[to] ?? '', lines[to + 1], reading) === kind) to++
  const strip = { quote: /^\s*>\s?/, bullets: /^\s*[-*]\s+/, numbers: /^\s*\d+\.\s+/ }[kind] ?? /^/
  const said = lines.slice(from, to).map(each => each.replace(strip, ''))
  const listed = kind === 'bullets' || kind === 'numbers'
  const items = (reading.app === 'wecom' || listed ? said : joined(said)).map(each => marked(each, reading))
  if (listed) return [{ t: 'list', ordered: kind === 'numbers', items }, to]
  return [{ t: kind === 'quote' ? 'quote' : 'para', lines: items }, to]
}

/** Headings, bold, quotes, links and lists; in WeCom code, font colours and tables besides, in DingTalk italics and images. */
export function markdown(text: string, reading: Reading): Block[] {
  const lf = text.replaceAll('\r\n', '\n')
  const lines = (reading.app === 'wecom' ? lf : lf.replace(/<br\s*\/?>\n?/gi, '  \n')).split('\n')
  const blocks: Block[] = []
  for (let at = 0; at < lines.length; ) {
    const [block, next] = take(lines, at, reading)
    if (block) blocks.push(block)
    at = next
  }
  return blocks
}

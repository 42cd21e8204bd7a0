import { type Cell, limits, type Row, Unreadable } from './table.ts'

/** CSV as programs and Excel write it: any of the usual encodings and separators. */

/**
 * The text of a file: UTF-8, UTF-16 as Excel's «Unicode text» has it, or GB18030, which Excel in China saves CSV in.
 * @throws Unreadable where it is none of them
 */
export function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  for (const encoding of ['utf-8', 'gb18030'])
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {}
  throw new Unreadable('文件不是 xlsx，也不是 UTF-8 或 GBK 编码的 CSV。请在 Excel 或 WPS 里另存为 .xlsx 再传。')
}

const separators = [',', ';', '\t'] as const

/** The separator that divides the first lines alike, and into most parts; what stands in quotes divides nothing. */
export function separatorOf(text: string): string {
  const bare = text.slice(0, 20_000).replaceAll(/"(?:[^"]|"")*"/g, '')
  const lines = bare.split(/\r\n|\n|\r/).slice(0, 20)
  const counts = separators.map(separator => {
    const parts = lines.map(line => line.split(separator).length - 1).filter(count => count > 0)
    const most = Math.max(0, ...parts)
    return { separator, lines: parts.filter(count => count >= most - 1).length * most }
  })
  return counts.reduce((best, one) => (one.lines > best.lines ? one : best)).separator
}

/**
 * Rows of a CSV text (RFC 4180; fields may hold line breaks, lines may end in CR, LF or both). A row's number is the one
 * Excel shows: a record is one row, however many lines it has, and an empty line is one as well.
 * @throws Unreadable where a quote is never closed, or there is too much
 */
export function readCsv(text: string, separator = separatorOf(text)): Row[] {
  const rows: Row[] = []
  let cells: Cell[] = []
  let row = 1
  let at = 0
  const end = text.length
  const field = (value: string) => {
    if (cells.length >= limits.columns)
      throw new Unreadable(`第 ${row} 行超过 ${limits.columns} 列，请删掉多余的列再传。`)
    cells.push(value)
  }
  const line = () => {
    if (cells.some(cell => cell !== '')) rows.push({ row, cells })
    if (rows.length > limits.rows + 50) throw tooMany()
    cells = []
    row++
  }
  while (at < end) {
    if (text[at] === '"') {
      const { value, next } = quoted(text, at, row)
      const stop = nextBreak(text, next, separator)
      field(value + text.slice(next, stop))
      at = stop
    } else {
      const stop = nextBreak(text, at, separator)
      field(text.slice(at, stop))
      at = stop
    }
    if (at >= end) break
    if (text[at] === separator) {
      at++
      if (at >= end || text[at] === '\n' || text[at] === '\r') field('')
      if (at >= end) break
      if (text[at] !== '\n' && text[at] !== '\r') continue
    }
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line()
  }
  line()
  return rows
}

export const tooMany = (): Unreadable => new Unreadable(`表格超过 ${limits.rows} 行，请拆成几个文件分别导入。`)

function nextBreak(text: string, from: number, separator: string): number {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++
  return at
}

function quoted(text: string, from: number, row: number): { value: string; next: number } {
  let value = ''
  let at = from + 1
  for (;;) {
    const close = text.indexOf('"', at)
    if (close < 0) throw new Unreadable(`第 ${row} 行有一个引号没有配对，后面的内容分不清是哪一列。请改好这一行再传。`)
    value += text.slice(at, close)
    if (text[close + 1] !== '"') return { value, next: close + 1 }
    value += '"'
    at = close + 2
  }
}

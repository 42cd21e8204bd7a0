import { Readable } from 'node:stream'
import { setImmediate as breathe } from 'node:timers/promises'
import { writeXlsxStream } from 'hucre/xlsx'
import { byteOrderMark, csvLine } from './csvline.ts'

export type Format = 'xlsx' | 'csv'

export const types: Readonly<Record<Format, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

/** Rows written before others get their turn. */
const atOnce = 200

/** A table as a file that is made while it is sent: no more of it is in memory than a page of rows. */
export function streamed(
  format: Format,
  titles: readonly string[],
  rows: AsyncIterable<readonly string[]>,
  name: string,
): Readable {
  return format === 'csv' ? Readable.from(csvOf(titles, rows)) : xlsxOf(titles, rows, name)
}

async function* csvOf(titles: readonly string[], rows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let text = byteOrderMark + csvLine(titles)
  let count = 0
  for await (const row of rows) {
    text += csvLine(row)
    if (++count % atOnce !== 0) continue
    yield text
    text = ''
    await breathe()
  }
  if (text !== '') yield text
}

/** Every cell is a text, and stays one when somebody edits it: nothing is ever a formula. */
function xlsxOf(titles: readonly string[], rows: AsyncIterable<readonly string[]>, name: string): Readable {
  const columns = titles.map(header => ({ header, width: Math.max(12, header.length * 3), style: { numFmt: '@' } }))
  const stream = writeXlsxStream(paced(rows), { name, columns, freezePane: { rows: 1 } })
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0])
}

async function* paced(rows: AsyncIterable<readonly string[]>): AsyncGenerator<string[]> {
  let count = 0
  for await (const row of rows) {
    yield [...row]
    if (++count % atOnce === 0) await breathe()
  }
}

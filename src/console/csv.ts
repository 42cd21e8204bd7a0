/** A table as spreadsheets open it: UTF-8 with a mark, RFC 4180; what they would take for a formula is text. */
export function csv(rows: ReadonlyArray<readonly string[]>): string {
  return `\ufeff${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
}

function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** CSV as Excel in China opens it with two taps: UTF-8 with its mark, commas, RFC 4180. */

export const byteOrderMark = '\ufeff'

/** What makes a program that opens the file take a cell for a formula. */
const formula = /^[=+\-@\t\r]/
/** A number or a phone begins like one and is none: -12.5, +86 138-0000-1234. */
const harmless = /^[+-]?\d[\d\s-]*(?:\.\d+)?$/

/** A cell that no program takes for a formula: an apostrophe in front says that it is text. Imports take it off again. */
export function neutral(text: string): string {
  return formula.test(text) && !harmless.test(text) ? `'${text}` : text
}

export function csvLine(cells: readonly string[]): string {
  const written = cells.map(cell => {
    const text = neutral(cell)
    return /[",\r\n]/.test(text) || /^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  })
  return `${written.join(',')}\r\n`
}

import { type Field, labels } from './lexicon.ts'
import { matches, type Range, tidy } from './text.ts'

export interface Labelled extends Range {
  field: Field
  /** Where the value stands. */
  value: Range
}

const fieldOf = new Map<string, Field>()
for (const [field, names] of Object.entries(labels))
  for (const name of names.replace('s/?n', 's/n|sn').split('|')) fieldOf.set(name, field as Field)
const longestFirst = [...fieldOf.keys()].sort((a, b) => b.length - a.length).join('|')

/** A label with a colon anywhere but inside a word, or without one at the start of a piece and before a space. */
const label = new RegExp(
  `(?:[【[(]\\s*)?(${longestFirst})\\s*(?:[】\\])]\\s*[:：=]?|[:：=])|(?<=^|[\\s,，;；、|。])(${longestFirst})(?=[ \\t]+\\S)`,
  'gm',
)

/** The labelled fields of a pasted form. A value runs to the next label or the end of its line. */
export function findLabelled(norm: string): Labelled[] {
  const found = matches(norm, label)
  return found.flatMap(({ start, end, match }, index) => {
    const field = fieldOf.get((match[1] ?? match[2] ?? '').toLowerCase())
    if (!field) return []
    const next = found[index + 1]?.start ?? norm.length
    const first = end + (norm.slice(end, next).match(/^\s*/)?.[0].length ?? 0)
    const line = norm.slice(first, next).indexOf('\n')
    const stop = line < 0 ? next : first + line
    return [{ field, start, end: stop, value: { start: Math.min(first, stop), end: stop } }]
  })
}

/** The value in the person's own words. */
export const wordsOf = (text: string, { value }: Labelled): string | undefined => {
  const words = tidy(text.slice(value.start, value.end))
  return words === '' || /^(?:无|没有|未知|空|不详|-|\/)$/.test(words) ? undefined : words
}

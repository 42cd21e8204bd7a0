import { blank, normalise, type Range } from './text.ts'

const giving = /(?:派|转|交|分|指|改)?(?:派|单|配)?给|改派到?|指派|派(?=\s|\p{Script=Han})/gu

interface Name {
  name: string
  norm: string
}

const lists = new WeakMap<readonly string[], readonly Name[]>()

/** A team's names as they are looked for, the longest first: of one sentence several ask. */
export function known(names: readonly string[]): readonly Name[] {
  const before = lists.get(names)
  if (before) return before
  const list = names
    .map(name => ({ name, norm: normalise(name) }))
    .filter(({ norm }) => norm !== '')
    .sort((a, b) => b.norm.length - a.norm.length)
  lists.set(names, list)
  return list
}

/** The known name that stands at `start`, the longest first. */
export function nameAt(norm: string, start: number, names: readonly string[]): string | undefined {
  return known(names).find(name => norm.startsWith(name.norm, start))?.name
}

/** Known names in the text; a name inside a longer one isn't counted. */
function mentioned(norm: string, names: readonly string[]): string[] {
  let left = norm
  const found: string[] = []
  for (const name of known(names)) {
    if (!left.includes(name.norm)) continue
    found.push(name.name)
    left = left.replaceAll(name.norm, ' '.repeat(name.norm.length))
  }
  return found
}

/**
 * Whom an order is given to: the name after 给, else the only known name in the sentence, else the word after 给 as it
 * stands (the caller knows whether there is such a person). `two` when two known names remain.
 */
export function findName(
  text: string,
  norm: string,
  verb: Range,
  names: readonly string[],
  codes: readonly Range[],
): string | 'two' | undefined {
  const free = blank(norm, codes)
  const after: number[] = [verb.end]
  for (const match of free.slice(verb.start).matchAll(giving)) after.push(verb.start + match.index + match[0].length)
  const starts = after.map(at => at + (free.slice(at).match(/^[\s:：,，@给]*/)?.[0].length ?? 0))
  const last = Math.max(...starts)
  if (mentioned(free.slice(last), names).length > 1) return 'two'
  const given = new Set(starts.flatMap(at => nameAt(free, at, names) ?? []))
  if (given.size > 1) return 'two'
  const [one] = given
  if (one !== undefined) return one
  const all = mentioned(free, names)
  if (all.length > 1) return 'two'
  if (all[0] !== undefined) return all[0]
  for (const at of starts.reverse()) {
    const word = free
      .slice(at)
      .match(/^(?!我|谁|他|她|你|客户|哪|一下|的)[\p{Script=Han}a-z]{2,8}(?=$|[\s,，.。!！;；])/u)?.[0]
    if (word) return text.slice(at, at + word.length).replace(/(?<=..)[吧啊了哈]$/, '')
  }
  return undefined
}

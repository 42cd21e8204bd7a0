import { valuePattern } from '../../settlement/figurevalue.ts'
import { normalise } from './text.ts'

/** Names as the rule books and teams of the speaker have them. */
export interface EntryWords {
  teams: readonly string[]
  people: readonly string[]
  /** Of figures or of scorecards' items, with the other words for them. */
  names: readonly string[]
  columns: readonly string[]
  cards: readonly string[]
  units: readonly string[]
}

/** What one number was said to be of, and the number as it was written; what was not said is null. */
export interface SaidEntry {
  team: string | null
  who: string | null
  card: string | null
  name: string | null
  column: string | null
  value: string | null
}

type Kind = 'team' | 'who' | 'card' | 'name' | 'column'

const skipped = /[\s,，、;；:：=的是为]/
const number = new RegExp(valuePattern, 'y')

/**
 * 张三 工作态度 上级 9，团队协作 8: names in any order, a number behind them; who is meant stays the same until another one
 * is named. `unread` is what is none of these.
 */
export function readEntries(text: string, words: EntryWords): { entries: SaidEntry[]; unread: string } {
  const known = vocabulary(words)
  const norm = normalise(text)
  const entries: SaidEntry[] = []
  let open: SaidEntry = { team: null, who: null, card: null, name: null, column: null, value: null }
  let fresh = false
  let unread = ''
  for (let at = 0; at < norm.length; ) {
    const found = known.find(({ norm: one }) => norm.startsWith(one, at))
    const last = entries.at(-1)
    if (found?.kind === 'column' && open.name === null && last?.column === null) {
      // 工作态度 9 上级: it belongs to what stands before it.
      entries[entries.length - 1] = { ...last, column: found.text }
      at += found.norm.length
      continue
    }
    if (found) {
      // 毛利 产值 without numbers: two that are taken back.
      if (found.kind === 'name' && open.name !== null) entries.push(open)
      open = { ...open, [found.kind]: found.text }
      fresh = true
      at += found.norm.length
      continue
    }
    number.lastIndex = at
    const [value] = number.exec(norm) ?? []
    if (value !== undefined && value.trim() !== '') {
      at += value.length
      const unit = words.units.find(one => one !== '' && norm.startsWith(one, at)) ?? ''
      at += unit.length
      entries.push({ ...open, value: `${value}${unit}`.trim() })
      open = { ...open, name: null }
      fresh = false
      continue
    }
    if (!skipped.test(norm.charAt(at))) unread += text.charAt(at)
    at += 1
  }
  if (fresh && (open.name !== null || entries.length === 0)) entries.push(open)
  return { entries, unread }
}

function vocabulary({ teams, people, names, columns, cards }: EntryWords) {
  const list: Array<readonly [Kind, readonly string[]]> = [
    ['who', people],
    ['name', names],
    ['column', columns],
    ['card', cards],
    ['team', teams],
  ]
  return list
    .flatMap(([kind, all]) => [...new Set(all)].map(text => ({ kind, text, norm: normalise(text) })))
    .filter(({ norm }) => norm !== '')
    .sort((a, b) => b.norm.length - a.norm.length)
}

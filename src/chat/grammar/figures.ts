import type { FigureWish, PostWish } from '../intent.ts'
import { month, monthOf } from './attendance.ts'
import { readEntries } from './entries.ts'
import { nameAt } from './names.ts'
import { normalise, tidy } from './text.ts'

/** A number of a month by its name and the other words for it. */
export interface FigureName {
  name: string
  words: readonly string[]
  unit: string
}

interface Said {
  now: Date
  zone: string
  names: readonly string[]
  figures?: readonly FigureName[]
}

const verb = /^(撤销|取消|撤回)?(填数|填写?月度数字|月度数字|填报|打分|评分)(?![表制为一不])\s*[:：]?/
const asked = /[?？吗呢]|多少|怎么/

/**
 * 填数 [10月] · 填数 毛利 10月 52300.5 · 填数 张三 级别工资 660 · 毛利 10月 52300.50 · 打分 张三 工作态度 [上级] 9 · 撤销填数 毛利 10月.
 * `words` is the normalised `text`.
 */
export function readFigures(words: string, text: string, said: Said): FigureWish | undefined {
  const head = verb.exec(words)
  const left = words.slice(head?.[0].length ?? 0)
  if (!head && !(said.figures ?? []).length) return undefined
  if (!head && (asked.test(words) || !/\d/.test(words))) return undefined
  const named = new RegExp(`(?:(?<![\\d.])|^)${month}(?:的)?`).exec(left)
  const found = named ? monthOf(named[1], named[2] ?? '', named[3], named[0], said) : undefined
  const own = text.slice(head?.[0].length ?? 0)
  const at = found && named ? { start: named.index, end: named.index + named[0].length } : null
  const rest = tidyEnds(at ? `${own.slice(0, at.start)} ${own.slice(at.end)}` : own)
  const when = found ? { month: found } : {}
  if (!head) return isEntry(rest, said) ? { do: 'enter', of: 'figure', words: rest, ...when } : undefined
  const of = /分/.test(head[2] ?? '') ? 'mark' : 'figure'
  if (head[1]) return { do: 'takeBack', of, words: rest, ...when }
  return rest === '' ? { do: 'list', ...when } : { do: 'enter', of, words: rest, ...when }
}

/** Without a verb it has to be a figure's name and a number, and nothing else. */
function isEntry(rest: string, { names, figures = [] }: Said): boolean {
  const known = {
    ...{ teams: [], people: names, columns: [], cards: [] },
    names: figures.flatMap(({ name, words }) => [name, ...words]),
    units: figures.map(({ unit }) => unit),
  }
  const { entries, unread } = readEntries(rest, known)
  return unread === '' && entries.length > 0 && entries.every(({ name, value }) => name !== null && value !== null)
}

/** A minus sign in front of a number is no punctuation. */
const tidyEnds = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/^[\s,，:：;；、]+|[\s,，.。;；、!！~～]+$/g, '')

/** 岗位 · 岗位 张三 · 岗位 张三 维修工 · 张三 岗位 维修工. */
export function readPost(words: string, text: string, names: readonly string[]): PostWish | undefined {
  const first = nameAt(words, 0, names)
  const begin = first ? normalise(first).length : 0
  const head = /^\s*的?(?:改)?岗位(?:是|为|改成|改为)?\s*[:：]?\s*/.exec(words.slice(begin))
  if (!head) return undefined
  const from = begin + head[0].length
  const who = first ?? nameAt(words, from, names)
  const rest = words.slice(from)
  const own = text.slice(from + (first || !who ? 0 : normalise(who).length))
  const post = tidy(own).replace(/^(?:是|为|改成|改为)\s*/, '')
  if (!who && rest !== '' && !/[\s:：]$/.test(head[0])) return undefined
  if (!who && post !== '') {
    const [name = '', ...more] = post.split(' ')
    return { who: name, ...(more.length > 0 && { post: more.join(' ') }) }
  }
  return { ...(who && { who }), ...(post && { post }) }
}

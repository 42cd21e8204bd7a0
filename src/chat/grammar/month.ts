import type { MonthWish, Understood } from '../intent.ts'
import { month, monthOf } from './attendance.ts'
import { readMoney } from './numerals.ts'
import { tidy } from './text.ts'

interface Said {
  now: Date
  zone: string
  names: readonly string[]
}

const end = '[\\s?？.。!！~～]*$'
const asking = /[吗么呢嘛][?？]?$|怎么|什么时候|为什么/

const wish = (what: MonthWish): Understood => ({ kind: 'wish', wish: { about: 'month', wish: what } })
const missing = (say: string): Understood => ({ kind: 'unsure', why: 'missing', say })

/**
 * 月结 10月 · 发布 10月 · 锁定 10月 · 改 张三 全勤奖 100 漏记 · 取消改 张三 全勤奖 · 申诉 工资 全勤奖 我那天上班了 · 维持 10月 2 理由 ·
 * 我的工资 [10月] · 工资 张三 · 工资 全勤奖 · 我的积分 [10月] · 积分榜. `words` is the normalised `text`.
 */
export function readMonth(words: string, text: string, said: Said): Understood | undefined {
  return (
    readClosing(words, said) ?? readAppeal(words, text, said) ?? readAdjust(words, text, said) ?? readShown(words, said)
  )
}

const closings = [
  ['draft', '(?:重算|重新)?月结|(?:重新)?算工资'],
  ['publish', '发布(?:月结|工资条?|排名)?'],
  ['lock', '锁定(?:月结|工资)?'],
] as const

/** A month, taken out of the words, and what is left of them. Null where it is none that there is. */
function monthIn(rest: string, said: Said): { month?: string; before: string; after: string } | null {
  const found = new RegExp(`(?:${month})(?:的)?`).exec(rest)
  if (!found) return { before: rest, after: '' }
  const [all, year, number = '', last] = found
  const named = monthOf(year, number, last, all, said)
  if (named === null || named === undefined) return null
  return { month: named, before: rest.slice(0, found.index), after: rest.slice(found.index + all.length) }
}

function readClosing(words: string, said: Said): Understood | undefined {
  for (const [what, pattern] of closings) {
    const head = new RegExp(`^(?:请)?(?:${pattern})`).exec(words)
    if (!head) continue
    const rest = words.slice(head[0].length)
    if (rest.length > 24 || asking.test(rest)) return undefined
    const found = monthIn(rest, said)
    if (!found) return missing(`哪个月？例如：${head[0]} 10月`)
    const left = tidy(found.before + found.after.replace(/^(?:月结|工资条?)/, ''))
    // 发布会, 锁定目标: words of something else.
    if (left !== '' && !/^\s/.test(rest) && found.month === undefined) return undefined
    return wish({ do: what, ...(found.month && { month: found.month }), ...(left && { team: left }) })
  }
  return undefined
}

const pay = '(?:工资条?|提成|月结|收入)'

function readAppeal(words: string, text: string, said: Said): Understood | undefined {
  const head = new RegExp(`^(?:我要?)?申诉\\s*(?:我的?)?(?:(${month})的?)?\\s*${pay}(?:的)?`).exec(words)
  if (head) {
    const found = head[1] ? monthIn(head[1], said) : { before: '', after: '' }
    const rest = text.slice(head[0].length).replace(/^[\s:：，,]+/, '')
    const [item = '', ...more] = rest.split(/[\s:：，,]+/)
    if (item === '') return missing('申诉哪一项、哪里不对？例如：申诉 工资 全勤奖 11月3日我上班了')
    return wish({ do: 'appeal', item, reason: more.join(' ').trim(), ...(found?.month && { month: found.month }) })
  }
  const kept = new RegExp(`^维持\\s*(${month})的?\\s*(?:第)?(\\d{1,3})(?:号|条)?[\\s:：，,]*`).exec(words)
  if (!kept) return undefined
  const found = monthIn(kept[1] ?? '', said)
  const nr = Number(kept.at(-1))
  const reason = text.slice(kept[0].length).trim()
  return wish({ do: 'keep', nr, reason, ...(found?.month && { month: found.month }) })
}

function readAdjust(words: string, text: string, said: Said): Understood | undefined {
  const head = /^(取消改|撤销改|不改|改|调整)\s*/.exec(words)
  if (!head) return undefined
  const rest = text.slice(head[0].length)
  const monthly = new RegExp(`^(${month})的?\\s*`).exec(words.slice(head[0].length))
  const found = monthly ? monthIn(monthly[1] ?? '', said) : { before: '', after: '' }
  const named = rest.slice(monthly?.[0].length ?? 0)
  const who = said.names.find(name => named.startsWith(name))
  if (!who) return undefined
  const [item = '', amount = '', ...reason] = named.slice(who.length).replace(/^的/, '').trim().split(/\s+/)
  const at = found?.month ? { month: found.month } : {}
  const back = head[1] !== '改' && head[1] !== '调整'
  if (item === '') return missing(`改 ${who} 的哪一项？例如：改 ${who} 全勤奖 100 漏记一天`)
  if (back) return wish({ do: 'adjust', who, item, fen: null, reason: '取消人工改定', ...at })
  const fen = readAmount(amount)
  if (fen === null) return missing(`改成多少？例如：改 ${who} ${item} 100 漏记一天`)
  return wish({ do: 'adjust', who, item, fen, reason: reason.join(' '), ...at })
}

/** `100`, `-50.5`, `80元`, `1,074.63`. */
function readAmount(text: string): number | null {
  const plain = text.normalize('NFKC').replace(/[,，¥￥]/g, '')
  const match = /^(-?)(.+)$/.exec(plain)
  const money = match ? readMoney((match[2] ?? '').replace(/[元块]$/, '')) : null
  if (money === null || !match) return null
  return Math.round(Number(money) * 100) * (match[1] === '-' ? -1 : 1)
}

function readShown(words: string, said: Said): Understood | undefined {
  if (
    new RegExp(`^(?:看看?|查看?)?(?:(?:${month})的?)?(?:积分榜|积分排名|月度排名|排名|排行榜?|龙虎榜)${end}`).test(
      words,
    )
  ) {
    const found = monthIn(words, said)
    return wish({ do: 'ranking', ...(found?.month && { month: found.month }) })
  }
  const head = /^(?:看看?|查看?|查)?\s*(我的?)?\s*(工资条?|工资单|提成|收入|积分)(?:明细|流水)?(?!制度|规则|表)/.exec(
    words,
  )
  if (!head) return undefined
  const rest = words.slice(head[0].length)
  if (rest.length > 30 || asking.test(rest)) return undefined
  const found = monthIn(rest, said)
  if (!found) return missing(`哪个月？例如：${head[0]} 10月`)
  const left = tidy((found.before + found.after).replace(/[?？.。!！]+$/, '').replace(/^的/, ''))
  // 工资太低了 is no request.
  if (left !== '' && !/^\s/.test(rest) && !said.names.some(name => left.startsWith(name))) return undefined
  const what = head[2] === '积分' ? 'points' : 'pay'
  return wish({ do: what, ...(found.month && { month: found.month }), ...(left && { words: left }) })
}

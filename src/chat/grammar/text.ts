/** Text made comparable without moving a character, so that a range found in the one is a range in the other. */

/** A half-open range of UTF-16 units. */
export interface Range {
  start: number
  end: number
}

// Pairs of traditional and simplified characters that occur in our words; names and addresses are kept as written.
const traditional =
  '點後週禮號開時鐘單達聯繫係約發換裝費塊電話沒絡掛復幫確認對給張為麼遲間個兩內來還這請師廠機維運結關綁碼組級訂說錯撥馬門戶現場壞試報預過應無聽車樓區縣鎮鄉園廣陽問題緊搶裡嗎誰價錢質貨廢員務歸檔聲總動剛準備賬絕種農曆臘貼買齊鑑鑒變'
const simplified =
  '点后周礼号开时钟单达联系系约发换装费块电话没络挂复帮确认对给张为么迟间个两内来还这请师厂机维运结关绑码组级订说错拨马门户现场坏试报预过应无听车楼区县镇乡园广阳问题紧抢里吗谁价钱质货废员务归档声总动刚准备账绝种农历腊贴买齐鉴鉴变'

const same = new Map<string, string>(
  [...traditional].map((from, i): [string, string] => [from, [...simplified][i] ?? from]),
)
for (const dash of '‐‑‒–—―−') same.set(dash, '-')
for (const wave of '〜∼') same.set(wave, '~')
for (const times of '✕╳✖') same.set(times, '×')
same.set('￥', '¥').set('\u3000', ' ').set('妳', '你')

const emoji = /\p{Extended_Pictographic}|[\u2000-\u200f\u2060\ufeff\u00a0]|\ufe0f|\u20e3/gu

for (let unit = 0xff01; unit <= 0xff5e; unit++) same.set(String.fromCharCode(unit), String.fromCharCode(unit - 0xfee0))
for (const [char, half] of [...same, ...[...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(char => [char, char] as const)])
  same.set(char, half.toLowerCase())

/** All that is not as it should be, which is little of most texts: every name of a team goes through here with each sentence. */
const other = new RegExp(`(${emoji.source})|[${[...same.keys()].join('').replace(/[-\\\]^]/g, '\\$&')}]`, 'gu')

/** Half width, lower case, simplified, emoji blanked; the same length as `text`. */
export const normalise = (text: string): string =>
  text.replace(other, (found, blanked?: string) => (blanked ? ' '.repeat(found.length) : (same.get(found) ?? found)))

export const overlaps = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end

/** Stands where a code was, so that a pattern can tell 派 1024 from 派. */
export const codeSign = '\ue000'

/** The text with the ranges replaced by spaces, or by `filler`. */
export function blank(text: string, ranges: readonly Range[], filler = ' '): string {
  let out = text
  for (const { start, end } of ranges) out = out.slice(0, start) + filler.repeat(end - start) + out.slice(end)
  return out
}

const edges = /^[\s,，.．。:：;；、!！?？~～\-－|｜/／·]+|[\s,，.．。:：;；、!！~～\-－|｜/／·]+$/g

/** Without punctuation and space at its ends, with single spaces inside. */
export function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\s*([,，;；、])(?:\s*[,，;；、])*\s*/g, '$1')
    .replace(edges, '')
}

/** Runs of blanks as one, so that no pattern meets a long one; a run with a line break stays a line break. */
export const squeeze = (text: string): string => text.replace(/\s{2,}/g, run => (run.includes('\n') ? '\n' : ' '))

/** Emoji and invisible characters as spaces, runs of blanks as one. */
export const plainText = (text: string): string => squeeze(text.replace(emoji, ' '))

/** Every match of a global pattern as a range with its match. */
export function matches(text: string, pattern: RegExp): Array<Range & { match: RegExpExecArray }> {
  const all: Array<Range & { match: RegExpExecArray }> = []
  // From any other the same match would come for ever.
  if (!pattern.global) throw new TypeError('only a global pattern has several matches')
  // Not `matchAll`, which makes itself a copy of the pattern each time: that takes longer than to look.
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    if (match[0] === '') pattern.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
    else all.push({ start: match.index, end: match.index + match[0].length, match })
  }
  return all
}

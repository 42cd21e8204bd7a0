import { normalise, type Range, tidy } from './text.ts'

/** Words that carry no order of ours: greetings, politeness, particles. */
const polite =
  /^(?:师傅们?好?|你好|您好|大家好|领导好?|经理好?|各位|麻烦(?:你|您)?|请问?|谢谢|多谢|辛苦了?|一下|哈|呀|啊|哦|噢|嗯|呢|吧|哒|啦|了|的|我(?:这边|这里)?|那个|这边|已经?|报告|你|您|ok|@\S*|[\s,，.。:：;；、!！~～-])+/
const politeEnd = /(?:已|但是?|不过|谢谢|多谢|辛苦了?|一下|哈|呀|啊|哦|噢|嗯|呢|[\s,，.。:：;；、!！~～-])+$/
const inner =
  /师傅们?好?|你好|您好|大家好|麻烦|请|谢谢|多谢|辛苦了?|一下|哈|呀|啊|哦|噢|嗯|呢|吧|哒|啦|了|我(?!的)|这[个单张]+|此单|该单|已经?|报告|你|您|\[[^\]\s]{1,4}\]|[\s,，.。:：;；、!！~～#]/g

/** What is left of a text when politeness is taken away: the core that whole-sentence words are compared with. */
export const core = (norm: string): string => norm.replace(inner, '')

/** Without politeness and punctuation in front. */
export function opening(norm: string): { words: string; start: number } {
  const start = norm.match(polite)?.[0].length ?? 0
  return { words: norm.slice(start), start }
}

/** `normalise` moves nothing, so what is polite in it is polite in the text. */
function polished(text: string): string {
  const norm = normalise(text)
  const start = norm.match(polite)?.[0].length ?? 0
  const end = norm.length - (norm.slice(start).match(politeEnd)?.[0].length ?? 0)
  return tidy(text.slice(start, end))
}

/** The person's own words outside of `ranges`, without politeness at the ends; undefined when nothing is left. */
export function rest(text: string, ranges: readonly Range[]): string | undefined {
  let out = ''
  let at = 0
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (start > at) out += `${text.slice(at, start)} `
    at = Math.max(at, end)
  }
  out = tidy(out + text.slice(at))
  for (let turn = 0; turn < 3; turn++) out = polished(out)
  return /[\p{L}\p{N}]/u.test(out) ? out : undefined
}

/** What somebody else said, as it is told outside of `ranges`: 师傅 at its beginning is no greeting. */
export function saying(text: string, ranges: readonly Range[]): string | undefined {
  let left = text
  for (const { start, end } of [...ranges].sort((a, b) => b.start - a.start))
    left = `${left.slice(0, start)} ${left.slice(end)}`
  const told = tidy(left).replace(/^(?:了|过|的|吧|啊|哈|呢)+(?=[\s,，])|[吧啊哈呢哦噢]+$/g, '')
  return /[\p{L}\p{N}]/u.test(told) ? tidy(told) : undefined
}

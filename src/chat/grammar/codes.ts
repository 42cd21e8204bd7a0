import { blank, matches, overlaps, type Range } from './text.ts'

/** A number that may be an order's code. */
export interface Code extends Range {
  code: string
  /** Said to be one: 单 1024, #1024, 1024号单. */
  marked: boolean
}

const marked =
  /(?:派?工单|订单|单子|(?<![接拒空退结关抢派销撤挂催急这此该新开报回])单(?!据))\s*(?:编?号)?\s*[:：#]?\s*#?\s*(\d{3,8})(?![\d.]|-\d)|#\s*(\d{3,8})(?!\d)|(?<![\d.-])(\d{3,8})\s*号?(?:工?单(?!元|位|据))|\bno\.?\s*(\d{3,8})(?!\d)/g
const standalone =
  /(?<![\d.a-z/-])(?<!\d:)(\d{4,6})(?:号(?!楼|院|室|房|线|店|门|机))?(?!\d|\.\d|[-/:]\d|[a-z](?!k)|\s*(?:元|块|¥|毛|年|月|日))/g

/** Numbers that read as codes, outside of what other meanings have claimed. */
export function findCodes(norm: string, claimed: readonly Range[]): Code[] {
  const free = blank(norm, claimed)
  const found: Code[] = []
  for (const { start, end, match } of matches(free, marked))
    found.push({ code: match.slice(1).find(Boolean) ?? '', start, end, marked: true })
  for (const { start, end, match } of matches(free, standalone)) {
    const code = { code: match[1] ?? '', start, end, marked: false }
    if (!found.some(other => overlaps(other, code))) found.push(code)
  }
  return found.sort((a, b) => a.start - b.start)
}

/** 返修 1024 上次 1003, under a quoted card 返修 上次 1003: the codes spoken of, without the earlier job's. */
export function withoutEarlier(norm: string, codes: readonly Code[]): Code[] {
  return codes.filter(
    ({ start }) => !/上(?:次|回|一?单)\s*(?:是|的?单号?|那[张单])?\s*[:：#]*\s*$/.test(norm.slice(0, start)),
  )
}

/** The code in a quoted card: `派工单 1024`, `单号 1024`. */
export function quotedCode(quote: string): string | undefined {
  const codes = new Set(findCodes(quote, []).flatMap(({ code, marked: sure }) => (sure ? [code] : [])))
  return codes.size === 1 ? [...codes][0] : undefined
}

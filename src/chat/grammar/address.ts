import { brands, products, symptoms, titles } from './lexicon.ts'
import type { Range } from './text.ts'

const token =
  /省|市|自治区|区|县|镇|乡|村|屯|路|街|大道|巷|胡同|弄|号|院|小区|社区|花园|公寓|大厦|广场|中心|栋|幢|座|楼|单元|室|层|苑|庄|城|府|湾|里|园|家属院|新村|工业园|学校|医院|商场|市场|酒店|公司|厂|店|门口|交叉口|对面|旁/
const strong =
  /[省市区县镇乡村路街巷弄院栋幢苑屯]|\d\s*号|单元|小区|花园|公寓|大厦|广场|\d\s*[室层座楼]|新村|碧桂园|家属院|大道|胡同/

const place = '(?:路|街|大道|花园|小区|城|广场|工业园|厂|家属院|大厦|市场|专卖|店|公司|社区|新村|学校|苑|园)'
const time =
  '今[天日早晚]|明[天日早晚]|后天|大后天|周[一二三四五六日末]|星期[一二三四五六日天]|下周|上午|下午|晚上|中午|早上|傍晚|\\d{1,2}月\\d|尽快|马上上门|加急|急单|保内|保外|过保'
const stop = new RegExp(
  `(?:(?:${brands.map(name => name.toLowerCase().replace('.', '\\.')).join('|')}|${products})(?!${place}))|${symptoms}|${time}|[\\p{Script=Han}]{1,2}(?:${titles})(?=[\\s,，;；、|。]|$)|(?:客户|用户|报修|反映|电话|手机)`,
  'gu',
)
const room = /^[\s-]*\d{1,4}(?:-\d{1,4}){0,3}(?:室|号|户|房)?(?![\d年月])/
const lastPart =
  /(?:[省市区县镇乡村屯路街巷弄院栋幢座楼室层苑庄城府湾里园厂店号旁]|大道|单元|小区|社区|花园|公寓|大厦|广场|中心|新村|对面|门口|交叉口|市场|酒店|公司|学校|医院|\d(?:[东西南北中]?户)?)/g

/**
 * The address among free chunks: it starts with a chunk, and ends where a brand, an appliance, a fault or a time
 * begins, so that it swallows none of them. `pieces` are ranges of `norm` between separators.
 */
export function findAddress(norm: string, pieces: readonly Range[]): Range | undefined {
  const scored = pieces.map((piece, index) => {
    const end = addressEnd(norm.slice(piece.start, piece.end))
    const words = norm.slice(piece.start, piece.start + end)
    const score = (words.match(new RegExp(token, 'g'))?.length ?? 0) + (strong.test(words) ? 2 : 0)
    return { index, score, range: { start: piece.start, end: piece.start + end } }
  })
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (one, other) => (other.score > (one?.score ?? 2) ? other : one),
    undefined,
  )
  if (!best) return undefined
  let { start, end } = best.range
  // 金水区 花园路38号院 5号楼 1801: neighbours that are parts of the same address.
  for (let index = best.index - 1; index >= 0; index--) {
    const before = scored[index]
    const piece = pieces[index]
    if (
      !before ||
      !piece ||
      before.score < 3 ||
      before.range.end !== piece.end ||
      /\n/.test(norm.slice(piece.end, start))
    )
      break
    start = before.range.start
  }
  for (let index = best.index + 1; index < pieces.length; index++) {
    const piece = pieces[index]
    const after = scored[index]
    if (!piece || !after || end !== pieces[index - 1]?.end || norm.slice(end, piece.start).includes('\n')) break
    const number = norm.slice(piece.start, piece.end).match(room)?.[0]
    if (number && number.length === piece.end - piece.start) end = piece.end
    else if (after.score >= 2) end = after.range.end
    else break
  }
  return { start, end }
}

/** Where the address in one chunk ends. */
function addressEnd(words: string): number {
  let limit = words.length
  for (const { index } of words.matchAll(stop)) {
    if (index === 0 || !token.test(words.slice(0, index))) continue
    limit = index
    break
  }
  if (limit === words.length) return words.search(stop) === 0 ? 0 : limit
  const before = words.slice(0, limit)
  const last = [...before.matchAll(lastPart)].at(-1)
  return last ? last.index + last[0].length : limit
}

import { readNumber } from './numerals.ts'

/** Parts of a day, each in minutes since midnight. Comes from policy; design.md §5 gives the defaults. */
export interface DayParts {
  readonly 早上: readonly [number, number]
  readonly 上午: readonly [number, number]
  readonly 中午: readonly [number, number]
  readonly 下午: readonly [number, number]
  readonly 傍晚: readonly [number, number]
  readonly 晚上: readonly [number, number]
}

export const defaultDayParts: DayParts = {
  早上: [420, 600],
  上午: [480, 720],
  中午: [690, 810],
  下午: [810, 1080],
  傍晚: [1020, 1140],
  晚上: [1080, 1260],
}

export type PartName = keyof DayParts | '凌晨' | '全天'

/** Words for a part of day, in the order they are tried. 早 and 晚 alone only before an hour or after 今/明. */
export const partWords: readonly (readonly [RegExp, PartName])[] = [
  [/(?:一?大)?早上|早晨|清晨|一大?早(?!点)|(?<=[今明昨天])早(?!点|一点)/y, '早上'],
  [/上午|(?<=[今明昨天])上午/y, '上午'],
  [/中午|正午|晌午/y, '中午'],
  [/下午|午后/y, '下午'],
  [/傍晚/y, '傍晚'],
  [/晚上|晚间|夜里|夜间|(?<=[今明昨天])晚(?!点|一点)/y, '晚上'],
  [/凌晨|半夜/y, '凌晨'],
  [/全天|整天|一天(?=都)|白天/y, '全天'],
  [/早(?=\s*(?:\d{1,2}|[二两三四五六七八九十]+)\s*(?:点|:))/y, '早上'],
  [/晚(?=\s*(?:\d{1,2}|[二两三四五六七八九十]+)\s*(?:点|:))/y, '晚上'],
]

/** An hour as it was said, before the part of day decides which of two it is. */
export interface Hour {
  hour: number
  minute: number
  /** 08:30: a clock of 24 hours. */
  padded: boolean
  /** 三四点: the hour after it ends the span. */
  until?: number
  /** 10点多. */
  vague?: boolean
}

const cnHour = '(?:二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])'
const cnMinute = '(?:[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])'
const amount = '(?!\\d|\\s*(?:块|元|号|个|台|单))'
const oneO = '(?<![有好快慢早晚差大小多少高低远近一])'
const told = '(?=\\s*(?:钟|整|半|[一三13]刻|\\d|左右|前|以前|之前|以后|之后|后|多|到|至|来|-|~|[,，。;!?]|$))'

const sharp = new RegExp(
  `(?<![\\d.])(\\d{1,2}|${cnHour})(?:点|(?<!小)时(?!间|候|不|段))(?!击|位|名|评|餐|火|燃)(?:钟|整)?(?:(半)|([一二三123])刻钟?|(\\d{2})分?${amount}|(\\d)分(?!钟)|(${cnMinute})分?(?!钟|块|元|个|号|台|单))?(多|来钟|许)?钟?`,
  'y',
)
const few = /([一二两三四五六七八九]|十)([二三四五六七八九十]|十?[一二])点钟?/y
const colon = /(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2})?(?![\d:])/y
const dotted = /(?<![\d.])(\d{1,2})\.([0-5]\d)(?![\d.]|\s*(?:元|块|匹|米))/y
const bare = /(?<![\d.])(\d{1,2})(?![\d.:]|\s*(?:号|日|月|元|块|个|台|楼|栋|单))/y
const bareBefore =
  /(?<![\d.])(\d{1,2}|[一二两三四五六七八九]|十[一二]?)(?=\s*(?:-|~|到|至)\s*(?:\d{1,2}|[一二两三四五六七八九]|十[一二]?)(?:点|时))/y
const onePoint = new RegExp(`${oneO}一点${told}`, 'y')

const at = (pattern: RegExp, text: string, start: number): RegExpExecArray | null => {
  pattern.lastIndex = start
  return pattern.exec(text)
}

/**
 * The hour that begins at `start`, and where it ends. `loose` allows what only a day or a part of day before it makes
 * a time: 上午9-11, 明天9.30.
 */
export function readHour(text: string, start: number, loose: boolean): { end: number; hour: Hour } | undefined {
  const found = (match: RegExpExecArray, hour: Hour) =>
    hour.hour <= 24 && hour.minute < 60 ? { end: start + match[0].length, hour } : undefined
  const pair = at(few, text, start)
  if (pair) {
    const [from, to] = [readNumber(pair[1] ?? ''), readNumber(pair[2] ?? '')]
    if (from !== undefined && to === from + 1)
      return found(pair, { hour: from, minute: 0, padded: false, until: to, vague: true })
  }
  const clock = at(colon, text, start)
  if (clock) {
    const padded = clock[1]?.startsWith('0') ?? false
    return found(clock, { hour: Number(clock[1]), minute: Number(clock[2]), padded })
  }
  const said = at(sharp, text, start)
  // 一点 is mostly "a little": only where it can be nothing else.
  if (said && (said[1] !== '一' || loose || said[0].length > 2 || at(onePoint, text, start))) {
    const hour = readNumber(said[1] ?? '')
    const minute = said[2]
      ? 30
      : said[3]
        ? 15 * (readNumber(said[3]) ?? 0)
        : (readNumber(said[4] ?? said[5] ?? said[6]?.replace(/^零/, '') ?? '') ?? 0)
    if (hour === undefined) return undefined
    return found(said, { hour, minute, padded: false, ...(said[7] ? { vague: true } : {}) })
  }
  const early = at(bareBefore, text, start)
  if (early) return found(early, { hour: readNumber(early[1] ?? '') ?? 99, minute: 0, padded: false })
  if (!loose) return undefined
  const point = at(dotted, text, start)
  if (point) return found(point, { hour: Number(point[1]), minute: Number(point[2]), padded: false })
  return undefined
}

/** A figure that is an hour only because another one is beside it: the 9 and the 11 of 上午9-11. */
export function readBareHour(text: string, start: number): { end: number; hour: Hour } | undefined {
  const match = at(bare, text, start)
  const hour = Number(match?.[1])
  return match && hour <= 24 ? { end: start + match[0].length, hour: { hour, minute: 0, padded: false } } : undefined
}

/** First and last hour that may stand after a part of day, on its own clock; `shift` is added to hours up to 12. */
const clockOf: Record<PartName, { from: number; to: number }> = {
  凌晨: { from: 0, to: 6 },
  早上: { from: 4, to: 11 },
  上午: { from: 6, to: 12 },
  中午: { from: 11, to: 14 },
  下午: { from: 12, to: 23 },
  傍晚: { from: 16, to: 20 },
  晚上: { from: 17, to: 24 },
  全天: { from: 0, to: 24 },
}

/** Minutes since midnight, or a question. Bare 1–6 are afternoon, 8–12 as they are, 7 is asked (design.md §5). */
export function placeHour(part: PartName | undefined, { hour, minute, padded }: Hour): number | string {
  const both = `${hour}点${minute ? `${minute}分` : ''}`
  const asked = `${both}是上午还是下午（晚上）？请带上“上午”“下午”或“晚上”再说一次`
  if (part === undefined || part === '全天') {
    if (hour > 12 || hour === 0) return hour * 60 + minute
    if (padded) return hour >= 7 ? hour * 60 + minute : asked
    if (hour === 7) return asked
    return (hour <= 6 ? hour + 12 : hour) * 60 + minute
  }
  const { from, to } = clockOf[part]
  const noon = part === '凌晨' && hour === 12 ? 0 : hour
  for (const candidate of [noon, noon + 12]) {
    if (candidate >= from && candidate <= to && !(part === '晚上' && candidate === 12)) return candidate * 60 + minute
  }
  return `${part}${both}听起来不对，请说清楚是几点`
}

/** Minutes of a range's second end, which takes its part of day from the first: 下午5点-7点, 11点到1点. */
export function placeEnd(after: number, { hour, minute }: Hour): number | undefined {
  const shifts = hour <= 12 ? [0, 12, 24] : [0, 24]
  return shifts.map(shift => (hour + shift) * 60 + minute).find(minutes => minutes > after)
}

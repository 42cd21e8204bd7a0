import type { Grade } from '../intent.ts'

/**
 * How content a customer is, from what the desk typed after 回访. A plain word is a plain grade (满意 4, 不满意 2), a strong
 * one the end of its side (很满意 5, 很不满意 1), a weak one the other side's plain grade (不太满意 2). `ask` when the words
 * speak of two sides, ask a question, or deny in a way that is not known here: nothing is guessed.
 */
export type ReadGrade = Grade | 'ask' | undefined

const very = '(?:非常|十分|万分|很|特别|相当|极其?|极为|超级?|太|最|百分百|完全)'
const fairly = '(?:比较|挺|蛮|还算?|都|也|基本上?|总体|整体)'
const not = '(?:不|没有?|未)'
const hardly =
  '(?:不(?:太|大|怎么|那么|够|甚|算|是)|没(?:有)?(?:那么|多么?)?|谈不上|说不上|称不上|算不上|难以|无法|不能|不敢|并不)'

/** Found anywhere; tried where a sentence is read from left to right, the first that fits counts. */
const anywhere: ReadonlyArray<readonly [RegExp, Grade | 'ask']> = [
  // Questions, wishes, and denials of a denial.
  [
    /满不满意|满意不满意|(?:是否|是不是|有没有)[^,，。;；]{0,4}满意|满意度?(?=\s*(?:吗|么|嘛|没有?(?:$|[?？])|与否|[?？]))/,
    'ask',
  ],
  [
    new RegExp(
      `(?:不是|没(?:有)?|并非|不算|谈不上|说不上|不能说)(?:很|太|什么|任何|特别|怎么|哪里)?(?:的)?不满|${not}(?:表示|表态|说|讲|觉得|感到|感觉|评价|回答)[^,，。;；\\s]{0,4}满意|(?:才|就|希望|争取|保证|尽量|如果|要是|下次|才会|直到)[^,，。;；\\s]{0,6}满意`,
    ),
    'ask',
  ],
  [new RegExp(`${very}(?:的|地)?不满(?:意)?|极不满意?|满腹(?:牢骚|怨气)|(?:强烈|严重)(?:的)?不满(?:意)?`), 1],
  [new RegExp(`${hardly}${very}?(?:的)?满意|(?:有(?:些|点)|比较|略|稍微?)?(?:的)?不满(?:意)?(?!分|足)`), 2],
  [new RegExp(`${very}(?:的|地)?满意|满意(?:极了|得很)|百分之?百满意|满分|(?<![\\d.])(?:100|一百)分`), 5],
  [/勉强(?:还)?(?:算)?满意/, 3],
  [new RegExp(`${fairly}{0,2}(?:的)?满意`), 4],
  [/(?:强烈)差评/, 1],
  [/差评/, 2],
  [/中评/, 3],
  [/好评/, 4],
]

/** A whole piece of a sentence: 挺好 is a grade, 挺好用 is not. */
const pieces: ReadonlyArray<readonly [RegExp, Grade]> = [
  [/^(?:非常|特别|太|超级?|相当|很|真)好|^好(?:极了|得很)|^(?:很|非常|真)?(?:棒|赞)|^完美|^没(?:得|话)说/, 5],
  [/^(?:挺|蛮|都|还)好|^(?:挺|蛮|很|真|非常|还)?不错/, 4],
  [/^一般(?:般)?|^(?:还|也)(?:行|可以|凑合)|^(?:凑合|马马虎虎|普通|中等|过得去|说得过去|就那样|不好不坏)/, 3],
  [
    /^(?:很|非常|太|特别|极|真|十分)(?:差|糟糕?|烂|恶劣|失望|生气|气愤)劲?|^(?:差|糟|烂)(?:极了|透了|得很)|^(?:很|非常|太)不(?:好|行)|^恶劣/,
    1,
  ],
  [
    /^不(?:太|怎么|大|是很|够)?(?:好|行|理想)|^(?:比较|有点|有些|较|挺)?(?:差|糟糕?|失望)劲?|^不(?:咋|怎么)(?:地|的|样)/,
    2,
  ],
]

const subject =
  '(?:客户|用户|业主|顾客|对方|他|她|人家|说|讲|表示|觉得|感觉|认为|反映|评价|打分|结果|对|师傅|技术员|服务|态度|维修|安装|质量|效果|活儿?|整体|总体|总的|来说|上|的|都|也|是|给|[:：])'
const tail = '(?:的|了|吧|哈|啊|呢|哦|噢|呀|嘛)*'

const digits: Readonly<Record<string, Grade>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5 }
/** 5分, 五星好评, 打了4分; not 5分钟, 晚到5分 or 三星电视. */
const points =
  /(?<![\d.晚迟早到等差超过第十零点:：])(?<!晚了|迟了|早了|等了|差了|超了|过了)([1-5一二两三四五])\s*(?:颗)?\s*[星分](?=(?:的|了|吧|哈|啊|呢)*(?:$|[\s,，.。;；、!！)）]|[好中差]评|满意|不满))/g

/** Words that have a 不 or 没 in them and deny nothing of the grade. */
const harmless =
  /没(?:有)?(?:什么|任何|啥)?(?:问题|毛病|故障|收费|意见|乱收费|得说|话说|说的|迟到|异议|投诉)|无(?:问题|异议|故障)|不(?:错|贵|收费|漏水?|响|卡)|差不多/g

/** What is said of one call is short; nobody's grade stands behind so much. */
const longest = 300

export function readGrade(words: string): ReadGrade {
  const text = words
    .slice(0, longest)
    .replace(/满意(?:度|率|程度)(?:调查|回访|打分|评分)?(?!\s*(?:吗|么|嘛|[?？]))/g, ' ')
  const marks = [...text.matchAll(points)].flatMap(([, digit = '']): Grade[] => {
    const grade = digits[digit] ?? Number(digit)
    return isGrade(grade) ? [grade] : []
  })
  const said = [...inText(text), ...inPieces(text)]
  const all = [...marks, ...said]
  const [first] = all
  if (first === undefined) return undefined
  if (all.includes('ask') || new Set(all.map(side)).size > 1) return 'ask'
  if (new Set(marks).size > 1) return 'ask'
  return first
}

/** Whether the words are nothing but the grade's own name or its points: they need not be kept beside it. */
const isBareGrade = (words: string): boolean =>
  /^(?:非常满意|满意|一般|不满意|很不满意|[1-5一二三四五]\s*[分星])$/.test(words)

const isGrade = (value: number): value is Grade => [1, 2, 3, 4, 5].includes(value)

const side = (grade: Grade | 'ask'): string =>
  grade === 'ask' ? 'ask' : grade > 3 ? 'good' : grade < 3 ? 'bad' : 'fair'

function inText(text: string): Array<Grade | 'ask'> {
  const found: Array<Grade | 'ask'> = []
  let at = 0
  while (at < text.length) {
    const rest = text.slice(at)
    let nearest: { index: number; length: number; grade: Grade | 'ask' } | undefined
    for (const [pattern, grade] of anywhere) {
      const match = pattern.exec(rest)
      if (match && match[0] !== '' && (!nearest || match.index < nearest.index))
        nearest = { index: match.index, length: match[0].length, grade }
    }
    if (!nearest) return found
    // A denial before it that none of the patterns knows: 不见得满意, 没能让客户满意.
    const before = rest.slice(0, nearest.index).replace(harmless, '')
    const denied = nearest.grade !== 'ask' && /[不没未非别难][^,，。;；!！\s]{0,6}$/.test(before)
    found.push(denied ? 'ask' : nearest.grade)
    at += nearest.index + nearest.length
  }
  return found
}

function inPieces(text: string): Grade[] {
  return text.split(/[\s,，.。;；、!！~～]+/).flatMap((piece): Grade[] => {
    const bare = piece.replace(new RegExp(`^${subject}+`), '').replace(new RegExp(`${tail}$`), '')
    const known = pieces.find(([pattern]) => pattern.exec(bare)?.[0] === bare && bare !== '')
    return known ? [known[1]] : []
  })
}

const missed =
  /(?:没(?:有)?(?:打通|接通|人接|接|联系[上到]|回访[到上成])|打不通|无人(?:接|应答)|不接|拒接|挂断|挂了电话|占线|关机|停机|空号|无法接通|不在服务区|电话不通)(?:听|电话)?|(?:失败|不成功)(?=$|[\s,，。])/g
const bareMissed = new RegExp(`^(?:客户|用户|电话|手机|一直|都|还是|又|\\s)*(?:${missed.source})$`)
const answered = /(?<![没不未无法])(?:打通|接通|联系[上到]|接)了/
const complaint = /(?:客户|用户|业主|顾客|他|她|人家)?(?:说|反映|反应|讲|投诉|抱怨|表示)/

/** What came of a call: whether anybody was reached, how content he is, and what is worth keeping of the words. */
export function readCall(words: string): { reached: boolean; grade: ReadGrade } {
  const grade = readGrade(words)
  const last = [...words.slice(0, longest).matchAll(missed)].at(-1)
  if (grade !== undefined || !last) return { reached: true, grade }
  // 客户说师傅电话打不通 is what he said, and in 昨天没打通,今天打通了 he was reached in the end.
  const reached = complaint.test(words.slice(0, last.index)) || answered.test(words.slice(last.index + last[0].length))
  return { reached, grade }
}

/** Words that say no more than the result that was read from them. */
export const saysNoMore = (words: string): boolean => isBareGrade(words) || bareMissed.test(words)

import { describe, expect, it } from 'vitest'
import { readCall, readGrade } from '../../src/chat/grammar/grades.ts'

const table: ReadonlyArray<readonly [grade: ReturnType<typeof readGrade>, ...words: string[]]> = [
  [
    5,
    '非常满意',
    '很满意',
    '十分满意',
    '满意极了',
    '5分',
    '五星',
    '五星好评',
    '满分',
    '很好',
    '客户说师傅很好',
    '没问题很满意',
  ],
  [
    4,
    '满意',
    '客户满意',
    '满意度：满意',
    '挺满意',
    '比较满意',
    '基本满意',
    '还算满意',
    '挺好的',
    '不错',
    '好评',
    '打了4分',
  ],
  [4, '都挺满意的', '没收费，满意', '满意。下次还找你们', '就是价格有点贵，其他满意'],
  [3, '一般', '满意度一般', '还行', '一般般', '勉强满意', '中评', '给了三星', '凑合'],
  [2, '不满意', '不满', '不太满意', '不大满意', '不怎么满意', '不是很满意', '不是特别满意', '不够满意', '没那么满意'],
  [2, '谈不上满意', '有点不满', '差评', '不好', '不行', '态度不好', '不满意，空调还是不凉', '客户不太满意 觉得贵'],
  [
    1,
    '很不满意',
    '非常不满意',
    '特别的不满意',
    '极不满意',
    '强烈不满',
    '客户很不满',
    '1星',
    '太差了',
    '师傅态度很差',
    '很不好',
  ],
  // A question, a wish, a denial of a denial, a denial nobody foresaw, two sides: nothing is guessed.
  ['ask', '客户满意吗', '是否满意', '满不满意', '下次希望能满意', '修好了才满意', '没有不满意', '不是不满意'],
  ['ask', '没能让客户满意', '不见得满意', '客户没表示满意', '不能说满意', '不很满意'],
  ['ask', '服务满意，价格不满意', '以前不满意，现在满意了', '服务态度不好，活儿还行', '4分，不满意'],
  // Not about how content he is.
  [undefined, '', '师傅很热情', '空调不好用', '挺好用', '好的', '好了', '没打通', '10分', '晚了5分钟', '师傅晚到5分'],
  [undefined, '三星电视坏了', '5分钟就修好了', '2.5分', '第3分店'],
]

describe('how content a customer is', () => {
  it.each(table.flatMap(([grade, ...words]) => words.map(said => ({ said, grade }))))(
    '「$said」 is $grade',
    ({ said, grade }) => {
      expect(readGrade(said)).toBe(grade)
    },
  )

  it('never reads a plain grade as its opposite when a word of denial stands before it', () => {
    const denials = [
      '不',
      '没',
      '没有',
      '不是',
      '不太',
      '不怎么',
      '并不',
      '谈不上',
      '很难说',
      '不见得',
      '没能让客户',
      '未必',
    ]
    for (const no of denials)
      for (const before of ['', '客户', '回访了，客户', '这次'])
        for (const after of ['', '，', '。', ' 嫌贵', '的'])
          expect([1, 2, 'ask'], `${before}${no}满意${after}`).toContain(readGrade(`${before}${no}满意${after}`))
  })

  it('stays quick on whatever is typed', () => {
    const began = performance.now()
    for (const piece of ['满意', '不', '不是很', '没', '5分', '客户说', '非常的'])
      readGrade(piece.repeat(Math.floor(2_000 / piece.length)))
    expect(performance.now() - began).toBeLessThan(200)
  })
})

describe('whether anybody was reached', () => {
  it.each<[string, boolean]>([
    ['没打通', false],
    ['没人接', false],
    ['打了三次没人接', false],
    ['关机', false],
    ['客户拒接', false],
    ['不成功', false],
    ['昨天没打通，今天打通了', true],
    ['昨天没打通，今天还是没打通', false],
    ['客户说师傅电话打不通', true],
    ['第一次没人接，后来说满意', true],
    ['师傅很热情', true],
    ['', true],
  ])('「%s」: %s', (words, reached) => {
    expect(readCall(words).reached).toBe(reached)
  })
})

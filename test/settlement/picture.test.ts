import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawRanking, drawRankingPage, pagesOf, type RankingPicture } from '../../src/settlement/picture.ts'
import { layoutRanking } from '../../src/settlement/picturelayout.ts'
import type { Pen, Sheet, Words } from '../../src/settlement/picturemarks.ts'

type Person = RankingPicture['people'][number]

const person = (more: Partial<Person> = {}): Person => ({
  ...{ rank: 1, name: '张三', score: '1,280', share: 1, moved: null, ...more },
})
const ranking = (people: Person[], more: Partial<RankingPicture> = {}): RankingPicture => ({
  ...{ team: '一班', month: '2026-10', scoreName: '积分', footer: '按「默认规则」第 3 版计算', people },
  figures: [
    { label: '完成单数', value: '1,286' },
    { label: '投诉率', value: '1.9%', note: '目标 1.5%', tone: 'bad' },
  ],
  ...more,
})
const crew = (count: number) =>
  Array.from({ length: count }, (_, at) => person({ rank: at + 1, name: `第${at + 1}人` }))

/** A pen that needs no font: an em for what is Chinese, six tenths for the rest. */
const pen: Pen = {
  width: (text, size) => [...text].reduce((sum, char) => sum + size * (char > '\u2e80' ? 1 : 0.6), 0),
  shows: sign => !/\p{Extended_Pictographic}/u.test(sign),
}
const wordsOf = ({ marks }: Sheet) => marks.filter((mark): mark is Words => mark.kind === 'text')
const said = (sheet: Sheet) => wordsOf(sheet).map(({ text }) => text)
const leftOf = ({ x, drawn, align }: Words) => x - { left: 0, center: drawn / 2, right: drawn }[align]

/** Marks beyond the paper, and words written over others in their line. */
function faults(sheet: Sheet): object[] {
  const outside = sheet.marks.filter(mark => {
    const from = mark.kind === 'text' ? leftOf(mark) : mark.x
    const to = from + (mark.kind === 'text' ? mark.drawn : mark.width)
    return !(from >= 0 && to <= 1_080 && mark.y <= sheet.height)
  })
  const sorted = wordsOf(sheet).sort((a, b) => a.y - b.y || leftOf(a) - leftOf(b))
  const over = sorted.filter((mark, at) => {
    const next = sorted[at + 1]
    return next?.y === mark.y && leftOf(next) < leftOf(mark) + mark.drawn - 0.01
  })
  return [...outside, ...over]
}

describe('the layout of a ranking', () => {
  it('shows place, name, score, bar and change, the team’s figures, what it is and by which rules', () => {
    const people = [
      person({ moved: 2 }),
      person({ rank: 1, name: '李四', moved: -1, share: 0.5 }),
      person({ rank: 3, name: '王五', score: '-12.5', share: -1, moved: 'new' }),
      person({ rank: 4, name: '赵六', moved: 0 }),
    ]
    const [sheet, ...none] = layoutRanking(ranking(people), pen)
    expect(none).toEqual([])
    expect(said(sheet as Sheet)).toEqual([
      ...['一班 月度排名', '2026年10月', '完成单数', '1,286', '！投诉率', '1.9%', '目标 1.5%'],
      ...['名次', '姓名', '积分', '较上月'],
      ...[
        '1',
        '张三',
        '1,280',
        '▲2',
        '1',
        '李四',
        '1,280',
        '▼1',
        '3',
        '王五',
        '-12.5',
        '新',
        '4',
        '赵六',
        '1,280',
        '–',
      ],
      '按「默认规则」第 3 版计算',
    ])
    const bars = sheet?.marks.flatMap(mark => (mark.kind === 'rect' && mark.height === 10 ? [mark.width] : []))
    expect(bars).toEqual([716, 716, 716, 358, 716, 716, 716])
  })

  it.each([
    [0, [0]],
    [1, [1]],
    [12, [12]],
    [13, [7, 6]],
    [25, [9, 9, 7]],
  ])('spreads %i people evenly over pages', (count, expected) => {
    const sheets = layoutRanking(ranking(crew(count)), pen)
    expect(sheets.map(sheet => said(sheet).filter(words => /^第\d+人$/.test(words)).length)).toEqual(expected)
    expect(sheets.map(({ title }) => title)).toEqual(
      expected.map(
        (_, at) => `一班 2026年10月月度排名${expected.length > 1 ? `（${at + 1}/${expected.length}）` : ''}`,
      ),
    )
    if (count === 0) expect(said(sheets[0] as Sheet)).toContain('这个月没有人参加排名。')
  })

  it('puts a placeholder for what no font has, and lets nothing turn a line round or break it', () => {
    const name = '王👨‍👩‍👧五\n\u202e六\u0007'
    expect(said(layoutRanking(ranking([person({ name })]), pen)[0] as Sheet)).toContain('王〓五 六')
  })

  it('never leaves the paper nor writes one thing over another, whatever it is given', () => {
    const signs = [
      '张',
      '龘',
      'a',
      'W',
      '9',
      ',',
      '-',
      '（',
      ' ',
      '\n',
      '👨‍👩‍👧',
      '👍',
      '\u0301',
      '\u202e',
      '\u200d',
      '\ud800',
      '\0',
    ]
    const words = fc.array(fc.constantFrom(...signs), { maxLength: 40 }).map(parts => parts.join(''))
    const moved = fc.oneof(fc.integer({ min: -200, max: 200 }), fc.constant('new' as const), fc.constant(null))
    const people = fc.array(
      fc.record({ rank: fc.integer({ min: 1, max: 999 }), name: words, score: words, share: fc.double(), moved }),
      { maxLength: 30 },
    )
    const tone = fc.constantFrom('good' as const, 'bad' as const, 'plain' as const)
    const figures = fc.array(fc.record({ label: words, value: words, note: words, tone }), { maxLength: 5 })
    fc.assert(
      fc.property(people, figures, words, words, (some, shown, team, footer) => {
        expect(layoutRanking(ranking(some, { figures: shown, team, footer }), pen).flatMap(faults)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('a ranking as PNG', () => {
  const sizeOf = (png: Uint8Array) => {
    const bytes = Buffer.from(png)
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  }

  it('is 1080 wide, a page for every twelve, small enough for a webhook robot, the same each time, and says what it is', async () => {
    const data = ranking(crew(25))
    const pages = await drawRanking(data)
    expect(pages.map(sizeOf)).toEqual([
      [1080, 1548],
      [1080, 1236],
      [1080, 1036],
    ])
    expect(pagesOf(data)).toBe(3)
    for (const page of pages) expect(page.length).toBeLessThan(500_000)
    expect(Buffer.from(pages[0] ?? []).toString()).toContain('一班 2026年10月月度排名（1/3）')
    expect(Buffer.compare(await drawRankingPage(data, 1), pages[1] ?? Buffer.alloc(0))).toBe(0)
  })

  it('is drawn in a font that has the rare signs of names, and for the rest has a placeholder', async () => {
    const drawn = async (name: string) =>
      Buffer.from(await drawRankingPage(ranking([person({ name })]), 0)).toString('base64')
    const placeholder = await drawn('〓〓〓')
    expect((await drawn('\u{10fffd}'.repeat(3))) === placeholder).toBe(true)
    expect((await drawn('龘喆䶮')) === placeholder).toBe(false)
  })
})

import { figuresLayout } from './picturefigures.ts'
import { lines, type Mark, type Pen, paper, rect, type Sheet, text } from './picturemarks.ts'
import { movedWords, nobody, titleOf } from './picturewords.ts'

/** A team's month as a picture shows it. Never money: who earns what is nobody's business but his own. */
export interface RankingPicture {
  team: string
  /** `2026-10` */
  month: string
  /** At most four; more are left out. */
  figures: Array<{ label: string; value: string; note?: string; tone?: 'good' | 'bad' | 'plain' }>
  /** In their order; those who tie have the same rank. */
  people: Array<{
    rank: number
    name: string
    score: string
    /** Length of the bar, 0 to 1. */
    share: number
    /** Places up (or down, below zero) since last month; null when that is not known. */
    moved: number | 'new' | null
  }>
  /** What the score is called: 积分. */
  scoreName: string
  footer: string
}

export const perPage = 12
const footLeading = 42
const edge = 56
const right = paper.width - edge
const nameX = 156
const scoreRight = 872
const gap = 28
const headBase = 52
const headHeight = 76
const rowHeight = 100
const nameSize = 44

/** How many pages a ranking has: one even when nobody is ranked. */
export const pagesOf = ({ people }: RankingPicture): number => Math.max(1, Math.ceil(people.length / perPage))

/** Pages of at most twelve people, about as many on each, as marks to be painted. Pure: the same data and pen give the same marks. */
export function layoutRanking(data: RankingPicture, pen: Pen): Sheet[] {
  return Array.from({ length: pagesOf(data) }, (_, page) => layoutPage(data, page, pen))
}

export function layoutPage(data: RankingPicture, page: number, pen: Pen): Sheet {
  const pages = pagesOf(data)
  const head = header(data, page, pages, pen)
  const figures = page === 0 ? figuresLayout(data.figures, head.bottom, pen) : { marks: [], bottom: head.bottom }
  const top = figures.bottom
  const share = Math.ceil(data.people.length / pages)
  const people = data.people.slice(page * share, (page + 1) * share)
  const list =
    people.length > 0
      ? [...columnHeads(data.scoreName, top, pen), ...rows(people, top + headHeight, pen)]
      : [text(pen, { x: edge, y: top + 68, width: right - edge, size: 36, color: paper.second }, nobody)]
  const end = top + (people.length > 0 ? headHeight + people.length * rowHeight : 84)
  const look = { x: edge, y: end + 66, width: right - edge, size: 28, color: paper.second }
  const foot = lines(pen, look, data.footer, 2, footLeading)
  return {
    title: titleOf(data.team, data.month, page, pages),
    height: end + 108 + (foot.length - 1) * footLeading,
    marks: [...head.marks, ...figures.marks, ...list, ...foot],
  }
}

function header({ team, month }: RankingPicture, page: number, pages: number, pen: Pen) {
  const bottom = page === 0 ? 216 : 152
  const base = page === 0 ? 106 : 98
  const corner = pages > 1 ? `${page + 1} / ${pages}` : ''
  const cornerMark = corner
    ? text(pen, { x: right, y: base, width: 150, size: 40, color: paper.onBrandSoft, align: 'right' }, corner)
    : null
  const width = right - edge - (cornerMark ? pen.width(corner, 40, false) + gap : 0)
  const bold = true
  const [year = '', m = ''] = month.split('-')
  const when = `${year}年${Number(m)}月`
  const marks: Mark[] = [rect(0, 0, paper.width, bottom, paper.brand)]
  if (page === 0) {
    marks.push(text(pen, { x: edge, y: base, width, size: 64, color: paper.onBrand, bold }, `${team} 月度排名`))
    marks.push(text(pen, { x: edge, y: 174, width: right - edge, size: 40, color: paper.onBrandSoft }, when))
  } else
    marks.push(text(pen, { x: edge, y: base, width, size: 48, color: paper.onBrand, bold }, `${team} ${when}月度排名`))
  if (cornerMark) marks.push(cornerMark)
  return { marks, bottom }
}

function columnHeads(scoreName: string, top: number, pen: Pen): Mark[] {
  const y = top + headBase
  const look = { y, size: 30, color: paper.second }
  return [
    text(pen, { ...look, x: edge, width: nameX - edge }, '名次'),
    text(pen, { ...look, x: nameX, width: 300 }, '姓名'),
    text(pen, { ...look, x: scoreRight, width: 300, align: 'right' }, scoreName),
    text(pen, { ...look, x: right, width: right - scoreRight - gap, align: 'right' }, '较上月'),
    rect(edge, top + headHeight - 1, right - edge, 1, paper.line),
  ]
}

function rows(people: RankingPicture['people'], top: number, pen: Pen): Mark[] {
  return people.flatMap((person, at) => row(person, top + at * rowHeight, pen))
}

function row({ rank, name, score, share, moved }: RankingPicture['people'][number], top: number, pen: Pen): Mark[] {
  const base = top + 56
  const scoreMark = text(
    pen,
    { x: scoreRight, y: base, width: 400, size: nameSize, color: paper.ink, bold: true, align: 'right', least: 0.5 },
    score,
  )
  const nameWidth = scoreRight - scoreMark.drawn - gap - nameX
  const length = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))
  const barWidth = scoreRight - nameX
  const change = movedWords(moved)
  return [
    ...place(rank, top, pen),
    text(pen, { x: nameX, y: base, width: nameWidth, size: nameSize, color: paper.ink }, name),
    scoreMark,
    text(
      pen,
      {
        ...{ x: right, y: base, width: right - scoreRight - gap, size: 36, align: 'right' },
        ...{ color: paper[change.tone], bold: change.tone !== 'second' },
      },
      change.text,
    ),
    { kind: 'rect', x: nameX, y: top + 75, width: barWidth, height: 10, radius: 5, color: paper.track },
    ...(length > 0
      ? [
          {
            ...{ kind: 'rect' as const, x: nameX, y: top + 75, height: 10, radius: 5, color: paper.brand },
            width: Math.max(10, Math.round(barWidth * length)),
          },
        ]
      : []),
  ]
}

/** The first three stand out; everybody's place is a plain figure. */
function place(rank: number, top: number, pen: Pen): Mark[] {
  const onTop = rank >= 1 && rank <= 3
  const look = { x: edge + 36, y: top + 58, width: 84, size: 38, bold: true, align: 'center' as const }
  if (!onTop) return [text(pen, { ...look, color: paper.second }, String(rank))]
  return [
    { kind: 'rect', x: edge + 4, y: top + 12, width: 64, height: 64, radius: 32, color: paper.brand },
    text(pen, { ...look, color: paper.onBrand }, String(rank)),
  ]
}

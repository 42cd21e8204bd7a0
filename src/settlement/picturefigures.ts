import { type Mark, type Pen, paper, rect, text } from './picturemarks.ts'

interface Figure {
  label: string
  value: string
  note?: string
  tone?: 'good' | 'bad' | 'plain'
}

const edge = 56
const most = 4
const cellHeight = 212

/** The team's figures, large: side by side up to three, four in two rows. Ends with a line below. */
export function figuresLayout(all: readonly Figure[], top: number, pen: Pen): { marks: Mark[]; bottom: number } {
  const figures = all.slice(0, most)
  if (figures.length === 0) return { marks: [], bottom: top }
  const columns = figures.length === most ? 2 : figures.length
  const width = (paper.width - 2 * edge) / columns
  const lines = Math.ceil(figures.length / columns)
  const bottom = top + 16 + lines * cellHeight
  const marks = figures.flatMap((figure, at) => {
    const column = at % columns
    const y = top + 16 + Math.floor(at / columns) * cellHeight
    const x = edge + column * width
    return [
      ...(column > 0 ? [rect(x, y + 26, 1, cellHeight - 44, paper.line)] : []),
      ...cell(figure, column, x, y, width, pen),
    ]
  })
  return { marks: [...marks, rect(0, bottom + 8, paper.width, 12, paper.track)], bottom: bottom + 20 }
}

/** A good or bad figure says so by a sign before its name, not by its colour alone. */
function cell(
  { label, value, note, tone = 'plain' }: Figure,
  column: number,
  left: number,
  y: number,
  width: number,
  pen: Pen,
): Mark[] {
  const x = left + (column > 0 ? 32 : 0)
  const room = width - (column > 0 ? 32 : 0) - 24
  const color = tone === 'plain' ? paper.ink : paper[tone]
  const sign = { good: '✓ ', bad: '！', plain: '' }[tone]
  return [
    text(
      pen,
      { x, y: y + 50, width: room, size: 34, color: tone === 'plain' ? paper.second : color },
      `${sign}${label}`,
    ),
    text(pen, { x, y: y + 136, width: room, size: 80, color, bold: true, least: 0.4 }, value),
    ...(note ? [text(pen, { x, y: y + 184, width: room, size: 30, color: paper.second }, note)] : []),
  ]
}

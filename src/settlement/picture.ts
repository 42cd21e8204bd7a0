import type { createCanvas, SKRSContext2D } from '@napi-rs/canvas'
import { family, loadCanvas } from './picturefont.ts'
import { layoutPage, pagesOf, type RankingPicture } from './picturelayout.ts'
import { type Mark, type Pen, paper, type Sheet } from './picturemarks.ts'

export { pagesOf, type RankingPicture } from './picturelayout.ts'

type Create = typeof createCanvas

const mostKnown = 20_000
let pen: Pen | undefined

/**
 * A team's ranking as PNG pages, 1080 px wide, at most twelve people each. Any text is drawn somehow: what no font has is
 * a placeholder, what is too long is cut. Painting a page takes a few milliseconds of this thread; the tenth of a second
 * that packing it as a PNG takes is the thread pool's, so there is no worker.
 */
export async function drawRanking(data: RankingPicture): Promise<Uint8Array[]> {
  const pages: Uint8Array[] = []
  for (let page = 0; page < pagesOf(data); page++) pages.push(await drawRankingPage(data, page))
  return pages
}

/** One page of it, counted from 0: what one message of several needs. */
export async function drawRankingPage(data: RankingPicture, page: number): Promise<Uint8Array> {
  const { createCanvas: create } = await loadCanvas()
  pen ??= penOf(create)
  return paint(create, layoutPage(data, page, pen))
}

/** Marks as a PNG that carries its title. */
async function paint(create: Create, { title, height, marks }: Sheet): Promise<Uint8Array> {
  const canvas = create(paper.width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = paper.ground
  context.fillRect(0, 0, paper.width, height)
  for (const mark of marks) put(context, mark)
  return canvas.encode('png', { title })
}

function put(context: SKRSContext2D, mark: Mark): void {
  context.fillStyle = mark.color
  if (mark.kind === 'text') {
    context.font = fontOf(mark.size, mark.bold)
    context.textAlign = mark.align
    context.fillText(mark.text, mark.x, mark.y)
    return
  }
  context.beginPath()
  context.roundRect(mark.x, mark.y, mark.width, mark.height, mark.radius)
  context.fill()
}

const fontOf = (size: number, bold: boolean) => `${bold ? 700 : 400} ${size}px "${family}"`

/** Measures with the fonts as they are loaded. */
function penOf(create: Create): Pen {
  const context = create(1, 1).getContext('2d')
  const known = new Map<string, boolean>()
  const measure = (text: string, size: number, bold: boolean) => {
    context.font = fontOf(size, bold)
    return context.measureText(text)
  }
  return {
    width: (text, size, bold) => measure(text, size, bold).width,
    shows(sign) {
      const before = known.get(sign)
      if (before !== undefined) return before
      // What no font has is drawn as nothing: the fonts' own sign for it is empty.
      const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = measure(sign, 100, false)
      const shown = up + down > 0
      if (known.size < mostKnown) known.set(sign, shown)
      return shown
    },
  }
}

import { family, loadCanvas } from '../settlement/picturefont.ts'
import { qrOf } from './qr.ts'

export interface CodePicture {
  link: string
  /** Large, above the code. */
  title: string
  /** Below it, one line each, cut where they are too long. */
  lines: readonly string[]
}

const width = 720
const margin = 48
const ink = '#1F2329'

/** The code as a PNG, 720 px wide: pure black on white whatever the phone's mode, since it is read by a camera. */
export async function drawCode({ link, title, lines }: CodePicture): Promise<Uint8Array> {
  const { createCanvas } = await loadCanvas()
  const modules = qrOf(link)
  // Whole pixels: a module that is blurred at its edge is the first that a camera gets wrong.
  const size = Math.floor((width - margin) / modules.length)
  const code = size * modules.length
  const top = 120
  const height = top + code + 24 + lines.length * 44 + 24
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  context.fillStyle = '#FFFFFF'
  context.fillRect(0, 0, width, height)
  context.textAlign = 'center'
  context.fillStyle = '#0F766E'
  context.font = `700 44px "${family}"`
  context.fillText(title, width / 2, 84, width - margin)
  context.fillStyle = '#000000'
  const left = Math.floor((width - code) / 2)
  for (const [y, row] of modules.entries())
    for (const [x, dark] of row.entries()) if (dark) context.fillRect(left + x * size, top + y * size, size, size)
  context.fillStyle = ink
  context.font = `400 28px "${family}"`
  for (const [at, line] of lines.entries())
    context.fillText(cut(line), width / 2, top + code + 48 + at * 44, width - margin)
  return canvas.encode('png', { title })
}

const cut = (line: string): string => ([...line].length > 26 ? `${[...line].slice(0, 25).join('')}…` : line)

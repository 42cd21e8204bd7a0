/** What a picture is made of, before anything is painted. */

/** Colours of a picture on white paper; contrast at least 4.5, of large figures 3. */
export const paper = {
  width: 1080,
  ground: '#FFFFFF',
  ink: '#1F2329',
  second: '#646A73',
  line: '#DEE0E3',
  brand: '#0F766E',
  onBrand: '#FFFFFF',
  onBrandSoft: '#D5EDEA',
  track: '#E6EFEE',
  good: '#15803D',
  bad: '#C2261D',
} as const

export interface Box {
  kind: 'rect'
  x: number
  y: number
  width: number
  height: number
  radius: number
  color: string
}

/** `x` is where it begins, ends or has its middle, by `align`; `y` is its baseline. */
export interface Words {
  kind: 'text'
  x: number
  y: number
  text: string
  size: number
  bold: boolean
  color: string
  align: 'left' | 'right' | 'center'
  /** How wide it is as drawn. */
  drawn: number
}

export type Mark = Box | Words

export interface Sheet {
  /** What the page shows, for those who cannot see it. */
  title: string
  height: number
  marks: Mark[]
}

/** What is known of the fonts. */
export interface Pen {
  width(text: string, size: number, bold: boolean): number
  /** Some font at hand has this (a character, or several that are one sign). */
  shows(sign: string): boolean
}

export const rect = (x: number, y: number, width: number, height: number, color: string): Box => ({
  ...{ kind: 'rect', x, y, width, height, radius: 0, color },
})

interface Look {
  x: number
  y: number
  /** Room there is. */
  width: number
  size: number
  color: string
  bold?: boolean
  align?: Words['align']
  /** It is made smaller down to this part of its size before it is cut; 0.7 unless told. */
  least?: number
}

/** What stands for a sign no font has: 〓, as printers have it. */
const missing = '〓'
const signs = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** Words in one line that fit the room: smaller first, then cut, with `…`. */
export function text(pen: Pen, look: Look, words: string): Words {
  const { x, y, width, color, bold = false, align = 'left', least = 0.7 } = look
  const parts = readable(words, pen)
  const whole = parts.join('')
  const wide = pen.width(whole, look.size, bold)
  const room = Math.max(0, width)
  const size = wide <= room ? look.size : Math.max(look.size * least, Math.floor((look.size * room) / wide))
  const fitting = pen.width(whole, size, bold) <= room ? whole : cut(parts, room, part => pen.width(part, size, bold))
  return { kind: 'text', x, y, text: fitting, size, bold, color, align, drawn: pen.width(fitting, size, bold) }
}

/** Words in several lines, each as full as it goes; what does not fit the last is cut. */
export function lines(pen: Pen, look: Look, words: string, most: number, leading: number): Words[] {
  const parts = readable(words, pen)
  const found: Words[] = []
  while (parts.length > 0 && found.length < most - 1) {
    const size = pen.width(parts.join(''), look.size, look.bold ?? false)
    if (size <= look.width) break
    let count = 1
    while (pen.width(parts.slice(0, count + 1).join(''), look.size, look.bold ?? false) <= look.width) count++
    found.push(text(pen, { ...look, y: look.y + found.length * leading }, parts.splice(0, count).join('')))
  }
  return [...found, text(pen, { ...look, y: look.y + found.length * leading }, parts.join(''))]
}

/** As signs that can be drawn: nothing that breaks lines or turns them round, one placeholder for what no font has. */
function readable(words: string, pen: Pen): string[] {
  const clean = words
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  return [...signs.segment(clean)].flatMap(({ segment }) => {
    const sign = /^\p{Cf}+$/u.test(segment) ? '' : segment.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    if (sign === '') return []
    return [sign === ' ' || pen.shows(sign) ? sign : missing]
  })
}

function cut(parts: readonly string[], room: number, width: (text: string) => number): string {
  for (let kept = parts.length - 1; kept > 0; kept--) {
    const short = `${parts.slice(0, kept).join('').trimEnd()}…`
    if (width(short) <= room) return short
  }
  return width('…') <= room ? '…' : ''
}

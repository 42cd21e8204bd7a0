/** Strokes of a signature: pure. Points are CSS pixels of the pad, from its upper left corner. */

export interface Point {
  x: number
  y: number
}
export type Stroke = readonly Point[]

/** The paper to sign on, for whoever shows it. */
export interface Pad {
  isSigned(): boolean
  clear(): void
  /** The paper as it is seen, as PNG. @throws when the browser makes no picture */
  picture(): Promise<Blob>
}

/** A curve from where the one before ended, bent towards `by`. */
export interface Bend {
  by: Point
  to: Point
}

/** Points closer together than this are a trembling hand. */
const leastStep = 1.5
/** Less ink than this is a slip of the finger: a name is some hundred pixels of it, a tick some sixty. */
const leastInk = 100
const leastWidth = 40

const between = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

/** The stroke drawn on to a point; the same one when that is no step. */
export function drawnTo(stroke: Stroke, point: Point): Stroke {
  const last = stroke.at(-1)
  return last && between(last, point) < leastStep ? stroke : [...stroke, point]
}

/** The curves of a stroke: each bends at a point of the hand and ends half way to the next, so that there are no corners. */
export function curvesOf(stroke: Stroke): Bend[] {
  return stroke.slice(1).map((by, index) => {
    const next = stroke[index + 2]
    return { by, to: next ? middle(by, next) : by }
  })
}

const inkOf = (stroke: Stroke): number =>
  stroke.slice(1).reduce((sum, point, index) => sum + between(stroke[index] ?? point, point), 0)

/** Somebody wrote something, and did not just touch the glass. */
export function isSigned(strokes: readonly Stroke[]): boolean {
  const xs = strokes.flat().map(({ x }) => x)
  const width = xs.length === 0 ? 0 : Math.max(...xs) - Math.min(...xs)
  return width >= leastWidth && strokes.reduce((sum, stroke) => sum + inkOf(stroke), 0) >= leastInk
}

/** The strokes on a pad of another width, as after the phone was turned: as large as they fit, in the same proportions. */
export function fitted(strokes: readonly Stroke[], from: number, to: number): Stroke[] {
  const scale = from > 0 ? Math.min(1, to / from) : 1
  return strokes.map(stroke => stroke.map(({ x, y }) => ({ x: x * scale, y: y * scale })))
}

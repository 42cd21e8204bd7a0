import fc from 'fast-check'
import { expect, it } from 'vitest'
import { curvesOf, drawnTo, fitted, isSigned, type Point, type Stroke } from '../../src/web/m/signature/ink.ts'

const line = (from: Point, to: Point, steps = 10): Stroke =>
  Array.from({ length: steps + 1 }, (_, index) => ({
    x: from.x + ((to.x - from.x) * index) / steps,
    y: from.y + ((to.y - from.y) * index) / steps,
  }))

it('a touch, a tick and a stroke straight down are no signature; a name is', () => {
  expect(isSigned([])).toBe(false)
  expect(isSigned([[{ x: 10, y: 10 }]])).toBe(false)
  expect(isSigned([line({ x: 10, y: 10 }, { x: 50, y: 40 })])).toBe(false)
  expect(isSigned([line({ x: 10, y: 10 }, { x: 10, y: 180 })])).toBe(false)
  expect(isSigned([line({ x: 10, y: 10 }, { x: 50, y: 40 }), line({ x: 60, y: 40 }, { x: 110, y: 20 })])).toBe(true)
})

it('what only trembles adds no point', () => {
  const stroke = [{ x: 10, y: 10 }]
  expect(drawnTo(stroke, { x: 10.8, y: 10.8 })).toBe(stroke)
  expect(drawnTo(stroke, { x: 12, y: 10 })).toHaveLength(2)
  expect(drawnTo([], { x: 1, y: 1 })).toEqual([{ x: 1, y: 1 }])
})

const strokes = fc.array(fc.record({ x: fc.integer({ max: 358, min: 0 }), y: fc.integer({ max: 190, min: 0 }) }), {
  minLength: 2,
})

it('curves end where the hand ended, bend at its points, and never leave its box', () => {
  fc.assert(
    fc.property(strokes, stroke => {
      const curves = curvesOf(stroke)
      expect(curves.map(({ by }) => by)).toEqual(stroke.slice(1))
      expect(curves.at(-1)?.to).toEqual(stroke.at(-1))
      const [xs, ys] = [stroke.map(({ x }) => x), stroke.map(({ y }) => y)]
      for (const { to } of curves) {
        expect(to.x).toBeGreaterThanOrEqual(Math.min(...xs))
        expect(to.x).toBeLessThanOrEqual(Math.max(...xs))
        expect(to.y).toBeGreaterThanOrEqual(Math.min(...ys))
        expect(to.y).toBeLessThanOrEqual(Math.max(...ys))
      }
    }),
  )
})

it('on a narrower pad a signature is smaller and whole, on a wider one as it was', () => {
  fc.assert(
    fc.property(strokes, stroke => {
      for (const { x } of fitted([stroke], 358, 200).flat()) expect(x).toBeLessThanOrEqual(200)
      expect(fitted([stroke], 358, 700)).toEqual([stroke])
    }),
  )
})

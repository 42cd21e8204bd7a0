import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Life, mostLines, next, type Step } from '../../../src/platforms/dingtalk/stream/next.ts'

const lines = (...lives: Life[]) => lives.map((life, index) => ({ id: index + 1, life }))
const dial: Step = { do: 'dial' }
const rest: Step = { do: 'rest' }
const close = (id: number): Step => ({ do: 'close', id })
const wait = (ms: number): Step => ({ do: 'wait', ms })

describe('what to do next, by two connections', () => {
  const table: Array<[Life[], Step, Step]> = [
    // at once; while the next attempt has to wait 700 ms
    [[], dial, wait(700)],
    [['opening'], rest, rest],
    [['closing'], dial, wait(700)],
    [['up'], dial, wait(700)],
    [['leaving'], dial, wait(700)],
    [['up', 'up'], rest, rest],
    [['up', 'opening'], rest, rest],
    [['up', 'closing'], rest, rest],
    [['up', 'leaving'], close(2), close(2)],
    [['leaving', 'up'], close(1), close(1)],
    [['leaving', 'opening'], rest, rest],
    [['leaving', 'closing'], rest, rest],
    [['closing', 'closing'], rest, rest],
    [['leaving', 'leaving'], close(1), wait(700)],
  ]
  it.each(table)('%j', (lives, now, waiting) => {
    expect(next({ wanted: 2, lines: lines(...lives), waitMs: 0 })).toEqual(now)
    expect(next({ wanted: 2, lines: lines(...lives), waitMs: 700 })).toEqual(waiting)
  })
})

describe('what to do next, by one connection', () => {
  const table: Array<[Life[], Step]> = [
    [[], dial],
    [['up'], rest],
    [['leaving'], dial],
    [['leaving', 'opening'], rest],
    [['leaving', 'up'], close(1)],
    [['closing', 'up'], rest],
    [['leaving', 'leaving'], close(1)],
  ]
  it.each(table)('%j', (lives, step) => {
    expect(next({ wanted: 1, lines: lines(...lives), waitMs: 0 })).toEqual(step)
  })
})

describe('what to do next, by three connections', () => {
  const table: Array<[Life[], Step]> = [
    [['leaving', 'leaving', 'leaving'], close(1)],
    [['leaving', 'leaving', 'closing'], rest],
    [['leaving', 'leaving'], dial],
    [['leaving', 'up', 'leaving'], close(1)],
  ]
  it.each(table)('%j', (lives, step) => {
    expect(next({ wanted: 3, lines: lines(...lives), waitMs: 0 })).toEqual(step)
  })
})

/** A world that does to the connections what it likes, and what the decision makes of it. */
class World {
  lines: Array<{ id: number; life: Life }> = []
  waitMs = 0
  private last = 0

  constructor(private readonly wanted: number) {}

  act(): void {
    for (;;) {
      const step = next({ wanted: this.wanted, lines: this.lines, waitMs: this.waitMs })
      if (step.do === 'wait') expect(step.ms).toBe(this.waitMs)
      if (step.do === 'rest' || step.do === 'wait') return
      if (step.do === 'dial') {
        expect(this.waitMs).toBe(0)
        expect(this.of('opening')).toHaveLength(0)
        this.lines.push({ id: ++this.last, life: 'opening' })
      } else {
        const line = this.lines.find(({ id }) => id === step.id)
        if (line?.life !== 'leaving') throw new Error(`closed a connection that was ${line?.life}`)
        line.life = 'closing'
        expect(this.of('up', 'leaving').length, 'another one receives').toBeGreaterThan(0)
      }
      expect(this.lines.length).toBeLessThanOrEqual(mostLines(this.wanted))
    }
  }

  of(...lives: Life[]) {
    return this.lines.filter(({ life }) => lives.includes(life))
  }

  happens(event: 'opens' | 'fails' | 'leaves' | 'lost' | 'closed' | 'waited', which: number): void {
    const pick = (...lives: Life[]) => this.of(...lives)[which % Math.max(this.of(...lives).length, 1)]
    const drop = (line: { id: number } | undefined) => {
      this.lines = this.lines.filter(({ id }) => id !== line?.id)
    }
    const opening = this.of('opening')[0]
    if (event === 'opens' && opening) opening.life = 'up'
    if (event === 'fails' && opening) this.waitMs = 1_000
    if (event === 'fails') drop(opening)
    const up = pick('up')
    if (event === 'leaves' && up) up.life = 'leaving'
    if (event === 'lost') drop(pick('up', 'leaving'))
    if (event === 'closed') drop(pick('closing'))
    if (event === 'waited') this.waitMs = 0
  }
}

describe('whatever happens', () => {
  const events = fc.array(
    fc.tuple(fc.constantFrom('opens', 'fails', 'leaves', 'lost', 'closed', 'waited'), fc.nat(3)),
    { maxLength: 60 },
  )

  it('dials one at a time, stays within its sockets, closes no last one, and is back when the trouble is over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), events, (wanted, trouble) => {
        const world = new World(wanted)
        world.act()
        for (const [event, which] of trouble) {
          world.happens(event, which)
          world.act()
        }
        for (let round = 0; round < 20; round++) {
          for (const event of ['waited', 'opens', 'closed'] as const) {
            world.happens(event, 0)
            world.act()
          }
        }
        expect(world.lines.map(({ life }) => life)).toEqual(Array(wanted).fill('up'))
      }),
      { numRuns: 500 },
    )
  })
})

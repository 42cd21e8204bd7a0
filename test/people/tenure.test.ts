import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  entered,
  gone,
  joinedDay,
  posted,
  type Tenure,
  type TenureGiven,
  tenured,
  within,
} from '../../src/people/tenure.ts'
import { nameOf, numberOf } from '../../src/policy/days.ts'

/** `10-08..11-02 安装工` of 2026; without an end he is still there. */
function rows(...texts: string[]): Tenure[] {
  return texts.map(text => {
    const [, from = '', to, post] = /^(\S+?)\.\.(\d\S+)?(?: (.+))?$/.exec(text) ?? []
    return { post: post ?? null, from: `2026-${from}`, to: to ? `2026-${to}` : null }
  })
}

const told = (list: readonly Tenure[]): string[] =>
  list.map(({ post, from, to }) => `${from.slice(5)}..${to?.slice(5) ?? ''}${post ? ` ${post}` : ''}`)

const today = '2026-11-20'
const day = (text: string | undefined) => (text === undefined ? undefined : `2026-${text}`)

/** What is given to a person as he stands, on November 20. */
const given: ReadonlyArray<readonly [before: string[], what: TenureGiven, after: string[] | string]> = [
  [[], {}, ['11-20..']],
  [[], { joinedOn: '09-01', post: '安装工' }, ['09-01.. 安装工']],
  [[], { joinedOn: '12-01' }, ['12-01..']],
  [[], { joinedOn: '09-01', leftOn: '10-31', post: '安装工' }, ['09-01..10-31 安装工']],
  [['10-08.. 安装工'], {}, ['10-08.. 安装工']],
  // A first post has been his all along, another one begins today, a slip of the tongue is mended the same day.
  [['10-08..'], { post: '安装工' }, ['10-08.. 安装工']],
  [['10-08.. 安装工'], { post: '维修工' }, ['10-08..11-19 安装工', '11-20.. 维修工']],
  [['10-08..11-19 安装工', '11-20.. 维修工'], { post: '安装工' }, ['10-08.. 安装工']],
  [['10-08.. 安装工'], { post: null }, ['10-08..11-19 安装工', '11-20..']],
  // When he came is put right.
  [['10-08..11-04 安装工', '11-05.. 维修工'], { joinedOn: '09-01' }, ['09-01..11-04 安装工', '11-05.. 维修工']],
  [['10-08..11-04 安装工', '11-05.. 维修工'], { joinedOn: '11-10' }, ['11-10.. 维修工']],
  [['03-01..04-30 安装工', '10-08..'], { joinedOn: '10-01' }, ['03-01..04-30 安装工', '10-01..']],
  [['03-01..04-30 安装工', '10-08.. 安装工'], { joinedOn: '03-01' }, ['03-01.. 安装工']],
  // He left, was gone for a while, came back the day after.
  [['10-08.. 安装工'], { leftOn: '11-15' }, ['10-08..11-15 安装工']],
  [['10-08..11-15 安装工'], { leftOn: '11-18' }, ['10-08..11-18 安装工']],
  [['10-08..11-04 安装工', '11-05.. 维修工'], { leftOn: '10-31' }, ['10-08..10-31 安装工']],
  [['10-08..11-15 安装工'], {}, ['10-08..11-15 安装工', '11-20.. 安装工']],
  [['10-08..11-19 安装工'], {}, ['10-08.. 安装工']],
  [['10-08..11-15 安装工'], { post: '维修工', leftOn: '11-15' }, ['10-08..11-15 维修工']],
  // A file that says so at each start changes nothing more.
  [['09-01..10-31 安装工'], { joinedOn: '09-01', leftOn: '10-31', post: '安装工' }, ['09-01..10-31 安装工']],
  // Contradictions.
  [['10-08..'], { leftOn: '11-21' }, 'leftOn: must be today (2026-11-20) or earlier: give it once he has left'],
  [['10-08..'], { leftOn: '10-07' }, 'leftOn: lies before 2026-10-08, the day he joined'],
  [[], { joinedOn: '11-10', leftOn: '11-09' }, 'leftOn: lies before joinedOn, 2026-11-10'],
]

describe('somebody’s time in a team', () => {
  for (const [before, what, after] of given)
    it(`${before.join(', ') || 'none'} with ${JSON.stringify(what)} is ${String(after)}`, () => {
      const dated = { ...what, joinedOn: day(what.joinedOn), leftOn: day(what.leftOn) }
      const become = () => told(tenured(rows(...before), dated, today))
      if (typeof after === 'string') expect(become).toThrow(after)
      else expect(become()).toEqual(after)
    })

  it('that is over is put right and stays over', () => {
    const over = rows('10-08..11-15')
    expect(told(tenured(over, { post: '安装工' }, today, false))).toEqual(['10-08..11-15 安装工'])
    expect(told(tenured(over, { joinedOn: '2026-09-01' }, today, false))).toEqual(['09-01..11-15'])
    expect(() => tenured(over, { joinedOn: '2026-11-16' }, today, false)).toThrow(
      'after 2026-11-15, his last day there',
    )
    expect(() => tenured([], { post: '安装工' }, today, false)).toThrow('not in that team')
  })

  it('that came to its end before he was to begin is none', () => {
    expect(gone(rows('12-01..'), today)).toEqual([])
    expect(joinedDay(rows('03-01..04-30', '10-08..11-04 安装工', '11-05..'))).toBe('2026-10-08')
  })

  it('within a month is its part of it, with the post he ends with', () => {
    const own = rows('10-08..11-04 安装工', '11-05..11-10 维修工', '11-21.. 维修工')
    expect(within(own, '2026-11-01', '2026-11-30')).toEqual({
      ...{ post: '维修工', from: '2026-11-01', to: '2026-11-30', days: 20 },
      changes: [{ day: '2026-11-05', post: '维修工' }],
    })
    expect(within(own, '2026-10-01', '2026-10-31')).toMatchObject({ post: '安装工', from: '2026-10-08', days: 24 })
    expect(within(own, '2026-11-11', '2026-11-20')).toBeNull()
  })

  it('never overlaps itself, whatever comes about', () => {
    const days = fc.integer({ min: 0, max: 60 }).map(n => nameOf(numberOf('2026-10-01') + n))
    const step = fc.record({
      kind: fc.constantFrom('in', 'out', 'post'),
      day: days,
      post: fc.constantFrom('甲', '乙', null),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        let own: Tenure[] = []
        for (const { kind, day: on, post } of [...steps].sort((a, b) => a.day.localeCompare(b.day)))
          own = kind === 'in' ? entered(own, on) : kind === 'out' ? gone(own, on) : posted(own, post, on)
        own.forEach((row, index) => {
          expect(row.to === null || row.to >= row.from).toBe(true)
          const next = own[index + 1]
          if (next) expect(row.to !== null && row.to < next.from).toBe(true)
        })
      }),
      { numRuns: 200 },
    )
  })
})

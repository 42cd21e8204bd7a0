import { describe, expect, it } from 'vitest'
import { drawTable, isOver, markdownTable, type Row, ratio, tail } from '../../bench/table.ts'

const row = (more: Partial<Row>): Row => ({
  what: 'callbacks',
  size: '32 at once',
  database: 'postgres',
  median: 10,
  ...more,
})

describe('what the benchmark makes of what it measured', () => {
  it('takes percentiles by nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, nth) => 100 - nth)
    expect(tail(hundred)).toEqual({ median: 50, p95: 95, p99: 99, max: 100 })
    expect(tail([7])).toEqual({ median: 7, p95: 7, p99: 7, max: 7 })
    expect(() => tail([])).toThrow('nothing was measured')
  })

  it('compares round by round', () => {
    // The machine became ten times as slow in between: the ratio did not.
    expect(ratio([400, 40, 42], [1000, 100, 100])).toEqual({ median: 0.4, p95: 0.42, max: 0.42 })
  })

  it.each<[string, Partial<Row>, boolean]>([
    ['below what it must stay below', { limit: 11 }, false],
    ['at it', { limit: 10 }, true],
    ['at what it must reach', { least: 10 }, false],
    ['below it', { least: 10.1 }, true],
    ['judged by the 99th percentile', { limit: 50, judged: 'p99', p99: 60 }, true],
    ['judged by the median though the 99th is over', { limit: 50, p99: 60 }, false],
    ['no limit', {}, false],
  ])('says whether it is kept: %s', (_, more, over) => {
    expect(isOver(row(more))).toBe(over)
  })

  it('draws one table, for a shell and for a document', () => {
    const rows = [
      row({ median: 183.4, unit: '/s', least: 200, note: 'a | b' }),
      row({ p99: 9.5, limit: 100, judged: 'p99' }),
    ]
    expect(drawTable(rows).split('\n').slice(2)).toEqual([
      'callbacks  32 at once  postgres   183 /s                         ≥ 200 /s  OVER  a | b',
      'callbacks  32 at once  postgres  10.0 ms       9.50 ms       p99 < 100 ms    ok',
    ])
    expect(markdownTable(rows).split('\n').slice(2)).toEqual([
      '| callbacks | 32 at once | postgres | 183 /s |  |  |  | ≥ 200 /s | OVER | a \\| b |',
      '| callbacks | 32 at once | postgres | 10.0 ms |  | 9.50 ms |  | p99 < 100 ms | ok |  |',
    ])
  })
})

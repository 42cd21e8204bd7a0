import { execFile } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { settlementGrowth, settling } from '../../bench/settlement.ts'
import { drawTable, growth } from '../../bench/table.ts'

function bench(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise(done => {
    const env = { ...process.env, DATABASE_URL: '' }
    execFile(process.execPath, ['scripts/bench.mjs', ...args], { env }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, said: stdout + stderr })
    })
  })
}

describe('npm run bench', () => {
  it('measures a small company on the embedded database and prints its table', { timeout: 240_000 }, async () => {
    const { code, said } = await bench(
      ...['--only', 'clocks,sweep,settlement', '--orders', '100', '--technicians', '1', '--repeat', '10'],
    )
    const lines = said.split('\n')
    const measured = (what: RegExp) => lines.filter(line => what.test(line))
    expect(measured(/^measured +size +database +median +p95 +p99 +max +limit/), said).toHaveLength(1)
    expect(measured(/^clocks of an order, default +200 facts .* < 1 ms +(ok|OVER)$/)).toHaveLength(1)
    expect(measured(/^sweep, nothing due +100 +embedded .* < 5 ms +(ok|OVER)$/)).toHaveLength(1)
    expect(measured(/^sweep, 10 due +100 +embedded .* < 1000 ms +(ok|OVER)$/)).toHaveLength(1)
    expect(measured(/^a month settled, .* 1 × 150 +embedded .* < 5000 ms +(ok|OVER)$/)).toHaveLength(1)
    expect(measured(/^a payslip opened, .* 1 × 150 +embedded .* < 100 ms +(ok|OVER)$/)).toHaveLength(1)
    // On a machine that is busy with others a limit may be missed: then it says so, and ends with 1.
    expect(code).toBe(measured(/ OVER$/).length > 0 ? 1 : 0)
  })

  it('compares the largest size with the smallest, and says what is over its limit', () => {
    const row = (size: string, median: number) => ({ what: 'sweep', size, database: 'embedded', median, limit: 5 })
    const rows = [row('10', 2), row('100', 2.5), row('1,000', 4.2)]
    expect(drawTable([...rows, ...growth(rows), row('2', 5)]).split('\n')).toEqual([
      'measured        size  database   median  p95  p99  max   limit        remark',
      '--------  ----------  --------  -------  ---  ---  ---  ------  ----  ------',
      'sweep             10  embedded  2.00 ms                 < 5 ms    ok',
      'sweep            100  embedded  2.50 ms                 < 5 ms    ok',
      'sweep          1,000  embedded  4.20 ms                 < 5 ms    ok',
      'sweep     10 → 1,000  embedded   2.10 ×                  < 2 ×  OVER',
      'sweep              2  embedded  5.00 ms                 < 5 ms  OVER',
    ])
    expect(growth([row('10', 2)])).toEqual([])
    const month = (size: string, median: number) => ({ ...row(size, median), what: settling })
    expect(settlementGrowth([month('1', 3), row('2', 1), month('10', 27)])).toMatchObject([
      { size: '1 → 10', median: 9, limit: 12 },
    ])
  })

  it('says how it is used when it is asked for what it does not know', async () => {
    expect(await bench('--only', 'sleep')).toEqual({
      code: 2,
      said: expect.stringContaining('npm run bench -- [--only'),
    })
  })
})

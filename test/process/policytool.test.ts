import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function policy(...args: string[]): Promise<{ code: number; said: string }> {
  return new Promise(done => {
    execFile(process.execPath, ['scripts/policy.mjs', ...args], (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, said: stdout + stderr })
    })
  })
}

function written(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const shop = (within: string, due: string): string => `
name: shop
version: 1
clocks:
  - { kind: contact, start: dispatched, stop: contacted, within: ${within} }
  - { kind: complete, start: dispatched, stop: completed, within: 24h }
cases:
  - name: 两小时
    facts: ["2026-11-25 09:00 派单"]
    expect: [[联系, "${due}"]]
`

const dealer = (refund: string): string => `${shop('2h', '2026-11-25 11:00')}
returns:
  deformed: { gives: [换货, 维修] }
  insteadOfExchange: { sameModel: { depreciation: 1‰ } }
returnCases:
  - name: 开箱变形
    invoice: { date: 2026-11-03, price: "3299.00" }
    today: 2026-11-13
    deformed: true
    sameModel: true
    expect: { outcomes: [退货, 换货, 维修], refund: "${refund}" }
`

describe('npm run policy', () => {
  it('check says that a file is good, or which line and which case is not', async () => {
    const good = written('good.yaml', shop('2h', '2026-11-25 11:00'))
    const wrong = written('wrong.yaml', shop('2h', '2026-11-25 12:00'))
    const torn = written('torn.yaml', shop('soon', '2026-11-25 12:00'))
    const unread = written('unread.yaml', shop('2h', '2026-11-25 11:00').replace('09:00 派单', '09:00 睡觉'))
    expect(await policy('check', good)).toEqual({ code: 0, said: 'good.yaml: good (2 clocks, 1 case hold)\n' })
    const { code, said } = await policy('check', good, wrong, torn, unread, join(folder, 'none.yaml'))
    expect(code).toBe(1)
    expect(said.split('\n').slice(0, 4)).toEqual([
      'good.yaml: good (2 clocks, 1 case hold)',
      'wrong.yaml cases[0] 两小时: 联系: due 2026-11-25 11:00, not 2026-11-25 12:00',
      'torn.yaml:5 clocks[0].within: must be a duration like 30m, 2h, 1h30m or 3d, not "soon"',
      expect.stringContaining('unread.yaml cases[0] 两小时: "2026-11-25 09:00 睡觉" is no fact'),
    ])
    expect(said).toContain("none.yaml can't be read: ENOENT")
  })

  it('check notes which kinds of order have no time for completion: that is allowed, and may not have been meant', async () => {
    const hole = written(
      'hole.yaml',
      'name: hole\nversion: 1\nclocks: [{ kind: 完成, when: { kind: [维修, 投诉] }, start: 派单, stop: 完工, within: 1d }]',
    )
    expect(await policy('check', hole)).toEqual({
      code: 0,
      said: [
        'hole.yaml note: no complete clock for install (安装), revisit (回访): nobody is reminded to complete these; add a rule of kind complete if that is not meant',
        'hole.yaml: good (1 clock, no cases)\n',
      ].join('\n'),
    })
  })

  it('explain prints the arithmetic of the cases that are named', async () => {
    const file = written('explained.yaml', shop('2h', '2026-11-25 11:00'))
    const { code, said } = await policy('explain', file, '两小时')
    expect([code, said]).toEqual([0, expect.stringContaining('到期：今天 11:00 = 起点 + 2 小时')])
    expect(await policy('explain', file, '春节')).toEqual({
      code: 1,
      said: 'explained.yaml has no case named so: 春节\n',
    })
  })

  it('checks and explains the cases of returns as well', async () => {
    const good = written('dealer.yaml', dealer('3266.01'))
    const wrong = written('wrongdealer.yaml', dealer('3266.02'))
    expect(await policy('check', good)).toEqual({ code: 0, said: 'dealer.yaml: good (2 clocks, 2 cases hold)\n' })
    expect(await policy('check', wrong)).toEqual({
      code: 1,
      said: 'wrongdealer.yaml returnCases[0] 开箱变形: pays back 3266.01, not 3266.02\n',
    })
    const { code, said } = await policy('explain', good, '变形')
    expect([code, said]).toEqual([0, expect.stringContaining('3,299.00 × 1‰ × 10 天 = ¥32.99；退 ¥3,266.01')])
  })

  it('says how it is used when it is asked for nothing', async () => {
    expect(await policy()).toEqual({ code: 2, said: expect.stringContaining('npm run policy -- check FILE') })
  })
})

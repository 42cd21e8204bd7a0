import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'

const read = (lines: string) =>
  readPolicy(
    `name: shop
version: 1
clocks: [{ kind: complete, start: created, stop: completed, within: 24h }]
assign:
${lines}
`,
    'shop.yaml',
  )

describe('who gets an order', () => {
  it('is up to the dispatcher unless said otherwise, in English or in Chinese', () => {
    const usual = { mode: 'desk', hours: 'working', order: ['previous', 'area', 'nearby', 'load'], notAccepted: 'back' }
    expect(read('  {}').assign).toMatchObject({ ...usual, perDay: null, offerForMs: null, visitMs: 7_200_000 })
    const chinese = read(
      '  mode: 自动\n  hours: 任何时间\n  order: [手上, 去过]\n  notAccepted: 下一个\n  tries: 2',
    ).assign
    expect(chinese).toMatchObject({
      mode: 'auto',
      hours: 'always',
      order: ['load', 'previous'],
      notAccepted: 'next',
      tries: 2,
    })
  })

  it.each([
    ['  mode: 随便', /shop\.yaml:5 assign\.mode: must be one of desk \(派工员\), auto \(自动\), offer \(抢单\)/],
    ['  mode: auto\n  order: [load, area, load]', /shop\.yaml:6 assign\.order\[2\]: names load twice/],
    ['  tries: 4', /shop\.yaml:5 assign\.tries: needs `notAccepted: next`/],
    ['  notAccepted: next\n  tries: 1', /shop\.yaml:6 assign\.tries: /],
    ['  hours: always', /shop\.yaml:5 assign\.hours: is for `mode: auto`/],
    ['  offerFor: 0m', /shop\.yaml:5 assign\.offerFor: must be longer than nothing/],
    ['  perDay: 0', /shop\.yaml:5 assign\.perDay: /],
    ['  needs: [{ when: { kind: install } }]', /shop\.yaml:5 assign\.needs\[0\]\.skill: must name a skill/],
    ['  needs: [{ when: {}, skill: 安装 }]', /shop\.yaml:5 assign\.needs\[0\]\.when: has no condition/],
    ['  modus: auto', /shop\.yaml:5 assign.*modus/],
  ])('is refused with its line: %s', (lines, message) => {
    expect(() => read(lines)).toThrow(message)
  })
})

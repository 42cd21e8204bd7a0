import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'

const clocks = 'clocks:\n  - { kind: complete, start: created, stop: completed, within: 1d }\n'
const read = (revisit: string) => readPolicy(`name: test\nversion: 1\n${clocks}${revisit}`, 'test.yaml')

describe('the rule for customers’ own ratings', () => {
  it('has a usual form, and what a policy says instead, in Chinese, too', () => {
    const usual = { settles: false, prefer: 'customer', days: 30 }
    expect(read('').rating).toEqual({ ...usual, tags: ['准时', '态度好', '收费清楚', '没修好', '乱收费', '迟到'] })
    const own = read('revisit: { rating: { settles: true, prefer: 最后, days: 7, tags: [干净] } }')
    expect(own.rating).toEqual({ settles: true, prefer: 'latest', days: 7, tags: ['干净'] })
    // Saying how customers rate asks nobody to call them.
    expect(own.revisit).toBeNull()
    expect(read('revisit: { form: 5, rating: { prefer: desk } }')).toMatchObject({
      ...{ revisit: { form: 5 }, rating: { ...usual, prefer: 'desk' } },
    })
    expect(read('revisit: { rating: { tags: [] } }').rating.tags).toEqual([])
  })

  it.each([
    ['revisit: { rating: { settles: maybe } }', /test\.yaml:5 revisit\.rating\.settles: must be true or false/],
    [
      'revisit: { rating: { prefer: 经理 } }',
      /revisit\.rating\.prefer: must be one of customer \(客户\), desk \(派工员\)/,
    ],
    ['revisit: { rating: { days: 0 } }', /revisit\.rating\.days: must be a whole number of days from 1 to 180/],
    ['revisit: { rating: { tags: [准时, 准时] } }', /revisit\.rating\.tags\[1\]: is there twice/],
    ['revisit: { rating: { tags: [说不完的一个长标签] } }', /tags\[0\]: has no room on a phone: at most 8 characters/],
    ['revisit: { rating: { stars: 5 } }', /revisit\.rating\.stars: is no setting of this version/],
  ])('refuses %s', (revisit, message) => {
    expect(() => read(revisit)).toThrow(message)
  })
})

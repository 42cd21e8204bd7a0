import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { missingFor, sayMissing, sayPhotos } from '../../src/orders/evidence.ts'
import type { Fact, FactBody, OrderFields } from '../../src/orders/fact.ts'
import { evidenceRule } from '../../src/policy/evidencerule.ts'

const fields: OrderFields = {
  ...{ kind: 'repair', urgent: false, fault: '漏水', warranty: 'in' },
  ...{ customer: { name: '王女士', phone: '13800001234', address: '花园路38号' }, product: {} },
}
const journal = (...bodies: FactBody[]): Fact[] =>
  bodies.map((body, index) => ({
    ...{ seq: index + 1, at: '2026-11-24T01:00:00.000Z', by: 'p-zhang', via: 'page' as const },
    ...body,
  }))
const photo = (of?: string): FactBody => ({ fact: 'photo', media: `m${of}`, ...(of && { of }) })
const { complete } = evidenceRule.parse({
  complete: [
    { when: { kind: 'install' }, photos: { min: 3, of: ['安装后', '铭牌'] } },
    { when: { warranty: 'in' }, photos: { min: 2, of: ['铭牌'] } },
  ],
})
const missing = (facts: Fact[], more: Partial<OrderFields> = {}) => {
  const found = missingFor(complete, { ...fields, ...more }, facts)
  return found && sayMissing(found)
}

describe('the customer’s signature', () => {
  const signed: FactBody = { fact: 'signed', media: 's', name: '王女士' }
  const { complete: rules } = evidenceRule.parse({
    complete: [{ when: { kind: 'install' }, photos: { min: 1, of: ['铭牌'] }, signature: true }, { signature: true }],
  })
  const lacks = (facts: Fact[], kind: OrderFields['kind']) => {
    const found = missingFor(rules, { ...fields, kind }, facts)
    return found && [sayMissing(found), sayPhotos(found), found.signature]
  }

  it('is asked for alone or with photos', () => {
    expect(lacks([], 'repair')).toEqual(['客户签字', null, true])
    expect(lacks([], 'install')).toEqual(['1 张照片（铭牌）、客户签字', '1 张照片（铭牌）', true])
    expect(lacks(journal(photo('铭牌')), 'install')).toEqual(['客户签字', null, true])
    expect(lacks(journal(signed), 'install')).toEqual(['1 张照片（铭牌）', '1 张照片（铭牌）', false])
    expect(lacks(journal(signed, photo('铭牌')), 'install')).toBeNull()
  })

  it('is no photo, and one that was taken back does not count', () => {
    expect(lacks(journal(photo(), photo()), 'repair')).toEqual(['客户签字', null, true])
    expect(lacks(journal(signed, { fact: 'undone', undoes: 1 }), 'repair')).toEqual(['客户签字', null, true])
  })
})

describe('what is missing before the work is done', () => {
  it('the first rule that fits says how many photos and of what', () => {
    expect(missing([])).toBe('2 张照片（铭牌）')
    expect(missing([], { kind: 'install' })).toBe('3 张照片（安装后、铭牌）')
    expect(missing([], { warranty: 'out' })).toBeNull()
  })

  it('a photo counts for what it shows, one from the chat for anything that is wanted', () => {
    expect(missing(journal(photo('铭牌')))).toBe('1 张照片')
    expect(missing(journal(photo('铭牌'), photo('铭牌')))).toBeNull()
    expect(missing(journal(photo(), photo()))).toBeNull()
    const twice = journal(photo('安装后'), photo('安装后'), photo('安装后'))
    expect(missing(twice, { kind: 'install' })).toBe('1 张照片（铭牌）')
  })

  it('no photo too many is ever asked for', () => {
    const some = fc.array(fc.constantFrom(undefined, '铭牌', '安装后', '外观'), { maxLength: 8 })
    fc.assert(
      fc.property(some, shown => {
        const facts = journal(...shown.map(photo))
        const left = missingFor(complete, { ...fields, kind: 'install' }, facts)
        const brought = [
          ...(left?.of ?? []),
          ...Array<undefined>(Math.max(0, (left?.photos ?? 0) - (left?.of.length ?? 0))),
        ]
        expect(
          missingFor(complete, { ...fields, kind: 'install' }, [...facts, ...journal(...brought.map(photo))]),
        ).toBeNull()
        expect(left?.photos ?? 0).toBeLessThanOrEqual(3)
      }),
    )
  })
})

it.each([
  [{ complete: [{ photos: { min: 0 } }] }, 'from 1 to 20'],
  [{ complete: [{ photos: { min: 1, of: ['前', '后'] } }] }, 'less than the 2 kinds'],
  [{ complete: [{ photos: { min: 2, of: ['前', '前'] } }] }, 'is there twice'],
  [{ complete: [{ photos: { min: 1 } }, { photos: { min: 2 } }] }, 'is never reached: complete[0]'],
  [{ complete: [{ when: { kind: 'repair' } }] }, 'asks for nothing'],
  [{ complete: [{ signature: false }] }, 'must be true'],
  [{ complete: [{ when: {}, photos: { min: 1 } }] }, 'has no condition'],
])('a rule that says nothing is refused: %j', (rule, why) => {
  expect(evidenceRule.safeParse(rule).error?.message).toContain(why)
})

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadPacks, readPolicy } from '../../src/policy/load.ts'

const clocks = 'clocks:\n  - { kind: complete, start: created, stop: completed, within: 1d }\n'
const read = (revisit: string) => readPolicy(`name: test\nversion: 1\n${clocks}${revisit}`, 'test.yaml').revisit

describe('the rule for calling back', () => {
  it('says how many completed orders there are to one form, or is not there', () => {
    expect(read('')).toBeNull()
    expect(read('revisit: { form: 5 }')).toEqual({ form: 5 })
    expect(read('revisit: { form: 1 }')).toEqual({ form: 1 })
  })

  it.each([
    ['revisit: { form: 0 }', /test\.yaml:5 revisit\.form: must be a whole number: one completed order in so many/],
    ['revisit: { form: 2.5 }', /test\.yaml:5 revisit\.form: must be a whole number/],
    ['revisit: { form: 101 }', /test\.yaml:5 revisit\.form: is more than 100/],
    ['revisit: {}', /test\.yaml:5 revisit\.form/],
    ['revisit: { form: 5, every: 3 }', /test\.yaml:5 revisit\.every: is no setting of this version/],
  ])('refuses %s', (revisit, message) => {
    expect(() => read(revisit)).toThrow(message)
  })

  it('is one in five for the appliance dealer (R1.11)', () => {
    const packs = loadPacks(fileURLToPath(new URL('../../src/policy/packs/', import.meta.url)))
    expect(packs.get('appliance-dealer')?.revisit).toEqual({ form: 5 })
  })
})

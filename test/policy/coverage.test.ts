import { expect, it } from 'vitest'
import { withoutCompletion } from '../../src/policy/coverage.ts'
import { loadPacks } from '../../src/policy/load.ts'
import { policyOf } from '../orders/journal.ts'

const complete = (when: string): string =>
  `  - { kind: complete, start: dispatched, stop: completed, within: 2h${when && `, when: { ${when} }`} }`

it.each([
  [[complete('')], []],
  [[complete('urgent: true')], []],
  [[complete('kind: repair')], ['install', 'complaint', 'revisit']],
  [[complete('kind: repair, zone: 东区'), complete('kind: [install, complaint]')], ['revisit']],
  [[complete('kind: repair'), complete('')], []],
  [
    ['  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'],
    ['install', 'repair', 'complaint', 'revisit'],
  ],
])('%j leave %j without a time for completion', (clocks, kinds) => {
  expect(withoutCompletion(policyOf(clocks.join('\n')))).toEqual(kinds)
})

it('the policy every team begins with gives every order one', () => {
  const policy = loadPacks('src/policy/packs').get('default')
  expect(policy && withoutCompletion(policy)).toEqual([])
})

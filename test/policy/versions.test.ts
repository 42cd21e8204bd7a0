import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { Policies } from '../../src/policy/versions.ts'
import { t } from '../orders/journal.ts'

const version = (number: number, effective?: string, zone = 'Asia/Shanghai'): Policy =>
  readPolicy(
    `name: a\nversion: ${number}\nzone: ${zone}\n${effective ? `effective: ${effective}\n` : ''}clocks:\n  - { kind: contact, start: dispatched, stop: contacted, within: 2h }`,
    'a.yaml',
  )

const policiesOf = (...all: Policy[]): Policies => {
  const policies = new Policies()
  for (const policy of all) policies.put(policy)
  return policies
}

describe('versions of a policy', () => {
  const policies = policiesOf(version(3, '2026-12-15'), version(1), version(2, '2026-12-01'))

  it.each([
    ['2026-06-01 00:00', 1],
    ['2026-11-30 23:59:59', 1],
    ['2026-12-01 00:00', 2],
    ['2026-12-14 23:59:59', 2],
    ['2026-12-15 00:00', 3],
    ['2030-01-01 00:00', 3],
  ])('at %s it is %i', (at, number) => {
    expect(policies.get('a', t(at))?.version).toBe(number)
  })

  it('come into force at midnight of their zone', () => {
    const urumqi = policiesOf(version(1), version(2, '2026-12-01', 'Asia/Urumqi'))
    expect(urumqi.get('a', t('2026-12-01 01:59'))?.version).toBe(1)
    expect(urumqi.get('a', t('2026-12-01 02:00'))?.version).toBe(2)
  })

  it('are the last one without a moment, and the first one before any', () => {
    expect(policies.get('a')?.version).toBe(3)
    expect(policiesOf(version(5, '2026-12-01')).get('a', t('2026-01-01 00:00'))?.version).toBe(5)
    expect([policies.get('b'), policies.keys()]).toEqual([undefined, ['a']])
  })

  it.each([
    [version(4), 'another file of the folder is also named a: give one of them `effective`'],
    [version(4, '2026-12-01'), 'another file of the folder has the a that is effective 2026-12-01'],
    [version(2, '2027-01-01'), 'version 2 of a does not follow the days'],
    [version(2, '2026-11-01'), 'version 2 of a does not follow the days'],
    [version(4, '2026-12-10'), 'version 4 of a does not follow the days'],
  ])('can’t be told apart or are out of order: %#', (policy, why) => {
    expect(policies.objection(policy)).toContain(why)
  })

  it('follow one another', () => {
    expect(policies.objection(version(4, '2027-01-01'))).toBeNull()
  })
})

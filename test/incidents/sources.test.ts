import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { missesOf, pick } from '../../src/incidents/misses.ts'
import type { Fact } from '../../src/orders/fact.ts'
import { playCase } from '../../src/orders/policycase.ts'
import { readPolicy } from '../../src/policy/load.ts'

const pack = (name: string) =>
  readPolicy(readFileSync(new URL(`../../src/policy/packs/${name}.yaml`, import.meta.url), 'utf8'), `${name}.yaml`)

/** The items proposed for somebody of a post. */
function proposed(
  name: string,
  kind: 'install' | 'repair' | 'complaint',
  post: string | null,
  facts: string[],
  more: Fact[] = [],
) {
  const policy = pack(name)
  const { facts: played, now } = playCase(policy, { name: '', order: { kind, urgent: false }, facts, expect: [] })
  const all = [...played, ...more.map((fact, index) => ({ ...fact, seq: played.length + 1 + index }))]
  return missesOf({ id: 'o', code: '1', facts: all }, policy, now).map(miss => pick(miss, post)?.item.name)
}

const leakAfter = (days: number): Fact[] => [
  {
    ...{ seq: 0, at: '2026-12-02T10:00:00.000Z', by: null, via: 'system' },
    ...{ fact: 'reworked', order: 'x', code: '2', why: 'leak', days },
  } as Fact,
]

it('a leak is of a new unit until 30 days after the install, then of the year (R9.6)', () => {
  const done = [
    '2026-11-02 08:50 开单',
    '2026-11-02 09:00 派单',
    '2026-11-02 09:30 已联系',
    '2026-11-02 15:00 完工',
    '2026-11-02 16:00 报单',
  ]
  expect(proposed('aircon-shop', 'install', '安装工', done, leakAfter(30))).toEqual(['新机漏'])
  expect(proposed('aircon-shop', 'install', '安装工', done, leakAfter(31))).toEqual(['装机漏'])
})

it('the dealer fines complaints that are handled late, and nothing else that is late (R10)', () => {
  const late = [
    '2026-11-02 09:00 开单',
    '2026-11-02 09:05 派单',
    '2026-11-02 09:06 接单',
    '2026-11-02 09:10 已联系',
    '2026-11-05 09:00:01 完工',
    '2026-11-05 10:00 报单',
  ]
  expect(proposed('appliance-dealer', 'complaint', null, late)).toEqual(['投诉没按时处理'])
  expect(proposed('appliance-dealer', 'repair', null, late)).toEqual([])
})

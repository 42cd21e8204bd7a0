import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { settingsChanged } from '../../src/policy/differ.ts'
import { faultWords } from '../../src/policy/faultwords.ts'
import { rawPolicy, readPolicy } from '../../src/policy/load.ts'
import { firstDay, mayTakeBack, nextVersion, stamped } from '../../src/policy/publish.ts'
import { Policies } from '../../src/policy/versions.ts'
import { t } from '../orders/journal.ts'

const zone = 'Asia/Shanghai'
const clocks = 'clocks:\n  - { kind: contact, start: dispatched, stop: contacted, within: 2h }\n'
const version = (number: number, effective?: string) =>
  readPolicy(
    `name: a\nversion: ${number}\nzone: ${zone}\n${effective ? `effective: ${effective}\n` : ''}${clocks}`,
    'a.yaml',
  )

describe('the first day of a new version', () => {
  it.each([
    ['2026-11-24 09:00', '2026-11-25'],
    ['2026-11-24 23:54', '2026-11-25'],
    // The other instances might not know of it at midnight.
    ['2026-11-24 23:56', '2026-11-26'],
  ])('at %s is %s', (at, day) => expect(firstDay(zone, t(at))).toBe(day))

  it('is that of its zone', () => expect(firstDay('Asia/Urumqi', t('2026-11-25 01:00'))).toBe('2026-11-25'))
})

describe('the number of a new version', () => {
  const next = (effective: string, used: number[] = [], at = '2026-11-24 09:00') => {
    try {
      return nextVersion([version(1), version(4, '2026-12-01')], used, { zone, effective, now: t(at) })
    } catch (error) {
      if (error instanceof Refusal) return error.code
      throw error
    }
  }
  it('follows all there are and were', () => expect([next('2026-12-02'), next('2026-12-02', [6])]).toEqual([5, 7]))
  it('is none for a day that is past, or before one that is there', () =>
    expect([next('2026-11-24'), next('2026-11-30'), next('2026-12-01')]).toEqual(['early', 'order', 'order']))
})

it('a text gets its number and day, and nothing else of it changes', () => {
  const text = `# 规矩\nname: a # 名字\nversion: 1\nzone: ${zone}\n${clocks}`
  const once = stamped(text, { version: 2, effective: '2026-12-01' })
  expect(once).toBe(text.replace('version: 1', 'version: 2\neffective: "2026-12-01"'))
  expect(stamped(once, { version: 3, effective: '2026-12-09' })).toBe(
    text.replace('version: 1', 'version: 3\neffective: "2026-12-09"'),
  )
  expect(() => stamped('{ name: a, version: 1 }', { version: 2, effective: '2026-12-01' })).toThrow('要单独写一行')
})

it('a version may be taken back until shortly before it is in force', () => {
  const policy = version(2, '2026-12-01')
  expect(
    [t('2026-11-30 23:54'), t('2026-11-30 23:55'), t('2026-12-02 00:00')].map(at => mayTakeBack(policy, at)),
  ).toEqual([true, false, false])
})

it('what is published stands beside files, before one of the same day, and goes when it is taken back', () => {
  const books = new Policies(zone)
  books.put(version(1))
  books.put(version(2, '2026-12-01'))
  const at = t('2026-12-05 00:00')
  expect(books.get('a', at)?.version).toBe(2)
  books.publish([version(3, '2026-12-01'), version(4, '2027-01-01'), { ...version(1), name: 'b' }])
  expect([books.get('a', at)?.version, books.get('a')?.version, books.keys()]).toEqual([3, 4, ['a', 'b']])
  books.publish([])
  expect([books.get('a', at)?.version, books.get('b'), books.keys()]).toEqual([2, undefined, ['a']])
})

describe('what two texts have not in common', () => {
  const changed = (before: string, after: string) =>
    settingsChanged(rawPolicy(before), rawPolicy(after)).map(one => `${one.where}：${one.before} → ${one.after}`)

  it('is told by the names of things, whatever their place', () => {
    expect(
      changed(
        'hours: ["08:00-12:00"]\npay: { items: [{ name: 甲, formula: 1 }, { name: 乙, formula: 2 }] }',
        'pay: { items: [{ name: 乙, formula: 3 }, { name: 甲, formula: 1 }, { name: 丙, formula: 4 }] }',
      ),
    ).toEqual([
      ...['上班时间：[08:00-12:00] → null', '工资 · 项目「乙」 · 公式：2 → 3'],
      ...['工资 · 项目「丙」：null → { name: 丙, formula: 4 }', '工资 · 项目 · 先后：甲、乙 → 乙、甲'],
    ])
  })

  it('tells rules of one kind apart by their place among their like', () => {
    const two = (second: string) => `clocks: [{ kind: complete, within: 4h }, { kind: complete, within: ${second} }]`
    expect(changed(two('8h'), two('6h'))).toEqual(['时限「完成时限 2」 · 时长：8h → 6h'])
  })

  it('is nothing of the same, and something of any other', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(settingsChanged(one, one)).toEqual([])
        const differ = settingsChanged({ x: one }, { x: other }).length > 0
        // Two values that are written alike are alike to people.
        if (differ) expect(JSON.stringify(one)).not.toBe(JSON.stringify(other))
      }),
    )
  })
})

it.each([
  ['is missing', '没有写，要补上'],
  [
    'must be a duration like 30m, 2h, 1h30m or 3d, not "2 hours"',
    '要写时长，比如 30m、2h、1h30m、3d，写的是「2 hours」',
  ],
  ['must be one of a (甲), b (乙)', '只能是其中一个：a (甲), b (乙)'],
  ['张三 罚款: is 300, not 280', '张三 罚款：算出来 300，例子写的是 280'],
  ['*a repeats what it is a part of', '*a 引用了它自己'],
  ['something nobody has words for', 'something nobody has words for'],
])('the fault %s is said as %s', (message, words) => expect(faultWords(message)).toBe(words))

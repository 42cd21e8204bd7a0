import { describe, expect, it } from 'vitest'
import { type Chosen, chooseItem, toldOf } from '../../src/incidents/choose.ts'
import { repeatsAmong } from '../../src/incidents/repeats.ts'
import { incidentsRule } from '../../src/policy/incidentrule.ts'

const rule = incidentsRule.parse({
  items: [
    { name: '未穿鞋套', words: ['鞋套没穿'], fine: '30.00' },
    { name: '未带鞋套', fine: '20.00' },
    { name: '未系安全带', for: ['安装工'], fine: '200.00', words: ['安全带'] },
    { name: '高处未系安全带', for: ['维修工'], fine: '500.00', words: ['安全带'] },
    { name: '私自收费', times: { of: '修理费', by: 5 } },
    { name: '损坏物品', fine: '50.00', compensates: true },
    { name: '表扬信', reward: '100.00', words: ['表扬'] },
  ],
})

const said = (chosen: Chosen): string => {
  if ('is' in chosen) return `${chosen.is.name}${chosen.note ? ` “${chosen.note}”` : ''}`
  if ('among' in chosen) return `among ${chosen.among.map(({ name }) => name).join(' ')}`
  if ('otherPost' in chosen) return `other post ${chosen.otherPost.name}`
  if ('otherWay' in chosen) return `other way ${chosen.otherWay.name}`
  return `near ${chosen.near[0]?.name}`
}

const cases: ReadonlyArray<readonly [rest: string, post: string | null, chosen: string, as?: 'penalty' | 'reward']> = [
  ['未穿鞋套', null, '未穿鞋套'],
  ['鞋套没穿 客户说的', null, '未穿鞋套 “客户说的”'],
  ['鞋套', null, 'among 未穿鞋套 未带鞋套'],
  ['未穿鞋套 未带鞋套', null, 'among 未穿鞋套 未带鞋套'],
  ['安全带', '安装工', '未系安全带'],
  ['安全带', '维修工', '高处未系安全带'],
  ['高处未系安全带', '维修工', '高处未系安全带'],
  ['安全带', null, 'other post 未系安全带'],
  ['表扬信', null, 'other way 表扬信'],
  ['表扬', null, '表扬信', 'reward'],
  ['未穿鞋套', null, 'other way 未穿鞋套', 'reward'],
  ['没穿鞋', null, 'near 未穿鞋套'],
  ['迟到', null, 'near 未穿鞋套'],
]

describe('the item that words mean', () => {
  it.each(cases.map(([rest, post, chosen, as]) => ({ rest, post, chosen, as: as ?? ('penalty' as const) })))(
    '$rest for $post: $chosen',
    ({ rest, post, chosen, as }) => expect(said(chooseItem(rule, { rest, as, post }))).toBe(chosen),
  )

  it('knows the sum it is reckoned from and the loss from how much it is', () => {
    const [, , , , times, damage] = rule.items
    const sums = (...all: Array<[string, number]>) => all.map(([label, fen]) => ({ label, fen }))
    const of = (item: typeof times, given: ReturnType<typeof sums>) =>
      item && toldOf(item, { as: 'penalty', sums: given }).told
    expect(of(times, sums(['私自收费修理费', 8_000]))).toEqual({ base: 8_000 })
    expect(of(times, sums(['', 8_000]))).toEqual({ fen: 8_000 })
    expect(of(damage, sums(['损坏物品', 5_000], ['损失', 20_000]))).toEqual({ fen: 5_000, loss: 20_000 })
    expect(times && toldOf(times, { as: 'penalty', points: 2, sums: [] }).told).toEqual({ points: -2 })
  })

  it('counts which one of its kind it is: in the month, in the year, ever; a proposal counts others that wait', () => {
    const others = [
      { day: '2026-11-03', state: 'confirmed' as const },
      { day: '2026-11-20', state: 'proposed' as const },
      { day: '2026-10-31', state: 'appealed' as const },
      { day: '2025-11-03', state: 'confirmed' as const },
      { day: '2026-11-04', state: 'dropped' as const },
    ]
    const counted = (expected: boolean) => {
      const nth = repeatsAmong(others, '2026-11-24', { expected })
      return [nth('month'), nth('year'), nth('ever')]
    }
    expect(counted(false)).toEqual([2, 3, 4])
    expect(counted(true)).toEqual([3, 4, 5])
  })
})

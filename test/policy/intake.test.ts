import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { checkCase } from '../../src/orders/policycase.ts'
import { routeNamed, routeOf } from '../../src/policy/complaintrule.ts'
import { isKeyCustomer } from '../../src/policy/keycustomerrule.ts'
import { loadPacks, readPolicy } from '../../src/policy/load.ts'
import type { Policy } from '../../src/policy/schema.ts'

const clock = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'

function read(rest: string, clocks = clock): Policy | string {
  try {
    return readPolicy(`name: x\nversion: 1\nclocks:\n${clocks}\n${rest}`, 'x.yaml')
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return error.message
  }
}

describe('the settings of intake', () => {
  it('are read with their defaults', () => {
    expect(read('')).toMatchObject({
      rework: null,
      leak: null,
      keyCustomers: null,
      complaints: [],
      suspend: { followUpDays: 1 },
    })
    const rest =
      'rework: { within: 30d }\nleak: { within: 1d, words: [漏] }\nsuspend: { followUp: 3d }\nkeyCustomers: { words: [局] }'
    expect(read(`${rest}\ncomplaints: [{ subject: 质量, to: 厂家 }]`)).toMatchObject({
      rework: { days: 30, sameFault: true },
      leak: { days: 1, words: ['漏'], installerMs: 86_400_000 },
      suspend: { followUpDays: 3 },
      keyCustomers: { words: ['局'] },
      complaints: [{ subject: '质量', words: [], to: '厂家' }],
    })
    expect(read('suspend: { followUp: none }')).toMatchObject({ suspend: { followUpDays: null } })
  })

  it.each([
    ['hours for days', 'rework: { within: 36h }', 'x.yaml:5 rework.within: must be whole days like 30d, not 36h'],
    ['no days at all', 'rework: { within: 0m }', 'x.yaml:5 rework.within: must be whole days like 30d, not 0m'],
    [
      'no duration',
      'rework: { within: soon }',
      'x.yaml:5 rework.within: must be a duration like 30m, 2h, 1h30m or 3d, not "soon"',
    ],
    [
      'a misspelt key',
      'rework: { within: 30d, same: true }',
      'x.yaml:5 rework.same: is no setting of this version: check its spelling',
    ],
    [
      'a leak without words',
      'leak: { within: 365d, words: [] }',
      'x.yaml:5 leak.words: is empty: name what counts as a leak',
    ],
    [
      'half a workday',
      'suspend: { followUp: 12h }',
      'x.yaml:5 suspend.followUp: must be whole workdays like 1d, not 12h',
    ],
    [
      'a followUp that is no time',
      'suspend: { followUp: later }',
      'x.yaml:5 suspend.followUp: must be a duration like 30m, 2h, 1h30m or 3d, not "later"',
    ],
    [
      'key customers by nothing',
      'keyCustomers: {}',
      'x.yaml:5 keyCustomers: marks nobody: give `words` or `overAmount`',
    ],
    [
      'an amount below nothing',
      'keyCustomers: { overAmount: -1 }',
      'x.yaml:5 keyCustomers.overAmount: must be an amount in yuan',
    ],
    [
      'one subject twice',
      'complaints:\n  - { subject: 质量, to: 厂家 }\n  - { subject: 质量, to: 市场部 }',
      'x.yaml:7 complaints[1].subject: is there twice',
    ],
    [
      'a subject that is too long for a button',
      'complaints: [{ subject: 产品的质量和功能不好, to: 厂家 }]',
      'x.yaml:5 complaints[0].subject: has no room on a button: at most 8 characters',
    ],
    [
      'more subjects than buttons',
      `complaints: [${[1, 2, 3, 4, 5, 6, 7].map(n => `{ subject: 第${n}, to: 厂家 }`).join(', ')}]`,
      'x.yaml:5 complaints: are more than a card has room for: at most 6',
    ],
  ])('%s is refused with its place', (_, rest, message) => {
    expect(read(rest)).toBe(message)
  })

  it('are asked for by the conditions that need them', () => {
    const when = (condition: string) =>
      `  - { kind: contact, start: dispatched, stop: contacted, within: 2h, when: { ${condition} } }`
    expect(read('', when('rework: true'))).toBe('x.yaml:4 clocks[0].when.rework: needs the section `rework`')
    expect(read('', when('leak: true'))).toBe('x.yaml:4 clocks[0].when.leak: needs the section `leak`')
    const both = 'rework: { within: 1d }\nleak: { within: 1d, words: [漏] }'
    expect(read(both, when('rework: true, leak: true'))).toBe(
      'x.yaml:4 clocks[0].when: wants rework and leak: an order is linked as one of them',
    )
    expect(read(both, when('rework: true'))).toMatchObject({ name: 'x' })
    expect(read(both, `${when('rework: true')}\n${when('rework: true, kind: repair')}`)).toContain('is never reached')
    expect(read(both, `${when('rework: true')}\n${when('leak: true')}`)).toMatchObject({ name: 'x' })
  })
})

const packs = loadPacks('src/policy/packs')
const pack = (name: string) => packs.get(name) as Policy

describe('where a complaint goes (R1.13)', () => {
  it.each([
    ['装上就不制冷，质量太差', '厂家'],
    ['师傅态度不好，还骂人', '市场部'],
    ['送货的时候磕碰了一个角', '物流部'],
    ['包装破了', '物流部'],
    ['约好了没人来', '市场部'],
    ['质量差，师傅态度也差', null],
    ['我要投诉', null],
  ])('%s → %s', (text, to) => {
    for (const name of ['default', 'appliance-dealer'])
      expect(routeOf(pack(name).complaints, { text })?.to ?? null).toBe(to)
  })

  const routes = [
    { subject: '产品质量', words: ['质量'], to: '厂家' },
    { subject: '使用功能', words: ['功能'], to: '厂家' },
    { subject: '服务态度', words: ['态度'], to: '市场部' },
  ]

  it('is one place for several subjects that go to it, the category before the words, or nowhere', () => {
    expect(routeOf(routes, { text: '质量和功能' })).toBe(routes[0])
    expect(routeOf(routes, { category: '服务态度', text: '质量和功能' })).toBe(routes[2])
    expect(routeOf(routes, { category: '功能类', text: '不好' })).toBe(routes[1])
    expect(routeOf([], { text: '质量' })).toBeNull()
  })

  it.each([
    ['市场部', 2],
    ['市场', 2],
    ['服务态度', 2],
    ['态度', 2],
    ['使用功能', 1],
    ['厂家', 0],
    ['财务部', null],
    ['', null],
    ['部', 2],
  ])('by name: %s', (said, index) => {
    expect(routeNamed(routes, said)).toBe(index === null ? null : routes[index])
  })
})

describe('key customers (R1.12)', () => {
  const rule = { words: ['局', '政府', '医院', '学校'], overAmount: 10_000 }

  it.each([
    ['市税务局', '花园路1号', true],
    ['王女士', '市第一人民医院门诊楼3楼', true],
    ['实验学校', '', true],
    ['区政府办公室', '', true],
    ['李先生', '建设路2号公安局3楼', true],
    ['王局', '花园路1号', false],
    ['王局长', '花园路1号', false],
    ['王女士', '教育局家属院5号楼', false],
    ['王女士', '人民医院对面2号楼', false],
    ['王女士', '医院路8号', false],
    ['王女士', '邮局旁边', false],
    ['王女士', '医院家属院，旁边是学校', true],
    ['王女士', '花园路1号', false],
  ])('%s, %s: %s', (name, address, expected) => {
    expect(isKeyCustomer(rule, { name, address })).toBe(expected)
  })

  it.each([
    ['9999.99', false],
    ['10000', true],
    ['10000.01', true],
    [undefined, false],
  ])('who bought for %s: %s', (price, expected) => {
    expect(isKeyCustomer(rule, { name: '王女士', address: '' }, price)).toBe(expected)
    expect(isKeyCustomer({ words: [] }, { name: '王女士', address: '' }, price)).toBe(false)
  })
})

describe.each(['aircon-shop', 'water-purifier'])('leaks in the pack %s (R9.5, R9.8)', name => {
  const policy = pack(name)
  const { leak } = policy
  if (!leak) throw new Error('it has the section')
  const unnoticed = (other: Policy) => other.cases.every(one => checkCase(other, one).length === 0)

  it('have a case for each word, and for the last day of the year', () => {
    const changed = [
      ...leak.words.map(word => ({ ...leak, words: leak.words.filter(each => each !== word) })),
      ...[1, -1].map(by => ({ ...leak, days: leak.days + by })),
    ]
    expect(changed.filter(each => unnoticed({ ...policy, leak: each }))).toEqual([])
    expect(leak).toMatchObject({ days: 365, installerMs: 86_400_000 })
  })
})

it('a water purifier has no refrigerant to leak (R9.8)', () => {
  expect(pack('water-purifier').leak?.words).not.toContain('漏氟')
})

import { describe, expect, it } from 'vitest'
import { boardOf } from '../../src/orders/board.ts'
import { clocksOf } from '../../src/orders/clocks.ts'
import { boardText, names, ownText } from '../../src/orders/digestWords.ts'
import type { Fact, FactBody, OrderFields } from '../../src/orders/fact.ts'
import { byPressure, endOfDay, glanceOf, street } from '../../src/orders/glance.ts'
import { replay } from '../../src/orders/order.ts'
import type { Scene } from '../../src/orders/scene.ts'
import { created, dispatched, fields, journal, plain, policyOf, span, t, zone } from './journal.ts'

/** Limits that an appointment does not replace. */
const strict = policyOf('  - { kind: complete, start: dispatched, stop: completed, within: 24h }')

function sceneOf(facts: Fact[], now: string, { code = '1024', policy = plain } = {}): Scene {
  const order = {
    company: 'main',
    id: code,
    code,
    teamId: 'one',
    team: '一班',
    policy: 'test',
    facts,
    view: replay(facts),
  }
  const nameOf = (id: string) => ({ zhang: '张三', li: '李四' })[id] ?? id
  return { order, clocks: clocksOf(facts, policy, t(now)), now: t(now), zone, nameOf }
}

const order = (more: Array<[string, FactBody]> = [], over: Partial<OrderFields> = {}): Fact[] =>
  journal(['25 09:00', created(over)], ['25 09:00', dispatched()], ['25 09:05', { fact: 'accepted' }], ...more)

const agreed = (...times: [string, string?]): [string, FactBody] => [
  '25 09:10',
  { fact: 'contacted', appointment: span(...times) },
]
const suspended = (expected?: string): [string, FactBody] => [
  '25 10:00',
  { fact: 'suspended', reason: 'parts', note: '等电容和主板一起到', ...(expected && { expected: span(expected) }) },
]

const line = (facts: Fact[], now: string, policy = plain): string | undefined =>
  ownText('digest', [glanceOf(sceneOf(facts, now, { policy }))], 0).split('\n')[1]

describe('one order at one glance', () => {
  it.each([
    ['a limit', order(), '25 09:30', plain, '11:00 前联系 张女士 花园路 不制冷 1024'],
    ['past due', order(), '25 12:12', plain, '🔴联系超时 1 小时 12 分'],
    ['an appointment', order([agreed('25 14:00')]), '25 10:00', plain, '14:00 张女士 花园路 不制冷 1024'],
    ['part of a day', order([agreed('25 14:00', '25 16:00')]), '25 10:00', plain, '14:00–16:00 张女士'],
    ['an appointment that began', order([agreed('25 14:00', '25 16:00')]), '25 15:00', plain, '14:00–16:00 张女士'],
    ['agreed for another day', order([agreed('27 10:00')]), '25 10:00', plain, '后天 10:00 张女士'],
    ['a limit of today counts more', order([agreed('27 10:00')]), '26 08:30', strict, '09:00 前完成 张女士'],
    ['a limit of another day', order([['25 09:10', { fact: 'contacted' }]]), '25 09:30', plain, '明天 09:00 前完成'],
    ['an appointment that is over', order([agreed('25 14:00')]), '26 08:30', strict, '09:00 前完成 张女士'],
    ['suspended', order([agreed('25 14:00'), suspended()]), '25 12:00', plain, '挂起：等电容和主板… 张女士'],
    ['suspended till', order([suspended('27 09:00')]), '25 10:30', strict, '挂起，预计 后天 09:00 张女士'],
    ['what was expected', order([suspended('25 16:00')]), '25 16:00', strict, '⏳ 配件该到了（预计 16:00） 张女士'],
    ['still expected', order([suspended('25 16:00')]), '25 15:59', strict, '挂起，预计 16:00 张女士'],
    ['expected in vain', order([suspended('25 16:00')]), '26 08:30', strict, '⏳ 配件该到了（预计 昨天 16:00） 张女士'],
    [
      'no limit at all',
      order([['25 09:10', { fact: 'contacted' }]]),
      '25 09:30',
      policyOf('  - { kind: dispatch, start: created, stop: dispatched, within: 1h }'),
      '张女士 花园路 不制冷 1024',
    ],
  ] as const)('%s', (_, facts, now, policy, words) => {
    expect(line(facts, now, policy)?.replace('🔴 ', '🔴')).toMatch(new RegExp(`^${words}`))
  })

  it('marks what is urgent and who is a key customer, and shortens a long fault', () => {
    const customer = { ...fields().customer, key: true }
    expect(line(order([], { urgent: true, customer, fault: '外机异响\n而且完全不制冷' }), '25 09:30')).toBe(
      '🟠⭐ 11:00 前联系 张女士 花园路 外机异响 而且完… 1024',
    )
  })

  it('comes late first, then by appointment, then by limit; what may wait comes last, what is urgent before its equals', () => {
    const scenes = [
      sceneOf(order([suspended()]), '25 12:00', { code: 'suspended', policy: strict }),
      sceneOf(order([['25 09:10', { fact: 'contacted' }]]), '25 12:00', { code: 'due' }),
      sceneOf(order([['25 09:10', { fact: 'contacted' }]], { urgent: true }), '25 12:00', { code: 'urgent' }),
      sceneOf(order([agreed('25 16:00')]), '25 12:00', { code: '16:00' }),
      sceneOf(order([agreed('27 08:00')]), '25 12:00', { code: 'another day' }),
      sceneOf(order([agreed('25 14:00')]), '25 12:00', { code: '14:00' }),
      sceneOf(order(), '25 12:00', { code: 'late' }),
    ]
    const sorted = scenes.map(glanceOf).sort(byPressure)
    expect(sorted.map(({ scene }) => scene.order.code)).toEqual([
      ...['late', '14:00', '16:00', 'urgent', 'due', 'another day', 'suspended'],
    ])
  })

  it('ends its day at midnight, also when clocks on walls are put forward or back', () => {
    const end = (now: string, where: string) => endOfDay({ now: new Date(now), zone: where }).toISOString()
    expect(end('2026-11-25T15:59:59.999Z', 'Asia/Shanghai')).toBe('2026-11-25T16:00:00.000Z')
    expect(end('2026-11-25T16:00:00Z', 'Asia/Shanghai')).toBe('2026-11-26T16:00:00.000Z')
    expect(end('2026-03-29T00:30:00Z', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
    expect(end('2026-10-25T00:30:00Z', 'Europe/Berlin')).toBe('2026-10-25T23:00:00.000Z')
  })
})

describe('a street', () => {
  it.each([
    ['金水区花园路38号院5号楼2单元1801', '花园路'],
    ['河南省郑州市金水区经三路15号', '经三路'],
    ['郑州市二七区大学路街道康桥花园3-2-1', '大学路'],
    ['中牟县青年路与人民路交叉口', '青年路'],
    ['中牟县韩寺镇大李庄村12组', '大李庄'],
    ['阳光小区3号楼2单元', '阳光小区'],
    ['万科城市花园4号楼', '万科城'],
    ['郑州大学第一附属医院', '郑州大学第一附属医院'],
    ['花园路 1 号', '花园路'],
    ['花园路１号', '花园路'],
    ['第五大街10号', '第五大街'],
    ['南门口那家店对面二楼', '南门口那家店'],
    ['3号楼1801', ''],
    ['', ''],
  ])('of %s is %s', (address, expected) => {
    expect(street(address)).toBe(expected)
  })
})

describe('a technician’s list', () => {
  const many = (count: number, facts = order(), now = '25 10:00') =>
    Array.from({ length: count }, (_, index) => glanceOf(sceneOf(facts, now, { code: String(1001 + index) })))

  it('is cut after five lines', () => {
    expect(ownText('digest', many(5), 0).split('\n')).toHaveLength(6)
    expect(ownText('digest', many(7), 0).split('\n').slice(-2)).toEqual([
      '11:00 前联系 张女士 花园路 不制冷 1005',
      '…还有 2 单，回复「我的单」看全部',
    ])
  })

  it('is not sent when nothing is open, nor in the evening when everything has had its word', () => {
    for (const which of ['digest', 'evening'] as const) expect(ownText(which, [], 3)).toBe('')
    const waiting = [
      glanceOf(sceneOf(order([suspended()]), '25 17:30', { policy: strict })),
      ...many(1, order([agreed('27 10:00')])),
    ]
    expect(ownText('evening', waiting, 3)).toBe('')
    expect(ownText('digest', waiting, 0)).toMatch(/^🌅 今天没有到点的单，手上还有 2 单：\n/)
  })

  it('counts what the day holds, what is agreed, late, and what may wait', () => {
    const mixed = [
      ...many(2, order([agreed('25 14:00')])),
      ...many(1, order(), '25 12:00'),
      ...many(1),
      ...many(1, order([agreed('27 10:00')])),
    ]
    expect(ownText('digest', mixed, 0)).toMatch(/^🌅 今天 4 单，2 单有约，1 单已超时，另有 1 单可以等：\n/)
    expect(ownText('evening', mixed, 2)).toMatch(/^🌇 下班前还有 4 单没完（1 单已超时），今天完工 2 单：\n/)
  })

  it('holds in the morning what was expected and did not come', () => {
    const waiting = ['25 16:00', '27 09:00'].map(till =>
      glanceOf(sceneOf(order([suspended(till)]), '26 08:30', { policy: strict })),
    )
    expect(ownText('digest', waiting, 0).split('\n')).toEqual([
      '🌅 今天 1 单，另有 1 单可以等：',
      '⏳ 配件该到了（预计 昨天 16:00） 张女士 花园路 不制冷 1024',
      '挂起，预计 明天 09:00 张女士 花园路 不制冷 1024',
    ])
    expect(ownText('evening', waiting, 0)).toBe('')
    const board = boardOf(
      waiting.map(({ scene }) => scene),
      { working: [], resting: [] },
      { finished: 0, toRevisit: 0 },
    )
    expect(board.today.map(({ scene }) => scene.order.view.suspended?.expected?.from)).toEqual([span('25 16:00').from])
  })

  it('does not ask again for what is suspended, late or not', () => {
    const late = glanceOf(sceneOf(order([suspended()]), '25 17:30'))
    expect(late.pressure).toBe('late')
    expect(ownText('evening', [late], 0)).toBe('')
    expect(ownText('digest', [late], 0)).toContain('🔴')
  })

  it('may be read aloud: it names no door and no number but the code', () => {
    const customer = { name: '王女士', phone: '13800001234', address: '金水区花园路38号院5号楼2单元1801' }
    const glances = [glanceOf(sceneOf(order([], { customer }), '25 12:00'))]
    for (const which of ['digest', 'evening'] as const)
      expect(ownText(which, glances, 0)).not.toMatch(/38|5号楼|1801|1380/)
  })
})

describe('a board', () => {
  const crew = {
    working: [
      { id: 'li', name: '李四' },
      { id: 'zhang', name: '张三' },
    ],
    resting: [],
  }
  const counts = { finished: 2, toRevisit: 0 }
  const scenes = (count: number, now: string, facts = order()) =>
    Array.from({ length: count }, (_, index) => sceneOf(facts, now, { code: String(1001 + index) }))

  it('cuts each of its lists, and shows more to who asks', () => {
    const board = boardOf(
      [...scenes(7, '25 12:00'), ...scenes(12, '25 12:00', order([agreed('25 14:00')]))],
      crew,
      counts,
    )
    const pushed = boardText(board, '一班', { head: 'digest', masked: false }).split('\n')
    expect(pushed[0]).toBe('🌅 早上好，一班今天有 19 单（7 单已超时）：')
    expect(pushed).toContain('…还有 2 单，回复「超时单」看更多')
    expect(pushed).toContain('…还有 7 单')
    const asked = boardText(board, '一班', { head: 'asked', masked: false }).split('\n')
    expect(asked).toContain('…还有 2 单')
    expect(Buffer.byteLength(asked.join('\n'))).toBeLessThan(2048)
  })

  it('counts by state in the order of an order’s life, and names who has most first', () => {
    const board = boardOf(
      [
        ...scenes(1, '25 10:00', order([suspended()])),
        ...scenes(2, '25 10:00', order([['25 09:30', { fact: 'arrived' }]])),
        ...scenes(1, '25 10:00', journal(['25 09:00', created()])),
        ...scenes(1, '25 10:00', journal(['25 09:00', created()], ['25 09:00', dispatched('li')])),
      ],
      { ...crew, resting: [{ id: 'wu', name: '王五' }] },
      { finished: 0, toRevisit: 4 },
    )
    const lines = boardText(board, '一班', { head: 'evening', masked: false }).split('\n')
    expect(lines[1]).toBe('待派 1 · 待接 1 · 在修 2 · 挂起 1')
    expect(lines.slice(-3)).toEqual(['手上：张三 3 单 · 李四 1 单', '今天休息：王五', '待回访 4 单'])
    expect(boardOf([], crew, counts)).toMatchObject({ open: 0, free: ['李四', '张三'], load: [] })
  })

  it('says how many it does not list, and masks customers where others read along', () => {
    const later = [
      ...scenes(3, '25 10:00', order([agreed('27 10:00')])),
      ...scenes(1, '25 10:00', order([['25 09:10', { fact: 'contacted' }]])),
    ]
    const board = boardOf([...scenes(1, '25 10:00'), ...later], crew, counts)
    const named = { ...fields().customer, name: '王小明' }
    const group = boardOf(scenes(1, '25 10:00', order([], { customer: named })), crew, counts)
    expect(boardText(group, '一班', { head: 'asked', masked: true })).toContain('1001 王** 不制冷（张三）')
    const text = boardText(board, '一班', { head: 'asked', masked: false })
    expect(text).toContain('今天到点：\n11:00 前联系 1001 张女士 不制冷（张三）\n另有 4 单今天不到点。')
    expect(boardText(boardOf([], crew, counts), '一班', { head: 'asked', masked: false })).toBe(
      '今天完工 2 单，进行中 0 单。\n空着：李四 · 张三',
    )
  })

  it('counts going along as work in hand', () => {
    const facts = order([['25 09:10', { fact: 'joined', person: 'li' }]])
    const board = boardOf(scenes(2, '25 10:00', facts), crew, counts)
    expect(board).toMatchObject({ open: 2, free: [], load: [{ orders: 2 }, { orders: 2 }] })
  })

  it('names so many people and counts the others', () => {
    expect(names(['甲', '乙', '丙'], 2)).toBe('甲 · 乙 …还有 1 人')
    expect(names(['甲', '乙'], 2)).toBe('甲 · 乙')
  })
})

import { describe, expect, it } from 'vitest'
import { clocksOf } from '../../src/orders/clocks.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { lateText, listLine, mineText, waitingLine } from '../../src/orders/listwords.ts'
import { replay } from '../../src/orders/order.ts'
import type { Scene } from '../../src/orders/scene.ts'
import { created, dispatched, fields, journal, plain, span, t, zone } from './journal.ts'

const names: Record<string, string> = { zhang: '欧阳张三丰·阿卜杜勒热合曼', li: '李四' }

function sceneOf(facts: Fact[], now: string, code: string): Scene {
  const order = {
    ...{ company: 'main', id: code, code, teamId: 'one', team: '一班', policy: 'test', facts, view: replay(facts) },
  }
  const nameOf = (id: string) => names[id] ?? id
  return { order, clocks: clocksOf(facts, plain, t(now)), now: t(now), zone, nameOf }
}

/** As long as names, faults and times get. */
const long = (to: string, ...more: Array<[string, FactBody]>): Fact[] =>
  journal(
    [
      '25 09:00',
      created({
        customer: { ...fields().customer, name: '郑州市金水区第一附属实验小学后勤处' },
        fault: '外机异响特别大而且完全不制冷，楼下邻居天天投诉，请务必今天到',
        urgent: true,
      }),
    ],
    ['25 09:00', dispatched(to)],
    ['25 09:05', { fact: 'accepted' }],
    ['25 09:10', { fact: 'contacted', appointment: span('25 14:00', '25 16:00') }],
    ...more,
  )

const many = (count: number, to = 'zhang'): Scene[] =>
  Array.from({ length: count }, (_, index) => sceneOf(long(to), '29 18:00', String(100_001 + index)))

const bytes = (text: string): number => Buffer.byteLength(text)

describe('lists somebody asks for', () => {
  it('fit a message of either platform and say how many more there are', () => {
    for (const text of [
      mineText(many(40), [], { masked: false }),
      mineText(many(40), many(12, 'li'), { masked: false }),
      mineText([], many(40, 'li'), { masked: false }),
      lateText([...many(30), ...many(20, 'li')], { masked: false }),
    ])
      expect(bytes(text)).toBeLessThanOrEqual(2048)
    const mine = mineText(many(40), many(12, 'li'), { masked: false }).split('\n')
    const own = mine.findIndex(line => line.startsWith('…'))
    expect(mine[own]).toBe(`…还有 ${40 - (own - 1)} 张`)
    expect(mine[own + 1]).toBe('协助 12 张：')
    expect(mine.slice(-1)).toEqual(['…还有 9 张'])
    expect(mine.filter(line => line.startsWith('协助 🔴'))).toHaveLength(3)
  })

  it('name all where there is room', () => {
    const short = (count: number) =>
      Array.from({ length: count }, (_, index) =>
        sceneOf(journal(['25 09:00', created()], ['25 09:00', dispatched('li')]), '25 09:10', String(1001 + index)),
      )
    expect(mineText(short(10), short(3), { masked: false })).not.toContain('…')
    expect(lateText(short(10), { masked: false })).not.toContain('…')
    expect(lateText(short(11), { masked: false }).split('\n').at(-1)).toBe('…还有 1 单：李四 1')
    expect(lateText([], { masked: false })).toBe('现在没有超时的单。')
    expect(mineText([], [], { masked: false })).toMatch(/^你现在没有进行中的单/)
    expect(mineText([], short(1), { masked: false })).toMatch(
      /^协助 1 张：\n协助 1001 张女士 · 不制冷 · 待接单（李四）/,
    )
  })

  it('say whose the late orders are that they do not name', () => {
    const text = lateText([...many(30), ...many(20, 'li')], { masked: false }).split('\n')
    const shown = text.length - 2
    expect(text[0]).toBe('超时 50 单：')
    expect(text.at(-1)).toBe(`…还有 ${50 - shown} 单：${names.zhang} ${30 - shown} · 李四 20`)
  })

  it('shorten what is long, and name no customer in full where others read along', () => {
    const scene = sceneOf(long('li'), '25 12:00', '1024')
    expect(listLine(scene, { masked: false })).toBe(
      '🟠 1024 郑州市金水区第一… · 外机异响特别大而且完全不制冷，楼… · 待上门（李四） · 约 今天 14:00–16:00 · 完成还剩 4 小时',
    )
    expect(listLine(scene, { masked: true })).toContain('1024 郑** · ')
    const done = long('li', ['25 15:00', { fact: 'completed', result: '好了' }])
    expect(waitingLine(sceneOf(done, '25 16:00', '1024'), { masked: true })).toBe(
      '1024 郑** · 外机异响特别大而且完全不制冷，楼… · 李四 今天 15:00 完工',
    )
  })
})

import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { decide, type OrderCommand, type World } from '../../src/orders/decide.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'

const [zhang, li, zhao] = ['p-zhang', 'p-li', 'p-zhao']
const start = Date.parse('2026-11-24T01:00:00Z')
const fields = {
  kind: 'repair',
  urgent: false,
  customer: { name: '王女士', phone: '13800001234', address: '花园路38号' },
  product: {},
  fault: '不制冷',
} as const

/** A journal with one fact a minute, each by whoever would make it. */
function journal(...bodies: FactBody[]): Fact[] {
  return [{ fact: 'created', order: fields } as FactBody, ...bodies].map((body, index) => ({
    ...{ seq: index + 1, at: new Date(start + index * 60_000).toISOString(), via: 'text' as const },
    by: ['created', 'dispatched', 'offered', 'urged'].includes(body.fact) ? zhao : zhang,
    ...body,
  }))
}

function world(facts: readonly Fact[], by: string): World {
  const names: Record<string, string> = { [zhang]: '张三', [li]: '李四', [zhao]: '赵派工' }
  return {
    ...{ code: '1024', zone: 'Asia/Shanghai', undoWithinMs: 600_000, technicians: [zhang, li], obstacles: new Map() },
    actor: { id: by, roles: by === zhao ? ['dispatcher'] : ['technician'] },
    now: new Date(start + facts.length * 60_000),
    nameOf: id => names[id] ?? '?',
  }
}

function outcome(facts: Fact[], command: OrderCommand, by = zhang): string[] | string {
  try {
    return decide(facts, command, world(facts, by)).map(body => body.fact)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

const dispatched: FactBody = { fact: 'dispatched', to: zhang }
const accepted: FactBody = { fact: 'accepted' }
const contacted: FactBody = { fact: 'contacted' }
const arrived: FactBody = { fact: 'arrived' }
const soon = { from: new Date(start + 86_400_000), exact: true, words: '明天' }

describe('what happens to an order', () => {
  it.each<[string, FactBody[], OrderCommand, string[]]>([
    ['接单', [dispatched], { do: 'accept' }, ['accepted']],
    ['抢单: exactly the first gets it', [{ fact: 'offered' }], { do: 'accept' }, ['dispatched', 'accepted']],
    ['拒单 with a reason', [dispatched], { do: 'decline', reason: '在外地' }, ['declined']],
    ['已联系 without 接单 is both', [dispatched], { do: 'contacted' }, ['accepted', 'contacted']],
    ['联系不上', [dispatched, accepted], { do: 'unreachable' }, ['unreachable']],
    ['出发', [dispatched, accepted, contacted], { do: 'depart' }, ['departed']],
    ['到达 without 已联系 is both', [dispatched, accepted], { do: 'arrive' }, ['contacted', 'arrived']],
    ['到达 without anything is all', [dispatched], { do: 'arrive' }, ['accepted', 'contacted', 'arrived']],
    [
      '完工 without 到达 is both',
      [dispatched, accepted, contacted],
      { do: 'complete', result: '换电容', charge: '80' },
      ['arrived', 'completed'],
    ],
    ['挂起', [dispatched, accepted, contacted], { do: 'suspend', reason: 'parts', note: '等压缩机' }, ['suspended']],
    ['恢复', [dispatched, accepted, { fact: 'suspended', reason: 'parts', note: '' }], { do: 'resume' }, ['resumed']],
    [
      '到达 while suspended resumes',
      [dispatched, accepted, contacted, { fact: 'suspended', reason: 'parts', note: '' }],
      { do: 'arrive' },
      ['resumed', 'arrived'],
    ],
    [
      '改约',
      [dispatched, accepted, contacted],
      { do: 'reschedule', appointment: soon, reason: '客户没空' },
      ['appointed'],
    ],
    [
      '改约 says that the customer was reached',
      [dispatched, accepted],
      { do: 'reschedule', appointment: soon },
      ['contacted', 'appointed'],
    ],
    ['空单', [dispatched, accepted, contacted, arrived], { do: 'emptyRun' }, ['emptyRun']],
    ['求助', [dispatched, accepted], { do: 'askHelp' }, ['helpAsked']],
    ['能按时', [dispatched, accepted], { do: 'progress', answer: 'onTime' }, ['progress']],
    [
      '要晚 while suspended',
      [dispatched, accepted, { fact: 'suspended', reason: 'parts', note: '' }],
      { do: 'progress', answer: 'later', expected: soon },
      ['progress'],
    ],
    [
      '能按时 tapped twice is said once',
      [dispatched, accepted, { fact: 'progress', answer: 'onTime' }],
      { do: 'progress', answer: 'onTime' },
      [],
    ],
    [
      'another answer is another',
      [dispatched, accepted, { fact: 'progress', answer: 'onTime' }],
      { do: 'progress', answer: 'later' },
      ['progress'],
    ],
  ])('%s', (_, facts, command, expected) => {
    expect(outcome(journal(...facts), command)).toEqual(expected)
  })

  it.each<[string, FactBody[], OrderCommand, string[]]>([
    ['派 a new order', [], { do: 'assign', to: zhang }, ['dispatched']],
    ['改派 takes it from the other', [dispatched, accepted], { do: 'assign', to: li }, ['withdrawn', 'dispatched']],
    ['抢单', [], { do: 'offer' }, ['offered']],
    ['加急', [dispatched], { do: 'urge' }, ['urged']],
    ['取消', [dispatched], { do: 'cancel', reason: '客户不修了' }, ['cancelled']],
    ['确认联系不上', [dispatched, { fact: 'unreachable' }], { do: 'confirmUnreachable' }, ['unreachableConfirmed']],
    [
      '确认联系不上 of one who was reached since',
      [dispatched, { fact: 'unreachable' }, { fact: 'contacted' }],
      { do: 'confirmUnreachable' },
      ['unreachableConfirmed'],
    ],
    ['结单', [dispatched, { fact: 'completed', result: '' }], { do: 'close' }, ['closed']],
    ['退换, which changes nothing', [dispatched], { do: 'returns', said: { sheet: true } }, ['returnAsked']],
    ['退换 without a word more', [dispatched], { do: 'returns', said: {} }, []],
    [
      '退换 of what is closed',
      [dispatched, { fact: 'completed', result: '' }, { fact: 'closed' }],
      { do: 'returns', said: { wants: 'return' } },
      ['returnAsked'],
    ],
  ])('the desk: %s', (_, facts, command, expected) => {
    expect(outcome(journal(...facts), command, zhao)).toEqual(expected)
  })

  it.each<[string, FactBody[], OrderCommand, string, RegExp]>([
    ['accepting twice', [dispatched, accepted], { do: 'accept' }, zhang, /你已经接过了/],
    ["a colleague's order, taken", [dispatched, accepted], { do: 'accept' }, li, /张三 今天 09:02 已接单 1024/],
    ["a colleague's order, not taken yet", [dispatched], { do: 'arrive' }, li, /现在派给了张三/],
    ['an order nobody has', [], { do: 'arrive' }, zhang, /没有派给你/],
    ['declining without a reason', [dispatched], { do: 'decline' }, zhang, /为什么不接/],
    [
      'declining on site',
      [dispatched, accepted, arrived],
      { do: 'decline', reason: '累' },
      zhang,
      /已经到达，不能再拒单/,
    ],
    ['arriving twice', [dispatched, accepted, arrived], { do: 'arrive' }, zhang, /已经报过到达/],
    ['rescheduling without a time', [dispatched, accepted], { do: 'reschedule' }, zhang, /改到什么时候/],
    [
      'an appointment in the past',
      [dispatched, accepted],
      { do: 'contacted', appointment: { ...soon, from: new Date(start - 1000) } },
      zhang,
      /已经过去了/,
    ],
    [
      'working while suspended',
      [dispatched, accepted, { fact: 'suspended', reason: 'parts', note: '等压缩机' }],
      { do: 'complete' },
      zhang,
      /先回复「恢复 1024」/,
    ],
    ['a technician at the desk', [dispatched], { do: 'cancel', reason: 'x' }, zhang, /派工员或经理来办/],
    ['assigning to someone who is no technician', [], { do: 'assign', to: zhao }, zhao, /不是本班组的技术员/],
    ['assigning to who has it', [dispatched], { do: 'assign', to: zhang }, zhao, /已经派给张三/],
    ['progress of what he did not take', [dispatched], { do: 'progress', answer: 'onTime' }, zhang, /还没有接单/],
    ["progress of a colleague's order", [dispatched, accepted], { do: 'progress', answer: 'onTime' }, li, /张三/],
    [
      'progress by a time that has passed',
      [dispatched, accepted],
      { do: 'progress', answer: 'later', expected: { ...soon, from: new Date(start - 1000) } },
      zhang,
      /已经过去了/,
    ],
    ['cancelling without a reason', [dispatched], { do: 'cancel' }, zhao, /为什么取消/],
    ['退换 by a technician', [dispatched], { do: 'returns', said: { sheet: true } }, zhang, /派工员或经理来办/],
    ['closing before 完工', [dispatched], { do: 'close' }, zhao, /完工以后才能结单/],
    [
      'anything after the end',
      [dispatched, { fact: 'cancelled', reason: 'x' }],
      { do: 'arrive' },
      zhang,
      /已取消，不能再改/,
    ],
  ])('refuses %s', (_, facts, command, by, sentence) => {
    expect(outcome(journal(...facts), command, by)).toMatch(sentence)
  })

  it('takes back all that one reply recorded, and only within its time', () => {
    const facts = journal(dispatched, accepted)
    const at = new Date(start + 10 * 60_000).toISOString()
    const both: Fact[] = [
      ...facts,
      { seq: 4, at, by: zhang, via: 'text', fact: 'contacted', implied: true },
      { seq: 5, at, by: zhang, via: 'text', fact: 'arrived' },
    ]
    const later = (minutes: number) => ({ ...world(both, zhang), now: new Date(Date.parse(at) + minutes * 60_000) })
    expect(decide(both, { do: 'undo' }, later(5))).toEqual([
      { fact: 'undone', undoes: 4 },
      { fact: 'undone', undoes: 5 },
    ])
    expect(() => decide(both, { do: 'undo' }, later(11))).toThrow(/已超过 10 分钟/)
    expect(() => decide(both, { do: 'undo' }, { ...later(1), actor: { id: li, roles: ['technician'] } })).toThrow(
      /不是你报的/,
    )
    const undone: Fact[] = [
      ...both,
      ...[4, 5].map((undoes, i): Fact => ({ seq: 6 + i, at, by: zhang, via: 'text', fact: 'undone', undoes })),
    ]
    expect(replay(undone)).toMatchObject({ state: 'accepted', version: 7, step: 7 })
  })

  it('knows a stale button by the step, and not by what changes nothing', () => {
    const facts = journal(
      dispatched,
      { fact: 'photo', media: 'm' },
      { fact: 'urged' },
      { fact: 'reminded', clock: 'contact', step: 'warn:30m', to: zhang },
      { fact: 'returnAsked', said: { sheet: true } },
    )
    expect(replay(facts)).toMatchObject({ step: 2, look: 4, version: 6, urgent: true, state: 'dispatched' })
    // 能按时 leaves the buttons good, and has to be seen on every card.
    const more = journal(dispatched, accepted, { fact: 'progress', answer: 'onTime' })
    expect(replay(more)).toMatchObject({ step: 3, look: 4, state: 'accepted' })
  })

  it('lets nobody’s question about 退换 stand in the way of 撤回, and takes back nothing else for one’s own', () => {
    const facts = journal(dispatched, accepted)
    const asked = (by: string): Fact[] => [
      ...facts,
      { seq: 4, at: new Date(start).toISOString(), by, via: 'text', fact: 'returnAsked', said: { sheet: true } },
    ]
    expect(outcome(asked(zhao), { do: 'undo' })).toEqual(['undone'])
    expect(outcome(asked(zhang), { do: 'undo' })).toMatch(/的退换情况不用撤回/)
    const photo: Fact = { seq: 5, at: new Date(start).toISOString(), by: zhao, via: 'text', fact: 'photo', media: 'm' }
    expect(outcome([...asked(zhang), photo], { do: 'undo' })).toMatch(/的退换情况不用撤回/)
  })
})

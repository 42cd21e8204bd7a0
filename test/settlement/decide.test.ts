import { expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { monthRule } from '../../src/policy/monthrule.ts'
import { type MonthRecord, nextLook, replayMonth } from '../../src/settlement/closing.ts'
import { type Doing, decideMonth, type MonthCommand } from '../../src/settlement/decide.ts'
import type { MonthBody } from '../../src/settlement/fact.ts'

const at = '2026-11-02T02:00:00.000Z'
const until = '2026-11-05T02:00:00.000Z'
const reckoned = (missing = 0, people = 3): MonthBody => ({
  ...{ fact: 'reckoned', policy: 'x', rules: 1, people, net: '0', missing, changed: [] },
})
const wanted: MonthBody = { fact: 'wanted' }
const published: MonthBody = { fact: 'published', until }
const appealed: MonthBody = { fact: 'appealed', person: 'a', item: '提成', nr: 1, reason: '漏了' }
const answered: MonthBody = { fact: 'answered', nr: 1, upheld: false, reason: '核对过' }
const adjusted: MonthBody = { fact: 'adjusted', person: 'a', item: '提成', fen: '500', reason: '漏一单' }
const locked: MonthBody = { fact: 'locked' }

function monthOf(bodies: readonly MonthBody[]): MonthRecord {
  const facts = bodies.map((body, index) => ({ seq: index + 1, at, by: 'm', via: 'text' as const, ...body }))
  const named = { company: 'c', id: 'i', teamId: 't', team: '一班', month: '2026-10', policy: 'x' }
  return { ...named, facts, view: replayMonth(facts) }
}

const doing = (more: Partial<Doing>): Doing => ({
  ...{ by: 'm', manages: true, now: new Date('2026-11-03T02:00:00Z'), today: '2026-11-03' },
  ...{ rule: monthRule.parse({}), stale: false, lines: new Set(['工资', '提成']), name: () => '张三', ...more },
})
const adjust = (more: object = {}): MonthCommand => ({
  ...{ do: 'adjust', person: 'a', item: '提成', fen: 600n, reason: '漏一单', ...more },
})
const appeal = (more: object = {}): MonthCommand => ({ do: 'appeal', item: '提成', reason: '漏一单', ...more })
const answer = (more: object = {}): MonthCommand => ({ do: 'answer', nr: 1, upheld: true, reason: '漏了', ...more })
const publish: MonthCommand = { do: 'publish' }
const lock: MonthCommand = { do: 'lock' }
const self = { by: 'a', manages: false }
const over = new Date('2026-11-05T02:00:00.001Z')

/** What there was, what is done, by whom and when, and what comes of it: facts, or what is wrong and a part of its words. */
const table: ReadonlyArray<
  readonly [what: string, had: readonly MonthBody[], does: MonthCommand, more: Partial<Doing>, comes: string]
> = [
  [
    'a draft inside the month',
    [],
    { do: 'draft' },
    { today: '2026-10-31' },
    'early 10月到 10月31日 才结束，11月1日起可以月结',
  ],
  ['a draft on the first', [], { do: 'draft' }, { today: '2026-11-01' }, '+wanted'],
  ['a draft under way', [wanted], { do: 'draft' }, {}, '+'],
  ['a draft by nobody who manages', [], { do: 'draft' }, self, 'role 班组经理办理'],
  ['publishing what is not reckoned', [wanted], publish, {}, 'wait 还没算好'],
  ['publishing what is asked for anew', [reckoned(), wanted], publish, {}, 'wait 还没算好'],
  ['publishing with numbers missing', [reckoned(2)], publish, {}, 'missing 还缺 2 项'],
  ['publishing for nobody', [reckoned(0, 0)], publish, {}, 'nobody 没有人有工资条'],
  ['publishing inside the month', [reckoned()], publish, { today: '2026-10-31' }, 'early 还没结束'],
  ['publishing', [reckoned()], publish, {}, '+published'],
  ['publishing twice', [reckoned(), published], publish, {}, 'done 已经发布了'],
  ['an appeal before it is published', [reckoned()], appeal(), self, 'none 还没发布'],
  ['an appeal at the last moment', [reckoned(), published], appeal(), { ...self, now: new Date(until) }, '+appealed'],
  ['an appeal too late', [reckoned(), published], appeal(), { ...self, now: over }, 'late 已经截止'],
  ['an appeal against no line', [reckoned(), published], appeal({ item: '奖金' }), self, 'item 没有「奖金」'],
  ['an appeal without a reason', [reckoned(), published], appeal({ reason: ' ' }), self, 'reason 写明哪里不对'],
  ['an appeal twice', [reckoned(), published, appealed], appeal(), self, 'open 已经申诉了'],
  ['an answer', [reckoned(), published, appealed], answer(), {}, '+answered'],
  ['an answer to nothing', [reckoned(), published], answer(), {}, 'unknown 没有第 1 号'],
  ['an answer a second time', [reckoned(), published, appealed, answered], answer(), {}, 'done 维持，核对过'],
  ['an answer to one’s own', [reckoned(), published, appealed], answer(), { by: 'a' }, 'own 别的经理'],
  ['an amount set by hand', [reckoned()], adjust(), {}, '+adjusted'],
  ['one that settles an appeal', [reckoned(), published, appealed], adjust(), {}, '+adjusted+answered'],
  ['one’s own amount', [reckoned()], adjust(), { by: 'a' }, 'own 不能改自己的工资'],
  ['an amount without a reason', [reckoned()], adjust({ reason: '' }), {}, 'reason 要写原因'],
  ['an amount of no line', [reckoned()], adjust({ item: '奖金' }), {}, 'item 有的是：工资、提成'],
  ['an amount of nobody', [reckoned()], adjust(), { lines: null }, 'person 没有工资条'],
  ['the same amount', [reckoned(), adjusted], adjust({ fen: 500n }), {}, 'same 已经改成 ¥5.00'],
  ['an amount taken back', [reckoned(), adjusted], adjust({ fen: null, reason: '' }), {}, '+adjusted'],
  ['none taken back', [reckoned()], adjust({ fen: null }), {}, 'none 没有人工改过'],
  ['locking a draft', [reckoned()], lock, {}, 'draft 还没发布'],
  ['locking with an appeal open', [reckoned(), published, appealed], lock, { now: over }, 'appeals 1 条申诉没答复'],
  ['locking what is reckoned anew', [reckoned(), published, wanted], lock, { now: over }, 'wait 正在重算'],
  ['locking while appeals run', [reckoned(), published], lock, {}, 'appealing 申诉期还没过'],
  ['locking', [reckoned(), published, appealed, answered], lock, { now: over }, '+locked'],
  ['locking what has changed since', [reckoned(), published], lock, { now: over, stale: true }, '+wanted'],
  ['publishing what has changed since', [reckoned()], publish, { stale: true }, '+wanted'],
  ['a locked month published', [reckoned(), published, locked], publish, {}, 'locked 下一个没锁的月份里更正'],
  ['a locked month adjusted', [reckoned(), published, locked], adjust(), {}, 'locked 不能再改'],
  ['a locked month appealed against', [reckoned(), published, locked], appeal(), self, 'locked 不能再改'],
]

it.each(table)('%s', (_, had, command, more, comes) => {
  const said = () => {
    try {
      return decideMonth(monthOf(had), command, doing(more)).map(({ fact }) => fact)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return error
    }
  }
  const is = said()
  if (!(is instanceof Refusal)) {
    expect(`+${is.join('+')}`).toBe(comes)
    return
  }
  const [code, words = '-'] = comes.split(/ (.*)/)
  expect(is.code).toBe(code)
  expect(is.message).toContain(words)
})

it('a month is locked by itself when nobody may appeal any more, and not while an appeal is open', () => {
  const look = (...bodies: MonthBody[]) => nextLook(monthOf(bodies).view)?.toISOString() ?? null
  expect([look(reckoned(), published), look(reckoned(), published, appealed)]).toEqual([until, null])
  expect(look(reckoned(), published, appealed, answered)).toBe(until)
  expect([look(reckoned(), wanted), look(reckoned(), published, locked)]).toEqual(['1970-01-01T00:00:00.000Z', null])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Grade } from '../../src/chat/intent.ts'
import { Refusal } from '../../src/errors.ts'
import type { OrderCommand, World } from '../../src/orders/command.ts'
import { decide } from '../../src/orders/decide.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { noticesFor } from '../../src/orders/notices.ts'
import { replay } from '../../src/orders/order.ts'
import { revisitResult } from '../../src/orders/revisitresult.ts'
import { drawNext, giveBack } from '../../src/orders/sampling.ts'
import { created, dispatched, journal } from './journal.ts'

const done: FactBody[] = [created(), dispatched(), { fact: 'completed', result: '修好了' }]
const journalOf = (...bodies: FactBody[]): Fact[] =>
  journal(...bodies.map((body): [string, FactBody] => ['25 09:00', body]))
const revisited = (grade?: Grade, note?: string): FactBody => ({
  ...{ fact: 'revisited', reached: true },
  ...(grade && { grade }),
  ...(note && { note }),
})
const tried: FactBody = { fact: 'revisitTried' }
const sampled: FactBody = { fact: 'sampled' }

const desk: World = {
  ...{ code: '1024', zone: 'Asia/Shanghai', undoWithinMs: 600_000, obstacles: new Map(), technicians: ['zhang'] },
  ...{ actor: { id: 'zhao', roles: ['dispatcher'] }, now: new Date('2026-11-25T02:00:00Z'), nameOf: () => '张三' },
}

function answer(facts: Fact[], command: OrderCommand, world = desk): string | FactBody[] {
  try {
    return decide(facts, command, world)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

describe('what came of the call back', () => {
  it.each<[string, FactBody[], object | null]>([
    ['is nothing before completion', [created(), dispatched()], null],
    ['is owed after it', done, { drawn: false, tries: 0, done: null }],
    ['is owed after an empty run', [created(), dispatched(), { fact: 'emptyRun' }], { done: null }],
    ['is still owed after calls in vain', [...done, sampled, tried, tried], { drawn: true, tries: 2, done: null }],
    ['has a grade', [...done, tried, revisited(4)], { tries: 1, done: { grade: 4 } }],
    [
      'keeps the words that were noted before the grade',
      [...done, revisited(undefined, '忙'), revisited(5)],
      { done: { grade: 5, note: '忙' } },
    ],
    ['forgets words of another grade', [...done, revisited(2, '不凉'), revisited(4)], { done: { grade: 4 } }],
    [
      'keeps the grade when only words are added',
      [...done, revisited(4), revisited(undefined, '再谢')],
      { done: { grade: 4, note: '再谢' } },
    ],
    ['is undone with its fact', [...done, revisited(4), { fact: 'undone', undoes: 4 }], { done: null }],
    [
      'is gone with the completion',
      [...done, sampled, { fact: 'undone', undoes: 3 }, { fact: 'undone', undoes: 4 }],
      null,
    ],
  ])('%s', (_, bodies, expected) => {
    const result = revisitResult(journalOf(...bodies))
    if (expected === null) expect(result).toBeNull()
    else expect(result).toMatchObject(expected)
  })

  it('reads a journal of an earlier version: who was called back was reached', () => {
    const old = { fact: 'revisited', note: '很满意' } as FactBody
    expect(revisitResult(journalOf(...done, old))).toMatchObject({ done: { note: '很满意' } })
  })

  it('does not keep words of another grade', () => {
    expect(revisitResult(journalOf(...done, revisited(2, '不凉'), revisited(4)))?.done).not.toHaveProperty('note')
  })
})

describe('noting it', () => {
  const call = (grade?: Grade, note?: string): OrderCommand => ({
    ...{ do: 'revisit', reached: true },
    ...(grade && { grade }),
    ...(note && { note }),
  })
  it.each<[string, FactBody[], OrderCommand, string | FactBody[]]>([
    ['a grade', done, call(4), [revisited(4)]],
    ['words alone, when it was not drawn', done, call(undefined, '很热情'), [revisited(undefined, '很热情')]],
    ['nothing but that it was done', done, call(), [revisited()]],
    ['in vain', done, { do: 'revisit', reached: false, note: '关机' }, [{ ...tried, note: '关机' }]],
    ['drawn, with a grade', [...done, sampled], call(1), [revisited(1)]],
    [
      'drawn, without',
      [...done, sampled],
      call(undefined, '很热情'),
      '1024 抽中满意度表，请带上满意度，比如：回访 1024 满意。',
    ],
    ['a grade after words', [...done, revisited(undefined, '忙')], call(5), [revisited(5)]],
    ['another grade', [...done, revisited(2)], call(4), [revisited(4)]],
    ['the same again', [...done, revisited(4)], call(4), '1024 已经回访过：满意。'],
    ['nothing new', [...done, revisited()], call(), '1024 已经回访过。'],
    [
      'in vain after all',
      [...done, revisited(4)],
      { do: 'revisit', reached: false },
      '1024 已经回访过：满意，不用再记没打通。',
    ],
    ['before completion', [created(), dispatched()], call(4), '1024 现在是「待接单」，完工以后才能回访。'],
    ['after 结单', [...done, { fact: 'closed' }], call(4), [revisited(4)]],
    ['a complaint', [...done, revisited(2)], { do: 'complain', code: '1031' }, [{ fact: 'complained', code: '1031' }]],
    [
      'a second complaint',
      [...done, { fact: 'complained', code: '1030' }],
      { do: 'complain', code: '1031' },
      '1024 已经开过投诉单 1030。',
    ],
  ])('%s', (_, bodies, command, expected) => {
    expect(answer(journalOf(...bodies), command)).toEqual(expected)
  })

  it('is the desk’s business', () => {
    const zhang: World = { ...desk, actor: { id: 'zhang', roles: ['technician'] } }
    expect(answer(journalOf(...done), call(4), zhang)).toMatch(/派工员或经理来办/)
  })

  it('takes the draw back with the completion, and says that the completion was', () => {
    const facts = journalOf(...done, sampled)
    const zhang: World = {
      ...desk,
      actor: { id: 'zhang', roles: ['technician'] },
      now: new Date('2026-11-25T01:05:00Z'),
    }
    expect(answer(facts, { do: 'undo' }, zhang)).toEqual([
      { fact: 'undone', undoes: 4 },
      { fact: 'undone', undoes: 3 },
    ])
  })
})

describe('who hears of it', () => {
  const heard = (before: FactBody[], added: FactBody[]) => {
    const all = journalOf(...before, ...added)
    const notices = noticesFor(replay(all.slice(0, before.length)), replay(all), all.slice(before.length))
    return notices.filter(notice => notice.say === 'tell' && notice.to === 'managers').length
  }
  it.each<[string, FactBody[], FactBody[], number]>([
    ['不满意', done, [revisited(2)], 1],
    ['很不满意', done, [revisited(1)], 1],
    ['一般', done, [revisited(3)], 0],
    ['满意', done, [revisited(4)], 0],
    ['words alone', done, [revisited(undefined, '不凉')], 0],
    ['an unhappy one who is content now', [...done, revisited(2)], [revisited(4)], 1],
    ['one noted unhappy by mistake', [...done, revisited(2)], [{ fact: 'undone', undoes: 4 }], 1],
    ['结单 of an unhappy one', [...done, revisited(2)], [{ fact: 'closed' }], 0],
  ])('the manager of %s', (_, before, added, times) => {
    expect(heard(before, added)).toBe(times)
  })

  it('the desk gets one card instead of a sentence where the policy wants a call', () => {
    const all = journalOf(...done, sampled)
    const notices = (wantsCall: boolean) =>
      noticesFor(replay(all.slice(0, 2)), replay(all), all.slice(2), { wantsCall }).filter(
        notice => notice.say !== 'group',
      )
    expect(notices(true)).toEqual([{ say: 'card', to: 'desk', done: 3 }])
    expect(notices(false)).toEqual([{ say: 'tell', to: 'desk', seq: 3 }])
  })
})

/** A team's completed orders that stand, and its count, as orders are completed and taken back. */
class Team {
  slack = 0
  orders: boolean[] = []
  /** Drawn ones that were taken back. */
  givenBack = 0

  constructor(readonly form: number) {}

  complete(): boolean {
    const { drawn, slack } = drawNext(this.slack, this.form)
    this.slack = slack
    this.orders.push(drawn)
    return drawn
  }

  takeBack(which: number): void {
    const [drawn] = this.orders.splice(which % Math.max(this.orders.length, 1), 1)
    if (drawn) this.givenBack += 1
    if (drawn !== undefined) this.slack = giveBack(this.slack, this.form, drawn)
  }

  get enough(): boolean {
    return this.orders.filter(Boolean).length * this.form >= this.orders.length
  }
}

describe('one order in so many gets the form', () => {
  it('draws the first of every five', () => {
    const team = new Team(5)
    expect(
      Array.from({ length: 12 }, () => team.complete())
        .map(Number)
        .join(''),
    ).toBe('100001000010')
  })

  it('draws exactly one in five, rounded up, when nothing is taken back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 200 }), (form, count) => {
        const team = new Team(form)
        for (let n = 0; n < count; n++) team.complete()
        expect(team.orders.filter(Boolean)).toHaveLength(Math.ceil(count / form))
      }),
    )
  })

  it('gives the place of one that was taken back to the next', () => {
    const team = new Team(5)
    team.complete()
    team.complete()
    team.takeBack(0)
    expect(team.complete()).toBe(true)
    expect(team.orders).toEqual([false, true])
  })

  it('has at least one in five of each team’s standing orders drawn, whatever is completed and taken back', () => {
    const step = fc.record({ team: fc.nat(2), back: fc.option(fc.nat(50), { nil: undefined }) })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.array(step, { maxLength: 120 }), (form, steps) => {
        const teams = [new Team(form), new Team(form), new Team(form)]
        for (const { team: index, back } of steps) {
          const team = teams[index] as Team
          if (back !== undefined) team.takeBack(back)
          else if (!team.complete()) expect(team.enough).toBe(true)
        }
        // Places that were given back last may be open still: as many completions take them, each of them drawn.
        for (const team of teams) {
          let more = 0
          while (team.complete()) more += 1
          expect(more).toBeLessThanOrEqual(team.givenBack + 1)
          expect(team.enough).toBe(true)
        }
        const all = teams.flatMap(team => team.orders)
        expect(all.filter(Boolean).length * form).toBeGreaterThanOrEqual(all.length)
      }),
      { numRuns: 500 },
    )
  })

  it('has all of them drawn where every order gets it', () => {
    const team = new Team(1)
    for (let n = 0; n < 9; n++) {
      expect(team.complete()).toBe(true)
      if (n % 3 === 0) team.takeBack(n)
    }
  })

  it('is stricter at once when the number gets smaller', () => {
    const { slack } = drawNext(0, 50)
    expect(drawNext(slack, 3)).toEqual({ drawn: false, slack: 1 })
  })
})

import { describe, expect, it } from 'vitest'
import type { Grade } from '../../src/chat/intent.ts'
import { Refusal } from '../../src/errors.ts'
import type { RateCommand, World } from '../../src/orders/command.ts'
import { decide } from '../../src/orders/decide.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { noticesFor } from '../../src/orders/notices.ts'
import { replay } from '../../src/orders/order.ts'
import { created, dispatched, journal, t } from '../orders/journal.ts'

const finished: FactBody[] = [created(), dispatched(), { fact: 'completed', result: '修好了' }]
const at = (...bodies: FactBody[]): Fact[] => journal(...bodies.map((body): [string, FactBody] => ['25 09:00', body]))
const said = (more: Partial<RateCommand> = {}): RateCommand => ({
  ...{ do: 'rate', grade: 4, tags: ['准时'], visitor: 'phone', settles: false },
  ...more,
})
const given = (more: object = {}): FactBody =>
  ({ fact: 'rated', grade: 4, tags: ['准时'], visitor: 'phone', ...more }) as FactBody

function rated(facts: Fact[], command: RateCommand, now = '25 10:00'): FactBody[] | string {
  const world: World = {
    ...{ code: '1024', zone: 'Asia/Shanghai', undoWithinMs: 600_000, obstacles: new Map(), technicians: [] },
    ...{ actor: { id: '', roles: [] }, now: t(now), nameOf: () => '张三' },
  }
  try {
    return decide(facts, command, world)
  } catch (error) {
    if (error instanceof Refusal) return error.code
    throw error
  }
}

describe('a customer rates', () => {
  it.each<[string, FactBody[], RateCommand, FactBody[] | string]>([
    ['work that is done', finished, said(), [given()]],
    ['an empty run: somebody came', [...finished.slice(0, 2), { fact: 'emptyRun' }], said(), [given()]],
    [
      'how a complaint was dealt with',
      [created({ kind: 'complaint' }), ...finished.slice(1)],
      said({ grade: 1 }),
      [given({ grade: 1 })],
    ],
    ['an order that is closed', [...finished, { fact: 'closed' }], said(), [given()]],
    ['not what is not done', finished.slice(0, 2), said(), 'step'],
    ['not a completion that was taken back', [...finished, { fact: 'undone', undoes: 3 }], said(), 'step'],
    ['not a call back', [created({ kind: 'revisit' }), ...finished.slice(1)], said(), 'step'],
    ['which is the revisit where the policy says so', finished, said({ settles: true }), [given({ settles: true })]],
    ['but never when he is unhappy', finished, said({ settles: true, grade: 2 }), [given({ grade: 2 })]],
    ['once: the same again is nothing', [...finished, given()], said(), []],
    ['once: other phones are too late', [...finished, given()], said({ visitor: 'other', grade: 1 }), 'rated'],
    [
      'without a sign nobody can say it was he',
      [...finished, { fact: 'rated', grade: 4, tags: ['准时'] }],
      { do: 'rate', grade: 4, tags: ['准时'], settles: false },
      'rated',
    ],
    [
      'and may change it',
      [...finished, given()],
      said({ grade: 2, tags: [] }),
      [{ fact: 'undone', undoes: 4 }, given({ grade: 2, tags: [], changed: true })],
    ],
    ['once', [...finished, given({ changed: true })], said({ grade: 1 }), 'rated'],
  ])('%s', (_, bodies, command, expected) => {
    expect(rated(at(...bodies), command)).toEqual(expected)
  })

  it('changes it within 24 hours to the millisecond', () => {
    const facts = at(...finished, given())
    expect(rated(facts, said({ grade: 1 }), '26 09:00')).toHaveLength(2)
    expect(rated(facts, said({ grade: 1 }), '26 09:00:01')).toBe('rated')
  })
})

describe('who hears of it', () => {
  const notices = (before: FactBody[], ...added: FactBody[]): string[] => {
    const old = at(...finished, ...before)
    const all = at(...finished, ...before, ...added).map(
      (fact, seq): Fact => ({ ...fact, via: seq < 3 ? 'text' : 'page' }),
    )
    const to = noticesFor(replay(old), replay(all), all.slice(old.length)).map(notice =>
      notice.say === 'tell' ? (typeof notice.to === 'string' ? notice.to : notice.to.person) : notice.say,
    )
    return to
  }
  const grade = (one: Grade, more: object = {}) => given({ grade: one, ...more })
  const back: FactBody = { fact: 'undone', undoes: 4 }

  it('praise goes to who did the work and along, once; a bad word to the desk and the managers; 一般 to nobody', () => {
    expect(notices([], grade(5))).toEqual(['zhang'])
    expect(notices([], grade(4))).toEqual(['zhang'])
    expect(notices([], grade(3))).toEqual([])
    expect(notices([], grade(2))).toEqual(['desk', 'managers'])
    expect(notices([grade(4)], back, grade(5, { changed: true }))).toEqual([])
    expect(notices([grade(2)], back, grade(5, { changed: true }))).toEqual(['desk', 'managers', 'zhang'])
    expect(notices([grade(2)], back, grade(2, { changed: true, tags: [] }))).toEqual(['desk', 'managers'])
    expect(notices([grade(5)], back, grade(1, { changed: true }))).toEqual(['desk', 'managers'])
  })
})

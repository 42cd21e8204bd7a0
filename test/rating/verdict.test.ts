import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Grade } from '../../src/chat/intent.ts'
import { creditOf } from '../../src/orders/credit.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import { isBad, isUnhappy, latestGrade, owesCall, revisitResult } from '../../src/orders/revisitresult.ts'
import { verdictOf } from '../../src/rating/verdict.ts'
import { created, dispatched, journal, plain, t } from '../orders/journal.ts'

const done: FactBody[] = [created(), dispatched(), { fact: 'completed', result: '修好了' }]
const journalOf = (...bodies: FactBody[]): Fact[] =>
  journal(...bodies.map((body): [string, FactBody] => ['25 09:00', body]))
const noted = (grade?: Grade): FactBody => ({ fact: 'revisited', reached: true, ...(grade && { grade }) })
const rated = (grade: Grade, more: object = {}): FactBody => ({ fact: 'rated', grade, tags: [], ...more })

describe('which grade counts', () => {
  it.each<[string, FactBody[], Array<Grade | undefined>]>([
    ['nobody’s', [], [undefined, undefined, undefined]],
    ['the only one there is: the desk’s', [noted(4)], [4, 4, 4]],
    ['the only one there is: the customer’s', [rated(2)], [2, 2, 2]],
    ['a call without a grade says nothing', [rated(2), noted()], [2, 2, 2]],
    ['the customer’s after the desk’s', [noted(4), rated(1)], [1, 4, 1]],
    ['the desk’s after the customer’s', [rated(1), noted(4)], [1, 4, 4]],
    ['the one he changed it to', [rated(1), { fact: 'undone', undoes: 4 }, rated(5, { changed: true })], [5, 5, 5]],
    ['a call in vain changes nothing', [rated(3), { fact: 'revisitTried' }], [3, 3, 3]],
  ])('%s', (_, bodies, [customer, desk, latest]) => {
    const result = revisitResult(journalOf(...done, ...bodies))
    expect(verdictOf(result, 'customer')?.grade).toBe(customer)
    expect(verdictOf(result, 'desk')?.grade).toBe(desk)
    expect(verdictOf(result, 'latest')?.grade).toBe(latest)
    expect(latestGrade(result)).toBe(latest)
  })

  const grade = fc.integer({ min: 1, max: 5 }).map(one => one as Grade)
  const word = fc.oneof(
    grade.map((one): ['desk', Grade] => ['desk', one]),
    grade.map((one): ['customer', Grade] => ['customer', one]),
    fc.constant<['call', undefined]>(['call', undefined]),
    fc.constant<['vain', undefined]>(['vain', undefined]),
  )

  /** A journal of such words; a customer who speaks again takes back what he said. */
  function told(words: ReadonlyArray<[string, Grade | undefined]>, settles: boolean): Fact[] {
    const bodies = [...done]
    let own = 0
    for (const [who, one] of words) {
      if (who === 'customer' && own > 0) bodies.push({ fact: 'undone', undoes: own })
      if (who === 'customer' && one) own = bodies.push(rated(one, settles && !isBad(one) ? { settles: true } : {}))
      if (who === 'desk') bodies.push(noted(one))
      if (who === 'call') bodies.push(noted())
      if (who === 'vain') bodies.push({ fact: 'revisitTried' })
    }
    return journalOf(...bodies)
  }
  const lastOf = (words: ReadonlyArray<[string, Grade | undefined]>, ...who: string[]) =>
    words.findLast(([one]) => who.includes(one))?.[1]

  it('is the last of whom the policy prefers, else the last of the other, whatever else was said', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.boolean(), (words, settles) => {
        const facts = told(words, settles)
        const result = revisitResult(facts)
        const [own, desk] = [lastOf(words, 'customer'), lastOf(words, 'desk')]
        expect(verdictOf(result, 'customer')?.grade).toBe(own ?? desk)
        expect(verdictOf(result, 'desk')?.grade).toBe(desk ?? own)
        expect(verdictOf(result, 'latest')?.grade).toBe(lastOf(words, 'customer', 'desk'))
        expect(isUnhappy(result)).toBe((lastOf(words, 'customer', 'desk') ?? 5) <= 2)
        // It is the grade of the month, and nothing else of the order moves with it.
        const credit = creditOf(facts, plain, t('26 09:00'))
        expect(credit?.grade).toBe(own ?? desk)
        expect({ ...credit, grade: 0 }).toEqual({ ...creditOf(journalOf(...done), plain, t('26 09:00')), grade: 0 })
      }),
    )
  })

  it('and a call is owed until somebody called, or the customer’s own word settles it; a bad one always asks for one', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), fc.boolean(), (words, settles) => {
        const result = revisitResult(told(words, settles))
        const own = words.findLastIndex(([who]) => who === 'customer')
        const calls = words.flatMap(([who], at) => (who === 'desk' || who === 'call' ? [at] : []))
        const bad = isBad(lastOf(words, 'customer'))
        const owed = bad ? !calls.some(at => at > own) : calls.length === 0 && !(settles && own >= 0)
        expect(owesCall(result)).toBe(owed)
      }),
    )
  })
})

describe('an order that was closed', () => {
  const closed: FactBody[] = [...done, { fact: 'closed' }]
  it('is open again when its customer is unhappy, and closed when he thinks better of it', () => {
    expect(replay(journalOf(...closed, rated(4))).state).toBe('closed')
    expect(replay(journalOf(...closed, rated(3))).state).toBe('closed')
    expect(replay(journalOf(...closed, rated(2))).state).toBe('completed')
    expect(replay(journalOf(...closed, rated(2), { fact: 'undone', undoes: 5 }, rated(4))).state).toBe('closed')
    expect(replay(journalOf(...closed, rated(2), { fact: 'closed' })).state).toBe('closed')
  })
})

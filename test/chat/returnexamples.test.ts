import { describe, expect, it } from 'vitest'
import type { Unknown } from '../../src/orders/returncase.ts'
import { decideReturns } from '../../src/orders/returns.ts'
import { sayReturns } from '../../src/orders/returnswords.ts'
import { day, r13 } from '../orders/returnunits.ts'
import { hear } from './told.ts'

const nothing = { faultOn: day(0), handedInOn: day(0), inRepair: [] }
const answer = decideReturns(r13, nothing, day(300))

describe('what the bot asks people to say', () => {
  const said = /例如：(.*)$/m.exec(sayReturns({ code: '1024', answer, facts: nothing, today: day(300) }))?.[1] ?? ''

  it('is understood whole, and answers every question', () => {
    const understood = hear(said)
    expect(understood).toMatchObject({
      wish: { code: '1024', wish: { do: 'returns', said: { invoicedOn: '2026-11-03', price: '3299.00' } } },
    })
    const { wish } = understood as { wish: { wish: { said: Record<Unknown, unknown>; unread?: string } } }
    expect(Object.keys(wish.wish.said).sort()).toEqual(answer.open.map(({ fact }) => fact).sort())
    expect(wish.wish.unread).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import type { FactBody } from '../../src/orders/fact.ts'
import { hadIt, moveOf } from '../../src/orders/moves.ts'
import { readPolicy } from '../../src/policy/load.ts'
import { journal, span, t } from './journal.ts'

const policy = (assign: string) =>
  readPolicy(
    `
name: moves
version: 1
hours: ["08:00-12:00", "13:30-18:00"]
days: [1, 2, 3, 4, 5]
assign: ${assign}
clocks: [{ kind: complete, start: created, stop: completed, within: 24h }]
`,
    'moves.yaml',
  )

const give = (to: string, auto = false): FactBody => ({ fact: 'dispatched', to, ...(auto && { auto: true }) })
const back = (from: string): FactBody => ({ fact: 'withdrawn', from, reason: '超时', notAccepted: true })
const declined: FactBody = { fact: 'declined', reason: '在外地' }

describe('what an order does by itself', () => {
  // 2026-11-25 is a Wednesday, the 28th a Saturday.
  it.each<[string, string, Array<[string, FactBody]>, object | null]>([
    ['nothing, where the desk chooses', '{}', [['25 09:00', created()]], null],
    [
      'is given at once in working time',
      '{ mode: auto }',
      [['25 09:00', created()]],
      { do: 'give', at: t('25 09:00') },
    ],
    [
      'waits for the end of the break',
      '{ mode: auto }',
      [['25 12:30', created()]],
      { do: 'give', at: t('25 13:30:02') },
    ],
    ['waits for Monday', '{ mode: offer }', [['28 09:00', created()]], { do: 'offer', at: t('30 08:00:02') }],
    [
      'waits for nothing with hours: always',
      '{ mode: auto, hours: always }',
      [['28 03:00', created()]],
      { do: 'give', at: t('28 03:00') },
    ],
    [
      'an urgent one is first in the morning',
      '{ mode: auto }',
      [['25 22:00', created({ urgent: true })]],
      { do: 'give', at: t('26 08:00') },
    ],
    [
      'a key customer comes before the others',
      '{ mode: auto }',
      [['25 22:00', created({ key: true })]],
      { do: 'give', at: t('26 08:00:01') },
    ],
    [
      'once given it is up to people',
      '{ mode: auto }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a', true)],
      ],
      null,
    ],
    [
      'a refusal is the desk’s business',
      '{ mode: auto }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a', true)],
        ['25 09:05', declined],
      ],
      null,
    ],
    [
      'or the next one’s',
      '{ notAccepted: next }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a')],
        ['25 09:05', declined],
      ],
      { do: 'give', at: t('25 09:05') },
    ],
    [
      'as is silence',
      '{ notAccepted: next }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a')],
        ['25 09:30', back('a')],
      ],
      { do: 'give', at: t('25 09:30') },
    ],
    [
      'but not what the desk took back',
      '{ notAccepted: next }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a')],
        ['25 09:30', { fact: 'withdrawn', from: 'a', reason: '改派' }],
      ],
      null,
    ],
    [
      'after so many tries the desk has it',
      '{ notAccepted: next, tries: 2 }',
      [
        ['25 09:00', created()],
        ['25 09:00', give('a', true)],
        ['25 09:05', declined],
        ['25 09:05', give('b', true)],
        ['25 09:10', declined],
      ],
      null,
    ],
    [
      'where nobody may take it, the desk has it',
      '{ mode: auto }',
      [
        ['25 09:00', created()],
        ['25 09:00', { fact: 'unplaced', why: [] }],
      ],
      null,
    ],
    [
      'what is up for grabs stays so',
      '{ mode: offer }',
      [
        ['25 09:00', created()],
        ['25 09:00', { fact: 'offered' }],
      ],
      null,
    ],
    [
      'or for so long',
      '{ offerFor: 10m }',
      [
        ['25 09:00', created()],
        ['25 09:01', { fact: 'offered' }],
      ],
      { do: 'endOffer', at: t('25 09:11') },
    ],
    [
      'cancelled, nothing',
      '{ mode: auto }',
      [
        ['25 22:00', created()],
        ['25 22:01', { fact: 'cancelled', reason: '不修了' }],
      ],
      null,
    ],
  ])('%s', (_, assign, facts, move) => {
    expect(moveOf(journal(...facts), policy(assign))).toEqual(move)
  })

  it('those who gave it back are not asked again, until the desk begins anew', () => {
    const tried = journal(
      ['25 09:00', created()],
      ['25 09:00', give('a', true)],
      ['25 09:05', declined],
      ['25 09:05', give('b', true)],
      ['25 09:30', back('b')],
    )
    expect(hadIt(tried)).toEqual(['a', 'b'])
    const anew = journal(
      ['25 09:00', created()],
      ['25 09:00', give('a', true)],
      ['25 09:05', declined],
      ['25 09:10', give('c')],
      ['25 09:20', declined],
    )
    expect(hadIt(anew)).toEqual(['c'])
  })
})

function created(more: { urgent?: boolean; key?: boolean } = {}): FactBody {
  const { urgent = false, key = false } = more
  return {
    fact: 'created',
    order: {
      ...{ kind: 'repair', urgent, product: {}, fault: '不制冷' },
      customer: { name: '王女士', phone: '13800001234', address: '花园路', key },
      wanted: span('26 09:00', '26 10:00'),
    },
  }
}

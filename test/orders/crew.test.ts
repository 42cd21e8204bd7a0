import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import type { OrderCommand, World } from '../../src/orders/command.ts'
import { crewOf, divide } from '../../src/orders/crew.ts'
import { decide } from '../../src/orders/decide.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import { created, dispatched, journal } from './journal.ts'

const people = ['zhang', 'li', 'wang', 'zhao', 'chen']
const names: Record<string, string> = { zhang: '张三', li: '李四', wang: '王五', zhao: '赵派工', chen: '陈六' }

const journalOf = (...bodies: FactBody[]): Fact[] =>
  journal(...bodies.map((body): [string, FactBody] => ['25 09:00', body]))

const world = (roles: World['actor']['roles'] = ['dispatcher']): World => ({
  ...{ code: '1024', zone: 'Asia/Shanghai', undoWithinMs: 600_000, obstacles: new Map() },
  ...{ actor: { id: 'desk', roles }, now: new Date('2026-11-25T02:00:00Z') },
  nameOf: id => names[id] ?? '?',
  technicians: ['zhang', 'li', 'wang'],
})

function answer(facts: Fact[], command: OrderCommand, who = world()): string | FactBody[] {
  try {
    return decide(facts, command, who)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

const joined = (person: string, share?: number): FactBody => ({
  fact: 'joined',
  person,
  ...(share !== undefined && { share }),
})
const shared = (...shares: Array<[string, number]>): FactBody => ({
  fact: 'shared',
  shares: shares.map(([person, percent]) => ({ person, percent })),
})
const say = (facts: Fact[]): string =>
  crewOf(facts)
    .shares.map(({ person, percent }) => `${person} ${percent}`)
    .join(' ')

describe('how the work is divided', () => {
  it.each<[string, FactBody[], string]>([
    ['nobody in charge', [created()], ''],
    ['one alone', [created(), dispatched()], 'zhang 100'],
    ['equally', [created(), dispatched(), joined('li')], 'zhang 50 li 50'],
    [
      'the remainder is the one in charge’s',
      [created(), dispatched(), joined('li'), joined('wang')],
      'zhang 34 li 33 wang 33',
    ],
    ['a share that was said', [created(), dispatched(), joined('li', 40)], 'zhang 60 li 40'],
    ['what is left of it', [created(), dispatched(), joined('li', 40), joined('wang')], 'zhang 30 li 40 wang 30'],
    ['all said', [created(), dispatched(), joined('li'), shared(['zhang', 70], ['li', 30])], 'zhang 70 li 30'],
    [
      'said for one in charge, the others equally, the remainder still his',
      [created(), dispatched(), joined('li'), joined('wang'), shared(['zhang', 55])],
      'zhang 56 li 22 wang 22',
    ],
    [
      '分成 takes the place of what was said before',
      [created(), dispatched(), joined('li', 40), joined('wang'), shared(['wang', 10])],
      'zhang 45 li 45 wang 10',
    ],
    [
      'one who joins when all is said has nothing until somebody says so',
      [created(), dispatched(), joined('li'), shared(['zhang', 60], ['li', 40]), joined('wang')],
      'zhang 60 li 40 wang 0',
    ],
    [
      'what somebody had who left goes to the one in charge',
      [created(), dispatched(), joined('li'), shared(['zhang', 60], ['li', 40]), { fact: 'left', person: 'li' }],
      'zhang 100',
    ],
    [
      'another in charge has his predecessor’s part, not his word',
      [created(), dispatched(), joined('li'), shared(['zhang', 60], ['li', 40]), dispatched('wang')],
      'wang 60 li 40',
    ],
    [
      'a helper who takes charge is no helper any more',
      [created(), dispatched(), joined('li', 10), joined('wang'), dispatched('li')],
      'li 50 wang 50',
    ],
    [
      'given back: nobody is in charge, the helpers stay',
      [created(), dispatched(), joined('li'), { fact: 'declined', reason: '' }],
      '',
    ],
  ])('%s', (_, bodies, expected) => {
    expect(say(journalOf(...bodies))).toBe(expected)
  })

  it('keeps the helpers of an order that was given back, and what was taken back has no effect', () => {
    expect(crewOf(journalOf(created(), dispatched(), joined('li'), { fact: 'declined', reason: '' })).helpers).toEqual([
      'li',
    ])
    const undone = journalOf(created(), dispatched(), joined('li'), { fact: 'undone', undoes: 3 })
    expect(replay(undone)).toMatchObject({ helpers: [], shares: [{ person: 'zhang', percent: 100 }] })
  })

  it('adds up to exactly 100 in whole percents, whatever was said', () => {
    const saying = fc.dictionary(fc.constantFrom(...people), fc.integer({ min: -20, max: 150 }))
    fc.assert(
      fc.property(fc.subarray(people.slice(1)), saying, (helpers, said) => {
        const shares = divide('zhang', helpers, new Map(Object.entries(said)))
        expect(shares.reduce((sum, { percent }) => sum + percent, 0)).toBe(100)
        for (const { percent } of shares) expect(Number.isInteger(percent) && percent >= 0).toBe(true)
        expect(shares.map(({ person }) => person)).toEqual(['zhang', ...helpers])
        const open = shares.filter(({ person }) => person !== 'zhang' && said[person] === undefined)
        expect(new Set(open.map(({ percent }) => percent)).size).toBeLessThanOrEqual(1)
      }),
      { numRuns: 500 },
    )
  })

  it('adds up to 100 after any course of things, with nobody twice', () => {
    const person = fc.constantFrom(...people)
    const body = fc.oneof(
      person.map((to): FactBody => dispatched(to)),
      fc.constant<FactBody>({ fact: 'declined', reason: '' }),
      fc
        .tuple(person, fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }))
        .map(([one, share]) => joined(one, share)),
      person.map((one): FactBody => ({ fact: 'left', person: one })),
      fc.array(fc.tuple(person, fc.integer({ min: 0, max: 100 })), { maxLength: 4 }).map(list => shared(...list)),
      fc.integer({ min: 2, max: 12 }).map((undoes): FactBody => ({ fact: 'undone', undoes })),
    )
    fc.assert(
      fc.property(fc.array(body, { maxLength: 12 }), bodies => {
        const { inCharge, helpers, shares } = crewOf(journalOf(created(), ...bodies))
        expect(new Set([inCharge, ...helpers]).size).toBe(helpers.length + 1)
        const total = shares.reduce((sum, { percent }) => sum + percent, 0)
        expect(total).toBe(inCharge === null ? 0 : 100)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what the desk may say of it', () => {
  const two = journalOf(created(), dispatched(), joined('li'))
  it.each<[string, Fact[], OrderCommand, string | FactBody[]]>([
    ['加派', journalOf(created(), dispatched()), { do: 'join', person: 'li' }, [joined('li')]],
    ['加派 with a share', two, { do: 'join', person: 'wang', share: 40 }, [joined('wang', 40)]],
    ['减派', two, { do: 'leave', person: 'li' }, [{ fact: 'left', person: 'li' }]],
    [
      '分成',
      two,
      { do: 'share', shares: [{ person: 'zhang', percent: 100 }] },
      [{ fact: 'shared', shares: [{ person: 'zhang', percent: 100 }] }],
    ],
    ['平分', two, { do: 'share', shares: [] }, [{ fact: 'shared', shares: [] }]],
    [
      'more than is left',
      journalOf(created(), dispatched(), joined('li', 70)),
      { do: 'join', person: 'wang', share: 40 },
      '40% 给不了王五：张三 30%、李四 70%，最多 30%。',
    ],
    [
      'somebody twice',
      two,
      {
        do: 'share',
        shares: [
          ['li', 40],
          ['li', 60],
        ].map(([person, percent]) => ({ person: `${person}`, percent: Number(percent) })),
      },
      '李四写了两次，没有改。请回复「分成 1024 张三 50 李四 50」，平分回复「分成 1024 平分」。',
    ],
    [
      'no whole percents',
      two,
      { do: 'share', shares: [{ person: 'li', percent: 120 }] },
      '分成要写 0 到 100 的整数，没有改。请回复「分成 1024 张三 50 李四 50」，平分回复「分成 1024 平分」。',
    ],
    [
      'where there is nobody to divide it with',
      journalOf(created(), dispatched()),
      { do: 'share', shares: [] },
      '1024 只有张三一个人，不用分。先加人请回复「加派 1024 姓名」。',
    ],
    ['减派 of one who is not there', two, { do: 'leave', person: 'wang' }, '王五 不在 1024 上，不用减派。'],
  ])('%s', (_, facts, command, expected) => {
    expect(answer(facts, command)).toEqual(expected)
  })

  it('is the desk’s alone (R1.6), and over at 结单', () => {
    const commands: OrderCommand[] = [
      { do: 'join', person: 'wang' },
      { do: 'leave', person: 'li' },
      { do: 'share', shares: [] },
    ]
    for (const command of commands) {
      expect(answer(two, command, world(['technician']))).toMatch(/派工员或经理来办/)
      const closed = journalOf(
        created(),
        dispatched(),
        joined('li'),
        { fact: 'completed', result: '' },
        { fact: 'closed' },
      )
      expect(answer(closed, command)).toBe('1024 已结单，不能再改。')
    }
  })

  it('lets who goes along ask for help, and nothing else', () => {
    const li: World = { ...world(['technician']), actor: { id: 'li', roles: ['technician'] } }
    expect(answer(two, { do: 'askHelp' }, li)).toEqual([{ fact: 'helpAsked' }])
    for (const command of [
      { do: 'arrive' },
      { do: 'accept' },
      { do: 'complete' },
      { do: 'decline', reason: 'x' },
    ] as const)
      expect(answer(two, command, li)).toMatch(/^1024 由张三负责，这一步由他来报/)
  })
})

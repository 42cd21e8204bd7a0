import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/errors.ts'
import { decide, type OrderCommand } from '../../src/orders/decide.ts'
import type { Fact, FactBody, Link, OrderKind } from '../../src/orders/fact.ts'
import { noticesFor } from '../../src/orders/notices.ts'
import { replay } from '../../src/orders/order.ts'
import { created, dispatched, journal, span, t, zone } from './journal.ts'

const link: Link = {
  ...{ why: 'rework', to: 'o-1003', code: '1003', technician: 'zhang', days: 23 },
  doneAt: t('02 17:00').toISOString(),
}
const linked: FactBody = { fact: 'linked', ...link }
const suspended: FactBody = { fact: 'suspended', reason: 'parts', note: '等配件', expected: span('26 10:00') }
const done: FactBody = { fact: 'completed', result: '' }
const route = { subject: '服务态度', to: '市场部' }

const start = (kind: OrderKind, ...bodies: FactBody[]): Fact[] =>
  journal(...[created({ kind }), ...bodies].map((body, index): [string, FactBody] => [`25 09:0${index}`, body]))

function outcome(facts: Fact[], command: OrderCommand, by = 'zhao'): string {
  try {
    return decide(facts, command, {
      ...{
        code: '1024',
        now: t('25 10:00'),
        zone,
        undoWithinMs: 600_000,
        obstacles: new Map(),
        technicians: ['zhang'],
        nameOf: id => id,
      },
      actor: { id: by, roles: by === 'zhao' ? ['dispatcher'] : ['technician'] },
    })
      .map(body => body.fact)
      .join()
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

const until = (at: string) => ({ from: t(at), exact: true, words: at })

describe('what follows from what, put right by the desk', () => {
  it.each<[what: string, kind: OrderKind, facts: FactBody[], command: OrderCommand, expected: string]>([
    ['返修 by hand', 'repair', [], { do: 'link', link }, 'linked'],
    [
      'in place of another job',
      'repair',
      [linked],
      { do: 'link', link: { ...link, to: 'o-1001', code: '1001' } },
      'linked',
    ],
    ['after the work, too', 'repair', [dispatched(), done], { do: 'link', link }, 'linked'],
    ['不是返修', 'repair', [linked], { do: 'unlink' }, 'unlinked'],
    ['不是返修 after the work', 'repair', [linked, dispatched(), done], { do: 'unlink' }, 'unlinked'],
    ['it is linked to that already', 'repair', [linked], { do: 'link', link }, '1024 已经记成返修，上次是 1003。'],
    ['nothing is linked', 'repair', [], { do: 'unlink' }, '1024 没有记成返修，不用改。'],
    [
      'nothing is linked any more',
      'repair',
      [linked, { fact: 'unlinked', to: '', code: '' }],
      { do: 'unlink' },
      '1024 没有记成返修，不用改。',
    ],
    [
      'to itself',
      'repair',
      [],
      { do: 'link', link: { ...link, code: '1024' } },
      '1024 不是 1024 之前做完的单，不能记成上次。请核对单号。',
    ],
    [
      'to a later job',
      'repair',
      [],
      { do: 'link', link: { ...link, days: -1 } },
      '1003 不是 1024 之前做完的单，不能记成上次。请核对单号。',
    ],
    [
      'a cancelled order',
      'repair',
      [{ fact: 'cancelled', reason: '' }],
      { do: 'link', link },
      '1024 已取消，不能再改。',
    ],
    ['转', 'complaint', [], { do: 'route', route }, 'routed'],
    [
      '转 elsewhere',
      'complaint',
      [{ fact: 'routed', subject: '产品质量', to: '厂家' }],
      { do: 'route', route },
      'routed',
    ],
    [
      '转 twice',
      'complaint',
      [{ fact: 'routed', ...route }],
      { do: 'route', route },
      '1024 已经转市场部（服务态度）。',
    ],
    ['转 of a repair', 'repair', [], { do: 'route', route }, '1024 不是投诉单，不用转。'],
    ['转 of what is over', 'complaint', [dispatched(), done], { do: 'route', route }, '1024 已完工，不能再改。'],
  ])('%s', (_, kind, facts, command, expected) => {
    expect(outcome(start(kind, ...facts), command)).toBe(expected)
  })

  it('is not for technicians', () => {
    for (const command of [{ do: 'link', link }, { do: 'unlink' }, { do: 'route', route }] as OrderCommand[])
      expect(outcome(start('complaint', linked, dispatched()), command, 'zhang')).toContain('这件事要派工员或经理来办')
  })
})

describe('再等', () => {
  it.each<[what: string, facts: FactBody[], command: OrderCommand, expected: string]>([
    ['until another time', [suspended], { do: 'wait', expected: until('27 10:00') }, 'expected'],
    ['without a time', [suspended], { do: 'wait' }, '等到什么时候？请回复「再等 1024 明天下午」。'],
    [
      'until the same time',
      [suspended],
      { do: 'wait', expected: until('26 10:00') },
      '1024 已经记着等到「26 10:00」，到时候再问你。',
    ],
    [
      'until what is past',
      [suspended],
      { do: 'wait', expected: until('25 09:00') },
      '「25 09:00」已经过去了，请说一个以后的时间，比如：明天上午10点。',
    ],
    [
      'not suspended',
      [],
      { do: 'wait', expected: until('27 10:00') },
      '1024 没有挂起。要等配件或等客户，请回复「挂起 1024 原因 预计时间」。',
    ],
    [
      '挂起 again for the same reason',
      [suspended],
      { do: 'suspend', reason: 'parts', note: '', expected: until('27 10:00') },
      'expected',
    ],
    [
      '挂起 again for another',
      [suspended],
      { do: 'suspend', reason: 'customer', note: '', expected: until('27 10:00') },
      '1024 正在挂起（等配件），请先回复「恢复 1024」。',
    ],
    [
      '挂起 again without a time',
      [suspended],
      { do: 'suspend', reason: 'parts', note: '' },
      '1024 正在挂起（等配件），请先回复「恢复 1024」。',
    ],
  ])('%s', (_, facts, command, expected) => {
    expect(outcome(start('repair', dispatched(), { fact: 'accepted' }, ...facts), command, 'zhang')).toBe(expected)
  })

  it('moves the time that is expected, and leaves what may be done as it is', () => {
    const facts = start('repair', dispatched(), suspended, { fact: 'expected', expected: span('27 10:00') })
    expect(replay(facts)).toMatchObject({
      state: 'suspended',
      suspended: { expected: span('27 10:00'), note: '等配件' },
      step: 3,
      look: 4,
    })
  })
})

describe('who hears of it', () => {
  const told = (kind: OrderKind, via: Fact['via'], before: number, ...bodies: FactBody[]) => {
    const facts = start(kind, ...bodies).map((fact): Fact => ({ ...fact, via }))
    const earlier = before === 0 ? null : replay(facts.slice(0, before))
    return noticesFor(earlier, replay(facts), facts.slice(before)).map(notice =>
      notice.say === 'group'
        ? 'group'
        : `${notice.say} ${typeof notice.to === 'string' ? notice.to : notice.to.person}`,
    )
  }

  it('of a complaint the manager, at once and when the desk sends it somewhere', () => {
    expect(told('complaint', 'api', 0)).toEqual(['card desk', 'tell managers'])
    expect(told('complaint', 'system', 1, { fact: 'routed', ...route })).toEqual([])
    expect(told('complaint', 'text', 1, { fact: 'routed', ...route })).toEqual(['tell managers'])
    expect(told('repair', 'api', 0)).toEqual(['card desk'])
  })

  it('of what the earlier job’s journal notes nobody, of 再等 the desk', () => {
    const reworked: FactBody = { fact: 'reworked', why: 'rework', order: 'o', code: '1', days: 2 }
    for (const fact of [
      reworked,
      { fact: 'unreworked', order: 'o', code: '1' },
      { fact: 'asked', about: 'suspended', to: 'zhang' },
    ] as FactBody[])
      expect(told('repair', 'system', 2, dispatched(), fact)).toEqual([])
    expect(
      told('repair', 'text', 3, dispatched(), suspended, { fact: 'expected', expected: span('27 10:00') }),
    ).toEqual(['tell desk'])
  })

  it('of what happened, not of the question that came with it', () => {
    expect(
      told('repair', 'system', 2, dispatched(), suspended, { fact: 'asked', about: 'suspended', to: 'zhang' }),
    ).toEqual(['tell desk'])
  })

  it('the earlier job’s card stays as it is', () => {
    const facts = start('repair', dispatched(), done)
    const { step, look } = replay(facts)
    const reworked: FactBody = { fact: 'reworked', why: 'rework', order: 'o', code: '1', days: 2 }
    const after = replay(start('repair', dispatched(), done, reworked, { fact: 'unreworked', order: 'o', code: '1' }))
    expect([after.step, after.look, after.state]).toEqual([step, look, 'completed'])
  })
})

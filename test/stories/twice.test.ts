import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppPair, openApps } from '../support/pair.ts'
import { textOf } from '../support/screen.ts'

let pair: AppPair

beforeEach(async () => {
  pair = await openApps({ at: '2026-11-24T09:00:00+08:00', bot: false })
})
afterEach(() => pair.close())

const minute = 60_000

/** How often a person was told something like this. */
function told(userId: string, pattern: RegExp): number {
  return pair.outside.messages(userId).filter(message => message.from.kind === 'app' && pattern.test(textOf(message)))
    .length
}

describe('two instances that look at the same time', () => {
  it('send each reminder once, take back once, and send each list of the day once', async () => {
    const { instances, db } = pair
    const [one, two] = instances
    // Today's list is due already, and dropped since nothing is open.
    await pair.forward(0)
    const codes = [await one.order('张三'), await two.order('张三'), await one.order('李四')]
    await pair.forward(0)
    expect([told('zhangsan', /派工单/), told('lisi', /派工单/)]).toEqual([2, 1])

    // 10 minutes before the limit of 15, and what fell due meanwhile is merged into one message a person.
    await pair.forward(10 * minute)
    await pair.forward(2 * minute)
    expect([told('zhangsan', /⏰/), told('lisi', /⏰/)]).toEqual([1, 1])
    await pair.forward(3 * minute)
    expect([told('zhangsan', /现在到期/), told('lisi', /现在到期/), told('zhaopaigong', /现在到期/)]).toEqual([1, 1, 1])
    await pair.forward(15 * minute)
    for (const code of codes) {
      const timeline = (await one.timeline(code)) as Array<{ fact: string; clock?: string; step?: string; to?: string }>
      expect(timeline.filter(({ fact }) => fact === 'withdrawn')).toHaveLength(1)
      const steps = timeline
        .filter(({ fact }) => fact === 'reminded')
        .map(({ clock, step, to }) => `${clock} ${step} ${to}`)
      expect(new Set(steps).size).toBe(steps.length)
      expect(steps.length).toBeGreaterThan(2)
    }

    // Next morning: the list of the day.
    await pair.forward(23 * 60 * minute)
    const lists = () => [told('zhaopaigong', /早上好/), told('zhangsan', /🌅/), told('wangjingli', /早上好|日报/)]
    const morning = lists()
    await pair.forward(5 * minute)
    // The manager's day was missed, and is told when somebody looks again; the board is the dispatcher's.
    expect([morning, lists()]).toEqual([
      [1, 0, 1],
      [1, 0, 1],
    ])

    const rows = await db.prisma.outbox.findMany({ where: { status: 'sent' } })
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    const posts = pair.outside.sandbox
      .log()
      .filter(({ what, errcode }) => what.endsWith('message/send') && errcode === 0)
    expect(posts).toHaveLength(
      rows.filter(({ platform, kind }) => platform === 'any' && kind !== 'order.repaint').length,
    )
    expect(pair.errors()).toEqual([])
  })

  it('draft a month once, also when both slept over the day it was due', async () => {
    const { db } = pair
    // The first of December and the day after it pass unseen.
    await pair.forward(9 * 24 * 60 * minute)
    await pair.forward(minute)
    expect(told('wangjingli', /11月月结/)).toBe(1)
    const months = await db.prisma.settlement.findMany({ select: { month: true, state: true } })
    expect(months).toEqual([{ month: '2026-11', state: 'draft' }])
    const facts = await db.prisma.settlementJournal.findMany({ orderBy: { seq: 'asc' }, select: { fact: true } })
    expect(facts.map(({ fact }) => fact)).toEqual(['wanted', 'reckoned'])
    expect(pair.errors()).toEqual([])
  })
})

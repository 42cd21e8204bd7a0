import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { settle } from '../../src/outbox/settle.ts'
import { showCard } from '../../src/outbox/shown.ts'
import { claim, type OutboxRow, put } from '../../src/outbox/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.prisma.outbox.deleteMany()
  await db.prisma.shownCard.deleteMany()
})

const now = new Date('2026-11-25T01:00:00Z')
const later = new Date('2026-11-25T01:10:00Z')

/** Rows for as many persons, claimed by `owner`, in the order they were put. */
async function claimed(count: number, owner = 'one'): Promise<OutboxRow[]> {
  const tellings = Array.from({ length: count }, (_, index) => ({
    ...{ kind: 'note', to: { person: newId(now) }, dedupeKey: `note-${index}` },
  }))
  await inTransaction(db, tx => put(tx, 'main', tellings, now))
  return claim(db.prisma, 'main', { owner, now, leaseMs: 20_000, take: count, shut: [] })
}

it('each claim that ends at the same time ends as it is to', async () => {
  const [sent, dropped, again, uncounted] = await claimed(4)
  if (!sent || !dropped || !again || !uncounted) throw new Error('four were to be claimed')
  await inTransaction(db, tx =>
    Promise.all([
      settle(tx, sent, 'one', { status: 'sent', messageId: 'm1' }, now),
      settle(tx, dropped, 'one', { status: 'dropped', reason: 'of no use' }, now),
      settle(tx, again, 'one', { status: 'waiting', reason: 'busy', nextAt: later }, now),
      settle(tx, uncounted, 'one', { status: 'waiting', reason: 'its turn', nextAt: later, uncounted: true }, now),
    ]),
  )
  const rows = await db.prisma.outbox.findMany({ orderBy: { id: 'asc' } })
  const free = { leaseOwner: null, leaseUntil: null }
  expect(rows).toMatchObject([
    { ...free, status: 'sent', reason: null, sentAt: now, messageId: 'm1', nextAt: now, attempts: 1 },
    { ...free, status: 'dropped', reason: 'of no use', sentAt: null, messageId: null, nextAt: now, attempts: 1 },
    { ...free, status: 'waiting', reason: 'busy', sentAt: null, messageId: null, nextAt: later, attempts: 1 },
    { ...free, status: 'waiting', reason: 'its turn', sentAt: null, messageId: null, nextAt: later, attempts: 0 },
  ])
})

it('what somebody else has taken over is left alone, what ends with it is not', async () => {
  const [mine, his] = await claimed(2)
  if (!mine || !his) throw new Error('two were to be claimed')
  await db.prisma.outbox.updateMany({ where: { id: his.id }, data: { leaseOwner: 'another' } })
  await inTransaction(db, tx =>
    Promise.all([mine, his].map(row => settle(tx, row, 'one', { status: 'sent', messageId: 'm' }, now))),
  )
  const rows = await db.prisma.outbox.findMany({ orderBy: { id: 'asc' } })
  expect(rows).toMatchObject([{ status: 'sent' }, { status: 'sending', leaseOwner: 'another' }])
})

it('of the cards of one thing a person has the last on the screen, also when they were shown at the same time', async () => {
  const [subject, other, person, colleague] = [newId(now), newId(now), newId(now), newId(now)]
  const show = (of: string, personId: string, taskId: string) => {
    const card = { subject: of, personId, platform: 'wecom', taskId, version: 1 }
    return inTransaction(db, tx => showCard(tx, 'main', card, { messageId: `m-${taskId}` }, now))
  }
  await show(subject, person, 'first')
  await inTransaction(db, tx =>
    Promise.all(
      [
        { subject, personId: person, taskId: 'second' },
        { subject, personId: colleague, taskId: 'his' },
        { subject: other, personId: person, taskId: 'other' },
        { subject, personId: person, taskId: 'third' },
      ].map(card => showCard(tx, 'main', { ...card, platform: 'wecom', version: 2 }, { handle: 'code' }, now)),
    ),
  )
  const live = async () =>
    (await db.prisma.shownCard.findMany({ where: { live: true } })).map(({ taskId }) => taskId).sort()
  expect(await live()).toEqual(['his', 'other', 'third'])
  // Drawn once more under the same task id: the same card, as it is now.
  await show(subject, person, 'first')
  expect(await live()).toEqual(['first', 'his', 'other'])
  expect(await db.prisma.shownCard.count()).toBe(5)
})

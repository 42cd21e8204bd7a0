import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { newId } from '../../src/ids.ts'
import { putListed } from '../../src/outbox/adjoin.ts'
import { claim, put, type Telling } from '../../src/outbox/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(() => db.prisma.outbox.deleteMany())

const now = new Date('2026-11-25T01:00:00Z')
const [zhang, li] = [newId(now), newId(now)]

const taken = (code: number, person = zhang): Telling => ({
  ...{ kind: 'taken', to: { person }, data: { items: [{ code }] }, dedupeKey: `taken:${code}:${person}` },
})
const card = (name: string, person = zhang): Telling => ({ kind: 'card', to: { person }, dedupeKey: `card:${name}` })

const putAll = (...tellings: Telling[]) => inTransaction(db, tx => putListed(tx, 'main', 'taken', tellings, now))

/** `zhang: 1+2, card, 3`: the rows of a person in the order they are sent. */
async function rowsOf(person: string): Promise<string> {
  const rows = await db.prisma.outbox.findMany({ where: { personId: person }, orderBy: { id: 'asc' } })
  return rows
    .map(({ kind, data }) =>
      kind === 'taken' ? (data as { items: Array<{ code: number }> }).items.map(({ code }) => code).join('+') : kind,
    )
    .join(', ')
}

describe('messages that are lists', () => {
  it('become one where they stand side by side, each person’s his own', async () => {
    await putAll(taken(1), taken(1, li), taken(2), taken(2, li), taken(3))
    expect([await rowsOf(zhang), await rowsOf(li)]).toEqual(['1+2+3', '1+2'])
  })

  it('take in what comes while they wait', async () => {
    await putAll(taken(1))
    await putAll(taken(2), taken(3))
    expect(await rowsOf(zhang)).toBe('1+2+3')
  })

  it('are not moved past another message', async () => {
    await putAll(taken(1), card('between'), taken(2))
    await putAll(taken(3))
    await putAll(card('behind'))
    await putAll(taken(4))
    expect(await rowsOf(zhang)).toBe('1, card, 2+3, card, 4')
  })

  it('stay as they are once somebody tried to send them', async () => {
    await putAll(taken(1))
    await inTransaction(db, tx => claim(tx, 'main', { owner: 'me', now, leaseMs: 60_000, take: 10, shut: [] }))
    await putAll(taken(2))
    expect(await rowsOf(zhang)).toBe('1, 2')
    await db.prisma.outbox.updateMany({ where: { status: 'sending' }, data: { status: 'waiting' } })
    await db.prisma.outbox.deleteMany({ where: { attempts: 0 } })
    await putAll(taken(3))
    expect(await rowsOf(zhang)).toBe('1, 3')
  })

  it('hold no more than a message does', async () => {
    const many = Array.from({ length: 150 }, (_, index) => taken(index))
    await putAll(...many)
    const sizes = async () => (await rowsOf(zhang)).split(', ').map(row => row.split('+').length)
    expect(await sizes()).toEqual([100, 50])
    await putAll(...many.map((_, index) => taken(200 + index)).slice(0, 60))
    expect(await sizes()).toEqual([100, 50, 60])
  })

  it('leave alone what another transaction is changing', async () => {
    await putAll(taken(1))
    if (db.kind === 'embedded') return expect(await rowsOf(zhang)).toBe('1')
    let commit = () => {}
    const held = new Promise<void>(resolve => {
      commit = resolve
    })
    let began = () => {}
    const begun = new Promise<void>(resolve => {
      began = resolve
    })
    const other = inTransaction(db, async tx => {
      await putListed(tx, 'main', 'taken', [taken(2)], now)
      began()
      await held
    })
    await begun
    await putAll(taken(3))
    commit()
    await other
    expect(await rowsOf(zhang)).toBe('1+2, 3')
  })

  it('are of one kind only: others are put as ever', async () => {
    await inTransaction(db, tx => put(tx, 'main', [{ ...card('x'), data: { items: [] } }], now))
    await putAll(taken(1))
    await putAll({ ...card('y'), coalesce: 'c' }, { ...card('z'), coalesce: 'c' })
    expect(await rowsOf(zhang)).toBe('card, 1, card, card')
  })
})

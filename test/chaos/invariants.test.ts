import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { lookAt } from '../../chaos/invariants.ts'
import { noPromises } from '../../chaos/load.ts'
import { drawTable, failed, tell } from '../../chaos/report.ts'
import { newId } from '../../src/ids.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import type { Taken } from '../support/outside.ts'

const company = 'main'
const at = new Date('2026-11-24T01:00:00Z')
const [zhang, li, team] = [randomUUID(), randomUUID(), randomUUID()]

let db: TestDatabase

beforeAll(async () => {
  db = await freshDatabase()
})
beforeEach(() => db.reset())
afterAll(() => db.close())

/** What is broken, a line each, by what should be so. */
async function broken(promises = noPromises(), taken: Taken[] = []): Promise<Record<string, string[]>> {
  const findings = await lookAt(db, { promises, taken })
  return Object.fromEntries(
    findings.filter(({ violations }) => violations.length > 0).map(({ what, violations }) => [what, violations]),
  )
}

async function order(
  code: string,
  facts: Array<[seq: number, fact: string, by?: string | undefined, body?: object]>,
  assigneeId?: string,
) {
  const id = newId(at)
  const times = { createdAt: at, updatedAt: at }
  const row = { company, id, code, teamId: team, kind: 'repair', state: 'accepted', urgent: false, ...times }
  const customer = { customerName: '王女士', customerPhone: '13800001234', address: '花园路', fault: `第${code}单` }
  await db.prisma.order.create({
    data: { ...row, ...customer, version: facts.at(-1)?.[0] ?? 0, assigneeId: assigneeId ?? null },
  })
  await db.prisma.journal.createMany({
    data: facts.map(([seq, fact, by, body = {}]) => ({
      ...{ company, orderId: id, seq, at, fact, via: 'text', by: by ?? null, body, words: `${fact} ${code}` },
    })),
  })
}

const message = <T extends object>(id: string, more: T) => ({
  ...{ company, id, lane: `person:${zhang}`, platform: 'any', kind: 'notice', personId: zhang, data: {} },
  ...{ dedupeKey: id, createdAt: at, nextAt: at, ...more },
})

it('finds nothing in a database that is as it should be', async () => {
  await order(
    '1001',
    [
      [1, 'created'],
      [2, 'dispatched', undefined, { to: zhang }],
      [3, 'accepted', zhang],
    ],
    zhang,
  )
  const promises = noPromises()
  promises.orders.set('key', { code: '1001', fault: '第1001单' })
  promises.acts.push({ code: '1001', fact: 'accepted', words: 'accepted 1001' }, { code: '1001', fact: 'created' })
  expect(await broken(promises)).toEqual({})
})

it('sees what was acknowledged and is missing, there twice, or kept in other words', async () => {
  await order('1001', [
    [1, 'created'],
    [2, 'arrived'],
    [3, 'arrived'],
  ])
  const promises = noPromises()
  promises.acts.push({ code: '1001', fact: 'arrived' }, { code: '1001', fact: 'completed', words: '完工 1001' })
  promises.acts.push({ code: '1001', fact: 'created', words: '开单' })
  // Said twice, since nobody acknowledged the first one: both may have been heard.
  promises.acts.push({ code: '1001', fact: 'arrived', words: 'arrived 1001', said: 2 })
  promises.orders.set('one', { code: '1001', fault: '第1001单' }).set('two', { code: '1002', fault: '第1002单' })
  promises.leaves.push({ userId: 'zhang1', day: '2026-12-01', decided: true })
  promises.months.push({ team: '一班', month: '2026-10' })
  promises.photos = 1
  expect(await broken(promises)).toEqual({
    'acknowledged taps and sentences are one fact each': [
      '1001 has 2 facts arrived, of an acknowledged "tap"',
      '1001 has 0 facts completed, of an acknowledged "完工 1001"',
      '1001 created was kept as "created 1001", said was "开单"',
    ],
    'answers 201 have their order, one for each key': ['two was answered 1002, there is '],
    'confirmed leave is one request, granted once': ['zhang1 has 0 requests for 2026-12-01'],
    'acknowledged photos are kept, once': ['1 were acknowledged, 0 are there, 0 were refused'],
    'months are published once and locked once, slips add up': ['一班 2026-10: []'],
  })
})

it('blames nobody for a photo of which it is not clear whose it is, and for leave that gave way to another wish', async () => {
  await db.prisma.person.create({ data: { company, id: zhang, name: '张三', createdAt: at } })
  const account = { company, platform: 'wecom', userId: 'zhang1', personId: zhang, boundAt: at, how: 'api' }
  await db.prisma.identity.create({ data: account })
  const event = { said: { kind: 'media', media: [] } }
  const promises = noPromises()
  promises.photos = 1
  promises.leaves.push({ userId: 'zhang1', day: '2026-12-01', decided: false })
  expect(Object.keys(await broken(promises))).toHaveLength(2)
  await db.prisma.inbox.create({
    data: { company, platform: 'wecom', key: 'app:1', status: 'refused', event, receivedAt: at },
  })
  const draft = { company, id: newId(at), personId: zhang, chatKey: 'x', kind: 'leave', version: 1, createdAt: at }
  const data = { kind: 'leave', span: { from: { day: '2026-12-01', minute: 0 } } }
  await db.prisma.draft.create({ data: { ...draft, data, expiresAt: at, closedAt: at, outcome: 'replaced' } })
  expect(await broken(promises)).toEqual({})
})

it('sees two holders, and a journal with a gap', async () => {
  await order(
    '1001',
    [
      [1, 'created'],
      [2, 'offered'],
      [3, 'accepted', zhang],
      [4, 'accepted', li],
    ],
    li,
  )
  await order(
    '1002',
    [
      [1, 'created'],
      [3, 'dispatched', undefined, { to: zhang }],
    ],
    li,
  )
  expect(await broken()).toEqual({
    'orders have one holder, and the journal says who': [
      `1001 was taken by ${li}, ${zhang} had it`,
      `1002 says it is ${li}'s, its journal says ${zhang}'s`,
    ],
    'journals are numbered without gaps': ['{"code":"1002","version":3,"facts":2,"last":3}'],
  })
})

it('sees what was not said, or not in order, and callbacks nobody dealt with', async () => {
  await db.prisma.person.create({ data: { company, id: zhang, name: '张三', createdAt: at } })
  const account = { company, platform: 'wecom', userId: 'zhang1', personId: zhang, boundAt: at, how: 'api' }
  await db.prisma.identity.create({ data: account })
  const [first, second, third, fourth] = [0, 1, 2, 3].map(ms => newId(new Date(at.getTime() + ms))).sort()
  const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
  await db.prisma.outbox.createMany({
    data: [
      message(first ?? '', { status: 'sent', messageId: 'm1', sentAt: later(40) }),
      message(second ?? '', { status: 'sent', messageId: 'm2', sentAt: later(20), createdAt: later(10) }),
      message(third ?? '', { status: 'waiting' }),
      message(fourth ?? '', { status: 'dead', reason: 'bad-body: refused' }),
    ],
  })
  await db.prisma.inbox.create({
    data: { company, platform: 'wecom', key: 'app:1', status: 'new', event: {}, receivedAt: at },
  })
  const found = await broken(noPromises(), [{ msgid: 'm1', content: 'x', at: 0 }])
  expect(Object.keys(found)).toEqual([
    'callbacks that were kept are dealt with',
    'messages that were due are out',
    'messages of a lane went out in its order',
  ])
  expect(found['messages that were due are out']).toEqual([
    expect.stringContaining(third ?? ''),
    expect.stringContaining(fourth ?? ''),
    `${second} is said to be sent as m2, which WeCom never took`,
  ])
  expect(found['messages of a lane went out in its order']).toHaveLength(1)
})

it('takes the order in which WeCom took messages for theirs, whatever the clock said; late is who was cut off', async () => {
  await db.prisma.person.create({ data: { company, id: zhang, name: '张三', createdAt: at } })
  const [first, second] = [0, 1].map(ms => newId(new Date(at.getTime() + ms))).sort()
  const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000)
  await db.prisma.outbox.createMany({
    data: [
      message(first ?? '', { status: 'sent', messageId: 'm1', sentAt: later(40) }),
      message(second ?? '', { status: 'sent', messageId: 'm2', sentAt: later(20), createdAt: later(10) }),
    ],
  })
  const order = async (msgids: readonly string[], lateMs?: number) => {
    const taken = msgids.map((msgid, index) => ({ msgid, content: msgid, at: index }))
    const found = await lookAt(db, { promises: noPromises(), taken, lateMs })
    return found.find(({ what }) => what === 'messages of a lane went out in its order')
  }
  expect(await order(['m1', 'm2'])).toMatchObject({ violations: [] })
  expect(await order(['m2', 'm1'])).toMatchObject({ violations: [expect.stringContaining(first ?? '')] })
  const late = { violations: [], note: '1 passed one that was put late or by another clock' }
  expect(await order(['m2', 'm1'], 11_000)).toMatchObject(late)
})

it('sees points that do not add up', async () => {
  const mine = { company, teamId: team, personId: zhang, month: '2026-11' }
  await db.prisma.pointsBook.create({ data: { ...mine, digest: 'x', total: 105 } })
  const entry = { ...mine, day: '2026-11-01', source: 'start', subject: '', rule: '', policy: 'default', version: 1 }
  await db.prisma.pointsEntry.create({ data: { ...entry, id: newId(at), points: 100, corrects: false, at } })
  expect(await broken()).toEqual({
    'points of the ledger add up to their books': [expect.stringContaining('"total":"105.00"')],
  })
})

it('prints the rows of what is broken, and counts it', async () => {
  await order('1001', [
    [1, 'created'],
    [3, 'arrived'],
  ])
  const outcome = {
    findings: await lookAt(db, { promises: noPromises(), taken: [] }),
    errors: [],
    expected: 2,
    said: ['words'],
  }
  const report = { ...outcome, name: 'kill', database: 'embedded', seconds: 1 }
  expect(failed(report)).toBe(true)
  expect(tell(report)).toContain(
    'kill on embedded: BROKEN after 1 s\n  words\n  ✗ journals are numbered without gaps: {"code":"1001"',
  )
  expect(drawTable([report])).toContain('| journals are numbered without gaps | 2 | 1 |')
  expect(failed({ ...outcome, findings: [] })).toBe(false)
  expect(failed({ ...outcome, findings: [], errors: ['x'] })).toBe(true)
})

import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { contextOf } from '../../bench/company.ts'
import type { Context } from '../../src/context.ts'
import { newId } from '../../src/ids.ts'
import { MovableClock } from '../../src/now.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { createWebhookSender } from '../../src/webhooks/deliver.ts'
import { testEvent } from '../../src/webhooks/events.ts'
import { createReach } from '../../src/webhooks/reach.ts'
import { createSend } from '../../src/webhooks/send.ts'
import { newSecret } from '../../src/webhooks/sign.ts'
import { addTest, createEndpoint, listDeliveries } from '../../src/webhooks/store.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { Receiver } from '../support/receiver.ts'
import { StoryLog } from '../support/storylog.ts'

const start = new Date('2026-11-25T02:00:00Z')
const log = new StoryLog()
const clock = new MovableClock()
let db: TestDatabase
/** Two instances on one database. */
let instances: Context[]
beforeAll(async () => {
  db = await freshDatabase()
  const policies = ownPacks('src/policy/packs', 'Asia/Shanghai')
  instances = [db, await db.another()].map(one => contextOf(one, policies, clock, log))
})
beforeEach(async () => {
  await db.reset()
  clock.freeze(start)
})
afterAll(async () => {
  await instances[1]?.db.close()
  await db.close()
  expect(log.errors).toEqual([])
})

const senderOf = (owner: string) =>
  createWebhookSender({ owner, send: createSend(createReach(['127.0.0.1']), 60_000), tell: async () => null })

async function endpoint(messages: number): Promise<{ at: Receiver; id: string }> {
  const at = await Receiver.open({ now: () => clock.now() })
  onTestFinished(() => at.close())
  const [id, secret] = [newId(start), newSecret()]
  at.secrets = [secret]
  const made = { id, url: at.url, events: ['*'], description: null, teamId: null, secret }
  await createEndpoint(db.prisma, 'bench', made, start)
  for (let n = 0; n < messages; n++) await addTest(db.prisma, 'bench', id, { id: newId(start), type: testEvent }, start)
  return { at, id }
}

it('two instances send each message once, and to each endpoint in order', async () => {
  const endpoints = [await endpoint(15), await endpoint(15), await endpoint(15)]
  const senders = [senderOf('one'), senderOf('two')]
  const round = () => Promise.all(senders.map((sender, index) => sender.run(instances[index] as Context, () => false)))
  for (let begun = [1]; begun.some(count => count > 0); ) {
    begun = await round()
    await Promise.all(senders.map(sender => sender.idle()))
  }
  for (const { at, id } of endpoints) {
    const owed = (await listDeliveries(db.prisma, 'bench', id, { limit: 200 })).reverse()
    expect(at.got.map(message => message.id)).toEqual(owed.map(one => one.id))
    expect(new Set(owed.map(({ state, attempts }) => `${state} ${attempts}`))).toEqual(new Set(['delivered 1']))
  }
})

it('an instance that stands still loses its endpoint to another, and what it brings back late changes nothing', async () => {
  const [one, two] = instances as [Context, Context]
  const [still, other] = [senderOf('still'), senderOf('other')]
  // What was there before them is looked at when they begin.
  for (const [sender, ctx] of [[still, one] as const, [other, two] as const]) await sender.run(ctx, () => false)
  const { at, id } = await endpoint(1)
  at.answer = 'hang'
  expect(await still.run(one, () => false)).toBe(1)
  await vi.waitFor(() => expect(at.got).toHaveLength(1), { timeout: 15_000 })
  // As long as it may be at it nobody else is, and it does not begin the same twice.
  expect([await other.run(two, () => false), await still.run(one, () => false)]).toEqual([0, 0])
  clock.forward(31_000)
  expect(await still.run(one, () => false)).toBe(0)
  at.answer = 204
  expect(await other.run(two, () => false)).toBe(1)
  await other.idle()
  const delivered = { state: 'delivered', attempts: 1, status: 204, error: null }
  expect(await listDeliveries(db.prisma, 'bench', id, { limit: 9 })).toMatchObject([delivered])
  at.answersAll(500)
  await still.idle()
  expect(await listDeliveries(db.prisma, 'bench', id, { limit: 9 })).toMatchObject([delivered])
  expect(at.got.map(message => message.id)).toEqual(Array(2).fill(at.got[0]?.id))
})

it('a service that is stopped finishes the message it is at and begins no other', async () => {
  const { at, id } = await endpoint(5)
  let stopped = false
  at.answer = () => {
    stopped = true
    return 204
  }
  const sender = senderOf('one')
  await sender.run(instances[0] as Context, () => stopped)
  await sender.idle()
  expect(at.got).toHaveLength(1)
  expect(await listDeliveries(db.prisma, 'bench', id, { limit: 9, state: 'waiting' })).toHaveLength(4)
  // Nobody holds the endpoint: the next instance goes on at once.
  const next = senderOf('two')
  expect(await next.run(instances[1] as Context, () => false)).toBe(1)
  await next.idle()
  expect(at.got).toHaveLength(5)
})

it('a message that can’t be made is tried again later, is told to the operator, and lets the others pass', async () => {
  const { at, id } = await endpoint(1)
  const odd = { endpointId: id, company: 'bench', type: 'order.opened', subject: newId(start), seq: 1 }
  const early = { id: '00000000-0000-7000-8000-000000000001', at: start, nextAt: start, state: 'waiting' }
  await db.prisma.webhookDelivery.create({ data: { ...odd, ...early } })
  const gone = { ...odd, ...early, id: '00000000-0000-7000-8000-000000000002', seq: 2 }
  await db.prisma.webhookDelivery.create({ data: gone })
  const sender = createWebhookSender({
    ...{ owner: 'one', send: createSend(createReach(['127.0.0.1']), 60_000) },
    tell: async (_tx, _ctx, { seq }) => (seq === 1 ? Promise.reject(new Error('a bug')) : null),
  })
  await sender.run(instances[0] as Context, () => false)
  await sender.idle()
  expect(at.types()).toEqual([testEvent])
  const rows = (await listDeliveries(db.prisma, 'bench', id, { limit: 9 })).reverse()
  expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['waiting', 1],
    ['dropped', 0],
    ['delivered', 1],
  ])
  expect(rows[0]?.error).toBe('it could not be made; the log has the reason')
  expect(log.errors.splice(0)).toEqual([expect.stringContaining('a webhook message could not be made')])
})

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { contextOf } from '../../bench/company.ts'
import type { Context } from '../../src/context.ts'
import { createGlance, type Due } from '../../src/engine/due.ts'
import { newId } from '../../src/ids.ts'
import { MovableClock } from '../../src/now.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

const now = new Date('2026-11-25T02:00:00Z')
const early = new Date(now.getTime() - 1)
const late = new Date(now.getTime() + 1)
const parts = ['leases', 'inbox', 'clocks', 'leave', 'approvals', 'media', 'accounts', 'sessions', 'webhooks'] as const

let db: TestDatabase
let ctx: Context
const clock = new MovableClock()
beforeAll(async () => {
  db = await freshDatabase()
  ctx = contextOf(db, ownPacks('src/policy/packs', 'Asia/Shanghai'), clock, new StoryLog())
})
beforeEach(async () => {
  await db.reset()
  clock.freeze(now)
})
afterAll(() => db.close())

/** Duties of each part, and what ran in a beat; `does` is what the one of that name says it did. */
function engine(does: Partial<Record<keyof Due, number>> = {}) {
  const glance = createGlance(['wecom', 'dingtalk'])
  const ran: string[] = []
  const duties = parts.map(part =>
    glance.when(part, async () => {
      ran.push(part)
      return does[part] ?? 0
    }),
  )
  return async () => {
    ran.length = 0
    await glance.begin(ctx, () => false)
    for (const duty of duties) await duty(ctx, () => false)
    return [...ran]
  }
}

/** Something for each duty, to be done at a moment. */
async function put(part: keyof Due, at: Date): Promise<unknown> {
  const { prisma } = db
  const [company, id, createdAt] = ['bench', newId(now), now]
  switch (part) {
    case 'leases':
      return prisma.outbox.create({
        data: {
          ...{ company, id, lane: 'l', platform: 'any', kind: 'note', data: {}, dedupeKey: id, createdAt },
          ...{ status: 'sending', nextAt: now, leaseOwner: 'gone', leaseUntil: at },
        },
      })
    case 'inbox':
      return prisma.inbox.create({
        data: { company, platform: 'wecom', key: id, status: 'new', nextAt: at, event: {}, receivedAt: now },
      })
    case 'clocks':
      return prisma.orderClock.create({
        data: { company, orderId: id, kind: 'contact', state: 'running', startedAt: now, nextLookAt: at },
      })
    case 'leave':
      return prisma.leave.create({
        data: {
          ...{ company, id, code: id, teamId: id, personId: id, kind: 'leave', type: 'annual', state: 'asked' },
          ...{ firstDay: '2026-12-01', lastDay: '2026-12-01', version: 1, createdAt, updatedAt: now, nextLookAt: at },
        },
      })
    case 'approvals':
      return prisma.approvalTask.create({
        data: {
          company,
          platform: 'wecom',
          does: 'read',
          about: id,
          compared: false,
          wanted: 1,
          attempts: 0,
          nextAt: at,
        },
      })
    case 'media':
      return prisma.media.create({
        data: {
          ...{ company, id, personId: id, platform: 'wecom', kind: 'image', source: {}, state: 'wanted', createdAt },
          nextAt: at,
        },
      })
    case 'webhooks': {
      const state = { enabled: true, createdAt, updatedAt: now }
      await prisma.webhookEndpoint.create({ data: { company, id, url: '', events: [], secret: '', ...state } })
      const owed = { company, endpointId: id, type: 'order.opened', state: 'waiting', at: now, nextAt: at }
      return prisma.webhookDelivery.create({ data: { ...owed, id } })
    }
    case 'sessions':
      return prisma.usedState.create({ data: { company, hash: id, expiresAt: at } })
    case 'accounts': {
      const platforms = at > now ? ['wecom', 'dingtalk'] : ['wecom', 'another']
      return prisma.person.create({
        data: {
          ...{ company, id, name: '张三', mobile: '13800000001', createdAt },
          identities: { create: platforms.map(platform => ({ platform, userId: id, boundAt: now, how: 'mobile' })) },
        },
      })
    }
  }
}

it.each(parts)('lets the duty for %s run when something is due for it, and no other', async part => {
  const beat = engine()
  expect(await beat(), 'the first beat').toEqual(parts)
  await put(part, late)
  expect(await beat()).toEqual([])
  await db.reset()
  await put(part, early)
  expect(await beat()).toEqual([part])
})

it('looks again after a duty that did something', async () => {
  const beat = engine({ inbox: 1 })
  await beat()
  await put('inbox', early)
  expect(await beat()).toEqual(['inbox'])
  const glance = createGlance(['wecom'])
  const stopping = () => false
  await glance.begin(ctx, stopping)
  await glance.begin(ctx, stopping)
  const ran: string[] = []
  const media = glance.when('media', async () => ran.push('media'))
  await put('media', early)
  await media(ctx, stopping)
  expect(ran).toEqual([])
  await glance.noting(async () => 1)(ctx, stopping)
  await media(ctx, stopping)
  expect(ran).toEqual(['media'])
})

import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { contextOf } from '../../bench/company.ts'
import type { PlatformName } from '../../src/chat/inbound.ts'
import type { Context } from '../../src/context.ts'
import { inTransaction } from '../../src/db/tx.ts'
import { createSender } from '../../src/engine/deliver.ts'
import { Permanent } from '../../src/errors.ts'
import { newId } from '../../src/ids.ts'
import { MovableClock } from '../../src/now.ts'
import type { Composers } from '../../src/outbox/compose.ts'
import { put } from '../../src/outbox/store.ts'
import type { Delivery, Platform, Sent } from '../../src/platforms/platform.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

let db: TestDatabase
let ctx: Context
let log: StoryLog
const clock = new MovableClock()
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(async () => {
  await db.reset()
  clock.freeze(new Date('2026-11-25T02:00:00Z'))
  log = new StoryLog()
  ctx = contextOf(db, ownPacks('src/policy/packs', 'Asia/Shanghai'), clock, log)
})

function platform(name: PlatformName, send: (delivery: Delivery) => Promise<Sent>): Platform {
  return {
    ...{ name, corpId: 'corp', send, limits: () => [], problems: () => [] },
    can: {
      ...{ buttons: true, repaint: 'always', answerShows: 'everyone', mention: true, hearsGroup: true },
      ...{ quotes: false, locations: false, recall: true },
    },
    fetchMedia: () => Promise.reject(new Error('nothing to fetch')),
  }
}

async function person(on: PlatformName, name: string): Promise<string> {
  const [id, company, now] = [newId(clock.now()), ctx.company, clock.now()]
  await db.prisma.person.create({ data: { company, id, name, createdAt: now } })
  await db.prisma.identity.create({
    data: { company, platform: on, userId: name, personId: id, boundAt: now, how: 'file' },
  })
  return id
}

const note = (person: string, nr = 0) => ({ kind: 'note', to: { person }, data: {}, dedupeKey: `${person} ${nr}` })
const composers: Composers = {
  note: async ({ personId }) => ({ to: { person: personId ?? '' }, message: { kind: 'text', text: '你好' } }),
}
const statuses = async () =>
  await db.prisma.outbox.findMany({ orderBy: { id: 'asc' }, select: { status: true, reason: true, attempts: true } })

describe('sending', () => {
  it('leaves places to the others while one platform hangs', async () => {
    const said: string[] = []
    let release: () => void = () => {}
    const hanging = new Promise<void>(resolve => {
      release = resolve
    })
    const wecom = vi.fn(async () => {
      await hanging
      return {}
    })
    const platforms = new Map([
      ['wecom' as const, platform('wecom', wecom)],
      [
        'dingtalk' as const,
        platform('dingtalk', async ({ to }) => ({ messageId: said.push('userId' in to ? to.userId : '').toString() })),
      ],
    ])
    const sender = createSender({ owner: 'me', composers, platforms })
    const many: string[] = []
    for (let nr = 0; nr < 60; nr++) many.push(await person('wecom', `张三${nr}`))
    await put(
      db.prisma,
      ctx.company,
      many.map(id => note(id)),
      clock.now(),
    )
    await sender.deliver(ctx, () => false)
    const li = await person('dingtalk', '李四')
    clock.forward(1_000)
    await put(db.prisma, ctx.company, [note(li)], clock.now())
    await sender.deliver(ctx, () => false)
    expect(said).toEqual(['李四'])
    expect(wecom).toHaveBeenCalledTimes(24)
    release()
    await sender.idle()
    clock.forward(1_000)
    for (let round = 0; round < 5; round++) {
      await sender.deliver(ctx, () => false)
      await sender.idle()
      clock.forward(1_000)
    }
    expect(wecom).toHaveBeenCalledTimes(60)
    expect((await statuses()).map(({ status }) => status)).toEqual(Array.from({ length: 61 }, () => 'sent'))
  })

  it('knows a card that is out though it could not be noted, when the platform refuses it the second time', async () => {
    let times = 0
    const send = vi.fn(async () => {
      if (++times > 1) throw new Permanent('bad-body', 'task_id was used before', { fix: 'report it' })
      return {}
    })
    const full = vi.fn(async () => {
      if (full.mock.calls.length === 1) throw new Error('could not extend file: No space left on device')
    })
    const cards: Composers = {
      note: async ({ personId }) => ({
        ...{ to: { person: personId ?? '' }, message: { kind: 'text', text: '你好' }, taskId: 'task-1', sent: full },
      }),
    }
    const sender = createSender({
      ...{ owner: 'me', composers: cards, platforms: new Map([['wecom' as const, platform('wecom', send)]]) },
    })
    await put(db.prisma, ctx.company, [note(await person('wecom', '张三'))], clock.now())
    await sender.deliver(ctx, () => false)
    await sender.idle()
    expect(await statuses()).toEqual([
      { status: 'waiting', attempts: 1, reason: 'unnoted: could not extend file: No space left on device' },
    ])
    expect(log.errors.join()).toContain('No space left on device')
    clock.forward(10_000)
    await sender.deliver(ctx, () => false)
    await sender.idle()
    expect(await statuses()).toEqual([{ status: 'sent', attempts: 2, reason: null }])
    expect(send).toHaveBeenCalledTimes(2)
  })

  it('leaves a message to whoever took it over while the process stood still', async () => {
    const send = vi.fn(async () => ({}))
    let stood = false
    const slow: Composers = {
      note: async ({ id, personId }) => ({
        to: { person: personId ?? '' },
        message: async () => {
          clock.forward(25_000)
          if (!stood) await db.prisma.outbox.updateMany({ where: { id }, data: { leaseOwner: 'another' } })
          stood = true
          return { kind: 'text', text: '你好' }
        },
      }),
    }
    const sender = createSender({
      ...{ owner: 'me', composers: slow, platforms: new Map([['wecom' as const, platform('wecom', send)]]) },
    })
    await put(db.prisma, ctx.company, [note(await person('wecom', '张三'))], clock.now())
    await sender.deliver(ctx, () => false)
    await sender.idle()
    expect(send).not.toHaveBeenCalled()
    expect((await statuses())[0]).toMatchObject({ status: 'sending' })
    // One that nobody took over is said, however long it took.
    await put(db.prisma, ctx.company, [note(await person('wecom', '李四'))], clock.now())
    await sender.deliver(ctx, () => false)
    await sender.idle()
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('sends what waits behind a message that ends while its lane is looked at', async () => {
    const said: string[] = []
    let release: () => void = () => {}
    const held = new Promise<void>(resolve => {
      release = resolve
    })
    const wecom = platform('wecom', async ({ id }) => {
      said.push(id)
      await held
      return {}
    })
    const sender = createSender({ owner: 'me', composers, platforms: new Map([['wecom' as const, wecom]]) })
    const zhang = await person('wecom', '张三')
    await put(db.prisma, ctx.company, [note(zhang, 1), note(zhang, 2)], clock.now())
    // The second look finds the lane taken; before its answer is here, the first message is noted.
    let looks = 0
    const $queryRaw = async (...words: Parameters<typeof db.prisma.$queryRaw>) => {
      const rows = await db.prisma.$queryRaw(...words)
      if (++looks !== 2) return rows
      release()
      await sender.idle()
      return rows
    }
    const prisma: typeof db.prisma = Object.create(db.prisma, { $queryRaw: { value: $queryRaw } })
    await sender.deliver({ ...ctx, db: { ...db, prisma } }, () => false)
    expect(said).toHaveLength(2)
    expect((await statuses()).map(({ status }) => status)).toEqual(['sent', 'sent'])
  })

  it('hears a bell whenever it is rung', async () => {
    const { Engine } = await import('../../src/engine/engine.ts')
    for (let steps = 0; steps < 20; steps++) {
      let beats = 0
      const engine: InstanceType<typeof Engine> = new Engine(ctx, [
        {
          name: 'count',
          run: async () => {
            if (++beats > 1) return beats
            let later = Promise.resolve()
            for (let step = 0; step < steps; step++) later = later.then(() => {})
            void later.then(() => engine.ring())
            return beats
          },
        },
      ])
      engine.ring()
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
      expect([steps, beats]).toEqual([steps, 2])
    }
  })

  it('is no part of a transaction in which somebody rings', async () => {
    const { Engine } = await import('../../src/engine/engine.ts')
    const count = vi.fn(async () => inTransaction(db, async tx => tx.person.count()))
    const engine = new Engine(ctx, [{ name: 'count', run: count }])
    const before = await inTransaction(db, async tx => {
      engine.ring()
      await new Promise(resolve => setTimeout(resolve, 50))
      return tx.person.count()
    })
    await engine.trigger()
    expect(before).toBe(0)
    expect(count).toHaveBeenCalled()
    expect(log.errors).toEqual([])
  })
})

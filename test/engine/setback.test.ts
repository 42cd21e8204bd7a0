import { describe, expect, it } from 'vitest'
import { keepInbound } from '../../src/chat/store.ts'
import { leases } from '../../src/db/keep.ts'
import { endWrongTimes } from '../../src/engine/setback.ts'
import { newId } from '../../src/ids.ts'
import { claim, put } from '../../src/outbox/store.ts'
import { eachStory, givenOrder } from '../support/shop.ts'

const story = eachStory()
const hours = 2 * 3_600_000

/** Does it while the clock is ahead by two hours, and sets it right. */
async function ahead<T>(work: () => Promise<T>): Promise<T> {
  const { clock } = story.world
  clock.offset += hours
  try {
    return await work()
  } finally {
    clock.offset -= hours
  }
}

describe('a clock that was two hours ahead and is set back', () => {
  it('leaves no message claimed: what a dead sender had goes out', async () => {
    const { world, db } = story
    const zhang = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
    const now = world.clock.now()
    const note = { kind: 'note', to: { person: zhang.id }, data: { text: '开会改到三点' }, dedupeKey: 'note-1' }
    await put(db.prisma, 'main', [note], now)
    await ahead(() =>
      claim(db.prisma, 'main', { owner: 'dead', now: world.clock.now(), leaseMs: 20_000, take: 10, shut: [] }),
    )
    await world.forward('61s')
    world.zhang.sees('开会改到三点')
  })

  it('sends what was put then at once, and what was put to be said later as much later', async () => {
    const { world, db } = story
    const zhang = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
    const at = (ms: number) => new Date(world.clock.now().getTime() + ms)
    await ahead(async () => {
      const note = (text: string, ms: number) => ({
        ...{ kind: 'note', to: { person: zhang.id }, data: { text }, dedupeKey: text, at: at(ms) },
        ...{ lane: text, notAfter: at(ms + 600_000) },
      })
      await put(db.prisma, 'main', [note('马上', 0), note('半小时后', 1_800_000)], at(0))
    })
    await world.forward('61s')
    world.zhang.sees('马上')
    await world.forward('30m')
    world.zhang.sees('半小时后')
  })

  it('takes up what was kept then', async () => {
    const { world, db } = story
    const code = await givenOrder(world)
    await ahead(() =>
      keepInbound(
        db.prisma,
        'main',
        {
          ...{ platform: 'wecom', key: 'said-1', corpId: world.sandbox.credentials.corpId, at: world.clock.now() },
          sender: { userId: 'zhangsan' },
          chat: { kind: 'single', id: 'zhangsan', via: 'app' },
          said: { kind: 'text', text: `接单 ${code}` },
        },
        world.clock.now(),
      ),
    )
    await world.forward('61s')
    world.zhang.sees(`✅ ${code} 已接单`)
    world.zhao.sees('张三 已接单')
    world.groupSees('张三 已接单')
  })

  it('gives a name to another once its holder has died', async () => {
    const { world, db } = story
    const [dead, alive] = ['dead', 'alive'].map(owner => leases(db, 'main', owner, world.clock))
    expect(await ahead(async () => dead?.hold('wecom-bot', 30_000))).toBe(true)
    expect(await alive?.hold('wecom-bot', 30_000)).toBe(true)
    expect(await dead?.hold('wecom-bot', 30_000)).toBe(false)
  })

  it('fetches, asks and imports what somebody had begun; what is not held is left alone', async () => {
    const { world, db } = story
    const { ctx } = world.app
    const [company, now, late] = ['main', world.clock.now(), new Date(world.clock.now().getTime() + hours)]
    const zhang = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
    const media = (nextAt: Date, error: string | null) => ({
      ...{ company, id: newId(now), personId: zhang.id, platform: 'wecom', kind: 'image', source: {}, state: 'wanted' },
      ...{ nextAt, error, createdAt: now },
    })
    const soon = new Date(now.getTime() + 1_800_000)
    const kept = [media(late, null), media(late, 'failed'), media(soon, 'failed')]
    await db.prisma.media.createMany({ data: kept })
    const task = { company, platform: 'wecom', does: 'read', about: '1', compared: false, wanted: 1, attempts: 1 }
    await db.prisma.approvalTask.create({ data: { ...task, nextAt: late } })
    expect(await endWrongTimes(ctx)).toBe(3)
    const times = await db.prisma.media.findMany({
      where: { id: { in: kept.map(({ id }) => id) } },
      orderBy: { id: 'asc' },
    })
    expect(kept.map(({ id }) => times.find(one => one.id === id)?.nextAt)).toEqual([now, now, soon])
    expect(await db.prisma.approvalTask.findFirst()).toMatchObject({ nextAt: now })
    expect(await endWrongTimes(ctx)).toBe(0)
    await db.prisma.media.deleteMany()
    await db.prisma.approvalTask.deleteMany()
  })
  it('goes on with tables, months and notices; what waits for a time of its own is left alone', async () => {
    const { world, db } = story
    const { ctx } = world.app
    const [company, now, late] = ['main', world.clock.now(), new Date(world.clock.now().getTime() + hours)]
    const soon = new Date(now.getTime() + 30_000)
    const ids = Array.from({ length: 7 }, () => newId(now))
    const [dead, alive, wanted, published, endpoint, first, again] = ids as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    const table = (id: string, nextAt: Date) => ({
      ...{ company, id, kind: 'people', state: 'importing', hash: id, total: 1, good: 1, known: 0, via: 'api' },
      ...{ faults: [], warnings: [], notes: [], sample: [], createdAt: now, expiresAt: late, nextAt },
    })
    await db.prisma.import.createMany({ data: [table(dead, late), table(alive, soon)] })
    const month = (id: string, facts: readonly string[]) => ({
      settlement: {
        ...{
          company,
          id,
          teamId: newId(now),
          month: '2026-10',
          state: 'draft',
          policy: 'general',
          rules: 1,
          result: {},
        },
        ...{ version: facts.length, nextLookAt: late, createdAt: now, updatedAt: now },
      },
      journal: facts.map((fact, index) => ({
        ...{ company, settlementId: id, seq: index + 1, at: now, fact, via: 'system', body: {} },
      })),
    })
    const months = [
      month(wanted, ['wanted', 'reckoned', 'wanted']),
      month(published, ['wanted', 'reckoned', 'published']),
    ]
    await db.prisma.settlement.createMany({ data: months.map(({ settlement }) => settlement) })
    await db.prisma.settlementJournal.createMany({ data: months.flatMap(({ journal }) => journal) })
    const owed = (id: string, attempts: number) => ({
      ...{
        company,
        endpointId: endpoint,
        id,
        type: 'order.created',
        at: now,
        state: 'waiting',
        attempts,
        nextAt: late,
      },
    })
    await db.prisma.webhookDelivery.createMany({ data: [owed(first, 0), owed(again, 1)] })

    expect(await endWrongTimes(ctx)).toBe(3)
    const imports = await db.prisma.import.findMany({ where: { id: { in: ids } } })
    const settlements = await db.prisma.settlement.findMany({ where: { id: { in: ids } } })
    const deliveries = await db.prisma.webhookDelivery.findMany({ where: { id: { in: ids } } })
    const times = [...imports, ...deliveries].map(({ id, nextAt }) => [id, nextAt] as const)
    const looks = settlements.map(({ id, nextLookAt }) => [id, nextLookAt] as const)
    expect(new Map([...times, ...looks])).toEqual(
      new Map([
        ...[dead, wanted, first].map(id => [id, now] as const),
        [alive, soon],
        [published, late],
        [again, late],
      ]),
    )
    expect(await endWrongTimes(ctx)).toBe(0)
    await db.prisma.import.deleteMany()
    await db.prisma.settlementJournal.deleteMany()
    await db.prisma.settlement.deleteMany()
    await db.prisma.webhookDelivery.deleteMany()
  })
})

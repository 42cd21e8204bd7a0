import { expect, it } from 'vitest'
import { claimMonth } from '../../src/settlement/store.ts'
import { monthLeaseMs, sweepMonths } from '../../src/settlement/sweep.ts'
import { eachStory } from '../support/shop.ts'

const policy = `
name: default
title: 一班工资
version: 1
posts: [维修工]
points: { start: 100 }
pay:
  items:
    - { name: 级别, for: 维修工, formula: 积分 × 10 }
`
const story = eachStory({ policy, at: '2026-11-03T09:00:00+08:00', bot: false })
const path = `/settlements/${encodeURIComponent('一班')}/2026-10`

it('a month whose reckoning died with its process is taken up by the next one two minutes later', async () => {
  const { world, db } = story
  await db.prisma.employment.updateMany({ data: { post: '维修工', from: '2026-10-01' } })
  expect((await world.api('POST', `${path}/draft`)).status).toBe(202)
  const wanted = async () => (await world.api<{ wanted: boolean }>('GET', path)).body.wanted
  expect(await wanted()).toBe(false)

  // Asked for once more, and claimed by an instance that dies over it.
  const { id, version } = await db.prisma.settlement.findFirstOrThrow()
  const now = world.clock.now()
  const fact = { company: 'main', settlementId: id, seq: version + 1, at: now, fact: 'wanted', via: 'api', body: {} }
  await db.prisma.settlementJournal.create({ data: fact })
  await db.prisma.settlement.updateMany({ data: { version: version + 1, nextLookAt: now } })
  expect(await claimMonth(db.prisma, 'main', id, now, new Date(now.getTime() + monthLeaseMs))).toBe(true)

  await world.forward('1m')
  expect(await wanted()).toBe(true)
  await world.forward('2m')
  expect(await wanted()).toBe(false)
  world.ignore()
})

it('a month that somebody locks at the very moment it locks by itself is locked once, and nothing is wrong', async () => {
  const { world, db } = story
  await db.prisma.employment.updateMany({ data: { post: '维修工', from: '2026-10-01' } })
  for (const step of ['draft', 'publish'])
    expect((await world.api('POST', `${path}/${step}`)).status, step).toBeLessThan(300)
  const { nextLookAt } = await db.prisma.settlement.findFirstOrThrow()
  world.clock.forward((nextLookAt?.getTime() ?? 0) - world.clock.now().getTime() + 1_000)
  const { ctx } = world.app
  let quicker = 0
  const prisma = new Proxy(db.prisma, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (name !== '$transaction') return value
      return async (...given: Parameters<typeof target.$transaction>) => {
        if (quicker++ === 0) expect((await world.api('POST', `${path}/lock`)).status).toBe(200)
        return target.$transaction(...given)
      }
    },
  })
  await sweepMonths({ ...ctx, db: { ...db, prisma } }, () => false)
  expect(quicker).toBeGreaterThan(0)
  expect(await db.prisma.settlementJournal.count({ where: { fact: 'locked' } })).toBe(1)
  expect(world.log.errors).toEqual([])
  world.ignore()
})

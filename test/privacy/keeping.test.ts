import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dump } from '../../src/backup/dump.ts'
import { packed, unpacked } from '../../src/backup/file.ts'
import { restore } from '../../src/backup/restore.ts'
import type { Database } from '../../src/db/open.ts'
import { companyPolicy, november } from '../backup/company.ts'
import { freshDatabase, spareDatabase, type TestDatabase } from '../support/db.ts'
import { World } from '../support/world.ts'

/** A company's November, and the years after it. */

const policy = `${companyPolicy}\nkeep: { photos: 1年, customers: 3年, people: 2年 }\n`
const month = '2026-11'
const customer = ['王女士', '13800001234', '花园路38号院5号楼1801', '赵女士', '13800001235', '引号']

let db: TestDatabase
/** Of before anything was deleted. */
const backup: Buffer[] = []
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

/** Every row of every table, as it would be in a backup. */
async function everything(of: Pick<Database, 'session' | 'kind'> = db): Promise<string> {
  const session = await of.session()
  const lines: string[] = []
  for await (const line of (await dump(session, { at: new Date('2030-01-01'), database: of.kind })).lines)
    lines.push(line)
  await session.close()
  return lines.join('\n')
}

/** What money and points rest on. */
const reckoned = async () => ({
  orders: await db.prisma.order.findMany({
    select: { code: true, state: true, charge: true, credit: true, completedAt: true, assigneeId: true },
    orderBy: { code: 'asc' },
  }),
  months: (await db.prisma.settlement.findMany({ where: { month } })).map(({ state, result }) => [
    state,
    JSON.stringify(result).replaceAll(/"name":"[^"]*"/g, ''),
  ]),
  points: await db.prisma.pointsEntry.findMany({ where: { month }, orderBy: { id: 'asc' } }),
  facts: await db.prisma.journal.findMany({
    where: { fact: { not: 'erased' } },
    select: { orderId: true, seq: true, at: true, fact: true, by: true },
    orderBy: [{ orderId: 'asc' }, { seq: 'asc' }],
  }),
})

async function at(moment: string, look: (world: World) => Promise<void>, on: Database = db): Promise<void> {
  const world = await World.open(on, { policy, empty: true, at: moment })
  await world.settle()
  await look(world)
  world.ignore()
  await world.close()
}

it('goes bit by bit: photos, customers, who left; what was reckoned stays', async () => {
  const begin = await World.open(db, { policy, bot: true })
  await november(begin)
  for (const { code } of await db.prisma.order.findMany({ where: { completedAt: null } }))
    await begin.wang.says(`取消 ${code} 客户不修了，电话 13800001234`)
  const li = await db.prisma.person.findFirstOrThrow({ where: { name: '李四' } })
  await begin.api('PATCH', `/people/${li.id}`, { leftOn: '2026-12-04' })
  begin.ignore()
  await begin.close()
  const before = await reckoned()
  expect(before.orders.every(({ state }) => state === 'cancelled' || state === 'completed')).toBe(true)
  const slips = await db.prisma.payslip.count({ where: { month } })
  const open = await everything()
  for (const known of [...customer, '13800000003']) expect(open).toContain(known)
  const session = await db.session()
  const whole = packed(await dump(session, { at: new Date('2026-12-05'), database: db.kind }))
  for await (const bytes of whole) backup.push(bytes)
  await session.close()
  const bytes = () => db.prisma.media.count({ where: { orderId: { not: null }, bytes: { not: null } } })
  expect(await bytes()).toBeGreaterThan(0)

  await at('2027-12-06T09:00:00+08:00', async world => {
    expect(await bytes()).toBe(0)
    expect(await everything()).toContain('13800001234')
    const { body } = await world.api<{ timeline: object[] }>('GET', `/orders/${before.orders[0]?.code}`)
    expect(body.timeline.at(-1)).toMatchObject({ fact: 'erased', what: 'photos', why: 'age' })
  })
  await at('2028-12-06T09:00:00+08:00', async () => {
    const left = await db.prisma.person.findUniqueOrThrow({ where: { company_id: { company: 'main', id: li.id } } })
    expect(left).toMatchObject({ name: `离职-${li.id.slice(-8)}`, mobile: null })
    expect(await db.prisma.payslip.count({ where: { month } })).toBe(slips - 1)
    expect(await everything()).toContain('13800001234')
  })
  // One whose photos are still there, beside those that lost theirs: all of them go in the same night.
  await db.prisma.order.updateMany({ where: { code: before.orders[0]?.code ?? '' }, data: { erased: 0 } })
  await at('2029-12-06T09:00:00+08:00', async world => {
    const now = await everything()
    for (const known of [...customer, '13800000003', '李四'])
      expect([known, now.includes(known)]).toEqual([known, false])
    expect(await reckoned()).toEqual(before)
    const { body } = await world.api<{ customer: object; timeline: object[] }>(
      'GET',
      `/orders/${before.orders[0]?.code}`,
    )
    expect(body.customer).toMatchObject({ name: '已删除', phone: '' })
    expect(body.timeline.at(-1)).toMatchObject({ fact: 'erased', what: 'customer', why: 'age' })
    // Once: the next night finds nothing.
    const facts = await db.prisma.journal.count()
    await world.forward('25h')
    expect(await db.prisma.journal.count()).toBe(facts)
  })
}, 300_000)

it('goes once more in the night after an old backup was restored', async () => {
  const spare = await spareDatabase()
  await restore(spare, await unpacked(Readable.from(backup), null))
  const restored = await spare.open()
  for (const known of [...customer, '13800000003', '李四']) expect(await everything(restored)).toContain(known)
  await at(
    '2029-12-06T09:00:00+08:00',
    async () => {
      const now = await everything(restored)
      for (const known of [...customer, '13800000003', '李四'])
        expect([known, now.includes(known)]).toEqual([known, false])
      expect(await restored.prisma.media.count({ where: { bytes: { not: null } } })).toBe(0)
    },
    restored,
  )
  if (restored.kind === 'server') await restored.close()
  await spare.close()
}, 300_000)

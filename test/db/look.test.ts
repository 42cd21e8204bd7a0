import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lookThrough } from '../../src/db/look.ts'
import { Permanent } from '../../src/errors.ts'
import { MovableClock } from '../../src/now.ts'
import { freshSession } from '../support/db.ts'

let session: Awaited<ReturnType<typeof freshSession>>
beforeAll(async () => {
  session = await freshSession()
  await session.exec(`
    INSERT INTO "Company" ("id", "name", "createdAt") VALUES ('main', 'main', now());
    INSERT INTO "Team" ("company", "id", "name", "policy", "createdAt")
      VALUES ('main', '00000000-0000-7000-8000-000000000001', '一班', 'default', now()),
             ('other', '00000000-0000-7000-8000-000000000002', '外人', 'default', now());
    INSERT INTO "GroupRobot" ("company", "teamId", "platform", "key", "secret")
      VALUES ('main', '00000000-0000-7000-8000-000000000001', 'dingtalk', 'robot-key', 'SEC1');
    INSERT INTO "Person" ("company", "id", "name", "active", "createdAt")
      VALUES ('main', '00000000-0000-7000-8000-000000000003', '张三', true, now()),
             ('main', '00000000-0000-7000-8000-000000000004', '李四', false, now());
    INSERT INTO "Identity" ("company", "platform", "userId", "personId", "boundAt", "how")
      VALUES ('main', 'wecom', 'zhangsan', '00000000-0000-7000-8000-000000000003', now(), 'file'),
             ('main', 'wecom', 'lisi', '00000000-0000-7000-8000-000000000004', now(), 'file');
    INSERT INTO "Lease" ("company", "name", "owner", "until")
      VALUES ('main', 'held', 'a', now() + interval '1 minute'), ('main', 'over', 'a', now() - interval '1 minute');
    INSERT INTO "Counter" ("company", "name", "value") VALUES ('main', 'dingtalk:calls:2026-11', 7);
    INSERT INTO "PolicyVersion" ("company", "name", "version", "effective", "text", "by", "at", "withdrawnAt")
      VALUES ('main', 'shop', 1, '2026-11-01', 'x', '00000000-0000-7000-8000-000000000003', now(), NULL),
             ('main', 'gone', 1, '2026-11-01', 'x', '00000000-0000-7000-8000-000000000003', now(), now())`)
})
afterAll(() => session.close())

const look = (clock = new MovableClock()) => lookThrough('server', session, { clock, company: 'main' })

describe('a look into the database', () => {
  it('says what the server is, and what the service keeps of one company', async () => {
    const { version, encoding, readOnly, mayCreate, aheadMs, migrations, kept } = await look()
    expect(version).toBeGreaterThanOrEqual(13)
    expect({ encoding, readOnly, mayCreate }).toEqual({ encoding: 'UTF8', readOnly: false, mayCreate: true })
    expect(Math.abs(aheadMs)).toBeLessThan(5_000)
    expect(migrations).toMatchObject({ missing: [] })
    expect(kept).toEqual({
      accounts: [{ platform: 'wecom', userId: 'zhangsan', name: '张三' }],
      robots: [{ team: '一班', platform: 'dingtalk', key: 'robot-key', secret: 'SEC1' }],
      ...{ leases: ['held'], counters: [{ name: 'dingtalk:calls:2026-11', value: 7 }] },
      ...{ teams: [{ name: '一班', policy: 'default' }], books: ['shop'] },
    })
  })

  it('measures its clock against ours', async () => {
    const clock = new MovableClock()
    clock.forward(90_000)
    expect(Math.abs((await look(clock)).aheadMs + 90_000)).toBeLessThan(5_000)
  })

  it.each([
    ['migration-changed', `UPDATE _prisma_migrations SET checksum = 'other'`],
    ['migration-failed', 'UPDATE _prisma_migrations SET finished_at = NULL'],
    [
      'database-newer',
      `UPDATE _prisma_migrations SET migration_name = '29991231000000_later' WHERE migration_name = $`,
    ],
  ])('says %s, and looks no further', async (code, wrong) => {
    const last = '(SELECT max(migration_name) FROM _prisma_migrations)'
    await session.exec('BEGIN')
    await session.exec(wrong.replace('$', last))
    const { migrations, kept } = await look()
    await session.exec('ROLLBACK')
    expect(migrations).toBeInstanceOf(Permanent)
    expect(migrations).toMatchObject({ code })
    expect(kept).toBeNull()
  })

  it('says what is missing without applying it', async () => {
    await session.exec('BEGIN')
    const [row] = await session.query('SELECT max(migration_name) AS last FROM _prisma_migrations')
    await session.query('DELETE FROM _prisma_migrations WHERE migration_name = $1', [row?.last])
    const first = await look()
    const second = await look()
    await session.exec('ROLLBACK')
    expect(first).toMatchObject({ migrations: { missing: [row?.last] }, kept: null })
    expect(second.migrations).toEqual(first.migrations)
  })

  it('takes a database nobody ever used for one without migrations', async () => {
    await session.exec('BEGIN; ALTER TABLE _prisma_migrations RENAME TO elsewhere')
    const { migrations } = await look()
    await session.exec('ROLLBACK')
    expect(migrations).toMatchObject({ applied: 0 })
  })
})

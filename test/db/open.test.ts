import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { databaseUrl, onServer } from '../support/global.ts'

const at = new Date('2026-10-01T08:00:00.123Z')
const base = inject('testBase')

if (base.kind === 'embedded')
  describe('the embedded database', () => {
    let dataDir: string
    beforeAll(() => {
      dataDir = mkdtempSync(join(tmpdir(), 'paigong-open-'))
    })
    afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

    it('starts over after a first start that was cut off, keeps its data, and belongs to one opener', async () => {
      mkdirSync(join(dataDir, 'pg.new'))
      writeFileSync(join(dataDir, 'pg.new/PG_VERSION'), 'half written')
      const db = await openDatabase({ dataDir })
      expect(existsSync(join(dataDir, 'pg.new'))).toBe(false)
      await db.prisma.company.create({ data: { id: 'c', name: '示例', createdAt: at } })
      await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'database-locked' })
      await db.close()

      const again = await openDatabase({ dataDir })
      expect(await again.prisma.company.findMany()).toMatchObject([{ id: 'c', createdAt: at }])
      await again.close()
    }, 60_000)
  })

if (base.kind === 'postgres')
  describe('a PostgreSQL server', () => {
    const server = base.server
    const name = `${base.prefix}_open`
    const url = databaseUrl(server, name)
    beforeAll(async () => {
      await onServer(server, async sql => {
        await sql(`CREATE DATABASE ${name}`)
        await sql(`ALTER DATABASE ${name} SET timezone = 'Asia/Shanghai'`)
      })
    })

    it('is migrated once by instances that start together, and keeps instants in any session zone', async () => {
      const all = await Promise.all(Array.from({ length: 4 }, () => openDatabase({ url, dataDir: '' })))
      const [one] = all
      if (!one) throw new Error('none opened')
      await one.prisma.company.create({ data: { id: 'c', name: '示例', createdAt: at } })
      const rows = await one.prisma.$queryRaw<Array<{ epoch: string }>>`
      SELECT extract(epoch FROM "createdAt")::text AS epoch FROM "Company"`
      expect(Number(rows[0]?.epoch)).toBe(at.getTime() / 1000)
      expect((await one.prisma.company.findFirst())?.createdAt).toEqual(at)
      await Promise.all(all.map(db => db.close()))
    })

    it('survives the loss of its connections', async () => {
      const db = await openDatabase({ url, dataDir: '' })
      await db.prisma.company.count()
      await onServer(server, sql =>
        sql(`SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '${name}'`),
      )
      await db.prisma.company.count().catch(() => {})
      expect(await db.prisma.company.count()).toBe(1)
      await db.close()
    })

    it('lives in the schema the URL names', async () => {
      await onServer(url, sql => sql('CREATE SCHEMA apart'))
      const apart = new URL(url)
      apart.searchParams.set('schema', 'apart')
      const db = await openDatabase({ url: apart.href, dataDir: '' })
      expect(await db.prisma.company.count()).toBe(0)
      await db.close()
    })
  })

it('says plainly that a server does not answer, without the password', async () => {
  const outcome = openDatabase({ url: 'postgresql://someone:hidden@127.0.0.1:1/paigong', dataDir: '' })
  await expect(outcome).rejects.toMatchObject({ code: 'database-unreachable', message: expect.stringContaining(':1/') })
  await expect(outcome).rejects.not.toThrow('hidden')
})

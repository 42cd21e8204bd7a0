import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { inTransaction, isAway } from '../../src/db/tx.ts'
import { problems } from '../../src/http/problem.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { StoryLog } from '../support/storylog.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())

/** What a program is answered when `work` fails. */
async function answerOf(work: () => Promise<unknown>): Promise<{ status: number; title: string; errors: number }> {
  const log = new StoryLog()
  const app = new Koa().use(problems(log)).use(work)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const { title } = (await answer.json()) as { title: string }
    return { status: answer.status, title, errors: log.errors.splice(0).length }
  } finally {
    server.close()
  }
}

const unavailable = { status: 503, title: 'Database unavailable', errors: 1 }

if (inject('testBase').kind === 'postgres')
  describe('a program whose request needs the database is told to come again', () => {
    it('when its connection is broken off, within a transaction and without one', async () => {
      const end = (tx: Pick<TestDatabase['prisma'], '$queryRaw'>) =>
        tx.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
      expect(await answerOf(() => end(db.prisma))).toEqual(unavailable)
      expect(await answerOf(() => inTransaction(db, end))).toEqual(unavailable)
      expect(await answerOf(() => inTransaction(db, async tx => end(Object.getPrototypeOf(tx))))).toEqual(unavailable)
    })

    it('when all connections are taken for too long', async () => {
      let release: () => void = () => {}
      const held = new Promise<void>(resolve => {
        release = resolve
      })
      const holders = Array.from({ length: 10 }, () => inTransaction(db, () => held))
      const tooMany = () => db.prisma.$transaction(async () => {}, { maxWait: 200 })
      expect(await answerOf(tooMany)).toEqual(unavailable)
      release()
      await Promise.all(holders)
    })
  })

it('waiting in vain for a connection is told apart, in the words of the pool', () => {
  expect(isAway(new Error('timeout exceeded when trying to connect'))).toBe(true)
})

it('what fails otherwise is a fault of ours', async () => {
  const wrong = () => db.prisma.$queryRaw`SELECT * FROM "NoSuchTable"`
  expect(await answerOf(wrong)).toEqual({ status: 500, title: 'Internal error', errors: 1 })
  expect(isAway(new Error('The transaction is over: nothing more is said in it.'))).toBe(false)
})

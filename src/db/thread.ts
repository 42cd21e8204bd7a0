import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import type { OpenSession } from './migrate.ts'
import { startParams } from './pglite.ts'

/** What the thread runs: a PGlite on a folder, told what to do one after the other. */
const program = `
const { parentPort, workerData } = require('node:worker_threads')
const opened = import(workerData.pglite).then(({ PGlite }) => PGlite.create(workerData.folder, workerData.options))
const does = {
  exec: async (pglite, sql) => void (await pglite.exec(sql)),
  query: async (pglite, sql, values) => (await pglite.query(sql, values)).rows,
  close: async pglite => void (await pglite.close()),
}
parentPort.on('message', async ({ id, does: what, sql, values }) => {
  try {
    parentPort.postMessage({ id, rows: await does[what](await opened, sql, values) })
  } catch (error) {
    parentPort.postMessage({ id, failed: String(error.message ?? error) })
  }
})`

interface Answer {
  id: number
  rows?: Array<Record<string, unknown>>
  failed?: string
}

/** A session of a folder's PGlite in a thread of its own: it computes where it is, and everybody else would wait. */
export async function threadSession(folder: string): Promise<OpenSession> {
  const pglite = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const worker = new Worker(program, { eval: true, workerData: { pglite, folder, options: { startParams } } })
  const waiting = new Map<number, { resolve(rows: NonNullable<Answer['rows']>): void; reject(error: Error): void }>()
  let next = 0
  const end = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', ({ id, rows = [], failed }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    if (failed === undefined) asked?.resolve(rows)
    else asked?.reject(new Error(failed))
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the thread has ended')))
  const ask = (does: 'exec' | 'query' | 'close', sql = '', values: unknown[] = []) =>
    new Promise<NonNullable<Answer['rows']>>((resolve, reject) => {
      waiting.set(++next, { resolve, reject })
      worker.postMessage({ id: next, does, sql, values })
    })
  const session = {
    exec: async (sql: string) => void (await ask('exec', sql)),
    query: (sql: string, values?: unknown[]) => ask('query', sql, values),
    async close() {
      await ask('close').catch(() => {})
      await worker.terminate()
    },
  }
  try {
    await session.exec(`SET TIME ZONE 'UTC'`)
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}

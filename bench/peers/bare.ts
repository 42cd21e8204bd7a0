import { userInfo } from 'node:os'
import Koa from 'koa'
import pg from 'pg'
import { ready } from '../processes.ts'
import { type Mix, readMix, schema, transaction } from './mix.ts'

/** Koa and `pg` and nothing else: as many statements for a request as the service needs, in one transaction. */
export async function serveBare(): Promise<void> {
  pg.defaults.user ??= userInfo().username
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
  await pool.query(schema)
  await serve(async mix => {
    const client = await pool.connect()
    try {
      await transaction(mix, (text, values) => client.query(text, values))
    } finally {
      client.release()
    }
  })
}

/** The same on the embedded database. */
export async function serveEmbedded(): Promise<void> {
  const { PGlite } = await import('@electric-sql/pglite')
  const pglite = await PGlite.create(`${process.env.DATA_DIR}/bare`)
  await pglite.exec(schema)
  let turn: Promise<unknown> = Promise.resolve()
  // One connection: one transaction after the other.
  await serve(mix => {
    const mine = turn.then(() => transaction(mix, (text, values) => pglite.query(text, values)))
    turn = mine
    return mine
  })
}

async function serve(work: (mix: Mix) => Promise<void>): Promise<void> {
  const mix = readMix(process.env.BENCH_MIX)
  const app = new Koa()
  app.use(async ctx => {
    for await (const part of ctx.req) void part
    await work(mix)
    ctx.body = 'success'
  })
  const server = app.listen(0, '127.0.0.1', () => {
    const address = server.address()
    ready(typeof address === 'object' && address ? address.port : 0)
  })
  process.on('SIGTERM', () => process.exit(0))
}

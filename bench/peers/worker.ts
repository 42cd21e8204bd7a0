import { Agent, createServer, request } from 'node:http'
import { userInfo } from 'node:os'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { ready } from '../processes.ts'

/** As many at once as the service. */
const concurrency = 16

/** graphile-worker with a number of jobs that wait already, each of which makes one request to the platform. */
export async function serveWorker(): Promise<void> {
  const { DATABASE_URL: url, BENCH_PLATFORM: platform = '', BENCH_JOBS: jobs = '0' } = process.env
  pg.defaults.user ??= userInfo().username
  const pgPool = new pg.Pool({ connectionString: url, max: 10 })
  const logger = new Logger(() => () => {})
  const utils = await makeWorkerUtils({ pgPool, logger })
  await utils.migrate()
  await pgPool.query(
    `SELECT graphile_worker.add_job('deliver', json_build_object('touser', 'zhang' || n, 'text', '1001 张三 已接单'))
     FROM generate_series(1, $1::int) n`,
    [Number(jobs)],
  )
  const agent = new Agent({ keepAlive: true })
  const runner = await run({
    ...{ pgPool, logger, concurrency, noHandleSignals: true },
    taskList: { deliver: payload => send(agent, platform, payload) },
  })
  const server = createServer((_, res) => void res.end())
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    ready(typeof address === 'object' && address ? address.port : 0)
  })
  process.on('SIGTERM', () => void runner.stop().finally(() => process.exit(0)))
}

function send(agent: Agent, platform: string, payload: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } }
    const req = request(`${platform}/cgi-bin/message/send?access_token=bench`, options, res => {
      res.resume()
      res.on('end', resolve)
      res.on('error', reject)
    })
    req.on('error', reject)
    req.end(JSON.stringify(payload))
  })
}

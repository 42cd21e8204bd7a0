import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inject } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { leases, tokenStore } from '../../src/db/keep.ts'
import type { Database } from '../../src/db/open.ts'
import { enterDemo } from '../../src/demo.ts'
import { createWecom } from '../../src/platforms/wecom/index.ts'
import { ownPacks } from '../../src/policy/load.ts'
import { freshDatabase } from './db.ts'
import { Client, killAll, Outside, type Place, Service, serverPlace, teamsFile, token } from './process.ts'

/** Two instances of the service that share a database and one platform. */
export interface Pair {
  outside: Outside
  instances: [Client, Client]
  /** Which of them holds the bot's connection. */
  botOwner(): Promise<Client>
  /** Asks one to end, and waits until it did. */
  end(instance: Client): Promise<void>
  /** What they logged as errors. */
  errors(): unknown[]
  close(): Promise<void>
}

/** Two processes on a PostgreSQL server where the tests run on one, else two in this process on the one embedded database. */
export async function openPair(): Promise<Pair> {
  const base = inject('testBase')
  return base.kind === 'postgres' ? openProcesses(await serverPlace(base.server)) : openApps()
}

async function openProcesses(place: Place): Promise<Pair> {
  const outside = await Outside.open()
  const env = { ...outside.env({ bot: true }), ...place.env, TEAMS_FILE: teamsFile() }
  const one = await Service.start(env)
  const two = await Service.start(env)
  outside.doors = [one.url, two.url]
  const db = await place.open()
  return {
    ...{ outside, instances: [one, two] },
    async botOwner() {
      const lease = await db.prisma.lease.findFirstOrThrow({ where: { name: { startsWith: 'wecom-bot:' } } })
      return lease.owner.startsWith(`${one.pid}-`) ? one : two
    },
    async end(instance) {
      const service = instance === one ? one : two
      outside.doors = outside.doors.filter(url => url !== service.url)
      const { code, output } = await service.kill('SIGTERM')
      if (code !== 0) throw new Error(output)
    },
    errors: () => [...one.errors, ...two.errors],
    async close() {
      await killAll()
      await outside.close()
      await db.close()
      await place.remove()
    },
  }
}

export interface AppPair extends Pair {
  apps: [App, App]
  db: Database
  /** Moves time for everybody; then both look at what is due at the very same time. */
  forward(ms: number): Promise<void>
}

/** Two instances within this process. `at`: their clock stands there until it is moved. */
export async function openApps({ at, bot = true }: { at?: string; bot?: boolean } = {}): Promise<AppPair> {
  const db = await freshDatabase()
  const second = await db.another()
  const outside = await Outside.open(at === undefined ? {} : { at })
  const one = await openApp('one', db, outside, bot)
  const two = await openApp('two', second, outside, bot)
  await enterDemo(one.app.ctx, ['wecom'])
  outside.doors = [one.client.url, two.client.url]
  const both = [one, two]
  const stopped = new Set<Client>()
  const end = async (instance: Client) => {
    if (stopped.has(instance)) return
    stopped.add(instance)
    outside.doors = outside.doors.filter(url => url !== instance.url)
    await both.find(({ client }) => client === instance)?.stop()
  }
  return {
    ...{ outside, db, apps: [one.app, two.app], instances: [one.client, two.client] },
    async forward(ms) {
      await outside.sandbox.moveClock({ forwardMs: ms })
      for (let round = 0; round < 2; round++) await Promise.all(both.map(({ app }) => app.settle()))
    },
    async botOwner() {
      const lease = await db.prisma.lease.findFirstOrThrow({ where: { name: { startsWith: 'wecom-bot:' } } })
      return lease.owner === 'one' ? one.client : two.client
    },
    end,
    errors: () => outside.log.errors,
    async close() {
      for (const { client } of both) await end(client)
      await outside.close()
      await second.close()
      await db.close()
    },
  }
}

async function openApp(owner: string, db: Database, outside: Outside, withBot: boolean) {
  const { sandbox, clock, log } = outside
  const { corpId, agentId, secret, token: callbackToken, aesKey, botId, botSecret, botName } = sandbox.credentials
  const wsUrl = `${outside.url.replace('http', 'ws')}/sandbox/wecom/ws`
  const app = createApp({
    ...{ company: 'main', db, clock, log, policies: await ownPacks('src/policy/packs') },
    ...{ apiToken: token, botNames: [botName], publicUrl: 'http://127.0.0.1' },
    platforms: signals => [
      createWecom(
        {
          ...{ apiBase: `${outside.url}/sandbox/wecom`, corpId, agentId, secret },
          callback: { tokens: [callbackToken], aesKeys: [aesKey] },
          ...(withBot && { bot: { mode: 'socket' as const, botId, secret: botSecret, names: [botName], wsUrl } }),
        },
        { clock, log, signals, tokens: tokenStore(db, 'main'), leases: leases(db, 'main', owner, clock) },
      ),
    ],
  })
  const server = createServer((req, res) => app.handle(req, res))
  // A story may take longer between two requests than a connection is kept open by default.
  server.keepAliveTimeout = 120_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  await app.start()
  const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const stop = async () => {
    await app.stop()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  return { app, client, stop }
}

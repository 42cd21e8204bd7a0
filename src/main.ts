import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { type App, createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { leases, tokenStore } from './db/keep.ts'
import { type Database, openDatabase } from './db/open.ts'
import { bindDemoGroup, enterDemo } from './demo.ts'
import { Invalid, Permanent } from './errors.ts'
import { createLog } from './log.ts'
import { MovableClock, systemClock } from './now.ts'
import { enterTeams, readTeamsFile } from './people/enter.ts'
import { createWecom, type WecomConfig } from './platforms/wecom/index.ts'
import { loadPacks } from './policy/load.ts'
import { projectRoot } from './root.ts'
import { createSandbox, type Sandbox } from './sandbox/index.ts'

/** The one company of a deployment that is configured by the environment. */
const company = 'main'
/** An orderly stop may take this long; then the process ends anyway. */
const drainMs = 20_000

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(process.env)
  const log = createLog(config.LOG_LEVEL)
  const policies = await loadPacks(config.POLICY_DIR ?? join(projectRoot, 'src/policy/packs'), config.BUSINESS_ZONE)
  const teams = config.TEAMS_FILE ? await readTeamsFile(config.TEAMS_FILE) : null
  const db = await openDatabase({
    dataDir: config.DATA_DIR,
    poolSize: config.DATABASE_POOL,
    ...(config.DATABASE_URL && { url: config.DATABASE_URL }),
  })

  let app: App | null = null
  const server = createServer((req, res) => (app ? app.handle(req, res) : void res.writeHead(503).end()))
  server.on('upgrade', (req, socket, head) => (app ? app.upgrade(req, socket, head) : socket.destroy()))
  const port = await listen(server, config)
  const here = `http://127.0.0.1:${port}`

  const movable = config.platforms.includes('sandbox') ? new MovableClock() : null
  const clock = movable ?? systemClock
  const sandbox = movable
    ? createSandbox({
        ...{ clock: movable, log, baseUrl: () => here, callbackUrl: () => `${here}/wecom/callback` },
        ...{ dataFile: join(config.DATA_DIR, 'sandbox.json'), pageDir: join(projectRoot, 'dist/web/sandbox') },
        onClockMoved: async () => app?.engine.trigger(),
      })
    : undefined
  const wecom = sandbox ? sandboxWecom(sandbox, here) : wecomOf(config)
  const apiToken = config.API_TOKEN ?? (sandbox ? randomBytes(18).toString('base64url') : undefined)
  await keepCompany(db, wecom.corpId, clock.now())
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`
  app = createApp({
    ...{ company, db, clock, log, policies, apiToken, sandbox, botNames: wecom.bot?.names ?? [] },
    platforms: signals => [
      createWecom(wecom, {
        clock,
        log,
        signals,
        tokens: tokenStore(db, company),
        leases: leases(db, company, owner, clock),
      }),
    ],
  })
  if (teams) await enterTeams(app.ctx, teams)
  const fresh = sandbox && !teams ? await enterDemo(app.ctx) : false
  await app.start()
  stopOnSignal({ app, server, db, sandbox })
  const callback = config.PUBLIC_URL && !sandbox ? { callback: new URL('/wecom/callback', config.PUBLIC_URL).href } : {}
  log.info({ port, database: db.kind, platforms: config.platforms, ...callback }, 'ready')
  if (sandbox) {
    const token = config.API_TOKEN ? '' : `  API token (new at each start): ${apiToken}\n`
    process.stdout.write(`\n  派工 Paigong is ready: http://localhost:${port}/sandbox/\n${token}\n`)
    if (fresh) await bindDemoGroup(sandbox)
  }
}

function listen(server: Server, config: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      reject(
        taken
          ? new Permanent(
              'port-taken',
              `Port ${config.PORT} is in use. Stop the other program, or set PORT to another number.`,
            )
          : error,
      )
    })
    server.listen(config.PORT, config.HOST, () => {
      const address = server.address()
      resolve(address && typeof address === 'object' ? address.port : config.PORT)
    })
  })
}

/** The sandbox hands out credentials the way the admin console does. */
function sandboxWecom({ credentials }: Sandbox, here: string): WecomConfig {
  const { corpId, agentId, secret, token, aesKey, botId, botSecret, botName } = credentials
  return {
    ...{ apiBase: `${here}/sandbox/wecom`, corpId, agentId, secret, callback: { tokens: [token], aesKeys: [aesKey] } },
    bot: {
      mode: 'socket',
      botId,
      secret: botSecret,
      wsUrl: `${here.replace('http', 'ws')}/sandbox/wecom/ws`,
      names: [botName],
    },
  }
}

/** `readConfig` has seen to it that what PLATFORMS=wecom needs is there. */
function wecomOf(config: Config): WecomConfig {
  const {
    WECOM_CORP_ID = '',
    WECOM_AGENT_ID = 0,
    WECOM_SECRET = '',
    WECOM_TOKEN = [],
    WECOM_AES_KEY = [],
    WECOM_BOT_ID,
    WECOM_BOT_SECRET,
  } = config
  const names = [config.WECOM_BOT_NAME]
  const socket = WECOM_BOT_ID && WECOM_BOT_SECRET
  const callback = config.WECOM_BOT_TOKEN && config.WECOM_BOT_AES_KEY
  return {
    ...{ apiBase: config.WECOM_API_BASE, corpId: WECOM_CORP_ID, agentId: WECOM_AGENT_ID, secret: WECOM_SECRET },
    callback: { tokens: WECOM_TOKEN, aesKeys: WECOM_AES_KEY },
    ...(socket && {
      bot: {
        mode: 'socket',
        botId: WECOM_BOT_ID,
        secret: WECOM_BOT_SECRET,
        names,
        ...(config.WECOM_BOT_WS_URL && { wsUrl: config.WECOM_BOT_WS_URL }),
      },
    }),
    ...(!socket &&
      callback && {
        bot: { mode: 'callback', tokens: config.WECOM_BOT_TOKEN ?? [], aesKeys: config.WECOM_BOT_AES_KEY ?? [], names },
      }),
  }
}

async function keepCompany(db: Database, wecomCorpId: string, createdAt: Date): Promise<void> {
  await db.prisma.company.upsert({
    where: { id: company },
    create: { id: company, name: company, wecomCorpId, createdAt },
    update: { wecomCorpId },
  })
}

function stopOnSignal(parts: { app: App; server: Server; db: Database; sandbox: Sandbox | undefined }): void {
  const { app, server, db, sandbox } = parts
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), drainMs).unref()
    server.close()
    await app.stop()
    await sandbox?.close()
    server.closeAllConnections()
    await db.close()
    app.ctx.log.info({ signal }, 'stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

main().catch(error => {
  const known = error instanceof Invalid || error instanceof Permanent
  const fix = error instanceof Permanent && error.fix ? `\n${error.fix}` : ''
  process.stderr.write(`${known ? error.message + fix : (error?.stack ?? error)}\n`)
  process.exit(1)
})

import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type App, createApp } from './app.ts'
import { type Config, readConfig } from './config.ts'
import { type Database, openDatabase } from './db/open.ts'
import { bindDemoGroups, enterDemo, switchApp } from './demo.ts'
import { Invalid, Permanent } from './errors.ts'
import { createLog } from './log.ts'
import { MovableClock, systemClock } from './now.ts'
import { enterTeams, readTeamsFile } from './people/enter.ts'
import { refreshPolicies } from './policy/flow.ts'
import { loadPacks, ownPacks } from './policy/load.ts'
import { projectRoot } from './root.ts'
import { createSandbox, type Sandbox } from './sandbox/index.ts'
import { botNames, createPlatforms, type PlatformConfigs, platformsOf, sandboxPlatforms } from './wiring.ts'

/** The one company of a deployment that is configured by the environment. */
const company = 'main'
/** An orderly stop may take this long, once nothing new comes in; then the process ends anyway. */
const stopMs = 20_000
/** Requests that are being answered may take this long of it. */
const answerMs = 10_000
/** Those that came while all else was being ended may take this long. */
const lateMs = 2_000
/**
 * A quiet connection stays open longer than proxies keep theirs (nginx: 60 s): closed by this side first, the next request
 * on it might be lost on its way, and nobody would dare to send it again.
 */
const keepAliveMs = 75_000
/** A request's head comes within this time; how long its body may take is up to who reads it, and this is the end of it. */
const [headersTimeout, requestTimeout, connectionsCheckingInterval] = [20_000, 300_000, 2_000]

async function main(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env')
  const config = readConfig(process.env)
  const log = createLog(config.LOG_LEVEL)
  const { POLICY_DIR, BUSINESS_ZONE } = config
  const policies = POLICY_DIR
    ? loadPacks(POLICY_DIR, BUSINESS_ZONE)
    : ownPacks(join(projectRoot, 'src/policy/packs'), BUSINESS_ZONE)
  const teams = config.TEAMS_FILE ? await readTeamsFile(config.TEAMS_FILE) : null
  const db = await openDatabase({
    dataDir: config.DATA_DIR,
    poolSize: config.DATABASE_POOL,
    ...(config.DATABASE_URL && { url: config.DATABASE_URL }),
  })

  let app: App | null = null
  const server = createServer({ headersTimeout, requestTimeout, connectionsCheckingInterval }, (req, res) =>
    app ? app.handle(req, res) : void res.writeHead(503).end(),
  )
  server.keepAliveTimeout = keepAliveMs
  server.on('upgrade', (req, socket, head) => (app ? app.upgrade(req, socket, head) : socket.destroy()))
  const port = await listen(server, config)
  const here = `http://127.0.0.1:${port}`

  const movable = config.platforms.includes('sandbox') ? new MovableClock() : null
  const clock = movable ?? systemClock
  const sandbox: Sandbox | undefined = movable
    ? createSandbox({
        ...{ clock: movable, log, baseUrl: () => here, callbackUrl: () => `${here}/wecom/callback` },
        ...{ dataFile: join(config.DATA_DIR, 'sandbox.json'), pageDir: join(projectRoot, 'dist/web/sandbox') },
        trustedHosts: () => [new URL(publicUrl ?? here).host],
        onClockMoved: async () => app?.engine.trigger(),
        onSwitched: async person => {
          if (app) await switchApp(app.ctx, person)
        },
      })
    : undefined
  const publicUrl: string | undefined = config.PUBLIC_URL ?? (sandbox ? `http://localhost:${port}` : undefined)
  const platforms = sandbox ? sandboxPlatforms(sandbox, here, publicUrl ?? here) : platformsOf(config)
  const apiToken = config.API_TOKEN ?? (sandbox ? randomBytes(18).toString('base64url') : undefined)
  await keepCompany(db, platforms, clock.now())
  app = createApp({
    ...{ company, db, clock, log, policies, apiToken, publicUrl, sandbox, botNames: botNames(platforms) },
    consoleDir: join(projectRoot, 'dist/web/console'),
    mobileDir: join(projectRoot, 'dist/web/m'),
    insideDir: join(projectRoot, 'dist/web/inside'),
    apiRatePerMinute: config.API_RATE_PER_MINUTE,
    webhooks: { allow: config.WEBHOOK_ALLOW },
    platforms: signals => createPlatforms(platforms, { company, db, clock, log }, signals),
  })
  await refreshPolicies(app.ctx)
  if (teams) await enterTeams(app.ctx, teams)
  const fresh = sandbox && !teams ? await enterDemo(app.ctx) : false
  await app.start()
  stopOnSignal({ app, server, db, sandbox, drainMs: config.DRAIN_SECONDS * 1_000 })
  const doors = sandbox ? {} : doorsOf(config)
  log.info({ port, database: db.kind, platforms: config.platforms, ...doors }, 'ready')
  if (sandbox) {
    const token = config.API_TOKEN ? '' : `  API token (new at each start): ${apiToken}\n`
    const here = `http://localhost:${port}`
    process.stdout.write(`\n  派工 Paigong is ready: ${here}/sandbox/\n  Console: ${here}/console/\n${token}\n`)
    if (fresh) await bindDemoGroups(sandbox)
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

async function keepCompany(db: Database, { wecom, dingtalk }: PlatformConfigs, createdAt: Date): Promise<void> {
  const corps = {
    ...(wecom && { wecomCorpId: wecom.corpId }),
    ...(dingtalk && { dingtalkCorpId: dingtalk.corpId }),
  }
  await db.prisma.company.upsert({
    where: { id: company },
    create: { id: company, name: company, ...corps, createdAt },
    update: corps,
  })
}

/** Addresses to be entered in the platforms' consoles. */
function doorsOf(config: Config): Record<string, string> {
  const { PUBLIC_URL, platforms, DINGTALK_MODE, DINGTALK_EVENT_TOKEN, WECOM_LOGIN, DINGTALK_LOGIN } = config
  if (!PUBLIC_URL) return {}
  const at = (path: string) => new URL(path, PUBLIC_URL).href
  const http = platforms.includes('dingtalk') && DINGTALK_MODE === 'http'
  return {
    ...(platforms.includes('wecom') && { callback: at('/wecom/callback') }),
    ...(http && { robot: at('/dingtalk/robot') }),
    ...(http && DINGTALK_EVENT_TOKEN && { events: at('/dingtalk/events') }),
    ...(WECOM_LOGIN === 'on' && { wecomLogin: new URL(PUBLIC_URL).host }),
    ...(DINGTALK_LOGIN === 'on' && { dingtalkLogin: at('/login/dingtalk/back') }),
  }
}

/**
 * SIGTERM: whoever sends requests here is given `drainMs` to notice that this instance is not ready any more. SIGINT is
 * somebody at the keyboard, who waits for that.
 */
function stopOnSignal(parts: {
  app: App
  server: Server
  db: Database
  sandbox: Sandbox | undefined
  drainMs: number
}): void {
  const { app, server, db, sandbox, drainMs } = parts
  let stopping = false
  const stop = async (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    const graceMs = signal === 'SIGTERM' ? drainMs : 0
    setTimeout(() => process.exit(1), graceMs + stopMs).unref()
    app.leave()
    if (graceMs > 0) {
      app.ctx.log.info({ signal, seconds: graceMs / 1_000 }, 'about to end: not ready any more')
      await pause(graceMs)
    }
    server.close()
    await app.answered(answerMs)
    await app.stop()
    await sandbox?.close()
    // What came meanwhile on a connection that was still open, and asks the database.
    await app.answered(lateMs)
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

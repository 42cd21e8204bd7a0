import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import Koa from 'koa'
import { attendanceComposers } from './attendance/compose.ts'
import { chatComposers } from './chat/compose.ts'
import type { PlatformName } from './chat/inbound.ts'
import { createReceive } from './chat/receive.ts'
import { Changes } from './console/changes.ts'
import { consoleRoutes, pagesAt } from './console/routes.ts'
import type { Context } from './context.ts'
import type { Database } from './db/open.ts'
import { duties } from './engine/duties.ts'
import { Engine } from './engine/engine.ts'
import { Invalid } from './errors.ts'
import { withoutNul } from './http/address.ts'
import { apiRoutes } from './http/api.ts'
import { endUnfinished, hasTwoHosts } from './http/connection.ts'
import { doors } from './http/doors.ts'
import { eventData } from './http/eventjson.ts'
import { healthRoutes } from './http/health.ts'
import { Leaving } from './http/leaving.ts'
import { createMetrics } from './http/metrics.ts'
import { payslipPages } from './http/payslippage.ts'
import { answerProblem, problems } from './http/problem.ts'
import { RatingLinks } from './http/ratinglink.ts'
import { ratingPages } from './http/ratingpage.ts'
import { SlipLinks } from './http/sliplink.ts'
import { incidentComposers } from './incidents/compose.ts'
import { leaveComposers } from './leave/compose.ts'
import type { Log } from './log.ts'
import { Guard } from './login/guard.ts'
import { insidePath, loginRoutes } from './login/routes.ts'
import { mobileRoutes } from './mobile/routes.ts'
import type { Clock } from './now.ts'
import { orderComposers } from './orders/compose.ts'
import type { Platform, Signals } from './platforms/platform.ts'
import { refreshPolicies } from './policy/flow.ts'
import type { Policy } from './policy/schema.ts'
import type { Policies } from './policy/versions.ts'
import { ratingComposers } from './rating/compose.ts'
import type { Sandbox } from './sandbox/index.ts'
import { monthComposers } from './settlement/compose.ts'
import { WebFiles } from './webfiles.ts'
import { createReach, type Resolve } from './webhooks/reach.ts'
import { createSend } from './webhooks/send.ts'

/** Who takes a webhook has to say so within this time, name look-up and connecting included. */
const webhookTimeoutMs = 15_000

export interface AppOptions {
  company: string
  db: Database
  clock: Clock
  log: Log
  policies: Policies
  /** Made with the signals that metrics count. */
  platforms(signals: Signals): Platform[]
  botNames: readonly string[]
  apiToken: string | undefined
  /** Requests a token may make in a minute; missing: as many as it likes. */
  apiRatePerMinute?: number | undefined
  /** Where people reach this service with their phones; without it there are no pages. */
  publicUrl?: string | undefined
  sandbox?: Sandbox | undefined
  /** Hosts, addresses and ranges webhooks may go to beside public ones; how names are resolved, and how long an answer may take. */
  webhooks?: { allow?: readonly string[] | undefined; resolve?: Resolve | undefined; timeoutMs?: number | undefined }
  /** Where the console's pages are built. */
  consoleDir?: string | undefined
  /** Where the technicians' pages are built. */
  mobileDir?: string | undefined
  /** Where the page is built that signs in inside DingTalk. */
  insideDir?: string | undefined
}

export interface App {
  ctx: Context
  engine: Engine
  /** For an http server; `createApp` itself never listens, so that tests can drive it. */
  handle(req: IncomingMessage, res: ServerResponse): void
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Opens the platforms' sockets and starts the engine. */
  start(): Promise<void>
  /** About to end: not ready any more, and what comes in nevertheless is answered. */
  leave(): void
  /** Resolves when all requests that came in are answered, or at the limit. */
  answered(limitMs: number): Promise<void>
  /** Waits until all that was heard is dealt with and all that is due is sent. */
  settle(): Promise<void>
  /** Closes sockets, then finishes what the engine is doing. */
  stop(): Promise<void>
}

/** Composes the parts. Knows all of them; nothing else does. */
export function createApp(options: AppOptions): App {
  const { db, clock, log, sandbox } = options
  const metrics = createMetrics()
  const leaving = new Leaving()
  const platforms = new Map(options.platforms(metrics.signals).map(platform => [platform.name, platform]))
  const roads = [...platforms.values()].flatMap(({ name, login }) => (login ? [{ platform: name, login }] : []))
  let engine: Engine | null = null
  const own = { company: options.company, db, clock }
  const slips = options.publicUrl ? new SlipLinks(own, options.publicUrl) : null
  const ratings = options.publicUrl ? new RatingLinks(own, options.publicUrl) : null
  const ctx: Context = {
    ...{
      company: options.company,
      db,
      clock,
      log,
      ...(slips &&
        ratings && {
          pages: {
            ...{ slip: slips.slip.bind(slips), rating: ratings.rating.bind(ratings) },
            ...(roads.length > 0 && { order: code => new URL(`/m/orders/${code}`, options.publicUrl).href }),
          },
        }),
    },
    policy: policyOf(options.policies, log, clock),
    books: options.policies,
    needPolicy: name => needPolicy(options.policies, name),
    reach: createReach(options.webhooks?.allow ?? [], options.webhooks?.resolve),
    approvalsOn: new Set([...platforms.values()].flatMap(({ name, approvals }) => (approvals ? [name] : []))),
    ring: () => engine?.ring(),
  }
  const road = createReceive(ctx, {
    botNames: options.botNames,
    findByMobile: async (name: PlatformName, mobile) => (await platforms.get(name)?.findByMobile?.(mobile)) ?? null,
  })
  const composers = {
    ...chatComposers,
    ...orderComposers,
    ...leaveComposers,
    ...attendanceComposers,
    ...monthComposers,
    ...incidentComposers,
    ...ratingComposers,
  }
  const send = createSend(ctx.reach, options.webhooks?.timeoutMs ?? webhookTimeoutMs)
  const owner = `${process.pid}-${randomUUID().slice(0, 8)}`
  engine = new Engine(ctx, duties({ owner, composers, platforms, again: road.again, send, tell: eventData }))

  const koa = new Koa()
  koa.on('error', error => log.warn({ err: String(error) }, 'a connection failed'))
  koa.use(problems(log))
  koa.use(doors(platforms.values(), road.receive, log))
  koa.use(healthRoutes(ctx, { engine, platforms, metrics, leaving }).routes())
  if (slips) koa.use(payslipPages(ctx, slips).routes())
  if (ratings) koa.use(ratingPages(ctx, ratings).routes())
  koa.use(withoutNul)
  const guard = options.publicUrl && roads.length > 0 ? new Guard(ctx, options.publicUrl) : null
  const changes = new Changes(ctx)
  if (guard) {
    koa.use(pagesAt(insidePath, null, new WebFiles(insidePath, options.insideDir)))
    koa.use(loginRoutes(ctx, guard, roads).routes())
    const policyNames = () => options.policies.keys()
    koa.use(consoleRoutes(ctx, guard, { changes, policyNames, engine, platforms }).routes())
    koa.use(pagesAt('/console', guard, new WebFiles('/console', options.consoleDir)))
    koa.use(mobileRoutes(ctx, guard).routes())
    koa.use(pagesAt('/m', guard, new WebFiles('/m', options.mobileDir)))
  }
  const { apiToken: token, apiRatePerMinute: ratePerMinute } = options
  if (token) koa.use(apiRoutes(ctx, { token, ratePerMinute }).routes())
  if (sandbox)
    koa.use(async (http, next) => {
      if (http.path !== '/') return next()
      http.redirect('/sandbox/')
    })
  koa.use(http =>
    answerProblem(http, { title: 'Not found', status: 404, detail: `Nothing is at ${http.method} ${http.path}.` }),
  )
  const callback = koa.callback()
  const closers: Array<() => Promise<void>> = []
  const heart = engine
  const idle = async () => {
    await road.idle()
    await Promise.all([...platforms.values()].map(platform => platform.idle?.()))
    await road.idle()
  }

  return {
    ...{ ctx, engine },
    handle(req, res) {
      if (hasTwoHosts(req)) return void res.writeHead(400, { Connection: 'close' }).end()
      if (sandbox?.handle(req, res)) return
      leaving.took(res)
      endUnfinished(req, res)
      void callback(req, res)
    },
    upgrade(req, socket, head) {
      // Node takes its own listener away with the upgrade: a peer that resets the connection must not end the process.
      socket.on('error', () => socket.destroy())
      if (!sandbox?.upgrade(req, socket, head)) socket.destroy()
    },
    async start() {
      await Promise.all([slips?.open(), ratings?.open(), refreshPolicies(ctx)])
      for (const platform of platforms.values()) if (platform.open) closers.push(await platform.open(road.receive))
      heart.start()
    },
    leave: () => leaving.begin(),
    answered: limitMs => leaving.answered(limitMs),
    async settle() {
      await idle()
      await heart.trigger()
    },
    async stop() {
      changes.close()
      await Promise.all(closers.map(close => close()))
      await idle()
      await heart.stop()
    },
  }
}

function policyOf(policies: Policies, log: Log, clock: Clock): Context['policy'] {
  const told = new Set<string>()
  return (name, at = clock.now()): Policy => {
    const policy = policies.get(name, at)
    if (policy) return policy
    if (!told.has(name))
      log.warn({ policy: name }, 'there is no such policy: put its file back; default is used instead')
    told.add(name)
    const usual = policies.get('default', at)
    if (!usual) throw new Invalid('policy: there is no pack "default"')
    return usual
  }
}

function needPolicy(policies: Policies, name: string): void {
  if (policies.get(name)) return
  throw new Invalid(`policy: there is no pack "${name}"; there are ${policies.keys().join(', ')}`, [
    { path: 'policy', message: 'no such pack' },
  ])
}

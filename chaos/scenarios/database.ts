import { exec } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { onServer } from '../../test/support/global.ts'
import { eventually } from '../../test/support/service.ts'
import { type Cut, Wire } from '../proxy.ts'
import type { Outcome, Stage } from '../stage.ts'

/** Lines that say what was done to the connections; anything else is a fault of the service. */
export const isConnections = (line: string): boolean =>
  /terminat|ECONNRE|EPIPE|socket|timeout|timed out|Can't reach database|Connection|connection|closed|P1001|P1017|given time|P2024|57P0|shutting down|starting up|recovery/.test(
    line,
  )

/** `seconds` 0: its connections are ended once, and that is all. PostgreSQL ends connections, the wire to it is cut, stalls and is half closed, while the service works. */
export async function database(stage: Stage, seconds: number, restart?: string): Promise<Outcome> {
  const url = new URL(stage.place.env.DATABASE_URL ?? '')
  const wire = await Wire.to(url.hostname, Number(url.port) || 5432)
  try {
    await stage.start({ DATABASE_URL: wire.through(url.href) })
    const load = stage.load.run(seconds === 0 ? 500 : 1_500, { months: 3 })
    const counts = await cutAgain(stage, wire, url, seconds)
    if (restart) {
      await promisify(exec)(restart)
      counts.restarted = (counts.restarted ?? 0) + 1
      await eventually(() => onServer(url.href, sql => sql('SELECT 1')), 120_000)
    }
    stage.say(
      Object.entries(counts)
        .map(([what, count]) => `${what} ${count}×`)
        .join(', '),
    )
    if (!restart) stage.say('the server itself was not restarted: no --restart-postgres was given')
    const outcome = await stage.settle(isConnections, undefined, { lost: true })
    await load
    return outcome
  } finally {
    await wire.close()
  }
}

async function cutAgain(stage: Stage, wire: Wire, url: URL, seconds: number): Promise<Record<string, number>> {
  if (seconds === 0) {
    await pause(5_000)
    await endAll(url)
    await pause(3_000)
    return { 'ended by the server': 1 }
  }
  const counts: Record<string, number> = {}
  const { random } = stage
  const end = performance.now() + seconds * 1_000
  while (performance.now() < end && !stage.enough) {
    await pause(random.between(500, 2_500))
    const how = random.pick(['ended by the server', 'drop', 'stall', 'lost', 'half'] as const)
    counts[how] = (counts[how] ?? 0) + 1
    if (how === 'ended by the server') {
      await endAll(url)
      continue
    }
    const cut: Cut = how === 'lost' ? 'stall' : how
    wire.cut(cut)
    await pause(random.between(300, 6_000))
    wire.mend({ lost: how === 'lost' })
  }
  return counts
}

/** Every connection to the database but this one. */
export const endAll = (url: URL): Promise<unknown> =>
  onServer(url.href, sql =>
    sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    ),
  )

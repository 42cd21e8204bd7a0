import type { Policies } from '../src/policy/versions.ts'
import { steps, workOn } from './crowd.ts'
import { type Burst, Gun, type Shot } from './load.ts'
import { mixOf, statementsIn } from './peers/mix.ts'
import type { Place } from './place.ts'
import type { Asked, Measured } from './processes.ts'
import { Site } from './site.ts'
import { slackSays } from './slack.ts'
import { type Row, ratio, spread, tail } from './table.ts'

/** Requests under way at once. */
export const concurrency = 32
const rounds = 5
const limits = { ratio: 0.4, half: 100 }

export interface CallbackOptions {
  /** Orders of one round; each is four callbacks. */
  orders: number
  /** The service writes its profile there. */
  profile?: string | undefined
}

/**
 * Signed and encrypted callbacks from different people, each changing an order of its own, through the door of a running
 * service: verify, decrypt, decide, commit, answer. What they make the service tell others goes out meanwhile. In turn with
 * them, under the same load, what is compared.
 */
export async function measureCallbacks(
  place: Place,
  policies: Policies,
  { orders, profile }: CallbackOptions,
): Promise<Row[]> {
  const site = await Site.open(place, policies, { waiting: orders * (rounds + 2) })
  const server = place.name === 'postgres'
  try {
    const service = await site.service({
      counts: server ? 'server' : 'embedded',
      ...(profile && { node: ['--cpu-prof', `--cpu-prof-dir=${profile}`] }),
    })
    await site.platform.awaitTaken(site.jobs.length)
    const group = (nth: number) => workOn(site.jobs.slice(nth * orders, (nth + 1) * orders), site.platform)
    const round = async (nth: number) => {
      const shots = group(nth)
      const before = await service.usage()
      const burst = checked(await fire(service, shots))
      const after = await service.usage()
      await site.platform.quiet()
      return { burst, asked: difference(after.asked, before.asked), cpuMs: (after.cpuMs - before.cpuMs) / shots.length }
    }
    const warm = await round(0)
    const shots = orders * steps.length
    const mix = mixOf(warm.asked, shots)
    const bare = await site.peer(server ? 'bare' : 'bare-embedded', { BENCH_MIX: JSON.stringify(mix) })
    const bolt = server ? await site.peer('bolt') : null
    const plain = Array.from(
      { length: shots },
      (): Shot => ({ method: 'POST', path: '/callback', body: 'x'.repeat(600) }),
    )
    const slack = Array.from({ length: shots }, (_, nth) => slackSays(nth))
    await fire(bare, plain)
    if (bolt) checked(await fire(bolt, slack))
    const own: Burst[] = []
    const cpu: number[] = []
    const bareCpu: number[] = []
    const bares: Burst[] = []
    const bolts: Burst[] = []
    for (let nth = 1; nth <= rounds; nth++) {
      const { burst, cpuMs } = await round(nth)
      own.push(burst)
      cpu.push(cpuMs)
      const before = (await bare.usage()).cpuMs
      bares.push(checked(await fire(bare, plain)))
      bareCpu.push(((await bare.usage()).cpuMs - before) / shots)
      if (bolt) bolts.push(checked(await fire(bolt, slack)))
    }
    const speeds = own.map(speed)
    const last = group(rounds + 1)
    const half = new Gun([service.url], 256)
    const calm = checked(await half.paced(last, spread(speeds).median / 2))
    half.close()
    const { rssMB } = await service.usage()
    await site.platform.quiet()
    await service.stop()
    await site.hasFacts(steps, site.jobs.length)
    const size = `${concurrency} at once`
    const row = (what: string, more: Omit<Row, 'what' | 'size' | 'database'>): Row => ({
      ...{ what, size, database: place.name },
      ...more,
    })
    const perSecond = { unit: '/s' as const }
    return [
      row('callbacks', {
        ...spread(speeds),
        ...perSecond,
        note: `${wordless(own)} of ${own.length * shots} answered later, by a message`,
      }),
      row('  from asking to the answer', tail(own.flatMap(({ durations }) => durations))),
      row('  the same at half of that load', {
        ...{ ...tail(calm.durations), limit: limits.half, judged: 'p99' as const },
        note: `${calm.perSecond.toFixed(0)}/s`,
      }),
      row('  CPU time of the service for one', spread(cpu)),
      row('  statements for one, with what it makes others told', {
        ...{ median: statementsIn(mix), unit: 'statements' as const, note: JSON.stringify(mix) },
      }),
      row(server ? '  bare Koa and pg, as many statements' : '  bare Koa and PGlite, as many statements', {
        ...{ ...spread(bares.map(speed)), ...perSecond },
      }),
      row('  of that the service reaches', {
        ...{ ...ratio(speeds, bares.map(speed)), unit: '×' as const, ...(server && { least: limits.ratio }) },
      }),
      row('  CPU time of the bare process for one', spread(bareCpu)),
      ...(bolt
        ? [
            row('  @slack/bolt, a signed message, no database', { ...spread(bolts.map(speed)), ...perSecond }),
            row('  of that the service reaches', { ...ratio(speeds, bolts.map(speed)), unit: '×' as const }),
          ]
        : []),
      row('  most memory of the service by then', {
        median: rssMB,
        unit: 'MB' as const,
        ...(server && { limit: 300 }),
      }),
    ]
  } finally {
    await site.close()
  }
}

const speed = ({ perSecond }: Burst): number => perSecond

async function fire({ url }: Measured, shots: readonly Shot[]): Promise<Burst> {
  const gun = new Gun([url], concurrency)
  try {
    return await gun.burst(shots)
  } finally {
    gun.close()
  }
}

/** Nothing that was refused counts as handled. */
export function checked(burst: Burst): Burst {
  const wrong = burst.answers.find(({ status }) => status !== 200)
  if (wrong) throw new Error(`answered ${wrong.status} ${wrong.body.slice(0, 200)}`)
  return burst
}

/** What took too long is acknowledged without a word, and the words follow as a message. */
const wordless = (bursts: readonly Burst[]): number =>
  bursts.flatMap(({ answers }) => answers).filter(({ body }) => body === '').length

export const difference = (after: Asked, before: Asked): Asked =>
  Object.fromEntries(Object.entries(after).map(([word, count]) => [word, count - (before[word] ?? 0)]))

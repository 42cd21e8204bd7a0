import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../engine/engine.ts'
import { marks } from '../engine/quota.ts'
import { consequence } from '../engine/quotaWords.ts'
import { ready } from '../http/health.ts'
import type { Platform } from '../platforms/platform.ts'
import type { Health } from './opswire.ts'

export interface HealthDeps {
  engine: Engine
  platforms: ReadonlyMap<PlatformName, Platform>
}

/** What `/health/ready` knows, with what each platform's allowance is spared by. */
export async function healthOf(ctx: Context, deps: HealthDeps): Promise<Health> {
  const { ok, database, engine, outbox, problems, quotas } = await ready(ctx, deps)
  return {
    ...{ ok, database, at: ctx.clock.now().toISOString() },
    engine: { lastBeatAt: engine.lastBeatAt?.toISOString() ?? null },
    outbox: outbox && { ...outbox, oldestDueAt: outbox.oldestDueAt?.toISOString() ?? null },
    platforms: [...deps.platforms.values()].map(({ name, thrift }) => {
      const spared = thrift?.({ kind: 'person', userId: '' }) ?? null
      return {
        name,
        quotas: quotas
          .filter(({ platform }) => platform === name)
          .map(({ kind, month, used, limit }) => ({
            ...{ kind, month, used, limit },
            marks: marks
              .filter(mark => kind === 'calls' || mark >= 0.95)
              .map(mark => ({
                percent: mark * 100,
                reached: used >= limit * mark,
                does: consequence(kind, mark),
              }))
              .reverse(),
          })),
        thrift: spared && {
          leavesOut: [...spared.leavesOut],
          remindersEveryMinutes: Math.round(spared.remindersEveryMs / 60_000),
          exhausted: spared.exhausted,
        },
      }
    }),
    problems: problems.map(({ since, ...rest }) => ({ ...rest, since: since?.toISOString() ?? null })),
  }
}

import { createHash } from 'node:crypto'
import type { PlatformName } from '../chat/inbound.ts'
import { claimMedia, mediaFailed, storeMedia } from '../chat/media.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { waitAfter } from '../outbox/retry.ts'
import type { Platform } from '../platforms/platform.ts'

const mediaTries = 10

/** Fetches photos and files at once: platforms forget them after minutes or days. */
export async function fetchMedia(ctx: Context, platforms: ReadonlyMap<PlatformName, Platform>): Promise<number> {
  const wanted = await inTransaction(ctx.db, tx => claimMedia(tx, ctx.company, ctx.clock.now(), 60_000, 10))
  await Promise.all(
    wanted.map(async ({ id, platform, ref, attempts }) => {
      try {
        const file = await platforms.get(platform)?.fetchMedia(ref)
        if (!file) throw new Permanent('platform-off', `platform ${platform} is switched off`)
        const sha256 = createHash('sha256').update(file.bytes).digest('hex')
        await storeMedia(ctx.db.prisma, ctx.company, id, { ...file, sha256 })
      } catch (error) {
        const temporary = error instanceof Temporary && attempts < mediaTries
        const nextAt = temporary
          ? new Date(ctx.clock.now().getTime() + waitAfter(attempts, Math.random(), error.retryAfterMs))
          : null
        const reason = error instanceof Error ? error.message : String(error)
        ctx.log.warn({ media: id, platform, attempts, reason }, 'a file could not be fetched')
        await mediaFailed(ctx.db.prisma, ctx.company, id, reason, nextAt)
      }
    }),
  )
  return wanted.length
}

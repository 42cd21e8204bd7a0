import { createHash } from 'node:crypto'
import type { PlatformName } from '../chat/inbound.ts'
import { claimMedia, mediaFailed, mediaWanted, storeMedia } from '../chat/media.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { waitAfter } from '../outbox/retry.ts'
import { put } from '../outbox/store.ts'
import type { Platform } from '../platforms/platform.ts'

const mediaTries = 10
/** Others leave a file that is being fetched alone for so long. */
export const mediaHoldMs = 60_000

/** Fetches photos and files at once: platforms forget them after minutes or days. */
export async function fetchMedia(ctx: Context, platforms: ReadonlyMap<PlatformName, Platform>): Promise<number> {
  if (!(await mediaWanted(ctx.db.prisma, ctx.company, ctx.clock.now()))) return 0
  const wanted = await inTransaction(ctx.db, tx => claimMedia(tx, ctx.company, ctx.clock.now(), mediaHoldMs, 10))
  await Promise.all(
    wanted.map(async ({ id, personId, platform, ref, attempts }) => {
      try {
        const file = await platforms.get(platform)?.fetchMedia(ref)
        if (!file) throw new Permanent('platform-off', `platform ${platform} is switched off`)
        const sha256 = createHash('sha256').update(file.bytes).digest('hex')
        await storeMedia(ctx.db.prisma, ctx.company, id, { ...file, sha256 })
      } catch (error) {
        const now = ctx.clock.now()
        const temporary = error instanceof Temporary && attempts < mediaTries
        const nextAt = temporary
          ? new Date(now.getTime() + waitAfter(attempts, Math.random(), error.retryAfterMs))
          : null
        const reason = error instanceof Error ? error.message : String(error)
        ctx.log.warn({ media: id, platform, attempts, reason }, 'a file could not be fetched')
        await inTransaction(ctx.db, async tx => {
          await mediaFailed(tx, ctx.company, id, reason, nextAt)
          if (nextAt) return
          const text = '⚠️ 你刚发的照片（或文件）没有取到，没有记录。请再发一次。'
          await put(
            tx,
            ctx.company,
            [{ kind: 'note', to: { person: personId }, data: { text }, dedupeKey: `lost:${id}` }],
            now,
          )
        })
      }
    }),
  )
  return wanted.length
}

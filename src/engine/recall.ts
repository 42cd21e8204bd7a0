import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { Permanent, Temporary } from '../errors.ts'
import type { Recall } from '../outbox/compose.ts'
import type { Platform } from '../platforms/platform.ts'

/** A card that another one replaces goes from the screen, or is drawn as replaced where that can't be; best effort. */
export async function takeBack(
  ctx: Context,
  platforms: ReadonlyMap<PlatformName, Platform>,
  { platform: name, messageId, instead }: Recall,
): Promise<void> {
  const platform = platforms.get(name)
  try {
    if (platform?.recall) await platform.recall(messageId)
    else if (platform && instead)
      // The code says which card: whose it is need not be looked up.
      await platform.send({
        ...{ id: messageId, to: { kind: 'person', userId: '' }, repaint: { handle: instead.handle } },
        message: { kind: 'card', card: instead.card },
      })
  } catch (error) {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    ctx.log.info({ code: error.code, platform: name }, 'an old card could not be taken back')
  }
}

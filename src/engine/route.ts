import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import type { ToSend } from '../outbox/compose.ts'
import { identitiesOf, usersOn } from '../people/accounts.ts'
import { groupRobot } from '../people/places.ts'
import type { Platform, Recipient } from '../platforms/platform.ts'

/** Where a message goes: a platform, and whom it means there. */
export interface Route {
  platform: Platform
  recipient: Recipient
  /** User ids of those to be called by name. */
  mentions: string[]
}

type Platforms = ReadonlyMap<PlatformName, Platform>

/**
 * From people and groups to a platform's ids. A person is reached on the platform he uses, or on another one he has when
 * that one's allowance is gone; a group by the bot, or by its own robot when the bot's allowance is gone.
 */
export async function route(
  tx: Tx,
  ctx: Context,
  platforms: Platforms,
  { to, mention = [] }: ToSend,
): Promise<Route | { dead: string }> {
  if ('person' in to) return toPerson(tx, ctx, platforms, to)
  const platform = platforms.get(to.platform)
  if (!platform) return { dead: `platform ${to.platform} is switched off` }
  if ('user' in to) return { platform, recipient: { kind: 'person', userId: to.user }, mentions: [] }
  const mentions = await usersOn(tx, ctx.company, to.platform, mention)
  const bot: Recipient = { kind: 'group', chatId: to.group, via: 'bot' }
  if (to.via === 'bot' && !isExhausted(platform, bot)) return { platform, recipient: bot, mentions }
  const robot = to.teamId ? await groupRobot(tx, ctx.company, to.teamId, to.platform) : null
  if (robot) {
    const { key, secret } = robot
    return {
      platform,
      recipient: { kind: 'group', via: 'webhook', robot: { key, ...(secret !== null && { secret }) } },
      mentions,
    }
  }
  return to.via === 'bot'
    ? { platform, recipient: bot, mentions }
    : { dead: 'the team has no group robot any more; give it one and send again' }
}

async function toPerson(
  tx: Tx,
  ctx: Context,
  platforms: Platforms,
  { person, on }: { person: string; on?: PlatformName },
): Promise<Route | { dead: string }> {
  const routes = (await identitiesOf(tx, ctx.company, person)).flatMap(({ platform: name, userId }): Route[] => {
    const platform = on && name !== on ? undefined : platforms.get(name)
    return platform ? [{ platform, recipient: { kind: 'person', userId }, mentions: [] }] : []
  })
  const open = routes.find(({ platform, recipient }) => !isExhausted(platform, recipient)) ?? routes[0]
  if (open) return open
  return on
    ? { dead: `the person has no account on ${on} any more` }
    : { dead: 'unbound: the person has no account on a platform that is switched on; bind him and send again' }
}

const isExhausted = (platform: Platform, recipient: Recipient): boolean =>
  platform.thrift?.(recipient)?.exhausted ?? false

import type { PlatformName } from '../chat/inbound.ts'
import type { Tx } from '../db/tx.ts'

/** Store of where a team is spoken to: its group chats, and the groups' own robots. */

/** A group's own webhook robot: a posting channel where no bot can speak. */
export interface GroupRobot {
  key: string
  secret: string | null
}

export async function saveRobot(
  tx: Tx,
  company: string,
  teamId: string,
  platform: PlatformName,
  robot: GroupRobot,
): Promise<void> {
  await tx.groupRobot.upsert({
    where: { company_teamId_platform: { company, teamId, platform } },
    create: { company, teamId, platform, ...robot },
    update: robot,
  })
}

export async function groupRobot(
  tx: Tx,
  company: string,
  teamId: string,
  platform: PlatformName,
): Promise<GroupRobot | null> {
  return tx.groupRobot.findUnique({
    where: { company_teamId_platform: { company, teamId, platform } },
    select: { key: true, secret: true },
  })
}

export async function bindChat(
  tx: Tx,
  company: string,
  chat: { platform: PlatformName; chatId: string; via: string; teamId: string },
  now: Date,
): Promise<void> {
  const { platform, chatId, via, teamId } = chat
  await tx.chat.upsert({
    where: { company_platform_chatId: { company, platform, chatId } },
    create: { company, platform, chatId, via, teamId, boundAt: now },
    update: { teamId, via, boundAt: now },
  })
}

/** Where a team's notices are posted: its bound group chats, and its group robot on a platform where none is bound. */
export async function postingPlaces(
  tx: Tx,
  company: string,
  teamId: string,
): Promise<Array<{ platform: PlatformName; chatId: string; via: 'bot' | 'webhook' }>> {
  return tx.$queryRaw<Array<{ platform: PlatformName; chatId: string; via: 'bot' | 'webhook' }>>`
    SELECT "platform", "chatId", 'bot' AS "via" FROM "Chat" WHERE "company" = ${company} AND "teamId" = ${teamId}::uuid
    UNION ALL
    SELECT r."platform", 'team:' || r."teamId", 'webhook' FROM "GroupRobot" r
    WHERE r."company" = ${company} AND r."teamId" = ${teamId}::uuid AND NOT EXISTS (SELECT 1 FROM "Chat" c
      WHERE c."company" = r."company" AND c."teamId" = r."teamId" AND c."platform" = r."platform")
    ORDER BY "via", "chatId", "platform"`
}

/** Groups that are bound to teams, and on which platforms a team has a group robot; of a robot nothing else is told. */
export async function placesOf(
  tx: Tx,
  company: string,
  teamIds: readonly string[],
): Promise<{
  chats: Array<{ teamId: string; platform: string; chatId: string; via: string; boundAt: Date }>
  robots: Array<{ teamId: string; platform: string }>
}> {
  const where = { company, teamId: { in: [...teamIds] } }
  const chats = await tx.chat.findMany({
    ...{ where, orderBy: [{ platform: 'desc' }, { chatId: 'asc' }] },
    select: { teamId: true, platform: true, chatId: true, via: true, boundAt: true },
  })
  const robots = await tx.groupRobot.findMany({
    ...{ where, orderBy: { platform: 'desc' }, select: { teamId: true, platform: true } },
  })
  return { chats, robots }
}

/** The group hears of the team no more; false where it was not bound to it. */
export async function unbindChat(
  tx: Tx,
  company: string,
  { teamId, platform, chatId }: { teamId: string; platform: PlatformName; chatId: string },
): Promise<boolean> {
  return (await tx.chat.deleteMany({ where: { company, teamId, platform, chatId } })).count === 1
}

/** False where the team had none on that platform. */
export async function dropRobot(tx: Tx, company: string, teamId: string, platform: PlatformName): Promise<boolean> {
  return (await tx.groupRobot.deleteMany({ where: { company, teamId, platform } })).count === 1
}

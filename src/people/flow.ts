import { randomInt } from 'node:crypto'
import type { Inbound } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { resendUnbound } from '../outbox/store.ts'
import { bind, putBindCode, takeBindCode } from './accounts.ts'
import { accountId, deskTeams, type Person } from './person.ts'
import { bindChat } from './places.ts'
import { patchPerson, personByMobile, personByName, teamByIdOrName } from './store.ts'

const codeMinutes = 30

/**
 * Binds who is talking to a person. By a dispatcher's one-time code, or by mobile when the platform itself says that
 * this user owns that number (`owner`, looked up before): words alone bind nobody.
 */
export async function bindSpeaker(
  tx: Tx,
  ctx: Context,
  inbound: Inbound,
  proof: { code?: string | undefined; mobile?: string | undefined; owner?: string | null | undefined },
): Promise<string> {
  const now = ctx.clock.now()
  const { platform, sender } = inbound
  if (proof.code) {
    const personId = await takeBindCode(tx, ctx.company, proof.code, now)
    if (!personId) throw new Refusal('code', '这个绑定码不对、用过了或已过期。请找派工员重新要一个。')
    await settle(personId, 'code')
    return boundWords(await nameOf(tx, ctx, personId))
  }
  if (!proof.mobile) throw new Refusal('missing', '请回复「绑定 你的手机号」，或「绑定 6位绑定码」。')
  const person = await personByMobile(tx, ctx.company, proof.mobile)
  if (!person || !proof.owner || accountId(platform, proof.owner) !== accountId(platform, sender.userId))
    throw new Refusal(
      'mobile',
      '这个手机号和企业通讯录对不上，没有绑定。请找派工员要 6 位绑定码，回复「绑定 123456」。',
    )
  await settle(person.id, 'mobile')
  return boundWords(person.name)

  /** Where he binds himself is where he wants to be reached. */
  async function settle(personId: string, how: 'code' | 'mobile'): Promise<void> {
    await bind(tx, ctx.company, { platform, userId: sender.userId, personId, how }, now)
    await patchPerson(tx, ctx.company, personId, { platform })
    await resendUnbound(tx, ctx.company, personId, now)
  }
}

async function nameOf(tx: Tx, ctx: Context, personId: string): Promise<string> {
  const row = await tx.person.findUnique({
    where: { company_id: { company: ctx.company, id: personId } },
    select: { name: true },
  })
  return row?.name ?? ''
}

const boundWords = (name: string): string => `✅ 绑定好了，${name}。以后有单会发卡片给你。回复「帮助」看看可以怎么说。`

/** 绑定码 张三: a one-time code the dispatcher reads out to a person of his team. */
export async function issueCode(tx: Tx, ctx: Context, by: Person, name: string): Promise<string> {
  const teams = deskTeams(by)
  if (teams.length === 0) throw new Refusal('role', '绑定码只有派工员和经理能发。')
  const person = await personByName(tx, ctx.company, name)
  if (!person?.memberships.some(m => teams.includes(m.teamId)))
    throw new Refusal('person', `你的班组里没有「${name}」。请写全名。`)
  const now = ctx.clock.now()
  const code = String(randomInt(100_000, 1_000_000))
  await putBindCode(
    tx,
    ctx.company,
    { code, personId: person.id, expiresAt: new Date(now.getTime() + codeMinutes * 60_000) },
    now,
  )
  return `${name} 的绑定码：${code}\n${codeMinutes} 分钟内有效，只能用一次。让他在和派工的单聊里回复「绑定 ${code}」。`
}

/** 绑定班组 一班, said in a group: that chat is where the team's notices go from now on. */
export async function bindGroup(tx: Tx, ctx: Context, by: Person, inbound: Inbound, name: string): Promise<string> {
  if (inbound.chat.kind !== 'group') throw new Refusal('chat', '请在班组的群里 @ 机器人说「绑定班组 班组名」。')
  const team = await teamByIdOrName(tx, ctx.company, name)
  const mine = deskTeams(by)
  if (!team || !mine.includes(team.id)) {
    const names = [...new Set(by.memberships.filter(m => mine.includes(m.teamId)).map(m => m.team))]
    throw new Refusal(
      'team',
      names.length > 0 ? `没有绑定。你能绑定的班组：${names.join('、')}。` : '绑定班组要派工员或经理来说。',
    )
  }
  const { platform, chat } = inbound
  await bindChat(tx, ctx.company, { platform, chatId: chat.id, via: chat.via, teamId: team.id }, ctx.clock.now())
  return `✅ 这个群已绑定「${team.name}」，以后派单和完工会发在这里（客户电话会打码）。`
}

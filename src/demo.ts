import { setTimeout as pause } from 'node:timers/promises'
import type { PlatformName } from './chat/inbound.ts'
import type { Context } from './context.ts'
import { inTransaction } from './db/tx.ts'
import { bind } from './people/accounts.ts'
import { enterTeams } from './people/enter.ts'
import { patchPerson, personByName } from './people/store.ts'
import type { Sandbox } from './sandbox/index.ts'
import type { SandboxPerson } from './sandbox/wire.ts'

/** The sandbox's team and groups: obviously made-up people, the same ones whose phones the page shows. */
export const demoTeam = {
  name: '一班',
  groups: { wecom: 'wrSANDBOXGROUP01', dingtalk: 'cidSANDBOXGROUP01==' },
  people: [
    person('赵派工', 'zhaopaigong', 'Dd7001zhao', '13800000001', 'dispatcher'),
    person('张三', 'zhangsan', 'Dd7002zhang', '13800000002', 'technician', ['金水区']),
    person('李四', 'lisi', 'Dd7003li', '13800000003', 'technician', ['二七区']),
    person('王经理', 'wangjingli', 'Dd7004wang', '13800000004', 'manager'),
  ],
}

type DemoRole = 'dispatcher' | 'technician' | 'manager'

function person(
  name: string,
  userId: string,
  dingtalkId: string,
  mobile: string,
  role: DemoRole,
  areas: string[] = [],
) {
  return { name, userId, dingtalkId, mobile, roles: [role], areas }
}

/** Enters the demo team once, with an account on each platform; what people changed since is left alone. */
export async function enterDemo(
  ctx: Context,
  platforms: readonly PlatformName[] = ['wecom', 'dingtalk'],
): Promise<boolean> {
  const known = await ctx.db.prisma.team.count({ where: { company: ctx.company } })
  if (known > 0) return false
  const people = demoTeam.people.map(({ userId, dingtalkId, ...rest }) => ({
    ...rest,
    ...(platforms.includes('wecom') && { wecom: { userId } }),
    ...(platforms.includes('dingtalk') && { dingtalk: { userId: dingtalkId } }),
  }))
  await enterTeams(ctx, { teams: [{ name: demoTeam.name, policy: 'default', people }] })
  return true
}

/** A group learns whose it is the way every group does: somebody says so to the bot, once it is connected. */
export async function bindDemoGroups(
  sandbox: Sandbox,
  platforms: readonly PlatformName[] = ['wecom', 'dingtalk'],
): Promise<void> {
  for (const platform of platforms) {
    const online = () => (platform === 'wecom' ? sandbox.state().botOnline : sandbox.state().dingtalkOnline)
    for (let tries = 0; tries < 100 && !online(); tries++) await pause(100)
    const chat = demoTeam.groups[platform]
    await sandbox.say({ as: 'zhaopaigong', chat, text: `绑定班组 ${demoTeam.name}`, at: true })
  }
}

/** Somebody at the desk took up the other app: what the service has for him goes there from now on. */
export async function switchApp(ctx: Context, { name, userId, dingtalkId, uses }: SandboxPerson): Promise<void> {
  await inTransaction(ctx.db, async tx => {
    const person = await personByName(tx, ctx.company, name)
    if (!person) return
    const account = { platform: uses, userId: uses === 'wecom' ? userId : dingtalkId, personId: person.id }
    await bind(tx, ctx.company, { ...account, how: 'api' }, ctx.clock.now())
    await patchPerson(tx, ctx.company, person.id, { platform: uses })
  })
}

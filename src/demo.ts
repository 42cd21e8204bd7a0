import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from './context.ts'
import { enterTeams } from './people/enter.ts'
import type { Sandbox } from './sandbox/index.ts'

/** The sandbox's team and group: obviously made-up people, the same ones whose phones the page shows. */
export const demoTeam = {
  name: '一班',
  group: 'wrSANDBOXGROUP01',
  people: [
    { name: '赵派工', userId: 'zhaopaigong', mobile: '13800000001', roles: ['dispatcher' as const] },
    { name: '张三', userId: 'zhangsan', mobile: '13800000002', roles: ['technician' as const] },
    { name: '李四', userId: 'lisi', mobile: '13800000003', roles: ['technician' as const] },
    { name: '王经理', userId: 'wangjingli', mobile: '13800000004', roles: ['manager' as const] },
  ],
}

/** Enters the demo team once; what people changed since is left alone. */
export async function enterDemo(ctx: Context): Promise<boolean> {
  const known = await ctx.db.prisma.team.count({ where: { company: ctx.company } })
  if (known > 0) return false
  const people = demoTeam.people.map(({ userId, ...person }) => ({ ...person, wecom: { userId } }))
  await enterTeams(ctx, { teams: [{ name: demoTeam.name, policy: 'default', people }] })
  return true
}

/** The group learns whose it is the way every group does: somebody says so to the bot, once it is connected. */
export async function bindDemoGroup(sandbox: Sandbox): Promise<void> {
  for (let tries = 0; tries < 100 && !sandbox.state().botOnline; tries++) await pause(100)
  await sandbox.say({ as: 'zhaopaigong', chat: demoTeam.group, text: `绑定班组 ${demoTeam.name}`, at: true })
}

import { randomBytes } from 'node:crypto'
import type { SandboxSeed, WecomCredentials } from './options.ts'
import type { SandboxChat } from './wire.ts'

export const demoSeed: SandboxSeed = {
  people: [
    { userId: 'zhaopaigong', name: '赵派工', title: '派工员', mobile: '13800000001' },
    { userId: 'zhangsan', name: '张三', title: '技术员', mobile: '13800000002' },
    { userId: 'lisi', name: '李四', title: '技术员', mobile: '13800000003' },
    { userId: 'wangjingli', name: '王经理', title: '经理', mobile: '13800000004' },
  ],
  groups: [{ id: 'wrSANDBOXGROUP01', title: '一班派工群', members: ['zhaopaigong', 'zhangsan', 'lisi', 'wangjingli'] }],
}

/** The chats every phone starts with: per person one with the app and one with the bot, and the groups. */
export function chatsOf(seed: SandboxSeed, names: { appName: string; botName: string }): SandboxChat[] {
  const own = seed.people.flatMap(({ userId }): SandboxChat[] => [
    { id: `app:${userId}`, kind: 'app', title: names.appName, members: [userId], unread: { [userId]: 0 } },
    { id: `bot:${userId}`, kind: 'bot', title: names.botName, members: [userId], unread: { [userId]: 0 } },
  ])
  const groups = seed.groups.map(
    ({ id, title, members }): SandboxChat => ({
      id,
      kind: 'group',
      title,
      members: [...members],
      unread: Object.fromEntries(members.map(userId => [userId, 0])),
    }),
  )
  return [...groups, ...own]
}

const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const word = (length: number) => Array.from(randomBytes(length), byte => alnum[byte % alnum.length]).join('')

/** Fresh credentials in the platform's shapes; what is given stays. */
export function makeCredentials(given: Partial<WecomCredentials> = {}): WecomCredentials {
  return {
    corpId: `ww${randomBytes(8).toString('hex')}`,
    agentId: 1_000_002,
    secret: word(43),
    token: word(24),
    // 43 characters that decode to exactly 32 bytes, as the admin console generates them.
    aesKey: `${word(42)}A`,
    botId: `aib${word(20)}`,
    botSecret: word(43),
    webhookKey: `${word(8)}-${word(4)}-${word(4)}-${word(4)}-${word(12)}`,
    botName: '派工助手',
    appName: '派工',
    ...given,
  }
}

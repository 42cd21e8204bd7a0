import { randomBytes } from 'node:crypto'
import type { DingtalkCredentials, SandboxSeed, WecomCredentials } from './options.ts'
import type { SandboxChat, SandboxPerson } from './wire.ts'

const everybody = ['zhaopaigong', 'zhangsan', 'lisi', 'wangjingli']

export const demoSeed: SandboxSeed = {
  people: [
    { userId: 'zhaopaigong', dingtalkId: 'Dd7001zhao', name: '赵派工', title: '派工员', mobile: '13800000001' },
    { userId: 'zhangsan', dingtalkId: 'Dd7002zhang', name: '张三', title: '技术员', mobile: '13800000002' },
    { userId: 'lisi', dingtalkId: 'Dd7003li', name: '李四', title: '技术员', mobile: '13800000003' },
    { userId: 'wangjingli', dingtalkId: 'Dd7004wang', name: '王经理', title: '经理', mobile: '13800000004' },
  ],
  groups: [
    { id: 'wrSANDBOXGROUP01', title: '一班派工群', members: everybody },
    { id: 'cidSANDBOXGROUP01==', platform: 'dingtalk', title: '一班派工群', members: everybody },
  ],
}

/** People as phones know them: everybody begins with WeCom. */
export const peopleOf = (seed: SandboxSeed): SandboxPerson[] =>
  seed.people.map(person => ({ dingtalkId: `Dd${person.userId}`, uses: 'wecom', ...person }))

/** The chats every phone starts with: per person those with the app, the bot and DingTalk's robot, and the groups. */
export function chatsOf(
  seed: SandboxSeed,
  names: { appName: string; botName: string; robotName: string },
): SandboxChat[] {
  const own = seed.people.flatMap(({ userId }): SandboxChat[] => {
    const his = { members: [userId], unread: { [userId]: 0 } }
    return [
      { id: `app:${userId}`, platform: 'wecom', kind: 'app', title: names.appName, ...structuredClone(his) },
      { id: `bot:${userId}`, platform: 'wecom', kind: 'bot', title: names.botName, ...structuredClone(his) },
      { id: `ding:${userId}`, platform: 'dingtalk', kind: 'robot', title: names.robotName, ...structuredClone(his) },
    ]
  })
  const groups = seed.groups.map(
    ({ id, platform, title, members }): SandboxChat => ({
      id,
      platform: platform ?? 'wecom',
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
/** 43 characters that decode to exactly 32 bytes, as the consoles generate them. */
const aesKey = () => `${word(42)}A`

export const newTemplateId = (): string => `3WK${word(40)}`

/** Fresh credentials in the platform's shapes; what is given stays. */
export function makeCredentials(given: Partial<WecomCredentials> = {}): WecomCredentials {
  return {
    corpId: `ww${randomBytes(8).toString('hex')}`,
    agentId: 1_000_002,
    secret: word(43),
    token: word(24),
    aesKey: aesKey(),
    botId: `aib${word(20)}`,
    botSecret: word(43),
    webhookKey: `${word(8)}-${word(4)}-${word(4)}-${word(4)}-${word(12)}`,
    botName: '派工助手',
    appName: '派工',
    leaveTemplateId: newTemplateId(),
    ...given,
  }
}

export function makeDingtalkCredentials(given: Partial<DingtalkCredentials> = {}): DingtalkCredentials {
  const clientId = `ding${word(16).toLowerCase()}`
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  return {
    corpId: `ding${hex(16)}`,
    agentId: 2_000_002,
    clientId,
    clientSecret: word(64),
    robotCode: clientId,
    eventToken: word(24),
    eventAesKey: aesKey(),
    cardTemplateId: `${[4, 2, 2, 2, 6].map(hex).join('-')}.schema`,
    robotName: '派工助手',
    webhookToken: hex(32),
    webhookSecret: `SEC${hex(32)}`,
    ...given,
  }
}

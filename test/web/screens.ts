import type { PhonePlatform, SandboxCard, SandboxMessage, SandboxState } from '../../src/sandbox/wire.ts'

const person = (userId: string, name: string, title: string, uses: PhonePlatform = 'wecom') => ({
  userId,
  dingtalkId: `${userId}_dd`,
  uses,
  name,
  title,
  mobile: '13800000000',
})
export const people = [
  person('zhao', '赵派工', '派工员'),
  person('zhang3', '张三', '技术员'),
  person('wang', '王经理', '售后经理'),
]
export const card: SandboxCard = {
  type: 'button_interaction',
  title: '【派工单】',
  rows: [{ label: '客户', value: '王女士' }],
  buttons: [{ text: '接单', style: 1, key: 'k' }],
}
export const message = (over: Partial<SandboxMessage> = {}): SandboxMessage => ({
  id: 'm1',
  chat: 'app:zhang3',
  from: { kind: 'app', name: '派工' },
  at: '2026-11-23T06:00:00.000Z',
  body: { kind: 'card', taskId: 't', card, forViewer: {} },
  ...over,
})
export const state = (over: Partial<SandboxState> = {}): SandboxState => ({
  now: '2026-11-23T06:05:00.000Z',
  ahead: 0,
  people,
  chats: [
    {
      id: 'g1',
      platform: 'wecom',
      kind: 'group',
      title: '一班派工群',
      members: ['zhao', 'zhang3', 'wang'],
      unread: { zhang3: 2 },
    },
    { id: 'bot:zhang3', platform: 'wecom', kind: 'bot', title: '派工助手', members: ['zhang3'], unread: {} },
    {
      id: 'app:zhang3',
      platform: 'wecom',
      kind: 'app',
      title: '派工',
      members: ['zhang3'],
      unread: { zhang3: 4, zhao: 9 },
    },
  ],
  messages: [message()],
  approvals: [],
  punches: [],
  botOnline: true,
  dingtalkOnline: true,
  dingtalkQuota: { month: '2026-11', calls: 0, callLimit: 5000, pushes: 0, pushLimit: 3000 },
  ...over,
})

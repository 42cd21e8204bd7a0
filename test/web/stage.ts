import type {
  PhonePlatform,
  SandboxActions,
  SandboxCardButton,
  SandboxMessage,
  SandboxState,
} from '../../src/sandbox/wire.ts'
import { type Caption, type Stage, Stopped } from '../../src/web/sandbox/story.ts'

export const usersOf = (apps: Record<string, PhonePlatform>): SandboxState['people'] =>
  Object.entries(apps).map(([name, uses]) => ({
    userId: name,
    dingtalkId: name,
    uses,
    name,
    title: '',
    mobile: '13800000000',
  }))
const people = usersOf({ 赵派工: 'wecom', 张三: 'wecom', 王经理: 'wecom' })
export const WORKING = '2026-11-23T02:00:00.000Z' // 10:00 in China
const members = ['赵派工', '张三', '王经理']
const own = (
  id: string,
  platform: PhonePlatform,
  kind: 'app' | 'robot',
  name: string,
): SandboxState['chats'][number] => ({
  id,
  platform,
  kind,
  title: '派工',
  members: [name],
  unread: {},
})
const chats: SandboxState['chats'] = [
  ...members.flatMap(name => [
    own(`app:${name}`, 'wecom', 'app', name),
    own(`ding:${name}`, 'dingtalk', 'robot', name),
  ]),
  { id: 'g1', platform: 'wecom', kind: 'group', title: '群', members, unread: {} },
  { id: 'g2', platform: 'dingtalk', kind: 'group', title: '群', members, unread: {} },
]
export const MORNING: SandboxState = {
  now: WORKING,
  ahead: 0,
  people,
  chats,
  messages: [],
  approvals: [],
  punches: [],
  botOnline: true,
  dingtalkOnline: true,
  dingtalkQuota: { month: '2026-11', calls: 0, callLimit: 5000, pushes: 0, pushLimit: 3000 },
}
/** The same card as the chat's platform draws it. */
function cardBody(chat: string, id: string, title: string, buttons: SandboxCardButton[]): SandboxMessage['body'] {
  if (chats.find(each => each.id === chat)?.platform === 'wecom') {
    const card = { type: 'button_interaction' as const, title, rows: [], buttons }
    return { kind: 'card', taskId: id, card, forViewer: {} }
  }
  const dingButtons = buttons.map(({ text, key = '' }) => ({ id: key, text, color: 'blue', request: true }))
  const card = { look: 'own-template' as const, title, markdown: '', buttons: dingButtons }
  return { kind: 'dingcard', outTrackId: id, card, forViewer: {}, mentions: [] }
}

/** A desk without a browser: time passes only where the player waits, and `answers` says what the service does. */
export class Desk implements Stage {
  now = MORNING
  captions: Caption[] = []
  done: string[] = []
  hints: unknown[] = []
  stopAfter = Number.POSITIVE_INFINITY
  private passed = 0
  private later: Array<{ at: number; deed: () => void }> = []
  private readonly answers: (what: string, desk: Desk) => void

  constructor(answers: (what: string, desk: Desk) => void = () => undefined) {
    this.answers = answers
  }

  put(
    chat: string,
    words: string,
    buttons: SandboxCardButton[] = [],
    from: SandboxMessage['from'] = { kind: 'app', name: '派工' },
  ): void {
    const id = `m${this.now.messages.length}`
    const body: SandboxMessage['body'] = buttons.length
      ? cardBody(chat, id, words, buttons)
      : { kind: 'text', text: words, mentions: [] }
    this.now = { ...this.now, messages: [...this.now.messages, { id, chat, from, at: this.now.now, body }] }
  }

  in(ms: number, deed: () => void): void {
    this.later.push({ at: this.passed + ms, deed })
  }

  private pass(ms: number): void {
    this.passed += ms
    const due = this.later.filter(each => each.at <= this.passed)
    this.later = this.later.filter(each => each.at > this.passed)
    for (const each of due) each.deed()
  }

  private did(what: string): Promise<void> {
    this.done.push(what)
    this.answers(what, this)
    return Promise.resolve()
  }

  state = () => this.now
  elapsed = () => this.passed
  changed = async (ms: number) => this.pass(ms)
  rest = async (ms: number) => this.pass(ms)
  gate = async () => {
    if (this.done.length >= this.stopAfter) throw new Stopped()
  }
  caption = (caption: Caption) => void this.captions.push(caption)
  focus = (seat: string, chat: string) => void this.done.push(`look ${seat} ${chat}`)
  hint = (hint: unknown) => void this.hints.push(hint)
  say = (body: SandboxActions['say']) => this.did(`say ${body.as} ${body.chat} ${body.at ? '@' : ''}${body.text}`)
  tap = (body: SandboxActions['tap']) => this.did(`tap ${body.as} ${body.message} ${body.key}`)
  samplePhoto = (as: string, chat: string) => this.did(`photo ${as} ${chat}`)
  clock = (body: SandboxActions['clock']) => {
    const to = 'to' in body ? Date.parse(body.to) : Date.parse(this.now.now) + body.forwardMs
    this.now = { ...this.now, now: new Date(to).toISOString() }
    return this.did(`clock ${this.now.now}`)
  }
}

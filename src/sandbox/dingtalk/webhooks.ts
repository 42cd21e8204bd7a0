import { timingSafeEqual } from 'node:crypto'
import { parseRecord } from '../json.ts'
import { Limiter, minute } from '../window.ts'
import type { SandboxChat, SandboxMessage } from '../wire.ts'
import { type Call, okOld } from './call.ts'
import { type Desk, nowOf } from './desk.ts'
import { robotSign } from './posts.ts'
import { oldRefused } from './refused.ts'
import type { Sessions } from './sessions.ts'
import { readSpoken } from './spoken.ts'

const hour = 3_600_000
const silenceMs = 10 * minute

/** Messages through addresses that are their own credential: answers in a session, and the group's custom robot. */
export class Webhooks {
  private readonly pace = new Limiter([{ count: 20, windowMs: minute }])
  private silentUntil = 0
  private readonly done = new Set<string>()

  constructor(
    private readonly desk: Desk,
    private readonly sessions: Sessions,
  ) {}

  /** `POST /robot/sendBySession` (dingtalk.md §2.4) */
  bySession(call: Call): Record<string, unknown> {
    const chat = this.desk.phones.chat(this.sessions.chat(call.query.get('session')))
    if (!chat) throw oldRefused(300001, 'session 不存在')
    this.say(chat, { kind: 'bot', name: this.desk.credentials.robotName }, call)
    return okOld()
  }

  /** `POST /robot/send` (dingtalk.md §3) */
  byCustomRobot(call: Call): Record<string, unknown> {
    const group = this.desk.robotGroup()
    const { webhookToken } = this.desk.credentials
    if (call.query.get('access_token') !== webhookToken) throw oldRefused(400101, 'access_token不合法')
    if (!group) throw oldRefused(400106, '机器人不在群里')
    this.checkSign(call)
    this.keepPace()
    const { msgUuid } = messageIn(call)
    if (typeof msgUuid === 'string' && this.done.has(msgUuid)) {
      call.note('the same msgUuid was sent before: not shown again')
      return okOld()
    }
    this.say(group, { kind: 'robot', name: '派工播报' }, call)
    if (typeof msgUuid === 'string') this.done.add(msgUuid)
    return okOld()
  }

  private say(chat: SandboxChat, from: SandboxMessage['from'], call: Call): void {
    const body = readSpoken(this.desk, messageIn(call), call.note)
    if (!this.desk.meters.push()) throw oldRefused(90020, '企业本月的Webhook&Stream消息数已用完')
    this.desk.phones.post(chat, from, body)
  }

  private checkSign(call: Call): void {
    const timestamp = call.query.get('timestamp') ?? ''
    const given = Buffer.from(call.query.get('sign') ?? '')
    if (!(Math.abs(nowOf(this.desk) - Number(timestamp || Number.NaN)) <= hour))
      throw oldRefused(310000, 'timestamp无效: 与服务器时间相差超过1小时')
    const expected = Buffer.from(robotSign(this.desk.credentials.webhookSecret, timestamp))
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw oldRefused(310000, 'sign不匹配，请检查签名')
  }

  /** Above 20 a minute the robot is silent for 10 minutes (dingtalk.md §3.3). */
  private keepPace(): void {
    const now = nowOf(this.desk)
    if (now < this.silentUntil) throw oldRefused(410100, '发送速度太快而限流')
    if (this.pace.take('', now)) return
    this.silentUntil = now + silenceMs
    throw oldRefused(410100, '发送速度太快而限流')
  }
}

/** dingtalk.md §3.3 */
function messageIn(call: Call): Record<string, unknown> {
  if (!/json/.test(call.contentType)) throw oldRefused(43004, '无效的HTTP HEADER Content-Type')
  const parsed = parseRecord(call.body.toString('utf8'))
  if (!parsed) throw oldRefused(40035, '缺少参数 json')
  return parsed
}

import { z } from 'zod'
import { forgetBefore, randomId } from '../ids.ts'
import { day } from '../window.ts'
import type { SandboxBody, SandboxChat } from '../wire.ts'
import { type Call, shaped } from './call.ts'
import { type Desk, dingGroup, nowOf, robotChat } from './desk.ts'
import { bodyOf } from './msgkeys.ts'
import { refused } from './refused.ts'

const mostUsers = 20
const mostKeys = 20

const sending = { robotCode: z.string(), msgKey: z.unknown().optional(), msgParam: z.unknown().optional() }
const toPeople = z.looseObject({ ...sending, userIds: z.array(z.string()).min(1) })
const toGroup = z.looseObject({ ...sending, openConversationId: z.string().optional() })
const recalling = z.looseObject({
  robotCode: z.string(),
  openConversationId: z.string().optional(),
  processQueryKeys: z.array(z.string()).min(1).max(mostKeys),
})

/** What the robot says on its own (dingtalk.md §2.1–2.5). */
export class Robot {
  constructor(private readonly desk: Desk) {}

  /** `POST /v1.0/robot/oToMessages/batchSend` */
  toPeople(call: Call): Record<string, unknown> {
    const given = shaped(toPeople, call)
    this.checkRobot(given.robotCode)
    if (given.userIds.length > mostUsers)
      throw refused('invalidParameter.userIds.overMax', `userIds超过最大限制${mostUsers}`)
    const body = bodyOf(this.desk, given.msgKey, given.msgParam)
    const people = [...new Set(given.userIds)].map(userId => ({ userId, chat: this.chatOf(userId) }))
    const invalidStaffIdList = people.filter(({ chat }) => !chat).map(({ userId }) => userId)
    if (invalidStaffIdList.length === people.length) throw refused('staffId.notExisted', 'userIds中没有企业的员工')
    const processQueryKey = this.post(
      people.map(({ chat }) => chat).filter(chat => chat !== undefined),
      body,
    )
    return { processQueryKey, invalidStaffIdList, flowControlledStaffIdList: [] }
  }

  /** `POST /v1.0/robot/groupMessages/send` */
  toGroup(call: Call): Record<string, unknown> {
    const given = shaped(toGroup, call)
    this.checkRobot(given.robotCode)
    if (!given.openConversationId) throw refused('miss.openConversationId', '缺少openConversationId')
    const group = dingGroup(this.desk, given.openConversationId)
    if (!group) throw refused('invalid.openConversationId', '无效的openConversationId')
    const body = bodyOf(this.desk, given.msgKey, given.msgParam)
    return { processQueryKey: this.post([group], body, group.id) }
  }

  /** `POST /v1.0/robot/otoMessages/batchRecall` */
  recallFromPeople(call: Call): Record<string, unknown> {
    return this.recall(shaped(recalling, call), undefined)
  }

  /** `POST /v1.0/robot/groupMessages/recall` */
  recallFromGroup(call: Call): Record<string, unknown> {
    const given = shaped(recalling, call)
    if (!given.openConversationId) throw refused('miss.openConversationId', '缺少openConversationId')
    return this.recall(given, given.openConversationId)
  }

  /** Within 24 hours. An error only when nothing could be recalled. */
  private recall(given: z.infer<typeof recalling>, conversation: string | undefined): Record<string, unknown> {
    this.checkRobot(given.robotCode)
    const successResult: string[] = []
    const failedResult: Record<string, string> = {}
    for (const key of given.processQueryKeys) {
      const why = this.recallOne(key, conversation)
      if (why) failedResult[key] = why
      else successResult.push(key)
    }
    const reasons = [...new Set(Object.values(failedResult))]
    if (successResult.length === 0) {
      const [only, another] = reasons
      throw refused(another === undefined ? String(only) : 'notRevoke.all.messages', '消息不能撤回')
    }
    return { successResult, failedResult }
  }

  private recallOne(key: string, conversation: string | undefined): string | undefined {
    const sent = this.desk.kept.sent.get(key)
    if (!sent || sent.conversation !== conversation) return 'invalid.processQueryKey'
    if (nowOf(this.desk) - new Date(sent.at).getTime() > day) return 'robot.processQueryKey.expired'
    for (const id of sent.messages) {
      const message = this.desk.phones.message(id)
      if (message) this.desk.phones.recall(message)
    }
    return undefined
  }

  private post(chats: SandboxChat[], body: SandboxBody, conversation?: string): string {
    const from = { kind: 'bot' as const, name: this.desk.credentials.robotName }
    const messages = chats.map(chat => this.desk.phones.post(chat, from, structuredClone(body)).id)
    const key = randomId(24)
    const at = this.desk.clock.now().toISOString()
    this.desk.kept.sent.set(key, { messages, at, ...(conversation === undefined ? {} : { conversation }) })
    // Kept longer than a recall is possible: what is quoted is known by this key, too.
    forgetBefore(this.desk.kept.sent, nowOf(this.desk) - 30 * day, sent => sent.at)
    this.desk.changed()
    return key
  }

  private chatOf(userId: string): SandboxChat | undefined {
    const person = this.desk.phones.byDingtalkId(userId)
    return person && robotChat(this.desk, person)
  }

  private checkRobot(robotCode: string): void {
    if (robotCode !== this.desk.credentials.robotCode)
      throw refused('invalidParameter.robotCode.notExsit', 'robotCode不存在')
  }
}

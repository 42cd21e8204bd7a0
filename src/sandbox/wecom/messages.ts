import { forgetBefore, randomId } from '../ids.ts'
import { day, hour, Limiter, minute } from '../window.ts'
import type { SandboxMessage } from '../wire.ts'
import { sees } from './agent.ts'
import { readBody } from './bodies.ts'
import { type Call, jsonBody } from './call.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'
import { issueCode } from './responsecodes.ts'

const most = 1_000
const ids = (value: unknown): string[] => (typeof value === 'string' ? value.split('|').filter(Boolean) : [])

/** The app's own messages: `message/send` and `message/recall`. */
export class Messages {
  /** Above this the platform drops what an app sends to one member, without a word. */
  private readonly perMember = new Limiter([
    { count: 30, windowMs: minute },
    { count: 1_000, windowMs: hour },
  ])
  private readonly earlier = new Map<string, { answer: Answer; at: number }>()

  constructor(private readonly desk: Desk) {}

  send(call: Call): Answer {
    const sent = jsonBody(call)
    checkAgent(this.desk, sent.agentid)
    const now = this.desk.clock.now().getTime()
    const check = sent.enable_duplicate_check === 1
    const interval = typeof sent.duplicate_check_interval === 'number' ? sent.duplicate_check_interval : 1_800
    if (check && (interval <= 0 || interval > 14_400))
      throw new Refused(40058, 'invalid duplicate_check_interval, at most 4 hours')
    const same = JSON.stringify(sent)
    const before = check ? this.earlier.get(same) : undefined
    if (before && now - before.at < interval * 1_000) {
      call.note('suppressed: the same message was sent within duplicate_check_interval')
      return before.answer
    }
    const { found, invalid } = this.receivers(sent)
    const read = readBody(this.desk, sent)
    for (const note of read.notes) call.note(note)
    if (read.body.kind === 'card' && read.body.taskId) this.claimTaskId(read.body.taskId, call)
    const messages = found.flatMap(userId => this.post(userId, read.body, now, call))
    const msgid = randomId(48)
    this.desk.kept.sent.set(msgid, { messages, at: this.desk.clock.now().toISOString() })
    forgetBefore(this.desk.kept.sent, now - 4 * day, entry => entry.at)
    forgetBefore(this.earlier, now - 4 * hour, entry => entry.at)
    this.desk.changed()
    const answer = ok({
      invaliduser: invalid.join('|').toLowerCase(),
      invalidparty: ids(sent.toparty).join('|'),
      invalidtag: ids(sent.totag).join('|'),
      unlicenseduser: '',
      msgid,
      ...(read.callsBack ? { response_code: issueCode(this.desk, messages) } : {}),
    })
    if (check) this.earlier.set(same, { answer, at: now })
    return answer
  }

  recall(call: Call): Answer {
    const { msgid } = jsonBody(call)
    const sent = typeof msgid === 'string' ? this.desk.kept.sent.get(msgid) : undefined
    if (!sent) throw new Refused(40058, 'invalid parameter: msgid is unknown')
    if (this.desk.clock.now().getTime() - new Date(sent.at).getTime() > day)
      throw new Refused(42052, 'the message was sent more than 24 hours ago')
    for (const id of sent.messages) {
      const message = this.desk.phones.message(id)
      if (message) this.desk.phones.recall(message)
    }
    return ok()
  }

  private receivers(sent: Record<string, unknown>): { found: string[]; invalid: string[] } {
    if (sent.touser !== undefined && typeof sent.touser !== 'string')
      throw new Refused(40058, 'invalid parameter: touser must be a string')
    if (sent.touser === '@all') return { found: this.desk.phones.everybody().map(person => person.userId), invalid: [] }
    const named = [...new Set(ids(sent.touser))]
    if (named.length > most) throw new Refused(40058, `invalid parameter: more than ${most} users in touser`)
    const found = new Set<string>()
    const invalid: string[] = []
    for (const userId of named) {
      const person = this.desk.phones.person(userId)
      if (person && sees(this.desk.console, person.userId)) found.add(person.userId)
      else invalid.push(userId)
    }
    if (found.size === 0) throw new Refused(81013, 'user & party & tag all invalid')
    return { found: [...found], invalid }
  }

  private post(userId: string, body: SandboxMessage['body'], now: number, call: Call): string[] {
    const chat = this.desk.phones.chat(`app:${userId}`)
    if (!chat) return []
    if (!this.perMember.take(userId, now)) {
      call.note(`dropped without a word for ${userId}: more than 30 a minute or 1,000 an hour`)
      return []
    }
    const from = { kind: 'app' as const, name: this.desk.credentials.appName }
    return [this.desk.phones.post(chat, from, structuredClone(body)).id]
  }

  /** What WeCom does with a task id used twice is not documented; here it is refused so that it is noticed. */
  private claimTaskId(taskId: string, call: Call): void {
    const used = this.desk.kept.appTaskIds
    if (used.has(taskId)) {
      call.note(`task_id ${taskId} was used before; it must be unique per app`)
      throw new Refused(40058, 'invalid parameter: task_id was used before')
    }
    used.add(taskId)
  }
}

export function checkAgent(desk: Desk, agentId: unknown): void {
  if (agentId !== desk.credentials.agentId) throw new Refused(40056, 'invalid agentid')
}

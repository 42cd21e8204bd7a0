import { createHash, createHmac } from 'node:crypto'
import type { Picture } from '../../chat/card.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Clock } from '../../now.ts'
import { pictureForm, Uploads } from '../picture.ts'
import type { RobotKey, Sent, TokenStore } from '../platform.ts'
import { cutBytes } from '../text.ts'
import type { Api } from './api.ts'
import type { Client } from './client.ts'
import type { Sessions } from './sessions.ts'

/** `msgParam` may have 15,000 bytes (dingtalk.md §2.2); quotes and line breaks take two of them. */
const textBytes = 6_000
/** A person in service since so long was heard; above 20 a minute the robot is shut up for ten (dingtalk.md §3.3). */
export const webhookLimits = [{ count: 18, windowMs: 60_000 }]

/** Of a picture (dingtalk.md §9). */
export const pictureBytes = 20 * 1_048_576
/** An uploaded file lasts; the same picture for several people within the hour is one upload, which is a billed call. */
const uploadLifeMs = 3_600_000

interface Parts {
  api: Api
  client: Client
  sessions: Sessions
  robotCode: string
  oapiBase: string
  clock: Clock
  store: TokenStore
}

/** The platform refuses empty messages. */
const filled = (text: string): string => cutBytes(text.trim() === '' ? '—' : text, textBytes)

/** What the robot says in words: by the API, in a conversation's session, or as a group's own robot. */
export class Robot {
  private readonly uploads: Uploads

  constructor(private readonly parts: Parts) {
    this.uploads = new Uploads(`dingtalk:${parts.robotCode}`, uploadLifeMs, parts)
  }

  /** `oToMessages/batchSend` (dingtalk.md §2.1). */
  async toPerson(userId: string, msgKey: string, msgParam: object): Promise<Sent> {
    const body = { robotCode: this.parts.robotCode, userIds: [userId], msgKey, msgParam: JSON.stringify(msgParam) }
    const path = '/v1.0/robot/oToMessages/batchSend'
    const answer = await this.parts.api.call({ api: 'robot/oToMessages', path, body })
    if (includes(answer.invalidStaffIdList, userId))
      throw new Permanent('no-such-user', 'DingTalk does not know the member', {
        fix: 'check the user id, and add the person to the app’s 可使用范围',
      })
    if (includes(answer.flowControlledStaffIdList, userId))
      throw new Temporary('flow-controlled', 'DingTalk holds messages to this member back', { retryAfterMs: 60_000 })
    return typeof answer.processQueryKey === 'string' ? { messageId: answer.processQueryKey } : {}
  }

  sayToPerson(userId: string, text: string): Promise<Sent> {
    return this.toPerson(userId, 'sampleText', { content: filled(text) })
  }

  /** `groupMessages/send` (dingtalk.md §2.2): it cannot call anybody by name. */
  async toGroup(openConversationId: string, msgKey: string, msgParam: object): Promise<Sent> {
    await this.parts.api.call({
      ...{ api: 'robot/groupMessages', path: '/v1.0/robot/groupMessages/send' },
      body: {
        ...{ openConversationId, robotCode: this.parts.robotCode, msgKey },
        msgParam: JSON.stringify(msgParam),
      },
    })
    return {}
  }

  sayToGroup(openConversationId: string, text: string): Promise<Sent> {
    return this.toGroup(openConversationId, 'sampleText', { content: filled(text) })
  }

  /** Hands a picture over (dingtalk.md §9), then tells whom it is for by its id. */
  async show(to: { user: string } | { group: string }, picture: Picture): Promise<Sent> {
    const name = createHash('sha256').update(picture.png).digest('hex')
    const photoURL = await this.uploads.id(name, () => this.upload(picture))
    try {
      return await ('user' in to
        ? this.toPerson(to.user, 'sampleImageMsg', { photoURL })
        : this.toGroup(to.group, 'sampleImageMsg', { photoURL }))
    } catch (error) {
      if (error instanceof Permanent && error.code === 'bad-body') await this.uploads.forget(name)
      throw error
    }
  }

  private async upload(picture: Picture): Promise<string> {
    // Its name shows nowhere; one that is plain ASCII is taken by every server on the way.
    const form = pictureForm(picture, 'picture.png')
    const answer = await this.parts.api.old({
      ...{ api: 'media/upload', path: '/media/upload', params: { type: 'image' }, form },
    })
    if (typeof answer.media_id !== 'string' || answer.media_id === '')
      throw new Temporary('no-media', 'media/upload: an answer without a media_id')
    return answer.media_id
  }

  /** In the session of a conversation; false when there is none that works. */
  async sayInSession(conversation: string, text: string, mentions: readonly string[]): Promise<boolean> {
    const url = await this.parts.sessions.find(conversation)
    if (!url) return false
    try {
      const answer = await this.parts.client.ask({
        ...{ api: 'robot/sendBySession', method: 'POST', url, bills: 'pushes', scope: 'session' },
        body: textBody(text, mentions),
      })
      return answer !== null
    } catch (error) {
      if (!(error instanceof Permanent || error instanceof Temporary)) throw error
      if (error.code === 'session-gone') this.parts.sessions.forget(conversation)
      return false
    }
  }

  /** As the group's own robot (dingtalk.md §3): signed when it wants that. */
  async sayAsRobot({ key, secret }: RobotKey, text: string, mentions: readonly string[], id: string): Promise<Sent> {
    const asked = this.parts.client.ask({
      ...{ api: 'robot/send', method: 'POST', url: `${this.parts.oapiBase}/robot/send`, bills: 'pushes' },
      params: { access_token: key, ...robotSignature(secret, this.parts.clock.now()) },
      scope: `robot ${createHmac('sha256', 'robot').update(key).digest('hex').slice(0, 12)}`,
      body: { ...textBody(text, mentions), msgUuid: id },
    })
    const answer = await asked.catch(error => {
      // The code that means a session's end says of a robot that its token is wrong (dingtalk.md §3.3).
      if (error instanceof Permanent && error.code === 'session-gone') return null
      throw error
    })
    if (!answer)
      throw new Permanent('robot-gone', 'robot/send: the token is not taken', {
        fix: 'the group robot’s token is wrong: copy its address again',
      })
    return {}
  }
}

/** How a robot with 加签 is spoken through (dingtalk.md §3.1); nothing for one without. */
export function robotSignature(secret: string | undefined, now: Date): { timestamp: string; sign: string } | object {
  if (!secret) return {}
  const timestamp = String(now.getTime())
  return { timestamp, sign: createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64') }
}

/** Who is called must stand in the list and in the words (dingtalk.md §3.2); at most 50. */
function textBody(text: string, mentions: readonly string[]): object {
  const atUserIds = mentions.slice(0, 50)
  const called = atUserIds.map(userId => `@${userId}`).join(' ')
  const content = filled(called ? `${called} ${text}` : text)
  return { msgtype: 'text', text: { content }, ...(called && { at: { atUserIds, isAtAll: false } }) }
}

const includes = (list: unknown, item: string): boolean => Array.isArray(list) && list.includes(item)

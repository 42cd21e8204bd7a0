import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Inbound, MediaRef, Said } from '../../chat/inbound.ts'
import { handleOf } from './cards.ts'
import { payloadOf, templateOf } from './draw.ts'

const text = z.string().max(20_000)
const id = z.string().min(1).max(512)
const record = z.record(z.string(), z.unknown())

/** What the robot receives, over Stream and HTTP alike (dingtalk.md §2.6). Unknown fields pass. */
const robotMessage = z.looseObject({
  msgId: id,
  msgtype: z.string().max(40).default('text'),
  conversationType: z.string(),
  conversationId: id,
  senderStaffId: z.string().max(128).nullish(),
  senderCorpId: z.string().max(128).nullish(),
  chatbotCorpId: z.string().max(128).nullish(),
  createAt: z.number().int().nonnegative().optional(),
  sessionWebhook: z.string().max(2_048).nullish(),
  sessionWebhookExpiredTime: z.number().nullish(),
  text: record.nullish(),
  content: z.unknown().optional(),
  originalProcessQueryKey: z.string().max(512).nullish(),
  errorCode: z.unknown().optional(),
  errCode: z.unknown().optional(),
})

/** `deaf`: the month's messages are used up, so the words are missing (dingtalk.md §1.4). `stranger`: of another company. */
export type Came =
  | { kind: 'inbound'; inbound: Inbound; session: Session | null }
  | { kind: 'stranger'; session: Session | null }
  | { kind: 'deaf'; key: string }
  | { kind: 'unreadable'; why: string }

export interface Session {
  conversation: { group: string } | { user: string }
  url: string
  until: Date
}

export function readRobotMessage(data: unknown, corpId: string, now: Date): Came {
  const parsed = robotMessage.safeParse(data)
  if (!parsed.success) return { kind: 'unreadable', why: 'malformed' }
  const message = parsed.data
  const key = `msg:${shortened(message.msgId)}`
  if (saysError(message.errorCode ?? message.errCode) && !message.text?.content) return { kind: 'deaf', key }
  const corp = message.chatbotCorpId ?? corpId
  if (corp !== corpId) return { kind: 'unreadable', why: 'receiver' }
  const userId = message.senderStaffId ?? ''
  const group = message.conversationType === '2'
  // Filled only for people of this company (dingtalk.md §2.6): an encrypted id is nobody we could know.
  const known = userId !== '' && (!message.senderCorpId || message.senderCorpId === corpId)
  // A stranger may have the id one of ours has: his 1:1 chat must not be taken for that one's.
  const session = sessionOf(message, group ? { group: message.conversationId } : { user: known ? userId : '' })
  if (!known) return { kind: 'stranger', session }
  const said = readSaid(message)
  return {
    kind: 'inbound',
    session,
    inbound: {
      ...{ platform: 'dingtalk', key, corpId, sender: { userId }, said },
      chat: group
        ? { kind: 'group', id: message.conversationId, via: 'bot' }
        : { kind: 'single', id: userId, via: 'bot' },
      at: timeOf(message.createAt, now),
    },
  }
}

function sessionOf(message: z.infer<typeof robotMessage>, conversation: Session['conversation']): Session | null {
  const { sessionWebhook: url, sessionWebhookExpiredTime: until } = message
  return url && until ? { conversation, url, until: new Date(until) } : null
}

const content = z.looseObject({
  downloadCode: z.string().min(1).max(2_048).optional(),
  pictureDownloadCode: z.string().min(1).max(2_048).optional(),
  recognition: text.optional(),
  fileName: z.string().max(300).optional(),
  richText: z.array(record).max(200).optional(),
})

const kinds: Record<string, MediaRef['kind']> = { picture: 'image', audio: 'voice', video: 'video', file: 'file' }

function readSaid(message: z.infer<typeof robotMessage>): Said {
  const { msgtype } = message
  if (msgtype === 'text') return { kind: 'text', text: wordsOf(message).trim(), ...quoteOf(message) }
  const parsed = content.safeParse(message.content)
  if (!parsed.success) return { kind: 'event', event: 'other', name: msgtype, detail: {} }
  if (msgtype === 'richText') return readRich(parsed.data.richText ?? [], message)
  // What the platform understood of it is as good as typed (dingtalk.md §2.6).
  const recognised = parsed.data.recognition?.trim()
  if (msgtype === 'audio' && recognised) return { kind: 'text', text: recognised }
  const kind = kinds[msgtype]
  const mediaId = parsed.data.downloadCode ?? parsed.data.pictureDownloadCode
  if (!kind || !mediaId) return { kind: 'event', event: 'other', name: msgtype, detail: {} }
  const name = parsed.data.fileName
  return { kind: 'media', media: [{ kind, source: { mediaId }, ...(name && { name }) }] }
}

/** `text.content`, or `content` as one page shows it (dingtalk.md §2.6). */
function wordsOf({ text: said, content: top }: z.infer<typeof robotMessage>): string {
  if (typeof said?.content === 'string') return said.content
  return typeof top === 'string' ? top : ''
}

function readRich(items: ReadonlyArray<Record<string, unknown>>, message: z.infer<typeof robotMessage>): Said {
  const words = items.flatMap(item => (typeof item.text === 'string' ? [item.text] : []))
  const media = items.flatMap((item): MediaRef[] => {
    const code = item.downloadCode ?? item.pictureDownloadCode
    return typeof code === 'string' && code !== '' ? [{ kind: 'image', source: { mediaId: code } }] : []
  })
  const said = words.join('').trim()
  if (said === '' && media.length === 0) return { kind: 'event', event: 'other', name: message.msgtype, detail: {} }
  if (said === '') return { kind: 'media', media }
  return { kind: 'text', text: said, ...quoteOf(message), ...(media.length > 0 && { media }) }
}

/** A quoted text brings its words; a quoted card brings the id it went out under (dingtalk.md §2.6). */
function quoteOf({ text: said, originalProcessQueryKey: of }: z.infer<typeof robotMessage>) {
  const replied = record.safeParse(said?.repliedMsg)
  const inner = replied.success ? replied.data.content : undefined
  const within = record.safeParse(inner)
  const words = typeof inner === 'string' ? inner : within.success ? within.data.text : undefined
  return {
    ...(typeof words === 'string' && words !== '' && { quote: words }),
    ...(of && { quoteOf: of }),
  }
}

/** A tap (dingtalk.md §5.3). `spaceType` and `spaceId` vary in spelling and prove nothing: they are not read. */
const cardCallback = z.looseObject({
  outTrackId: id,
  corpId: z.string().max(128).nullish(),
  userId: id,
  content: z.string().max(50_000).nullish(),
  value: z.string().max(50_000).nullish(),
})
const cardContent = z.looseObject({
  cardPrivateData: z.looseObject({
    actionIds: z.array(z.string().max(1_024)).max(20).default([]),
    params: record.default({}),
  }),
})

export type Tapped = { inbound: Inbound; template: 'public' | 'own' } | { why: string }

/** `push` names this delivery: two taps on one button differ in nothing else. */
export function readCardCallback(data: unknown, push: string, corpId: string, now: Date): Tapped {
  const parsed = cardCallback.safeParse(data)
  if (!parsed.success) return { why: 'malformed' }
  const { outTrackId, userId } = parsed.data
  if (parsed.data.corpId && parsed.data.corpId !== corpId) return { why: 'receiver' }
  const inner = cardContent.safeParse(json(parsed.data.content ?? parsed.data.value ?? ''))
  if (!inner.success) return { why: 'malformed' }
  const { actionIds, params } = inner.data.cardPrivateData
  const template = templateOf(actionIds[0] ?? '', params)
  const payload = payloadOf(actionIds[0] ?? '', params)
  return {
    template,
    inbound: {
      ...{ platform: 'dingtalk', corpId, sender: { userId }, at: now },
      key: `card:${createHash('sha256').update([outTrackId, userId, payload, push].join('\n')).digest('hex')}`,
      chat: { kind: 'single', id: userId, via: 'bot' },
      said: { kind: 'button', payload, taskId: outTrackId, choices: {} },
      repaint: {
        handle: handleOf(outTrackId, template),
        expiresAt: new Date(now.getTime() + 365 * 86_400_000),
      },
    },
  }
}

/** As a number or in digits; anything else is none, and may not even turn into one. */
const saysError = (code: unknown): boolean =>
  (typeof code === 'number' || typeof code === 'string') && Number(code) !== 0

function timeOf(ms: number | undefined, now: Date): Date {
  const at = new Date(ms ?? now)
  return Number.isNaN(at.getTime()) ? now : at
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const shortened = (long: string): string =>
  long.length <= 100 ? long : createHash('sha256').update(long).digest('hex')

/** Events that tell something of a person we may know; the others are kept as they are. */
const named = new Map<string, Extract<Said, { kind: 'event' }>['event']>([
  ['user_leave_org', 'left'],
  ['user_add_org', 'joined'],
])

export interface EventHead {
  eventType: string
  eventId: string
  corpId?: string | undefined
  bornAt?: number | undefined
}

const approvalEvent = 'bpms_instance_change'
const approvalShape = z.looseObject({ processInstanceId: id, processCode: id })

/** The request for leave of ours an event speaks of. */
function approvalIn({ eventType }: EventHead, data: unknown, leaveProcess: string | null) {
  if (eventType !== approvalEvent || !leaveProcess) return null
  const parsed = approvalShape.safeParse(data)
  return parsed.success && parsed.data.processCode === leaveProcess ? parsed.data : null
}

/**
 * An event (dingtalk.md §6.3): `head` is the frame's headers, or the event itself in HTTP mode. Approvals of other forms
 * than ours are kept as they are.
 */
export function readEvent(
  head: EventHead,
  data: unknown,
  corpId: string,
  now: Date,
  leaveProcess: string | null = null,
): Inbound | null {
  if (head.corpId && head.corpId !== corpId) return null
  const fields = record.safeParse(data)
  const detail = Object.entries(fields.success ? fields.data : {}).slice(0, 60)
  const who = fields.success ? fields.data.staffId : undefined
  const approval = approvalIn(head, data, leaveProcess)
  const said: Said = approval
    ? { kind: 'event', event: 'approval', name: head.eventType, detail: { id: approval.processInstanceId } }
    : {
        ...{ kind: 'event', event: named.get(head.eventType) ?? 'other', name: head.eventType },
        detail: Object.fromEntries(
          detail.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
        ),
      }
  return {
    ...{ platform: 'dingtalk', key: `event:${shortened(head.eventId)}`, corpId },
    sender: { userId: typeof who === 'string' ? who : '' },
    chat: { kind: 'single', id: typeof who === 'string' ? who : '', via: 'bot' },
    at: timeOf(head.bornAt, now),
    said,
  }
}

import { createHash } from 'node:crypto'
import type { Inbound, MediaRef, Said } from '../../chat/inbound.ts'
import { isRecord, textOf, type XmlNode, type XmlRecord } from './xml.ts'

/** How long a tap's ResponseCode may be used: developer.work.weixin.qq.com/document/path/90236. */
export const codeLifeMs = 72 * 3_600_000

/** Comes from WeCom's own app 审批 and carries its AgentID, not ours (/91815). */
const approvalEvent = 'sys_approval_change'
/** So does what its flow engine tells (/97114). */
const foreignEvents = new Set(['open_approval_change'])

/**
 * True when a verified record is for another app than ours, so that its events must not be taken for ours. Approvals come
 * from the whole company: ours are those of `leaveTemplate`.
 */
export function isForeign(record: XmlRecord, agentId: number, leaveTemplate?: string): boolean {
  const event = textOf(record, 'Event')
  if (event === approvalEvent)
    return !isRecord(record.ApprovalInfo) || textOf(record.ApprovalInfo, 'TemplateId') !== leaveTemplate
  const agent = textOf(record, 'AgentID') || textOf(record, 'AgentId')
  return agent !== '' && agent !== String(agentId) && !foreignEvents.has(event)
}

/**
 * What a callback of the app says, from its decrypted XML (developer.work.weixin.qq.com/document/path/90239 messages,
 * /90240 events). Null when it lacks what every callback has.
 */
export function readCallback(record: XmlRecord): Inbound | null {
  const corpId = textOf(record, 'ToUserName')
  const userId = textOf(record, 'FromUserName').toLowerCase()
  const seconds = textOf(record, 'CreateTime')
  const type = textOf(record, 'MsgType')
  if (!corpId || !userId || !type || !/^\d{1,11}$/.test(seconds)) return null
  const said = type === 'event' ? readEvent(record) : readMessage(type, record)
  const code = said.kind === 'button' ? textOf(record, 'ResponseCode') : ''
  const at = new Date(Number(seconds) * 1_000)
  return {
    platform: 'wecom',
    key: keyOf(record),
    corpId,
    sender: { userId },
    chat: { kind: 'single', id: userId, via: 'app' },
    at,
    said,
    ...(code && { repaint: { handle: code, expiresAt: new Date(at.getTime() + codeLifeMs) } }),
  }
}

/**
 * Events have no id. `FromUserName + CreateTime`, as /90238 advises, makes one of two buttons tapped in the same second, so
 * everything that tells taps apart goes in.
 */
function keyOf(record: XmlRecord): string {
  const id = textOf(record, 'MsgId')
  if (id) return `app:${shortened(id)}`
  const parts = ['Event', 'FromUserName', 'CreateTime', 'TaskId', 'EventKey', 'ResponseCode', 'ChangeType'].map(name =>
    textOf(record, name),
  )
  const info = record.ApprovalInfo
  if (isRecord(info)) parts.push(numberOf(info), textOf(info, 'StatuChangeEvent'), textOf(info, 'SpStatus'))
  return `app:event:${shortened(parts.join('|'))}`
}

/** `SpNo` may be missing, and is not advised (/91815). */
const numberOf = (info: XmlRecord): string => textOf(info, 'SpNoStr') || textOf(info, 'SpNo') || textOf(info, 'ThirdNo')

const shortened = (text: string) => (text.length <= 100 ? text : createHash('sha256').update(text).digest('hex'))

function readMessage(type: string, record: XmlRecord): Said {
  switch (type) {
    case 'text':
      return { kind: 'text', text: textOf(record, 'Content') }
    case 'image':
    case 'voice':
    case 'video':
    case 'file': {
      const mediaId = textOf(record, 'MediaId')
      const media: MediaRef = { kind: type, source: { mediaId } }
      return mediaId ? { kind: 'media', media: [media] } : other(type, record)
    }
    case 'location':
      return readLocation(record) ?? other(type, record)
    case 'link':
      return { kind: 'text', text: [textOf(record, 'Title'), textOf(record, 'Url')].filter(Boolean).join('\n') }
    default:
      return other(type, record)
  }
}

function readLocation(record: XmlRecord): Said | null {
  const [lat, lng] = [textOf(record, 'Location_X'), textOf(record, 'Location_Y')].map(text =>
    text === '' ? Number.NaN : Number(text),
  )
  if (lat === undefined || lng === undefined || !(Math.abs(lat) <= 90 && Math.abs(lng) <= 180)) return null
  return { kind: 'location', lat, lng, label: textOf(record, 'Label') }
}

type EventName = Extract<Said, { kind: 'event' }>['event']

const eventNames: Record<string, EventName> = {
  enter_agent: 'entered',
  subscribe: 'joined',
  unsubscribe: 'left',
  inactive_alert: 'appIdle',
  close_inactive_agent: 'appIdle',
  low_active_alert: 'appIdle',
  low_active: 'appIdle',
}

function readEvent(record: XmlRecord): Said {
  const name = textOf(record, 'Event')
  if (name === 'template_card_event' || name === 'template_card_menu_event')
    return {
      kind: 'button',
      payload: textOf(record, 'EventKey'),
      taskId: textOf(record, 'TaskId'),
      choices: choicesOf(record),
    }
  const info = record.ApprovalInfo
  // What it stands at is read when it is worked on: the event has nothing of the form, and may come late.
  if (name === approvalEvent && isRecord(info))
    return { kind: 'event', event: 'approval', name, detail: { id: numberOf(info) } }
  return other(name, record, eventNames[name])
}

function choicesOf(record: XmlRecord): Record<string, string[]> {
  const items = isRecord(record.SelectedItems) ? record.SelectedItems.SelectedItem : undefined
  const choices: Array<[string, string[]]> = []
  for (const item of Array.isArray(items) ? items : []) {
    if (!isRecord(item)) continue
    const options = isRecord(item.OptionIds) ? item.OptionIds.OptionId : undefined
    const chosen = (Array.isArray(options) ? options : []).filter(option => typeof option === 'string')
    choices.push([textOf(item, 'QuestionKey'), chosen])
  }
  return Object.fromEntries(choices)
}

const mostDetails = 60
const common = new Set(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Event', 'AgentID'])

function other(name: string, record: XmlRecord, event: EventName = 'other'): Said {
  const own = Object.entries(record).filter(([field]) => !common.has(field))
  const detail = Object.fromEntries(flatten(Object.fromEntries(own), '').slice(0, mostDetails))
  return { kind: 'event', event, name, detail }
}

/** `ApprovalInfo.SpStatus`-like names for nested fields, `Details.0.SpStatus` for repeated ones. */
function flatten(node: XmlNode, path: string): Array<[string, string]> {
  if (typeof node === 'string') return [[path, node]]
  return Object.entries(node).flatMap(([name, inner]) => flatten(inner, path ? `${path}.${name}` : name))
}

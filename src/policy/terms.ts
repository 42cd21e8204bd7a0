import { z } from 'zod'
import type { SuspendReason } from '../chat/intent.ts'
import type { ClockKind, FactName, OrderKind } from '../orders/fact.ts'
import type { OrderRole, Role } from '../people/person.ts'
import { readDuration, readTimeOfDay } from './units.ts'

/** The words a policy file may use, in English or in Chinese (design.md §9: Chinese names are allowed everywhere). */

const clockKinds = {
  dispatch: '派单',
  accept: '接单',
  contact: '联系',
  arrive: '到达',
  complete: '完成',
  report: '报单',
  revisit: '回访',
} as const satisfies Record<ClockKind, string>

const factNames = {
  created: '开单',
  offered: '放抢',
  dispatched: '派单',
  accepted: '接单',
  contacted: '已联系',
  departed: '出发',
  arrived: '到达',
  completed: '完工',
  emptyRun: '空单',
  reported: '报单',
  revisited: '回访',
  closed: '结单',
  urged: '催单',
  appointed: '改约',
  declined: '拒单',
  withdrawn: '收回',
} as const satisfies Partial<Record<FactName, string>>

const orderRoles = {
  technician: '技术员',
  dispatcher: '派工员',
  manager: '经理',
} as const satisfies Record<OrderRole, string>

const roles = { ...orderRoles, finance: '财务' } as const satisfies Record<Role, string>

const reasons = {
  parts: '等配件',
  majorRepair: '大修',
  customer: '客户改约',
  other: '其他',
} as const satisfies Record<SuspendReason, string>

const orderKinds = {
  install: '安装',
  repair: '维修',
  complaint: '投诉',
  revisit: '回访',
} as const satisfies Record<OrderKind, string>

const returnOutcomes = { return: '退货', exchange: '换货', repair: '维修' } as const
const returnNeeds = { accessories: '附件', sheet: '鉴定单' } as const

/** What a customer may have for a faulty unit (domain.md R13). */
export type ReturnOutcome = keyof typeof returnOutcomes
/** What has to come with a unit that is returned or exchanged. */
export type ReturnNeed = keyof typeof returnNeeds

/** One of the words, in English or in Chinese. */
export function oneOf<const T extends Readonly<Record<string, string>>>(names: T) {
  const english = Object.keys(names) as (keyof T & string)[]
  const chinese = new Map(english.map(key => [names[key] as string, key]))
  const choices = english.map(key => `${key} (${names[key]})`).join(', ')
  return z.preprocess(
    value => (typeof value === 'string' ? (chinese.get(value) ?? value) : value),
    z.enum(english as [keyof T & string, ...(keyof T & string)[]], { error: `must be one of ${choices}` }),
  )
}

/** A list that may be written as its only member. */
export function listOf<T extends z.ZodType>(member: T) {
  return z.preprocess(value => (Array.isArray(value) || value === undefined ? value : [value]), z.array(member))
}

export const clockKind = oneOf(clockKinds)
export const factName = oneOf(factNames)
export const role = oneOf(roles)
export const orderRole = oneOf(orderRoles)
export const reason = oneOf(reasons)
export const orderKind = oneOf(orderKinds)
export const returnOutcome = oneOf(returnOutcomes)
export const returnNeed = oneOf(returnNeeds)

/** What a clock is called where its rule has no name of its own. */
export const clockKindNames: Readonly<Record<ClockKind, string>> = clockKinds
/** What people call the events of an order in a sentence about time. */
export const factWords: Readonly<Partial<Record<FactName, string>>> = {
  ...factNames,
  cancelled: '取消',
  rated: '客户评价',
}
export const roleNames: Readonly<Record<Role, string>> = roles
export const reasonNames: Readonly<Record<SuspendReason, string>> = reasons
export const returnOutcomeNames: Readonly<Record<ReturnOutcome, string>> = returnOutcomes
export const returnNeedNames: Readonly<Record<ReturnNeed, string>> = returnNeeds
export const orderKindNames: Readonly<Record<OrderKind, string>> = orderKinds

const durationHelp = 'must be a duration like 30m, 2h, 1h30m or 3d'

/** Read to milliseconds. */
export const duration = z.string({ error: durationHelp }).transform((text, context) => {
  const ms = readDuration(text)
  if (ms === null) context.addIssue({ code: 'custom', message: `${durationHelp}, not "${text}"` })
  return ms ?? 0
})

const timeHelp = 'must be a time of day like 08:30'

/** Read to minutes since midnight. */
export const timeOfDay = z.string({ error: timeHelp }).transform((text, context) => {
  const minutes = readTimeOfDay(text)
  if (minutes === null) context.addIssue({ code: 'custom', message: `${timeHelp}, not "${text}"` })
  return minutes ?? 0
})

const percentHelp = 'must be a share like 90%'

/** Read to a fraction of 1. */
export const percent = z.string({ error: percentHelp }).transform((text, context) => {
  const match = /^(\d{1,3}(?:\.\d)?)\s*%$/.exec(text)
  const share = Number(match?.[1]) / 100
  if (!(share > 0 && share <= 1)) context.addIssue({ code: 'custom', message: `${percentHelp}, not "${text}"` })
  return share
})

/** A share that is not to be exceeded: `1%` may be reached, `<3%` may not (R6.1). Read to a fraction of 1. */
export const shareLimit = z
  .string({ error: 'must be a share like 1%, or <3% for less than that' })
  .transform((text, context) => {
    const [, less, rest = ''] = /^\s*([<＜]?)\s*(.*)$/.exec(text) ?? []
    const read = percent.safeParse(rest)
    if (!read.success)
      context.addIssue({ code: 'custom', message: `must be a share like 1%, or <3% for less than that, not "${text}"` })
    return { share: read.data ?? 0, below: less !== '' }
  })

/** `08:00-12:00`, read to minutes since midnight; the end is later than the beginning. */
export const segment = z.string({ error: 'must be a span like 08:00-12:00' }).transform((text, context) => {
  const [from, to, ...more] = text.split(/\s*[-–~]\s*/).map(readTimeOfDay)
  if (more.length === 0 && typeof from === 'number' && typeof to === 'number' && from < to) return [from, to] as const
  context.addIssue({
    code: 'custom',
    message: `must be a span like 08:00-12:00 that ends after it begins, not "${text}"`,
  })
  return [0, 1] as const
})

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DateTime } from 'luxon'
import { stringify } from 'yaml'
import type { SandboxSeed } from '../src/sandbox/index.ts'
import { newFolder } from '../test/support/service.ts'

/** The company everything happens to: made-up people in teams small enough that WeCom's limits for a member hold nobody up. */

export interface Colleague {
  name: string
  userId: string
  /** His chat with the service: WeCom's `app:…`, or DingTalk's `ding:…`. */
  chat: string
}

export interface Team {
  name: string
  dispatcher: Colleague
  manager: Colleague
  technicians: Colleague[]
}

const zone = 'Asia/Shanghai'
const numerals = ['一', '二', '三', '四', '五', '六']

/** `both`: the last two teams are on DingTalk. */
export function companyOf(both: boolean): Team[] {
  return numerals.map((numeral, nr) => {
    const chat = both && nr >= numerals.length - 2 ? 'ding' : 'app'
    const one = (name: string, role: string): Colleague => {
      const userId = `${role}${nr + 1}`
      return { name: `${name}${numeral}`, userId, chat: `${chat}:${userId}` }
    }
    return {
      ...{ name: `${numeral}班`, dispatcher: one('赵派工', 'zhao'), manager: one('王经理', 'wang') },
      technicians: [one('张三', 'zhang'), one('李四', 'li')],
    }
  })
}

const everybody = companyOf(false).flatMap(({ dispatcher, manager, technicians }) => [
  dispatcher,
  manager,
  ...technicians,
])
const mobileOf = (userId: string) =>
  `1380000${String(1000 + everybody.findIndex(one => one.userId === userId)).padStart(4, '0')}`
const dingtalkIdOf = (userId: string) => `Dd${userId}`

export const seedOfPhones: SandboxSeed = {
  people: everybody.map(({ name, userId }) => ({
    ...{ name, userId, dingtalkId: dingtalkIdOf(userId), title: '', mobile: mobileOf(userId) },
  })),
  groups: [{ id: 'wrCHAOSGROUP01', title: '派工群', members: everybody.map(({ userId }) => userId), spoken: true }],
}

const today = () => DateTime.now().setZone(zone)

/** Months that can be closed, `2026-10`, the oldest first. */
export const closableMonths = (count: number): string[] =>
  Array.from({ length: count }, (_, at) =>
    today()
      .minus({ months: count - at })
      .toFormat('yyyy-MM'),
  )

/** A day from now as people say it, and as it is kept. */
export function dayAhead(days: number): { said: string; day: string } {
  const at = today().plus({ days })
  return { said: `${at.month}月${at.day}日`, day: at.toFormat('yyyy-MM-dd') }
}

/** Short limits, so that reminders fall due while it runs; pay whose months can be locked at once. */
const policy = `
name: default
title: 故障演练
version: 1
hours: ["00:00-24:00"]
calendar: { holidays: none }
posts: [维修工]
figures: [{ name: 级别工资, of: 个人, for: 维修工, standing: true }]
clocks:
  - { kind: accept, start: dispatched, stop: [accepted, contacted, arrived, completed, emptyRun], within: 2m, warn: [1m], overdue: [{ after: 0m, tell: [technician] }] }
  - { kind: complete, start: dispatched, stop: [completed, emptyRun], within: 24h, warn: [], overdue: [] }
leave:
  types: [{ name: 事假, notice: 0d, deduct: 1, words: [有事] }]
  approve: [{ by: 经理 }]
points: { start: 100, orders: [{ name: 上门, points: 5 }] }
month: { appeals: 0d }
pay:
  items:
    - { name: 级别, for: 维修工, formula: 级别工资 }
    - { name: 积分奖, for: 维修工, formula: 积分 × 1.5 }
`

/** Settings that enter the company at the first start. */
export function companyEnv(teams: readonly Team[]): Record<string, string> {
  const folder = newFolder()
  const policies = join(folder, 'policies')
  mkdirSync(policies)
  writeFileSync(join(policies, 'default.yaml'), policy)
  const person = ({ name, userId, chat }: Colleague, role: string) => ({
    ...{ name, roles: [role] },
    ...(chat.startsWith('app:') ? { wecom: { userId } } : { dingtalk: { userId: dingtalkIdOf(userId) } }),
    ...(role === 'technician' && { post: '维修工', joinedOn: `${closableMonths(12)[0]}-01` }),
  })
  const file = teams.map(({ name, dispatcher, manager, technicians }) => ({
    name,
    people: [
      person(dispatcher, 'dispatcher'),
      person(manager, 'manager'),
      ...technicians.map(one => person(one, 'technician')),
    ],
  }))
  const path = join(folder, 'teams.yaml')
  writeFileSync(path, stringify({ teams: file }))
  return { TEAMS_FILE: path, POLICY_DIR: policies, API_RATE_PER_MINUTE: '100000' }
}

/** Roles a person may hold in a team; one person may hold several. */
export const roles = ['technician', 'dispatcher', 'manager', 'finance'] as const
export type Role = (typeof roles)[number]

/** Those who have to do with orders. Finance keeps the figures and sees pay; no order is its business. */
export const orderRoles = ['technician', 'dispatcher', 'manager'] as const satisfies readonly Role[]
export type OrderRole = (typeof orderRoles)[number]

/** The desk: who opens, assigns and cancels. */
const isDesk = (role: Role): boolean => role === 'dispatcher' || role === 'manager'

export interface Membership {
  teamId: string
  team: string
  role: Role
}

/** Part of a day somebody is on leave: minutes since midnight of the policy's zone, 0 to 1440. */
export interface Away {
  day: string
  from: number
  to: number
  /** 事假, 病假 …: for the desk, never for a group. */
  type: string
}

export interface Person {
  company: string
  id: string
  name: string
  mobile: string | null
  /** Where his messages go when he has accounts on several platforms. */
  platform: string | null
  /** What he can do, in the company's own words; none named: everything. */
  skills: string[]
  /** Zones he knows his way in. */
  areas: string[]
  /** Weekdays he does not work, 1 Monday … 7 Sunday. */
  restDays: number[]
  /** Single days he does not work, `2026-12-01`. */
  daysOff: string[]
  /** Granted leave, where it was asked for together with the person. */
  away?: readonly Away[]
  memberships: Membership[]
}

export interface Team {
  company: string
  id: string
  name: string
  policy: string
  createdAt: Date
}

export function rolesIn(person: Person, teamId: string): Role[] {
  return person.memberships.filter(membership => membership.teamId === teamId).map(membership => membership.role)
}

/** Dispatchers and managers run the desk: they open, assign and cancel. */
export function runsDesk(person: Person, teamId: string): boolean {
  return hasDesk(rolesIn(person, teamId))
}

export const hasDesk = (held: readonly Role[]): boolean => held.some(isDesk)

export function deskTeams(person: Person): string[] {
  return [...new Set(person.memberships.filter(({ role }) => isDesk(role)).map(m => m.teamId))]
}

/** Managers and finance keep a team's month figures. */
export const keepsFigures = (person: Person, teamId: string): boolean =>
  rolesIn(person, teamId).some(role => role === 'manager' || role === 'finance')

/** `138****0001`: how a phone is written everywhere but in the technician's own card. */
export function maskPhone(phone: string): string {
  if (/^1\d{10}$/.test(phone)) return `${phone.slice(0, 3)}****${phone.slice(-4)}`
  return phone.length <= 4 ? '****' : `${'*'.repeat(phone.length - 4)}${phone.slice(-4)}`
}

/** Numbers within somebody's words: they are quoted where others read them. */
export const maskPhones = (text: string): string =>
  text.replace(/(?<!\d)(?:1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})(?!\d)/g, phone =>
    maskPhone(phone.replace(/[ -]/g, '')),
  )

/** `王女士` → `王女士`, `王小明` → `王**`: a customer's name as a group may see it. */
export function maskName(name: string): string {
  if (/(先生|女士|小姐|老师|师傅|总|阿姨|叔叔|大爷|大妈)$/.test(name)) return name
  return name.length <= 1 ? name : `${name.slice(0, 1)}${'*'.repeat(Math.min(name.length - 1, 2))}`
}

/** A user id as it is kept: WeCom ignores the case of its ids, DingTalk does not. */
export function accountId(platform: string, userId: string): string {
  return platform === 'wecom' ? userId.toLowerCase() : userId
}

import type { Clock } from '../now.ts'
import type { Request, Response } from './exchange.ts'

/** What a checkup of a platform may find; `src/doctor` has the words for each. */
export type PlatformFinding =
  | 'clock.off'
  | 'clock.far'
  | 'public.not-https'
  | 'public.private'
  | 'public.pages-path'
  | 'public.login-path'
  | 'door.unreachable'
  | 'door.certificate'
  | 'door.no-service'
  | 'door.redirect'
  | 'door.elsewhere'
  | 'door.slow'
  | 'wecom.unreachable'
  | 'wecom.corp-id'
  | 'wecom.secret'
  | 'wecom.limited'
  | 'wecom.ip'
  | 'wecom.agent-id'
  | 'wecom.agent-disabled'
  | 'wecom.range-empty'
  | 'wecom.person-unseen'
  | 'wecom.person-unknown'
  | 'wecom.callback-token'
  | 'wecom.callback-key'
  | 'wecom.bot-callback-token'
  | 'wecom.bot-callback-key'
  | 'wecom.bot-secret'
  | 'wecom.bot-unreachable'
  | 'wecom.bot-refused'
  | 'wecom.login-domain'
  | 'wecom.approval-permission'
  | 'wecom.approvals-off'
  | 'wecom.leave-template'
  | 'wecom.leave-form'
  | 'wecom.checkin-permission'
  | 'wecom.group-robot'
  | 'wecom.refused'
  | 'dingtalk.unreachable'
  | 'dingtalk.secret'
  | 'dingtalk.corp-id'
  | 'dingtalk.ip'
  | 'dingtalk.permission'
  | 'dingtalk.robot-code'
  | 'dingtalk.robot-stopped'
  | 'dingtalk.card-template'
  | 'dingtalk.stream'
  | 'dingtalk.door-secret'
  | 'dingtalk.event-token'
  | 'dingtalk.event-key'
  | 'dingtalk.person-unknown'
  | 'dingtalk.quota-low'
  | 'dingtalk.quota-gone'
  | 'dingtalk.leave-form'
  | 'dingtalk.login-redirect'
  | 'dingtalk.group-robot'
  | 'dingtalk.limited'
  | 'dingtalk.refused'

/** What a checkup looks at; `src/doctor` has a name for each. */
export type PlatformLook =
  | 'public'
  | 'wecom-credentials'
  | 'wecom-app'
  | 'wecom-people'
  | 'wecom-callback'
  | 'wecom-bot'
  | 'wecom-login'
  | 'wecom-leave'
  | 'wecom-checkin'
  | 'wecom-robots'
  | 'dingtalk-credentials'
  | 'dingtalk-corp'
  | 'dingtalk-robot'
  | 'dingtalk-contacts'
  | 'dingtalk-people'
  | 'dingtalk-cards'
  | 'dingtalk-stream'
  | 'dingtalk-doors'
  | 'dingtalk-quota'
  | 'dingtalk-leave'
  | 'dingtalk-checkin'
  | 'dingtalk-login'
  | 'dingtalk-robots'

/** Why something could not be looked at. */
export type WhyNot = 'earlier' | 'no-public-url' | 'running' | 'no-database' | 'nothing'

export type Facts = Readonly<Record<string, string | number>>

/** Notes what was found. */
export type Found = (code: PlatformFinding, facts?: Facts) => void

/** Where a checkup writes down what it does. */
export interface Report {
  /** Looks at one thing; true when nothing was found. What it throws is a bug. */
  look(what: PlatformLook, work: (found: Found) => Promise<void>): Promise<boolean>
  skip(what: PlatformLook, why: WhyNot): void
}

/** What the service keeps about one platform; null where its database could not be looked into. */
export interface Known {
  people: ReadonlyArray<{ userId: string; name: string }>
  robots: ReadonlyArray<{ team: string; key: string; secret: string | null }>
  /** Names of leases that are held. */
  leases: readonly string[]
}

export interface CheckupDeps {
  report: Report
  clock: Clock
  exchange: (request: Request) => Promise<Response>
  /** PUBLIC_URL; the service's doors and pages are behind it. */
  publicUrl: string | undefined
  /** Something of ours answers there; else nothing behind it is asked for. */
  publicReached: boolean
  /** An instance of the service runs on this machine: its connections are left to it. */
  running: boolean
  known: Known | null
  /** Meters, by their names; from the database or from the running service. */
  counters: ReadonlyMap<string, number>
}

/** Looks at everything of one platform that can be set wrong. Changes nothing there, and says nothing to people. */
export type Checkup = (deps: CheckupDeps) => Promise<void>

/** Why nothing behind PUBLIC_URL was asked for, or the address where it may be. */
export const behind = ({ publicUrl, publicReached }: CheckupDeps): { url: string } | { why: WhyNot } => {
  if (!publicUrl) return { why: 'no-public-url' }
  return publicReached ? { url: publicUrl } : { why: 'earlier' }
}

/** Why what stands in the database was not looked at: nothing of that kind is there, or nobody could look. */
export const whyNot = (asked: readonly unknown[] | null, { running }: Pick<CheckupDeps, 'running'>): WhyNot =>
  asked ? 'nothing' : running ? 'running' : 'no-database'

/** A minute still passes everywhere; more than five is taken for a replay, by the platforms and by us. */
const offSeconds = 60
const farSeconds = 300

/** Compares a server's `Date` with our clock: in the middle between question and answer, to a second. */
export function checkClock(found: Found, platform: string, response: Response, sentAt: Date, now: Date): void {
  const at = Date.parse(String(response.headers.date ?? ''))
  if (Number.isNaN(at)) return
  const seconds = Math.round(((sentAt.getTime() + now.getTime()) / 2 - at) / 1_000)
  if (Math.abs(seconds) <= offSeconds) return
  const way = seconds > 0 ? '+' : '-'
  found(Math.abs(seconds) > farSeconds ? 'clock.far' : 'clock.off', { platform, seconds: `${way}${Math.abs(seconds)}` })
}

/** The first line of what a server said, short enough for a line. */
export const brief = (text: string): string => (text.split('\n')[0] ?? '').trim().slice(0, 160)

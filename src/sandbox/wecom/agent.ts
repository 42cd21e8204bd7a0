import type { WecomOptions } from '../options.ts'
import type { Call } from './call.ts'
import { bigId, type Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'

/** `agent/get` (developer.work.weixin.qq.com/document/path/90227): the app as its administrator set it. */
export function agentOf(desk: Desk, call: Call): Answer {
  const { agentId, appName } = desk.credentials
  if (call.query.get('agentid') !== String(agentId)) throw new Refused(301002, 'no permission to access this agent')
  const { visible, disabled } = desk.console
  return ok({
    ...{ agentid: agentId, name: appName, square_logo_url: '', description: '' },
    allow_userinfos: { user: (visible ?? []).map(userid => ({ userid })) },
    allow_partys: { partyid: visible ? [] : [1] },
    allow_tags: { tagid: [] },
    ...{ close: disabled ? 1 : 0, redirect_domain: desk.trustedDomain(), home_url: '' },
    ...{ report_location_flag: 0, isreportenter: 0 },
  })
}

/** 60020 names the address that would have to be allowed. */
export function checkAddress({ trustedIps }: WecomOptions, from: string): void {
  if (trustedIps && !trustedIps.includes(from))
    throw new Refused(60020, `not allow to access from your ip, hint: [${bigId()}], from ip: ${from}`)
}

/** What 审批 and 打卡 say to an app they do not know. */
export function checkCallable({ notCallable }: WecomOptions, app: 'approval' | 'checkin'): void {
  if (!notCallable?.includes(app)) return
  throw app === 'approval' ? new Refused(301055, 'no approval auth') : new Refused(48002, 'api forbidden')
}

/** 可见范围 */
export const sees = ({ visible }: WecomOptions, userId: string): boolean => visible?.includes(userId) ?? true

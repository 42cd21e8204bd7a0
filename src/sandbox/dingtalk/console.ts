import type { Desk } from './desk.ts'
import { Refused } from './refused.ts'

/** What DingTalk says to a machine whose address is not under 服务器出口IP (dingtalk.md §1.3). */
export function checkAddress({ console }: Desk, from: string): void {
  if (!console.trustedIps || console.trustedIps.includes(from)) return
  const code = 'Forbidden.AccessDenied.IpNotInWhiteList'
  throw new Refused({ status: 403, code, errcode: 60020 }, `访问ip不在白名单之中,request ip=${from}`)
}

/** What DingTalk says to an app without the permission point: which one, and the page where it is applied for. */
export function checkGranted({ console, credentials }: Desk, scope: string): void {
  if (!console.notGranted?.includes(scope)) return
  const page = `https://open-dev.dingtalk.com/appscope/apply?content=${credentials.clientId}%23${scope}`
  const message = `应用尚未开通所需的权限：[${scope}]，点击链接申请并开通即可：${page}`
  const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied'
  throw new Refused({ status: 403, code, errcode: 88 }, `ding talk error[subcode=60011,submsg=${message}]`, undefined, {
    old: { sub_code: '60011', sub_msg: message },
    new: { message, accessdenieddetail: { requiredScopes: [scope] } },
  })
}

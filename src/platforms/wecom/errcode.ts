/** What an `errcode` means for us: developer.work.weixin.qq.com/document/path/90313, /90454 (limits), /94888 (cards). */
export type Meaning =
  /** The access token is not (or no longer) good: fetch another and try once more. */
  | { is: 'token' }
  | { is: 'temporary'; code: string; waitMs: number; closes?: Closes }
  | { is: 'permanent'; code: string; fix: string }

/** Nothing is asked again before the wait is over: of the whole app, or of one API. `fix` tells the operator what to do. */
export interface Closes {
  scope: 'app' | 'api'
  fix?: string
}

const minute = 60_000

const permanent = (code: string, fix: string): Meaning => ({ is: 'permanent', code, fix })
const parked = (code: string, waitMs: number, closes: Closes): Meaning => ({ is: 'temporary', code, waitMs, closes })

const wrongSecret = parked('wrong-secret', 10 * minute, {
  scope: 'app',
  fix: 'copy WECOM_CORP_ID and WECOM_SECRET again from the admin console and restart; many wrong tries get this IP banned for an hour',
})
const noUser = permanent('no-such-user', 'the person is not a member any more, or his user id is wrong: bind him again')
const badBody = permanent('bad-body', 'WeCom refuses this message as it is: report it with the errcode')
const stale = permanent('stale-handle', 'the card can be changed only once within 72 hours: send a new one')
const robotGone = permanent(
  'robot-gone',
  'the group robot was removed or switched off: add one again and store its new address',
)
const noPermission = parked('no-permission', 10 * minute, {
  scope: 'api',
  fix: 'give the app this permission in the admin console (for contacts, approvals and check-in: 可调用接口的应用)',
})

const table: Record<number, Meaning> = {
  [-1]: { is: 'temporary', code: 'busy', waitMs: 2_000 },
  40001: wrongSecret,
  40003: noUser,
  40007: permanent('media-gone', 'WeCom keeps media for three days: ask for it again'),
  40008: badBody,
  40013: wrongSecret,
  40014: { is: 'token' },
  40029: permanent('bad-code', 'the sign-in code is wrong, used or too old: sign in again'),
  40056: parked('wrong-agent', 10 * minute, {
    scope: 'app',
    fix: 'WECOM_AGENT_ID is not the app WECOM_SECRET belongs to',
  }),
  40201: permanent('filtered', 'WeCom’s filter stopped the text: word it differently'),
  41001: { is: 'token' },
  41002: wrongSecret,
  41004: wrongSecret,
  42001: { is: 'token' },
  42015: stale,
  42016: stale,
  42022: stale,
  42052: permanent('too-late', 'messages are taken back within 24 hours only'),
  43012: parked('no-callback', 10 * minute, {
    scope: 'api',
    fix: 'cards with buttons need the app’s callback address: 接收消息 → 设置API接收 in the admin console',
  }),
  45009: parked('rate-limited', minute, {
    scope: 'api',
    fix: 'wait: messages go out when the limit is over; an administrator can look at open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock',
  }),
  45033: { is: 'temporary', code: 'too-many-at-once', waitMs: 5_000 },
  46004: noUser,
  48002: noPermission,
  50001: parked('untrusted-domain', minute, {
    scope: 'api',
    fix: 'enter the host of PUBLIC_URL as 可信域名 and 授权回调域 on the app’s page (docs/wecom.md)',
  }),
  60011: permanent('out-of-scope', 'add the person to the app’s 可见范围 in the admin console'),
  60020: parked('ip-not-allowed', minute, {
    scope: 'app',
    fix: 'add the address to 企业可信IP on the app’s page; it takes about a minute',
  }),
  60111: noUser,
  60140: stale,
  81013: noUser,
  93000: robotGone,
  93004: robotGone,
  93006: permanent('not-greeted', 'the bot may speak only where somebody spoke to it: @ it once in that group'),
  93008: robotGone,
  301002: parked('wrong-agent', 10 * minute, {
    scope: 'app',
    fix: 'WECOM_AGENT_ID is not the app WECOM_SECRET belongs to, or the app is disabled',
  }),
  301021: noUser,
  301022: { is: 'temporary', code: 'busy', waitMs: 5_000 },
  301025: permanent(
    'bad-form',
    'WeCom does not take the form as it is: see that the template of WECOM_LEAVE_TEMPLATE_ID is a leave form',
  ),
  301026: { is: 'temporary', code: 'busy', waitMs: 5_000 },
  301055: permanent(
    'no-permission',
    'in 应用管理 → 审批 → API → 可调用接口的应用 add the app and allow it to submit (审批数据权限), and see that who asks is in the app’s 可见范围',
  ),
  301056: permanent(
    'approvals-off',
    'the app 审批 is disabled: enable it in 应用管理, or take WECOM_LEAVE_TEMPLATE_ID out',
  ),
  301057: { is: 'temporary', code: 'busy', waitMs: minute },
  301062: permanent('no-permission', 'in 应用管理 → 打卡 (and 审批) → API → 可调用接口的应用 add the app'),
  301079: permanent('overlap', 'the person has asked for leave, a trip or an outing at that time already'),
  301112: permanent('too-wide', 'ask for a shorter time'),
  846605: permanent('too-late', 'the bot answered too late; the message goes out by another way'),
  846608: permanent('too-late', 'the bot answered too late; the message goes out by another way'),
  846609: { is: 'temporary', code: 'bot-offline', waitMs: 5_000 },
  853006: permanent('not-available', 'this ability of the bot is not switched on for the company'),
}

/** Card and body errors are permanent for a given body, and so is what we do not know: repeating it can't help. */
export function meaningOf(errcode: number): Meaning {
  return table[errcode] ?? (errcode < 0 ? { is: 'temporary', code: 'busy', waitMs: 5_000 } : { ...badBody })
}

/** Every errcode with a meaning of its own. */
export const knownErrcodes: readonly number[] = Object.keys(table).map(Number)

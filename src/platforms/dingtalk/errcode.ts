/** What DingTalk's codes mean for us: dingtalk.md §1.3, §1.4, §2.1, §2.2, §3.3, §5.1. */
export type Meaning =
  /** The access token is not (or no longer) good: fetch another and try once more. */
  | { is: 'token' }
  /** The month's allowance is used up. */
  | { is: 'quota' }
  | { is: 'temporary'; code: string; waitMs: number; closes?: Closes }
  | { is: 'permanent'; code: string; fix: string }

/** Nothing is asked again before the wait is over: of everything, or of one API. `fix` tells the operator what to do. */
export interface Closes {
  scope: 'app' | 'api'
  fix?: string
}

const second = 1_000
const minute = 60 * second

const permanent = (code: string, fix: string): Meaning => ({ is: 'permanent', code, fix })
const parked = (code: string, waitMs: number, closes: Closes): Meaning => ({ is: 'temporary', code, waitMs, closes })
const busy: Meaning = { is: 'temporary', code: 'busy', waitMs: 2 * second }

const wrongSecret = parked('wrong-secret', 10 * minute, {
  scope: 'app',
  fix: 'copy DINGTALK_CLIENT_ID and DINGTALK_CLIENT_SECRET again from the app’s page (凭证与基础信息) and restart',
})
const noPermission = parked('no-permission', 10 * minute, {
  scope: 'api',
  fix: 'give the app this permission (开发者后台 → 权限管理; docs/dingtalk.md lists what is needed)',
})
const notAllowed = parked('ip-not-allowed', minute, {
  scope: 'app',
  fix: 'add this machine’s address to 服务器出口IP of the app (开发者后台 → 安全设置)',
})
const tooFast = parked('rate-limited', second, { scope: 'api' })
const wrongRobot = parked('wrong-robot', 10 * minute, {
  scope: 'app',
  fix: 'DINGTALK_ROBOT_CODE is not the robot of the app of DINGTALK_CLIENT_ID, or the app is not published (版本发布)',
})
const noUser = permanent('no-such-user', 'the person is not a member any more, or his user id is wrong: bind him again')
const groupGone = permanent('robot-gone', 'the group is gone or the robot is not in it: add it and say 绑定班组 there')
const stopped = permanent(
  'robot-stopped',
  'the robot is stopped or must not speak there: look at its page and the group’s settings',
)
const filtered = permanent('filtered', 'DingTalk’s filter stopped the text: word it differently')
const badBody = permanent('bad-body', 'DingTalk refuses this message as it is: report it with its code')
const noTemplate = permanent(
  'no-card',
  'the card template is unknown, unpublished or not for this app: see docs/dingtalk-card.md',
)

const forbidden = 'Forbidden.AccessDenied.'

const noForm = permanent(
  'no-form',
  'DingTalk does not know the approval form, or it is stopped: see DINGTALK_LEAVE_PROCESS_CODE (docs/dingtalk.md)',
)
const badForm = permanent('bad-form', 'the approval form must have 假别, 开始时间/结束时间 and 事由 (docs/dingtalk.md)')
const unrecorded = permanent('not-recorded', 'DingTalk does not write this into its attendance: enter it there by hand')

/** OA approval and attendance (dingtalk.md §7, §8.2). */
const approvalWords: Record<string, Meaning> = {
  processCodeError: noForm,
  processGetFailed: noForm,
  'processcode.error': noForm,
  formConverterError: badForm,
  illegalComponent: badForm,
  processInstanceInvalidParameter: permanent('no-such-user', 'bind the applicant and those who approve again'),
  processInstanceStartFailed: badForm,
  needAuth: noPermission,
  'permission.error': noPermission,
  'formName.error': permanent('form-exists', 'a form of this name exists already'),
  aflowProcessInstNotExist: permanent('no-such-approval', 'DingTalk does not know this request any more'),
  aflowProcessInstStatusException: permanent('approval-state', 'it cannot be taken back now'),
  internalError: permanent(
    'not-allowed',
    'for requests to be taken back: OA 审批 → the template → 高级设置 → 允许提交人撤销审批中的审批单',
  ),
  dateTooEarly: unrecorded,
  durationTooLong: unrecorded,
  repeatApprovesOverLimit: unrecorded,
}

const words: Record<string, Meaning> = {
  InvalidAuthentication: { is: 'token' },
  authFailed: wrongSecret,
  invalidClientIdOrSecret: wrongSecret,
  'invalid.client': wrongSecret,
  'unauthorized.client': wrongSecret,
  [`${forbidden}AccessTokenPermissionDenied`]: noPermission,
  [`${forbidden}IpNotInWhiteList`]: notAllowed,
  [`${forbidden}ApiCountLimitForOrg`]: { is: 'quota' },
  [`${forbidden}QpsLimitForAppkeyAndApi`]: tooFast,
  [`${forbidden}QpmLimitForAppkeyAndApi`]: parked('rate-limited', minute, { scope: 'api' }),
  [`${forbidden}QpsLimitForApi`]: parked('rate-limited', 2 * second, { scope: 'api' }),
  'system.busy': busy,
  systemBusy: busy,
  'system.error': busy,
  'send.too.fast': { is: 'temporary', code: 'rate-limited', waitMs: 10 * second },
  'invalidParameter.robotCode.notExsit': wrongRobot,
  'invalidParameter.robotCode.auth': wrongRobot,
  'chatbotId.notAllow.sendOTO': stopped,
  'robot.oto.notExist': stopped,
  'bot.forbidden.sendMessage': stopped,
  'bot.stopped': stopped,
  'template.stopped': stopped,
  'staffId.notExisted': noUser,
  'param.userIdNotExist': noUser,
  'invalid.openConversationId': groupGone,
  'group.disbanded': groupGone,
  'conversation.org.notMatch': groupGone,
  'resource.not.found': groupGone,
  'resource.unavailable': groupGone,
  'contain.unsafe.url': filtered,
  'contain.notAllowed.text': filtered,
  'param.contentUnsafe': filtered,
  'param.templateNotExist': noTemplate,
  'param.templateUnpublished': noTemplate,
  'param.cardAlreadyExist': permanent('card-exists', 'a card with this outTrackId is out already'),
  'param.cardNotExist': permanent('stale-handle', 'DingTalk does not know the card any more: send a new one'),
  'param.callbackRouteKeyExist': permanent('route-taken', 'another address is registered for card taps'),
  ...approvalWords,
  'robot.processQueryKey.expired': permanent('too-late', 'messages are taken back within 24 hours only'),
  'invalid.processQueryKey': permanent('too-late', 'the message is not known any more'),
  'notRevoke.all.messages': permanent('too-late', 'the message cannot be taken back'),
  'invalidParameter.robotCode.downloadCode': permanent(
    'media-gone',
    'the file can’t be had any more: ask for it again',
  ),
}

const numbers: Record<number, Meaning> = {
  [-1]: busy,
  40014: { is: 'token' },
  42001: { is: 'token' },
  40001: { is: 'token' },
  43007: { is: 'token' },
  33001: wrongSecret,
  40089: wrongSecret,
  60011: noPermission,
  60020: notAllowed,
  90002: parked('rate-limited', 2 * second, { scope: 'api' }),
  90018: tooFast,
  90020: { is: 'quota' },
  60121: permanent('no-such-user', 'nobody in the company has this number'),
  40104: permanent('no-such-user', 'that is no mobile number'),
  33012: noUser,
  40078: permanent('bad-code', 'the login code is wrong, used or too old'),
  300001: permanent('session-gone', 'the conversation’s address is too old'),
  300005: permanent('robot-gone', 'the group robot’s token is wrong: copy its address again'),
  310000: permanent('robot-refused', 'the group robot refuses: check its 加签 secret, keyword and IP list'),
  400013: groupGone,
  400101: permanent('robot-gone', 'the group robot’s token is wrong: copy its address again'),
  400102: stopped,
  400106: groupGone,
  410100: parked('rate-limited', 10 * minute, { scope: 'app' }),
  130101: parked('rate-limited', 10 * minute, { scope: 'app' }),
  430101: filtered,
  430102: filtered,
  430103: filtered,
  430104: filtered,
}

/** Of the new API. What we do not know can't be helped by repeating it, unless the server itself failed. */
export function meaningOfCode(code: string, status: number): Meaning {
  if (Object.hasOwn(words, code)) return words[code] ?? badBody
  return status >= 500 || status === 429 ? busy : badBody
}

/** Of the old API and of webhooks. */
export function meaningOfErrcode(errcode: number): Meaning {
  return numbers[errcode] ?? (errcode < 0 ? busy : badBody)
}

/** Every code with a meaning of its own. */
export const knownCodes: readonly string[] = Object.keys(words)
export const knownErrcodes: readonly number[] = Object.keys(numbers).map(Number)

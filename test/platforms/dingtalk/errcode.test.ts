import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  knownCodes,
  knownErrcodes,
  type Meaning,
  meaningOfCode,
  meaningOfErrcode,
} from '../../../src/platforms/dingtalk/errcode.ts'

/** `temporary no-permission 600 s, api shut and shown`, `permanent filtered` … */
function told(meaning: Meaning): string {
  if (meaning.is === 'permanent') return `permanent ${meaning.code}`
  if (meaning.is !== 'temporary') return meaning.is
  const { code, waitMs, closes } = meaning
  const shut = closes ? `, ${closes.scope} shut${closes.fix ? ' and shown' : ''}` : ''
  return `temporary ${code} ${waitMs / 1_000} s${shut}`
}

const noPermission = 'temporary no-permission 600 s, api shut and shown'
const ip = 'temporary ip-not-allowed 60 s, app shut and shown'
const secret = 'temporary wrong-secret 600 s, app shut and shown'
const robot = 'temporary wrong-robot 600 s, app shut and shown'
const busy = 'temporary busy 2 s'
const badBody = 'permanent bad-body'
const robotTooFast = 'temporary rate-limited 600 s, app shut'

/** Reference §1.1, §1.3, §1.4, §2.1, §2.2, §2.5, §2.8, §5.1, §5.2, §5.5, §7, §8.2. */
const codes: Array<[code: string, status: number, meaning: string]> = [
  ['InvalidAuthentication', 400, 'token'],
  ['processCodeError', 400, 'permanent no-form'],
  ['processGetFailed', 400, 'permanent no-form'],
  ['processcode.error', 400, 'permanent no-form'],
  ['formConverterError', 400, 'permanent bad-form'],
  ['illegalComponent', 400, 'permanent bad-form'],
  ['processInstanceStartFailed', 400, 'permanent bad-form'],
  ['processInstanceInvalidParameter', 400, 'permanent no-such-user'],
  ['needAuth', 400, noPermission],
  ['permission.error', 400, noPermission],
  ['formName.error', 400, 'permanent form-exists'],
  ['aflowProcessInstNotExist', 400, 'permanent no-such-approval'],
  ['aflowProcessInstStatusException', 400, 'permanent approval-state'],
  ['internalError', 400, 'permanent not-allowed'],
  ['dateTooEarly', 400, 'permanent not-recorded'],
  ['durationTooLong', 400, 'permanent not-recorded'],
  ['repeatApprovesOverLimit', 400, 'permanent not-recorded'],
  ['systemError', 500, busy],
  ['invalidClientIdOrSecret', 400, secret],
  ['invalid.client', 400, secret],
  ['unauthorized.client', 401, secret],
  ['authFailed', 401, secret],
  ['Forbidden.AccessDenied.AccessTokenPermissionDenied', 403, noPermission],
  ['Forbidden.AccessDenied.IpNotInWhiteList', 403, ip],
  ['Forbidden.AccessDenied.ApiCountLimitForOrg', 403, 'quota'],
  ['Forbidden.AccessDenied.QpsLimitForAppkeyAndApi', 403, 'temporary rate-limited 1 s, api shut'],
  ['Forbidden.AccessDenied.QpmLimitForAppkeyAndApi', 403, 'temporary rate-limited 60 s, api shut'],
  ['Forbidden.AccessDenied.QpsLimitForApi', 403, 'temporary rate-limited 2 s, api shut'],
  ['system.busy', 429, busy],
  ['systemBusy', 429, busy],
  ['system.error', 500, busy],
  ['server.error', 500, busy],
  ['invalidParameter.robotCode.notExsit', 400, robot],
  ['invalidParameter.robotCode.auth', 400, robot],
  ['invalidParameter.userIds.overMax', 400, badBody],
  ['invalidParameter.msgKey.invalid', 400, badBody],
  ['invalidParameter.msgParam.invalid', 400, badBody],
  ['invalidParameter.msgParam.tooLong', 400, badBody],
  ['staffId.notExisted', 400, 'permanent no-such-user'],
  ['chatbotId.notAllow.sendOTO', 400, 'permanent robot-stopped'],
  ['robot.oto.notExist', 400, 'permanent robot-stopped'],
  ['send.too.fast', 400, 'temporary rate-limited 10 s'],
  ['too.many.people', 400, badBody],
  ['too.many.group', 400, badBody],
  ['contain.unsafe.url', 400, 'permanent filtered'],
  ['contain.notAllowed.text', 400, 'permanent filtered'],
  ['bot.forbidden.sendMessage', 400, 'permanent robot-stopped'],
  ['template.stopped', 400, 'permanent robot-stopped'],
  ['bot.stopped', 400, 'permanent robot-stopped'],
  ['invalid.openConversationId', 400, 'permanent robot-gone'],
  ['miss.openConversationId', 400, badBody],
  ['group.disbanded', 400, 'permanent robot-gone'],
  ['conversation.org.notMatch', 400, 'permanent robot-gone'],
  ['resource.not.found', 400, 'permanent robot-gone'],
  ['resource.unavailable', 400, 'permanent robot-gone'],
  ['only.groupAdmin.canAtAll', 400, badBody],
  ['robot.processQueryKey.expired', 400, 'permanent too-late'],
  ['invalid.processQueryKey', 400, 'permanent too-late'],
  ['notRevoke.all.messages', 400, 'permanent too-late'],
  ['invalidParameter.robotCode.downloadCode', 400, 'permanent media-gone'],
  ['param.outTrackIdEmpty', 400, badBody],
  ['param.openSpaceIdInvalid', 400, badBody],
  ['param.openDeliverModelEmpty', 400, badBody],
  ['param.cardDataAndPrivateDataBothEmpty', 400, badBody],
  ['param.templateNotExist', 400, 'permanent no-card'],
  ['param.templateUnpublished', 400, 'permanent no-card'],
  ['param.userIdNotExist', 400, 'permanent no-such-user'],
  ['param.contentUnsafe', 400, 'permanent filtered'],
  ['param.cardAlreadyExist', 400, 'permanent card-exists'],
  ['param.cardNotExist', 400, 'permanent stale-handle'],
  ['param.callbackRouteKeyExist', 500, 'permanent route-taken'],
]

/** Reference §1.3, §1.4, §3.3, §8.3. */
const errcodes: Array<[errcode: number, meaning: string]> = [
  [-1, busy],
  [-2, busy],
  [40001, 'token'],
  [40014, 'token'],
  [42001, 'token'],
  [43007, 'token'],
  [33001, secret],
  [40089, secret],
  [60011, noPermission],
  [60020, ip],
  [43002, badBody],
  [43004, badBody],
  [43008, badBody],
  [43009, badBody],
  [90002, 'temporary rate-limited 2 s, api shut'],
  [90018, 'temporary rate-limited 1 s, api shut'],
  [90020, 'quota'],
  [33012, 'permanent no-such-user'],
  [60121, 'permanent no-such-user'],
  [40104, 'permanent no-such-user'],
  [40078, 'permanent bad-code'],
  [300001, 'permanent session-gone'],
  [300005, 'permanent robot-gone'],
  [310000, 'permanent robot-refused'],
  [40035, badBody],
  [400013, 'permanent robot-gone'],
  [400101, 'permanent robot-gone'],
  [400102, 'permanent robot-stopped'],
  [400105, badBody],
  [400106, 'permanent robot-gone'],
  [410100, robotTooFast],
  [130101, robotTooFast],
  [430101, 'permanent filtered'],
  [430102, 'permanent filtered'],
  [430103, 'permanent filtered'],
  [430104, 'permanent filtered'],
]

describe('a code of the new API', () => {
  it.each(codes)('%s with status %i', (code, status, meaning) => {
    expect(told(meaningOfCode(code, status))).toBe(meaning)
  })
})

describe('a code of the old API or a webhook', () => {
  it.each(errcodes)('%i', (code, meaning) => {
    expect(told(meaningOfErrcode(code))).toBe(meaning)
  })
})

describe('codes', () => {
  it('that are given a meaning all stand in these tables', () => {
    expect(knownCodes.filter(code => !codes.some(([one]) => one === code))).toEqual([])
    expect(knownErrcodes.filter(code => !errcodes.some(([one]) => one === code))).toEqual([])
  })

  it('nobody knows can’t be helped by repeating, unless the server itself failed', () => {
    const unknown = fc
      .oneof(fc.string(), fc.constantFrom('constructor', 'toString', '__proto__', 'hasOwnProperty'))
      .filter(code => !knownCodes.includes(code))
    fc.assert(
      fc.property(unknown, fc.integer({ min: 300, max: 599 }), (code, status) => {
        expect(told(meaningOfCode(code, status))).toBe(status >= 500 || status === 429 ? busy : badBody)
      }),
    )
    fc.assert(
      fc.property(fc.integer(), errcode => {
        fc.pre(!knownErrcodes.includes(errcode))
        expect(told(meaningOfErrcode(errcode))).toBe(errcode < 0 ? busy : badBody)
      }),
    )
  })

  it('tell the operator what to do wherever waiting alone does not help', () => {
    const all = [
      ...knownCodes.map(code => meaningOfCode(code, 400)),
      ...knownErrcodes.map(meaningOfErrcode),
      meaningOfCode('nobody.knows', 400),
    ]
    for (const meaning of all) {
      if (meaning.is === 'permanent') expect(meaning.fix.length).toBeGreaterThan(10)
      if (meaning.is === 'temporary' && meaning.waitMs >= 60_000 && meaning.code !== 'rate-limited')
        expect(meaning.closes?.fix?.length).toBeGreaterThan(10)
    }
  })
})

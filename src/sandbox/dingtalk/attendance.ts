import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PunchKept } from '../approvals.ts'
import { dayOf } from '../ids.ts'
import { day } from '../window.ts'
import { type Call, okOld, oldShaped, shaped } from './call.ts'
import { type Desk, nowOf } from './desk.ts'
import { oldRefused, refused } from './refused.ts'

const listing = z.looseObject({
  workDateFrom: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  workDateTo: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  userIdList: z.array(z.string()),
  offset: z.int().min(0),
  limit: z.int().min(1),
})
const finishing = z.looseObject({
  topCalculateApproveDurationParam: z.looseObject({
    bizType: z.literal(3),
    fromTime: z.string(),
    toTime: z.string(),
    durationUnit: z.enum(['day', 'halfDay', 'hour']),
    calculateModel: z.union([z.literal(0), z.literal(1)]),
  }),
  tagName: z.enum(['请假', '出差', '外出', '加班']),
  subType: z.string().min(1).max(64),
  approveId: z.string().min(1).max(100),
})
const forms = {
  ...{ day: /^\d{4}-\d{2}-\d{2}$/, halfDay: /^\d{4}-\d{2}-\d{2} [AP]M$/, hour: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/ },
}
/** When work begins and ends by the rule of the desk's company. */
const shift = { in: '08:30', out: '18:00' } as const
const mostDays = 31

/** DingTalk's attendance: results of check-ins, and leave that was decided elsewhere (dingtalk.md §8.1, §8.2). */
export class AttendanceApi {
  constructor(private readonly desk: Desk) {}

  /** `/attendance/list`: seven days, 50 people, 50 results; outings are no results of a shift. */
  list(call: Call): Record<string, unknown> {
    const given = oldShaped(listing, call)
    if (given.userIdList.length > 50) throw oldRefused(40035, '不合法的参数: userIdList')
    if (given.limit > 50) throw oldRefused(40035, '不合法的参数: limit')
    const [first, last] = [given.workDateFrom.slice(0, 10), given.workDateTo.slice(0, 10)]
    const span = (Date.parse(last) - Date.parse(first)) / day
    if (!(span >= 0) || span > 7) throw oldRefused(40035, '不合法的参数: workDateTo')
    const people = given.userIdList.flatMap(id => this.desk.phones.byDingtalkId(id)?.userId ?? [])
    const found = this.desk.kept.punches.filter(({ who, at, kind }) => {
      const date = dayOf(new Date(at))
      return kind !== 'outside' && people.includes(who) && date >= first && date <= last
    })
    const page = found.slice(given.offset, given.offset + given.limit)
    return okOld({
      recordresult: page.map(punch => this.shown(punch)),
      hasMore: given.offset + given.limit < found.length,
    })
  }

  private shown({ who, at, kind, missing, place }: PunchKept) {
    const time = new Date(at).getTime()
    const rule = new Date(`${dayOf(new Date(at))}T${kind === 'out' ? shift.out : shift.in}:00+08:00`).getTime()
    const base = missing ? time : rule
    const off = kind === 'out' ? time < base : time > base
    const late = kind === 'out' ? 'Early' : 'Late'
    return {
      ...{ id: numberOf(`${who} ${at} ${kind}`), planId: numberOf(`${who} ${base} ${kind}`), groupId: 1 },
      ...{ userId: this.desk.phones.person(who)?.dingtalkId ?? who, checkType: kind === 'out' ? 'OffDuty' : 'OnDuty' },
      ...{
        workDate: new Date(`${dayOf(new Date(at))}T00:00:00+08:00`).getTime(),
        baseCheckTime: base,
        userCheckTime: time,
      },
      timeResult: missing ? 'NotSigned' : off ? late : 'Normal',
      locationResult: missing ? 'NotSigned' : place === undefined ? 'Normal' : 'Outside',
      sourceType: missing ? 'SYSTEM' : 'USER',
    }
  }

  /** `POST /v1.0/attendance/approvals/finish`: the same approveId again is an update. */
  finish(call: Call): Record<string, unknown> {
    const given = shaped(finishing, call)
    const { fromTime: from, toTime: to, durationUnit: unit } = given.topCalculateApproveDurationParam
    const person = this.desk.phones.byDingtalkId(call.query.get('userId') ?? '')
    if (!person) throw refused('invalidRequestParams', '参数错误')
    if (!forms[unit].test(from) || !forms[unit].test(to))
      throw refused(
        unit === 'halfDay' ? 'illegalDateTypeForHalfDay' : 'invalidRequestParams',
        '不合法的开始结束时间格式',
      )
    if (to < from) throw refused('beginDateCannotAfterEndDate', '开始时间不能晚于结束时间')
    const days = (Date.parse(to.slice(0, 10)) - Date.parse(from.slice(0, 10))) / day
    if (days > mostDays) throw refused('durationTooLong', '开始结束时间跨度过大')
    if (nowOf(this.desk) - Date.parse(from.slice(0, 10)) > (mostDays + 1) * day)
      throw refused('dateTooEarly', '时间不能在指定天数之前')
    this.desk.kept.recorded.set(given.approveId, { userId: person.userId, from, to, unit, type: given.subType })
    this.desk.changed()
    return { success: true, result: { duration: days + 1, durationDetail: [] } }
  }

  /** `POST /topapi/attendance/approve/cancel` */
  cancel(call: Call): Record<string, unknown> {
    const given = oldShaped(z.looseObject({ userid: z.string(), approve_id: z.string() }), call)
    if (!this.desk.phones.byDingtalkId(given.userid)) throw oldRefused(33012, '无效的USERID')
    this.desk.kept.recorded.delete(given.approve_id)
    this.desk.changed()
    return okOld()
  }
}

/** The same record has the same number whenever it is read. */
const numberOf = (what: string): number => createHash('sha256').update(what).digest().readUIntBE(0, 6)

import type { PunchKept } from '../approvals.ts'
import { dayOf } from '../ids.ts'
import { type Call, jsonBody } from './call.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'

const widestSeconds = 30 * 86_400
const kinds = { in: '上班打卡', out: '下班打卡', outside: '外出打卡' } as const
/** When work begins and ends by the rule of the desk's company. */
const shift = { in: '08:30', out: '18:00' } as const

/** `checkin/getcheckindata`: 30 days and 100 people at most (/90262). */
export function checkinData(desk: Desk, call: Call): Answer {
  const { opencheckindatatype: type, starttime: start, endtime: end, useridlist: ids } = jsonBody(call)
  if (![1, 2, 3].includes(Number(type))) throw new Refused(40058, 'invalid parameter: opencheckindatatype')
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > 100)
    throw new Refused(301023, 'useridlist empty or too long')
  if (typeof start !== 'number' || typeof end !== 'number' || !(end > start) || end - start > widestSeconds)
    throw new Refused(301024, 'checkin time span invalid')
  const people = ids.map(id => {
    const person = desk.phones.person(String(id))
    if (!person) throw new Refused(301021, 'invalid userid')
    return person.userId
  })
  const found = desk.kept.punches.filter(punch => {
    const at = new Date(punch.at).getTime() / 1_000
    const wanted = type === 3 || (type === 2) === (punch.kind === 'outside')
    return wanted && people.includes(punch.who) && at >= start && at <= end
  })
  return ok({ checkindata: found.map(shown) })
}

function shown({ who, at, kind, missing, place }: PunchKept) {
  const time = Math.floor(new Date(at).getTime() / 1_000)
  const rule = kind === 'outside' ? 0 : new Date(`${dayOf(new Date(at))}T${shift[kind]}:00+08:00`).getTime() / 1_000
  const planned = missing ? time : rule
  return {
    ...{ userid: who, groupname: '售后', checkin_type: kinds[kind] },
    exception_type: missing ? '未打卡' : place !== undefined && kind !== 'outside' ? '地点异常' : '',
    ...{ checkin_time: time, location_title: place ?? (missing ? '' : '公司') },
    ...{ location_detail: '', wifiname: '', notes: '', wifimac: '', mediaids: [], deviceid: missing ? '' : 'PHONE' },
    ...{ sch_checkin_time: planned, groupid: 1, schedule_id: 0, timeline_id: kind === 'out' ? 2 : 1 },
  }
}

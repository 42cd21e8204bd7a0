import { z } from 'zod'
import { Permanent } from '../../errors.ts'
import type { Attendance, Punch } from '../platform.ts'
import { chunks, dayMs, pieces } from '../spans.ts'
import type { AppApi } from './api.ts'

/** `getcheckindata` answers for so many people and days at once (/90262). */
const mostPeople = 100
const widestMs = 30 * dayMs

const record = z.looseObject({
  userid: z.string().min(1),
  checkin_type: z.string(),
  exception_type: z.string().default(''),
  checkin_time: z.coerce.number(),
  sch_checkin_time: z.coerce.number().optional(),
  location_title: z.string().optional(),
  location_detail: z.string().optional(),
  timeline_id: z.coerce.number().optional(),
})

const kinds: Record<string, Punch['kind']> = { 上班打卡: 'in', 下班打卡: 'out' }
const flags: Record<string, Punch['flags'][number]> = {
  ...{ 未打卡: 'missing', 地点异常: 'place', wifi异常: 'place', 非常用设备: 'device' },
}

/** One of `checkindata` (/90262); null when it cannot be read. `时间异常` is left to our own rules. */
export function readCheckin(given: unknown): Punch | null {
  const parsed = record.safeParse(given)
  if (!parsed.success) return null
  const { userid, checkin_type, exception_type, checkin_time, sch_checkin_time, timeline_id } = parsed.data
  const found = [...new Set(exception_type.split(/[;；]/).flatMap(name => flags[name.trim()] ?? []))]
  const missing = found.includes('missing')
  const planned = sch_checkin_time ? new Date(sch_checkin_time * 1_000) : undefined
  const at = missing && planned ? planned : new Date(checkin_time * 1_000)
  const place = parsed.data.location_title || parsed.data.location_detail
  return {
    ...{ userId: userid.toLowerCase(), at, kind: kinds[checkin_type] ?? 'outside', flags: found },
    ...(planned && { scheduledAt: planned }),
    ...(place && { place }),
    // They have no id: who, what and when make one.
    id: [userid.toLowerCase(), checkin_type, Math.floor(at.getTime() / 1_000), timeline_id ?? 0].join('|'),
  }
}

/** Check-ins of WeCom's 打卡: `checkin/getcheckindata` (developer.work.weixin.qq.com/document/path/90262). */
export class Checkins implements Attendance {
  constructor(private readonly api: AppApi) {}

  async punches(userIds: readonly string[], from: Date, to: Date): Promise<Punch[]> {
    const found = new Map<string, Punch>()
    for (const span of pieces(from, to, widestMs))
      for (const people of chunks(userIds, mostPeople))
        for (const punch of await this.of(people, span))
          if (punch.at >= from && punch.at < to) found.set(punch.id, punch)
    return [...found.values()].sort((a, b) => a.at.getTime() - b.at.getTime())
  }

  private async of(useridlist: string[], span: { from: Date; to: Date }): Promise<Punch[]> {
    try {
      const { checkindata } = await this.api.post('checkin/getcheckindata', {
        ...{ opencheckindatatype: 3, useridlist },
        ...{ starttime: second(span.from), endtime: Math.ceil(span.to.getTime() / 1_000) },
      })
      return (Array.isArray(checkindata) ? checkindata : []).flatMap(one => readCheckin(one) ?? [])
    } catch (error) {
      if (!(error instanceof Permanent && error.code === 'no-such-user')) throw error
    }
    // One who left makes the answer fail for all: the others are asked for without him.
    if (useridlist.length === 1) return []
    const found: Punch[] = []
    for (const some of chunks(useridlist, Math.ceil(useridlist.length / 2))) found.push(...(await this.of(some, span)))
    return found
  }
}

const second = (at: Date): number => Math.floor(at.getTime() / 1_000)

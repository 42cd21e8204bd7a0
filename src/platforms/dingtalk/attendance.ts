import { z } from 'zod'
import type { Attendance, Punch } from '../platform.ts'
import { chunks, dateIn, dayMs, momentIn } from '../spans.ts'
import type { Api } from './api.ts'

/** `/attendance/list` answers for so many people, days and results at once (dingtalk.md §8.1). */
const mostPeople = 50
const mostDays = 7
const mostResults = 50

const result = z.looseObject({
  id: z.coerce.string(),
  userId: z.string().min(1),
  checkType: z.enum(['OnDuty', 'OffDuty']),
  timeResult: z.string().nullish(),
  locationResult: z.string().nullish(),
  baseCheckTime: z.coerce.number().nullish(),
  userCheckTime: z.coerce.number().nullish(),
})

/** One of `recordresult` (dingtalk.md §8.1); null when it cannot be read. Being late is left to our own rules. */
export function readResult(given: unknown): Punch | null {
  const parsed = result.safeParse(given)
  if (!parsed.success) return null
  const { id, userId, checkType, timeResult, locationResult, baseCheckTime, userCheckTime } = parsed.data
  const missing = timeResult === 'NotSigned'
  const at = missing ? (baseCheckTime ?? userCheckTime) : (userCheckTime ?? baseCheckTime)
  if (!at) return null
  return {
    ...{ userId, at: new Date(at), kind: checkType === 'OnDuty' ? 'in' : 'out', id },
    ...(baseCheckTime && { scheduledAt: new Date(baseCheckTime) }),
    flags: missing ? ['missing'] : locationResult === 'Outside' ? ['place'] : [],
  }
}

/** Results of DingTalk's attendance, one for each end of a shift: the old API's `/attendance/list` (dingtalk.md §8.1). */
export class CheckResults implements Attendance {
  constructor(private readonly api: Api) {}

  async punches(userIds: readonly string[], from: Date, to: Date): Promise<Punch[]> {
    const found = new Map<string, Punch>()
    for (const dates of chunks(datesOf(from, to), mostDays))
      for (const people of chunks(userIds, mostPeople))
        for (const punch of await this.of(people, dates[0] ?? '', dates.at(-1) ?? ''))
          if (punch.at >= from && punch.at < to) found.set(punch.id, punch)
    return [...found.values()].sort((a, b) => a.at.getTime() - b.at.getTime())
  }

  private async of(userIdList: string[], first: string, last: string): Promise<Punch[]> {
    const found: Punch[] = []
    for (let offset = 0; ; offset += mostResults) {
      const { recordresult, hasMore } = await this.api.old({
        ...{ api: 'attendance/list', path: '/attendance/list' },
        body: {
          ...{ workDateFrom: `${first} 00:00:00`, workDateTo: `${last} 00:00:00` },
          ...{ userIdList, offset, limit: mostResults },
        },
      })
      const page: unknown[] = Array.isArray(recordresult) ? recordresult : []
      found.push(...page.flatMap(one => readResult(one) ?? []))
      if (hasMore !== true || page.length === 0) return found
    }
  }
}

/** Work days a span touches: a night's end belongs to the day before, so that one is asked for, too. */
function datesOf(from: Date, to: Date): string[] {
  const found: string[] = []
  const first = momentIn(dateIn(new Date(from.getTime() - dayMs)))?.getTime() ?? from.getTime()
  for (let at = first; at < to.getTime(); at += dayMs) found.push(dateIn(new Date(at)))
  return found
}

import { DateTime } from 'luxon'
import type { Card } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import type { Correction } from './record.ts'

/** What is said about a correction (补卡). */

/** A correction as its card shows it. */
export interface CorrectionScene {
  correction: Correction & {
    id: string
    reason: string
    media: readonly string[]
    askedAt: Date
    ruling: { allowed: boolean; at: Date } | null
  }
  name: string
  team: string
  /** Who decided. */
  by: string
  zone: string
}

const parts = { in: '上班', out: '下班', day: '全天' } as const

/** `11月24日 周二 上班 08:55` */
export function correctionLine({ day, part, minute }: Correction): string {
  const date = DateTime.fromISO(day)
  const weekday = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'][date.weekday - 1]
  const time = minute === null ? '' : ` ${DateTime.fromMillis(minute * 60_000, { zone: 'utc' }).toFormat('HH:mm')}`
  return `${date.month}月${date.day}日 ${weekday} ${parts[part]}${time}`
}

export function correctionCard({ correction, name, team, by, zone }: CorrectionScene): Card {
  const { id, reason, media, askedAt, ruling } = correction
  const version = ruling ? 2 : 1
  const button = (text: '同意' | '不同意', action: string, style: 'primary' | 'default') => ({
    ...{ text, style, words: `${text}补卡 ${name}`, payload: writePayload({ about: 'punch', id, version, action }) },
  })
  const when = (at: Date) => DateTime.fromJSDate(at, { zone }).toFormat('M月d日 HH:mm')
  const outcome = ruling ? `${when(ruling.at)} ${by} ${ruling.allowed ? '已同意' : '没有同意'}` : ''
  return {
    ...{ source: `考勤 · ${team}`, tone: ruling ? 'done' : 'normal', title: `补卡：${name}`, version },
    subtitle: ruling ? outcome : '同意以后按补的时间算考勤',
    rows: [
      { label: '补哪次', value: correctionLine(correction) },
      { label: '原因', value: reason },
      { label: '提出', value: when(askedAt) },
      ...(media.length > 0 ? [{ label: '照片', value: `${media.length} 张` }] : []),
    ],
    buttons: ruling ? [] : [button('同意', 'allow', 'primary'), button('不同意', 'refuse', 'default')],
    ...(ruling && { closed: ruling.allowed ? '已同意' : '没有同意' }),
  }
}

/** For him who asked. */
export function ruledText({ correction, by }: CorrectionScene): string {
  const line = correctionLine(correction)
  return correction.ruling?.allowed
    ? `✅ 补卡 ${line}：${by}同意了，考勤已按它重新算。回复「我的考勤」查看。`
    : `补卡 ${line}：${by}没有同意。有疑问请当面和他说。`
}

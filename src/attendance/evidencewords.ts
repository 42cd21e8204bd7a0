import { DateTime } from 'luxon'
import type { AwayDay } from '../leave/away.ts'
import { partWords } from '../leave/daywords.ts'
import { factNames } from '../orders/factwords.ts'
import { correctionLine } from './correctwords.ts'
import type { AskedCorrection } from './find.ts'
import type { Mark, MarkKind, MarkSource, OrderSign } from './record.ts'

/** What a day's attendance is computed from, a line each: for whoever asks why. */

const kinds: Readonly<Record<MarkKind, string>> = {
  ...{ in: '上班打卡', out: '下班打卡', outside: '外勤打卡', offPost: '经理记：脱岗', onPost: '经理记：没有脱岗' },
  ...{ called: '电话请过假', none: '没有打卡' },
}

const sources: Readonly<Record<MarkSource, string>> = {
  ...{ chat: '聊天里', wecom: '企业微信考勤', dingtalk: '钉钉考勤', import: '导入', desk: '管理员记' },
}

const flags: Readonly<Record<string, string>> = { place: '地点异常', device: '设备异常', missing: '平台记缺卡' }

const clock = (at: Date, zone: string): string => DateTime.fromJSDate(at, { zone }).toFormat('HH:mm:ss')

/** `08:55:12 上班打卡 · 钉钉考勤 · 花园路店（地点异常）` */
export function sayMark({ kind, at, source, place, flags: said }: Mark, zone: string): string {
  const odd = said.map(flag => flags[flag] ?? flag)
  const time = kind === 'none' ? '' : `${clock(at, zone)} `
  return `${time}${[kinds[kind], sources[source], place].filter(Boolean).join(' · ')}${odd.length > 0 ? `（${odd.join('、')}）` : ''}`
}

/** `08:40:00 单 1024 出发` */
export const saySign = ({ at, code, fact }: OrderSign, zone: string): string =>
  `${clock(at, zone)} 单 ${code} ${factNames[fact]}`

/** `补卡 11月24日 周二 上班 08:55：忘了打卡（王经理同意）` */
export function sayCorrection(correction: AskedCorrection, nameOf: (person: string) => string): string {
  const { reason, ruling } = correction
  const outcome = ruling ? `${nameOf(ruling.by)}${ruling.allowed ? '同意' : '没有同意'}` : '还没有人批'
  return `补卡 ${correctionLine(correction)}：${reason}（${outcome}）`
}

/** `请假 事假 上午` */
export const sayAway = ({ type, from, to, state }: AwayDay, noon: number): string =>
  `请假 ${type}${partWords(from, to, noon) || ' 全天'}${state === 'asked' ? '（待批）' : ''}`

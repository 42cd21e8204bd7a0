import { sayTime } from '../orders/timewords.ts'

/** What is said about imports. */

export const kindNames = { orders: '订单', people: '人员', figures: '月度数字' } as const
const zone = 'Asia/Shanghai'

export const knownText = (row: number, what: string, code: string): string =>
  `第 ${row} 行：${what}已经导入过（单号 ${code}），会跳过。`

export const faultyText = (rows: number): string =>
  `有 ${rows} 行有问题，一行都没有导入。请照 faults 里说的改好文件，再传一次。`

export const changedText = (rows: number): string =>
  `预览以后情况变了，有 ${rows} 行现在不能导入，一行都没有导入。请再传一次文件看新的预览。`

export const expiredText = '这个预览已经过期（只留一天），没有导入。请再传一次文件。'
export const runningText = '正在导入或已经导入，不能撤掉了。'

export function sameFileText(at: Date, by: string | null, now: Date): string {
  return `这个文件 ${sayTime(at, now, zone)} 已经${by ? `由${by}` : ''}导入过，再确认也不会重复导入。内容有变化请改好文件再传。`
}

import type { Appeal } from './closing.ts'
import type { Input } from './slip.ts'

/** What stands on a payslip's page besides the slip itself. */

export const fromWords: Record<Input['from'], string> = {
  figure: '填的数',
  fact: '本月记录',
  count: '本月计数',
  item: '上面的项目',
  constant: '制度里的数',
  scorecard: '考核',
}

const day = (text: string): string => `${Number(text.slice(5, 7))}月${Number(text.slice(8))}日`

export const pageWords = {
  lines: '工资明细',
  noLines: '这个月没有工资项目。',
  corrections: '以前月份的更正',
  values: '算工资用到的数',
  points: '积分流水',
  remarks: '说明',
  appeals: '申诉',
  anItem: '提成',
  gross: '应发',
  deducted: '扣款',
  corrected: '更正',
  net: '实发',
  days: '在职',
  how: '算法',
  gate: '条件',
  held: '✓ 满足',
  notHeld: '✗ 不满足',
  inputs: '其中',
  steps: '过程',
  fault: '没算出来',
  notTaken: '没扣的',
  override: '人工改定',
  note: '说明',
  orders: '工单',
  incidents: '奖惩',
  leaves: '请假',
  dates: '日期',
  item: '项目',
  full: '满分',
  got: '得分',
  locked: '这个月已经锁定，不能再申诉。有差错的，会在以后的月份更正。',
  states: { published: '已发布', locked: '已锁定' },
  marks: { override: '人工改定', notTaken: '没扣完', fault: '⚠ 没算出来', corrects: '冲正' },
  day,
  month: (month: string) => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月工资条`,
  daysOf: (employed: number, all: number) => `${employed} 天（当月 ${all} 天）`,
  score: (total: string, grade: string | null) => `${total} 分${grade === null ? '' : ` · ${grade}`}`,
  by: (title: string, version: number) => `按「${title}」第 ${version} 版计算。`,
  leftOpen: (amount: string) => `还有 ${amount} 没扣`,
  changed: (by: string, reason: string, before: string) => `${by}：${reason}（原来算出 ${before}）`,
  more: (count: number) => ` 等 ${count} 条`,
  incident: (code: string, date: string, item: string) => `${code}（${day(date)} ${item}）`,
  entries: (count: number) => `共 ${count} 笔，合计`,
  howToAppeal: (until: string, item: string) =>
    `哪一项不对，${until} 前给派工机器人发「申诉 工资 项目名 原因」，比如：申诉 工资 ${item} 3日那单没算。`,
  lockedAt: (at: string) => `${at} 已锁定，不能再申诉。有差错的，会在以后的月份更正。`,
  appeal: (item: string, reason: string, answer: Appeal['answer']) =>
    `「${item}」${reason} —— ${answer === null ? '等经理答复' : `${answer.upheld ? '成立' : '维持原样'}：${answer.reason}`}`,
}

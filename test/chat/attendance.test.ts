import { describe, expect, it } from 'vitest'
import { hear, told } from './told.ts'

/** Said on Wednesday, 2026-11-25 10:00. */
const cases: ReadonlyArray<readonly [said: string, understood: string]> = [
  ['打卡', 'attendance punch any'],
  ['打卡。', 'attendance punch any'],
  ['上班打卡', 'attendance punch in'],
  ['到岗', 'attendance punch in'],
  ['我已到岗了', 'attendance punch in'],
  ['签到', 'attendance punch in'],
  ['下班', 'attendance punch out'],
  ['下班打卡', 'attendance punch out'],
  ['下班了', 'attendance punch out'],
  // Not said as a check-in, or about somebody else's time.
  ['下班吧', 'chatter'],
  ['下班了吗', 'chatter'],
  ['要晚点下班', 'chatter'],
  ['今天能准时下班', 'chatter'],
  ['几点下班', 'chatter'],
  ['我昨天忘打卡了', 'chatter'],
  ['打卡机坏了', 'chatter'],
  ['下班前 1024 修好', 'complete 1024 “下班前”'],
  ['已联系 1024 客户下班后在家', 'unsure time 1024'],

  ['我的考勤', 'attendance show true'],
  ['看看我的考勤 10月', 'attendance show true 2026-10'],
  ['我的考勤 12月', 'attendance show true 2025-12'],
  ['我的考勤 上个月', 'attendance show true 2026-10'],
  ['我的考勤 2025年十二月', 'attendance show true 2025-12'],
  ['我的考勤 13月', 'unsure time'],
  ['考勤', 'attendance show -'],
  ['考勤 本月', 'attendance show - 2026-11'],
  ['考勤 张三', 'attendance show - 张三'],
  ['考勤 张三 10月', 'attendance show - 张三 2026-10'],
  ['考勤张三的上月', 'attendance show - 张三 2026-10'],
  ['考勤制度', 'chatter'],

  ['补卡 昨天上午 忘了打卡', 'attendance correct 2026-11-24 in 忘了打卡'],
  ['补卡 昨天下班 手机没电', 'attendance correct 2026-11-24 out 手机没电'],
  ['补卡 11月20日 8:55 到了 忘打', 'attendance correct 2026-11-20 in 535 到了 忘打'],
  ['补卡 20号下午5点半 忘了打卡', 'attendance correct 2026-11-20 out 1050 忘了打卡'],
  ['补卡 26号全天 手机坏了', 'attendance correct 2026-10-26 day 手机坏了'],
  ['我要补卡 今天上午，堵车', 'attendance correct 2026-11-25 in 堵车'],
  ['补卡 昨天', 'unsure missing'],
  ['补卡 昨天上午', 'unsure missing'],
  ['补卡', 'unsure missing'],
  ['同意补卡 张三', 'attendance rule true 张三'],
  ['不同意补卡 张三 11月24日', 'attendance rule - 张三 2026-11-24'],
  ['驳回补卡 李四', 'attendance rule - 李四'],
  ['同意补卡', 'unsure missing'],

  ['离岗 张三 14:00', 'attendance offPost 张三 2026-11-25 840 -'],
  ['脱岗 张三 昨天下午2点', 'attendance offPost 张三 2026-11-24 840 -'],
  ['撤销离岗 张三 14:00', 'attendance offPost 张三 2026-11-25 840 true'],
  ['离岗 张三', 'unsure missing'],
  ['离岗', 'unsure missing'],
  ['告假 张三', 'attendance called 张三 2026-11-25'],
  ['告假 张三 昨天', 'attendance called 张三 2026-11-24'],
]

describe('attendance, in words', () => {
  it.each(cases.map(([said, understood]) => ({ said, understood })))('$said → $understood', ({ said, understood }) => {
    expect(told(hear(said))).toBe(understood)
  })

  it('is left alone in a group where nobody spoke to the bot', () => {
    for (const said of ['打卡', '下班', '考勤', '补卡 昨天上午 忘了打卡'])
      expect(told(hear(said, { direct: false }))).toBe('chatter')
  })
})

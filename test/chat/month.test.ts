import { describe, expect, it } from 'vitest'
import { hear } from './told.ts'

/** Said on Wednesday, 2026-11-25 10:00. */
const cases: ReadonlyArray<readonly [said: string, understood: object | string]> = [
  ['月结', { do: 'draft' }],
  ['月结 10月', { do: 'draft', month: '2026-10' }],
  ['月结10月份', { do: 'draft', month: '2026-10' }],
  ['请月结 上月', { do: 'draft', month: '2026-10' }],
  ['月结 一班 10月', { do: 'draft', month: '2026-10', team: '一班' }],
  ['月结 13月', 'unsure'],
  ['月结什么时候做', 'chatter'],
  ['发布', { do: 'publish' }],
  ['发布 10月', { do: 'publish', month: '2026-10' }],
  ['发布10月月结', { do: 'publish', month: '2026-10' }],
  ['发布会几点开', 'chatter'],
  ['锁定 10月', { do: 'lock', month: '2026-10' }],
  ['改 张三 全勤奖 100 漏记一天', { do: 'adjust', who: '张三', item: '全勤奖', fen: 10_000, reason: '漏记一天' }],
  [
    '改 10月 张三 全勤奖 1,074.63元 漏记',
    { do: 'adjust', who: '张三', item: '全勤奖', fen: 107_463, reason: '漏记', month: '2026-10' },
  ],
  ['调整 李四海 提成 -50.5 多算', { do: 'adjust', who: '李四海', item: '提成', fen: -5_050, reason: '多算' }],
  ['改 张三 全勤奖 一百元 漏记', { do: 'adjust', who: '张三', item: '全勤奖', fen: 10_000, reason: '漏记' }],
  ['改 张三 全勤奖', 'unsure'],
  ['改 张三', 'unsure'],
  ['取消改 张三 全勤奖', { do: 'adjust', who: '张三', item: '全勤奖', fen: null, reason: '取消人工改定' }],
  // 改派 and 改约 are of orders.
  ['改派 1024 给 张三', 'order'],
  ['改约 1024 明天上午10点', 'order'],
  ['申诉 工资 全勤奖 11月3日我上班了', { do: 'appeal', item: '全勤奖', reason: '11月3日我上班了' }],
  ['我要申诉10月的工资 全勤奖 我上班了', { do: 'appeal', item: '全勤奖', reason: '我上班了', month: '2026-10' }],
  ['申诉 工资', 'unsure'],
  ['申诉 12 我十点就联系了', 'incident'],
  ['维持 10月 2 按考勤算的', { do: 'keep', nr: 2, reason: '按考勤算的', month: '2026-10' }],
  ['维持 奖惩12 有录音', 'incident'],
  ['我的工资', { do: 'pay' }],
  ['看看我的工资条 10月', { do: 'pay', month: '2026-10' }],
  ['工资 10月', { do: 'pay', month: '2026-10' }],
  ['我的提成', { do: 'pay' }],
  ['工资 全勤奖', { do: 'pay', words: '全勤奖' }],
  ['工资 张三 全勤奖', { do: 'pay', words: '张三 全勤奖' }],
  ['工资张三', { do: 'pay', words: '张三' }],
  ['工资什么时候发', 'chatter'],
  ['工资太低了', 'chatter'],
  ['我的积分', { do: 'points' }],
  ['积分 10月', { do: 'points', month: '2026-10' }],
  ['积分 张三', { do: 'points', words: '张三' }],
  ['积分榜', { do: 'ranking' }],
  ['10月排名', { do: 'ranking', month: '2026-10' }],
  ['排名怎么算', 'chatter'],
]

describe('sentences about a month', () => {
  it.each(cases)('%s', (said, wanted) => {
    const heard = hear(said)
    const about = heard.kind === 'wish' ? heard.wish.about : heard.kind
    if (typeof wanted === 'string') expect(about).toBe(wanted)
    else expect(heard).toEqual({ kind: 'wish', wish: { about: 'month', wish: wanted } })
  })

  it.each(['月结 10月', '我的工资', '改 张三 全勤奖 100 漏记'])('%s, said among colleagues, is chatter', said => {
    expect(hear(said, { direct: false }).kind).toBe('chatter')
  })
})

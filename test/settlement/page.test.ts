import { expect, it } from 'vitest'
import { type SlipPage, slipBody } from '../../src/settlement/page.ts'
import type { Slip } from '../../src/settlement/slip.ts'

const slip: Slip = {
  ...{
    person: '1',
    name: '张三',
    post: '维修工',
    month: '2026-10',
    policy: { name: 'p', title: '班组工资', version: 2 },
  },
  days: { employed: 20, month: 31 },
  lines: [
    {
      ...{ item: '提成', as: 'pay', fen: '107463', how: '毛利 × 20%', rule: 'R5.1', steps: ['第 2 档'], note: '按月' },
      inputs: [
        { name: '毛利', value: '5373.1666666', from: 'figure' },
        { name: '完成单', value: '3', from: 'fact' },
      ],
      gate: { when: '完成单 ≥ 3', held: true },
    },
    {
      ...{ item: '罚款', as: 'deduct', fen: '5000', how: '罚款', notTaken: '1200', steps: [] },
      inputs: [{ name: '奖惩', value: '62', from: 'fact' }],
      override: { reckoned: '6200', reason: '<b>减半</b>', by: '王经理' },
    },
    { item: '系数', as: 'value', value: '1.17', how: '常数', inputs: [], steps: [], fault: '没有分母' },
  ],
  corrections: [{ of: '2026-09', item: '提成', fen: '-2000', why: '9月锁定以后的记录有变动，重算有差额' }],
  scores: [
    {
      ...{ card: '考核', total: '88.5', grade: '良', plus: [{ name: '表扬', marks: '2' }] },
      lines: [
        { item: '态度', full: '10', marks: { 上级: '9' }, score: '9', steps: [] },
        { item: '完成率', full: '20', marks: {}, score: '19.5', steps: ['目标 100 → 完成 97.5'] },
      ],
    },
  ],
  facts: {
    完成单: { value: '3', evidence: { orders: ['1001', '1002'], days: ['2026-10-05'] } },
    奖惩: { value: '62', evidence: { incidents: ['奖惩1', '奖惩2'] } },
  },
  ...{ gross: '107463', deducted: '5000', corrected: '-2000', net: '100463' },
  remarks: ['10月12日到岗，以前的天数不算在职'],
}
const page: SlipPage = {
  ...{ slip, team: '一班', state: 'published', standing: '积分 86（第 2 名，共 12 人）', lockedAt: null },
  appealsUntil: '11月5日 09:00',
  appeals: [{ nr: 1, person: '1', item: '提成', reason: '漏一单', at: '', answer: null }],
  points: [
    { day: '2026-10-05', what: '1001 上门维修', hundredths: 250, corrects: false },
    { day: '2026-10-05', what: '1001 上门维修', hundredths: -50, corrects: true },
  ],
  incidents: new Map([['奖惩1', { day: '2026-10-07', item: '迟到' }]]),
}
/** What a reader reads, blanks where elements meet. */
const read = (html: string) =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

it('a payslip shows what is paid and everything each line rests on', () => {
  const text = read(slipBody(page))
  for (const shown of [
    ...['一班 · 2026年10月工资条', '实发 ¥1,004.63', '应发 ¥1,074.63', '扣款 -¥50.00', '更正 -¥20.00'],
    ...['20 天（当月 31 天）', '考核 88.5 分 · 良', '积分 86（第 2 名，共 12 人）'],
    ...['提成 ¥1,074.63 算法 毛利 × 20%（R5.1） 条件 完成单 ≥ 3 ✓ 满足', '毛利 填的数 5373.1666…', '第 2 档'],
    ...['工单：1001、1002', '日期：10月5日', '奖惩：奖惩1（10月7日 迟到）、奖惩2'],
    ...['罚款 人工改定 没扣完 -¥50.00', '还有 ¥12.00 没扣', '王经理：<b>减半</b>（原来算出 ¥62.00）'],
    ...['更正 9月 提成 -¥20.00：', '系数 ⚠ 没算出来 1.17', '没有分母', '目标 100 → 完成 97.5'],
    ...['共 2 笔，合计 2', '10月5日 1001 上门维修 +2.5', '冲正 -0.5', '10月12日到岗'],
    ...['「提成」漏一单 —— 等经理答复', '11月5日 09:00 前给派工机器人发「申诉 工资', '按「班组工资」第 2 版计算'],
  ])
    expect(text).toContain(shown)
  expect(slipBody(page)).not.toContain('<b>减半')
})

it('a locked month says that nothing of it changes any more', () => {
  const text = read(slipBody({ ...page, state: 'locked', lockedAt: '11月5日 09:00', appeals: [], points: [] }))
  expect(text).toContain('已锁定')
  expect(text).not.toMatch(/给派工机器人发|积分流水/)
})

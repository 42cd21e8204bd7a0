import { describe, expect, it } from 'vitest'
import type { IncidentWish, Understood } from '../../src/chat/intent.ts'
import { card, hear } from '../chat/told.ts'

/** `enter penalty 张三 #1024 @2026-11-24 -2p 修理费=8000 “迟到”`; what is not said is left out. */
function told(heard: Understood): string {
  if (heard.kind !== 'wish') return heard.kind === 'unsure' ? `unsure ${heard.why}` : heard.kind
  if (heard.wish.about !== 'incident') return heard.wish.about
  return words(heard.wish.wish)
}

function words(wish: IncidentWish): string {
  const said: unknown[] = [wish.do]
  if (wish.do === 'enter')
    said.push(
      ...[wish.as, wish.who, wish.order && `#${wish.order}`, wish.day && `@${wish.day}`],
      ...[wish.points !== undefined && `${wish.points}p`, ...wish.sums.map(({ label, fen }) => `${label}=${fen}`)],
      wish.rest && `“${wish.rest}”`,
    )
  if (wish.do === 'list') said.push(wish.who)
  if (wish.do === 'confirm') said.push(...wish.codes)
  if ('code' in wish) said.push(wish.code)
  if (wish.do === 'amend')
    said.push(wish.fen !== undefined && `¥${wish.fen}`, wish.points !== undefined && `${wish.points}p`)
  if ('reason' in wish) said.push(`“${wish.reason}”`)
  return said.filter(Boolean).join(' ')
}

/** Said on Wednesday, 2026-11-25 10:00. 1024 is an order. */
const cases: ReadonlyArray<readonly [said: string, understood: string]> = [
  ['扣分 张三 2分 迟到', 'enter penalty 张三 2p “迟到”'],
  ['扣分 张三 2 迟到', 'enter penalty 张三 2p “迟到”'],
  ['罚款 张三 30元 未穿鞋套 1024', 'enter penalty 张三 #1024 =3000 “未穿鞋套”'],
  ['罚款张三未穿鞋套30块', 'enter penalty 张三 未穿鞋套=3000 “未穿鞋套”'],
  ['罚款 张三 未穿鞋套 单1024 客户家地面脏了', 'enter penalty 张三 #1024 “未穿鞋套 客户家地面脏了”'],
  ['奖励 李四 表扬信', 'enter reward 李四 “表扬信”'],
  ['奖励李四海 100元 建议被采纳', 'enter reward 李四海 =10000 “建议被采纳”'],
  ['加分 王五 1.5分 帮同事', 'enter reward 王五 1.5p “帮同事”'],
  ['扣张三两分 迟到', 'enter penalty 张三 2p “迟到”'],
  ['罚李四50 没戴工牌', 'enter penalty 李四 =5000 “没戴工牌”'],
  ['给张三扣2分 早退', 'enter penalty 张三 2p “早退”'],
  ['张三罚款30元 未穿鞋套', 'enter penalty 张三 =3000 “未穿鞋套”'],
  ['罚款 张三 私收费 修理费 80元', 'enter penalty 张三 修理费=8000 “私收费 修理费”'],
  [
    '罚款 张三 损坏家具 50元 损失 200元 昨天',
    'enter penalty 张三 @2026-11-24 损坏家具=5000 损失=20000 “损坏家具 损失”',
  ],
  ['扣分 张三 昨天 迟到', 'enter penalty 张三 @2026-11-24 “迟到”'],
  ['扣分 张三 11月3日 脱岗 5分', 'enter penalty 张三 @2026-11-03 5p “脱岗”'],
  ['麻烦扣分 张三 2分 迟到', 'enter penalty 张三 2p “迟到”'],
  ['罚款 张三 ¥30 未穿鞋套', 'enter penalty 张三 =3000 “未穿鞋套”'],
  // A phone, a year that is no order and a flat number stay words.
  ['扣分 张三 2分 没回电 13800001234', 'enter penalty 张三 2p “没回电 13800001234”'],
  ['扣分 张三 迟到 9999', 'enter penalty 张三 “迟到 9999”'],
  ['扣分', 'chatter'],
  ['扣分太多了', 'chatter'],
  ['扣分 孙悟空 2分 迟到', 'unsure missing'],
  ['扣分 张三 2分 迟到吗？', 'unsure twoReadings'],
  ['不要扣分 张三 2分', 'chatter'],
  ['别罚款张三', 'chatter'],
  ['张三加氟', 'chatter'],
  ['加班', 'chatter'],
  ['罚款单收到了', 'chatter'],

  ['奖惩项目', 'catalogue'],
  ['奖惩制度', 'catalogue'],
  ['罚款标准有哪些', 'catalogue'],
  ['我的奖惩', 'mine'],
  ['看看我的奖惩记录', 'mine'],
  ['奖惩', 'list'],
  ['奖惩 张三', 'list 张三'],
  ['奖惩12', 'show 奖惩12'],
  ['看 奖惩 12', 'show 奖惩12'],
  ['确认 奖惩12', 'confirm 奖惩12'],
  ['确认奖惩12 13、14', 'confirm 奖惩12 奖惩13 奖惩14'],
  ['奖惩12 确认', 'confirm 奖惩12'],
  ['撤销 奖惩12 记错人了', 'drop 奖惩12 “记错人了”'],
  ['撤销罚款12', 'drop 奖惩12'],
  ['不确认 奖惩12', 'chatter'],
  ['确认 奖惩12 吗', 'unsure twoReadings'],
  ['申诉 12 我10点就联系了客户', 'appeal 奖惩12 “我10点就联系了客户”'],
  ['申诉 奖惩12 凭什么扣我？', 'appeal 奖惩12 “凭什么扣我？”'],
  ['申诉奖惩12', 'appeal 奖惩12'],
  ['申诉 客户家里没人', 'appeal “客户家里没人”'],
  ['申诉 12元不该扣', 'appeal “12元不该扣”'],
  ['成立 12', 'uphold 奖惩12'],
  ['维持 奖惩12 有录音', 'reject 奖惩12 “有录音”'],
  ['改为 奖惩12 10元 已补联系', 'amend 奖惩12 ¥1000 “已补联系”'],
  ['奖惩12 改为 1分 第一次', 'amend 奖惩12 1p “第一次”'],
  ['怎么申诉', 'how'],
  // A payslip's, and other features'.
  ['申诉工资 少算一单', 'month'],
  ['申诉 10月工资', 'unsure missing'],
  ['我的积分', 'month'],
  ['撤销请假', 'leave'],
  ['批准 假12', 'leave'],
  ['撤回', 'undo'],
]

describe('incidents, in words', () => {
  it.each(cases.map(([said, understood]) => ({ said, understood })))('$said → $understood', ({ said, understood }) => {
    expect(told(hear(said))).toBe(understood)
  })

  it('belong to the card that is quoted', () => {
    const quote = '奖惩12 · 张三\n未穿鞋套'
    expect(told(hear('确认', { quote }))).toBe('confirm 奖惩12')
    expect(told(hear('撤销 记错了', { quote }))).toBe('drop 奖惩12 “记错了”')
    expect(told(hear('申诉 我穿了', { quote }))).toBe('appeal 奖惩12 “我穿了”')
    expect(told(hear('改为 10元 第一次', { quote }))).toBe('amend 奖惩12 ¥1000 “第一次”')
    expect(told(hear('确认', { quote: card }))).toBe('confirm')
  })

  it('are left alone in a group where nobody spoke to the bot', () => {
    for (const said of ['扣分 张三 2分 迟到', '奖惩', '申诉 12 不对', '确认 奖惩12'])
      expect(told(hear(said, { direct: false }))).toBe('chatter')
  })
})

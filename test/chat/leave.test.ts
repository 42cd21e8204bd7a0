import { describe, expect, it } from 'vitest'
import type { LeaveWish, SaidDays } from '../../src/chat/intent.ts'
import { hear } from './told.ts'

const types = [
  { name: '事假', words: ['有事', '私事'] },
  { name: '病假', words: ['生病', '发烧', '看病', '医院'] },
  { name: '年假', words: [] },
  { name: '调休', words: ['补休'] },
  { name: '农忙假', words: ['农忙'] },
  { name: '丧假', words: ['奔丧'] },
]

const clock = (minute: number): string =>
  minute === 0 ? '' : ` ${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
const days = ({ from, to }: SaidDays): string =>
  `${from.day.slice(5)}${clock(from.minute)}..${to ? `${to.day === from.day ? '' : to.day.slice(5)}${to.minute === 1440 ? '' : clock(to.minute)}` : '?'}`

type AnyWish = Omit<Partial<Extract<LeaveWish, { do: 'ask' }>>, 'do'> & {
  do: LeaveWish['do']
  code?: string
  ordinary?: true
  note?: string
}

/** `ask 病假 11-26.. “发烧”`: Wednesday, 25 November, ten o'clock. */
function read(text: string): string {
  const found = hear(text, { leaveTypes: types })
  if (found.kind === 'unsure') return `unsure ${found.why}`
  if (found.kind !== 'wish' || found.wish.about !== 'leave') return found.kind === 'wish' ? found.wish.about : 'chatter'
  const wish: AnyWish = found.wish.wish
  const { length, when, reason, note } = wish
  return [
    ...[wish.do, wish.code, wish.who, wish.type, when && days(when)],
    length && ('days' in length ? `${length.days}d` : `${length.hours}h`),
    ...[wish.came && 'came', wish.ordinary && 'ordinary'],
    (reason ?? note) && `“${reason ?? note}”`,
  ]
    .filter(Boolean)
    .join(' ')
}

const cases: ReadonlyArray<readonly [said: string, means: string]> = [
  ['请假 明天下午半天 家里有事', 'ask 事假 11-26 12:00.. “家里有事”'],
  ['请假 11月25号到27号 农忙', 'ask 农忙假 11-25..11-27 “农忙”'],
  ['明天请假', 'ask 11-26..'],
  ['请假 明天 火车票买好了，请领导批准', 'ask 11-26.. “火车票买好了”'],
  ['经理您好，我想请两天假，家里装修', 'ask 2d “家里装修”'],
  ['请病假 今天 发烧', 'ask 病假 11-25.. “发烧”'],
  ['代请 李四 今天病假 急性阑尾炎', 'ask 李四 病假 11-25.. “急性阑尾炎”'],
  ['替李四请假 今天 突发疾病', 'ask 李四 11-25.. “突发疾病”'],
  ['请假', 'ask'],
  ['请假 明天起三天 回老家', 'ask 11-26..? 3d “回老家”'],
  ['请假2小时 今天下午3点 接孩子', 'ask 11-25 15:00..? 2h “接孩子”'],
  ['请假 明天10点到12点 办证', 'ask 11-26 10:00.. 12:00 “办证”'],
  ['明天请半天假', 'unsure time'],
  ['后天休息一天可以吗', 'ask 11-27..? 1d'],
  ['年假 12月1日到3日', 'ask 年假 12-01..12-03'],
  ['调休 周五', 'ask 调休 11-27..'],
  ['想请个假，后天上午去医院', 'ask 病假 11-27.. 12:00 “去医院”'],
  // Somebody else's illness is no sick leave.
  ['请假 今天 我已经来上班了 孩子发烧', 'ask 11-25.. came “孩子发烧”'],
  ['请假 明天和后天 有事', 'ask 事假 11-26..11-27 “有事”'],
  ['请假 26、27号', 'ask 11-26..11-27'],
  ['请假 下周一到下周三 看病', 'ask 病假 11-30..12-02 “看病”'],
  ['明天去不了，请假一天', 'ask 11-26..? 1d “去不了”'],
  ['请假 2026年12月30日到2027年1月3日 回家', 'ask 12-30..01-03 “回家”'],
  ['请假一周 下周一开始', 'ask 11-30..? 7d'],
  ['请丧假 明天三天', 'ask 丧假 11-26..? 3d'],
  ['请假 昨天', 'unsure time'],
  ['请假 11月27到11月25', 'unsure time'],
  ['不请假了', 'unsure negation'],
  ['怎么请假', 'how'],
  ['我的假', 'mine'],
  ['查看我的请假记录', 'mine'],
  ['今天谁休息', 'who 11-25..'],
  ['明天谁请假', 'who 11-26..'],
  ['待批', 'pending'],
  ['批准 假12', 'approve 假12'],
  ['批准 3', 'approve 假3'],
  ['准假', 'approve'],
  ['批准 假1 已到岗', 'approve 假1 ordinary'],
  ['同意假12', 'take 假12'],
  ['驳回 假12 人手不够', 'reject 假12 “人手不够”'],
  ['驳回 人手不够', 'reject “人手不够”'],
  ['假12 批准', 'approve 假12'],
  ['假12', 'show 假12'],
  ['不同意 假12 那天也有事', 'refuse 假12 “那天也有事”'],
  ['改期 假12 后天', 'propose 假12 11-27..'],
  ['撤回 假3', 'withdraw 假3'],
  ['撤销请假', 'cancel'],
  ['撤销假3', 'cancel 假3'],
  ['续假 2天 孩子还没好', 'extend 2d “孩子还没好”'],
  ['续假 假3 到周五', 'extend 假3 11-27..'],
  ['销假', 'return'],
  ['提前销假 假3', 'return 假3'],
  ['明天回来上班', 'return 11-26..'],
  ['证明 假1', 'proof 假1'],
  // About something or somebody else.
  ['客户请假在家 明天去', 'chatter'],
  ['张三请假了吗', 'chatter'],
  ['1024 已联系 客户请假在家 明天上午去', 'order'],
  ['改期 1024 后天', 'order'],
  ['撤回', 'undo'],
]

describe('sentences about leave', () => {
  it.each(cases)('%s', (said, means) => {
    expect(read(said)).toBe(means)
  })

  it('are about the request whose card they quote', () => {
    const quote = '请假 · 一班\n请假 假7 · 张三\n事假 1 天'
    const heard = (text: string) => hear(text, { leaveTypes: types, quote })
    expect(heard('批准')).toEqual({ kind: 'wish', wish: { about: 'leave', wish: { do: 'approve', code: '假7' } } })
    const refused = { do: 'reject', code: '假7', reason: '明天太忙' }
    expect(heard('驳回 明天太忙')).toEqual({ kind: 'wish', wish: { about: 'leave', wish: refused } })
    expect(heard('批准 假8')).toMatchObject({ wish: { wish: { code: '假8' } } })
  })

  it('are none of ours in a group where nobody speaks to the service', () => {
    expect(hear('请假 明天', { leaveTypes: types, direct: false })).toEqual({ kind: 'chatter' })
  })
})

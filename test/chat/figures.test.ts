import { describe, expect, it } from 'vitest'
import type { Wish } from '../../src/chat/intent.ts'
import { hear } from './told.ts'

const figures = [
  { name: '毛利', words: ['毛利润'], unit: '元' },
  { name: '级别工资', words: [], unit: '元' },
]

const figure = (wish: Extract<Wish, { about: 'figure' }>['wish']): Wish => ({ about: 'figure', wish })
const enter = (words: string, month?: string, of: 'figure' | 'mark' = 'figure') =>
  figure({ do: 'enter', of, words, ...(month && { month }) })

/** Said by a manager on Wednesday, 2026-11-25. */
const cases: ReadonlyArray<readonly [said: string, wish: Wish | null]> = [
  ['毛利 10月 52300.50', enter('毛利 52300.50', '2026-10')],
  ['毛利润10月份5.23万', enter('毛利润 5.23万', '2026-10')],
  ['张三 级别工资 660', enter('张三 级别工资 660')],
  ['填数 毛利 -1200', enter('毛利 -1200')],
  ['填数：上个月毛利 52300.5', enter('毛利 52300.5', '2026-10')],
  ['填数 12月 毛利 5', enter('毛利 5', '2025-12')],
  ['填数', figure({ do: 'list' })],
  ['填数 10月', figure({ do: 'list', month: '2026-10' })],
  ['打分 张三 工作态度 上级 9', enter('张三 工作态度 上级 9', undefined, 'mark')],
  ['打分 张三 工作态度 9 十月', enter('张三 工作态度 9', '2026-10', 'mark')],
  ['撤销填数 毛利 10月', figure({ do: 'takeBack', of: 'figure', words: '毛利', month: '2026-10' })],
  ['撤销打分 张三 工作态度', figure({ do: 'takeBack', of: 'mark', words: '张三 工作态度' })],
  // No number, a question, or more than a figure and its value.
  ['毛利', null],
  ['毛利 10月多少', null],
  ['毛利 1024 那单算了吗', null],
  ['毛利 5 改到明天', null],
  ['打分表在哪', null],
  ['岗位', { about: 'post', wish: {} }],
  ['岗位 张三', { about: 'post', wish: { who: '张三' } }],
  ['岗位 张三 维修工', { about: 'post', wish: { who: '张三', post: '维修工' } }],
  ['张三 岗位 维修工', { about: 'post', wish: { who: '张三', post: '维修工' } }],
  ['岗位：张三改为维修工', { about: 'post', wish: { who: '张三', post: '维修工' } }],
  ['岗位 孙六 维修工', { about: 'post', wish: { who: '孙六', post: '维修工' } }],
  ['岗位职责是什么', null],
]

describe('the numbers of a month and posts', () => {
  for (const [said, wish] of cases)
    it(said, () => {
      const heard = hear(said, { figures })
      if (wish) expect(heard).toEqual({ kind: 'wish', wish })
      else expect(heard.kind === 'wish' && /figure|post/.test(heard.wish.about)).toBe(false)
    })

  it('need their verb where nobody may enter them', () => expect(hear('毛利 52300')).toEqual({ kind: 'chatter' }))
})

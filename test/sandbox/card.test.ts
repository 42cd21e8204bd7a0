import { describe, expect, it } from 'vitest'
import { type CardContext, readCard } from '../../src/sandbox/wecom/card.ts'
import { Refused } from '../../src/sandbox/wecom/errcode.ts'
import { jobCard } from './world.ts'

const context: CardContext = { sender: 'app', nameOf: userId => (userId === 'zhangsan' ? '张三' : undefined) }
const codeOf = (raw: unknown, how: CardContext = context) => {
  try {
    readCard(raw, how)
    return 0
  } catch (error) {
    if (error instanceof Refused) return error.errcode
    throw error
  }
}
const button = (key: string) => ({ text: '接单', key })
const row = { keyname: '客户', value: '李女士' }
const option = (id: string) => ({ id, text: `选项${id}` })
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const notice = (more: Record<string, unknown> = {}) => ({
  card_type: 'text_notice',
  main_title: { title: '本月积分' },
  card_action: { type: 1, url: 'https://bot.example.com/' },
  ...more,
})
const news = (more: Record<string, unknown> = {}) => ({
  ...notice(more),
  card_type: 'news_notice',
  card_image: { url: 'https://bot.example.com/a.png', ...(more.card_image as object) },
})
const vote = (more: Record<string, unknown> = {}) => ({
  card_type: 'vote_interaction',
  main_title: { title: '投票' },
  task_id: 't1',
  checkbox: { question_key: 'q', option_list: [option('a')] },
  submit_button: { text: '提交', key: 's' },
  ...more,
})
const multiple = (more: Record<string, unknown> = {}) => ({
  card_type: 'multiple_interaction',
  main_title: { title: '多选' },
  task_id: 't1',
  select_list: [{ question_key: 'q', option_list: [option('a')] }],
  submit_button: { text: '提交', key: 's' },
  ...more,
})
const selection = (more: Record<string, unknown>) =>
  jobCard('t1', { button_selection: { question_key: 'q', option_list: [option('a')], ...more } })

describe('what WeCom accepts of a template card', () => {
  it.each([
    ['the dispatch card', jobCard('WO-20260115-0042@zhang3_1')],
    ['six rows', jobCard('t1', { horizontal_content_list: many(6, () => row) })],
    ['six buttons', jobCard('t1', { button_list: many(6, index => button(`k${index}`)) })],
    ['a task id of 128 bytes', jobCard('a'.repeat(128))],
    ['ten options', selection({ option_list: many(10, index => option(String(index))) })],
    ['a notice', notice()],
    ['a notice with only a sub title', notice({ main_title: {}, sub_title_text: '说明' })],
    ['three jumps', notice({ jump_list: many(3, () => ({ type: 1, title: '看', url: 'https://a.example' })) })],
    ['news', news()],
    [
      'a vote with twenty options',
      vote({ checkbox: { question_key: 'q', option_list: many(20, i => option(String(i))) } }),
    ],
    ['a multiple choice', multiple()],
  ])('%s', (_name, raw) => {
    expect(codeOf(raw)).toBe(0)
  })
})

describe('what WeCom refuses of a template card', () => {
  it.each<[string, number, unknown]>([
    ['unknown type', 42031, jobCard('t1', { card_type: 'card' })],
    ['wrong JSON type', 40058, jobCard('t1', { main_title: '派工单' })],
    ['not an object', 40058, 'card'],
    ['no task id', 42014, jobCard('')],
    ['task id with a forbidden character', 42014, jobCard('单1024')],
    ['task id of 129 bytes', 42014, jobCard('a'.repeat(129))],
    ['no title', 41016, jobCard('t1', { main_title: { desc: '说明' } })],
    ['seven rows', 42035, jobCard('t1', { horizontal_content_list: many(7, () => row) })],
    ['row without label', 42027, jobCard('t1', { horizontal_content_list: [{ value: 'x' }] })],
    ['link row without url', 42028, jobCard('t1', { horizontal_content_list: [{ ...row, type: 1 }] })],
    ['file row without media', 42029, jobCard('t1', { horizontal_content_list: [{ ...row, type: 2 }] })],
    ['member row without userid', 42050, jobCard('t1', { horizontal_content_list: [{ ...row, type: 3 }] })],
    ['row of unknown type', 40058, jobCard('t1', { horizontal_content_list: [{ ...row, type: 9 }] })],
    ['no buttons', 40058, jobCard('t1', { button_list: [] })],
    ['seven buttons', 40058, jobCard('t1', { button_list: many(7, index => button(`k${index}`)) })],
    ['button without text', 42038, jobCard('t1', { button_list: [{ key: 'k' }] })],
    ['button without key', 42039, jobCard('t1', { button_list: [{ text: '接单' }] })],
    ['button key over 1024 bytes', 42039, jobCard('t1', { button_list: [button('k'.repeat(1025))] })],
    ['two buttons with one key', 42039, jobCard('t1', { button_list: [button('k'), button('k')] })],
    ['link button without url', 42028, jobCard('t1', { button_list: [{ type: 1, text: '看' }] })],
    ['style 5', 40058, jobCard('t1', { button_list: [{ ...button('k'), style: 5 }] })],
    ['bad card action', 42045, jobCard('t1', { card_action: { type: 1 } })],
    ['eleven options', 42037, selection({ option_list: many(11, index => option(String(index))) })],
    ['no question key', 42043, selection({ question_key: '' })],
    ['option without id', 42040, selection({ option_list: [{ text: 'x' }] })],
    ['option without text', 42041, selection({ option_list: [{ id: 'x' }] })],
    [
      'menu keys collide',
      42051,
      jobCard('t1', {
        action_menu: {
          action_list: [
            { text: 'a', key: 'k' },
            { text: 'b', key: 'k' },
          ],
        },
      }),
    ],
    [
      'four menu actions',
      40058,
      jobCard('t1', { action_menu: { action_list: many(4, i => ({ text: 'a', key: `${i}` })) } }),
    ],
    ['notice without action', 42045, notice({ card_action: undefined })],
    ['notice with a dead action', 42045, notice({ card_action: { type: 0 } })],
    ['notice with neither title', 41016, notice({ main_title: {} })],
    ['notice with menu but no task id', 42014, notice({ action_menu: { action_list: [{ text: 'a', key: 'k' }] } })],
    ['four jumps', 42042, notice({ jump_list: many(4, () => ({ title: '看' })) })],
    ['jump without title', 42033, notice({ jump_list: [{ type: 0 }] })],
    ['jump to a mini program without appid', 42030, notice({ jump_list: [{ type: 2, title: '看' }] })],
    ['news without picture', 42044, { ...notice(), card_type: 'news_notice' }],
    ['news with empty picture url', 42044, news({ card_image: { url: '' } })],
    ['picture too wide', 40058, news({ card_image: { aspect_ratio: 2.3 } })],
    ['five verticals', 42036, news({ vertical_content_list: many(5, () => ({ title: 'a' })) })],
    [
      'vote with 21 options',
      42037,
      vote({ checkbox: { question_key: 'q', option_list: many(21, i => option(`${i}`)) } }),
    ],
    ['vote without submit key', 42046, vote({ submit_button: { text: '提交' } })],
    ['vote without submit text', 42049, vote({ submit_button: { key: 's' } })],
    [
      'four lists',
      42047,
      multiple({ select_list: many(4, i => ({ question_key: `${i}`, option_list: [option('a')] })) }),
    ],
    [
      'lists with one key',
      42043,
      multiple({ select_list: many(2, () => ({ question_key: 'q', option_list: [option('a')] })) }),
    ],
  ])('%s → %i', (_name, code, raw) => {
    expect(codeOf(raw)).toBe(code)
  })

  it('refuses buttons from a webhook robot, attachments and question jumps by sender', () => {
    expect(codeOf(jobCard('t1'), { ...context, sender: 'robot' })).toBe(42031)
    const file = jobCard('t1', { horizontal_content_list: [{ ...row, type: 2, media_id: 'm' }] })
    expect([codeOf(file), codeOf(file, { ...context, sender: 'bot' })]).toEqual([0, 40058])
    const ask = notice({ jump_list: [{ type: 3, title: '问', question: '我的单' }] })
    expect([codeOf(ask), codeOf(ask, { ...context, sender: 'bot' })]).toEqual([40058, 0])
  })
})

describe('what the phone draws', () => {
  it('draws the dispatch card', () => {
    const { card, taskId, callsBack, notes } = readCard(jobCard('t1'), context)
    expect({ taskId, callsBack, notes }).toEqual({ taskId: 't1', callsBack: true, notes: [] })
    expect(card).toEqual({
      type: 'button_interaction',
      source: { desc: '派工 · 一班', color: 1 },
      title: '派工单 1024',
      desc: '请在 10:30 前接单',
      subTitle: '空调不制冷',
      rows: [
        { label: '客户', value: '李女士' },
        { label: '电话', value: '拨打', url: 'tel:13800000009' },
      ],
      buttons: [
        { text: '接单', style: 1, key: 'accept:1024:1' },
        { text: '拒单', style: 2, key: 'refuse:1024:1' },
      ],
    })
  })

  it('cuts what is too long, by code points, and says so', () => {
    const { card, notes } = readCard(jobCard('t1', { main_title: { title: '😀'.repeat(37) } }), context)
    expect(card.title).toBe(`${'😀'.repeat(35)}…`)
    expect(notes).toEqual(['main_title.title has 37 characters, the client shows 36'])
    const narrow = readCard(jobCard('t1', { main_title: { title: '字'.repeat(27) } }), { ...context, sender: 'bot' })
    expect(narrow.notes).toEqual(['main_title.title has 27 characters, the client shows 26'])
  })

  it('shows members by name, options with the chosen one, and a dead button', () => {
    const raw = selection({ title: '原因', option_list: [option('a'), option('b')], selected_id: 'b' })
    const { card } = readCard(
      { ...raw, replace_text: '已接单', horizontal_content_list: [{ keyname: '师傅', type: 3, userid: 'zhangsan' }] },
      context,
    )
    expect(card.rows).toEqual([{ label: '师傅', value: '张三' }])
    expect(card.selection).toEqual({
      key: 'q',
      title: '原因',
      options: [
        { id: 'a', text: '选项a' },
        { id: 'b', text: '选项b' },
      ],
      selected: 'b',
    })
    expect(card.replaceText).toBe('已接单')
  })

  it('needs no task id in an update', () => {
    expect(codeOf(jobCard(''), { ...context, update: true })).toBe(0)
  })
})

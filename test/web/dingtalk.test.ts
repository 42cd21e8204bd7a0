import { describe, expect, it } from 'vitest'
import type { SandboxDingCard } from '../../src/sandbox/wire.ts'
import { dingCardFor, liveButtons, wideButtons } from '../../src/web/sandbox/cards.ts'
import {
  addedMentions,
  chatsOf,
  lastCode,
  liveliestGroup,
  nameOf,
  preview,
  seatsOf,
  shownIn,
  wordsOf,
} from '../../src/web/sandbox/seen.ts'
import { message, people, state } from './screens.ts'

describe('a person who uses DingTalk', () => {
  const dingCard: SandboxDingCard = {
    look: 'own-template',
    title: '派工单 1001',
    tag: '维修',
    figure: '还剩 30 分',
    markdown: '**客户** 王女士  \n**故障** 漏水',
    tips: '请在 14:00 前接单',
    buttons: [
      { id: 'accept', text: '接单', color: 'blue', request: true },
      { id: 'open', text: '看经过', color: '', request: false, url: '/m/1' },
    ],
  }
  const ding = (card: SandboxDingCard, own: Record<string, SandboxDingCard> = {}) =>
    message({
      chat: 'ding:zhang3',
      body: { kind: 'dingcard', outTrackId: 'o', card, forViewer: own, mentions: ['张三'] },
    })
  const both = state({
    people: people.map(each => (each.userId === 'zhang3' ? { ...each, uses: 'dingtalk' } : each)),
    chats: [
      ...state().chats,
      { id: 'g2', platform: 'dingtalk', kind: 'group', title: '群', members: ['zhao', 'zhang3', 'wang'], unread: {} },
      { id: 'ding:zhang3', platform: 'dingtalk', kind: 'robot', title: '派工助手', members: ['zhang3'], unread: {} },
    ],
  })

  it('sees the chats of that app, and how much waits in the other', () => {
    expect(chatsOf(both, 'zhang3').map(chat => chat.id)).toEqual(['ding:zhang3', 'g2'])
    expect(chatsOf(both, 'zhang3', 'wecom').map(chat => chat.kind)).toEqual(['app', 'bot', 'group'])
    const seat = seatsOf(both)[1]
    expect([seat?.app, seat?.elsewhere]).toEqual(['dingtalk', 6])
    expect(seatsOf(both)[0]?.elsewhere).toBe(0)
  })

  it('speaks in his own group only', () => {
    expect(liveliestGroup(both)?.id).toBe('g1')
    const names = (open?: string) => seatsOf(both, 'wang', open)[2]?.speakers.map(each => each.name)
    expect(names()).toEqual(['赵派工', '王经理'])
    expect(names('g2')).toEqual(['张三'])
    expect(seatsOf(both, 'wang', 'g2')[2]).toMatchObject({ app: 'dingtalk', person: { name: '张三' } })
    const nobody = seatsOf({ ...both, people: people.slice(0, 1) }, undefined, 'g2')[1]
    expect([nobody?.speakers.length, nobody?.person.name]).toEqual([0, '赵派工'])
  })

  it('is known by either id', () => {
    expect([nameOf(people, 'zhang3_dd'), nameOf(people, 'zhang3')]).toEqual(['张三', '张三'])
  })

  it('reads every word of a card', () => {
    expect(wordsOf(ding(dingCard), 'zhang3').split('\n')).toEqual([
      '派工单 1001',
      '维修',
      '还剩 30 分',
      '客户 王女士',
      '故障 漏水',
      '请在 14:00 前接单',
      '接单',
      '看经过',
    ])
    expect(preview(ding(dingCard), 'zhang3')).toBe('[卡片] 派工单 1001')
    expect(wordsOf(ding({ ...dingCard, look: 'action-card' }), 'zhang3')).not.toContain('1001')
  })

  it('sees a card as it was redrawn for him, dead when closed', () => {
    const own = ding(dingCard, { zhang3: { ...dingCard, title: '手慢了', closed: '李四已接单' } })
    expect(dingCardFor(own, 'zhang3')?.title).toBe('手慢了')
    expect(wordsOf(own, 'zhang3')).toMatch(/李四已接单$/)
    expect([liveButtons(own, 'zhang3'), liveButtons(own, 'wang')]).toEqual([[], [{ key: 'accept', text: '接单' }]])
    expect(liveButtons({ ...own, recalled: true }, 'wang')).toEqual([])
  })

  it('misses a recalled message without a trace, unlike in WeCom', () => {
    const gone = (chat: string) => message({ chat, recalled: true })
    const seen = (id: string) =>
      both.chats.flatMap(chat => (chat.id === id ? shownIn(chat, [gone(id), gone('x')]) : []))
    expect([seen('ding:zhang3').length, seen('app:zhang3').length]).toEqual([0, 1])
  })

  it('is called below a card and behind markdown whose words do not name him', () => {
    const group = both.chats.find(chat => chat.id === 'g2')
    if (!group) throw new Error('no group')
    const post = (text: string) => message({ body: { kind: 'markdown', text, mentions: ['zhang3_dd'] } })
    expect(addedMentions(ding(dingCard), group, people)).toBe('@张三')
    expect(addedMentions(post('看这里'), group, people)).toBe('@张三')
    expect(addedMentions(post('@zhang3_dd 看这里'), group, people)).toBe('')
  })

  it('hears and says by voice', () => {
    expect(wordsOf(message({ body: { kind: 'voice', seconds: 3, text: '到达' } }), 'zhang3')).toBe('[语音] 到达')
    expect(wordsOf(message({ body: { kind: 'voice', seconds: 3, text: '' } }), 'zhang3')).toBe('[语音]')
  })

  it('finds the code in bold', () => {
    const said = message({ chat: 'ding:zhang3', body: { kind: 'markdown', text: '**1007** 王女士' } })
    expect(lastCode([said], 'ding:zhang3', 'zhang3')).toBe('1007')
  })
})

describe('buttons', () => {
  it.each([
    [
      ['接单', '拒单'],
      [false, false],
    ],
    [['接单'], [true]],
    [
      ['接单', '拒单', '转派'],
      [true, false, false],
    ],
    [
      ['接单', '拒单', '查看全部经过'],
      [true, true, true],
    ],
    [
      ['接单', '拒单', '转派', '查看全部经过'],
      [true, false, false, true],
    ],
  ])('%j leave no half line empty', (texts, wide) => {
    expect(wideButtons(texts)).toEqual(wide)
  })
})

import { describe, expect, it } from 'vitest'
import type { SandboxCard, SandboxMessage } from '../../src/sandbox/wire.ts'
import { cardFor } from '../../src/web/sandbox/cards.ts'
import {
  addedMentions,
  badge,
  chatsOf,
  GROUP_SEAT,
  initials,
  keepSame,
  lastCode,
  preview,
  roleOf,
  seatsOf,
  unreadOf,
  wordsOf,
} from '../../src/web/sandbox/seen.ts'
import { card, message, people, state } from './screens.ts'

describe('who sits where', () => {
  it('orders a phone: app, bot, groups', () => {
    expect(chatsOf(state(), 'zhang3').map(chat => chat.kind)).toEqual(['app', 'bot', 'group'])
  })

  it('puts the group third, spoken in by the one chosen or the first', () => {
    expect(seatsOf(state(), undefined).map(seat => seat.key)).toEqual(['zhao', 'zhang3', GROUP_SEAT, 'wang'])
    expect(seatsOf(state(), 'wang')[2]?.person.name).toBe('王经理')
    expect(seatsOf(state(), 'gone')[2]?.person.name).toBe('赵派工')
    expect(seatsOf(state({ chats: [] }), undefined)).toHaveLength(3)
  })

  it('counts only what that person has not read', () => {
    expect(unreadOf(chatsOf(state(), 'zhang3'), 'zhang3')).toBe(6)
    expect(badge(99)).toBe('99')
    expect(badge(100)).toBe('99+')
  })

  it('reads roles from titles', () => {
    expect(people.map(roleOf)).toEqual(['dispatcher', 'technician', 'manager'])
  })

  it('draws the last two characters of a name', () => {
    expect(initials('欧阳建国')).toBe('建国')
    expect(initials('张三')).toBe('张三')
    expect(initials(' ')).toBe('?')
  })
})

describe('what is read', () => {
  it('shows each viewer his own card and a dead button instead of live ones', () => {
    const own: SandboxCard = { ...card, title: '等师傅来抢', replaceText: '已抢' }
    const both = message({ body: { kind: 'card', taskId: 't', card, forViewer: { wang: own } } })
    expect(cardFor(both, 'wang')?.title).toBe('等师傅来抢')
    expect(wordsOf(both, 'wang')).toBe('等师傅来抢\n客户 王女士\n已抢')
    expect(wordsOf(both, 'zhang3')).toContain('接单')
  })

  it('hides what was recalled', () => {
    const gone = message({ recalled: true })
    expect(cardFor(gone, 'zhang3')).toBeUndefined()
    expect(wordsOf(gone, 'zhang3')).toBe('已撤回')
  })

  it('quotes in one short line', () => {
    expect(preview(message(), 'zhang3')).toBe('[卡片] 【派工单】')
    const long = message({ body: { kind: 'text', text: `第一行\n${'长'.repeat(60)}`, mentions: [] } })
    expect([...preview(long, 'zhang3')]).toHaveLength(41)
    expect(preview(long, 'zhang3')).not.toContain('\n')
  })
})

describe('keepSame', () => {
  it('keeps objects that did not change and takes those that did', () => {
    const before = state()
    const fresh = structuredClone(before)
    const after = keepSame(before, { ...fresh, messages: [...fresh.messages, message({ id: 'm2' })] })
    expect(after.messages[0]).toBe(before.messages[0])
    expect(after.people).toBe(before.people)
    expect(after.chats[0]).toBe(before.chats[0])
    const repainted = keepSame(before, { ...fresh, messages: [message({ changedAt: '2026-11-23T06:04:00.000Z' })] })
    expect(repainted.messages[0]).not.toBe(before.messages[0])
    expect(repainted.messages[0]?.changedAt).toBeDefined()
  })
})

describe('mentions a text does not name', () => {
  const said = (mentions: string[], chat: string) =>
    message({ chat, body: { kind: 'text', text: '@张三 到了吗', mentions } })
  const chat = (id: string) => state().chats.find(each => each.id === id) ?? state().chats[0]
  const added = (mentions: string[], where: string) => {
    const place = chat(where)
    return place && addedMentions(said(mentions, where), place, people)
  }

  it('are added in a group', () => {
    expect(added(['zhang3', 'wang', '@all'], 'g1')).toBe('@王经理 @所有人')
    expect(added(['zhang3'], 'g1')).toBe('')
  })

  it('are not added where two talk, and not to a card', () => {
    expect(added(['wang'], 'app:zhang3')).toBe('')
    const group = state().chats[0]
    expect(group && addedMentions(message({ chat: 'g1' }), group, people)).toBe('')
  })
})

describe('the order that was spoken of last', () => {
  const text = (words: string, over: Partial<SandboxMessage> = {}) =>
    message({ body: { kind: 'text', text: words, mentions: [] }, ...over })
  const last = (...messages: SandboxMessage[]) => lastCode(messages, 'app:zhang3', 'zhang3')

  it('is the newest code the service named in this chat', () => {
    expect(last(text('🔔 1001 张三 已接单'), text('✅ 1002 已派单'))).toBe('1002')
    expect(last(text('🔔 1001 张三 已接单'), text('✅ 1002 已派单', { chat: 'g1' }))).toBe('1001')
    expect(last(text('派 1003', { from: { kind: 'person', userId: 'zhang3' } }))).toBeUndefined()
    expect(last(text('班组今天有 1 单：\n1004 王女士 · 不制冷'))).toBe('1004')
  })

  it('is no masked phone, no flat and no hour', () => {
    expect(last(text('王女士 138****1234 · 花园路5号楼2单元1801 · 今天 10:00'))).toBeUndefined()
    expect(last(text('王女士 13800001234'))).toBeUndefined()
  })
})

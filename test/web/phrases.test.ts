import { describe, expect, it } from 'vitest'
import { understand } from '../../src/chat/understand.ts'
import { emptyWords, phrasesFor } from '../../src/web/sandbox/phrases.ts'
import type { Role } from '../../src/web/sandbox/seen.ts'

const hear = (text: string) =>
  understand({
    ...{ text, direct: true, now: new Date('2026-11-25T10:00:00+08:00'), zone: 'Asia/Shanghai' },
    ...{ names: ['张三', '李四'], isCode: digits => digits === '1024' || digits === '1001', botNames: ['派工助手'] },
  })

const about = (role: Role, code?: string): string[] =>
  phrasesFor(role, code).map(({ text }) => {
    const understood = hear(text)
    if (understood.kind !== 'wish') return `${text} → ${understood.kind}`
    const { wish } = understood
    return wish.about === 'order' ? `${wish.wish.do} ${wish.code ?? ''}`.trim() : wish.about
  })

describe('the words above the composer', () => {
  it('are words the service knows, the technician’s without a code', () => {
    expect(about('technician')).toEqual([
      ...['accept', 'contacted', 'depart', 'arrive', 'complete', 'list', 'whyLate', 'leave', 'leave', 'undo', 'help'],
    ])
  })

  it('name the order that was spoken of last where the desk must name one', () => {
    expect(about('dispatcher', '1024')).toEqual([
      ...['newOrder', 'list', 'list', 'leave', 'assign 1024', 'urge 1024', 'bindCode'],
    ])
    expect(phrasesFor('dispatcher').find(({ label }) => label === '加急…')?.text).toBe('加急 1001')
  })

  it('are few for a manager', () => {
    expect(about('manager')).toEqual(['list', 'list', 'leave', 'list', 'list', 'help'])
  })

  it('are sent at once only when nothing in them is an example', () => {
    const examples = (['technician', 'dispatcher', 'manager'] as const)
      .flatMap(role => phrasesFor(role))
      .filter(({ label }) => label.endsWith('…'))
    expect(examples.map(({ fill }) => fill)).toEqual([true, true, true, true])
  })
})

describe('an empty chat', () => {
  it('says what to do next', () => {
    expect(emptyWords('app', 'dispatcher')).toContain('演一遍')
    expect(emptyWords('app', 'technician')).toContain('赵派工')
    expect(emptyWords('group', 'technician')).toContain('今日')
  })
})

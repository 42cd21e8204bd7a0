import { Solar } from 'lunar-typescript'
import { DateTime } from 'luxon'
import { describe, expect, it, vi } from 'vitest'
import { understand } from '../../src/chat/understand.ts'
import { defaultDayParts, when } from '../../src/chat/when.ts'
import { wednesday, whenWords, zone } from './told.ts'
import { elsewhen, onWednesday } from './when.cases.ts'

const read = (said: string, now: string) => when(said, { now: new Date(now), zone })

describe('times said on a Wednesday at 10:00', () => {
  it.each(onWednesday.map(([said, words]) => ({ said, words })))('$said → $words', ({ said, words }) => {
    expect(whenWords(read(said, wednesday))).toBe(words)
  })
})

describe('times said at other times', () => {
  it.each(elsewhen.map(([now, said, words]) => ({ now, said, words })))(
    '$said at $now → $words',
    ({ now, said, words }) => {
      expect(whenWords(read(said, now))).toBe(words)
    },
  )
})

describe('where and what', () => {
  it('gives the place and the original words', () => {
    const found = read('已联系　明天上午１０点到', wednesday)
    expect(found).toMatchObject({ kind: 'span', start: 4, end: 11, span: { words: '明天上午１０点' } })
  })

  it('takes the parts of day from the policy', () => {
    const dayParts = { ...defaultDayParts, 下午: [840, 1020] as const }
    const found = when('明天下午', { now: new Date(wednesday), zone, dayParts })
    expect(whenWords(found)).toBe('11-26 14:00~11-26 17:00?')
  })

  it('knows the year of what rolls', () => {
    const found = read('1月3日', wednesday)
    expect(found.kind === 'span' && found.span.from.toISOString()).toBe('2027-01-03T00:00:00.000Z')
  })

  it('reads lunar days of 2027 as the almanac has them', () => {
    expect(whenWords(read('八月十五', '2027-08-01T10:00:00+08:00'))).not.toBe('none')
    expect(whenWords(read('农历八月十五', '2027-08-01T10:00:00+08:00'))).toBe('09-15 08:00~09-15 18:00?')
  })

  it('finds each lunar day of the almanac, going on by months', () => {
    const from = '2026-11-25T10:00:00+08:00'
    for (let days = 1; days < 354; days++) {
      const at = new Date(Date.parse(from) + days * 86_400_000)
      const there = Solar.fromYmd(at.getFullYear(), at.getMonth() + 1, at.getDate()).getLunar()
      const said = `农历${there.getMonthInChinese()}月${there.getDayInChinese()}`
      const found = read(said.replace('廿十', '二十'), from)
      const day = found.kind === 'span' ? DateTime.fromJSDate(found.span.from, { zone }).toFormat('yyyy-MM-dd') : said
      expect(`${said} ${day}`).toBe(`${said} ${DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd')}`)
    }
  })

  it('asks the almanac once for a day, however many lunar days a message names', () => {
    const asked = vi.spyOn(Solar, 'fromYmd')
    const months = [...'正二三四五六七八九十冬腊']
    const named = months.flatMap(month => ['初五', '十五', '二十', '廿六', '三十'].map(day => `${month}月${day}`))
    // A day nobody asked about before.
    const now = new Date('2028-06-01T02:00:00Z')
    const hearing = { direct: true, now, zone, names: [], isCode: () => true, botNames: [] }
    understand({ ...hearing, text: `1024 已联系 ${named.join('或')}都行` })
    const times = asked.mock.calls.length
    asked.mockRestore()
    expect(times).toBeGreaterThan(0)
    expect(times).toBeLessThan(150)
  })
})

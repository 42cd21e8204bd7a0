import { describe, expect, it } from 'vitest'
import { laterExample, sayDuration, sayLeft, saySpan, sayTime, startOfDay } from '../../src/orders/timewords.ts'
import { span, t, zone } from './journal.ts'

const now = t('25 10:00')
const minute = 60_000

describe('times as people say them', () => {
  it.each([
    ['25 14:00', '今天 14:00'],
    ['25 00:00', '今天 00:00'],
    ['24 23:59', '昨天 23:59'],
    ['26 09:12', '明天 09:12'],
    ['27 09:12', '后天 09:12'],
    ['23 09:12', '前天 09:12'],
    ['28 09:12', '11月28日周六 09:12'],
    ['2026-12-01 09:12', '12月1日周二 09:12'],
    ['2027-01-03 08:00', '2027年1月3日周日 08:00'],
    ['25 14:00:59', '今天 14:00'],
  ])('%s', (at, words) => {
    expect(sayTime(t(at), now, zone)).toBe(words)
  })

  it.each([
    ['25 00:10', '18点'],
    ['25 16:59', '18点'],
    ['25 17:00', '19点'],
    ['25 19:10', '21点'],
    ['25 20:59', '22点'],
    ['25 21:00', '明天上午10点'],
  ])('at %s an example is still ahead', (at, words) => {
    expect(laterExample(t(at), zone)).toBe(words)
  })

  it('says seconds when asked, and days of the zone', () => {
    expect(sayTime(t('25 14:00:59'), now, zone, { seconds: true })).toBe('今天 14:00:59')
    expect(sayTime(t('26 00:30'), t('25 23:30'), zone)).toBe('明天 00:30')
    expect(sayTime(t('26 00:30'), t('25 23:30'), 'UTC')).toBe('今天 16:30')
  })
})

describe('spans', () => {
  it.each([
    [span('25 14:00', '25 16:00'), '今天 14:00–16:00'],
    [span('25 20:00', '26 08:00'), '今天 20:00–明天 08:00'],
    [span('25 20:00', '26 00:00'), '今天 20:00–24:00'],
    [span('26 10:00'), '明天 10:00'],
    [{ ...span('26 10:00'), exact: false }, '明天 10:00 左右'],
    [{ from: t('26 10:00'), to: t('26 11:00'), exact: false }, '明天 10:00–11:00'],
  ])('%j', (kept, words) => {
    expect(saySpan(kept, now, zone)).toBe(words)
  })
})

describe('durations', () => {
  it.each([
    [0, '0 分'],
    [59_999, '0 分'],
    [12 * minute, '12 分'],
    [235 * minute, '3 小时 55 分'],
    [24 * 60 * minute, '24 小时'],
    [47 * 60 * minute + 59 * minute, '47 小时 59 分'],
    [72 * 60 * minute, '3 天'],
    [49 * 60 * minute + 5 * minute, '2 天 1 小时 5 分'],
    [-12 * minute, '12 分'],
  ])('%i ms', (ms, words) => {
    expect(sayDuration(ms)).toBe(words)
  })

  it('has seconds when asked', () => {
    expect(sayDuration(72_500, { seconds: true })).toBe('1 分 12 秒')
    expect(sayDuration(0, { seconds: true })).toBe('0 秒')
  })
})

describe('what is left', () => {
  it.each([
    ['25 18:00', '25 14:05', '还剩 3 小时 55 分'],
    ['25 18:00', '25 14:05:40', '还剩 3 小时 55 分'],
    ['25 18:00', '25 17:59:59', '还剩 1 分'],
    ['25 18:00:30', '25 18:00:10', '还剩不到 1 分'],
    ['25 18:00', '25 18:00', '现在到期'],
    ['25 18:00', '25 18:00:01', '刚刚超时'],
    ['25 18:00', '25 18:12:30', '超时 12 分'],
    ['25 18:00', '28 18:12', '超时 3 天 12 分'],
  ])('due %s, now %s', (due, at, words) => {
    expect(sayLeft(t(due), t(at))).toBe(words)
  })
})

it('a business day begins at its own midnight', () => {
  expect(startOfDay(t('25 00:00'), zone)).toEqual(t('25 00:00'))
  expect(startOfDay(t('25 23:59:59'), zone)).toEqual(t('25 00:00'))
})

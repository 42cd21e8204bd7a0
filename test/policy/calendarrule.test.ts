import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { calendarContradictions, calendarRule } from '../../src/policy/calendarrule.ts'

const policy = z.object({ calendar: calendarRule.prefault({}) })

type Issue = z.core.$ZodIssue
/** Of a union's members, the one that read furthest into the value: as policy/load.ts tells it. */
function told(issue: Issue): Array<{ path: PropertyKey[]; message: string }> {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ path: [...issue.path, key], message: 'unknown' }))
  if (issue.code !== 'invalid_union') return [issue]
  const inner = issue.errors.flat().filter(({ path, code }) => path.length > 0 || code === 'custom')
  return inner.length === 0 ? [issue] : inner.map(({ path, message }) => ({ path: [...issue.path, ...path], message }))
}

const problems = (yaml: string): string[] => {
  const read = policy.safeParse(parse(`calendar: ${yaml}`))
  return read.success ? [] : read.error.issues.flatMap(told).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('a calendar', () => {
  it('may be missing', () => {
    expect(policy.parse({}).calendar).toEqual({
      holidays: 'none',
      makeup: 'monday',
      weekdays: {},
      own: {},
      roundTheClock: false,
    })
  })

  it('is read with every key', () => {
    const yaml = `
  holidays: china
  makeup: ["08:30-11:30"]
  weekdays: { 6: ["09:00-12:00"] }
  own:
    "2026-11-28": off
    2026-12-05: ["08:00-12:00", "20:00-24:00"]`
    expect(policy.parse(parse(`calendar:${yaml}`)).calendar).toEqual({
      holidays: 'china',
      makeup: [[510, 690]],
      weekdays: { 6: [[540, 720]] },
      own: {
        '2026-11-28': 'off',
        '2026-12-05': [
          [480, 720],
          [1200, 1440],
        ],
      },
      roundTheClock: false,
    })
    expect(policy.parse(parse('calendar: { holidays: china, makeup: monday }')).calendar.makeup).toBe('monday')
    expect(policy.parse(parse('calendar: { roundTheClock: true, own: { 2026-02-16: off } }')).calendar).toMatchObject({
      roundTheClock: true,
      own: { '2026-02-16': 'off' },
    })
  })

  it.each([
    ['an unknown key', '{ holiday: china }', 'calendar.holiday: unknown'],
    [
      'another country',
      '{ holidays: france }',
      'calendar.holidays: must be china (statutory holidays and make-up workdays) or none',
    ],
    [
      'hours in a word',
      '{ own: { 2026-11-28: closed } }',
      'calendar.own.2026-11-28: must be off, or hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'no value',
      '{ own: { 2026-11-28: } }',
      'calendar.own.2026-11-28: must be off, or hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'no hours',
      '{ own: { 2026-11-28: [] } }',
      'calendar.own.2026-11-28: is empty: write hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'hours backwards',
      '{ own: { 2026-11-28: ["12:00-08:00"] } }',
      'calendar.own.2026-11-28.0: must be a span like 08:00-12:00 that ends after it begins, not "12:00-08:00"',
    ],
    [
      'hours that overlap',
      '{ weekdays: { 6: ["08:00-12:00", "11:00-13:00"] } }',
      'calendar.weekdays.6.1: begins before the span above it ends',
    ],
    ['a list of days', '{ own: [2026-11-28] }', 'calendar.own: must be named by a day like "2026-11-28"'],
    [
      'a day that is none',
      '{ own: { 2026-02-30: off } }',
      'calendar.own.2026-02-30: must be named by a day like "2026-11-28"',
    ],
    [
      'a day written otherwise',
      '{ own: { 11-28: off } }',
      'calendar.own.11-28: must be named by a day like "2026-11-28"',
    ],
    [
      'an eighth weekday',
      '{ weekdays: { 8: ["09:00-12:00"] } }',
      'calendar.weekdays.8: must be named by a weekday, 1 (Monday) to 7',
    ],
    [
      'a weekday without hours',
      '{ weekdays: { 6: off } }',
      'calendar.weekdays.6: must be hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'an empty weekday',
      '{ weekdays: { 6: [] } }',
      'calendar.weekdays.6: is empty: write hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'another day to make up as',
      '{ holidays: china, makeup: tuesday }',
      'calendar.makeup: must be monday (its hours), or hours like ["08:00-12:00", "13:30-18:00"]',
    ],
    [
      'make-up days without holidays',
      '{ makeup: ["08:00-12:00"] }',
      'calendar.makeup: is never used: it needs `holidays: china`',
    ],
    ['yes', '{ roundTheClock: "yes" }', 'calendar.roundTheClock: must be true (every day 00:00-24:00) or false'],
    ...['holidays: china', 'makeup: monday', 'weekdays: { 6: ["09:00-12:00"] }'].map(key => [
      `round the clock with ${key}`,
      `{ roundTheClock: true, ${key} }`,
      `calendar.${key.split(':')[0]}: roundTheClock already has every day worked from 00:00 to 24:00: leave one of the two out`,
    ]),
  ])('refuses %s', (_, yaml = '', expected = '') => {
    expect(problems(yaml)).toEqual([expected])
  })

  it('tells all its faults at once', () => {
    expect(problems('{ holidays: x, makeup: x, own: { x: x }, roundTheClock: x }')).toHaveLength(4)
  })
})

describe('against the rest of a policy', () => {
  const hours = [[480, 720]] as const
  const allDay = 'roundTheClock already has every day worked from 00:00 to 24:00: leave one of the two out'
  const read = (yaml: string) => policy.parse(parse(`calendar: ${yaml}`)).calendar

  it.each([
    ['round the clock with hours', '{ roundTheClock: true }', hours, undefined, [['hours', allDay]]],
    ['round the clock with days', '{ roundTheClock: true }', undefined, [1, 2], [['days', allDay]]],
    ['round the clock alone', '{ roundTheClock: true }', undefined, undefined, []],
    [
      'hours for a day not worked',
      '{ weekdays: { 6: ["09:00-12:00"], 7: ["09:00-12:00"] } }',
      hours,
      [1, 6],
      [['calendar.weekdays.7', "is never used: `days` doesn't name weekday 7"]],
    ],
    ['hours for a day of all days', '{ weekdays: { 7: ["09:00-12:00"] } }', hours, undefined, []],
    ['nothing', '{}', hours, [1], []],
  ])('%s', (_, yaml, given, days, expected) => {
    const found = calendarContradictions({ hours: given, days, calendar: read(yaml) })
    expect(found.map(({ path, message }) => [path.join('.'), message])).toEqual(expected)
  })
})

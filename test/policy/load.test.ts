import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { readPolicy } from '../../src/policy/load.ts'

/** The problems of a policy whose clocks (yaml list entries from line 4 on) and other settings are given. */
function problems(clocks: string, rest = ''): string[] {
  try {
    readPolicy(`name: x\nversion: 1\nclocks:\n${clocks}\n${rest}`, 'x.yaml')
    return []
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return error.message.split('\n')
  }
}

const good = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'
const rule = (more: string) => `  - { kind: contact, start: dispatched, stop: contacted, within: 2h, ${more} }`

describe('faults, each with its line and path', () => {
  it.each([
    ['an unknown key', good, 'colour: red', 'x.yaml:5 colour: is no setting of this version: check its spelling'],
    [
      'an unknown key inside',
      rule('wihtin: 3h'),
      '',
      'x.yaml:4 clocks[0].wihtin: is no setting of this version: check its spelling',
    ],
    [
      'a missing one',
      '  - { kind: contact, start: dispatched, within: 2h }',
      '',
      'x.yaml:4 clocks[0].stop: is missing',
    ],
    [
      'a bare number',
      '  - kind: contact\n    start: dispatched\n    stop: contacted\n    within: 30',
      '',
      'x.yaml:7 clocks[0].within: must be a duration like 30m, 2h, 1h30m or 3d',
    ],
    [
      'a bad duration',
      rule('exactGrace: soon'),
      '',
      'x.yaml:4 clocks[0].exactGrace: must be a duration like 30m, 2h, 1h30m or 3d, not "soon"',
    ],
    [
      'nonsense for a role',
      rule('overdue: [{ after: 5m, tell: boss }]'),
      '',
      'x.yaml:4 clocks[0].overdue[0].tell[0]: must be one of technician (技术员), dispatcher (派工员), manager (经理)',
    ],
    [
      'no time of day',
      good,
      "daily: { digest: '8.30' }",
      'x.yaml:5 daily.digest: must be a time of day like 08:30, not "8.30"',
    ],
    ['a zone that is none', good, 'zone: Beijing', 'x.yaml:5 zone: is no time zone: write one like Asia/Shanghai'],
    ['broken yaml', good, 'daily: [', 'x.yaml:5: '],
    ['the same key twice', good, 'name: y', 'x.yaml:5: Map keys must be unique'],
    [
      'workdays in working time',
      '  - { kind: complete, start: dispatched, stop: completed, workdays: 3, basis: working }',
      '',
      'x.yaml:4 clocks[0].basis: goes with `within` only',
    ],
    [
      'a time of day that is none',
      '  - { kind: complete, start: dispatched, stop: completed, until: 次日25:00 }',
      '',
      'x.yaml:4 clocks[0].until: must be like 当日下班, 次日12:00, 次工作日10:00 (same/next/nextWorkday closing or HH:MM), not "次日25:00"',
    ],
    [
      'more working time than the calendar has',
      '  - { kind: complete, start: dispatched, stop: completed, within: 365d, basis: working }',
      'hours: ["08:00-09:00"]',
      'x.yaml:4 clocks[0].within: is never over: There are no 525600 minutes of working time in the three years after',
    ],
    [
      'a restart that never comes',
      '  - { kind: dispatch, start: created, stop: dispatched, within: 30m, restartOnReassign: true }',
      '',
      'x.yaml:4 clocks[0].restartOnReassign: never restarts: an order is created once',
    ],
    ['a list of no zone', rule('when: { zone: [] }'), '', 'x.yaml:4 clocks[0].when: zone is empty: no order can match'],
    [
      'a special rule below the general one',
      `${rule('when: { kind: complaint, maxDistanceKm: 50 }')}\n${rule('when: { kind: complaint, urgent: true, maxDistanceKm: 20 }')}`,
      '',
      'x.yaml:5 clocks[1]: is never reached: clocks[0] of the same kind takes all its orders first',
    ],
    [
      'an incident before the clock is due',
      rule('overdue: [{ after: 0m, tell: manager }, { after: 2h, from: start, tell: manager }]'),
      '',
      'x.yaml:4 clocks[0].overdue[1]: comes before the clock is due, 2h after its start',
    ],
    [
      'two limits',
      rule('until: 次日12:00'),
      '',
      'x.yaml:4 clocks[0]: has two limits: give one of `within`, `workdays` and `until`',
    ],
    [
      'a latest that comes first',
      rule('latest: 1h'),
      '',
      'x.yaml:4 clocks[0].latest: is reached before 2h: leave one of the two out',
    ],
    [
      'units for a time of day',
      '  - { kind: complete, start: dispatched, stop: completed, until: 当日下班, perUnits: 10 }',
      '',
      'x.yaml:4 clocks[0].perUnits: goes with `within` only',
    ],
    [
      'hours of the day that no order starts in',
      rule('when: { startedFrom: "12:00", startedBefore: "08:00" }'),
      '',
      'x.yaml:4 clocks[0].when: startedFrom is not before startedBefore: no order can match',
    ],
    [
      'weekdays round the clock',
      good,
      'days: [1]\ncalendar: { roundTheClock: true }',
      'x.yaml:5 days: roundTheClock already has every day worked',
    ],
    [
      'a case that expects nonsense',
      good,
      'cases: [{ name: a, facts: ["2026-11-25 09:00 派单"], expect: [[联系, "soon"]] }]',
      'x.yaml:5 cases[0].expect[0][1]: must be none, or a moment like 2026-11-25 09:00',
    ],
    [
      'no limit',
      '  - { kind: complete, start: dispatched, stop: completed }',
      '',
      'x.yaml:4 clocks[0]: has no limit: give `within`, `workdays` or `until`',
    ],
    [
      'a limit of nothing',
      '  - { kind: complete, start: dispatched, stop: completed, within: 0m }',
      '',
      'x.yaml:4 clocks[0].within: must be longer than 0',
    ],
    [
      'a warning before the start',
      rule('warn: 2h'),
      '',
      'x.yaml:4 clocks[0].warn[0]: warns 2h before the end of only 2h',
    ],
    ['a warning twice', rule('warn: [30m, 30分钟]'), '', 'x.yaml:4 clocks[0].warn[1]: is there twice'],
    [
      '0 %',
      rule('warn: 0%'),
      '',
      'x.yaml:4 clocks[0].warn[0]: must be a duration like 30m or a share from 1% to 99%, not "0%"',
    ],
    [
      'steps out of order',
      rule('overdue: [{ after: 1h, tell: manager }, { after: 15m, tell: manager }]'),
      '',
      'x.yaml:4 clocks[0].overdue[1]: must come later than the step above it',
    ],
    [
      'two steps at once',
      rule('overdue: [{ after: 15m, tell: manager }, { after: 15m, tell: manager }]'),
      '',
      'x.yaml:4 clocks[0].overdue[1]: must come later than the step above it',
    ],
    [
      'a step for nobody',
      rule('overdue: [{ after: 1h, tell: [] }]'),
      '',
      'x.yaml:4 clocks[0].overdue[0].tell: names nobody to tell',
    ],
    [
      'taking back what was accepted',
      rule('overdue: [{ after: 1h, tell: manager, takeBack: true }]'),
      '',
      'x.yaml:4 clocks[0].overdue[0].takeBack: is only for the accept clock',
    ],
    [
      'a stop that starts',
      '  - { kind: contact, start: dispatched, stop: dispatched, within: 2h }',
      '',
      'x.yaml:4 clocks[0].stop: dispatched both starts and stops it',
    ],
    [
      'grace without appointment',
      rule('exactGrace: 1h'),
      '',
      'x.yaml:4 clocks[0].exactGrace: needs `appointment: replaces`',
    ],
    [
      'an empty condition',
      rule('when: {}'),
      '',
      'x.yaml:4 clocks[0].when: has no condition: leave `when` out or name one',
    ],
    [
      'distances that exclude',
      rule('when: { minDistanceKm: 20, maxDistanceKm: 20 }'),
      '',
      'x.yaml:4 clocks[0].when: minDistanceKm 20 is not below maxDistanceKm 20: no order can match',
    ],
    [
      'a second unconditional clock',
      `${good}\n${good}`,
      '',
      'x.yaml:5 clocks[1]: is never reached: clocks[0] of the same kind takes all its orders first',
    ],
    [
      'a rule behind an unconditional one',
      `${good}\n${rule('when: { urgent: true }')}`,
      '',
      'x.yaml:5 clocks[1]: is never reached: clocks[0] of the same kind takes all its orders first',
    ],
    [
      'the same condition twice',
      `${rule('when: { urgent: true }')}\n${rule('when: { urgent: true }')}`,
      '',
      'x.yaml:5 clocks[1]: is never reached: clocks[0] of the same kind takes all its orders first',
    ],
    [
      'empty quiet hours',
      good,
      "quietHours: { from: '07:30', to: '07:30' }",
      'x.yaml:5 quietHours: begins and ends at the same time: leave it out to have none',
    ],
    [
      'a digest in quiet hours',
      good,
      "quietHours: { from: '21:30', to: '07:30' }\ndaily: { digest: '06:00' }",
      'x.yaml:6 daily.digest: lies in the quiet hours',
    ],
    [
      'a question to somebody else',
      rule('warn: [{ at: 80%, ask: true, tell: dispatcher }]'),
      '',
      'x.yaml:4 clocks[0].warn[0].ask: asks for progress, which only the technician can tell: name him in `tell`',
    ],
    [
      'a question before anybody has the order',
      '  - { kind: dispatch, start: created, stop: dispatched, within: 30m, warn: [{ at: 80%, ask: true }] }',
      '',
      'x.yaml:4 clocks[0].warn[0].ask: asks for progress of the dispatch clock: only contact, arrive, complete can be',
    ],
    [
      'an answer nobody asked for',
      rule('warn: [30m, { at: 80%, unanswered: 20m }]'),
      '',
      'x.yaml:4 clocks[0].warn[1].unanswered: waits for an answer: needs `ask: true`',
    ],
    [
      'no time to answer',
      rule('warn: [{ at: 80%, ask: true, unanswered: 0m }]'),
      '',
      'x.yaml:4 clocks[0].warn[0].unanswered: must be longer than 0',
    ],
    [
      'a hold of more than the chain',
      rule('overdue: [{ after: 0m, tell: technician }, { after: 30m, tell: manager }]'),
      'nudges: { replyHolds: 31m }',
      'x.yaml:5 nudges.replyHolds: is longer than the chain of clocks[0], 30m from its first step to its last',
    ],
    [
      'days off that are never',
      good,
      'nudges: { days: workdays }\ncalendar: { roundTheClock: true }',
      'x.yaml:5 nudges.days: roundTheClock already has every day worked: leave one of the two out',
    ],
    [
      'quiet hours on all the working time',
      good,
      "nudges: { days: workdays }\nhours: ['22:00-24:00']\nquietHours: { from: '21:30', to: '07:30' }",
      'x.yaml:5 nudges.days: quietHours cover the working hours: nothing could ever be said',
    ],
    [
      'other days for reminders',
      good,
      'nudges: { days: weekend }',
      'x.yaml:5 nudges.days: must be all (每天) or workdays (只在上班的日子)',
    ],
    [
      'reports in quiet hours',
      good,
      "quietHours: { from: '18:00', to: '07:30' }\ndaily: { manager: '18:30' }",
      'x.yaml:6 daily.manager: lies in the quiet hours',
    ],
    [
      'a weekly report in quiet hours',
      good,
      "quietHours: { from: '18:00', to: '07:30' }\nweekly: { day: 1, at: '07:00' }",
      'x.yaml:6 weekly.at: lies in the quiet hours',
    ],
    [
      'a week that begins on no day',
      good,
      "weekly: { day: 0, at: '09:00' }",
      'x.yaml:5 weekly.day: weekdays are 1 (Monday) to 7',
    ],
    [
      'a target that is no share',
      good,
      'targets: { onTime: 120% }',
      'x.yaml:5 targets.onTime: must be a share like 90%, not "120%"',
    ],
    ['a target of nothing', good, 'targets: { onTime: 0% }', 'x.yaml:5 targets.onTime: must be a share like 90%'],
    [
      'a target for complaints that is no share',
      good,
      "targets: { complaints: '<3' }",
      'x.yaml:5 targets.complaints: must be a share like 1%, or <3% for less than that, not "<3"',
    ],
    [
      'hours that overlap',
      good,
      "hours: ['08:00-12:00', '11:00-18:00']",
      'x.yaml:5 hours[1]: begins before the span above it ends',
    ],
    [
      'hours backwards',
      good,
      "hours: ['12:00-08:00']",
      'x.yaml:5 hours[0]: must be a span like 08:00-12:00 that ends after it begins, not "12:00-08:00"',
    ],
    ['a weekday twice', good, 'days: [1, 2, 2]', 'x.yaml:5 days[2]: names 2 twice'],
    [
      'a key that is written as a number',
      good,
      "calendar:\n  holidays: china\n  weekdays:\n    5: ['08:00-12:00']\n    6:\n      - '12:00-09:00'",
      'x.yaml:10 calendar.weekdays.6[0]: must be a span like',
    ],
    ['an eighth weekday', good, 'days: [8]', 'x.yaml:5 days[0]: weekdays are 1 (Monday) to 7'],
  ])('%s', (_, clocks, rest, expected) => {
    const found = problems(clocks, rest)
    expect(
      found.some(line => line.startsWith(expected)),
      found.join('\n'),
    ).toBe(true)
  })

  it.each([
    [
      'a hold as long as the chain',
      rule('overdue: [{ after: 0m, tell: technician }, { after: 30m, tell: manager }]'),
      'nudges: { replyHolds: 30m }',
    ],
    [
      'a hold longer than what takes an order back',
      '  - { kind: accept, start: dispatched, stop: accepted, within: 15m, overdue: [{ after: 0m, tell: technician }, { after: 15m, tell: dispatcher, takeBack: true }] }',
      'nudges: { replyHolds: 30m }',
    ],
    [
      'round the clock with days off of its own',
      good,
      'nudges: { days: workdays }\ncalendar: { roundTheClock: true, own: { "2026-11-28": off } }',
    ],
    ['an answer awaited beyond due', rule('warn: [{ at: 30m, ask: true, unanswered: 1h }]'), ''],
    [
      'working hours that quiet hours leave a part of',
      good,
      "nudges: { days: workdays }\nhours: ['06:00-22:00']\nquietHours: { from: '21:30', to: '07:30' }",
    ],
  ])('not: %s', (_, clocks, rest) => {
    expect(problems(clocks, rest)).toEqual([])
  })

  it('are told all at once, in the order of the file', () => {
    const found = problems(`${rule('warn: 3h, latest: 0m')}\n  - { kind: foo }`, "quietHours: { from: '7', to: '8' }")
    expect(found.map(line => line.split(': ')[0])).toEqual([
      'x.yaml:4 clocks[0].latest',
      'x.yaml:4 clocks[0].warn[0]',
      'x.yaml:5 clocks[1].kind',
      'x.yaml:5 clocks[1].start',
      'x.yaml:5 clocks[1].stop',
      'x.yaml:6 quietHours.from',
      'x.yaml:6 quietHours.to',
    ])
  })

  it.each(['', '42', '- a', '[]'])('a file that holds no policy: %j', text => {
    expect(() => readPolicy(text, 'x.yaml')).toThrow(Invalid)
  })
})

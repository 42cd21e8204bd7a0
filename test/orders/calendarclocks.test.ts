import { describe, expect, it } from 'vitest'
import { type ClockView, clocksOf } from '../../src/orders/clocks.ts'
import { explainClock } from '../../src/orders/explain.ts'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { dailyDue, nextDaily, nextLook, stepsDue } from '../../src/orders/nudges.ts'
import type { Policy } from '../../src/policy/schema.ts'
import { created, dispatched, journal, policyOf, span, t } from './journal.ts'

/** Monday to Friday, eight hours and a half, statutory holidays and their make-up days. */
const maker = (limit: string, more = ''): Policy =>
  policyOf(
    `  - { kind: complete, start: dispatched, stop: completed, ${limit}, appointment: replaces, pauses: [parts], warn: [80%, 30m] }`,
    `hours: ["08:00-12:00", "13:30-18:00"]\ndays: [1, 2, 3, 4, 5]\ncalendar: { holidays: china }\n${more}`,
  )

const view = (facts: readonly Fact[], policy: Policy, now: string): ClockView => {
  const [clock] = clocksOf(facts, policy, t(now))
  if (!clock) throw new Error('no clock')
  return clock
}
const suspended: FactBody = { fact: 'suspended', reason: 'parts', note: '等电容' }
const resumed: FactBody = { fact: 'resumed' }
const completed: FactBody = { fact: 'completed', result: '' }
const from = (at: string, ...more: Array<[string, FactBody]>): Fact[] =>
  journal([at, created()], [at, dispatched()], ...more)

describe('a pause', () => {
  it.each([
    // What was left of the working time when it began runs on from its end.
    ['within: 4h, basis: working', '26 17:00', '27 09:00', '27 10:00', '27 12:00', 'of working time, in working time'],
    ['within: 4h, basis: working', '26 17:00', '26 19:00', '27 07:00', '27 11:00', 'of working time, at night'],
    ['within: 4h, basis: working', '27 17:00', '27 17:30', '28 10:00', '30 11:30', 'of working time, into a weekend'],
    // Over 国庆 2026, 1–7 October.
    [
      'within: 4h, basis: working',
      '2026-09-30 17:00',
      '2026-09-30 17:30',
      '2026-10-05 12:00',
      '2026-10-08 11:30',
      'over a holiday',
    ],
    // Of workdays and times of day, too; none is lost at night.
    ['workdays: 3', '23 09:00', '24 10:00', '25 10:00', '27 18:00', 'of a day of workdays'],
    ['workdays: 3', '23 09:00', '24 10:00', '24 15:00', '27 11:30', 'within one day'],
    ['workdays: 3', '23 09:00', '24 18:00', '25 07:00', '26 18:00', 'at night'],
    ['workdays: 3', '23 09:00', '26 10:00', '27 10:00', '27 18:00', 'on the last of them'],
    [
      'workdays: 2',
      '2026-09-29 09:00',
      '2026-09-30 10:00',
      '2026-10-06 10:00',
      '2026-10-09 16:00',
      'of workdays, over a holiday',
    ],
    ['until: 当日下班', '25 09:00', '25 10:00', '25 16:00', '26 14:00', 'that ends before closing'],
    ['until: 当日下班', '25 09:00', '25 10:00', '26 10:00', '26 18:00', 'of a whole day'],
    ['until: 当日下班', '27 09:00', '27 17:00', '27 20:00', '30 09:00', 'that ends after closing'],
    ['until: 次日12:00', '25 14:00', '26 09:00', '26 11:00', '26 15:30', 'before noon'],
    ['until: 次日12:00', '25 14:00', '25 19:00', '26 07:00', '26 12:00', 'before noon, at night'],
    // Where no working time was left, the time that passed is given back.
    ['until: 次日12:00', '25 14:00', '26 12:00', '26 12:30', '26 12:30', 'at the last moment'],
    ['until: 次日10:00', '27 14:00', '27 20:00', '28 20:00', '29 10:00', 'on a day off'],
    // The latest moment moves by the pause.
    [
      'until: 次日12:00, latest: 24h',
      '25 14:00',
      '25 15:00',
      '25 18:00',
      '26 16:30',
      'with a latest moment that is later',
    ],
    [
      'within: 8h, basis: working, latest: 24h',
      '27 14:00',
      '27 15:00',
      '27 16:00',
      '28 15:00',
      'with a latest moment that comes first',
    ],
    [
      'within: 2h, basis: working, latest: 24h',
      '27 17:00',
      '28 10:00',
      '30 08:30',
      '30 09:30',
      'with a latest moment that comes first, until it is put off behind the limit',
    ],
  ])('%s from %s, paused %s to %s: %s (%s)', (limit, start, pause, resume, due) => {
    const facts = from(start, [pause, suspended], [resume, resumed])
    expect(view(facts, maker(limit), resume).dueAt).toEqual(t(due))
    // Looked at while it lasts, the due time is that of work going on at this very moment.
    expect(view(facts.slice(0, 3), maker(limit), resume)).toMatchObject({ state: 'paused', dueAt: t(due) })
  })
})

describe('an appointment', () => {
  it('replaces a limit of working time, and is a moment: a pause after it gives back the time that passed', () => {
    const policy = maker('within: 4h, basis: working')
    const facts = from('26 17:00', ['26 17:10', { fact: 'contacted', appointment: span('28 14:00', '28 16:00') }])
    expect(view(facts, policy, '26 18:00').dueAt).toEqual(t('28 16:00'))
    const paused = from(
      '26 17:00',
      ['26 17:10', { fact: 'contacted', appointment: span('28 14:00', '28 16:00') }],
      ['28 14:30', suspended],
      ['28 15:00', resumed],
    )
    expect(view(paused, policy, '28 15:00').dueAt).toEqual(t('28 16:30'))
  })
})

describe('the end of working time', () => {
  it.each([
    ['27 08:59:59', 'met'],
    ['27 09:00', 'met'],
    ['27 09:00:01', 'missed'],
  ])('stopped at %s it is %s', (at, state) => {
    expect(view(from('26 17:00', [at, completed]), maker('within: 2h, basis: working'), '30 09:00').state).toBe(state)
  })
})

describe('an explanation adds up by the day', () => {
  const explain = (facts: readonly Fact[], policy: Policy, now: string): string =>
    explainClock(view(facts, policy, now), facts, policy, t(now), () => '张三')

  it('over a weekend', () => {
    expect(explain(from('27 17:00'), maker('within: 2h30m, basis: working'), '30 09:00')).toBe(
      [
        '【完成时限】没超时，还剩 30 分',
        '起点：11月27日周五 17:00 派单（张三）',
        '时限：2 小时 30 分（工作时）',
        '到期：今天 09:30 = 起点 + 2 小时 30 分工作时',
        '工作时：11月27日 1 小时，11月28日 不上班（周六），11月29日 不上班（周日），11月30日 1 小时 30 分',
        '现在：今天 09:00，还没有结束',
      ].join('\n'),
    )
  })

  it('over a holiday with its make-up day', () => {
    const said = explain(from('2026-10-09 17:00'), maker('within: 10h, basis: working'), '2026-10-10 09:00')
    expect(said).toContain('工作时：10月9日 1 小时，10月10日 8 小时 30 分，10月11日 不上班（周日），10月12日 30 分')
    expect(explain(from('2026-09-30 10:00'), maker('workdays: 1'), '2026-10-02 09:00')).toContain(
      '到期：10月8日周四 18:00 = 起点那天之后第 1 个工作日下班\n工作时：9月30日 6 小时 30 分，10月1日–10月7日 不上班（国庆放假），10月8日 8 小时 30 分',
    )
  })

  it('by the latest moment, and from the end of a pause', () => {
    expect(explain(from('27 17:00'), maker('within: 8h, basis: working, latest: 24h'), '27 17:30')).toContain(
      '时限：8 小时（工作时），最晚 24 小时\n到期：明天 17:00 = 起点 + 最晚 24 小时',
    )
    const paused = from('25 09:00', ['25 10:00', suspended], ['26 10:00', resumed])
    expect(explain(paused, maker('until: 当日下班'), '26 11:00')).toContain(
      '到期：今天 18:00 = 当天下班 + 暂停 24 小时（剩下的上班时间从恢复时接着算）',
    )
    const capped = (resume: string) =>
      explain(
        from('27 17:00', ['28 10:00', suspended], [resume, resumed]),
        maker('within: 2h, basis: working, latest: 24h'),
        '30 08:30',
      )
    expect(capped('28 11:00')).toContain('到期：前天 18:00 = 起点 + 最晚 24 小时 + 暂停 1 小时\n')
    expect(capped('30 08:30')).toContain(
      '到期：今天 09:30 = 起点 + 2 小时工作时 + 暂停 46 小时 30 分（剩下的上班时间从恢复时接着算）\n',
    )
  })

  it('without the pauses, and to the minute', () => {
    const facts = from('26 17:00:07', ['26 17:30', suspended], ['30 08:30:20', resumed])
    expect(explain(facts, maker('within: 4h, basis: working'), '30 09:00')).toContain(
      '工作时：11月26日 30 分，11月27日 暂停，11月28日 不上班（周六），11月29日 不上班（周日），11月30日 3 小时 30 分',
    )
    const open = from('26 17:00', ['27 09:00', suspended])
    expect(explain(open, maker('within: 4h, basis: working'), '27 10:00')).toContain(
      '工作时：11月26日 1 小时，11月27日 3 小时',
    )
    const late = from('26 17:00:59')
    expect(explain(late, maker('within: 2h, basis: working'), '27 08:00')).toContain(
      '工作时：11月26日 1 小时，11月27日 1 小时',
    )
  })

  it('and says which years nobody knows', () => {
    const policy = maker('workdays: 2')
    expect(explain(from('2031-03-03 09:00'), policy, '2031-03-03 10:00')).toContain(
      '注意：2031 年的放假安排还没有，按平常的星期算，请在制度里补上',
    )
    expect(explain(from('25 09:00'), policy, '25 10:00')).not.toContain('注意')
  })
})

describe('warnings', () => {
  /** When each step is told, quiet hours left aside. */
  const course = (facts: readonly Fact[], policy: Policy, begin: string): string[] => {
    const steps: string[] = []
    const told: Array<{ clock: 'complete'; step: string; at: Date; to: string }> = []
    for (let now = t(begin); steps.length < 10; ) {
      const clock = clocksOf(facts, policy, now)[0] as ClockView
      const look = nextLook(clock, policy, now, told)
      if (!look) return steps
      now = look.at
      const again = clocksOf(facts, policy, now)[0] as ClockView
      const [step] = stepsDue(again, policy, now, told)
      if (!step) throw new Error(`looked for nothing at ${now.toISOString()}`)
      steps.push(`${step.step} ${new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')}`)
      told.push({ clock: 'complete', step: step.step, at: now, to: 'x' })
    }
    throw new Error('no end')
  }

  it.each([
    ['within: 10h, basis: working', '26 17:00', ['warn:80% 11-27 16:30', 'warn:30m 11-30 08:00']],
    ['until: 次日12:00', '26 14:00', ['warn:80% 11-27 10:24', 'warn:30m 11-27 11:30']],
    ['workdays: 1', '27 08:00', ['warn:80% 11-30 14:36', 'warn:30m 11-30 17:30']],
    ['within: 10h', '26 08:00', ['warn:80% 11-26 16:00', 'warn:30m 11-26 17:30']],
  ])('of %s from %s come in working time', (limit, start, steps) => {
    expect(course(from(start), maker(limit), start)).toEqual(steps)
  })

  it('step over a pause', () => {
    const facts = from('26 08:00', ['26 10:00', suspended], ['26 14:30', resumed])
    expect(course(facts, maker('within: 5h, basis: working'), '26 14:30')).toEqual([
      'warn:80% 11-26 16:30',
      'warn:30m 11-26 17:00',
    ])
  })
})

describe('the day’s lists', () => {
  const policy = maker('within: 2h', "daily: { digest: '08:30' }")

  it.each([
    ['27 09:00', '30 08:30'],
    ['2026-09-30 09:00', '2026-10-08 08:30'],
    ['2026-10-09 09:00', '2026-10-10 08:30'],
    ['2026-10-10 09:00', '2026-10-12 08:30'],
  ])('after %s come on the next working day, at %s', (after, next) => {
    expect(nextDaily(policy, 'digest', t(after))).toEqual(t(next))
    expect(dailyDue(policy, 'digest', t(next))).not.toBeNull()
  })

  it('do not come on a day off', () => {
    expect(dailyDue(policy, 'digest', t('2026-10-05 08:30'))).toBeNull()
  })
})

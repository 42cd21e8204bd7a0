import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeDay } from '../../src/attendance/day.ts'
import { sayCell } from '../../src/attendance/daywords.ts'
import { judgeMonth } from '../../src/attendance/month.ts'
import { type Records, wholeDay } from '../../src/attendance/record.ts'
import { dayLine } from '../../src/attendance/words.ts'
import { away, keeps, local, mark, watched } from './records.ts'

const strict = keeps(
  '{ late: { perAbsence: 2, absentAfter: "10:00", fine: "10.00" }, early: { fine: "10.00" }, offPost: { points: 5, propose: 3 }, absence: { of: [旷工, 缺勤], fine: "50.00", wage: { asked: 2, silent: 3 }, propose: { running: 3, month: 4 } } }',
)
const day = '2026-11-25'
const evening = local(`${day} 20:00:00`)

/** What a Wednesday is called with these records, looked at in the evening unless told. */
function called(records: Partial<Records>, now = evening, { policy, rule } = strict): string {
  return sayCell(judgeDay(policy, rule, { ...watched, ...records }, day, now))
}

describe('a day', () => {
  it('is not judged before it is over, but who came late came late', () => {
    expect(called({}, local(`${day} 17:59:59`))).toBe('未结束')
    expect(called({}, local(`${day} 18:00:00`))).toBe('旷工')
    expect(called({ marks: [mark('in', `${day} 09:30:00`)] }, local(`${day} 09:31:00`))).toBe('迟到 30 分')
    expect(
      called({ marks: [mark('in', `${day} 08:30:00`), mark('out', `${day} 15:00:00`)] }, local(`${day} 15:01:00`)),
    ).toBe('未结束')
  })

  it('nobody watched is unknown, and one that was watched for a part only', () => {
    expect(called({ watched: [] })).toBe('未知')
    expect(called({ watched: [{ from: local(`${day} 09:00:01`), to: evening }] })).toBe('未知')
    expect(called({ watched: [{ from: local(`${day} 09:00:00`), to: local(`${day} 17:59:00`) }] })).toBe('未知')
    expect(called({ watched: [], marks: [mark('none', `${day} 12:00:00`)] })).toBe('旷工')
    // The platform's own 未打卡 says that somebody looked, not that he came.
    expect(called({ watched: [], marks: [mark('in', `${day} 09:00:00`, { flags: ['missing'] })] })).toBe('旷工')
    expect(called({ watched: [], corrections: [{ day, part: 'day', minute: null }] })).toBe('未知')
  })

  it('without a check-in on leaving is not early, and work on an order after it is no early leave', () => {
    expect(called({ marks: [mark('in', `${day} 09:00:00`)] })).toBe('正常')
    const left = [mark('in', `${day} 09:00:00`), mark('out', `${day} 16:00:00`)]
    expect(called({ marks: left })).toBe('早退 2 小时')
    expect(called({ marks: left, signs: [{ at: local(`${day} 18:10:00`), fact: 'completed', code: '1024' }] })).toBe(
      '正常',
    )
    expect(called({ marks: [mark('out', `${day} 18:00:00`)] })).toBe('缺勤')
  })

  it('of night work runs on to four o’clock', () => {
    const { policy, rule } = strict
    const marks = [mark('in', `${day} 09:00:00`), mark('out', '2026-11-26 03:59:59')]
    const month = judgeMonth(policy, rule, { ...watched, marks }, '2026-11', local('2026-11-26 12:00:00'))
    expect(month.days.find(one => one.day === day)?.left?.at).toEqual(local('2026-11-26 03:59:59'))
    expect(month.days.at(-1)).toMatchObject({ day: '2026-11-26', arrived: null })
  })

  it('with hours off in between begins when it begins', () => {
    const hours = away(day, [600, 660, 1_333])
    expect(called({ away: [hours], marks: [mark('in', `${day} 09:05:00`)] })).toBe('请假 0.1333 天、迟到 5 分')
    expect(called({ away: [away(day, [540, 570, 667])], marks: [mark('in', `${day} 10:30:00`)] })).toBe(
      '请假 0.0667 天、迟到 1 小时',
    )
  })

  it('asked for and not granted is absence, at the lower multiple if it was asked by that day', () => {
    const wage = (asks: Records['asks']) =>
      judgeDay(strict.policy, strict.rule, { ...watched, asks }, day, evening).findings[0]?.wage
    const last = '2026-11-26'
    expect(wage([{ first: day, last, at: local(`${day} 23:59:59`) }])).toBe(2 * wholeDay)
    expect(wage([{ first: day, last, at: local('2026-11-26 00:00:00') }])).toBe(3 * wholeDay)
    expect(wage([{ first: last, last, at: local(`${day} 08:00:00`) }])).toBe(3 * wholeDay)
  })

  it('says by what and by which rule', () => {
    const { policy, rule } = strict
    const judge = (records: Partial<Records>) =>
      dayLine(judgeDay(policy, rule, { ...watched, ...records }, day, evening), policy, rule)
    expect(judge({ marks: [mark('in', `${day} 09:10:00`, { flags: ['place'] })] })).toBe(
      '11月25日 周三 迟到 10 分：09:10 上班打卡（地点异常），09:00 上班；规定 09:00 以后算迟到，每 2 次算缺勤 1 天；罚 ¥10.00',
    )
    expect(judge({ away: [away(day, [720, 1440, 5_000])] })).toBe(
      '11月25日 周三 旷工 0.5 天：09:00–12:00 没到岗，也没有请假（请假 0.5 天）；罚 ¥25.00（按 0.5 天），扣当日基本工资的 1.5 倍（按 0.5 天）',
    )
    expect(judge({ marks: [mark('called', `${day} 12:00:00`)] })).toContain(
      '只说了要请假，没有批准；罚 ¥50.00，扣当日基本工资的 2 倍',
    )
  })

  it('bears a grace, on both ends', () => {
    const kind = keeps('{ grace: 5m, late: {}, early: {} }')
    const of = (came: string, left: string) =>
      called({ marks: [mark('in', `${day} ${came}`), mark('out', `${day} ${left}`)] }, evening, kind)
    expect(of('09:05:00', '17:55:00')).toBe('正常')
    expect(of('09:05:01', '17:54:59')).toBe('迟到 5 分 1 秒、早退 5 分 1 秒')
  })
})

describe('a month', () => {
  it('counts lates that became days off duty among what costs and what is proposed, where the policy says so', () => {
    const { policy, rule } = strict
    const marks = ['23', '24', '25', '26', '27'].map(date => mark('in', `2026-11-${date} 09:30:00`))
    const late = judgeMonth(policy, rule, { ...watched, marks, watched: [] }, '2026-11', local('2026-11-27 20:00:00'))
    expect(late).toMatchObject({
      late: 5,
      lates: { days: 2, left: 1 },
      offDuty: 2 * wholeDay,
      fen: 5 * 1_000 + 2 * 5_000,
      unknown: 0,
    })
    expect(late.proposals).toEqual([])
    const more = [...marks, mark('in', '2026-11-28 10:30:00'), mark('in', '2026-11-29 10:30:00')]
    const worse = judgeMonth(
      policy,
      rule,
      { ...watched, marks: more, watched: [] },
      '2026-11',
      local('2026-11-29 20:00:00'),
    )
    expect(worse.proposals).toMatchObject([{ why: 'absences', count: 4, days: ['2026-11-28', '2026-11-29'] }])
  })
})

const november = Array.from({ length: 14 }, (_, index) => `2026-11-${String(index + 10)}`)
const time = fc
  .record({
    date: fc.constantFrom(...november),
    hour: fc.integer({ min: 5, max: 22 }),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ date, hour, minute }) => `${date} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`)
const span = fc.constantFrom<[number, number, number]>([0, 1440, 10_000], [0, 720, 5_000], [720, 1440, 5_000])
const leaves = fc.uniqueArray(fc.record({ date: fc.constantFrom(...november), span, granted: fc.boolean() }), {
  selector: ({ date }) => date,
  maxLength: 5,
})
const records = fc
  .record({
    marks: fc.array(
      fc.record({
        at: time,
        kind: fc.constantFrom(
          'in' as const,
          'out' as const,
          'outside' as const,
          'offPost' as const,
          'called' as const,
          'none' as const,
        ),
      }),
      { maxLength: 25 },
    ),
    signs: fc.array(time, { maxLength: 5 }),
    corrections: fc.array(
      fc.record({
        day: fc.constantFrom(...november),
        part: fc.constantFrom('in' as const, 'out' as const, 'day' as const),
      }),
      { maxLength: 3 },
    ),
    leaves,
    rest: fc.constantFrom<number[]>([], [6, 7]),
    seen: fc.boolean(),
  })
  .map(
    ({ marks, signs, corrections, leaves: asked, rest, seen }): Records => ({
      person: { restDays: rest, daysOff: [] },
      marks: marks.map(({ at, kind }) => mark(kind, at)),
      signs: signs.map(at => ({ at: local(at), fact: 'arrived', code: '1024' })),
      corrections: corrections.map(one => ({ ...one, minute: null })),
      away: asked.filter(({ granted }) => granted).map(({ date, span: part }) => away(date, part)),
      asks: asked.map(({ date }) => ({ first: date, last: date, at: local(`${date} 07:00:00`) })),
      watched: seen ? watched.watched : [],
    }),
  )

const judged = (given: Records) =>
  judgeMonth(strict.policy, strict.rule, given, '2026-11', local('2026-11-23 20:00:00'))
const runs = { numRuns: 50 }

describe('whatever is recorded', () => {
  it('days add up: each is one thing, its shares no more than a day, and the sums are theirs', () => {
    fc.assert(
      fc.property(records, given => {
        const month = judged(given)
        expect(month.days).toHaveLength(23)
        for (const { leave, findings, state } of month.days) {
          const share = findings.reduce((sum, one) => sum + one.share, 0)
          expect(share + leave).toBeLessThanOrEqual(wholeDay)
          if (state === 'absent' || state === 'tooLate') expect(share + leave).toBe(wholeDay)
          if (['rest', 'unknown', 'leave'].includes(state)) expect(findings).toEqual([])
        }
        const findings = month.days.flatMap(one => one.findings)
        const sum = (key: 'fen' | 'wage' | 'points') => findings.reduce((total, one) => total + one[key], 0)
        expect(month.fen).toBe(sum('fen') + month.lates.days * 5_000)
        expect([month.wage, month.points]).toEqual([sum('wage'), sum('points')])
        expect(month.lates.days * 2 + month.lates.left).toBe(month.late)
      }),
      runs,
    )
  })

  it('the order of records does not matter, nor that one comes twice', () => {
    const shuffled = records.chain(given =>
      fc.tuple(
        fc.constant(given),
        fc.shuffledSubarray([...given.marks], { minLength: given.marks.length }),
        fc.shuffledSubarray([...given.away], { minLength: given.away.length }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([given, marks, leave]) => {
        const other = judged({ ...given, marks: [...marks, ...marks.slice(0, 3)], away: leave })
        const facts = ({ days, fen, wage }: typeof other) => ({
          fen,
          wage,
          days: days.map(one => [sayCell(one), one.arrived?.at]),
        })
        expect(facts(other)).toEqual(facts(judged(given)))
      }),
      runs,
    )
  })

  it('leave that is granted later and a correction never make anybody more absent, and taken back all is as before', () => {
    const later = fc.record({
      date: fc.constantFrom(...november),
      span,
      day: fc.constantFrom(...november),
      part: fc.constantFrom('in' as const, 'out' as const, 'day' as const),
    })
    fc.assert(
      fc.property(records, later, (given, { date, span: part, day: corrected, part: which }) => {
        const before = judged(given)
        const others = given.away.filter(one => one.day !== date)
        const granted = judged({ ...given, away: [...others, away(date, part)] })
        const base = judged({ ...given, away: others })
        expect(granted.absent).toBeLessThanOrEqual(base.absent)
        expect(granted.wage).toBeLessThanOrEqual(base.wage)
        expect(granted.run.length).toBeLessThanOrEqual(base.run.length)
        const mended = judged({
          ...given,
          corrections: [...given.corrections, { day: corrected, part: which, minute: null }],
        })
        expect(mended.absent).toBeLessThanOrEqual(before.absent)
        expect(mended.run.length).toBeLessThanOrEqual(before.run.length)
        expect(judged(given)).toEqual(before)
      }),
      runs,
    )
  })
})

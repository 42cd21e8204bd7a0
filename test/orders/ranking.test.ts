import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Job, obstacleOf, rank, type Worker } from '../../src/orders/ranking.ts'
import { rankingWords } from '../../src/orders/rankwords.ts'
import { type AssignRule, assignRule } from '../../src/policy/assignrule.ts'

const rule = (given: object = {}): AssignRule => assignRule.parse(given)

const worker = (name: string, more: Partial<Worker> = {}): Worker => ({
  ...{ id: name, name, skills: [], areas: [], rest: null, open: 0, today: 0, visits: [], zones: [], lastGivenAt: null },
  ...more,
})

const job = (more: Partial<Job> = {}): Job => ({
  ...{ zone: '金水区', wanted: null, skills: [], previous: null, had: [] },
  ...more,
})

const at = (time: string) => new Date(`2026-11-24T${time}:00+08:00`)
const names = (ranked: ReturnType<typeof rank>) => ranked.map(({ name }) => name)

describe('who comes first', () => {
  const previous = { technician: '张三', code: '1003' }

  it('is who was there before, then whose area it is, then who is near, then who has least', () => {
    const workers = [
      worker('没单'),
      worker('顺路', { open: 3, zones: [{ code: '1009', zone: '金水区' }] }),
      worker('片区', { open: 5, areas: ['金水区'] }),
      worker('张三', { open: 9 }),
    ]
    const ranked = rank(job({ previous }), workers, rule())
    expect(names(ranked)).toEqual(['张三', '片区', '顺路', '没单'])
    expect(rankingWords(ranked)).toBe(
      '推荐 张三：去过这家（1003）、手上 9 单；片区：管金水区、手上 5 单；顺路：顺路 1009、手上 3 单',
    )
  })

  it.each([
    [['load'], ['没单', '张三', '片区']],
    [
      ['area', 'load'],
      ['片区', '没单', '张三'],
    ],
    [
      ['load', 'previous'],
      ['没单', '张三', '片区'],
    ],
  ] as const)('is by the policy’s own order %j', (order, expected) => {
    const workers = [worker('片区', { open: 2, areas: ['金水区'] }), worker('张三', { open: 1 }), worker('没单')]
    expect(names(rank(job({ previous }), workers, rule({ order })))).toEqual(expected)
  })

  it('among equals is who was given fewer today, then who waits longest, then by name', () => {
    const workers = [
      worker('三单', { today: 3 }),
      worker('刚给过', { today: 1, lastGivenAt: at('10:00') }),
      worker('早给过', { today: 1, lastGivenAt: at('08:00') }),
      worker('从没有', { today: 1 }),
    ]
    expect(names(rank(job(), workers, rule()))).toEqual(['从没有', '早给过', '刚给过', '三单'])
  })

  it('means nothing where the order’s zone is not known', () => {
    const ranked = rank(job({ zone: undefined }), [worker('张三', { areas: ['金水区'] })], rule())
    expect(ranked[0]?.reasons).toEqual([{ why: 'load', open: 0 }])
  })
})

describe('what is in the way', () => {
  it.each<[string, Partial<Worker>, Partial<Job>, object, string | null]>([
    ['a rest day', { rest: 'weekday' }, {}, {}, 'rest'],
    [
      'leave when the customer wants somebody',
      { away: [{ from: at('13:00'), to: at('18:00') }] },
      { wanted: { from: at('14:00'), to: at('15:00') } },
      {},
      'leave',
    ],
    [
      'leave that ends before the visit',
      { away: [{ from: at('08:00'), to: at('14:00') }] },
      { wanted: { from: at('14:00'), to: at('15:00') } },
      {},
      null,
    ],
    ['a skill he has not', { skills: ['维修'] }, { skills: ['安装'] }, {}, 'skill'],
    ['nothing, where no skills are written down', {}, { skills: ['安装'] }, {}, null],
    ['nothing, where he has the skill', { skills: ['安装', '维修'] }, { skills: ['安装'] }, {}, null],
    ['having given it back', {}, { had: ['张三'] }, {}, 'had'],
    ['the day’s limit', { today: 8 }, {}, { perDay: 8 }, 'full'],
    ['nothing, one below the limit', { today: 7 }, {}, { perDay: 8 }, null],
    ['nothing, without a limit', { today: 99 }, {}, {}, null],
  ])('%s', (_, more, about, given, why) => {
    expect(obstacleOf(job(about), worker('张三', more), rule(given))?.why ?? null).toBe(why)
  })

  it.each([
    ['09:00', '10:00', null],
    ['09:00', '10:01', '1005'],
    ['11:59', '13:00', '1005'],
    ['12:00', '13:00', null],
    ['10:30', '11:00', '1005'],
  ])('a visit from 10 to 12, when it is wanted from %s to %s: %s', (from, to, code) => {
    const busy = worker('张三', { visits: [{ code: '1005', from: at('10:00'), to: at('12:00') }] })
    const found = obstacleOf(job({ wanted: { from: at(from), to: at(to) } }), busy, rule())
    expect(found?.why === 'busy' ? found.visit.code : null).toBe(code)
  })

  it('comes last and is said', () => {
    const workers = [worker('休息的', { rest: 'dayOff' }), worker('有空的', { open: 7 })]
    const ranked = rank(job(), workers, rule())
    expect(names(ranked)).toEqual(['有空的', '休息的'])
    expect(rankingWords(ranked)).toBe('推荐 有空的：手上 7 单\n先不派 休息的（今天休息）')
    expect(rankingWords(rank(job(), [worker('休息的', { rest: 'team' })], rule()))).toMatch(/^现在没有合适的人\n/)
    expect(rankingWords([])).toBe('班组里没有技术员')
  })
})

describe('any team', () => {
  const workers = fc.uniqueArray(
    fc.record({
      id: fc.uuid(),
      name: fc.constantFrom('甲', '乙', '丙', '丁'),
      skills: fc.subarray(['安装', '维修']),
      areas: fc.subarray(['东区', '西区']),
      rest: fc.constantFrom(null, 'team' as const, 'weekday' as const),
      open: fc.nat(3),
      today: fc.nat(3),
      visits: fc.constant([]),
      zones: fc.array(fc.record({ code: fc.constant('1'), zone: fc.constantFrom('东区', '西区') }), { maxLength: 2 }),
      lastGivenAt: fc.option(fc.date({ noInvalidDate: true })),
    }),
    { selector: one => one.id, maxLength: 8 },
  )
  const jobs = fc.record({
    zone: fc.constantFrom('东区', '西区', undefined),
    wanted: fc.constant(null),
    skills: fc.subarray(['安装', '维修']),
    previous: fc.constant(null),
    had: fc.constant([]),
  })

  it('is ranked whole, the same whatever order it is read in, and nobody with an obstacle before one without', () => {
    fc.assert(
      fc.property(workers, jobs, fc.nat(), (team, about, turn) => {
        const ranked = rank(about, team, rule({ perDay: 3 }))
        const shifted = [...team.slice(turn % (team.length || 1)), ...team.slice(0, turn % (team.length || 1))]
        expect(rank(about, shifted.reverse(), rule({ perDay: 3 }))).toEqual(ranked)
        expect(ranked.map(({ id }) => id).sort()).toEqual(team.map(({ id }) => id).sort())
        const first = ranked.findIndex(({ obstacle }) => obstacle !== null)
        if (first >= 0) expect(ranked.slice(first).every(({ obstacle }) => obstacle !== null)).toBe(true)
      }),
    )
  })

  it('who takes on one more order never moves up by it', () => {
    fc.assert(
      fc.property(workers, jobs, fc.nat(), (team, about, pick) => {
        const chosen = team[pick % (team.length || 1)]
        if (!chosen) return
        const place = (people: typeof team) => rank(about, people, rule()).findIndex(({ id }) => id === chosen.id)
        const busier = team.map(one =>
          one.id === chosen.id ? { ...one, open: one.open + 1, today: one.today + 1 } : one,
        )
        expect(place(busier)).toBeGreaterThanOrEqual(place(team))
      }),
    )
  })
})

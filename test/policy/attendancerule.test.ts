import { describe, expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { readPolicy } from '../../src/policy/load.ts'

/** The problems of a policy with this section, which begins in line 3. */
function problems(section: string): string[] {
  try {
    readPolicy(`name: x\nversion: 1\n${section}\n`, 'x.yaml')
    return []
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    return error.message.split('\n')
  }
}

const path = 'x.yaml:3 attendance'

describe('attendance of a policy file', () => {
  it('may be all that a policy is about, and something has to be', () => {
    expect(problems('attendance: { late: { fine: "10.00" } }')).toEqual([])
    expect(problems('title: nothing')).toEqual([
      'x.yaml:1 clocks: is missing: a policy has `clocks`, `leave`, `attendance`, `incidents`, `scorecards` or `pay`',
    ])
    expect(problems('clocks: []')).toEqual([
      'x.yaml:3 clocks: is missing: a policy has `clocks`, `leave`, `attendance`, `incidents`, `scorecards` or `pay`',
    ])
  })

  it.each([
    ['attendance: {}', `${path}: has no rule: give \`late\`, \`early\`, \`offPost\` or \`absence\`, or leave it out`],
    [
      'attendance: { late: {}, source: [] }',
      `${path}.source: is empty: name chat (聊天), platform (平台) or import (导入)`,
    ],
    [
      'attendance: { late: {}, source: [door] }',
      `${path}.source[0]: must be one of chat (聊天), platform (平台), import (导入)`,
    ],
    ['attendance: { late: { fine: 10 } }', `${path}.late.fine: must be an amount above zero in quotes like "10.00"`],
    [
      'attendance: { late: { fine: "10" } }',
      `${path}.late.fine: must be an amount above zero in quotes like "10.00", not "10"`,
    ],
    [
      'attendance: { late: { fine: "0.00" } }',
      `${path}.late.fine: must be an amount above zero in quotes like "10.00", not "0.00"`,
    ],
    ['attendance: { late: { points: 0.5 } }', `${path}.late.points: must be whole points, 1 to 100`],
    ['attendance: { late: { perAbsence: 0 } }', `${path}.late.perAbsence: must be a whole number, 1 to 31`],
    [
      'attendance: { start: "09:00", late: { absentAfter: "09:00" } }',
      `${path}.late.absentAfter: is no later than what is late: nobody could be late`,
    ],
    [
      'attendance: { grace: 10m, late: { absentAfter: "08:10" } }',
      `${path}.late.absentAfter: is no later than what is late: nobody could be late`,
    ],
    ['attendance: { start: "09:00", end: "08:00", late: {} }', `${path}.end: is not after \`start\``],
    ['attendance: { start: "18:00", late: {} }', `${path}.start: leaves no time between`],
    [
      'attendance: { absence: { wage: { asked: 2, silent: 11 } } }',
      `${path}.absence.wage.silent: must be how many of a day's base wage, 1 to 10`,
    ],
    ['attendance: { absence: { of: [] } }', `${path}.absence.of: is empty: name noShow (旷工) or tooLate (缺勤)`],
    [
      'attendance: { absence: { of: 缺勤 } }',
      `${path}.absence.of: names tooLate (缺勤): nothing is, without \`late.absentAfter\` or \`late.perAbsence\``,
    ],
    [
      'attendance: { late: { perAbsence: 2 }, absence: { of: 缺勤, wage: { asked: 2, silent: 3 } } }',
      `${path}.absence.wage: is never used: \`of\` does not name noShow (旷工)`,
    ],
    [
      'attendance: { absence: { propose: {} } }',
      `${path}.absence.propose: is empty: give \`running\` or \`month\`, or leave it out`,
    ],
    [
      'attendance: { late: {}, orders: { facts: [派单] } }',
      `${path}.orders.facts[0]: is nothing a technician on the road reports: 派单`,
    ],
    ['attendance: { late: {}, since: tomorrow }', `${path}.since: must be a day like "2026-12-01"`],
    ['attendance: { late: {}, grase: 5m }', `${path}.grase: is no setting of this version: check its spelling`],
  ])('%s', (section, wanted) => {
    expect(problems(section)).toContain(wanted)
  })

  it('needs its own hours where no day opens or closes, and a section for its cases', () => {
    expect(problems('attendance: { late: {} }\ncalendar: { roundTheClock: true }')).toEqual([
      `${path}.start: is missing: with roundTheClock no day opens or closes`,
      `${path}.end: is missing: with roundTheClock no day opens or closes`,
    ])
    const clocks = 'clocks: [{ kind: dispatch, start: created, stop: dispatched, within: 30m }]'
    expect(problems(`${clocks}\nattendanceCases: [{ name: x, facts: [2026-11-25 没来], expect: [] }]`)).toEqual([
      'x.yaml:4 attendanceCases: needs the section `attendance`',
    ])
  })
})

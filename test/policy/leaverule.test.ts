import { expect, it } from 'vitest'
import { Invalid } from '../../src/errors.ts'
import { readPolicy } from '../../src/policy/load.ts'

const head = 'name: x\nversion: 1\n'

function problems(text: string): string {
  try {
    readPolicy(`${head}${text}`, 'x.yaml')
    return ''
  } catch (error) {
    if (error instanceof Invalid) return error.message
    throw error
  }
}

const types = 'leave:\n  types: [{ name: 事假, deduct: 1 }]\n'

it('a policy may be about leave alone, with its one approver written without a list', () => {
  expect(readPolicy(`${head}${types}  approve: { by: 派工员 }\n`, 'x.yaml').leave?.approve).toEqual([
    { by: [{ role: 'dispatcher' }] },
  ])
  expect(problems('title: 空')).toBe(
    'x.yaml:1 clocks: is missing: a policy has `clocks`, `leave`, `attendance`, `incidents`, `scorecards` or `pay`',
  )
})

it('says what money goes where only where something is deducted', () => {
  expect(problems('leave:\n  types: [{ name: 年假, deduct: 0, deductionTo: 公司 }]')).toBe(
    'x.yaml:4 leave.types[0].deductionTo: is never used: nothing is deducted',
  )
  expect(problems('leave:\n  types: [{ name: 事假, deduct: 1, deductionTo: 别人 }]')).toContain(
    'must be one of company (公司), colleagues (当天上班的同事)',
  )
})

it('wants the year’s full attendance beside that of its second half', () => {
  const half = '  fullAttendance: { secondHalf: { amount: "100.00", over: 12, months: 6 } }'
  expect(problems(`${types}${half}`)).toBe(
    'x.yaml:5 leave.fullAttendance.secondHalf: needs `year`: it is for those who do not get that',
  )
})

it('wants leave where there are cases of it, and says what is wrong with a case', () => {
  const one = 'leaveCases:\n  - { name: 一天, facts: ["2026-11-24 09:00 请假 事假 2026-11-25"] }\n'
  expect(problems(`clocks: []\nattendance: { late: { fine: "1.00" } }\n${one}`)).toContain(
    'leaveCases: needs the section `leave`',
  )
  expect(problems(`${types}${one.replace('facts', 'fact')}`)).toContain('fact: is no setting of this version')
  expect(problems(`${types}${one.replace('}', ', month: { of: 2026-13 } }')}`)).toContain(
    'must be a month like "2026-11"',
  )
})

it('takes for approval nobody who decides nothing', () => {
  expect(problems(`${types}  approve: { by: 财务 }`)).toContain(
    'must be 派工员, 经理 or a person’s name: 财务 decides nothing',
  )
})

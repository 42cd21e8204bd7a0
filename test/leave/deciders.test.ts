import { describe, expect, it } from 'vitest'
import { decidersOf, stepsFor } from '../../src/leave/deciders.ts'
import { circle, leavePolicy, person, ruleOf } from './shop.ts'

const people = [
  person('甲', 'technician'),
  person('赵', 'dispatcher'),
  person('王', 'manager'),
  person('周', 'manager', 'technician'),
  person('老板'),
]
const types = '  types: [{ name: 事假, deduct: 1 }, { name: 病假, deduct: 1 }]\n'
const rule = (more: string) => ruleOf(leavePolicy(`${types}${more}`))
const days = (n: number) => Array.from({ length: n * 2 }, () => ({ share: 5000 }))
const steps = (more: string, who: string, n = 1, type = '事假', of = people) =>
  stepsFor(rule(more), { type, days: days(n), person: who }, circle(of))
const manager = { role: 'manager' }
const dispatcher = { role: 'dispatcher' }
const boss = { person: '老板' }

describe('the steps of a request', () => {
  const chains = '  approve: [{ types: 病假, by: 派工员 }, { over: 3, by: [派工员, 经理, 老板] }, { by: 经理 }]'

  it('are those of the first entry that fits, by type and length', () => {
    expect(steps(chains, '甲', 9, '病假')).toEqual([dispatcher])
    expect(steps(chains, '甲', 3)).toEqual([manager])
    expect(steps(chains, '甲', 3.5)).toEqual([dispatcher, manager, boss])
  })

  it('never leave his own request to himself: others of his role, or those who decide about deciders', () => {
    expect(steps('  approve: [{ by: 经理 }]', '王')).toEqual([manager])
    expect(steps('  approve: [{ by: 经理 }]\n  approverOfApprovers: 老板', '王')).toEqual([boss])
    expect(steps('  approve: [{ by: [经理, 老板] }]\n  approverOfApprovers: 老板', '王')).toEqual([boss])
    expect(steps('  approve: [{ by: [派工员, 经理] }]', '赵')).toEqual([manager])
  })

  it('are refused where nobody is left', () => {
    const alone = people.filter(({ name }) => name !== '周')
    expect(() => steps('  approve: [{ by: 经理 }]', '王', 1, '事假', alone)).toThrow('没有人能批')
  })
})

describe('who decides a step', () => {
  const decide = (more: { away?: string[]; unbound?: string[] }, deputies: Array<typeof dispatcher> = []) =>
    decidersOf(
      [{ role: 'manager' }, { person: '老板' }],
      0,
      { applicant: '甲', deputies: deputies as never },
      circle(people, more),
    )

  it('are all of its people who are there', () => {
    expect(decide({})).toEqual({ people: ['王', '周'], instead: null, missed: [] })
    expect(decide({ away: ['王'] })).toEqual({ people: ['周'], instead: null, missed: [] })
    expect(decide({ unbound: ['周'] }).people).toEqual(['王'])
  })

  it('are the deputies, else the next step, where none of them is there', () => {
    const away = { away: ['王', '周'] }
    expect(decide(away, [dispatcher])).toEqual({ people: ['赵'], instead: 'away', missed: ['王', '周'] })
    expect(decide(away)).toEqual({ people: ['老板'], instead: 'away', missed: ['王', '周'] })
    expect(decide({ unbound: ['王', '周'] })).toMatchObject({ people: ['老板'], instead: 'unbound' })
    expect(decide({ away: ['王'], unbound: ['周'] })).toMatchObject({ instead: 'away' })
    expect(decide({ away: ['王', '周', '赵'] }, [dispatcher]).people).toEqual(['老板'])
  })

  it('are its people all the same where nobody else is left', () => {
    expect(decide({ away: ['王', '周', '老板'] })).toEqual({
      people: ['王', '周'],
      instead: 'away',
      missed: ['王', '周'],
    })
  })

  it('never include the applicant, also not as a deputy', () => {
    const given = { applicant: '王', deputies: [{ role: 'manager' as const }] }
    expect(decidersOf([{ role: 'manager' }], 0, given, circle(people, { away: ['周'] })).people).toEqual(['周'])
  })
})

import { describe, expect, it } from 'vitest'
import { hearersOf, restsOn } from '../../src/orders/hearers.ts'
import { afterQuiet, maySpeak, nextMorning, nextSpeaking } from '../../src/orders/quiet.ts'
import type { OrderRole, Person, Role } from '../../src/people/person.ts'
import { policyOf, t } from './journal.ts'

const clock = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'
const quiet = "quietHours: { from: '21:30', to: '07:30' }\ndays: [1, 2, 3, 4, 5, 6]"
const policy = policyOf(clock, quiet)

/** Wednesday, 2026-11-25, unless a case says otherwise. */
const now = t('25 12:00')

function person(id: string, roles: Role[], rest: { restDays?: number[]; daysOff?: string[] } = {}): Person {
  return {
    ...{ company: 'main', id, name: id, mobile: null, platform: null, skills: [], areas: [] },
    ...{ restDays: rest.restDays ?? [], daysOff: rest.daysOff ?? [] },
    memberships: roles.map(role => ({ teamId: 't', team: '一班', role })),
  }
}

const off = { daysOff: ['2026-11-25'] }
const zhang = person('zhang', ['technician'])
const zhao = person('zhao', ['dispatcher'])
const qian = person('qian', ['dispatcher'])
const wang = person('wang', ['manager'])
const resting = ({ id, memberships }: Person) =>
  person(
    id,
    memberships.map(({ role }) => role),
    off,
  )

const hear = (team: Person[], tell: OrderRole[], more: { assignee?: string | null; urgent?: boolean } = {}) => {
  const subject = { teamId: 't', assignee: 'zhang', urgent: false, ...more }
  const { people, until } = hearersOf(tell, subject, team, policy, now)
  return until ? [...people, until] : people
}

describe('who is told', () => {
  it.each<[string, Person[], OrderRole[], Array<string | Date>]>([
    ['the technician in charge', [zhang, zhao, wang], ['technician'], ['zhang']],
    ['all of a role, each once', [zhang, zhao, qian, wang], ['technician', 'dispatcher'], ['zhang', 'zhao', 'qian']],
    ['the next one up where nobody holds the role', [zhang, wang], ['dispatcher'], ['wang']],
    [
      'the dispatcher for a technician who rests',
      [resting(zhang), zhao, wang],
      ['technician'],
      ['zhao', t('26 08:00')],
    ],
    [
      'the dispatcher for a technician on leave, until the first morning he is back',
      [
        {
          ...zhang,
          away: ['2026-11-25', '2026-11-26'].map(day => ({ day, from: 0, to: 1440, type: '事假' })),
        },
        ...[zhao, wang],
      ],
      ['technician'],
      ['zhao', t('27 08:00')],
    ],
    [
      'the technician whose leave begins in the afternoon',
      [{ ...zhang, away: [{ day: '2026-11-25', from: 721, to: 1440, type: '事假' }] }, zhao, wang],
      ['technician'],
      ['zhang'],
    ],
    ['nobody twice', [resting(zhang), zhao, wang], ['technician', 'dispatcher'], ['zhao', t('26 08:00')]],
    ['a dispatcher who works, not the one who rests', [zhang, resting(zhao), qian, wang], ['dispatcher'], ['qian']],
    ['the manager when no dispatcher works', [zhang, resting(zhao), wang], ['dispatcher'], ['wang']],
    ['all of the role when nobody works', [zhang, resting(zhao), resting(wang)], ['dispatcher'], ['zhao']],
    ['managers who rest when no other is there', [zhang, zhao, resting(wang)], ['manager'], ['wang']],
    [
      'the manager for a technician, when no dispatcher works',
      [resting(zhang), resting(zhao), wang],
      ['technician'],
      ['wang', t('26 08:00')],
    ],
    ['a technician who rests, when there is nobody else', [resting(zhang)], ['technician'], ['zhang']],
    ['nobody, when there is nobody', [zhang], ['manager'], []],
  ])('%s', (_, team, tell, expected) => {
    expect(hear(team, tell)).toEqual(expected)
  })

  it('is the desk where nobody has the order', () => {
    expect(hear([zhang, zhao, wang], ['technician'], { assignee: null })).toEqual(['zhao'])
  })

  it('is everybody when it is urgent', () => {
    const team = [resting(zhang), resting(zhao), qian, resting(wang)]
    expect(hear(team, ['technician', 'dispatcher', 'manager'], { urgent: true })).toEqual([
      'zhang',
      'zhao',
      'qian',
      'wang',
    ])
  })

  it('is who left the team but has the order still', () => {
    expect(hear([zhao], ['technician'])).toEqual(['zhang'])
  })

  it('never waits for a technician who has no working day', () => {
    const never = person('zhang', ['technician'], { restDays: [1, 2, 3, 4, 5, 6, 7] })
    expect(hear([never, zhao], ['technician'])).toEqual(['zhang'])
  })

  it('by weekdays and days off of a person, not by those of the team', () => {
    expect(restsOn(person('a', [], { restDays: [3] }), policy, now)).toBe(true)
    expect(restsOn(person('a', [], off), policy, now)).toBe(true)
    expect(restsOn(person('a', [], off), policy, t('26 00:00'))).toBe(false)
    // A Sunday: what reminders do then is the policy's business.
    expect(restsOn(zhang, policy, t('29 12:00'))).toBe(false)
  })
})

describe('the next working morning', () => {
  const morning = (under: typeof policy, at: string, suits: (day: Date) => boolean = () => true) =>
    nextMorning(under, t(at), suits)

  it.each([
    ['25 12:00', '26 08:00'],
    ['25 00:00', '26 08:00'],
    // Saturday: Sunday is off.
    ['28 12:00', '30 08:00'],
  ])('after %s is %s', (at, then) => {
    expect(morning(policy, at)).toEqual(t(then))
  })

  it.each([
    [
      'the end of the quiet hours when work begins before it',
      "hours: ['06:00-12:00']\nquietHours: { from: '21:30', to: '07:30' }",
      '26 07:30',
    ],
    ['not midnight where work runs round the clock', 'calendar: { roundTheClock: true }', '26 07:00'],
    ['its opening, however late', "hours: ['14:00-22:00']", '26 14:00'],
  ])('is %s', (_, rest, then) => {
    expect(morning(policyOf(clock, rest), '25 12:00')).toEqual(t(then))
  })

  it('is one that suits, or none', () => {
    expect(morning(policyOf(clock, `hours: ['22:00-23:30']\n${quiet}`), '25 12:00')).toBeNull()
    expect(morning(policy, '25 12:00', day => day >= t('2026-12-02 00:00'))).toEqual(t('2026-12-02 08:00'))
    expect(morning(policy, '25 12:00', () => false)).toBeNull()
  })

  it('is waited for on days off that the policy keeps, and only there', () => {
    const kept = policyOf(clock, `${quiet}\nnudges: { days: workdays }`)
    expect([maySpeak(kept, t('28 12:00')), maySpeak(kept, t('29 12:00')), maySpeak(kept, t('30 07:29'))]).toEqual([
      true,
      false,
      false,
    ])
    expect(nextSpeaking(kept, t('28 12:00'))).toEqual(t('28 12:00'))
    expect(nextSpeaking(kept, t('28 22:00'))).toEqual(t('30 08:00'))
    expect(nextSpeaking(kept, t('29 12:00'))).toEqual(t('30 08:00'))
    expect(nextSpeaking(kept, t('29 22:00'))).toEqual(afterQuiet(kept, t('29 22:00')))
    expect([maySpeak(policy, t('29 12:00')), nextSpeaking(policy, t('29 12:00'))]).toEqual([true, t('29 12:00')])
  })

  it('is found again and again: no moment is one at which nobody may ever be spoken to', () => {
    const kept = policyOf(clock, `${quiet}\nnudges: { days: workdays }`)
    for (let hours = 0; hours < 24 * 14; hours++) {
      const at = nextSpeaking(kept, new Date(t('23 00:17').getTime() + hours * 3_600_000))
      expect(maySpeak(kept, at)).toBe(true)
    }
  })
})

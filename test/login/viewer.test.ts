import { describe, expect, it } from 'vitest'
import {
  isSelf,
  keepsMonth,
  manages,
  mayDispatchIn,
  maySeePerson,
  maySeeTeam,
  teamsSeen,
  type Viewer,
  viewerFrom,
} from '../../src/login/viewer.ts'
import type { Role } from '../../src/people/person.ts'

const viewer = (...memberships: Array<[teamId: string, role: Role]>): Viewer =>
  viewerFrom(
    { id: 'me', name: '我', memberships: memberships.map(([teamId, role]) => ({ teamId, team: `${teamId}班`, role })) },
    'wecom',
    2,
  )

const people = {
  technician: viewer(['A', 'technician']),
  dispatcher: viewer(['A', 'dispatcher']),
  manager: viewer(['A', 'manager']),
  /** A technician here, at the desk there. */
  mixed: viewer(['A', 'technician'], ['B', 'dispatcher']),
  both: viewer(['A', 'technician'], ['A', 'manager']),
  finance: viewer(['A', 'finance']),
  head: viewer(['A', 'manager'], ['B', 'manager']),
  nobody: viewer(),
}

describe('what a viewer may', () => {
  // see A, dispatch in A, manages A, see B, dispatch in B, manages B, of the whole company
  it.each([
    ['technician', '-------'],
    ['dispatcher', 'sd-----'],
    ['manager', 'sdm----'],
    ['mixed', '---sd--'],
    ['both', 'sdm----'],
    ['head', 'sdmsdmc'],
    ['finance', '-------'],
    ['nobody', '-------'],
  ] as const)('%s: %s', (who, expected) => {
    const one = people[who]
    const marks = ['A', 'B'].flatMap(team => [
      maySeeTeam(one, team) ? 's' : '-',
      mayDispatchIn(one, team) ? 'd' : '-',
      manages(one, team) ? 'm' : '-',
    ])
    expect([...marks, one.isCompanyManager ? 'c' : '-'].join('')).toBe(expected)
  })

  it.each([
    ['technician', 'me', ['B'], true],
    ['technician', 'other', ['A'], false],
    ['dispatcher', 'other', ['A'], true],
    ['dispatcher', 'other', ['B'], false],
    ['dispatcher', 'other', ['B', 'A'], true],
    ['dispatcher', 'other', [], false],
    ['mixed', 'other', ['A'], false],
  ] as const)('%s sees %s of %o: %s', (who, personId, teams, may) =>
    expect(maySeePerson(people[who], personId, teams)).toBe(may),
  )

  it('keeps the month where he manages or is of finance', () =>
    expect(
      (['technician', 'dispatcher', 'manager', 'finance', 'nobody'] as const).map(who => keepsMonth(people[who], 'A')),
    ).toEqual([false, false, true, true, false]))

  it('is himself', () => expect([isSelf(people.head, 'me'), isSelf(people.head, 'other')]).toEqual([true, false]))

  it('sees all of the teams whose desk he runs', () =>
    expect([teamsSeen(people.mixed), teamsSeen(people.head), teamsSeen(people.technician)]).toEqual([
      ...[['B'], ['A', 'B'], []],
    ]))

  it('has each team once, with every role', () =>
    expect(people.both.teams).toEqual([{ teamId: 'A', team: 'A班', roles: ['technician', 'manager'] }]))

  it('is no company manager where there is no team', () =>
    expect(viewerFrom({ id: 'x', name: '王', memberships: [] }, 'wecom', 0).isCompanyManager).toBe(false))
})

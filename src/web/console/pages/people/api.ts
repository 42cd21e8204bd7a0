import type {
  DoublePerson,
  PeopleTerms,
  PersonPage,
  PlatformName,
  Roster,
  Teams,
} from '../../../../console/peoplewire.ts'
import { ask, change, download, Trouble, troubleWords } from '../../../shared/ask.ts'

const base = '/console/api'
const person = (id: string) => `${base}/people/${id}`

/** His page, or that he is not the viewer's to see any more. */
export type Changed = PersonPage | { gone: string }

export const loadPeople = (query: Record<string, string>): Promise<Roster> =>
  ask(`${base}/people?${new URLSearchParams(query)}`)
export const loadTerms = (): Promise<PeopleTerms> => ask(`${base}/people/terms`)
export const loadDoubles = (query: Record<string, string>): Promise<{ items: DoublePerson[] }> =>
  ask(`${base}/people/doubles?${new URLSearchParams(query)}`)
export const loadPerson = (id: string): Promise<PersonPage> => ask(person(id))
export const enterPerson = (input: object): Promise<PersonPage> => ask(`${base}/people`, change('POST', input))
export const patchPerson = (id: string, input: object): Promise<Changed> => ask(person(id), change('PATCH', input))
export const joinTeam = (id: string, team: string, input: object): Promise<Changed> =>
  ask(`${person(id)}/teams/${team}`, change('PUT', input))
export const quitTeam = (id: string, team: string, input: object): Promise<Changed> =>
  ask(`${person(id)}/teams/${team}/quit`, change('POST', input))
export const leaveCompany = (id: string, input: object): Promise<Changed> =>
  ask(`${person(id)}/leave`, change('POST', input))
export const bindAccount = (id: string, platform: PlatformName, userId: string): Promise<Changed> =>
  ask(`${person(id)}/accounts/${platform}`, change('PUT', { userId }))
export const unbindAccount = (id: string, platform: PlatformName): Promise<Changed> =>
  ask(`${person(id)}/accounts/${platform}`, change('DELETE'))
export const makeCode = (id: string): Promise<{ words: string }> => ask(`${person(id)}/code`, change('POST', {}))
export const signOutPerson = (id: string): Promise<PersonPage> => ask(`${person(id)}/signout`, change('POST', {}))

export const downloadPerson = (id: string): Promise<void> => download(`${person(id)}/data`)
export const erasePerson = (id: string): Promise<unknown> => ask(`${person(id)}/erase`, change('POST'))

export const loadTeams = (): Promise<Teams> => ask(`${base}/teams`)
export const enterTeam = (input: object): Promise<{ id: string }> => ask(`${base}/teams`, change('POST', input))
export const patchTeam = (id: string, input: object): Promise<Teams> =>
  ask(`${base}/teams/${id}`, change('PATCH', input))
export const unbindGroup = (id: string, input: object): Promise<Teams> =>
  ask(`${base}/teams/${id}/unbind`, change('POST', input))

/** A trouble in the page's own words where it is about fields it knows. */
export function worded(error: unknown, faults: Readonly<Record<string, string>>): Error {
  if (!(error instanceof Trouble)) return new Trouble(troubleWords(error), 0)
  const known = error.faults.flatMap(
    ({ path }) => faults[path.split('.').at(-1) ?? ''] ?? faults[path.split('.')[0] ?? ''] ?? [],
  )
  return known.length > 0 ? new Trouble([...new Set(known)].join(' '), error.status, error.faults) : error
}

import type {
  IncidentAct,
  IncidentCatalogue,
  IncidentChoices,
  IncidentDetails,
  IncidentDone,
  IncidentList,
  IncidentPreview,
  IncidentWaiting,
  IncidentWish,
} from '../../../../console/incidentwire.ts'
import { ask, change } from '../../../shared/ask.ts'

const base = '/console/api/incidents'
const one = (code: string) => `${base}/list/${encodeURIComponent(code)}`

export const loadWaiting = (): Promise<IncidentWaiting> => ask(`${base}/waiting`)

export const loadChoices = (): Promise<IncidentChoices> => ask(`${base}/choices`)

export const loadIncidents = (query: Record<string, string>): Promise<IncidentList> =>
  ask(`${base}/list?${new URLSearchParams(query)}`)

export const loadIncident = (code: string): Promise<IncidentDetails> => ask(one(code))

/** What is done to an incident, with what it needs besides. */
export interface Deed {
  act: IncidentAct
  version: number
  words?: string
  amount?: string
  points?: number
}

export const act = (code: string, deed: Deed): Promise<IncidentDone> => ask(one(code), change('POST', deed))

export const addPhoto = (code: string, file: Blob): Promise<IncidentDetails> =>
  ask(`${one(code)}/photos`, change('POST', file))

export const photoUrl = (code: string, id: string): string => `${one(code)}/photos/${id}`

export const loadCatalogue = (query: Record<string, string>): Promise<IncidentCatalogue> =>
  ask(`${base}/catalogue?${new URLSearchParams(query)}`)

export const preview = (wish: IncidentWish): Promise<IncidentPreview> => ask(`${base}/preview`, change('POST', wish))

export const enter = (wish: IncidentWish): Promise<IncidentDone> => ask(`${base}/list`, change('POST', wish))

import type {
  LeaveAct,
  LeaveCalendar,
  LeaveDetails,
  LeaveDone,
  LeaveForm,
  LeaveList,
  LeavePlan,
  LeaveWaiting,
  LeaveWish,
} from '../../../../console/leavewire.ts'
import { ask, change } from '../../../shared/ask.ts'

const base = '/console/api/leave'
const request = (code: string) => `${base}/requests/${encodeURIComponent(code)}`

export const loadWaiting = (): Promise<LeaveWaiting> => ask(`${base}/waiting`)

export const loadCalendar = (query: Record<string, string>): Promise<LeaveCalendar> =>
  ask(`${base}/calendar?${new URLSearchParams(query)}`)

export const loadRequests = (query: Record<string, string>): Promise<LeaveList> =>
  ask(`${base}/requests?${new URLSearchParams(query)}`)

export const loadRequest = (code: string): Promise<LeaveDetails> => ask(request(code))

/** What is done to a request, with what it needs besides. */
export interface Deed {
  act: LeaveAct
  version: number
  words?: string
  from?: { day: string; minute: number }
  to?: { day: string; minute: number }
  days?: number
}

export const act = (code: string, deed: Deed): Promise<LeaveDone> => ask(request(code), change('POST', deed))

export const proofUrl = (code: string, id: string): string => `${request(code)}/proofs/${id}`

export const loadForm = (team: string): Promise<LeaveForm> => ask(`${base}/form${team ? `?team=${team}` : ''}`)

export const plan = (wish: LeaveWish): Promise<LeavePlan> => ask(`${base}/plan`, change('POST', wish))

export const askFor = (wish: LeaveWish): Promise<LeaveDone> => ask(`${base}/requests`, change('POST', wish))

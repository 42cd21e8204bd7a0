import type { Board, CallsPage, Candidate, DeskWish, LoadPage, OrderPage, Pasted } from '../../../../console/wire.ts'
import { ask, change } from '../../../shared/ask.ts'

const api = '/console/api'
const order = (code: string) => `${api}/orders/${encodeURIComponent(code)}`
const query = (given: Record<string, string>) => (Object.keys(given).length > 0 ? `?${new URLSearchParams(given)}` : '')

export const loadBoard = (given: Record<string, string>): Promise<Board> => ask(`${api}/board${query(given)}`)

export const loadPeople = (team: string): Promise<LoadPage> => ask(`${api}/load${query(team ? { team } : {})}`)

export const loadCalls = (team: string): Promise<CallsPage> => ask(`${api}/calls${query(team ? { team } : {})}`)

export const loadOrder = (code: string): Promise<OrderPage> => ask(order(code))

export const loadCandidates = (code: string): Promise<{ items: Candidate[] }> => ask(`${order(code)}/candidates`)

export const doToOrder = (code: string, wish: DeskWish): Promise<OrderPage> =>
  ask(`${order(code)}/do`, change('POST', wish))

export const readPasted = (team: string, text: string): Promise<Pasted> =>
  ask(`${api}/orders/read`, change('POST', { team, text }))

/** `key` is the form's own: pressed twice, there is one order. */
export function openOrder(input: object, key: string): Promise<OrderPage> {
  const request = change('POST', input)
  return ask(`${api}/orders`, { ...request, headers: { ...request.headers, 'Idempotency-Key': key } })
}

export const photoAt = (code: string, id: string): string => `${order(code)}/media/${id}`

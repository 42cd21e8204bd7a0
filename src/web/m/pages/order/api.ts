import type { StepDone, StepWish } from '../../../../mobile/wire.ts'
import { ask, change, haveSession, Trouble } from '../../../shared/ask.ts'
import { newId } from '../../shared/newid.ts'

/** Where an order is read. */
export const orderAt = (code: string) => `/m/api/orders/${encodeURIComponent(code)}`

/** A step on its way. Its key stays the same until there is an answer, so that sending it again takes it once. */
export interface Sent {
  key: string
  seen: number
  wish: StepWish
}

export const newStep = (seen: number, wish: StepWish): Sent => ({ key: newId(), seen, wish })

export async function sendStep(code: string, step: Sent): Promise<StepDone> {
  await haveSession()
  return ask(`${orderAt(code)}/steps`, change('POST', step))
}

/** Nobody knows whether it arrived. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Trouble && (error.status === 0 || error.status >= 500)

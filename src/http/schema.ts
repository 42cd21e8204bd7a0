import { z } from 'zod'

export { type OrderInput, orderInput } from '../orders/input.ts'

/** Shapes of the order API (design.md §10). */

const text = (max: number) => z.string().trim().min(1).max(max)

/** `note`: what the technician has to know (交接). */
export const assignInput = z.strictObject({ person: text(80), note: text(200).optional() })
export const cancelInput = z.strictObject({ reason: text(200) })

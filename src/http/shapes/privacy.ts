import { z } from 'zod'
import { phone } from '../../orders/input.ts'
import { named } from './common.ts'

const section = z.strictObject({
  title: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.string())),
})

export const customerInput = named(
  'CustomerInput',
  z.strictObject({
    phone: phone.describe('His number; in the body, since addresses are written into logs on the way'),
  }),
)

export const customerData = named(
  'CustomerData',
  z.strictObject({
    orders: z.int(),
    open: z.array(z.string()).describe('Codes of orders still under way'),
    sections: z.array(section),
  }),
  'All that is kept of a customer, as tables with Chinese heads.',
)

export const customerErased = named(
  'CustomerErased',
  z.strictObject({
    erased: z.array(z.string()).describe('Codes of orders that hold nothing of him any more'),
    open: z.array(z.string()).describe('Codes of orders still under way: they keep what is needed to do them'),
  }),
)

export const personData = named(
  'PersonData',
  z.strictObject({ sections: z.array(section) }),
  'All that is kept of somebody who works or worked here, as tables with Chinese heads.',
)

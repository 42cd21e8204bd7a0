import { z } from 'zod'

/** What is said of a new order by programs and tables (design.md §10). */

const text = (max: number) => z.string().trim().min(1).max(max)

/** A mobile, or a landline with area code and optional extension; spaces and dashes are taken out of mobiles. */
export const phone = z
  .string()
  .trim()
  .transform(given =>
    /^(\+?86)?[\s-]*1[\d\s-]{10,14}$/.test(given) ? given.replace(/^\+?86/, '').replace(/\D/g, '') : given,
  )
  .refine(
    given =>
      /^1\d{10}$/.test(given) ||
      /^(0\d{2,3}-?)?[2-9]\d{6,7}([-转]\d{1,6})?$/.test(given) ||
      /^400-?\d{3}-?\d{4}$/.test(given),
    'must be a mobile (13800001234) or a landline (0371-60001234-802)',
  )

/** What the unit was bought for, in yuan: `3299`, `3299.5` or `3299.00`; kept with two places. */
const price = z
  .string()
  .trim()
  .regex(/^(?=.*[1-9])\d{1,8}(\.\d{1,2})?$/, 'must be an amount above zero in quotes, e.g. "3299.00"')
  .transform(given => {
    const [whole = '', places = ''] = given.split('.')
    return `${whole.replace(/^0+(?=\d)/, '')}.${places.padEnd(2, '0')}`
  })

export const orderInput = z.strictObject({
  team: text(80).describe('Name or id of the team'),
  kind: z.enum(['install', 'repair', 'complaint', 'revisit']).default('repair'),
  urgent: z.boolean().default(false),
  customer: z.strictObject({
    name: text(60),
    phone: phone.describe('A mobile, or a landline with area code and extension'),
    address: text(200),
    zone: text(40).optional().describe('As people’s areas name it: 金水区'),
    distanceKm: z.number().min(0).max(5000).optional(),
    key: z.boolean().optional().describe('A customer the policy’s limits single out (重点客户)'),
    gone: z.boolean().optional(),
  }),
  product: z
    .strictObject({ brand: text(40).optional(), model: text(60).optional(), serial: text(60).optional() })
    .default({}),
  fault: text(500),
  category: text(40).optional().describe('Kind of fault or job, in the company’s own words'),
  units: z.number().int().min(1).max(999).optional().describe('Units of one customer that come in together'),
  warranty: z.enum(['in', 'out']).optional(),
  invoice: z
    .strictObject({ date: z.iso.date({ error: 'must be the day of the invoice, e.g. 2026-11-03' }), price })
    .optional(),
  wantedAt: z.iso
    .datetime({ offset: true, error: 'must be an ISO time with its offset, e.g. 2026-11-24T10:00:00+08:00' })
    .optional()
    .describe('When the customer wants somebody to come'),
  externalId: text(100).optional().describe('The number it has with you: unique'),
  assign: text(80).optional().describe('Name or id of the technician who gets it; the policy’s way unless told'),
})

export type OrderInput = z.infer<typeof orderInput>

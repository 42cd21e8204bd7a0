import { z } from 'zod'
import { listOf, orderKind } from './terms.ts'

const minHelp = 'must be a whole number of photos from 1 to 20'

const photos = z
  .strictObject({
    min: z.int({ error: minHelp }).min(1, minHelp).max(20, minHelp),
    /** What they have to show, in the shop's own words: 铭牌, 条码. */
    of: listOf(z.string().trim().min(1).max(12, 'has no room on a phone: at most 12 characters')).default([]),
  })
  .check(({ value, issues }) => {
    const say = (message: string, path: PropertyKey[]) =>
      issues.push({ code: 'custom', message, input: value, path, continue: true })
    if (value.of.length > value.min) say(`is less than the ${value.of.length} kinds in \`of\``, ['min'])
    for (const [index, kind] of value.of.entries())
      if (value.of.indexOf(kind) < index) say('is there twice', ['of', index])
  })

const when = z
  .strictObject({
    kind: listOf(orderKind).optional(),
    warranty: z.enum(['in', 'out'], { error: 'must be in (保内) or out (保外)' }).optional(),
    category: listOf(z.string().min(1)).optional(),
  })
  .refine(value => Object.keys(value).length > 0, { error: 'has no condition: leave `when` out or name one' })

const rule = z
  .strictObject({
    when: when.optional(),
    photos: photos.optional(),
    /** The customer has to have signed on the order's page. */
    signature: z.literal(true, { error: 'must be true: leave it out where nobody has to sign' }).optional(),
  })
  .refine(value => value.photos || value.signature, {
    error: 'asks for nothing: write `photos`, `signature: true` or both',
  })

/** What has to be there before work may be reported done (完工凭证, R1.4). The first rule that fits the order holds. */
export const evidenceRule = z.strictObject({
  complete: z
    .array(rule)
    .default([])
    .check(({ value, issues }) => {
      const all = value.findIndex(rule => rule.when === undefined)
      if (all >= 0 && all < value.length - 1)
        issues.push({
          ...{ code: 'custom', message: `is never reached: complete[${all}] takes all orders`, input: value },
          ...{ path: [all + 1], continue: true },
        })
    }),
})

export type CompletionRule = z.output<typeof evidenceRule>['complete'][number]

import { z } from 'zod'

/** A card has room for so many to choose from. */
const most = 6

const route = z.strictObject({
  /** On a button, so it is short: 产品质量. */
  subject: z.string().min(1).max(8, 'has no room on a button: at most 8 characters'),
  words: z.array(z.string().min(1)).default([]),
  /** Who deals with it: 市场部. */
  to: z.string().min(1).max(12, 'has no room on a card: at most 12 characters'),
})

/** Where complaints go by what they are about (R1.13). */
export const complaintRules = z
  .array(route)
  .max(most, `are more than a card has room for: at most ${most}`)
  .check(context => {
    for (const [index, { subject }] of context.value.entries())
      if (context.value.findIndex(other => other.subject === subject) < index)
        context.issues.push({
          ...{ code: 'custom', message: 'is there twice', continue: true },
          ...{ input: context.value, path: [index, 'subject'] },
        })
  })

export type ComplaintRoute = z.output<typeof route>

/**
 * Where a complaint goes, or null when that is to be asked: nothing fits, or several that go to different places. The
 * category decides where it names a subject; else its words and the customer's do.
 */
export function routeOf(
  routes: readonly ComplaintRoute[],
  { category, text }: { category?: string | undefined; text: string },
): ComplaintRoute | null {
  const named = routes.find(({ subject }) => subject === category)
  if (named) return named
  const said = `${category ?? ''}\n${text}`
  const fitting = routes.filter(({ subject, words }) => [subject, ...words].some(word => said.includes(word)))
  return new Set(fitting.map(({ to }) => to)).size === 1 ? (fitting[0] ?? null) : null
}

/** The one that is meant by a subject or a department, said in full or in part; null when none is, or several are. */
export function routeNamed(routes: readonly ComplaintRoute[], said: string): ComplaintRoute | null {
  const whole = routes.find(({ subject, to }) => subject === said || to === said)
  if (whole || said === '') return whole ?? null
  const fitting = routes.filter(({ subject, to }) =>
    [subject, to].some(name => name.includes(said) || said.includes(name)),
  )
  return new Set(fitting.map(({ to }) => to)).size === 1 ? (fitting[0] ?? null) : null
}

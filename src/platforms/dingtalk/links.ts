import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'

/** What a link on an ActionCard does when it is opened and confirmed. */
export interface Deed {
  userId: string
  /** The card it stands on. */
  taskId: string
  payload: string
  /** The button's label, for the page that asks. */
  text: string
  /** What the card was about, e.g. `派工单 1024`. */
  title: string
}

const shape = z.strictObject({
  u: z.string().min(1),
  k: z.string(),
  p: z.string(),
  t: z.string(),
  h: z.string(),
  e: z.number(),
})
const lifeMs = 3 * 86_400_000
const longest = 4_000

/**
 * Signed links: whoever has one may do this one thing as this one person, for three days. They are sent to him alone, and
 * the page asks before it does anything, since clients open links to preview them.
 */
export class Links {
  private readonly key: Buffer

  constructor(
    secret: string,
    private readonly page: string,
  ) {
    this.key = createHmac('sha256', secret).update('paigong tap links').digest()
  }

  write({ userId, taskId, payload, text, title }: Deed, now: Date): string {
    const told = { u: userId, k: taskId, p: payload, t: text, h: title, e: now.getTime() + lifeMs }
    const body = Buffer.from(JSON.stringify(told)).toString('base64url')
    return `${this.page}?t=${body}.${this.sign(body)}`
  }

  /** Null when it is forged, or too old. */
  read(token: string, now: Date): Deed | null {
    if (token.length > longest) return null
    const [body = '', sign = '', ...more] = token.split('.')
    // Whoever may put something behind a link has many links, each of which would act once.
    if (more.length > 0) return null
    const given = Buffer.from(sign)
    const wanted = Buffer.from(this.sign(body))
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null
    const parsed = shape.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()))
    if (!parsed.success || parsed.data.e < now.getTime()) return null
    const { u, k, p, t, h } = parsed.data
    return { userId: u, taskId: k, payload: p, text: t, title: h }
  }

  private sign(body: string): string {
    return createHmac('sha256', this.key).update(body).digest('base64url')
  }
}

import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { HttpProblem } from './problem.ts'

export interface Answered {
  status: number
  body: object
}

/**
 * Does a program's request once for each `Idempotency-Key`: its retry gets the first answer again. The key is taken in
 * the transaction of the work, so that a second request waits for the first, and one that failed leaves no trace.
 * @throws HttpProblem 422 when the key came with another body before, 400 when it is too long
 */
export async function once(
  ctx: Context,
  request: { route: string; key: string | undefined; raw: string },
  work: (tx: Tx) => Promise<Answered>,
): Promise<Answered> {
  const { route, key, raw } = request
  if (!key) return inTransaction(ctx.db, work)
  if (key.length > 200)
    throw new HttpProblem(400, 'Bad Idempotency-Key', 'An Idempotency-Key may have 200 characters at most.')
  const requestHash = createHash('sha256').update(raw).digest('hex')
  const where = { company_route_key: { company: ctx.company, route, key } }
  const answer = await inTransaction(ctx.db, async tx => {
    const taken = await tx.idempotency.createMany({
      data: [{ company: ctx.company, route, key, requestHash, createdAt: ctx.clock.now() }],
      skipDuplicates: true,
    })
    if (taken.count === 0) return null
    const made = await work(tx)
    await tx.idempotency.update({
      where,
      data: { status: made.status, body: JSON.parse(JSON.stringify(made.body)) as Prisma.InputJsonObject },
    })
    return made
  })
  if (answer) return answer
  const before = await ctx.db.prisma.idempotency.findUniqueOrThrow({ where })
  if (before.requestHash !== requestHash)
    throw new HttpProblem(
      422,
      'Idempotency-Key used before',
      'This Idempotency-Key came with another body before. Use a new key for a new request.',
    )
  return { status: before.status ?? 200, body: before.body as object }
}

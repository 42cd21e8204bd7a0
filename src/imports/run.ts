import { setImmediate as breathe } from 'node:timers/promises'
import { audit } from '../audit/store.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { added, heldMs, nothing, type Result } from './import.ts'
import { importRows } from './kinds.ts'
import { dropPart, firstPart, type ImportRecord, leftOver, lockImport, moveImport, postpone } from './store.ts'

/** The work on confirmed imports: part by part, whoever does it. */

/** Parts done while somebody waits for the answer, and in one beat of the engine. */
const partsInRequest = 20
const partsInBeat = 2

/**
 * Imports what is left of an import. With `handOver` it stops after some parts and leaves the rest to the engine at once.
 * Two who do this at the same time take turns: the import's row is locked for each part.
 */
export async function goOn(ctx: Context, id: string, { handOver = false, most = partsInRequest } = {}): Promise<void> {
  for (let part = 0; part < most; part++) {
    const more = await inTransaction(ctx.db, tx => onePart(tx, ctx, id), { retryUnique: true })
    ctx.ring()
    if (!more) return
    await breathe()
  }
  if (handOver) await postpone(ctx.db.prisma, ctx.company, id, ctx.clock.now())
  ctx.ring()
}

/** One transaction: the rows are imported, and taken off the list of what is left. False when nothing is. */
async function onePart(tx: Tx, ctx: Context, id: string): Promise<boolean> {
  const found = await lockImport(tx, ctx.company, id)
  if (found?.state !== 'importing') return false
  const part = await firstPart<{ row: number }>(tx, ctx.company, id)
  const now = ctx.clock.now()
  const before = found.result ?? nothing
  if (!part) return done(tx, ctx, found, before)
  const result = added(before, await rowsDone(tx, ctx, found, part.rows))
  await dropPart(tx, ctx.company, id, part.part)
  const through = { done: found.done + part.rows.length, result }
  if (part.last) return done(tx, ctx, { ...found, ...through }, result)
  await moveImport(tx, ctx.company, id, { state: 'importing', ...through, nextAt: new Date(now.getTime() + heldMs) })
  return true
}

/** What can't be done at all any more (its month was locked this moment) fails with the reason, and is not tried for ever. */
async function rowsDone(tx: Tx, ctx: Context, found: ImportRecord, rows: Array<{ row: number }>): Promise<Result> {
  try {
    return await importRows(tx, ctx, found, rows)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...nothing, failed: rows.length, notes: [{ row: rows[0]?.row ?? 1, message: error.message }] }
  }
}

async function done(tx: Tx, ctx: Context, found: ImportRecord, result: Result): Promise<false> {
  const importedAt = ctx.clock.now()
  const { id, done, kind, fileName, by, via } = found
  await moveImport(tx, ctx.company, id, { state: 'imported', done, result, importedAt, nextAt: null })
  const { imported, updated, skipped, failed } = result
  await audit(tx, ctx, {
    ...{ personId: by, via, action: 'import.done', subject: id, ip: '' },
    data: { kind, file: fileName, imported, updated, skipped, failed },
  })
  return false
}

/** Goes on with imports that nobody is at: handed over, or left by a process that died. Returns how many. */
export async function sweepImports(ctx: Context, stopping: () => boolean): Promise<number> {
  const ids = await leftOver(ctx.db.prisma, ctx.company, ctx.clock.now())
  for (const id of ids) {
    if (stopping()) break
    await goOn(ctx, id, { handOver: true, most: partsInBeat })
  }
  return ids.length
}

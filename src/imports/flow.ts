import { createHash } from 'node:crypto'
import { audit } from '../audit/store.ts'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid, Refusal } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Team } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { badRows, heldMs, keptMs, nothing } from './import.ts'
import { type Asked, judge, objectTo } from './kinds.ts'
import { goOn } from './run.ts'
import {
  dropImport,
  entriesOf,
  type ImportRecord,
  importById,
  lockFile,
  lockImport,
  moveImport,
  sameFile,
  saveImport,
} from './store.ts'
import { type Fault, Unreadable } from './table.ts'
import { changedText, expiredText, faultyText, runningText, sameFileText } from './words.ts'

/** Who imports or exports: a program by its token, or a person on a page. */
export interface Who {
  personId: string | null
  via: 'api' | 'page'
  /** Without its last part. */
  ip: string
  token: string | null
  /** Teams he may do it for; null: all. */
  teamIds: readonly string[] | null
}

export type Sent = Asked & { bytes: Buffer; fileName: string | null }

/**
 * Reads a table and keeps what was understood for a day, until it is confirmed. Nothing is imported. @throws Invalid 422
 * for what is no table, Refusal for a team that is not his or a month that is locked
 */
export async function previewImport(ctx: Context, who: Who, sent: Sent): Promise<ImportRecord> {
  const { kind, team, month, bytes, fileName } = sent
  mustBeHis(who, team)
  const now = ctx.clock.now()
  const hash = createHash('sha256').update(bytes).digest('hex')
  const judged = await judge(ctx, sent, bytes, who.teamIds).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error
    throw new Invalid(error.message, [{ path: 'file', message: error.message }])
  })
  const { total, known, entries, ...told } = judged
  const id = newId(now)
  const teamId = team?.id ?? null
  return inTransaction(ctx.db, async tx => {
    const before = await sameFile(tx, ctx.company, { kind, teamId, month, hash })
    const warnings = before ? [await sayBefore(tx, ctx, before), ...told.warnings] : told.warnings
    const made = {
      ...{ id, kind, teamId, month, hash, fileName, total, good: entries.length, known, ...told, warnings },
      ...{ badRows: badRows(told.faults), by: who.personId, via: who.via, token: who.token },
      ...{ createdAt: now, expiresAt: new Date(now.getTime() + keptMs) },
    }
    await saveImport(tx, ctx.company, made, entries)
    return needImport(await importById(tx, ctx.company, id))
  })
}

function mustBeHis({ teamIds }: Who, team: Team | null): void {
  if (teamIds === null || (team && teamIds.includes(team.id))) return
  throw new Refusal('role', team ? `「${team.name}」不是您的班组，不能导入。` : '请选要导入的班组。')
}

async function sayBefore(
  tx: Tx,
  ctx: Context,
  { importedAt, createdAt, by, token }: Awaited<ReturnType<typeof sameFile>> & object,
): Promise<string> {
  const name = by === null ? token : ((await namesOf(tx, ctx.company, [by])).get(by) ?? null)
  return sameFileText(importedAt ?? createdAt, name, ctx.clock.now())
}

function needImport(found: ImportRecord | null): ImportRecord {
  if (!found) throw new Error('an import just written is there')
  return found
}

/** The import, if it is there and his to see. */
export async function importFor(
  tx: Tx,
  ctx: Context,
  { teamIds }: Pick<Who, 'teamIds'>,
  id: string,
): Promise<ImportRecord | null> {
  return his(await importById(tx, ctx.company, id), teamIds)
}

const his = (found: ImportRecord | null, teamIds: Who['teamIds']): ImportRecord | null =>
  teamIds === null || (found?.teamId && teamIds.includes(found.teamId)) ? found : null

/**
 * Imports what a preview showed, once: whoever confirms again, at once or later, gets the same result. All its rows are
 * judged again first; where one of them is not as it was, nothing is imported. From then on nothing stops it: parts of the
 * table are imported one after the other, each in a transaction that also takes it off the list, so that it goes on after
 * a crash where it was. Of many rows only the first are done here, the rest by the engine (`importing`). Null: no such import.
 * @throws Invalid 409 with the faults, Refusal
 */
export async function confirmImport(ctx: Context, who: Who, id: string): Promise<ImportRecord | null> {
  const begun = await inTransaction(ctx.db, tx => begin(tx, ctx, who, id))
  if (!begun) return null
  if (begun.state === 'importing') await goOn(ctx, id, { handOver: true })
  return importById(ctx.db.prisma, ctx.company, id)
}

async function begin(tx: Tx, ctx: Context, who: Who, id: string): Promise<ImportRecord | null> {
  const found = his(await lockImport(tx, ctx.company, id), who.teamIds)
  if (!found || found.state === 'importing' || found.state === 'imported') return found
  const now = ctx.clock.now()
  if (found.expiresAt <= now) throw new Refusal('expired', expiredText)
  if (found.state === 'faulty') throw refused(faultyText(found.badRows.length), found.faults)
  await lockFile(tx, ctx.company, found)
  const same = await sameFile(tx, ctx.company, found)
  if (same) {
    const result = { ...nothing, skipped: found.total, sameAs: same.id }
    await moveImport(tx, ctx.company, id, { state: 'imported', result, importedAt: now, nextAt: null })
  } else {
    const faults = await objectTo(tx, ctx, found, await entriesOf(tx, ctx.company, id), who.teamIds)
    if (faults.length > 0) throw refused(changedText(badRows(faults).length), faults)
    const result = { ...nothing, skipped: found.known }
    const nextAt = new Date(now.getTime() + heldMs)
    // Whose orders they are is who confirmed them.
    const own = { by: who.personId, via: who.via, token: who.token }
    await moveImport(tx, ctx.company, id, { state: 'importing', done: found.known, result, nextAt, ...own })
  }
  await audit(tx, ctx, {
    ...{ personId: who.personId, via: who.via, action: 'import.confirm', subject: id, ip: who.ip },
    data: { ...said(found), same: same?.id ?? null, token: who.token },
  })
  return needImport(await importById(tx, ctx.company, id))
}

/** What is written down of an import: never what is in it. */
export const said = ({ kind, fileName, total, good, known }: ImportRecord) => ({
  kind,
  file: fileName,
  total,
  good,
  known,
})

const refused = (message: string, faults: readonly Fault[]): Invalid =>
  new Invalid(
    message,
    faults.map(({ row, column, message }) => ({ path: column === null ? `${row}` : `${row}.${column}`, message })),
    409,
  )

/** Throws a preview away; false where there is none. @throws Refusal once it was confirmed */
export async function discardImport(ctx: Context, who: Who, id: string): Promise<boolean> {
  return inTransaction(ctx.db, async tx => {
    const found = his(await lockImport(tx, ctx.company, id), who.teamIds)
    if (!found) return false
    if (found.state === 'importing' || found.state === 'imported') throw new Refusal('confirmed', runningText)
    await dropImport(tx, ctx.company, id)
    return true
  })
}

import { DateTime } from 'luxon'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { peopleOf } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { accountsOn } from './find.ts'
import type { Watched } from './look.ts'
import { type Cell, readSheet, type SheetProblem, type SheetRow } from './sheet.ts'
import { addMarks, type NewMark } from './store.ts'
import { lookOver } from './sweep.ts'

/** What became of a table. `rows` were read, `stored` check-ins are new, `known` were there before. */
export interface Imported {
  rows: number
  stored: number
  known: number
  problems: SheetProblem[]
}

/**
 * Takes a table of check-ins into a team. With a problem in it nothing is stored, unless `partial`: then all but the bad
 * rows are. Taken twice it is stored once.
 */
export async function importSheet(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  sheet: readonly (readonly Cell[])[],
  { partial }: { partial: boolean },
): Promise<Imported> {
  const { rows, problems } = readSheet(sheet)
  const people = await peopleOf(tx, ctx.company, [watched.team.id])
  const ids = people.map(({ id }) => id)
  const accounts = new Map<string, string>()
  for (const platform of ['wecom', 'dingtalk'])
    for (const [userId, personId] of await accountsOn(tx, ctx.company, platform, ids))
      accounts.set(userId.toLowerCase(), personId)
  const named = new Map(people.map(({ name, id }) => [name, id]))
  const marks: NewMark[] = []
  let good = 0
  for (const row of rows) {
    const personId = accounts.get(row.userId?.toLowerCase() ?? '') ?? named.get(row.name ?? '')
    if (!personId) {
      const column = row.name ? '姓名' : '账号'
      const message = `「${watched.team.name}」里没有「${row.name ?? row.userId}」，请核对名字或先录入这个人`
      problems.push({ row: row.row, column, message })
      continue
    }
    good += 1
    marks.push(...marksOf(row, personId, watched))
  }
  problems.sort((a, b) => a.row - b.row)
  if (problems.length > 0 && !partial) return { rows: good, stored: 0, known: 0, problems }
  const once = [...new Map(marks.map(mark => [mark.externalId, mark])).values()]
  const now = ctx.clock.now()
  const stored = await addMarks(tx, ctx.company, once, now)
  const last = rows.reduce((latest, { day }) => (day > latest ? day : latest), '')
  const today = calendarOf(watched.policy).dayOf(now)
  if (stored > 0 && last) await lookOver(tx, ctx, watched, last < today ? last : today)
  return { rows: good, stored, known: once.length - stored, problems }
}

function marksOf(row: SheetRow, personId: string, { policy }: Watched): NewMark[] {
  const made = (kind: NewMark['kind'], local: string): NewMark => {
    const at = DateTime.fromISO(local, { zone: policy.zone }).toJSDate()
    return { ...base, kind, at, externalId: `${personId}:${kind}:${local}` }
  }
  const base = { personId, source: 'import' as const, place: row.place }
  const all = [
    ...row.in.map(local => made('in', local)),
    ...row.out.map(local => made('out', local)),
    ...row.any.map(local => made('outside', local)),
  ]
  // A row without a time tells that he was looked for that day.
  return all.length > 0 || row.excused ? all : [made('none', `${row.day}T12:00:00`)]
}

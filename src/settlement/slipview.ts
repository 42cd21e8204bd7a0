import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { incidentsByCode } from '../incidents/find.ts'
import { orderCodes } from '../orders/find.ts'
import { teamById } from '../people/store.ts'
import type { MonthRecord } from './closing.ts'
import { rulesOfMonth } from './flow.ts'
import type { LedgerEntry } from './ledger.ts'
import { entriesOf } from './ledgerstore.ts'
import type { SlipPage } from './page.ts'
import { monthById, resultOf, slipOf } from './rows.ts'
import { sayMoment, scoreText } from './saying.ts'

/** An entry of the ledger with the code of what earned it in place of its id. */
export interface NamedEntry extends LedgerEntry {
  code: string | null
  at: Date
  policy: string
  version: number
}

/** The points ledger of people for a month, in the order the points were earned. */
export async function namedEntries(
  tx: Tx,
  company: string,
  of: { teamId: string; month: string },
  people: readonly string[],
): Promise<Map<string, NamedEntry[]>> {
  const found = await entriesOf(tx, company, of, people)
  const ids = [...found.values()].flat().flatMap(({ source, subject }) => (source === 'order' ? [subject] : []))
  const codes = await orderCodes(tx, company, [...new Set(ids)])
  const codeOf = ({ source, subject }: LedgerEntry) =>
    source === 'order' ? (codes.get(subject) ?? null) : source === 'incident' ? subject : null
  return new Map([...found].map(([id, entries]) => [id, entries.map(one => ({ ...one, code: codeOf(one) }))]))
}

/** All there is to show of a slip, a draft's too: who may see it is the asker's business. Null where there is none. */
export async function slipParts(
  tx: Tx,
  ctx: Context,
  record: MonthRecord,
  personId: string,
): Promise<Omit<SlipPage, 'state'> | null> {
  const { company } = ctx
  const slip = await slipOf(tx, company, record.id, personId)
  if (!slip) return null
  const { teamId, month, view } = record
  const { result } = await resultOf(tx, company, record.id)
  const team = await teamById(tx, company, teamId)
  const { zone } = rulesOfMonth(ctx, team ?? { policy: record.policy }, month)
  const codes = Object.values(slip.facts).flatMap(({ evidence }) => evidence?.incidents ?? [])
  const incidents = await incidentsByCode(tx, company, [...new Set(codes)])
  const entries = (await namedEntries(tx, company, { teamId, month }, [personId])).get(personId) ?? []
  const said = (iso: string | null) => (iso === null ? null : sayMoment(iso, zone))
  return {
    ...{ slip, team: record.team, standing: result && scoreText(slip, result) },
    ...{ appealsUntil: said(view.appealsUntil), lockedAt: said(view.lockedAt), incidents },
    appeals: view.appeals.filter(({ person }) => person === personId),
    points: entries.map(({ day, source, code, rule, hundredths, corrects }) => ({
      ...{ day, what: code === null ? rule : `${code} ${rule}`, hundredths, corrects },
      ...{ code: source === 'order' ? code : null, rule },
    })),
  }
}

/** What a person's own page of a month shows; null where there is no such slip, or nobody may see it yet. */
export async function slipPage(
  tx: Tx,
  ctx: Context,
  { settlementId, personId }: { settlementId: string; personId: string },
): Promise<SlipPage | null> {
  const record = await monthById(tx, ctx.company, settlementId)
  if (!record || record.view.state === 'draft') return null
  const parts = await slipParts(tx, ctx, record, personId)
  return parts && { ...parts, state: record.view.state === 'locked' ? 'locked' : 'published' }
}

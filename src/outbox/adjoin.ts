import { updateAll } from '../db/bulk.ts'
import type { Tx } from '../db/tx.ts'
import { laneOf, put, type Telling } from './store.ts'

/** A telling that may be one message with others of its kind: what it is about is a list. */
export interface Listed extends Telling {
  data: { items: object[] }
}

/** One message holds so much: WeCom cuts what is longer than 2,048 bytes. */
const mostItems = 100

/**
 * Puts tellings, those of one kind that stand side by side in a lane as one row: a dozen orders taken back at once are
 * one message. A row that waits and was never tried takes in what comes next in its lane; nothing is moved past another
 * message. A row that somebody else holds at this moment is left alone, so nobody waits for anybody.
 */
export async function putListed(
  tx: Tx,
  company: string,
  kind: string,
  tellings: readonly Telling[],
  now: Date,
): Promise<void> {
  const { rows, first } = gathered(kind, tellings)
  const waiting = await openRows(tx, company, kind, [...first.keys()])
  const grown = waiting.flatMap(({ id, lane, data }) => {
    const more = first.get(lane)
    const items = [...data.items, ...(more?.data.items ?? [])]
    return more && items.length <= mostItems ? [{ id, lane, data: { items } }] : []
  })
  await updateAll(
    tx,
    'Outbox',
    company,
    grown.map(({ id, data }) => ({ id, data })),
  )
  const done = new Set<Telling | undefined>(grown.map(({ lane }) => first.get(lane)))
  await put(
    tx,
    company,
    rows.filter(row => !done.has(row)),
    now,
  )
}

/** Tellings of the kind that follow each other in a lane made one; `first`: the ones a lane begins with. */
function gathered(kind: string, tellings: readonly Telling[]): { rows: Telling[]; first: Map<string, Listed> } {
  const rows: Telling[] = []
  const first = new Map<string, Listed>()
  const last = new Map<string, Telling>()
  for (const telling of tellings) {
    const lane = laneOf(telling)
    const before = last.get(lane)
    if (isOf(kind, telling) && before && isOf(kind, before) && before.data.items.length < mostItems) {
      before.data.items.push(...telling.data.items)
      continue
    }
    const row = isOf(kind, telling) ? { ...telling, data: { items: [...telling.data.items] } } : telling
    if (!before && isOf(kind, row)) first.set(lane, row)
    last.set(lane, row)
    rows.push(row)
  }
  return { rows, first }
}

const isOf = (kind: string, telling: Telling): telling is Listed => telling.kind === kind

/** The last rows of lanes, where they are of the kind and were never tried. */
async function openRows(
  tx: Tx,
  company: string,
  kind: string,
  lanes: readonly string[],
): Promise<Array<{ id: string; lane: string; data: Listed['data'] }>> {
  if (lanes.length === 0) return []
  return tx.$queryRaw`
    SELECT o."id", o."lane", o."data" FROM "Outbox" o
    WHERE o."company" = ${company} AND o."lane" = ANY(${[...lanes]}) AND o."status" = 'waiting'
      AND o."kind" = ${kind} AND o."attempts" = 0 AND o."notAfter" IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM "Outbox" p
        WHERE p."company" = o."company" AND p."lane" = o."lane" AND p."status" IN ('waiting', 'sending') AND p."id" > o."id")
    FOR UPDATE OF o SKIP LOCKED`
}

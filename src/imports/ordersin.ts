import { setImmediate as breathe } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { codesByExternal, knownCodes } from '../orders/find.ts'
import { openOrders } from '../orders/openmany.ts'
import { type Person, rolesIn, type Team } from '../people/person.ts'
import { peopleOf } from '../people/store.ts'
import { headed } from './columns.ts'
import { fewOrders, type Judged, type Note, nothing, type Result, samples } from './import.ts'
import { orderCells, shownCells } from './ordercells.ts'
import { type OrderField, orderColumns } from './ordercolumns.ts'
import { judgeOrder, lineOf, type OrderEntry, type OrderLine, type OrderSetting, repeats } from './orderrows.ts'
import type { Fault, Table } from './table.ts'
import { knownText } from './words.ts'

/** Rows judged before others get their turn. */
const atOnce = 200
/** Values looked for in one statement. */
const asked = 5_000

/** Judges a table of orders of a team; nothing is written. */
export async function judgeOrders(ctx: Context, table: Table, team: Team): Promise<Judged<OrderEntry>> {
  const head = headed<OrderField>(table, orderColumns)
  const judged: Judged<OrderEntry> = {
    ...{ total: head.rows.length, known: 0, faults: [...head.faults], warnings: head.warnings },
    ...{ notes: [], sample: [], entries: [] },
  }
  const lines = head.rows.map(row => lineOf(head, row))
  const setting = await settingOf(ctx, team)
  const there = await alreadyThere(ctx, lines)
  const seen = new Map<string, number>()
  for (const [index, line] of lines.entries()) {
    if (index % atOnce === atOnce - 1) await breathe()
    const repeated = repeats(line, seen)
    const known = repeated ? undefined : there(line)
    if (known) {
      judged.known++
      judged.notes.push({ row: line.row, message: known })
      continue
    }
    const code = line.text('code')
    if (code !== '') line.fault('code', '没有这张单，导入新单请把这一格留空')
    const entry = judgeOrder(line, setting)
    judged.faults.push(...line.faults)
    if (!entry) continue
    judged.entries.push(entry)
    if (judged.sample.length < samples)
      judged.sample.push({
        row: entry.row,
        values: shownCells(orderCells(entry.fields, setting.zone, { assign: entry.assign?.name })),
      })
  }
  return judged
}

async function settingOf(ctx: Context, team: Team): Promise<OrderSetting> {
  const { zone, dayParts } = ctx.policy(team.policy)
  const technicians = techniciansOf(await peopleOf(ctx.db.prisma, ctx.company, [team.id]), team.id)
  return { now: ctx.clock.now(), zone, dayParts, team: { id: team.id, name: team.name }, technicians }
}

const techniciansOf = (people: readonly Person[], teamId: string): Person[] =>
  people.filter(person => rolesIn(person, teamId).includes('technician'))

/** What is said of a row whose order is there, by its code here or its number elsewhere. */
async function alreadyThere(
  ctx: Context,
  lines: readonly OrderLine[],
): Promise<(line: OrderLine) => string | undefined> {
  const [codes, outside] = [new Set<string>(), new Map<string, string>()]
  for (let from = 0; from < lines.length; from += asked) {
    const part = lines.slice(from, from + asked)
    const given = (field: OrderField) => part.map(line => line.text(field)).filter(text => text !== '')
    for (const code of await knownCodes(ctx.db.prisma, ctx.company, given('code'))) codes.add(code)
    for (const [id, code] of await codesByExternal(ctx.db.prisma, ctx.company, given('externalId')))
      outside.set(id, code)
  }
  return line => {
    const [code, externalId] = [line.text('code'), line.text('externalId')]
    if (codes.has(code)) return knownText(line.row, '这张单', code)
    const known = outside.get(externalId)
    return known === undefined ? undefined : knownText(line.row, `外部单号 ${externalId} `, known)
  }
}

/** What has changed since the preview, so that a row can't be imported as it was shown. */
export async function objectToOrders(
  tx: Tx,
  ctx: Context,
  team: Team,
  entries: readonly OrderEntry[],
): Promise<Fault[]> {
  const known = await knownNow(tx, ctx, entries)
  const technicians = new Set(techniciansOf(await peopleOf(tx, ctx.company, [team.id]), team.id).map(({ id }) => id))
  return entries.flatMap(({ row, fields: { externalId }, assign }): Fault[] => {
    const code = externalId === undefined ? undefined : known.get(externalId)
    const gone = assign && !technicians.has(assign.id)
    return [
      ...(code === undefined
        ? []
        : [
            {
              row,
              column: '外部单号',
              value: externalId ?? '',
              message: `第 ${row} 行 外部单号：「${externalId}」预览以后已经有这张单了（单号 ${code}）。`,
            },
          ]),
      ...(gone
        ? [
            {
              row,
              column: '师傅',
              value: assign.name,
              message: `第 ${row} 行 师傅：「${assign.name}」现在不是「${team.name}」的技术员了，请换人或留空。`,
            },
          ]
        : []),
    ]
  })
}

async function knownNow(tx: Tx, ctx: Context, entries: readonly OrderEntry[]): Promise<Map<string, string>> {
  const ids = entries.flatMap(({ fields }) => fields.externalId ?? [])
  const known = new Map<string, string>()
  for (let from = 0; from < ids.length; from += asked)
    for (const [id, code] of await codesByExternal(tx, ctx.company, ids.slice(from, from + asked))) known.set(id, code)
  return known
}

/**
 * Opens the orders of some rows. The whole table was judged when it was confirmed; what changed in the moments since then
 * stops nothing: an order that came in another way is left out, one whose technician left goes to the desk.
 */
export async function importOrders(
  tx: Tx,
  ctx: Context,
  team: Team,
  entries: readonly OrderEntry[],
  { by, total }: { by: Person | null; total: number },
): Promise<Result> {
  const known = await knownNow(tx, ctx, entries)
  const technicians = new Set(techniciansOf(await peopleOf(tx, ctx.company, [team.id]), team.id).map(({ id }) => id))
  const fresh = entries.filter(({ fields: { externalId } }) => externalId === undefined || !known.has(externalId))
  const notes = entries.flatMap(({ row, fields: { externalId = '' }, assign }): Note[] => {
    const code = known.get(externalId)
    if (code !== undefined) return [{ row, message: knownText(row, `外部单号 ${externalId} `, code) }]
    if (!assign || technicians.has(assign.id)) return []
    return [{ row, message: `第 ${row} 行：「${assign.name}」已不在班组，这张单没有派出。` }]
  })
  const openings = fresh.map(({ fields, assign }) => ({
    fields,
    assignTo: assign && technicians.has(assign.id) ? assign.id : null,
  }))
  await openOrders(tx, ctx, team, openings, { by, quiet: total > fewOrders })
  return { ...nothing, imported: fresh.length, skipped: entries.length - fresh.length, notes }
}

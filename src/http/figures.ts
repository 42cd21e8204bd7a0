import { writeXlsx } from 'hucre/xlsx'
import type { Context as KoaContext } from 'koa'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { readBook } from '../imports/bookread.ts'
import { Unreadable } from '../imports/table.ts'
import { type Item, objectionTo } from '../settlement/figureentry.ts'
import { type Entry, enterFigures, type FigureSheet, figureSheet, monthsMeant } from '../settlement/figureflow.ts'
import { readSheets, type Sheet, sheetsOf } from '../settlement/figuresheet.ts'
import { readValue } from '../settlement/figurevalue.ts'
import { lockedText, objectionText } from '../settlement/figurewords.ts'
import { needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route, type Upload } from './route.ts'
import { month, named, teamKey as team } from './shapes/common.ts'
import { figuresImported, figures as figuresShape } from './shapes/figures.ts'
import { xlsx } from './workbook.ts'

export const figureUpload: Upload = {
  types: [xlsx, 'application/octet-stream'],
  maxBytes: 5 * 1024 * 1024,
  what: 'an xlsx workbook',
}

const query = z.object({ team, month: month.optional() })
const valuesInput = z.strictObject({
  team,
  month,
  values: z
    .array(
      z.strictObject({
        /** As `GET /figures` names it: 毛利; of a mark `card/item/column`. */
        name: z.string().trim().min(1).max(60),
        /** Name or id; missing for the team's. */
        person: z.string().trim().min(1).max(80).optional(),
        /** Null takes back what was entered for the month. */
        value: z.union([z.number(), z.string().trim().max(40), z.null()]),
      }),
    )
    .min(1)
    .max(5_000),
})

/** `/api/v1/figures`: the numbers people enter for a month, marks on scorecards among them. */
export const figureRoutes = [
  route({
    ...{ method: 'get', path: '/figures', id: 'getFigures', tag: 'months', scope: 'months:read' },
    summary: 'The numbers a month is reckoned with, and what is missing',
    query,
    answers: { 200: figuresShape },
    handle: (ctx, { query: wanted }) => inTransaction(ctx.db, async tx => sheetJson(await sheetFor(tx, ctx, wanted))),
  }),

  route({
    ...{ method: 'get', path: '/figures/sheet', id: 'getFiguresSheet', tag: 'months', scope: 'months:read' },
    summary: 'The same as a workbook to fill in and import',
    query,
    answers: { 200: { file: xlsx } },
    async handle(ctx, { query: wanted, http }) {
      const sheet = await inTransaction(ctx.db, tx => sheetFor(tx, ctx, wanted))
      if (sheet.items.length === 0)
        throw new HttpProblem(422, 'No figures', `The policy of "${sheet.team.name}" asks for no figures.`)
      return figureBook(http, sheet)
    },
  }),

  route({
    ...{ method: 'put', path: '/figures', id: 'enterFigures', tag: 'months', scope: 'months:write' },
    summary: 'Enter numbers of a month, all of them or none',
    body: named('FiguresInput', valuesInput),
    answers: { 200: figuresShape },
    problems: [409],
    async handle(ctx, { body }) {
      const answer = await inTransaction(ctx.db, async tx => {
        const sheet = open(await sheetFor(tx, ctx, body))
        const entries = entriesOf(body.values, sheet)
        return sheetJson((await enterFigures(tx, ctx, sheet, entries, { by: null, via: 'api', words: null })).sheet)
      })
      ctx.ring()
      return answer
    },
  }),

  route({
    ...{ method: 'post', path: '/figures/import', id: 'importFigures', tag: 'months', scope: 'months:write' },
    summary: 'Enter numbers from the workbook, all of them or none',
    query,
    body: figureUpload,
    answers: { 200: figuresImported },
    problems: [409],
    async handle(ctx, { query: wanted, body }) {
      const book = await sheetsIn(body)
      const answer = await inTransaction(ctx.db, async tx => {
        const sheet = open(await sheetFor(tx, ctx, wanted))
        const { entries, faults } = readSheets(book, sheet.items)
        if (faults.length > 0) throw new Invalid(`${faults.length} 处有问题，一个数都没有导入。改好再传。`, faults)
        const { done, sheet: after } = await enterFigures(tx, ctx, sheet, entries, {
          ...{ by: null, via: 'import', words: null },
        })
        const changed = done.filter(one => one.changed).length
        return { read: entries.length, changed, ...sheetJson(after) }
      })
      ctx.ring()
      return answer
    },
  }),
]

export async function sheetFor(
  tx: Tx,
  ctx: Context,
  given: { team: string; month?: string | undefined },
): Promise<FigureSheet> {
  const found = await needTeam(tx, ctx, given.team)
  const { meant, now } = await monthsMeant(tx, ctx, found)
  if (given.month !== undefined && given.month > now)
    throw new HttpProblem(422, 'Month ahead', `${given.month} has not begun.`)
  return figureSheet(tx, ctx, found, given.month ?? meant)
}

function open(sheet: FigureSheet): FigureSheet {
  if (sheet.locked) throw new HttpProblem(409, 'Month locked', lockedText(sheet.month))
  return sheet
}

function entriesOf(values: z.output<typeof valuesInput>['values'], { items }: FigureSheet): Entry[] {
  const faults: Array<{ path: string; message: string }> = []
  const entries: Entry[] = []
  for (const [index, { name, person, value }] of values.entries()) {
    const say = (path: string, message: string) => faults.push({ path: `values.${index}.${path}`, message })
    const named = items.filter(({ field }) => field.name === name)
    const found = named.find(({ field }) =>
      person === undefined ? field.person === null : field.person?.name === person || field.person?.id === person,
    )
    if (named.length === 0) say('name', `no figure "${name}" is asked for in this month`)
    else if (!found && person === undefined) say('person', `is missing: "${name}" is of each person`)
    else if (!found) say('person', `"${name}" is not asked of "${person}"`)
    else if (entries.some(({ field }) => field === found.field)) say('name', `"${name}" is given twice`)
    else if (value === null) entries.push({ field: found.field, value: null })
    else {
      const given = String(value)
      const number = readValue(given, found.field.unit)
      const fault = number === null ? 'unread' : objectionTo(found.field, number)
      if (number === null || fault) say('value', objectionText(found.field, fault ?? 'unread', given))
      else entries.push({ field: found.field, value: number })
    }
  }
  if (faults.length > 0) throw new Invalid(faults.map(({ path, message }) => `${path}: ${message}`).join('; '), faults)
  return entries
}

/** The sheet as a workbook to fill in. */
export async function figureBook(http: KoaContext, { team, month, items }: FigureSheet): Promise<Buffer> {
  const sheets = sheetsOf(items).map(({ name, rows }) => ({ name, rows: rows.map(row => row.map(plain)) }))
  http.type = xlsx
  http.attachment(`${team.name} ${month} 月度数字.xlsx`)
  return Buffer.from(await writeXlsx({ sheets }))
}

/** As an import reads it: what is too large, or unpacks to too much, is refused. */
export function sheetsIn(bytes: Buffer): Promise<Sheet[]> {
  return readBook(bytes).catch((error: unknown) => {
    if (!(error instanceof Unreadable)) throw error
    throw new HttpProblem(400, 'Bad workbook', `The body is no xlsx workbook: ${error.message}`)
  })
}

const plain = (cell: Sheet['rows'][number][number]) => cell ?? null

function sheetJson({ team: { id, name }, month, locked, items }: FigureSheet): object {
  const missing = items.filter(one => one.missing).length
  return { team: { id, name }, month, locked, missing, items: items.map(itemJson), next: null }
}

function itemJson({ field, value, from, missing }: Item): object {
  const { name, label, unit, standing, usual, min, max, person, mark } = field
  return {
    ...{ name, label, of: person ? 'person' : 'team', person: person && { id: person.id, name: person.name } },
    ...{ unit, value, standing, from, missing, usual },
    ...{ min: min?.toFixed() ?? null, max: max?.toFixed() ?? null, mark },
  }
}

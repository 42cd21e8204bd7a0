import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { auditPage } from '../http/audited.ts'
import { figureBook, figureUpload, sheetFor, sheetsIn } from '../http/figures.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { month } from '../http/shapes/common.ts'
import { manages, type Viewer } from '../login/viewer.ts'
import { type Item, objectionTo } from '../settlement/figureentry.ts'
import { type Entry, enterFigures, type FigureSheet } from '../settlement/figureflow.ts'
import { readSheets } from '../settlement/figuresheet.ts'
import { readValue, sayValue } from '../settlement/figurevalue.ts'
import { enteredText, lockedText, objectionText, sayMonth } from '../settlement/figurewords.ts'
import type { FigureItem, FigurePage, FiguresEntered } from './monthwire.ts'
import { needReach } from './reach.ts'

const query = z.object({ team: z.uuid(), month })
const input = query.extend({
  values: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(60),
        person: z.uuid().nullable(),
        /** As people write it: 52300.50, 5.23万. Null takes back what was entered for the month. */
        value: z.string().trim().min(1).max(40).nullable(),
      }),
    )
    .min(1)
    .max(5_000),
})

/** `/figures`: a month's numbers as a form and as a workbook, for managers and finance. */
export const figurePageRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/figures', id: 'figures', may: 'finance' },
    query,
    handle: (ctx, { viewer, query: wanted }) =>
      inTransaction(ctx.db, async tx => pageOf(viewer, await sheetOf(tx, ctx, viewer, wanted))),
  }),

  pageRoute({
    ...{ method: 'put', path: '/figures', id: 'enterFigures', may: 'finance' },
    body: input,
    async handle(ctx, { viewer, body: { values, ...wanted }, http }) {
      const answer = await inTransaction(ctx.db, async tx => {
        const sheet = await sheetOf(tx, ctx, viewer, wanted)
        return enter(tx, ctx, { viewer, http }, sheet, entriesOf(viewer, sheet, values), 'page')
      })
      ctx.ring()
      return answer
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/figures/sheet', id: 'figureSheet', may: 'finance' },
    query,
    async handle(ctx, { viewer, query: wanted, http }) {
      const sheet = await inTransaction(ctx.db, tx => sheetOf(tx, ctx, viewer, wanted))
      return figureBook(http, { ...sheet, items: sheet.items.filter(item => mayEnter(viewer, sheet, item)) })
    },
  }),

  pageRoute({
    ...{ method: 'post', path: '/figures/sheet', id: 'importFigureSheet', may: 'finance' },
    query,
    body: figureUpload,
    async handle(ctx, { viewer, query: wanted, body, http }) {
      await inTransaction(ctx.db, tx => sheetOf(tx, ctx, viewer, wanted))
      const book = await sheetsIn(body).catch((error: unknown) => {
        if (error instanceof HttpProblem)
          throw new HttpProblem(400, 'Bad workbook', '这个文件不是 xlsx 表格，请用下载的那张填好再传。')
        throw error
      })
      const answer = await inTransaction(ctx.db, async tx => {
        const sheet = await sheetOf(tx, ctx, viewer, wanted)
        const { entries, faults } = readSheets(
          book,
          sheet.items.filter(item => mayEnter(viewer, sheet, item)),
        )
        if (faults.length > 0) throw new Invalid(`${faults.length} 处有问题，一个数都没有导入。改好再传。`, faults)
        return enter(tx, ctx, { viewer, http }, sheet, entries, 'import')
      })
      ctx.ring()
      return answer
    },
  }),
]

async function sheetOf(tx: Tx, ctx: Context, viewer: Viewer, wanted: z.output<typeof query>): Promise<FigureSheet> {
  const { id } = await needReach(tx, ctx, viewer, wanted.team, 'finance')
  return sheetFor(tx, ctx, { team: id, month: wanted.month })
}

/** A mark says what somebody thinks of somebody: that is for managers. */
const mayEnter = (viewer: Viewer, { team }: FigureSheet, { field }: Item): boolean =>
  field.mark === null || manages(viewer, team.id)

async function enter(
  tx: Tx,
  ctx: Context,
  who: Parameters<typeof auditPage>[2],
  sheet: FigureSheet,
  entries: readonly Entry[],
  via: 'page' | 'import',
): Promise<FiguresEntered> {
  if (sheet.locked) throw new HttpProblem(409, 'Month locked', lockedText(sheet.month))
  const { viewer } = who
  const { done, sheet: after } = await enterFigures(tx, ctx, sheet, entries, { by: viewer.person.id, via, words: null })
  const changed = done.filter(one => one.changed)
  const names = changed.map(({ field }) => `${field.person ? `${field.person.name} ` : ''}${field.label}`)
  if (changed.length > 0)
    await auditPage(tx, ctx, who, {
      ...{ action: 'figures.entered', subject: sheet.team.id },
      data: { month: sheet.month, count: changed.length, names: names.slice(0, 20).join('、'), how: via },
    })
  return { page: pageOf(viewer, after), said: changed.map(one => enteredText(one, sheet.month)) }
}

function entriesOf(viewer: Viewer, sheet: FigureSheet, values: z.output<typeof input>['values']): Entry[] {
  const faults: Array<{ path: string; message: string }> = []
  const entries = values.flatMap(({ name, person, value }): Entry[] => {
    const item = sheet.items.find(({ field }) => field.name === name && (field.person?.id ?? null) === person)
    const say = (message: string): Entry[] => {
      faults.push({ path: keyOf(name, person), message })
      return []
    }
    if (!item) return say('这个月没有这一项，请刷新页面。')
    if (!mayEnter(viewer, sheet, item)) return say('打分由经理来打。')
    if (value === null) return [{ field: item.field, value: null }]
    const number = readValue(value, item.field.unit)
    const fault = number === null ? 'unread' : objectionTo(item.field, number)
    if (number === null || fault) return say(`${objectionText(item.field, fault ?? 'unread', value)}。`)
    return [{ field: item.field, value: number }]
  })
  if (faults.length > 0) throw new Invalid(`${faults.length} 处有问题，一个数都没有保存。`, faults)
  return entries
}

/** How the page tells a field from another. */
const keyOf = (name: string, person: string | null): string => `${name}|${person ?? ''}`

function pageOf(viewer: Viewer, sheet: FigureSheet): FigurePage {
  const { team, month: of, locked, items } = sheet
  return {
    ...{ team: { id: team.id, name: team.name }, month: of, locked },
    missing: items.filter(({ missing }) => missing).length,
    items: items.map(item => itemView(item, of, !locked && mayEnter(viewer, sheet, item))),
  }
}

function itemView({ field, value, from, missing }: Item, of: string, may: boolean): FigureItem {
  const { name, label, unit, standing, usual, min, max, person, mark } = field
  const say = (number: string) => sayValue(number, unit)
  return {
    ...{ name, label, person, unit, missing, card: mark?.card ?? null, mayEnter: may, own: from === of },
    ...{ value, said: value === null ? null : say(value) },
    hints: [
      ...(usual === null ? [] : [`不填按 ${say(usual)}`]),
      ...(standing ? ['填一次，以后各月都按它'] : []),
      ...(from !== null && from !== of ? [`沿用${sayMonth(from)}的`] : []),
      ...(min ? [`不小于 ${say(min.toFixed())}`] : []),
      ...(max ? [`不大于 ${say(max.toFixed())}`] : []),
    ],
  }
}

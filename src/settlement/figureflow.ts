import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { employedIn } from '../people/employment.ts'
import type { Team } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { Num } from '../policy/formula.ts'
import {
  daysOfMonth,
  type Field,
  fieldsOf,
  type Item,
  itemsOf,
  monthBefore,
  monthMeant,
  standingNames,
} from './figureentry.ts'
import { addFigures, figuresOf, monthState } from './figurestore.ts'
import { type Entered, lockedText } from './figurewords.ts'

/** The numbers of a team's month as they stand. */
export interface FigureSheet {
  team: Team
  month: string
  locked: boolean
  items: Item[]
}

/** By the rules in force at the month's end, or now. */
export async function figureSheet(tx: Tx, ctx: Context, team: Team, month: string): Promise<FigureSheet> {
  const now = ctx.clock.now()
  const { first, last } = daysOfMonth(month)
  const end = calendarOf(ctx.policy(team.policy)).momentOf(last, 1439)
  const policy = ctx.policy(team.policy, end < now ? end : now)
  const employed = await employedIn(tx, ctx.company, team.id, first, last)
  const people = employed.map(({ personId: id, name, post }) => ({ id, name, post }))
  const values = await figuresOf(tx, ctx.company, team.id, month, standingNames(policy))
  const locked = (await monthState(tx, ctx.company, team.id, month)) === 'locked'
  return { team, month, locked, items: itemsOf(fieldsOf(policy, people, month), values) }
}

/** The month somebody means who names none, and the one that runs now. */
export async function monthsMeant(tx: Tx, ctx: Context, team: Team): Promise<{ meant: string; now: string }> {
  const today = calendarOf(ctx.policy(team.policy)).dayOf(ctx.clock.now())
  const last = monthBefore(today.slice(0, 7))
  const locked = (await monthState(tx, ctx.company, team.id, last)) === 'locked'
  return { meant: monthMeant(today, locked), now: today.slice(0, 7) }
}

/** One value for one field; null takes back what was entered for the month. */
export interface Entry {
  field: Field
  value: Num | null
}

/**
 * Writes values down that were checked before. What is the same already is not written again. @throws Refusal when the
 * month is locked
 */
export async function enterFigures(
  tx: Tx,
  ctx: Context,
  sheet: FigureSheet,
  entries: readonly Entry[],
  from: { by: string | null; via: string; words: string | null },
): Promise<{ done: Entered[]; sheet: FigureSheet }> {
  if (sheet.locked) throw new Refusal('locked', lockedText(sheet.month))
  const before = entries.map(({ field }) => standing(sheet, field))
  const told = entries.filter(({ value }, index) => {
    const old = before[index]
    return value === null ? old?.from === sheet.month : !(old?.from && value.eq(old.value))
  })
  const rows = told.map(({ field, value }) => ({
    ...{ name: field.name, personId: field.person?.id ?? null, value: value?.toFixed() ?? null },
  }))
  const place = { teamId: sheet.team.id, month: sheet.month }
  await addFigures(tx, ctx.company, place, rows, { ...from, now: ctx.clock.now() })
  const after = await figureSheet(tx, ctx, sheet.team, sheet.month)
  const done = entries.map((entry, index) => ({
    ...{ field: entry.field, before: before[index] ?? null, after: standing(after, entry.field) },
    changed: told.includes(entry),
  }))
  return { done, sheet: after }
}

function standing({ items }: FigureSheet, field: Field): { value: string; from: string | null } | null {
  const item = items.find(one => one.field.name === field.name && one.field.person?.id === field.person?.id)
  return item?.value == null ? null : { value: item.value, from: item.from }
}

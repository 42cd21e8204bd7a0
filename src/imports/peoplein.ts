import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { todayIn } from '../people/employ.ts'
import { tenuresOf } from '../people/employment.ts'
import { enterPerson } from '../people/enter.ts'
import type { Team } from '../people/person.ts'
import type { PersonInput } from '../people/schema.ts'
import { listTeams, patchPerson } from '../people/store.ts'
import { headed } from './columns.ts'
import { peopleMeant, renamePerson } from './find.ts'
import { type Judged, type Note, nothing, type Result, samples } from './import.ts'
import { personCells } from './peoplecells.ts'
import { type PersonField, peopleColumns } from './peoplecolumns.ts'
import {
  meantPerson,
  type PeopleSetting,
  type PersonEntry,
  personLine,
  readPerson,
  type TeamSetting,
} from './peoplerows.ts'
import type { Fault, Table } from './table.ts'

const mostTeams = 10_000

/** Judges a table of people; nothing is written. `allowed`: teams people may be put into and changed in; null: all. */
export async function judgePeople(
  ctx: Context,
  table: Table,
  team: Team | null,
  allowed: readonly string[] | null,
): Promise<Judged<PersonEntry>> {
  const head = headed<PersonField>(table, peopleColumns)
  const judged: Judged<PersonEntry> = {
    ...{ total: head.rows.length, known: 0, faults: [...head.faults], warnings: head.warnings },
    ...{ notes: [], sample: [], entries: [] },
  }
  const teams = await teamsOf(ctx, ctx.db.prisma)
  const own = team ? (teams.find(({ id }) => id === team.id) ?? null) : null
  const read = head.rows.map(row => {
    const line = personLine(head, row)
    return { line, input: readPerson(line, { team: own, teams, allowed }) }
  })
  const setting = await settingFor(
    ctx.db.prisma,
    ctx,
    read.flatMap(({ input }) => input ?? []),
    { team: own, teams, allowed },
  )
  const seen = new Map<string, { row: number; name: string }>()
  for (const { line, input } of read) {
    if (input) twice(line, input, seen)
    const entry = input && line.faults.length === 0 ? meantPerson(line, input, setting) : null
    judged.faults.push(...line.faults)
    if (!entry) continue
    judged.notes.push({ row: line.row, message: noteOf(entry) })
    if (entry.person && entry.changes.length === 0) judged.known++
    else judged.entries.push(entry)
    if (judged.sample.length < samples) judged.sample.push({ row: entry.row, values: personCells(entry.input) })
  }
  return judged
}

function noteOf({ row, input, person, changes }: PersonEntry): string {
  if (!person) return `第 ${row} 行：新增「${input.name}」。`
  if (changes.length === 0) return `第 ${row} 行：「${input.name}」已经有了，没有变化，会跳过。`
  return `第 ${row} 行：更新「${person.name}」：${changes.join('；')}。`
}

/** One person twice in a team, or one number or account of two people. */
function twice(
  line: ReturnType<typeof personLine>,
  input: PersonInput,
  seen: Map<string, { row: number; name: string }>,
): void {
  const marks = [
    ...(['mobile'] as const).flatMap(field => (input[field] ? [{ field, key: `${field} ${input[field]}` }] : [])),
    ...(['wecom', 'dingtalk'] as const).flatMap(field =>
      input[field] ? [{ field, key: `${field} ${input[field].userId.toLowerCase()}` }] : [],
    ),
  ]
  const place = `name ${input.team ?? ''} ${input.name}`
  const before = seen.get(place)
  if (before) line.fault('name', `和第 ${before.row} 行是同一个人，请合成一行`)
  else seen.set(place, { row: line.row, name: input.name })
  for (const { field, key } of marks) {
    const first = seen.get(key)
    if (!first) seen.set(key, { row: line.row, name: input.name })
    else if (first.name !== input.name) line.fault(field, `和第 ${first.row} 行「${first.name}」的一样，请核对是谁的`)
  }
}

async function teamsOf(ctx: Context, tx: Tx): Promise<TeamSetting[]> {
  const teams = await listTeams(tx, ctx.company, { limit: mostTeams })
  return teams.map(({ id, name, policy }) => ({
    ...{ id, name, today: todayIn(ctx, { policy }), posts: ctx.policy(policy).posts },
  }))
}

async function settingFor(
  tx: Tx,
  ctx: Context,
  inputs: readonly PersonInput[],
  rest: Pick<PeopleSetting, 'team' | 'teams' | 'allowed'>,
): Promise<PeopleSetting> {
  const known = await peopleMeant(tx, ctx.company, {
    names: inputs.map(({ name }) => name),
    mobiles: inputs.flatMap(({ mobile }) => mobile ?? []),
    wecom: inputs.flatMap(({ wecom }) => wecom?.userId ?? []),
    dingtalk: inputs.flatMap(({ dingtalk }) => dingtalk?.userId ?? []),
  })
  const ids = known.map(({ id }) => id)
  return { ...rest, known, tenures: await tenuresOf(tx, ctx.company, ids) }
}

/** Whether each row still means whom it meant, judged anew as things are now. */
export async function objectToPeople(
  tx: Tx,
  ctx: Context,
  team: Team | null,
  allowed: readonly string[] | null,
  entries: readonly PersonEntry[],
): Promise<Fault[]> {
  const teams = await teamsOf(ctx, tx)
  const own = team ? (teams.find(({ id }) => id === team.id) ?? null) : null
  const inputs = entries.map(({ input }) => input)
  const setting = await settingFor(tx, ctx, inputs, { team: own, teams, allowed })
  return entries.flatMap(({ row, input, person }): Fault[] => {
    const line = personLine(headed<PersonField>(asTable(row, input), peopleColumns), asRow(row, input))
    const again = meantPerson(line, input, setting)
    if (again && again.person?.id === person?.id) return []
    const changed = `第 ${row} 行 姓名：「${input.name}」${again?.person ? '现在已经有这个人了' : '现在没有这个人了'}。`
    return line.faults.length > 0 ? line.faults : [{ row, column: '姓名', value: input.name, message: changed }]
  })
}

const titles = peopleColumns.map(({ title }) => title)
const asRow = (row: number, input: PersonInput) => {
  const cells = personCells(input)
  return { row, cells: titles.map(title => cells[title] ?? null) }
}
const asTable = (row: number, input: PersonInput): Table => ({
  name: '',
  rows: [{ row: 0, cells: titles }, asRow(row, input)],
})

/** Enters the people of some rows; whom it can't enter any more, since something changed this moment, is told. */
export async function importPeople(tx: Tx, ctx: Context, entries: readonly PersonEntry[]): Promise<Result> {
  let [imported, updated] = [0, 0]
  const notes: Note[] = []
  for (const { row, input, person } of entries) {
    await tx.$executeRaw`SAVEPOINT person`
    try {
      if (person) {
        if (person.name !== input.name) await renamePerson(tx, ctx.company, person.id, input.name)
        if (input.mobile) await patchPerson(tx, ctx.company, person.id, { mobile: input.mobile })
      }
      await enterPerson(tx, ctx, input, 'file')
      await tx.$executeRaw`RELEASE SAVEPOINT person`
      if (person) updated++
      else imported++
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      await tx.$executeRaw`ROLLBACK TO SAVEPOINT person`
      notes.push({ row, message: `第 ${row} 行：「${input.name}」没有导入：${error.message}` })
    }
  }
  return { ...nothing, imported, updated, failed: entries.length - imported - updated, notes }
}

import { Invalid } from '../errors.ts'
import { accountId, type Role } from '../people/person.ts'
import { type PersonInput, personInput } from '../people/schema.ts'
import { joinedDay, type Tenure, tenured } from '../people/tenure.ts'
import { roleNames } from '../policy/terms.ts'
import { type Headed, Line } from './columns.ts'
import type { KnownPerson } from './find.ts'
import { type PersonField, peopleColumns, rolesSaid } from './peoplecolumns.ts'
import { isError, type Row } from './table.ts'
import { readDay } from './times.ts'

/** A row of a table of people as it was understood; kept as JSON until it is imported. */
export interface PersonEntry {
  row: number
  input: PersonInput
  /** Who it is, if he is there already. */
  person: { id: string; name: string } | null
  /** What becomes different, in words; empty for who is new, and where nothing changes. */
  changes: string[]
}

export interface PeopleSetting {
  /** Of rows that name none. */
  team: TeamSetting | null
  teams: readonly TeamSetting[]
  /** Teams somebody may import into; null: all. */
  allowed: readonly string[] | null
  known: readonly KnownPerson[]
  /** Time of known people by team. */
  tenures: ReadonlyMap<string, ReadonlyMap<string, readonly Tenure[]>>
}

export interface TeamSetting {
  id: string
  name: string
  today: string
  /** As its policy lists them; empty: any. */
  posts: readonly string[]
}

type PersonLine = Line<PersonField>

export const personLine = (table: Headed<PersonField>, { row, cells }: Row): PersonLine =>
  new Line(row, cells, table, peopleColumns)

const roleWords: ReadonlyArray<[Role, RegExp]> = [
  ['technician', /^(技术员|师傅|维修工|安装工|工程师|维修员|technician)$/],
  ['dispatcher', /^(派工员|调度|调度员|派单员|派工|dispatcher)$/],
  ['manager', /^(经理|主管|班长|负责人|manager)$/],
  ['finance', /^(财务|会计|出纳|finance)$/],
]

/** What a row says, before it is known whom it means; `line.faults` has what is wrong with its cells. */
export function readPerson(
  line: PersonLine,
  setting: Pick<PeopleSetting, 'team' | 'teams' | 'allowed'>,
): PersonInput | null {
  for (const { field, shown } of peopleColumns)
    if (!shown && isError(line.text(field))) line.fault(field, '是公式出错的结果，请改好公式或直接填值')
  const text = (field: PersonField) => (line.text(field) === '' || line.has(field) ? undefined : line.text(field))
  const day = (field: PersonField) => {
    const found = text(field) === undefined ? undefined : readDay(line.cell(field))
    if (found === null) line.fault(field, '不是日期，请写成 2026-11-03')
    return found ?? undefined
  }
  const account = (field: PersonField) => (text(field) === undefined ? undefined : { userId: line.text(field) })
  const input = {
    ...{
      name: text('name'),
      mobile: text('mobile')
        ?.normalize('NFKC')
        .replace(/^\+?86/, '')
        .replaceAll(/[\s-]/g, ''),
    },
    ...{ team: teamOf(line, setting)?.name, roles: rolesOf(line), post: text('post') },
    ...{ wecom: account('wecom'), dingtalk: account('dingtalk'), joinedOn: day('joinedOn'), leftOn: day('leftOn') },
  }
  const parsed = personInput.safeParse(input)
  for (const { path } of parsed.error?.issues ?? []) {
    const field = path[0] as PersonField
    if (!line.has(field)) line.fault(field, objections[field] ?? '不能这样填，请照模板里的说明改')
  }
  if (input.joinedOn && input.leftOn && input.leftOn < input.joinedOn) line.fault('leftOn', '早于入职日期，请核对')
  return parsed.success && line.faults.length === 0 ? parsed.data : null
}

const objections: Partial<Record<PersonField, string>> = {
  name: '请填姓名，最多 40 个字',
  mobile: '不是手机号，请填 11 位手机号',
  wecom: '不是账号，请填通讯录里的账号（字母、数字和 - _ @ .），不是姓名',
  dingtalk: '不是账号，请填通讯录里的 userId（字母、数字和 - _ @ .），不是姓名',
  post: '太长了，最多 12 个字',
}

function teamOf(
  line: PersonLine,
  { team, teams, allowed }: Pick<PeopleSetting, 'team' | 'teams' | 'allowed'>,
): TeamSetting | null {
  const named = line.text('team')
  const mine = teams.filter(({ id }) => allowed === null || allowed.includes(id))
  const found = named === '' ? team : mine.find(({ id, name }) => name === named || id === named)
  if (found) return found
  const names = mine
    .slice(0, 10)
    .map(({ name }) => name)
    .join('、')
  if (named !== '' && !line.has('team'))
    line.fault('team', `不是您能导入的班组，有：${names || '（还没有班组，请先建好）'}`)
  return null
}

function rolesOf(line: PersonLine): Role[] | undefined {
  const words = line
    .text('roles')
    .split(/[,，、;；/\s]+/)
    .filter(Boolean)
  if (words.length === 0 || line.has('roles')) return undefined
  const found = words.map(word => roleWords.find(([, pattern]) => pattern.test(word.toLowerCase()))?.[0])
  const unknown = words.find((_, index) => found[index] === undefined)
  if (unknown) line.fault('roles', `里的「${unknown}」不认识，请填 ${rolesSaid}`)
  return unknown ? undefined : [...new Set(found.flatMap(role => role ?? []))]
}

/** Whom a row means, and what it would change; null where that is not possible, and `line.faults` has why. */
export function meantPerson(line: PersonLine, given: PersonInput, setting: PeopleSetting): PersonEntry | null {
  const person = found(line, given, setting)
  if (line.faults.length > 0) return null
  const team = given.team === undefined ? null : (setting.teams.find(({ name }) => name === given.team) ?? null)
  const held = person?.memberships.filter(({ teamId }) => teamId === team?.id).map(({ role }) => role) ?? []
  const input = { ...given, ...(team && !given.roles && held.length > 0 && { roles: held }) }
  if (!team && (input.post ?? input.joinedOn ?? input.leftOn) !== undefined)
    line.fault('team', '请填班组：岗位和入职、离职日期是在班组里的')
  if (team && input.post && team.posts.length > 0 && !team.posts.includes(input.post))
    line.fault('post', `不是「${team.name}」的岗位，有：${team.posts.join('、')}`)
  const rows = (person && team && setting.tenures.get(person.id)?.get(team.id)) ?? []
  const changes = person ? differences(person, input, { team, held, rows }) : []
  // Of who left and stays as he was nobody needs to say what he did.
  if (team && !input.roles && !(person && changes.length === 0)) line.fault('roles', `请填 ${rolesSaid}`)
  if (team) checkTenure(line, input, rows, team.today)
  const mine = setting.allowed === null || !person?.active || person.memberships.length === 0
  if (person && !mine && !person.memberships.some(({ teamId }) => setting.allowed?.includes(teamId)))
    line.fault('name', '是别的班组的人，请找那个班组的经理改')
  if (line.faults.length > 0) return null
  return { row: line.row, input, person: person && { id: person.id, name: person.name }, changes }
}

function found(line: PersonLine, input: PersonInput, { known }: PeopleSetting): KnownPerson | null {
  const named = known.find(({ name }) => name === input.name) ?? null
  const user = (platform: 'wecom' | 'dingtalk') => input[platform] && accountId(platform, input[platform].userId)
  const marks = [
    ['mobile', input.mobile && known.find(({ mobile }) => mobile === input.mobile)],
    ['wecom', input.wecom && known.find(({ wecom }) => wecom === user('wecom'))],
    ['dingtalk', input.dingtalk && known.find(({ dingtalk }) => dingtalk === user('dingtalk'))],
  ] as const
  const whose = marks.flatMap(([field, person]) => (person ? [{ field, person }] : []))
  const [first] = whose
  const other = whose.find(({ person }) => person.id !== first?.person.id)
  if (first && other)
    line.fault(
      other.field,
      `是「${other.person.name}」的，${columnTitle(first.field)}却是「${first.person.name}」的，请核对是谁`,
    )
  else if (first && named && named.id !== first.person.id)
    line.fault(first.field, `是「${first.person.name}」的，不是「${named.name}」的，请核对`)
  else if (!first && named?.mobile && input.mobile && named.mobile !== input.mobile)
    line.fault('name', '已经有人叫这个名字，手机号不同。是同一个人请填原来的账号或手机号，不是请另取一个名字')
  return first?.person ?? named
}

const columnTitle = (field: PersonField): string => peopleColumns.find(one => one.field === field)?.title ?? field

function checkTenure(line: PersonLine, input: PersonInput, rows: readonly Tenure[], today: string): void {
  const { post, joinedOn, leftOn } = input
  if (leftOn !== undefined && leftOn > today) {
    line.fault('leftOn', `还没有到，今天是 ${today}，请离开以后再填`)
    return
  }
  try {
    tenured(rows, { post, joinedOn, leftOn }, today, true)
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const field = error.problems[0]?.path === 'leftOn' ? 'leftOn' : 'joinedOn'
    const times = rows.map(({ from, to }) => `${from} 至 ${to ?? '今'}`).join('、')
    line.fault(field, `和已有的记录（${times || '没有'}）对不上，请核对`)
  }
}

/** What a row makes different of somebody, in words. */
function differences(
  person: KnownPerson,
  input: PersonInput,
  { team, held, rows }: { team: TeamSetting | null; held: readonly Role[]; rows: readonly Tenure[] },
): string[] {
  const says: string[] = []
  const change = (what: string, before: string | null | undefined, after: string | undefined) => {
    if (after !== undefined && after !== (before ?? '')) says.push(`${what} ${before || '（空）'} → ${after}`)
  }
  const names = (roles: readonly Role[]) =>
    [...roles]
      .sort()
      .map(role => roleNames[role])
      .join('、')
  const gone = input.leftOn !== undefined
  change('姓名', person.name, input.name)
  change('手机', person.mobile, input.mobile)
  for (const platform of ['wecom', 'dingtalk'] as const)
    change(columnTitle(platform), person[platform], input[platform] && accountId(platform, input[platform].userId))
  if (!person.active && !gone) says.push('回来上班')
  if (team && input.roles && !gone) change(`${team.name}角色`, names(held), names(input.roles))
  change('岗位', rows.at(-1)?.post, input.post)
  change('入职日期', joinedDay(rows), input.joinedOn)
  change('离职日期', rows.at(-1)?.to, input.leftOn)
  return says
}

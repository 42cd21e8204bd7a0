import { z } from 'zod'
import type { ApprovalKept } from '../approvals.ts'
import type { SandboxPerson } from '../wire.ts'
import type { Desk } from './desk.ts'
import { Refused } from './errcode.ts'

const halfDay = 43_200
/** Hours of China's clock are eight ahead. */
const chinaSeconds = 28_800
const userIds = z.array(z.string().min(1)).min(1)

const shape = z.looseObject({
  creator_userid: z.string(),
  template_id: z.string(),
  use_template_approver: z.literal(0),
  process: z.looseObject({
    node_list: z
      .array(
        z.union([
          z.looseObject({
            type: z.union([z.literal(1), z.literal(3)]),
            apv_rel: z.int().min(1).max(3),
            userid: userIds,
          }),
          z.looseObject({ type: z.literal(2), userid: userIds }),
        ]),
      )
      .min(1),
  }),
  apply_data: z.looseObject({
    contents: z.array(z.looseObject({ control: z.string(), id: z.string(), value: z.unknown() })),
  }),
  summary_list: z
    .array(
      z.looseObject({
        summary_info: z.array(z.looseObject({ text: z.string(), lang: z.enum(['zh_CN', 'en']) })).min(1),
      }),
    )
    .min(1)
    .max(3),
})

const range = z.looseObject({
  type: z.string(),
  new_begin: z.int().positive(),
  new_end: z.int().positive(),
  new_duration: z.int().positive(),
})
const vacation = z.looseObject({
  vacation: z.looseObject({
    selector: z.looseObject({
      type: z.literal('single'),
      options: z.array(z.looseObject({ key: z.string() })).length(1),
    }),
    attendance: z.looseObject({ date_range: range, type: z.literal(1) }),
  }),
})
const area = z.looseObject({ text: z.string().min(1) })

const wrong = (what: string) => new Refused(301025, 'approval apply data invalid parameter', what)

function shaped<T>(schema: z.ZodType<T>, given: unknown, name: string): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw wrong(`${name}: ${parsed.error.issues[0]?.path.join('.') ?? ''} is missing or of another type`)
}

export type Applied = Pick<ApprovalKept, 'applicant' | 'steps' | 'informed' | 'contents' | 'lines'>

/** Checks what `oa/applyevent` is given (/91853). Throws `Refused` 301025, 301055, 301079. */
export function readApplication(desk: Desk, sent: Record<string, unknown>): Applied {
  const given = shaped(shape, sent, 'applyevent')
  if (given.template_id !== desk.credentials.leaveTemplateId) throw wrong('template_id is unknown')
  const applicant = desk.phones.person(given.creator_userid)
  if (!applicant) throw new Refused(301055, 'no approval auth', 'creator_userid is not in the app’s 可见范围')
  for (const { summary_info: lines } of given.summary_list)
    for (const { text } of lines)
      if ([...text].length > 20) throw wrong(`summary_list: more than 20 characters: ${text}`)
  const nodes = given.process.node_list
  const known = (ids: string[]) =>
    ids.map(id => desk.phones.person(id)?.userId ?? refuse(`process: nobody has the userid ${id}`))
  const rels = { 1: 'all', 2: 'any', 3: 'turns' } as const
  const steps = nodes.flatMap(node =>
    node.type === 1 ? [{ rel: rels[node.apv_rel as 1 | 2 | 3], who: known(node.userid) }] : [],
  )
  if (steps.length === 0) throw wrong('process: there is nobody who approves')
  const informed = nodes.flatMap(node => (node.type === 2 ? known(node.userid) : []))
  const { contents } = given.apply_data
  const { lines } = checkContents(desk, applicant, contents)
  return { applicant: applicant.userId, steps, informed, contents, lines }
}

const refuse = (what: string): never => {
  throw wrong(what)
}

function checkContents(
  desk: Desk,
  applicant: SandboxPerson,
  contents: ReadonlyArray<{ control: string; id: string; value?: unknown }>,
): { lines: string[] } {
  const { vacationId, reasonId, unit, types, extra } = desk.kept.template
  const kinds = new Map([
    [vacationId, 'Vacation'],
    [reasonId, 'Textarea'],
    ...(extra === undefined ? [] : ([['Text-1', 'Text']] as const)),
  ])
  for (const { id, control } of contents)
    if (kinds.get(id) !== control) throw wrong(`apply_data: the template has no control ${control} with the id ${id}`)
  const filledIn = (id: string) =>
    contents.find(content => content.id === id)?.value ?? refuse(`apply_data: ${kinds.get(id) ?? id} must be filled in`)
  const { selector, attendance } = shaped(vacation, filledIn(vacationId), 'Vacation').vacation
  const type = types[Number(selector.options[0]?.key) - 1] ?? refuse('Vacation: there is no such leave type')
  const reason = shaped(area, filledIn(reasonId), 'Textarea').text
  if (extra !== undefined) shaped(area, filledIn('Text-1'), extra)
  const span = checkRange(attendance.date_range, unit)
  for (const other of desk.kept.approvals.values()) {
    if (other.applicant !== applicant.userId || !['pending', 'approved'].includes(other.status)) continue
    const taken = spanOf(other)
    if (span.from < taken.to && taken.from < span.to)
      throw new Refused(301079, 'approval attendance time conflict', `the time is taken by ${other.id}`)
  }
  return { lines: [`${type} ${sayRange(attendance.date_range, unit)}`, reason] }
}

type Range = z.infer<typeof range>

/** In the day modes the ends are halves, 00:00 or 12:00, and the last one belongs to it. */
function checkRange(given: Range, unit: string): { from: number; to: number } {
  if (given.type !== unit) throw wrong(`Vacation: date_range.type must be ${unit}, as in the template`)
  const grain = unit === 'hour' ? 360 : halfDay
  if (given.new_duration % grain !== 0) throw wrong(`Vacation: new_duration must be a multiple of ${grain}`)
  if (unit === 'halfday' && [given.new_begin, given.new_end].some(at => (at + chinaSeconds) % halfDay !== 0))
    throw wrong('Vacation: new_begin and new_end must be 00:00 or 12:00')
  if (given.new_end < given.new_begin || (unit === 'hour' && given.new_end === given.new_begin))
    throw wrong('Vacation: new_end must be after new_begin')
  return { from: given.new_begin, to: given.new_end + (unit === 'hour' ? 0 : halfDay) }
}

function spanOf({ contents }: ApprovalKept): { from: number; to: number } {
  const read = contents
    .map(content => vacation.safeParse((content as { value?: unknown }).value))
    .find(one => one.success)
  const {
    type,
    new_begin: from,
    new_end: to,
  } = read?.data?.vacation.attendance.date_range ?? {
    ...{ type: 'hour', new_begin: 0, new_end: 0 },
  }
  return { from, to: to + (type === 'hour' ? 0 : halfDay) }
}

const clock = (at: number) => new Date((at + chinaSeconds) * 1_000).toISOString()

function sayRange({ new_begin, new_end, new_duration }: Range, unit: string): string {
  const say = (at: number) =>
    unit === 'hour'
      ? clock(at).slice(5, 16).replace('T', ' ')
      : `${clock(at).slice(5, 10)}${clock(at).slice(11, 13) === '00' ? '上午' : '下午'}`
  const long = unit === 'hour' ? `${new_duration / 3_600} 小时` : `${new_duration / 86_400} 天`
  return `${say(new_begin)} 至 ${say(new_end)}，${long}`
}

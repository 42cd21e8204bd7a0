import { DateTime } from 'luxon'
import { Invalid } from '../errors.ts'
import type { AwayDay } from '../leave/away.ts'
import type { AttendanceExample } from '../policy/attendancecase.ts'
import { proposalGrounds } from '../policy/attendancecase.ts'
import { calendarOf } from '../policy/business.ts'
import { amountOf } from '../policy/fen.ts'
import type { Policy } from '../policy/schema.ts'
import { factWords } from '../policy/terms.ts'
import { sayCell } from './daywords.ts'
import { judgeMonth, type MonthVerdict } from './month.ts'
import { type CorrectionPart, type Mark, type MarkKind, type OrderSign, type Records, wholeDay } from './record.ts'

/** Examples of `attendance` in a policy, judged. */

const marks: Readonly<Record<string, MarkKind>> = {
  ...{ 上班: 'in', 下班: 'out', 外勤: 'outside', 离岗: 'offPost', 撤销离岗: 'onPost', 没来: 'none', 告假: 'called' },
}
const parts: Readonly<Record<string, CorrectionPart>> = { 上班: 'in', 下班: 'out', 全天: 'day' }
const halves: Readonly<Record<string, readonly [number, number]>> = { 上午: [0, 720], 下午: [720, 1440] }
const facts = new Map(Object.entries(factWords).map(([fact, word]) => [word, fact]))
const known = [...Object.keys(marks), '请假', '申请请假', '补卡', '无记录', '出发'].join(', ')

type Story = { [Key in 'marks' | 'signs' | 'corrections' | 'away' | 'asks' | 'watched']: Array<Records[Key][number]> }

/** The month of the last day a case names. Throws `Invalid` naming the line that can't be read. */
export function playAttendance(policy: Policy, example: AttendanceExample): MonthVerdict {
  const { attendance: rule } = policy
  if (!rule) throw new Invalid('the policy has no section `attendance`')
  const story: Story = { marks: [], signs: [], corrections: [], away: [], asks: [], watched: [] }
  const blind = new Set<string>()
  for (const line of example.facts) readLine(line, policy, story, blind)
  const days = [...example.facts.map(line => line.slice(0, 10)), ...example.expect.map(([day]) => day)].sort()
  const [first = '', last = ''] = [days[0], days.at(-1)]
  const calendar = calendarOf(policy)
  for (let day = first; day <= last; day = calendar.dayAfter(day, 1))
    if (!blind.has(day)) story.watched.push({ from: calendar.momentOf(day, 0), to: calendar.momentOf(day, 1440) })
  const now = example.at === undefined ? calendar.momentOf(calendar.dayAfter(last, 1), 239) : moment(example.at, policy)
  const records: Records = { ...story, person: { restDays: example.rests, daysOff: example.off } }
  return judgeMonth(policy, rule, records, last.slice(0, 7), now)
}

/** What an example finds wrong, a line each; none when it holds. */
export function checkAttendance(policy: Policy, example: AttendanceExample): string[] {
  const month = playAttendance(policy, example)
  const wrong = example.expect.flatMap(([day, wanted]) => {
    const verdict = month.days.find(one => one.day === day)
    const cell = verdict ? sayCell(verdict) : 'not of that month, or not come yet'
    return cell === wanted ? [] : [`${day} is ${cell}, not ${wanted}`]
  })
  const sums = sumsOf(month)
  const off = Object.entries(example.month ?? {}).flatMap(([key, wanted]) => {
    const given = sums[key as keyof typeof sums]
    const text = (value: unknown) => (Array.isArray(value) ? value.join(', ') || 'none' : String(value))
    return text(given) === text(wanted) ? [] : [`month.${key} is ${text(given)}, not ${text(wanted)}`]
  })
  return [...wrong, ...off]
}

function sumsOf(month: MonthVerdict): Required<NonNullable<AttendanceExample['month']>> {
  const days = (share: number) => share / wholeDay
  return {
    ...{ late: month.late, early: month.early, offPost: month.offPost, left: month.lates.left },
    ...{ offDuty: days(month.offDuty), absent: days(month.absent), leave: days(month.leave) },
    ...{ fine: amountOf(BigInt(month.fen)), points: month.points, wage: days(month.wage), run: month.run.length },
    proposals: month.proposals.map(({ why }) => proposalGrounds[why]),
  }
}

function moment(text: string, { zone }: Policy): Date {
  const format = text.split(':').length > 2 ? 'yyyy-MM-dd H:mm:ss' : 'yyyy-MM-dd H:mm'
  const read = DateTime.fromFormat(text, format, { zone })
  if (!read.isValid) throw new Invalid(`"${text}" is no moment: write it like 2026-11-25 09:00`)
  return read.toJSDate()
}

function readLine(line: string, policy: Policy, story: Story, blind: Set<string>): void {
  const [, day = '', time = '', word = '', rest = ''] =
    /^(\d{4}-\d\d-\d\d)(?: (\d{1,2}:\d\d(?::\d\d)?))? (\D\S*)(?: (.+))?$/.exec(line) ?? []
  const at = moment(`${day} ${time || '12:00'}`, policy)
  const kind = marks[word]
  const fact = facts.get(word)
  const timeless = ['没来', '告假', '请假', '申请请假', '补卡', '无记录'].includes(word)
  if (!day || timeless === Boolean(time))
    throw new Invalid(`"${line}" can't be read: write a day, a time unless it is of the whole day, and one of ${known}`)
  if (kind) story.marks.push(mark(kind, at))
  else if (fact) story.signs.push({ at, fact: fact as OrderSign['fact'], code: '1024' })
  else if (word === '无记录') blind.add(day)
  else if (word === '补卡') story.corrections.push(correction(line, day, rest))
  else if (word === '申请请假') story.asks.push({ first: day, last: day, at })
  else if (word === '请假') story.away.push(away(line, policy, day, rest))
  else throw new Invalid(`"${line}" names nothing that is recorded: write one of ${known}`)
}

const mark = (kind: MarkKind, at: Date): Mark => ({ kind, at, source: 'chat', place: null, flags: [], seenAt: at })

function correction(line: string, day: string, rest: string): Story['corrections'][number] {
  const [, word = '', hour, minute] = /^(\S+)(?: (\d{1,2}):(\d\d))?$/.exec(rest) ?? []
  const part = parts[word]
  if (!part) throw new Invalid(`"${line}" names no part: write ${Object.keys(parts).join(', ')}`)
  return { day, part, minute: hour === undefined ? null : Number(hour) * 60 + Number(minute) }
}

/** Half a day is a half; hours count by their part of the day's working time. */
function away(line: string, policy: Policy, day: string, rest: string): AwayDay {
  const read = /^(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)$/.exec(rest)?.slice(1).map(Number)
  const hours = read ? ([(read[0] ?? 0) * 60 + (read[1] ?? 0), (read[2] ?? 0) * 60 + (read[3] ?? 0)] as const) : null
  const [from, to] = hours ?? halves[rest] ?? [0, 1440]
  if (rest && !hours && !halves[rest]) throw new Invalid(`"${line}" names no span: write 上午, 下午 or 09:00-12:00`)
  const calendar = calendarOf(policy)
  const at = (minutes: number) => calendar.momentOf(day, minutes)
  const whole = calendar.workingMs(at(0), at(1440))
  const share = hours && whole > 0 ? Math.round((calendar.workingMs(at(from), at(to)) / whole) * wholeDay) : null
  return {
    ...{ leaveId: line, personId: '', teamId: '', day, type: '', from, to, state: 'granted' },
    share: share ?? (rest ? wholeDay / 2 : wholeDay),
  }
}

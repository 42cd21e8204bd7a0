import { Invalid } from '../errors.ts'
import { nameOf, numberOf } from '../policy/days.ts'

/** When somebody belonged to one team, and as what (岗位). Days are `2026-11-25`, both inside; `to` null: he is still there. */
export interface Tenure {
  post: string | null
  from: string
  to: string | null
}

/** What is said of somebody's time in a team; what is missing stays as it is. */
export interface TenureGiven {
  post?: string | null | undefined
  joinedOn?: string | undefined
  /** His last day there. */
  leftOn?: string | undefined
}

const shifted = (day: string, days: number): string => nameOf(numberOf(day) + days)
const endsBefore = ({ to }: Tenure, day: string): boolean => to !== null && to < day

/** Rows that touch and have the same post are one. */
function merged(rows: readonly Tenure[]): Tenure[] {
  const out: Tenure[] = []
  for (const row of rows) {
    const last = out.at(-1)
    if (last && last.post === row.post && last.to !== null && shifted(last.to, 1) >= row.from) last.to = row.to
    else out.push({ ...row })
  }
  return out
}

/** The rows of his last time there, without a break between them. */
function lastTime(rows: readonly Tenure[]): Tenure[] {
  let first = rows.length - 1
  for (; first > 0; first--) {
    const [before, row] = [rows[first - 1], rows[first]]
    if (!before?.to || !row || shifted(before.to, 1) < row.from) break
  }
  return rows.slice(Math.max(first, 0))
}

/** In a team from a day on, unless he is there already; who left the day before has never been away. */
export function entered(rows: readonly Tenure[], day: string): Tenure[] {
  const last = rows.at(-1)
  if (!last || endsBefore(last, shifted(day, -1))) return [...rows, { post: last?.post ?? null, from: day, to: null }]
  return [...rows.slice(0, -1), { ...last, to: null }]
}

/** Not in the team any more after a day; who had left before stays gone. */
export function gone(rows: readonly Tenure[], day: string): Tenure[] {
  return rows.filter(({ from }) => from <= day).map(row => (endsBefore(row, day) ? row : { ...row, to: day }))
}

/** There without a break since a day: what lies before it in this time is cut off, a break after it is none. */
function since(rows: readonly Tenure[], day: string): Tenure[] {
  const later = rows.filter(row => !endsBefore(row, day))
  if (later.length === 0) throw fault('joinedOn', `lies after ${rows.at(-1)?.to}, his last day there`)
  const current = new Set(lastTime(rows))
  const before = rows.filter(row => endsBefore(row, day) && !current.has(row))
  const filled = later.map((row, index) => {
    const next = later[index + 1]
    return { ...row, ...(index === 0 && { from: day }), ...(next && { to: shifted(next.from, -1) }) }
  })
  return [...before, ...filled]
}

/** Another post from a day on. Who had none yet has had this one all along: nobody had said. */
export function posted(rows: readonly Tenure[], post: string | null, day: string): Tenure[] {
  const last = rows.at(-1)
  if (!last || last.post === post) return [...rows]
  const before = rows.slice(0, -1)
  if (last.post === null || last.from >= day || endsBefore(last, day)) return merged([...before, { ...last, post }])
  return [...before, { ...last, to: shifted(day, -1) }, { post, from: day, to: last.to }]
}

/**
 * His time in a team as a program or a file gives it; `inside`: he is in it now. A post holds from today on, or from the
 * day he joined.
 * @throws Invalid 422 where days contradict each other
 */
export function tenured(rows: readonly Tenure[], given: TenureGiven, today: string, inside = true): Tenure[] {
  const { post, joinedOn, leftOn } = given
  if (leftOn !== undefined && leftOn > today)
    throw fault('leftOn', `must be today (${today}) or earlier: give it once he has left`)
  if (joinedOn !== undefined && leftOn !== undefined && leftOn < joinedOn)
    throw fault('leftOn', `lies before joinedOn, ${joinedOn}`)
  if (!inside && rows.length === 0) throw fault('team', 'he is not in that team')
  const fresh = [{ post: null, from: joinedOn ?? today, to: null }]
  let next: Tenure[] = rows.length === 0 ? fresh : leftOn === undefined && inside ? entered(rows, today) : [...rows]
  if (joinedOn !== undefined && leftOn === undefined) next = since(next, joinedOn)
  if (leftOn !== undefined) {
    const begun = joinedOn ?? joinedDay(next) ?? today
    if (leftOn < begun) throw fault('leftOn', `lies before ${begun}, the day he joined`)
    const kept = next.filter(({ from }) => from <= leftOn)
    next = [...kept.slice(0, -1), ...kept.slice(-1).map(row => ({ ...row, to: leftOn }))]
    if (joinedOn !== undefined) next = since(next.length > 0 ? next : fresh, joinedOn)
  }
  return merged(post === undefined ? next : posted(next, post, today))
}

function fault(path: string, message: string): Invalid {
  return new Invalid(`${path}: ${message}`, [{ path, message }])
}

/** The first day of his last time there. */
export const joinedDay = (rows: readonly Tenure[]): string | null => lastTime(rows)[0]?.from ?? null

/** Somebody’s time in a team within a span of days. */
export interface Span {
  /** As of his last day in it. */
  post: string | null
  /** First and last day there, within the span. */
  from: string
  to: string
  /** Calendar days there; a break between counts not. */
  days: number
  /** When he got another post within the span. */
  changes: Array<{ day: string; post: string | null }>
}

/** Null when he was not there on any day of it. */
export function within(rows: readonly Tenure[], from: string, to: string): Span | null {
  const inside = rows
    .filter(row => row.from <= to && !endsBefore(row, from))
    .map(row => ({ ...row, from: row.from < from ? from : row.from, to: row.to === null || row.to > to ? to : row.to }))
  const [first, last] = [inside[0], inside.at(-1)]
  if (!first || !last) return null
  return {
    ...{ post: last.post, from: first.from, to: last.to },
    days: inside.reduce((sum, row) => sum + numberOf(row.to) - numberOf(row.from) + 1, 0),
    changes: inside.flatMap((row, index) =>
      index > 0 && row.post !== inside[index - 1]?.post ? [{ day: row.from, post: row.post }] : [],
    ),
  }
}

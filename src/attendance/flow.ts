import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { followAttendance } from '../incidents/follow.ts'
import { put } from '../outbox/store.ts'
import type { Person } from '../people/person.ts'
import { personById, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import type { DayVerdict } from './day.ts'
import { type AskedCorrection, correctionById, recordsBetween } from './find.ts'
import { decidersOf, monthOfOne, rulesFor, type Watched, watchedBy } from './look.ts'
import { noticesOf } from './notices.ts'
import type { CorrectionPart, MarkKind } from './record.ts'
import { workdayOf } from './schedule.ts'
import { addCorrection, addEvidence, addMarks, ruleCorrection } from './store.ts'
import { sameMinute, sayDay } from './words.ts'

/** Changes of attendance, each within the transaction it is given. */

/** A check-in in chat; the day as it is by it. Told twice (`key`), it is stored once. */
export async function punch(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  given: { person: Person; kind: 'in' | 'out'; at: Date; key: string; words: string | null },
): Promise<DayVerdict> {
  const { person, kind, at, key, words } = given
  const mark = { personId: person.id, kind, at, source: 'chat' as const, externalId: key, by: person.id, words }
  await addMarks(tx, ctx.company, [mark], ctx.clock.now())
  return dayAfter(tx, ctx, watched, person, workdayOf(watched.policy, at))
}

/** Where he was when he checked in. */
export async function placed(
  tx: Tx,
  ctx: Context,
  given: { person: Person; at: Date; key: string; place: string },
): Promise<void> {
  const { person, at, key, place } = given
  const mark = { personId: person.id, kind: 'outside' as const, at, source: 'chat' as const, externalId: key, place }
  await addMarks(tx, ctx.company, [mark], ctx.clock.now())
}

/** What the desk says of somebody: off his post or not after all at a minute, or that he asked for leave by phone. */
export async function entered(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  given: { person: Person; by: Person; kind: MarkKind; at: Date; key: string; words: string | null },
): Promise<{ day: DayVerdict; known: boolean }> {
  const { person, by, kind, at, key, words } = given
  const day = workdayOf(watched.policy, at)
  const known = await lastSaid(tx, ctx, watched, person, kind, at)
  if (kind === 'onPost' && known !== 'offPost')
    throw new Refusal(
      'offPost',
      `没有记过 ${person.name} ${sayDay(day)}那个时间离岗。回复「考勤 ${person.name}」看看。`,
    )
  const same = known === kind
  const mark = { personId: person.id, kind, at, source: 'desk' as const, externalId: key, by: by.id, words }
  if (!same) await addMarks(tx, ctx.company, [mark], ctx.clock.now())
  return { day: await dayAfter(tx, ctx, watched, person, day), known: same }
}

/** What was last said of this minute (of this day, for a call). */
async function lastSaid(
  tx: Tx,
  ctx: Context,
  { policy }: Watched,
  person: Person,
  kind: MarkKind,
  at: Date,
): Promise<MarkKind | null> {
  const calendar = calendarOf(policy)
  const day = calendar.dayOf(at)
  const span = { first: day, last: day, from: calendar.momentOf(day, 0), to: calendar.momentOf(day, 1440) }
  const found = (await recordsBetween(tx, ctx.company, [person.id], span)).get(person.id)
  const said = (found?.marks ?? []).filter(mark =>
    kind === 'called'
      ? mark.kind === 'called'
      : (mark.kind === 'offPost' || mark.kind === 'onPost') && sameMinute(mark.at, at),
  )
  return said.sort((a, b) => a.seenAt.getTime() - b.seenAt.getTime()).at(-1)?.kind ?? null
}

/** The day as it is now, the managers told what came about. */
async function dayAfter(tx: Tx, ctx: Context, watched: Watched, person: Person, day: string): Promise<DayVerdict> {
  const month = await monthOfOne(tx, ctx, watched, person, day.slice(0, 7))
  await put(tx, ctx.company, await noticesOf(tx, ctx, watched, [{ person, verdict: month }]), ctx.clock.now())
  const verdict = month.days.find(one => one.day === day)
  if (!verdict) throw new Refusal('day', `${sayDay(day)}还没到，没有记录。`)
  return verdict
}

/** Asks the managers for a check-in that is missing; each gets a card. */
export async function askCorrection(
  tx: Tx,
  ctx: Context,
  watched: Watched,
  asked: {
    person: Person
    day: string
    part: CorrectionPart
    minute: number | null
    reason: string
    media: readonly string[]
  },
): Promise<string> {
  const { person, media, ...what } = asked
  const now = ctx.clock.now()
  const teamId = watched.team.id
  const today = workdayOf(watched.policy, now)
  if (what.day > today) throw new Refusal('day', `${sayDay(what.day)}还没到，不用补卡。`)
  const deciders = await decidersOf(tx, ctx, teamId, person.id)
  if (deciders.length === 0) throw new Refusal('role', '没有别的经理可以批，没有提交。请先让派工员把经理录进来。')
  const id = await addCorrection(tx, ctx.company, { ...what, personId: person.id, teamId, askedBy: person.id }, now)
  await addEvidence(tx, ctx.company, id, media, now)
  await put(
    tx,
    ctx.company,
    deciders.map(to => ({
      ...{ kind: 'attendance.correction', to: { person: to }, subject: id, data: { id } },
      dedupeKey: `attendance:correction:${id}:${to}`,
    })),
    now,
  )
  return id
}

/** A manager allows a correction or not; once, whoever comes first. Both are told. Returns it as it is now. */
export async function decideCorrection(
  tx: Tx,
  ctx: Context,
  given: { id: string; allowed: boolean; by: Person; words: string | null },
): Promise<{ correction: AskedCorrection; mine: boolean }> {
  const { id, allowed, by, words } = given
  const before = await correctionById(tx, ctx.company, id)
  if (!before) throw new Refusal('unknown', '找不到这条补卡，可能已经删除。')
  if (!(await decidersOf(tx, ctx, before.teamId, before.personId)).includes(by.id))
    throw new Refusal('role', '补卡要由班组的经理来批，自己的不能自己批。')
  const now = ctx.clock.now()
  const mine = await ruleCorrection(tx, ctx.company, { correctionId: id, allowed, by: by.id, words }, now)
  const correction = await correctionById(tx, ctx.company, id)
  if (!correction?.ruling) throw new Error('a ruling that was made is gone')
  if (mine)
    await put(
      tx,
      ctx.company,
      [
        {
          ...{ kind: 'attendance.ruled', to: { person: correction.personId }, subject: id, data: { id } },
          dedupeKey: `attendance:ruled:${id}`,
        },
      ],
      now,
    )
  if (mine && allowed) await findAgain(tx, ctx, correction)
  return { correction, mine }
}

/** What was proposed from a day that is explained now does not hold any more. */
async function findAgain(tx: Tx, ctx: Context, { teamId, personId, day }: AskedCorrection): Promise<void> {
  const [team, person] = [await teamById(tx, ctx.company, teamId), await personById(tx, ctx.company, personId)]
  const current = team && watchedBy(ctx, team, ctx.clock.now())
  if (!current || !person) return
  const month = day.slice(0, 7)
  const rules = rulesFor(ctx, current, month)
  const verdict = await monthOfOne(tx, ctx, rules, person, month)
  await followAttendance(tx, ctx, rules, [{ person, verdict }], null)
}

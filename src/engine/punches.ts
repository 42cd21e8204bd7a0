import { accountsOn, readUntil } from '../attendance/find.ts'
import { peopleIn, type Watched } from '../attendance/look.ts'
import { addMarks, type NewMark, watched as watchedTo } from '../attendance/store.ts'
import { lookOver, watchedTeams } from '../attendance/sweep.ts'
import type { PlatformName } from '../chat/inbound.ts'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { Permanent, Temporary } from '../errors.ts'
import { accountId } from '../people/person.ts'
import type { Platform, Punch } from '../platforms/platform.ts'
import { calendarOf } from '../policy/business.ts'

interface PunchDeps {
  owner: string
  platforms: ReadonlyMap<PlatformName, Platform>
}

const hourMs = 3_600_000
/** How often a platform is read: seldom enough for DingTalk's monthly allowance of calls. */
const everyMs = 2 * hourMs
/** A check-in may reach the platform late, from a phone without a network: the last hours are read again. */
const againMs = 12 * hourMs
/** How far back somebody is read who was never read before, where the policy's `since` allows it; else from today. */
const oldestMs = 31 * 24 * hourMs
/** People and days asked for at once. */
const [most, longestMs] = [50, 7 * 24 * hourMs]

/**
 * Reads check-ins from the platforms for the teams whose policy says so. What was missed during downtime is caught up,
 * what is read twice is stored once. A platform that fails is told of once and tried again with the next turn; it is read
 * beside the beat, so that one that answers late keeps nobody waiting.
 */
export class PunchReader {
  private readonly failing = new Set<PlatformName>()
  /** The turn of each platform that is known to be somebody's. */
  private readonly taken = new Map<PlatformName, string>()
  private underWay: Promise<unknown> = Promise.resolve()
  private busy = false

  constructor(private readonly deps: PunchDeps) {}

  /** Begins what is due; returns how many platforms are read. */
  async run(ctx: Context): Promise<number> {
    if (this.busy) return 0
    const due = await this.due(ctx)
    if (due.length === 0) return 0
    this.busy = true
    this.underWay = Promise.all(due.map(({ platform, teams }) => this.read(ctx, platform, teams))).finally(() => {
      this.busy = false
      ctx.ring()
    })
    return due.length
  }

  /** Resolves when nothing is being read any more. */
  async idle(): Promise<void> {
    await this.underWay
  }

  private async due(ctx: Context): Promise<Array<{ platform: Platform; teams: Watched[] }>> {
    const period = new Date(Math.floor(ctx.clock.now().getTime() / everyMs) * everyMs).toISOString()
    const reading = [...this.deps.platforms.values()].filter(
      ({ name, attendance }) => attendance && this.taken.get(name) !== period,
    )
    if (reading.length === 0) return []
    const all = await watchedTeams(ctx.db.prisma, ctx)
    const teams = all.filter(({ rule }) => rule.source.includes('platform'))
    const mine: Array<{ platform: Platform; teams: Watched[] }> = []
    for (const platform of teams.length > 0 ? reading : []) {
      if (await take(ctx, this.deps.owner, platform.name, period)) mine.push({ platform, teams })
      this.taken.set(platform.name, period)
    }
    return mine
  }

  /** Never throws: what goes wrong is told. */
  private async read(ctx: Context, platform: Platform, teams: readonly Watched[]): Promise<void> {
    const { name } = platform
    try {
      for (const team of teams) {
        const today = calendarOf(team.policy).dayOf(ctx.clock.now())
        await readTeam(ctx, platform, team, ctx.clock.now())
        await inTransaction(ctx.db, tx => lookOver(tx, ctx, team, today))
      }
      this.failing.delete(name)
    } catch (error) {
      if (!(error instanceof Temporary || error instanceof Permanent))
        return ctx.log.error({ platform: name, err: String(error) }, 'reading check-ins failed')
      if (!this.failing.has(name))
        ctx.log.warn({ platform: name, code: error.code }, 'reading check-ins failed: tried again later')
      this.failing.add(name)
    }
  }
}

async function take(ctx: Context, owner: string, name: PlatformName, period: string): Promise<boolean> {
  const data = [{ company: ctx.company, job: `punches:${name}`, period, owner, startedAt: ctx.clock.now() }]
  return (await ctx.db.prisma.jobRun.createMany({ data, skipDuplicates: true })).count === 1
}

/** Reads each group of people from where it was left, and remembers how far it was read with what was found. */
async function readTeam(ctx: Context, platform: Platform, team: Watched, now: Date): Promise<void> {
  const { prisma } = ctx.db
  const people = (await peopleIn(prisma, ctx, team)).map(({ id }) => id)
  const accounts = await accountsOn(prisma, ctx.company, platform.name, people)
  const until = await readUntil(prisma, ctx.company, platform.name, people)
  const calendar = calendarOf(team.policy)
  const since = calendar.momentOf(team.rule.since ?? calendar.dayOf(now), 0).getTime()
  const oldest = Math.max(since, now.getTime() - oldestMs)
  const from = (userId: string): number => {
    const read = until.get(accounts.get(userId) ?? '')
    return read ? read.getTime() - againMs : oldest
  }
  const users = [...accounts.keys()].sort((a, b) => from(a) - from(b) || (a < b ? -1 : 1))
  for (let first = 0; first < users.length; first += most) {
    const some = users.slice(first, first + most)
    for (let begin = from(some[0] ?? ''); begin < now.getTime(); begin += longestMs) {
      const span = { from: new Date(begin), to: new Date(Math.min(begin + longestMs, now.getTime())) }
      await readSpan(ctx, platform, some, accounts, span)
    }
  }
}

async function readSpan(
  ctx: Context,
  { name, attendance }: Platform,
  users: readonly string[],
  accounts: ReadonlyMap<string, string>,
  span: { from: Date; to: Date },
): Promise<void> {
  const punches = (await attendance?.punches(users, span.from, span.to)) ?? []
  const marks = punches.flatMap((one): NewMark[] => {
    const personId = accounts.get(accountId(name, one.userId))
    return personId ? [markOf(name, personId, one)] : []
  })
  const people = users.flatMap(userId => accounts.get(userId) ?? [])
  await inTransaction(ctx.db, async tx => {
    await addMarks(tx, ctx.company, marks, ctx.clock.now())
    await watchedTo(tx, ctx.company, name, people, span)
  })
}

const markOf = (platform: PlatformName, personId: string, { id, at, kind, place, flags }: Punch): NewMark => ({
  ...{ personId, kind, at, source: platform, externalId: id, place: place ?? null, flags },
})

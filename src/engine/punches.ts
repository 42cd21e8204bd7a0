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
 * what is read twice is stored once. A platform that fails is told of once, tried again with the next turn, and keeps
 * nobody else waiting.
 */
export function punchReader(deps: PunchDeps): (ctx: Context) => Promise<number> {
  const failing = new Set<PlatformName>()
  return async ctx => {
    const now = ctx.clock.now()
    const period = new Date(Math.floor(now.getTime() / everyMs) * everyMs).toISOString()
    let stored = 0
    for (const [name, platform] of deps.platforms) {
      if (!platform.attendance || !(await due(ctx, name, period))) continue
      const teams = (await watchedTeams(ctx.db.prisma, ctx)).filter(({ rule }) => rule.source.includes('platform'))
      if (teams.length === 0 || !(await take(ctx, name, period))) continue
      try {
        for (const team of teams) stored += await readTeam(ctx, platform, team, now)
        failing.delete(name)
      } catch (error) {
        if (!(error instanceof Temporary || error instanceof Permanent)) throw error
        if (!failing.has(name))
          ctx.log.warn({ platform: name, code: error.code }, 'reading check-ins failed: tried again later')
        failing.add(name)
      }
      for (const team of teams)
        await inTransaction(ctx.db, tx => lookOver(tx, ctx, team, calendarOf(team.policy).dayOf(now)))
    }
    return stored
  }

  function due(ctx: Context, name: PlatformName, period: string): Promise<boolean> {
    const where = { company: ctx.company, job: `punches:${name}`, period }
    return ctx.db.prisma.jobRun.count({ where }).then(count => count === 0)
  }

  async function take(ctx: Context, name: PlatformName, period: string): Promise<boolean> {
    const { company } = ctx
    const data = [{ company, job: `punches:${name}`, period, owner: deps.owner, startedAt: ctx.clock.now() }]
    return (await ctx.db.prisma.jobRun.createMany({ data, skipDuplicates: true })).count === 1
  }
}

/** Reads each group of people from where it was left, and remembers how far it was read with what was found. */
async function readTeam(ctx: Context, platform: Platform, team: Watched, now: Date): Promise<number> {
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
  let stored = 0
  for (let first = 0; first < users.length; first += most) {
    const some = users.slice(first, first + most)
    for (let begin = from(some[0] ?? ''); begin < now.getTime(); begin += longestMs) {
      const span = { from: new Date(begin), to: new Date(Math.min(begin + longestMs, now.getTime())) }
      stored += await readSpan(ctx, platform, some, accounts, span)
    }
  }
  return stored
}

async function readSpan(
  ctx: Context,
  { name, attendance }: Platform,
  users: readonly string[],
  accounts: ReadonlyMap<string, string>,
  span: { from: Date; to: Date },
): Promise<number> {
  const punches = (await attendance?.punches(users, span.from, span.to)) ?? []
  const marks = punches.flatMap((one): NewMark[] => {
    const personId = accounts.get(accountId(name, one.userId))
    return personId ? [markOf(name, personId, one)] : []
  })
  const people = users.flatMap(userId => accounts.get(userId) ?? [])
  return inTransaction(ctx.db, async tx => {
    const stored = await addMarks(tx, ctx.company, marks, ctx.clock.now())
    await watchedTo(tx, ctx.company, name, people, span)
    return stored
  })
}

const markOf = (platform: PlatformName, personId: string, { id, at, kind, place, flags }: Punch): NewMark => ({
  ...{ personId, kind, at, source: platform, externalId: id, place: place ?? null, flags },
})

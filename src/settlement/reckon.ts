import { setImmediate } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import type { Team } from '../people/person.ts'
import type { Policy } from '../policy/schema.ts'
import { announceMonth } from './announce.ts'
import type { MonthRecord, SetByHand } from './closing.ts'
import { monthsFrom } from './days.ts'
import { appealableUntil } from './decide.ts'
import { differencesOf } from './difference.ts'
import { touchedAfter } from './find.ts'
import { rulesOfMonth } from './flow.ts'
import { type LedgerOf, ledgersOf, postPoints } from './ledgerstore.ts'
import { gather, momentsOf } from './look.ts'
import type { Owed, TeamMonth } from './month.ts'
import { owedOf } from './owed.ts'
import { type Settled, settling } from './payroll.ts'
import type { Point } from './points.ts'
import { compared, correctionWhy, teamResultOf } from './result.ts'
import { lockMonth, monthOfTeam, monthsOf, slipsOf } from './rows.ts'
import type { Correction, Slip } from './slip.ts'
import { appendMonth, keepSlips, noteProgress, saveSlips } from './store.ts'
import type { Tables } from './tables.ts'

/** Works through a settling with pauses, so that whoever taps meanwhile is answered. */
export async function settleSlowly(
  policy: Policy,
  month: TeamMonth,
  progress: (done: number, of: number) => Promise<void> = async () => {},
): Promise<Settled> {
  const steps = settling(policy, month)
  let told = 0
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    const { done, of } = step.value
    if (done - told > of / 10) {
      told = done
      await progress(done, of)
    }
    await setImmediate()
  }
}

const ledgersAtOnce = 100

/**
 * A few people's ledgers in each transaction: all of a large month take longer than one may. Each person's is whole, and
 * what was not reached is brought up by the next run.
 */
export async function postAll(
  ctx: Context,
  of: LedgerOf,
  points: ReadonlyMap<string, readonly Point[]>,
): Promise<void> {
  // Who is not paid in this team any more has no points left here.
  const gone = (await ledgersOf(ctx.db.prisma, ctx.company, of)).filter(id => !points.has(id))
  const all: Array<[string, readonly Point[]]> = [...points, ...gone.map((id): [string, Point[]] => [id, []])]
  for (let from = 0; from < all.length; from += ledgersAtOnce) {
    const part = new Map(all.slice(from, from + ledgersAtOnce))
    await inTransaction(ctx.db, tx => postPoints(tx, ctx.company, of, part, ctx.clock.now()))
  }
}

/** A month reckoned from what is recorded now, with nothing written but its ledger. */
export async function reckoned(
  ctx: Context,
  given: {
    team: Team
    month: string
    policy: Policy
    setByHand: readonly SetByHand[]
    corrections: boolean
    post: boolean
  },
  progress?: (done: number, of: number) => Promise<void>,
): Promise<Settled & { tables: Tables }> {
  const { team, month, policy, setByHand } = given
  const { prisma } = ctx.db
  const owed = given.corrections ? await owedBefore(ctx, team, month, policy) : new Map<string, Owed[]>()
  const found = await gather(prisma, ctx, { team, policy, month, setByHand, owed })
  if (given.post) await postAll(ctx, { teamId: team.id, month, policy }, found.points)
  return { ...(await settleSlowly(policy, found.month, progress)), tables: found.tables }
}

/** Reckons a month anew and keeps what came of it. Does nothing where somebody else changed the month meanwhile. */
export async function reckonMonth(ctx: Context, team: Team, record: MonthRecord): Promise<void> {
  const { id, month, view } = record
  const { company } = ctx
  const policy = rulesOfMonth(ctx, team, month)
  const began = ctx.clock.now()
  const settled = await reckoned(
    ctx,
    { team, month, policy, setByHand: view.setByHand, corrections: true, post: true },
    async (done, of) => {
      await noteProgress(ctx.db.prisma, company, id, done, of)
      ctx.log.info({ team: team.name, month, done, of }, 'a month is being reckoned')
    },
  )
  const { same, other, any } = await compareKept(ctx, id, settled.slips)
  const changed = settled.slips.filter(({ person }) => !same.has(person))
  const changes = any ? differencesOf(other, changed) : null
  const last = await lastMonth(ctx, team, month)
  const result = teamResultOf(policy, team.name, month, settled, last)
  await inTransaction(ctx.db, async tx => {
    const held = await lockMonth(tx, company, { id })
    // Locked or asked for anew while this was under way: what was read is not what is to be kept.
    if (!held || held.view.state === 'locked' || held.view.version !== view.version) return
    await saveSlips(tx, company, id, changed)
    await keepSlips(
      tx,
      company,
      id,
      settled.slips.map(({ person }) => person),
    )
    // Before it is published nobody has seen his slip.
    const told = held.view.state === 'published' ? changed.map(({ person }) => person) : []
    const fact = {
      ...{ fact: 'reckoned' as const, policy: policy.name, rules: policy.version, people: settled.slips.length },
      ...{ net: result.net, missing: result.missing.length, changed: told },
      ...(told.length > 0 && { until: appealableUntil(policy.month, ctx.clock.now()) }),
    }
    const frame = { at: began.toISOString(), by: null, via: 'system' as const }
    const after = await appendMonth(tx, held, [fact], frame, {
      ...{ rules: policy.version, body: result, tables: settled.tables, changes },
    })
    await announceMonth(tx, ctx, { record: after, policy, added: after.facts.slice(held.facts.length) })
  })
}

/** Slips of a month as they are kept, some at a time. */
async function* keptSlips(ctx: Context, id: string): AsyncGenerator<Slip[], void> {
  let after: string | undefined
  for (;;) {
    const page = await slipsOf(ctx.db.prisma, ctx.company, id, { after })
    yield page
    after = page.at(-1)?.person
    if (page.length < 500) return
  }
}

/** All slips of a month, by person. */
export async function allSlips(
  ctx: Context,
  id: string,
  as: (slip: Slip) => Slip = slip => slip,
): Promise<Map<string, Slip>> {
  const all = new Map<string, Slip>()
  for await (const page of keptSlips(ctx, id)) for (const slip of page) all.set(slip.person, as(slip))
  return all
}

/** Who has the slip already that was reckoned now, and what the others have. */
async function compareKept(
  ctx: Context,
  id: string,
  slips: readonly Slip[],
): Promise<{ same: Set<string>; other: Slip[]; any: boolean }> {
  const now = new Map(slips.map(slip => [slip.person, slip]))
  const same = new Set<string>()
  const other: Slip[] = []
  for await (const page of keptSlips(ctx, id))
    for (const slip of page)
      if (written(slip) === written(now.get(slip.person))) same.add(slip.person)
      else other.push(compared(slip))
  return { same, other, any: same.size + other.length > 0 }
}

/** A journal's JSON keeps no order of keys. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )

/** What locked months owe by what has come to light since, by person (R15.4). */
async function owedBefore(ctx: Context, team: Team, month: string, policy: Policy): Promise<Map<string, Owed[]>> {
  const owed = new Map<string, Owed[]>()
  const { prisma } = ctx.db
  for (let back = policy.month.corrections; back >= 1; back--) {
    const earlier = monthsFrom(month, -back)
    const record = await monthOfTeam(prisma, ctx.company, team.id, earlier)
    if (record?.view.state !== 'locked' || !record.view.reckoned) continue
    const rules = rulesOfMonth(ctx, team, earlier)
    const span = { ...momentsOf(rules, earlier), name: earlier }
    const corrections = await correctionsAfter(ctx, team, earlier, month)
    const since = new Date(record.view.reckoned.at)
    // Nothing has changed, and nothing was corrected that might have to be taken back.
    if (!(await touchedAfter(prisma, ctx.company, team.id, span, since))) continue
    const anew = await reckoned(ctx, {
      ...{ team, month: earlier, policy: rules, setByHand: record.view.setByHand, corrections: false, post: true },
    })
    const locked = await allSlips(ctx, record.id)
    const slips = new Map(anew.slips.map(slip => [slip.person, slip]))
    for (const person of new Set([...locked.keys(), ...slips.keys()])) {
      const found = owedOf(
        earlier,
        locked.get(person),
        slips.get(person),
        corrections.get(person) ?? [],
        correctionWhy(earlier),
      )
      if (found.length > 0) owed.set(person, [...(owed.get(person) ?? []), ...found])
    }
  }
  return owed
}

/** Corrections of a month that later months have made by now, by person; those of the month being reckoned are not among them. */
async function correctionsAfter(
  ctx: Context,
  team: Team,
  earlier: string,
  month: string,
): Promise<Map<string, Correction[]>> {
  const found = new Map<string, Correction[]>()
  for (const row of await monthsOf(ctx.db.prisma, ctx.company, team.id, 24)) {
    if (row.month <= earlier || row.month === month || row.state === 'draft') continue
    for (const [person, slip] of await allSlips(ctx, row.id))
      found.set(person, [...(found.get(person) ?? []), ...slip.corrections.filter(({ of }) => of === earlier)])
  }
  return found
}

/** The month before and the same month a year ago, where there is one. */
async function lastMonth(ctx: Context, team: Team, month: string) {
  const { prisma } = ctx.db
  const [before, year] = await Promise.all(
    [monthsFrom(month, -1), monthsFrom(month, -12)].map(async of => {
      const record = await monthOfTeam(prisma, ctx.company, team.id, of)
      return record ? { record, slips: await allSlips(ctx, record.id, compared) } : null
    }),
  )
  return { before: before ?? null, year: year ?? null }
}

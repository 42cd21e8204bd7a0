import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Composer, Composers } from '../outbox/compose.ts'
import { put } from '../outbox/store.ts'
import { rolesIn } from '../people/person.ts'
import { listTeams, peopleOf } from '../people/store.ts'
import { dailyDue } from './daily.ts'
import { dailyText } from './digestWords.ts'
import { openOrdersOf, openOrdersOfTeams } from './find.ts'
import { sceneOf } from './look.ts'

export type Daily = 'digest' | 'evening'

/** The morning digest and the before-leaving list, once a business day whatever the number of instances (R3.3, R1.7). */
export async function sweepDaily(ctx: Context, owner: string): Promise<number> {
  let planned = 0
  for (const team of await listTeams(ctx.db.prisma, ctx.company, { limit: 10_000 })) {
    for (const which of ['digest', 'evening'] as const) {
      const due = dailyDue(ctx.policy(team.policy), which, ctx.clock.now())
      if (!due || (await isDone(ctx, `${which}:${team.id}`, due.period))) continue
      planned += await inTransaction(ctx.db, tx => planDaily(tx, ctx, owner, team.id, which, due))
    }
  }
  return planned
}

async function isDone(ctx: Context, job: string, period: string): Promise<boolean> {
  return (await ctx.db.prisma.jobRun.count({ where: { company: ctx.company, job, period } })) > 0
}

async function planDaily(
  tx: Tx,
  ctx: Context,
  owner: string,
  teamId: string,
  which: Daily,
  due: { period: string; notAfter: Date },
): Promise<number> {
  const now = ctx.clock.now()
  const job = `${which}:${teamId}`
  const mine = await tx.jobRun.createMany({
    data: [{ company: ctx.company, job, period: due.period, owner, startedAt: now, doneAt: now }],
    skipDuplicates: true,
  })
  if (mine.count === 0) return 0
  const people = await peopleOf(tx, ctx.company, [teamId])
  const tellings = people.map(person => ({
    ...{ kind: 'daily', to: { person: person.id }, data: { which, teamId }, notAfter: due.notAfter },
    dedupeKey: `${job}:${due.period}:${person.id}`,
  }))
  await put(tx, ctx.company, tellings, now)
  return tellings.length
}

const daily: Composer = async (row, tx, ctx) => {
  const { which, teamId } = row.data as { which: Daily; teamId: string }
  const personId = row.personId ?? ''
  const team = await peopleOf(tx, ctx.company, [teamId])
  const person = team.find(one => one.id === personId)
  if (!person) return { drop: 'the person left the team' }
  const desk = rolesIn(person, teamId).some(role => role !== 'technician')
  const own = (await openOrdersOf(tx, ctx.company, personId)).filter(order => order.teamId === teamId)
  const orders = desk ? await openOrdersOfTeams(tx, ctx.company, [teamId]) : own
  if (orders.length === 0) return { drop: 'nothing is open' }
  const scenes = await Promise.all(orders.map(order => sceneOf(tx, ctx, order)))
  return {
    ...{ to: { person: personId }, message: { kind: 'text', text: dailyText(which, scenes, { desk }) } },
    worth: 'should',
  }
}

export const digestComposers: Composers = { daily }

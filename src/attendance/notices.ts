import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { afterQuiet } from '../orders/quiet.ts'
import type { Telling } from '../outbox/store.ts'
import type { Person } from '../people/person.ts'
import type { ProposalGround } from '../policy/attendancecase.ts'
import { decidersOf, type Watched } from './look.ts'
import type { MonthVerdict, Proposal } from './month.ts'

/** What a manager is told of somebody's month, as the outbox keeps it: judged again before it is said. */
export interface NoticeData {
  personId: string
  teamId: string
  month: string
  /** `lates`: so many days off duty have come of lates. */
  why: 'lates' | ProposalGround
  count: number
  /** The first day of a run. */
  from?: string
}

/** A proposal that a notice speaks of; undefined when it does not hold any more. */
export const proposalFor = ({ proposals }: MonthVerdict, { why, from }: NoticeData): Proposal | undefined =>
  proposals.find(one => one.why === why && (why !== 'running' || one.days[0] === from))

/** What came about in these months, for those who manage: each thing once, however often it is looked for. */
export async function noticesOf(
  tx: Tx,
  ctx: Context,
  { team, policy }: Watched,
  months: ReadonlyArray<{ person: Person; verdict: MonthVerdict }>,
): Promise<Telling[]> {
  const at = afterQuiet(policy, ctx.clock.now())
  const tellings: Telling[] = []
  for (const { person, verdict } of months) {
    const about = noticesIn(verdict)
    if (about.length === 0) continue
    const deciders = await decidersOf(tx, ctx, team.id, person.id)
    for (const { key, ...one } of about)
      for (const to of deciders)
        tellings.push({
          ...{ kind: 'attendance.notice', to: { person: to }, subject: person.id, at },
          data: { ...one, personId: person.id, teamId: team.id, month: verdict.month } satisfies NoticeData,
          dedupeKey: `attendance:${person.id}:${key}:${to}`,
        })
  }
  return tellings
}

type About = Pick<NoticeData, 'why' | 'count' | 'from'> & { key: string }

function noticesIn({ month, lates, proposals }: MonthVerdict): About[] {
  const fromLates = Array.from({ length: lates.days }, (_, index) => index + 1)
  return [
    ...fromLates.map(count => ({ why: 'lates' as const, count, key: `lates:${month}:${count}` })),
    ...proposals.map(({ why, limit, days }): About => {
      const [from] = days
      if (why === 'running' && from) return { why, count: limit, from, key: `running:${from}` }
      return { why, count: limit, key: `${why}:${month}` }
    }),
  ]
}

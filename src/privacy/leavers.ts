import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { Refusal } from '../errors.ts'
import { teamsById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { keptSince, longestKept } from '../policy/keeprule.ts'
import { reasonsWithout } from './blank.ts'
import { aliasOf, forgetPerson, leavers, lockPerson, ownJournals, renameInMonths, rewriteOwn } from './leaverows.ts'

/**
 * Who left longer ago than every policy he worked under keeps people. A policy that says nothing keeps for good, and so does
 * a team that is not there any more.
 */
export async function leaversDue(tx: Tx, ctx: Context, now: Date): Promise<string[]> {
  const due: string[] = []
  for (const { id, lastDay, teamIds } of await leavers(tx, ctx.company)) {
    const teams = await teamsById(tx, ctx.company, teamIds)
    const policies = teams.map(({ policy }) => ctx.policy(policy))
    const times = policies.map(({ keep }) => keep?.people ?? null)
    const [policy] = policies
    const longest = longestKept(times)
    if (!policy || !longest || teams.length < teamIds.length) continue
    const since = calendarOf(policy).dayOf(keptSince(now, longest, policy.zone))
    if (lastDay < since) due.push(id)
  }
  return due
}

/**
 * Deletes what is known of somebody who left. Days of leave, penalties, points and the sums of months stay, under an
 * alias: other people's pay was reckoned beside his. False when somebody else did so already.
 *
 * @throws Refusal for who still works here
 */
export async function erasePerson(tx: Tx, ctx: Context, id: string): Promise<boolean> {
  const person = await lockPerson(tx, ctx.company, id)
  if (!person || person.erased) return false
  if (person.active) throw new Refusal('active', `${person.name} 还在职，不能删除资料。先在他的页面办离职。`)
  const { company } = ctx
  const own = await ownJournals(tx, company, id)
  const teamIds = (await leavers(tx, company)).find(one => one.id === id)?.teamIds ?? []
  await rewriteOwn(tx, company, {
    leave: own.leave.map(row => ({ ...row, body: reasonsWithout(row.body) })),
    incidents: own.incidents.map(row => ({ ...row, body: reasonsWithout(row.body) })),
  })
  await renameInMonths(tx, company, { teamIds, from: person.name, to: aliasOf(id) })
  await forgetPerson(tx, company, id, ctx.clock.now())
  return true
}

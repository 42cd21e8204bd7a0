import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { teamsSeen, type Viewer } from '../login/viewer.ts'
import { holder, loadRows, visitRows } from '../orders/boardrows.ts'
import { startOfDay } from '../orders/timewords.ts'
import { comingDays, restOn } from '../people/duty.ts'
import { rolesIn } from '../people/person.ts'
import { peopleWithLeave, teamsById } from '../people/store.ts'
import type { LoadPage } from './wire.ts'

const dayMs = 86_400_000

/** Who of the viewer's teams has how much in hand, whoever is free first. */
export async function loadOf(tx: Tx, ctx: Context, viewer: Viewer, team: string | undefined): Promise<LoadPage> {
  const now = ctx.clock.now()
  const seen = teamsSeen(viewer).filter(id => team === undefined || id === team)
  const usual = ctx.policy('default')
  const teams = (await teamsById(tx, ctx.company, seen)).map(({ id, policy: name }) => {
    const policy = ctx.policy(name)
    return { id, policy, midnight: new Date(startOfDay(now, policy.zone).getTime() + dayMs) }
  })
  const leave = teams.map(({ policy }) => comingDays(policy, now))
  const people = await peopleWithLeave(tx, ctx.company, seen, {
    from: leave.map(({ from }) => from).sort()[0] ?? '',
    to:
      leave
        .map(({ to }) => to)
        .sort()
        .at(-1) ?? '',
  })
  const loads = await loadRows(tx, ctx.company, seen, now)
  const until = new Date(Math.max(now.getTime(), ...teams.map(({ midnight }) => midnight.getTime())))
  const visits = await visitRows(tx, ctx.company, seen, { from: now, to: until })
  const items = teams.flatMap(({ id: teamId, policy, midnight }) =>
    people
      .filter(person => rolesIn(person, teamId).includes('technician'))
      .map(person => {
        const key = holder(teamId, person.id)
        const { open = 0, late = 0 } = loads.get(key) ?? {}
        const today = (visits.get(key) ?? []).filter(({ at }) => at < midnight)
        return {
          ...{ id: person.id, name: person.name, teamId, open, late, perDay: policy.assign.perDay },
          visits: today.map(({ code, at }) => ({ code, at: at.toISOString() })),
          rest: restOn(person, policy, now),
        }
      }),
  )
  const free = (one: LoadPage['items'][number]) => (one.rest === null ? 0 : 1)
  items.sort((a, b) => free(a) - free(b) || a.open - b.open || a.name.localeCompare(b.name, 'zh'))
  return { now: now.toISOString(), zone: usual.zone, items }
}

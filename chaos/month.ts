import { setTimeout as pause } from 'node:timers/promises'
import type { Team } from './company.ts'
import type { Load } from './load.ts'

/** Figures, draft, publishing and locking of a month, each asked until it is so, whatever happens to the service meanwhile. */
export async function closeMonth(load: Load, team: Team, month: string): Promise<void> {
  const values = team.technicians.map(({ name }, at) => ({ name: '级别工资', person: name, value: 1000 + at }))
  const path = `/settlements/${encodeURIComponent(team.name)}/${month}`
  const put = await load.ask('PUT', '/figures', { team: team.name, month, values })
  if (put.status !== 200) throw new Error(`figures were answered ${put.status} ${JSON.stringify(put.body)}`)
  await step(
    load,
    path,
    'draft',
    ({ state, wanted, missing }) => state !== undefined && !wanted && missing.length === 0,
  )
  await step(load, path, 'publish', ({ state }) => state !== 'draft')
  await step(load, path, 'lock', ({ state }) => state === 'locked')
  load.promises.months.push({ team: team.name, month })
}

interface Month {
  state?: string
  wanted: boolean
  missing: unknown[]
}

/** Asks for a step until the month shows that it was done: an answer that was lost is no reason to doubt it, or to trust it. */
async function step(load: Load, path: string, command: string, done: (month: Month) => boolean): Promise<void> {
  await load.until(`${command} of ${path}`, async () => {
    const before = await load.ask<Month>('GET', path)
    if (before.status === 200 && done(before.body)) return true
    await load.ask('POST', `${path}/${command}`)
    await pause(load.random.between(200, 2_000))
    return undefined
  })
}

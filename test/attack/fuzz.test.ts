import { appendFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Furnished, furnish } from '../console/furnished.ts'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { apiToken, World } from '../support/world.ts'
import { type Answer, Knocker } from './knock.ts'
import { planted } from './nasty.ts'
import { type Ask, asks, targetsOf } from './targets.ts'

/**
 * Every route of the service, asked what nobody would ask. `npm run fuzz -- 100000` asks so often; a run of the suite
 * asks a few hundred other things each time (the seed is printed where one fails).
 */
const inputs = Number(process.env.FUZZ_INPUTS ?? 30)
const seed = process.env.FUZZ_SEED ? Number(process.env.FUZZ_SEED) : undefined
const people = ['zhangsan', 'zhaopaigong', 'wangjingli'] as const

let db: TestDatabase
let world: World
let at: Furnished
let knocker: Knocker
const told = new Map<string, number>()

beforeAll(async () => {
  db = await freshDatabase()
  world = await World.open(db, { bot: false })
  at = await furnish(world)
  knocker = new Knocker(world.url)
})
afterAll(async () => {
  knocker.close()
  world.ignore()
  await world.shut()
  await db.close()
  if (process.env.FUZZ_REPORT) appendFileSync(process.env.FUZZ_REPORT, table())
})

/** Statuses down, askers across. */
function table(): string {
  const whos = ['nobody', ...people, 'program']
  const statuses = [...new Set([...told.keys()].map(key => key.split(' ')[1] ?? ''))].sort()
  const line = (first: string, cells: string[]) => first.padEnd(8) + cells.map(cell => cell.padStart(14)).join('')
  const counts = statuses.map(one =>
    line(
      one,
      whos.map(who => String(told.get(`${who} ${one}`) ?? 0)),
    ),
  )
  return `${[line('status', whos), ...counts].join('\n')}\n`
}

const pool = () => fc.constantFrom(...Object.values(at.own), ...Object.values(at.other))
/** What a parameter of that name may name. */
const named = (name: string): fc.Arbitrary<string> => {
  const { order, leave, incident, person, photo, table, team, month } = at.own
  if (name === 'code') return fc.constantFrom(order, leave, incident, at.other.order)
  if (name === 'id') return fc.constantFrom(person, photo, table, team)
  if (name === 'team' || name === 'teamId') return fc.constantFrom(team, at.other.team)
  if (name === 'month') return fc.constantFrom(month, '2026-11')
  if (name === 'limit') return fc.constantFrom('1', '50', '0', '201')
  return pool()
}
/** Those that are not for the other kind of asker: who has a session needs no token, and the other way round. */
const asksOf = (who: string) => {
  const other = who === 'program' ? /^\/(console|m)\/api\// : who === 'nobody' ? /^$/ : /^\/api\//
  return asks(
    targetsOf(pool()).filter(({ path }) => !other.test(path)),
    named,
  )
}

/** What no answer may be, whoever asks whatever. */
function wrongWith(
  { method, route, address }: Ask,
  { status, type, headers, body, tookMs, spentMs }: Answer,
): string[] {
  const faults: string[] = []
  // A suite that has not built the pages has none to show.
  if (status >= 500 && !body.includes('is not built')) faults.push(`answered ${status}`)
  if (spentMs > 10_000 || tookMs > 120_000)
    faults.push(`took ${Math.round(tookMs)} ms, ${Math.round(spentMs)} of them computing`)
  if (/\n\s+at \S+ \(|node_modules|prisma/i.test(type.includes('problem') ? body : ''))
    faults.push('tells of its insides')
  if (type.startsWith('text/html') && body.includes(planted)) faults.push('a tag came back as one')
  if (status === 200 && type.startsWith('text/html') && !headers['content-security-policy'])
    faults.push('a page without a policy')
  if (headers['x-fuzz'] !== undefined) faults.push('a header came back as one')
  if (status >= 400 && address.startsWith('/api/') && status !== 431 && !type.startsWith('application/problem+json'))
    faults.push(`no problem but ${type || 'nothing'}`)
  return faults.map(fault => `${method} ${route}: ${fault}: ${address.slice(0, 300)} ${body.slice(0, 300)}`)
}

async function rows(): Promise<Record<string, unknown>> {
  const names = await db.prisma.$queryRaw<Array<{ name: string }>>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`
  const counts: Record<string, unknown> = {}
  for (const { name } of names) {
    const [row] = await db.prisma.$queryRawUnsafe<Array<{ n: number; sum: string | null }>>(
      `SELECT count(*)::int AS n, md5(string_agg(t::text, '|' ORDER BY t::text)) AS sum FROM "${name}" t`,
    )
    counts[name] = row
  }
  return counts
}

interface Own {
  headers(): Promise<Record<string, string>>
  heard?(status: number): void
}

async function bombard(who: string, own: Own, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(asksOf(who), async ask => {
      const answer = await knocker.ask(ask, await own.headers())
      own.heard?.(answer.status)
      const key = `${who} ${answer.status === 0 ? 'closed' : answer.status}`
      told.set(key, (told.get(key) ?? 0) + 1)
      expect(wrongWith(ask, answer)).toEqual([])
    }),
    { numRuns, endOnFailure: true, ...(seed !== undefined && { seed }) },
  )
}

describe('whatever is sent to whatever address', () => {
  it('changes nothing where nobody is signed in, and never breaks', { timeout: 3_600_000 }, async () => {
    // Who was refused is written down, as it should be.
    const kept = async () => {
      const { AuditEntry: _, UsedState: __, ...rest } = await rows()
      return rest
    }
    const before = await kept()
    await bombard('nobody', { headers: async () => ({}) }, inputs)
    expect(await kept()).toEqual(before)
    expect(world.log.errors).toEqual([])
  })

  it.each(people)('breaks nothing where %s is signed in', { timeout: 3_600_000 }, async userId => {
    let known: Record<string, string> | null = null
    const headers = async () => {
      known ??= await sessionOf(userId)
      return known
    }
    // He signs himself out, too.
    const heard = (status: number) => {
      if (status === 401) known = null
    }
    await bombard(userId, { headers, heard }, inputs)
    await world.settle()
    expect(world.log.errors).toEqual([])
  })

  it('breaks nothing where a program with every right asks', { timeout: 3_600_000 }, async () => {
    await bombard('program', { headers: async () => ({ Authorization: `Bearer ${apiToken}` }) }, inputs)
    await world.settle()
    expect(world.log.errors).toEqual([])
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200)
  })
})

async function sessionOf(userId: string): Promise<Record<string, string>> {
  const browser = new Browser(world.url)
  await signIn(world, browser, userId, '/session')
  const { csrf } = (await browser.get('/session')).json<{ csrf?: string }>()
  return {
    Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    Origin: new URL(world.url).origin,
    ...(csrf && { 'X-CSRF-Token': csrf }),
  }
}

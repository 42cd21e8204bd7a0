import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { auditPage } from '../http/audited.ts'
import { pageRoute } from '../http/pageroute.ts'
import { HttpProblem } from '../http/problem.ts'
import { month } from '../http/shapes/common.ts'
import type { Viewer } from '../login/viewer.ts'
import type { Team } from '../people/person.ts'
import { namesOf, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { settingsChanged } from '../policy/differ.ts'
import { publishPolicy, refreshPolicies, withdrawPolicy } from '../policy/flow.ts'
import { rawPolicy } from '../policy/load.ts'
import { firstDay, mayTakeBack } from '../policy/publish.ts'
import type { Policy } from '../policy/schema.ts'
import { publishedText, publishedVersions, type VersionRow } from '../policy/store.ts'
import { beginOf } from '../policy/versions.ts'
import { monthBefore } from '../settlement/figureentry.ts'
import { checked } from './policycheck.ts'
import { simulated } from './policysim.ts'
import type { PolicyBook, PolicyCompared, PolicyList, PolicyText, PolicyVersion } from './policywire.ts'
import { needReach, teamsFor } from './reach.ts'

const text = z.string().min(1).max(200_000)
const named = z.object({ name: z.string().min(1).max(40) })
const ofVersion = named.extend({ version: z.coerce.number().int().min(1) })
const day = z.iso.date('生效日写成 2026-12-01 这样')
const simulation = z.strictObject({
  text,
  team: z.uuid(),
  month,
  /** Codes of single orders, in place of all of the month. */
  orders: z.array(z.string().trim().min(1).max(12)).max(200).default([]),
})

/** `/policies`: rule books, for managers; publishing is a company manager's. */
export const policyPageRoutes = [
  pageRoute({
    ...{ method: 'get', path: '/policies', id: 'policies', may: 'manage' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => listOf(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/policies/check', id: 'checkPolicy', may: 'manage' },
    body: z.strictObject({ text }),
    handle: async (ctx, { body }) => checked(ctx, body.text),
  }),

  pageRoute({
    ...{ method: 'post', path: '/policies/simulate', id: 'simulatePolicy', may: 'manage' },
    body: simulation,
    async handle(ctx, { viewer, body }) {
      const team = await inTransaction(ctx.db, tx => needReach(tx, ctx, viewer, body.team, 'manage'))
      return simulated(ctx, team, body)
    },
  }),

  pageRoute({
    ...{ method: 'post', path: '/policies/publish', id: 'publishPolicy', may: 'company' },
    body: z.strictObject({ text, effective: day }),
    async handle(ctx, { viewer, body: { text: wanted, effective }, http }) {
      const { faults } = checked(ctx, wanted)
      if (faults.length > 0)
        throw new HttpProblem(422, 'Invalid', `还有 ${faults.length} 处问题，没有发布。改好再发布。`)
      // What others published meanwhile comes first: this one must follow it.
      await refreshPolicies(ctx)
      const { name, version } = await inTransaction(ctx.db, async tx => {
        const made = await publishPolicy(tx, ctx, { text: wanted, effective, by: viewer.person.id })
        const data = { name: made.name, version: made.version, effective }
        await auditPage(tx, ctx, { viewer, http }, { action: 'policy.published', subject: made.name, data })
        return made
      })
      await refreshPolicies(ctx)
      return inTransaction(ctx.db, tx => textOf(tx, ctx, viewer, name, version))
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/policies/{name}', id: 'policyNow', may: 'manage' },
    params: named,
    handle: (ctx, { viewer, params: { name } }) =>
      inTransaction(ctx.db, tx => textOf(tx, ctx, viewer, name, ctx.books.get(name, ctx.clock.now())?.version ?? 0)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/policies/{name}/{version}', id: 'policyText', may: 'manage' },
    params: ofVersion,
    handle: (ctx, { viewer, params: { name, version } }) =>
      inTransaction(ctx.db, tx => textOf(tx, ctx, viewer, name, version)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/policies/{name}/{version}/compare', id: 'comparePolicy', may: 'manage' },
    params: ofVersion,
    body: z.strictObject({ text }),
    handle: (ctx, { viewer, params: { name, version }, body }) =>
      inTransaction(ctx.db, async (tx): Promise<PolicyCompared> => {
        const old = (await textOf(tx, ctx, viewer, name, version)).text
        return { settings: settingsChanged(rawPolicy(old), rawPolicy(body.text)), text: old }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/policies/{name}/{version}/withdraw', id: 'withdrawPolicy', may: 'company' },
    params: ofVersion,
    async handle(ctx, { viewer, params: { name, version }, http }) {
      await refreshPolicies(ctx)
      await inTransaction(ctx.db, async tx => {
        await withdrawPolicy(tx, ctx, { name, version, by: viewer.person.id })
        await auditPage(tx, ctx, { viewer, http }, { action: 'policy.withdrawn', subject: name, data: { version } })
      })
      await refreshPolicies(ctx)
      return inTransaction(ctx.db, tx => listOf(tx, ctx, viewer))
    },
  }),
]

/** Teams he manages, and which book each runs on. */
async function managedTeams(tx: Tx, ctx: Context, viewer: Viewer): Promise<Team[]> {
  const found = await Promise.all(teamsFor(viewer, 'manage').map(id => teamById(tx, ctx.company, id)))
  return found.flatMap(team => team ?? [])
}

async function listOf(tx: Tx, ctx: Context, viewer: Viewer): Promise<PolicyList> {
  const teams = await managedTeams(tx, ctx, viewer)
  const rows = await publishedVersions(tx, ctx.company)
  const own = teams.map(({ policy }) => policy)
  const seen = viewer.isCompanyManager ? [...own, ...rows.map(({ name }) => name)] : own
  const names = [...new Set(seen)].filter(name => ctx.books.versionsOf(name).length > 0)
  const items = await Promise.all(names.map(name => bookOf(tx, ctx, name, { rows, teams })))
  const others = viewer.isCompanyManager ? ctx.books.keys().filter(name => !names.includes(name)) : []
  return { items, others, mayPublish: viewer.isCompanyManager }
}

interface Known {
  rows: readonly VersionRow[]
  teams: readonly Team[]
}

async function bookOf(tx: Tx, ctx: Context, name: string, { rows, teams }: Known): Promise<PolicyBook> {
  const now = ctx.clock.now()
  const own = rows.filter(row => row.name === name)
  const names = await namesOf(tx, ctx.company, [...new Set(own.map(({ by }) => by))])
  const current = ctx.books.get(name, now)
  const view = (policy: Policy): PolicyVersion => {
    const row = own.find(({ version, withdrawnAt }) => version === policy.version && withdrawnAt === null)
    const ahead = policy.effective !== null && beginOf(policy) > now.getTime()
    return {
      ...{ version: policy.version, title: policy.title, effective: policy.effective, from: row ? 'page' : 'file' },
      state: policy === current ? 'now' : ahead ? 'ahead' : 'past',
      ...{ by: row ? (names.get(row.by) ?? '') : null, at: row?.at.toISOString() ?? null },
      mayWithdraw: row !== undefined && mayTakeBack(policy, now),
    }
  }
  const gone = own
    .filter(({ withdrawnAt }) => withdrawnAt !== null)
    .map(
      (row): PolicyVersion => ({
        ...{ version: row.version, title: current?.title ?? name, effective: row.effective, from: 'page' },
        ...{ state: 'withdrawn', by: names.get(row.by) ?? '', at: row.at.toISOString(), mayWithdraw: false },
      }),
    )
  return {
    ...{ name, title: current?.title ?? name },
    teams: teams.filter(({ policy }) => policy === name).map(one => one.name),
    versions: [...ctx.books.versionsOf(name).map(view), ...gone].sort((a, b) => b.version - a.version),
  }
}

/** One version as it is written. @throws HttpProblem 404 for what is not his to see, too */
async function textOf(tx: Tx, ctx: Context, viewer: Viewer, name: string, version: number): Promise<PolicyText> {
  const teams = await managedTeams(tx, ctx, viewer)
  const seen = viewer.isCompanyManager || teams.some(({ policy }) => policy === name)
  const rows = seen ? await publishedVersions(tx, ctx.company, name) : []
  const book = seen ? await bookOf(tx, ctx, name, { rows, teams }) : null
  const policy = seen ? ctx.books.versionsOf(name).find(one => one.version === version) : undefined
  const kept = rows.some(row => row.version === version) ? await publishedText(tx, ctx.company, name, version) : null
  const written = kept ?? (policy ? ctx.books.textOf(policy) : null)
  if (!book || written === null)
    throw new HttpProblem(404, 'Not found', `没有「${name}」第 ${version} 版，或者不归你看。`)
  const rules = policy ?? ctx.policy(name)
  const now = ctx.clock.now()
  return {
    ...{ book, version, text: written, mayPublish: viewer.isCompanyManager },
    firstDay: firstDay(rules.zone, now),
    lastMonth: monthBefore(calendarOf(rules).dayOf(now).slice(0, 7)),
    teams: teams.map(({ id, name: called }) => ({ id, name: called })),
  }
}

import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { type PageRoute, pageRoute } from '../http/pageroute.ts'
import { incidentsSeenBy } from '../incidents/find.ts'
import { settingBy } from '../incidents/look.ts'
import { sayGround } from '../incidents/saying.ts'
import type { Viewer } from '../login/viewer.ts'
import { maskPhones } from '../people/person.ts'
import { peopleOf, teamById } from '../people/store.ts'
import { calendarOf } from '../policy/business.ts'
import { photoUpload, sendPhoto } from './evidence.ts'
import { actOnIncident, addPhoto, incidentAct } from './incidentacts.ts'
import { catalogueFor, enteredBy, incidentWish, previewed } from './incidententry.ts'
import { needIncident, seenBy, waitingFor } from './incidentreach.ts'
import { incidentDetails, incidentRow, incidentRows } from './incidentshow.ts'
import type { IncidentChoices, IncidentList, IncidentWaiting } from './incidentwire.ts'
import { needReach, teamsFor } from './reach.ts'

const month = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like 2026-11' })
const params = z.object({ code: z.string().max(20) })
const listQuery = z.object({
  ...{ team: z.uuid().optional(), person: z.uuid().optional(), item: z.string().max(20).optional() },
  ...{ month: month.optional(), state: z.enum(['proposed', 'confirmed', 'appealed', 'dropped']).optional() },
  ...{ limit: z.coerce.number().int().min(1).max(100).default(30), before: z.uuid().optional() },
})

/** `/incidents`: penalties and rewards, appeals, and what is decided about them. */
export const incidentPageRoutes: readonly PageRoute[] = [
  pageRoute({
    ...{ method: 'get', path: '/incidents/waiting', id: 'incidentsWaiting', may: 'own' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => waiting(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/incidents/choices', id: 'incidentChoices', may: 'own' },
    handle: (ctx, { viewer }) => inTransaction(ctx.db, tx => choices(tx, ctx, viewer)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/incidents/catalogue', id: 'incidentCatalogue', may: 'dispatch' },
    query: z.object({ team: z.uuid(), person: z.uuid().optional(), day: z.iso.date().optional() }),
    handle: (ctx, { viewer, query }) => inTransaction(ctx.db, tx => catalogueFor(tx, ctx, viewer, query)),
  }),

  pageRoute({
    ...{ method: 'post', path: '/incidents/preview', id: 'previewIncident', may: 'dispatch' },
    body: incidentWish,
    handle: (ctx, { viewer, body }) => inTransaction(ctx.db, tx => previewed(tx, ctx, viewer, body)),
  }),

  pageRoute({
    ...{ method: 'get', path: '/incidents/list', id: 'listIncidents', may: 'own' },
    query: listQuery,
    handle: (ctx, { viewer, query: { team, person, item, month: shown, state, limit, before } }) =>
      inTransaction(ctx.db, async (tx): Promise<IncidentList> => {
        if (team) await needReach(tx, ctx, viewer, team, 'dispatch')
        const filter = { teamId: team, personId: person, item, month: shown, states: state && [state] }
        const found = await incidentsSeenBy(tx, ctx.company, seenBy(viewer), filter, { limit, before })
        const next = found.length === limit ? (found.at(-1)?.id ?? null) : null
        return { items: await incidentRows(tx, ctx, viewer, found), next }
      }),
  }),

  pageRoute({
    ...{ method: 'post', path: '/incidents/list', id: 'enterIncident', may: 'dispatch' },
    body: incidentWish,
    async handle(ctx, { viewer, body }) {
      const done = await inTransaction(ctx.db, tx => enteredBy(tx, ctx, viewer, body))
      ctx.ring()
      return done
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/incidents/list/{code}', id: 'incident', may: 'own' },
    params,
    handle: (ctx, { viewer, params: { code } }) =>
      inTransaction(ctx.db, async tx => incidentDetails(tx, ctx, viewer, await needIncident(tx, ctx, viewer, code))),
  }),

  pageRoute({
    ...{ method: 'post', path: '/incidents/list/{code}', id: 'actOnIncident', may: 'own' },
    params,
    body: incidentAct,
    async handle(ctx, { viewer, params: { code }, body }) {
      const done = await inTransaction(ctx.db, tx => actOnIncident(tx, ctx, viewer, code, body))
      ctx.ring()
      return done
    },
  }),

  pageRoute({
    ...{ method: 'post', path: '/incidents/list/{code}/photos', id: 'addIncidentPhoto', may: 'own' },
    params,
    body: photoUpload,
    async handle(ctx, { viewer, params: { code }, body }) {
      const incident = await inTransaction(ctx.db, tx => addPhoto(tx, ctx, viewer, code, body))
      ctx.ring()
      return incident
    },
  }),

  pageRoute({
    ...{ method: 'get', path: '/incidents/list/{code}/photos/{id}', id: 'incidentPhoto', may: 'own' },
    params: params.extend({ id: z.uuid() }),
    handle: (ctx, { viewer, params: { code, id }, http }) =>
      inTransaction(ctx.db, async tx => {
        const { view } = (await needIncident(tx, ctx, viewer, code)).incident
        const among = [...view.photos, ...(view.appeal?.photos ?? [])]
        return sendPhoto(tx, ctx, http, { id, among, name: `${code} 照片` })
      }),
  }),
]

async function waiting(tx: Tx, ctx: Context, viewer: Viewer): Promise<IncidentWaiting> {
  const scenes = await waitingFor(tx, ctx, viewer)
  const state = (wanted: 'proposed' | 'appealed') => scenes.filter(({ incident }) => incident.view.state === wanted)
  const appeals = state('appealed').sort((a, b) => ((a.answerDay ?? '') < (b.answerDay ?? '') ? -1 : 1))
  return {
    appeals: appeals.map(scene => {
      const { answerDay, today } = scene
      const days = Math.round((Date.parse(answerDay ?? today) - Date.parse(today)) / 86_400_000)
      const left = days > 0 ? `还剩 ${days} 天答复` : days === 0 ? '今天要答复' : `答复已超期 ${-days} 天`
      const reason = maskPhones(scene.incident.view.appeal?.reason ?? '')
      return { ...incidentRow(scene, viewer), reason, left, late: days < 0 }
    }),
    proposals: state('proposed').map(scene => {
      const { view } = scene.incident
      const why = view.ground ? sayGround(view.ground, scene.now, scene.policy.zone) : maskPhones(view.note)
      return { ...incidentRow(scene, viewer), why, version: view.look }
    }),
  }
}

async function choices(tx: Tx, ctx: Context, viewer: Viewer): Promise<IncidentChoices> {
  const ids = teamsFor(viewer, 'dispatch')
  const people = ids.length > 0 ? await peopleOf(tx, ctx.company, ids) : []
  const teams = viewer.teams.filter(({ teamId }) => ids.includes(teamId))
  const items = new Set<string>()
  for (const { teamId } of viewer.teams) {
    const team = await teamById(tx, ctx.company, teamId)
    const setting = team && settingBy(ctx, team, team.policy, ctx.policy(team.policy))
    for (const { name } of setting?.rule.items ?? []) items.add(name)
  }
  return {
    teams: teams.map(({ teamId, team }) => ({ id: teamId, name: team })),
    people: people.flatMap(({ id, name, memberships }) => {
      const teamId = memberships.find(one => ids.includes(one.teamId))?.teamId
      return teamId ? [{ id, name, teamId }] : []
    }),
    items: [...items],
    month: calendarOf(ctx.policy('default')).dayOf(ctx.clock.now()).slice(0, 7),
  }
}

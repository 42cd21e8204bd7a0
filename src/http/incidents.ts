import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import type { Consequence } from '../incidents/consequence.ts'
import { amendment } from '../incidents/decide.ts'
import { pageOfIncidents, postOn } from '../incidents/find.ts'
import { decideOn, enterIncident, type SaidCommand } from '../incidents/flow.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { incidentScene, settingBy } from '../incidents/look.ts'
import { incidentByCode } from '../incidents/rows.ts'
import { sayEffects, sayGround, sayObjection } from '../incidents/saying.ts'
import { orderByCode } from '../orders/rows.ts'
import { rolesIn } from '../people/person.ts'
import { namesOf } from '../people/store.ts'
import { itemFor } from '../policy/incidentrule.ts'
import { once } from './idempotency.ts'
import { needPerson, needTeam } from './meant.ts'
import { HttpProblem } from './problem.ts'
import { route } from './route.ts'
import { key, named, paging } from './shapes/common.ts'
import { incidentPage, incidentState, incidentWithTimeline } from './shapes/incidents.ts'

const words = z.string().trim().max(500)
const money = z
  .string()
  .regex(/^\d{1,7}\.\d\d$/, { error: 'must be an amount in quotes like "30.00"' })
  .transform(text => Number(text.replace('.', '')))
const points = z.number().min(0).max(1000)

const listQuery = z.object({
  team: key.optional(),
  person: key.optional(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: 'must be a month like 2026-11' })
    .optional(),
  state: incidentState.optional(),
  ...paging,
})
const entry = z.strictObject({
  team: key,
  person: key,
  /** Its name in the catalogue, or one of its other words. */
  item: key,
  day: z.iso.date({ error: 'must be a day like 2026-12-01' }).optional(),
  order: key.optional(),
  /** How much, where the catalogue leaves it open; `base` the sum it takes so many times, `loss` what is compensated. */
  amount: money.optional(),
  points: points.optional(),
  base: money.optional(),
  loss: money.optional(),
  words: words.default(''),
  /** It counts at once; otherwise it waits for a manager. */
  confirmed: z.boolean().default(false),
})
const decision = z.strictObject({
  /** `uphold`: the appeal is right and the incident falls; `reject`: it stands; `amend`: it stands and costs less. */
  decision: z.enum(['confirm', 'drop', 'uphold', 'reject', 'amend']),
  words: words.default(''),
  amount: money.optional(),
  points: points.optional(),
})

const params = z.object({ code: z.string() })

/** `/api/v1/incidents`: penalties and rewards with their evidence and journals. A program speaks for the managers. */
export const incidentRoutes = [
  route({
    ...{ method: 'get', path: '/incidents', id: 'listIncidents', tag: 'incidents', scope: 'incidents:read' },
    summary: 'List incidents, the oldest first',
    query: listQuery,
    answers: { 200: incidentPage },
    handle: (ctx, { query: { limit, after, state, month, team, person } }) =>
      inTransaction(ctx.db, async tx => {
        const found = await pageOfIncidents(tx, ctx.company, {
          ...{ limit, ...(after && { after }), ...(state && { state }), ...(month && { month }) },
          ...(team && { teamId: (await needTeam(tx, ctx, team)).id }),
          ...(person && { personId: (await needPerson(tx, ctx, person)).id }),
        })
        return { items: await incidentsJson(tx, ctx, found), next: found.length === limit ? found.at(-1)?.id : null }
      }),
  }),

  route({
    ...{ method: 'get', path: '/incidents/{code}', id: 'getIncident', tag: 'incidents', scope: 'incidents:read' },
    summary: 'An incident with its evidence and its journal',
    params,
    answers: { 200: incidentWithTimeline },
    problems: [404],
    handle: (ctx, { params: { code } }) =>
      inTransaction(ctx.db, async tx => shown(tx, ctx, await needed(tx, ctx, code))),
  }),

  route({
    ...{ method: 'post', path: '/incidents', id: 'enterIncident', tag: 'incidents', scope: 'incidents:write' },
    summary: 'Enter an incident',
    body: named('IncidentInput', entry),
    idempotent: true,
    answers: { 201: incidentWithTimeline },
    problems: [409],
    async handle(ctx, { body, raw, http }) {
      const idempotencyKey = http.get('Idempotency-Key') || undefined
      const answer = await once(ctx, { route: 'POST /incidents', key: idempotencyKey, raw }, async tx => ({
        status: 201,
        body: await shown(tx, ctx, await entered(tx, ctx, body)),
      }))
      http.status = answer.status
      ctx.ring()
      return answer.body
    },
  }),

  route({
    ...{ method: 'post', path: '/incidents/{code}/decide', id: 'decideIncident', tag: 'incidents' },
    scope: 'incidents:write',
    summary: 'Confirm or drop an incident, or answer an appeal',
    params,
    body: named('IncidentDecision', decision),
    answers: { 200: incidentWithTimeline },
    problems: [404, 409],
    async handle(ctx, { params: { code }, body }) {
      const answer = await inTransaction(ctx.db, async tx => {
        const incident = await needed(tx, ctx, code)
        const request = { id: incident.id, command: commandOf(body, incident), by: null }
        return shown(tx, ctx, await decideOn(tx, ctx, request, { via: 'api' }))
      })
      ctx.ring()
      return answer
    },
  }),
]

async function entered(tx: Tx, ctx: Context, given: z.output<typeof entry>): Promise<IncidentRecord> {
  const team = await needTeam(tx, ctx, given.team)
  const setting = settingBy(ctx, team, team.policy, ctx.policy(team.policy))
  if (!setting) throw new HttpProblem(422, 'No incidents', `The policy of "${team.name}" has no section incidents.`)
  const person = await needPerson(tx, ctx, given.person)
  if (rolesIn(person, team.id).length === 0)
    throw new HttpProblem(422, 'Unknown person', `"${given.person}" is not in "${team.name}".`)
  const day = given.day ?? setting.today
  const post = await postOn(tx, ctx.company, { teamId: team.id, personId: person.id, day })
  const item = itemFor(setting.rule, given.item, post)
  if (!item)
    throw new HttpProblem(422, 'Unknown item', `The catalogue has no "${given.item}" for the post ${post ?? '(none)'}.`)
  const order = given.order ? await orderByCode(tx, ctx.company, given.order) : null
  if (given.order && order?.teamId !== team.id)
    throw new HttpProblem(422, 'Unknown order', `"${team.name}" has no order ${given.order}.`)
  const takes = (item.points ?? item.between?.points?.[0] ?? 0) < 0
  const told = {
    ...(given.amount !== undefined && { fen: given.amount }),
    ...(given.points !== undefined && { points: takes ? -given.points : given.points }),
    ...(given.base !== undefined && { base: given.base }),
    ...(given.loss !== undefined && { loss: given.loss }),
  }
  const about = order ? { id: order.id, code: order.code } : undefined
  const said = { person, item, day, order: about, told, note: given.words, media: [], by: null }
  const made = await enterIncident(tx, ctx, setting, { ...said, counts: given.confirmed }, { via: 'api' })
  if ('made' in made) return made.made
  throw new HttpProblem(422, 'Not so', sayObjection(item, made.objection, 'amount, points, base'))
}

function commandOf(
  { decision: what, words: said, amount, points: much }: z.output<typeof decision>,
  { view }: IncidentRecord,
): SaidCommand {
  const needReason = () => {
    if (said === '') throw new HttpProblem(422, 'No reason', `Send "words" with ${what}: the person is told why.`)
    return said
  }
  switch (what) {
    case 'confirm':
      return { do: 'confirm' }
    case 'drop':
    case 'uphold':
      return { do: what, ...(said && { reason: said }) }
    case 'reject':
      return { do: 'reject', reason: needReason() }
    case 'amend':
      return amendment(view, { fen: amount, points: much, reason: needReason() })
  }
}

async function needed(tx: Tx, ctx: Context, code: string): Promise<IncidentRecord> {
  const found = await incidentByCode(tx, ctx.company, code)
  if (found) return found
  throw new HttpProblem(404, 'Not found', `There is no incident ${code}.`)
}

async function shown(tx: Tx, ctx: Context, incident: IncidentRecord): Promise<object> {
  const [one] = await incidentsJson(tx, ctx, [incident])
  const scene = await incidentScene(tx, ctx, incident)
  const { view, facts } = incident
  return {
    ...one,
    evidence: {
      ...{ words: view.note, photos: view.photos, ground: view.ground },
      text: view.ground ? sayGround(view.ground, scene.now, scene.policy.zone) : null,
    },
    ...{ appeal: view.appeal, appealUntil: scene.lastAppealDay, answerUntil: scene.answerDay, timeline: facts },
  }
}

const yuan = (fen: number): string => (fen / 100).toFixed(2)

const effectsJson = (is: Consequence) => ({
  ...{ amount: yuan(is.fen), points: is.points, losesAppraisal: is.losesAppraisal, daysOff: is.daysOff },
  ...{ proposesDismissal: is.proposesDismissal, text: sayEffects(is, { manager: true }) },
})

export async function incidentsJson(tx: Tx, ctx: Context, incidents: readonly IncidentRecord[]): Promise<object[]> {
  const people = incidents.flatMap(({ view }) => [view.person, view.by ?? '', view.decided?.by ?? ''])
  const names = await namesOf(tx, ctx.company, people.filter(Boolean))
  const person = (id: string | null | undefined) => (id ? { id, name: names.get(id) ?? '' } : null)
  return incidents.map(({ id, code, teamId, team, view }) => ({
    ...{ id, code, team: { id: teamId, name: team }, person: person(view.person), item: view.item, rule: view.rule },
    ...{ day: view.day, order: view.order?.code ?? null, state: view.state, nth: view.nth, is: effectsJson(view.is) },
    ...{ enteredBy: person(view.by), decidedBy: person(view.decided?.by), decidedAt: view.decided?.at ?? null },
    ...{ dropped: view.dropped, policy: view.policy },
  }))
}

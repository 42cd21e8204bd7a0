import { z } from 'zod'
import { inTransaction } from '../db/tx.ts'
import { type Change, mostMoved, type PersonChange, totalOf } from '../settlement/difference.ts'
import { simulate } from '../settlement/simulate.ts'
import { route } from './route.ts'
import { ofMonth, teamAndMonth } from './settlements.ts'
import { simulation } from './shapes/months.ts'
import { yuan } from './slipjson.ts'

const input = z.strictObject({
  /** The text of a policy file; missing: the team's own rules once more, which must change nothing. */
  policy: z.string().min(1).max(200_000).optional(),
})

/** `POST /api/v1/settlements/{team}/{month}/simulate`: what other rules would have made of a month. */
export const simulateRoutes = [
  route({
    ...{ method: 'post', path: '/settlements/{team}/{month}/simulate', id: 'simulateSettlement', tag: 'months' },
    scope: 'months:read',
    summary: 'What other rules would have made of a month; nothing is changed',
    params: ofMonth,
    body: input,
    answers: { 200: simulation },
    async handle(ctx, { params, body: { policy } }) {
      const { team, month } = await inTransaction(ctx.db, tx => teamAndMonth(tx, ctx, params))
      const { before, after, people, missing } = await simulate(ctx, { team, month, text: policy ?? null })
      const { gain, lose } = mostMoved(people)
      const names = new Map(people.map(({ person, name }) => [person, name]))
      return {
        ...{ team: { id: team.id, name: team.name }, month, before, after },
        missing: missing.map(({ what, person }) => ({ what, ...(person && { person: names.get(person) ?? '' }) })),
        ...{ total: money(totalOf(people)), changed: people.filter(differs).length },
        ...{ gain: gain.map(brief), lose: lose.map(brief), items: people.map(full), next: null },
      }
    },
  }),
]

const differs = ({ difference, items }: PersonChange): boolean => difference !== '0' || items.length > 0

const money = ({ before, after, difference }: Change) => ({
  ...{ before: yuan(before), after: yuan(after), difference: yuan(difference) },
})

const brief = (one: PersonChange) => ({ person: { id: one.person, name: one.name }, difference: yuan(one.difference) })

const full = (one: PersonChange) => ({
  ...{ person: { id: one.person, name: one.name }, ...money(one) },
  items: one.items.map(({ item, as, ...rest }) => ({ item, as, ...(as === 'value' ? rest : money(rest)) })),
})

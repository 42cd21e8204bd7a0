import type Router from '@koa/router'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { inTransaction } from '../db/tx.ts'
import { type Change, mostMoved, type PersonChange, totalOf } from '../settlement/difference.ts'
import { simulate } from '../settlement/simulate.ts'
import { readJson } from './body.ts'
import { teamAndMonth } from './settlements.ts'
import { yuan } from './slipjson.ts'

const input = z.strictObject({
  /** The text of a policy file; missing: the team's own rules once more, which must change nothing. */
  policy: z.string().min(1).max(200_000).optional(),
})

/** `POST /api/v1/settlements/{team}/{month}/simulate`: what other rules would have made of a month. */
export function simulateRoutes(router: Router, ctx: Context): void {
  router.post('/settlements/:team/:month/simulate', async http => {
    const { value } = await readJson(http.req, input)
    const { team, month } = await inTransaction(ctx.db, tx => teamAndMonth(tx, ctx, http.params))
    const { before, after, people, missing } = await simulate(ctx, { team, month, text: value.policy ?? null })
    const { gain, lose } = mostMoved(people)
    const names = new Map(people.map(({ person, name }) => [person, name]))
    http.body = {
      ...{ team: { id: team.id, name: team.name }, month, before, after },
      missing: missing.map(({ what, person }) => ({ what, ...(person && { person: names.get(person) ?? '' }) })),
      ...{ total: money(totalOf(people)), changed: people.filter(differs).length },
      ...{ gain: gain.map(brief), lose: lose.map(brief), items: people.map(full), next: null },
    }
  })
}

const differs = ({ difference, items }: PersonChange): boolean => difference !== '0' || items.length > 0

const money = ({ before, after, difference }: Change) => ({
  ...{ before: yuan(before), after: yuan(after), difference: yuan(difference) },
})

const brief = (one: PersonChange) => ({ person: { id: one.person, name: one.name }, difference: yuan(one.difference) })

const full = (one: PersonChange) => ({
  ...{ person: { id: one.person, name: one.name }, ...money(one) },
  items: one.items.map(({ item, as, ...rest }) => ({ item, as, ...(as === 'value' ? rest : money(rest)) })),
})

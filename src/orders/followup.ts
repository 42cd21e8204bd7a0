import type { Composer, Composers } from '../outbox/compose.ts'
import type { Telling } from '../outbox/store.ts'
import { restOn } from '../people/duty.ts'
import { type Person, rolesIn } from '../people/person.ts'
import type { Policy } from '../policy/schema.ts'
import type { FactBody } from './fact.ts'
import { nobodyAnswers } from './followwords.ts'
import { sceneOf } from './look.ts'
import type { OrderRecord } from './record.ts'
import { loadOrder } from './rows.ts'
import { waitsOf } from './waits.ts'

/**
 * Asks how suspended work stands, where it is time to (R1.5): the technician gets his card with the question, the desk
 * a word when nobody answers. Returns the messages and what the journal has to know. On his own day of rest the
 * question waits for the next working morning.
 */
export function followUps(
  order: OrderRecord,
  policy: Policy,
  team: readonly Person[],
  now: Date,
): { tellings: Telling[]; facts: FactBody[] } {
  const { assignee } = order.view
  const due = waitsOf(order.facts, policy, now).filter(({ at }) => at <= now)
  if (due.length === 0 || !assignee) return { tellings: [], facts: [] }
  const technician = team.find(({ id }) => id === assignee)
  if (technician && restOn(technician, policy, now)) return { tellings: [], facts: [asked('')] }
  const tellings: Telling[] = []
  const facts: FactBody[] = []
  for (const { step, silent } of due) {
    const key = `${order.id}:${order.view.version}:${step}`
    tellings.push({
      ...{ kind: 'order.card', to: { person: assignee }, subject: order.id, data: { question: 'suspended' } },
      dedupeKey: `followUp:${key}:${assignee}`,
    })
    facts.push(asked(assignee))
    for (const { id } of silent ? deskOf(team, order.teamId).filter(person => person.id !== assignee) : []) {
      tellings.push({
        ...{ kind: 'order.silent', to: { person: id }, subject: order.id },
        ...{ data: { step }, dedupeKey: `silent:${key}:${id}` },
      })
      facts.push(asked(id))
    }
  }
  return { tellings, facts }
}

const asked = (to: string): FactBody => ({ fact: 'asked', about: 'suspended', to })

/** The dispatchers; where there is none, the managers. */
function deskOf(team: readonly Person[], teamId: string): readonly Person[] {
  const dispatchers = team.filter(person => rolesIn(person, teamId).includes('dispatcher'))
  return dispatchers.length > 0 ? dispatchers : team.filter(person => rolesIn(person, teamId).includes('manager'))
}

const silent: Composer = async (row, tx, ctx) => {
  const order = await loadOrder(tx, ctx.company, row.subject ?? '')
  if (order?.view.state !== 'suspended') return { drop: 'the order goes on' }
  const times = Number((row.data as { step: string }).step.replace('ask:', '')) - 1
  return {
    to: { person: row.personId ?? '' },
    message: { kind: 'text', text: nobodyAnswers(await sceneOf(tx, ctx, order), times) },
  }
}

export const followUpComposers: Composers = { 'order.silent': silent }

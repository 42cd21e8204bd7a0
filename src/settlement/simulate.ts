import type { Context } from '../context.ts'
import { Invalid } from '../errors.ts'
import type { Team } from '../people/person.ts'
import { readPolicy } from '../policy/load.ts'
import type { Policy } from '../policy/schema.ts'
import { differencesOf, type PersonChange } from './difference.ts'
import { rulesOfMonth, settles } from './flow.ts'
import type { Settled } from './payroll.ts'
import { allSlips, reckoned } from './reckon.ts'
import { monthOfTeam } from './rows.ts'
import type { Slip } from './slip.ts'

interface Rules {
  name: string
  title: string
  version: number
}

export interface Simulation {
  /** By which rule book, and whether these are the slips that are kept or were reckoned for this. */
  before: Rules & { kept: boolean }
  after: Rules
  people: PersonChange[]
  missing: Settled['missing']
}

/**
 * Settles a month's records under another rule book, or once more under the team's own, and says what would change. Nothing
 * of the month is written. @throws Invalid with the line of each fault of the text
 */
export async function simulate(
  ctx: Context,
  { team, month, text }: { team: Team; month: string; text: string | null },
): Promise<Simulation> {
  const own = rulesOfMonth(ctx, team, month)
  const policy = text === null ? own : readPolicy(text, 'policy', own.zone)
  if (!settles(policy))
    throw new Invalid('policy: it has no pay, points or scorecards, so there is nothing to settle by it.', [
      { path: 'policy', message: 'has no pay, points or scorecards' },
    ])
  const record = await monthOfTeam(ctx.db.prisma, ctx.company, team.id, month)
  const kept = record ? [...(await allSlips(ctx, record.id)).values()] : []
  const reckon = async (by: Policy): Promise<Settled> => {
    const setByHand = record?.view.setByHand ?? []
    return reckoned(ctx, { team, month, policy: by, setByHand, corrections: false, post: false })
  }
  const before: readonly Slip[] = kept.length > 0 ? kept : (await reckon(own)).slips
  const after = await reckon(policy)
  return {
    before: { ...(kept[0]?.policy ?? rulesNamed(own)), kept: kept.length > 0 },
    ...{ after: rulesNamed(policy), people: differencesOf(before, after.slips), missing: after.missing },
  }
}

const rulesNamed = ({ name, title, version }: Policy): Rules => ({ name, title, version })

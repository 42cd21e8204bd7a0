import type { IncidentItem } from '../policy/incidentrule.ts'

/** What one incident costs or brings. Money in fen, fines and taken points below zero. */
export interface Consequence {
  fen: number
  points: number
  losesAppraisal: boolean
  proposesDismissal: boolean
  daysOff: number
}

/** What was said of an incident besides its name. Money in fen. */
export interface Told {
  /** How much, where the catalogue leaves it between two ends; above zero. */
  fen?: number
  points?: number
  /** The sum that the catalogue takes so many times. */
  base?: number
  /** What is to be compensated besides. */
  loss?: number
}

type Effect = Pick<IncidentItem, 'fine' | 'reward' | 'points' | 'losesAppraisal' | 'proposesDismissal' | 'daysOff'>

/** What the catalogue wants to know and was not told, or was told and does not want. */
export type Objection =
  | { why: 'howMuch' | 'outside'; of: 'fine' | 'reward' | 'points'; from: number; to: number | null }
  | { why: 'base'; of: string }
  | { why: 'fixed'; of: 'fine' | 'reward' | 'points'; is: number }

/**
 * What an incident comes to by the catalogue (R9–R12). `nth`: which one of its kind it is for that person, counted in a
 * month, a year or ever; 1 the first.
 */
export function consequenceOf(
  item: IncidentItem,
  told: Told,
  nth: (within: 'month' | 'year' | 'ever') => number,
): { is: Consequence } | { objection: Objection } {
  const effect: Effect = item.repeat.filter(({ time, within }) => nth(within) >= time).at(-1) ?? item
  const objection = objectionTo(item, effect, told)
  if (objection) return { objection }
  const fine = effect.fine ?? (item.between?.fine ? (told.fen ?? 0) : timesOf(item, told))
  const reward = effect.reward ?? (item.between?.reward ? (told.fen ?? 0) : 0)
  return {
    is: {
      fen: reward - fine - (item.compensates ? (told.loss ?? 0) : 0),
      points: effect.points ?? (item.between?.points ? (told.points ?? 0) : 0),
      losesAppraisal: effect.losesAppraisal ?? false,
      proposesDismissal: effect.proposesDismissal ?? false,
      daysOff: effect.daysOff ?? 0,
    },
  }
}

const timesOf = ({ times }: IncidentItem, { base = 0 }: Told): number => (times ? Math.round(base * times.by) : 0)

function objectionTo({ between, times }: IncidentItem, effect: Effect, told: Told): Objection | null {
  if (times && effect.fine === undefined && told.base === undefined) return { why: 'base', of: times.of }
  for (const of of ['fine', 'reward', 'points'] as const) {
    const range = between?.[of]
    const said = of === 'points' ? told.points : told.fen
    if (!range || effect[of] !== undefined) continue
    const [from, to] = range
    if (said === undefined) return { why: 'howMuch', of, from, to }
    const outside = Math.abs(said) < Math.abs(from) || (to !== null && Math.abs(said) > Math.abs(to)) || said * from < 0
    if (outside) return { why: 'outside', of, from, to }
  }
  const fixed = effect.fine ?? effect.reward
  const open = between?.fine ?? between?.reward
  if (told.fen !== undefined && !open && fixed !== undefined && fixed !== told.fen)
    return { why: 'fixed', of: effect.fine === undefined ? 'reward' : 'fine', is: fixed }
  if (told.points !== undefined && !between?.points && effect.points !== undefined && effect.points !== told.points)
    return { why: 'fixed', of: 'points', is: effect.points }
  return null
}

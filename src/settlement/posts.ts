import { Num } from '../policy/formula.ts'
import type { Policy } from '../policy/schema.ts'
import { perPage, type RankingPicture } from './picturelayout.ts'
import type { TeamResult } from './slip.ts'

/** A team's month as the group sees it: places and figures, never money (design.md §9). */

/** More pages than this are not posted: what is left stands in the report. */
const mostPages = 5

export const picturesIn = ({ ranking }: Pick<TeamResult, 'ranking'>): number =>
  Math.min(mostPages, Math.max(1, Math.ceil(ranking.length / perPage)))

type Facts = Readonly<Record<string, string>>

/** Share of one count in another, in percent with one decimal, cut off so that 100 % means every one; null where there is nothing. */
export function rateOf(facts: Facts, part: string, whole: readonly string[]): Num | null {
  const all = whole.reduce((sum, name) => sum.plus(facts[name] ?? 0), new Num(0))
  if (all.isZero()) return null
  return new Num(facts[part] ?? 0).div(all).times(100).toDecimalPlaces(1, Num.ROUND_DOWN)
}

export interface TeamRate {
  label: string
  /** In percent; null where nothing was counted. */
  is: Num | null
  before: Num | null
  year: Num | null
  /** In percent; whether less is better, and whether the target itself is too much already. */
  target: Num | null
  less: boolean
  below: boolean
}

/** On-time, satisfaction and complaint rate of a month, with last month's, last year's and the targets (R6.1). */
export function ratesOf(result: TeamResult, targets: Policy['targets']): TeamRate[] {
  const percent = (share: number | null) => (share === null ? null : new Num(share).times(100))
  const { share = null, below = false } = targets.complaints ?? {}
  const complaints = { target: percent(share), less: true, below }
  const all = [
    {
      label: '及时率',
      part: '及时单',
      whole: ['及时单', '超时单'],
      target: percent(targets.onTime),
      less: false,
      below: false,
    },
    {
      label: '满意度',
      part: '满意单',
      whole: ['评价单'],
      target: percent(targets.satisfaction),
      less: false,
      below: false,
    },
    { label: '投诉率', part: '投诉单', whole: ['完成单'], ...complaints },
  ]
  return all.map(({ part, whole, ...rest }) => ({
    ...rest,
    is: rateOf(result.facts, part, whole),
    before: result.before && rateOf(result.before.facts, part, whole),
    year: result.year && rateOf(result.year.facts, part, whole),
  }))
}

export const meets = ({ is, target, less, below }: TeamRate): boolean | null => {
  if (is === null || target === null) return null
  return below ? is.lt(target) : less ? is.lte(target) : is.gte(target)
}

/** `≥ 90%`, `< 3%`. */
export const sayTarget = ({ target, less, below }: TeamRate): string => `${below ? '<' : less ? '≤' : '≥'} ${target}%`

/** The ranking as it is drawn. */
export function pictureOf(result: TeamResult, targets: Policy['targets']): RankingPicture {
  const { ranking, facts, before, rankBy, policy } = result
  const most = ranking.reduce((top, { score }) => Num.max(top, score), new Num(0))
  const done = new Num(facts.完成单 ?? 0)
  const grown = before && done.minus(before.facts.完成单 ?? 0)
  return {
    ...{ team: result.team, month: result.month, scoreName: rankBy },
    footer: `${policy.title} 第 ${policy.version} 版`,
    figures: [
      {
        label: '完成单',
        value: done.toDecimalPlaces(0).toString(),
        ...(grown && { note: `比上月 ${grown.gte(0) ? '+' : ''}${grown.toDecimalPlaces(0)}` }),
      },
      ...ratesOf(result, targets).map(rate => {
        const met = meets(rate)
        return {
          ...{ label: rate.label, value: rate.is === null ? '—' : `${rate.is}%` },
          ...(rate.target && { note: `目标 ${sayTarget(rate)}` }),
          ...(met !== null && { tone: met ? ('good' as const) : ('bad' as const) }),
        }
      }),
    ],
    people: ranking.map(({ rank, name, score, person }) => {
      const was = before?.places[person]
      const share = most.lte(0) ? 0 : Num.max(new Num(score).div(most), 0).toNumber()
      return { rank, name, score, share, moved: before === null ? null : was === undefined ? 'new' : was - rank }
    }),
  }
}

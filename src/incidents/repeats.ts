import type { IncidentState } from './incident.ts'

/** Others of the same item of the same person. */
export interface Other {
  day: string
  state: IncidentState
}

/**
 * Which one of its kind an incident is: one more than those that count in the same month, in the same year, or ever.
 * `expected`: proposals count as well, which is how a proposal is shown; when it is confirmed only what counts does.
 */
export function repeatsAmong(
  others: readonly Other[],
  day: string,
  { expected }: { expected: boolean },
): (within: 'month' | 'year' | 'ever') => number {
  const counting = others.filter(({ state }) => state !== 'dropped' && (expected || state !== 'proposed'))
  return within => {
    const same = within === 'ever' ? '' : day.slice(0, within === 'month' ? 7 : 4)
    return counting.filter(other => other.day.startsWith(same)).length + 1
  }
}

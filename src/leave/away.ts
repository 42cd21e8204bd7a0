/** A day somebody is away, or asks to be (`asked` reserves it already). */
export interface AwayDay {
  leaveId: string
  personId: string
  teamId: string
  /** `2026-11-25`. */
  day: string
  /** Id of the policy's type of leave. */
  type: string
  /** Minutes since midnight, 0 to 1440. */
  from: number
  to: number
  /** Ten-thousandths of a day it counts as. */
  share: number
  state: 'asked' | 'granted'
}

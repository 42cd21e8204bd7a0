/**
 * One order in so many gets the satisfaction form (R1.11). A team's `slack` is how many more of its orders may be
 * completed before the next has to be drawn: `form` × drawn orders that stand − all that stand. Pure.
 */

/** A completion: the first of every `form` is drawn, and whatever place was given back is taken first. */
export function drawNext(slack: number, form: number): { drawn: boolean; slack: number } {
  // A policy with a smaller number was put in force meanwhile: what was saved up under the other does not count.
  const left = Math.min(slack, form - 1)
  return left <= 0 ? { drawn: true, slack: left + form - 1 } : { drawn: false, slack: left - 1 }
}

/** The completion is taken back, and with it the draw if it was drawn: the next one takes the place. */
export const giveBack = (slack: number, form: number, drawn: boolean): number =>
  drawn ? slack - (form - 1) : slack + 1

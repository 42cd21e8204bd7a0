/** What another instance's clock may be ahead. */
export const skewMs = 60_000

/**
 * What is held or put off for `ms` at most, and is so beyond this moment, was before the clock was set back: it would be
 * for as long as the clock was wrong. Clocks of several instances differ by less.
 */
export const farAhead = (now: Date, ms: number): Date => new Date(now.getTime() + ms + skewMs)

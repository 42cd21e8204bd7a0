import type { Duty } from './engine.ts'

/**
 * Work whose hour comes once a day or so: it asks the database once a minute, not at each beat. What failed is tried
 * again at the next beat.
 */
export function minutely(run: Duty['run']): Duty['run'] {
  let last = ''
  return async (ctx, stopping) => {
    const minute = ctx.clock.now().toISOString().slice(0, 16)
    if (minute === last) return 0
    const done = await run(ctx, stopping)
    last = minute
    return done
  }
}

import type { Context } from '../context.ts'
import { Invalid } from '../errors.ts'
import { faultWords } from '../policy/faultwords.ts'
import { lineOf, readPolicy } from '../policy/load.ts'
import type { Policy } from '../policy/schema.ts'
import { caseCount, caseFaults, uncovered, unknownHolidays } from '../policycheck.ts'
import type { PolicyChecked, PolicyFault } from './policywire.ts'

/** Whether a text can be a rule book, and where it can not, as `npm run policy -- check` finds it. */
export function checked(ctx: Context, text: string): PolicyChecked {
  const read = tryRead(ctx, text)
  if ('faults' in read) return { ...read, notes: [], cases: 0, clocks: 0, name: null, title: null }
  const { policy } = read
  const faults = caseFaults(policy).map(
    ({ section, index, name, message }): PolicyFault => ({
      line: lineOf(text, [section, index]),
      where: `例子「${name}」`,
      message: faultWords(message),
    }),
  )
  return {
    ...{ faults, notes: notesOf(policy, ctx.clock.now()), cases: caseCount(policy), clocks: policy.clocks.length },
    ...{ name: policy.name, title: policy.title },
  }
}

function tryRead(ctx: Context, text: string): { policy: Policy } | { faults: PolicyFault[] } {
  try {
    return { policy: readPolicy(text, 'policy', ctx.books.zone) }
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const faults = error.problems.map(({ path, message }): PolicyFault => {
      const [, line, where = ''] = /^policy:(\d+) ?(.*)$/.exec(path) ?? []
      return { line: line === undefined ? null : Number(line), where, message: faultWords(message) }
    })
    return { faults: faults.length > 0 ? faults : [{ line: null, where: '', message: error.message }] }
  }
}

function notesOf(policy: Policy, now: Date): string[] {
  const years = unknownHolidays(policy, now)
  const kinds = uncovered(policy)
  return [
    ...(years.length > 0 ? [`还不知道 ${years.join('、')} 年放哪些假：先按周几算，公布以后写进 calendar.own。`] : []),
    ...(kinds === null ? ['没有写时限：单子做多久都不提醒。'] : []),
    ...(kinds && kinds.length > 0
      ? [`${kinds.map(({ name }) => name).join('、')}没有完成时限：没有人会被提醒去完成。`]
      : []),
  ]
}

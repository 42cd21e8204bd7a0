import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { playAttendance } from './attendance/attendcase.ts'
import { dayLine, proposalLine, sumLines } from './attendance/words.ts'
import { Invalid } from './errors.ts'
import { sayMonthLine } from './leave/monthwords.ts'
import { playLeave } from './leave/playcase.ts'
import { systemClock } from './now.ts'
import { explainClock } from './orders/explain.ts'
import { playCase, playReturn } from './orders/policycase.ts'
import { sayReturns } from './orders/returnswords.ts'
import { readPolicy } from './policy/load.ts'
import type { Policy } from './policy/schema.ts'
import { caseCount, caseFaults, uncovered, unknownHolidays } from './policycheck.ts'
import { howLines, sayLine, sumLine } from './settlement/linewords.ts'
import { playPay } from './settlement/playpay.ts'

/**
 * `npm run policy -- check FILE…` says what is wrong with policy files: their settings, and their cases.
 * `npm run policy -- explain FILE [WORDS]` prints the arithmetic of their cases, or of those whose name has the words.
 * Ends with 1 when something is wrong, with 2 when it was asked for nothing it knows.
 */
const usage = 'npm run policy -- check FILE…\nnpm run policy -- explain FILE [words of a case]'

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

function check(file: string): boolean {
  try {
    const policy = readPolicy(readFileSync(file, 'utf8'), basename(file))
    const found = caseFaults(policy)
    for (const { section, index, name, message } of found)
      console.log(`${basename(file)} ${section}[${index}] ${name}: ${message}`)
    for (const warning of warnings(policy)) console.log(`${basename(file)} warning: ${warning}`)
    for (const note of notes(policy)) console.log(`${basename(file)} note: ${note}`)
    const count = caseCount(policy)
    const cases = count === 0 ? 'no cases' : `${counted(count, 'case')} hold`
    if (found.length === 0) console.log(`${basename(file)}: good (${counted(policy.clocks.length, 'clock')}, ${cases})`)
    return found.length === 0
  } catch (error) {
    console.log(sentence(error, file))
    return false
  }
}

/** Holidays of the coming weeks that nobody has announced to this program. */
function warnings(policy: Policy): string[] {
  const years = unknownHolidays(policy, systemClock.now())
  if (years.length === 0) return []
  return [
    `the holidays of ${years.join(', ')} are not known: weekdays decide until they are given in calendar.own or by a newer version`,
  ]
}

/** What is allowed, and may not have been meant. */
function notes(policy: Policy): string[] {
  const found = uncovered(policy)
  if (found === null) return ['no clocks: orders of such a team take as long as they take']
  const kinds = found.map(({ kind, name }) => `${kind} (${name})`)
  if (kinds.length === 0) return []
  const fix = 'add a rule of kind complete if that is not meant'
  return [`no complete clock for ${kinds.join(', ')}: nobody is reminded to complete these; ${fix}`]
}

function explain(file: string, words: string): boolean {
  try {
    const policy = readPolicy(readFileSync(file, 'utf8'), basename(file))
    const wanted = policy.cases.filter(({ name }) => name.includes(words))
    for (const one of wanted) {
      const { facts, now, clocks } = playCase(policy, one)
      const told = one.expect.flatMap(([kind]) => clocks.filter(clock => clock.kind === kind))
      const blocks = told.map(clock => explainClock(clock, facts, policy, now))
      console.log([`# ${one.name}`, ...one.facts, ...blocks, ''].join('\n'))
    }
    const returns = policy.returnCases.filter(({ name }) => name.includes(words))
    for (const one of returns) {
      const { facts, answer } = playReturn(policy, one)
      console.log([`# ${one.name}`, sayReturns({ code: '', answer, facts, today: one.today }).trim(), ''].join('\n'))
    }
    const watched = policy.attendanceCases.filter(({ name }) => name.includes(words))
    for (const one of watched)
      console.log([`# ${one.name}`, ...one.facts, ...attendanceLines(policy, one), ''].join('\n'))
    const leaves = policy.leaveCases.filter(({ name }) => name.includes(words))
    for (const one of leaves) console.log([`# ${one.name}`, ...leaveLines(policy, one), ''].join('\n'))
    const paid = policy.payCases.filter(({ name }) => name.includes(words))
    for (const one of paid) console.log([`# ${one.name}`, ...payLines(policy, one), ''].join('\n'))
    const told = wanted.length + returns.length + watched.length + leaves.length + paid.length
    if (told === 0) console.log(`${basename(file)} has no case named so: ${words}`)
    return told > 0
  } catch (error) {
    console.log(sentence(error, file))
    return false
  }
}

/** The days a case speaks of, and what its month adds up to. */
function attendanceLines(policy: Policy, one: Policy['attendanceCases'][number]): string[] {
  const { attendance: rule } = policy
  if (!rule) return []
  const month = playAttendance(policy, one)
  const days = month.days.filter(({ day }) => one.expect.some(([named]) => named === day))
  return [
    ...days.map(verdict => dayLine(verdict, policy, rule)),
    ...sumLines(month, rule),
    ...month.proposals.map(proposalLine),
  ]
}

/** What each thing that is asked comes to, the days that cost nothing, and the month's end where the case speaks of it. */
function leaveLines(policy: Policy, one: Policy['leaveCases'][number]): string[] {
  const { lines, month } = playLeave(policy, one)
  const hours = policy.leave?.hoursPerDay ?? 8
  return [
    ...lines.flatMap(({ line, came, counted }) => [
      `${line} → ${came}`,
      ...(counted?.free ?? []).map(({ day, why }) => `  ${day} 不算：${why}`),
    ]),
    ...(one.month ? month.map(line => sayMonthLine(line, hours, name => name)) : []),
  ]
}

/** Every line of everybody, with how it came about. */
function payLines(policy: Policy, one: Policy['payCases'][number]): string[] {
  const { lines, slips, missing } = playPay(policy, one)
  const told = (line: (typeof lines)[number]) => [`  ${sayLine(line)}`, ...howLines(line).map(how => `    ${how}`)]
  return [
    ...(lines.length > 0 ? ['班组', ...lines.flatMap(told)] : []),
    ...slips.flatMap(slip => [
      `${slip.name}${slip.post === null ? '' : `（${slip.post}）`} ${sumLine(slip)}`,
      ...slip.lines.flatMap(told),
    ]),
    ...missing.map(({ what, person }) => `缺：${person ?? ''} ${what}`),
  ]
}

function sentence(error: unknown, file: string): string {
  if (error instanceof Invalid) return error.message
  if (error instanceof Error && 'code' in error) return `${file} can't be read: ${error.message}`
  throw error
}

const [what, ...rest] = process.argv.slice(2)
const [first, words = ''] = rest
if (what === 'check' && first) process.exitCode = rest.map(check).every(Boolean) ? 0 : 1
else if (what === 'explain' && first) process.exitCode = explain(first, words) ? 0 : 1
else {
  console.error(usage)
  process.exitCode = 2
}

import { maskPhones } from '../people/person.ts'
import { calendarOf } from '../policy/business.ts'
import type { Policy } from '../policy/schema.ts'
import { clockKindNames, factWords, reasonNames } from '../policy/terms.ts'
import { readDuration } from '../policy/units.ts'
import { causeOf } from './causes.ts'
import { causeNames } from './causewords.ts'
import { type ClockView, clockRunsOf, clocksOf, type NotCounted } from './clocks.ts'
import { type Fact, standing, timeFor } from './fact.ts'
import { doerOf, factNames } from './factwords.ts'
import { sayReckoning } from './limitwords.ts'
import { toldSteps } from './nudges.ts'
import { sayDuration, sayLeft, saySpan, sayTime } from './timewords.ts'
import { sayWorkingDays } from './workingdays.ts'

type NameOf = (personId: string) => string

/** WeCom cuts a text message at 2,048 bytes; some room is left for what is put around it. */
const roomBytes = 1800
const minuteMs = 60_000

/** Says times and durations of one explanation: to the second only where minutes would not add up. */
interface Teller {
  time(at: Date): string
  between(from: Date, to: Date): string
  span(span: { from: string; to?: string; exact: boolean }): string
  nameOf: NameOf
}

/** The answer to 为什么超时 1024: what is late with its arithmetic, else what runs; the rest in a line each. */
export function explainOrder(code: string, facts: readonly Fact[], policy: Policy, at: Date, nameOf: NameOf): string {
  const now = timeFor(facts, at)
  const clocks = clocksOf(facts, policy, now)
  const earlier = clockRunsOf(facts, policy, now).filter(
    run =>
      run.lateByMs !== undefined && !clocks.some(clock => clock.startedBy === run.startedBy && clock.kind === run.kind),
  )
  const late = clocks.filter(clock => clock.state === 'late' || clock.state === 'missed')
  const open = clocks.filter(clock => clock.state === 'running' || clock.state === 'paused')
  const told = late.length > 0 ? late : open
  const names = late.map(clock => `${clockKindNames[clock.kind]}${lateness(clock)}`)
  const head = late.length > 0 ? `${code} ${names.join('，')}` : `${code} 没有超时。`
  if (clocks.length === 0) return `${code} 没有超时：还没有开始计时的时限${startsLater(facts, policy)}。`
  const blocks = told.map(clock => explainClock(clock, facts, policy, now, nameOf))
  const others = clocks.filter(clock => !told.includes(clock)).map(clock => summary(clock, policy, now))
  const before = earlier.map(run => `改派前：${summary(run, policy, now)}`)
  const why = mainCauses(late, facts, policy, now)
  return fitted([head, ...blocks, [...others, ...before].join('\n')].filter(Boolean), why)
}

/** An order that no rule fits never has a clock; only where one starts with 派单 that can be said. */
function startsLater(facts: readonly Fact[], policy: Policy): string {
  const [first] = facts
  const kind = first?.fact === 'created' ? first.order.kind : undefined
  const fitting = policy.clocks.filter(({ when }) => !when?.kind || (kind && when.kind.includes(kind)))
  const given = standing(facts).some(({ fact }) => fact === 'dispatched')
  return !given && fitting.some(({ start }) => start.includes('dispatched')) ? '，派单后开始' : ''
}

/** Whole blocks are left out rather than cut, the last ones first; the last line stays. */
function fitted(blocks: readonly string[], last: string): string {
  const bytes = (text: string) => Buffer.byteLength(text, 'utf8')
  const kept: string[] = []
  const whole = (more: readonly string[]) => [...kept, ...more, last].filter(Boolean).join('\n\n')
  for (const block of blocks) if (bytes(whole([block])) <= roomBytes) kept.push(block)
  return whole([])
}

/** `主要原因：没有动静（今天 10:30 已提醒）`; of several late clocks each, those with the same one together. */
function mainCauses(late: readonly ClockView[], facts: readonly Fact[], policy: Policy, now: Date): string {
  const found = new Map<string, string[]>()
  for (const clock of late) {
    const caused = causeOf(facts, policy, clock)
    const fact = facts.find(({ seq }) => seq === caused?.seq)
    if (!caused || !fact) continue
    const words = `${causeNames[caused.cause]}（${sayTime(new Date(fact.at), now, policy.zone)} ${factNames[fact.fact]}）`
    found.set(words, [...(found.get(words) ?? []), clockKindNames[clock.kind]])
  }
  const named = [...found]
    .slice(0, 3)
    .map(([words, kinds]) => (found.size > 1 ? `${kinds.join('、')} ${words}` : words))
  return named.length === 0 ? '' : `主要原因：${named.join('；')}`
}

/** The arithmetic of one clock in lines: start, limit, appointment, pauses, due, stop, result, reminders. */
export function explainClock(
  clock: ClockView,
  facts: readonly Fact[],
  policy: Policy,
  now: Date,
  nameOf: NameOf = () => '',
): string {
  const tell = tellerFor(clock, policy, now, nameOf)
  return [
    `【${clock.rule.name}】${result(clock, now)}`,
    `起点：${deed(facts, clock.startedBy, tell)}`,
    `时限：${clock.limit.words}`,
    ...appointed(clock, facts, tell),
    ...paused(clock, now, tell),
    due(clock, tell),
    ...workingDays(clock, policy, now),
    ...stopped(clock, facts, now, tell),
    ...clock.notCounted.slice(-3).map(one => notCounted(one, facts, tell)),
    ...reminders(clock, facts, tell),
  ].join('\n')
}

function tellerFor(clock: ClockView, policy: Policy, now: Date, nameOf: NameOf): Teller {
  const seconds = !addsUp(clock, now)
  return {
    time: at => sayTime(at, now, policy.zone, { seconds }),
    between: (from, to) =>
      seconds ? sayDuration(to.getTime() - from.getTime(), { seconds }) : sayDuration(gap(from, to)),
    span: span => saySpan(span, now, policy.zone),
    nameOf,
  }
}

/** Difference of two times as clocks show them. */
function gap(from: Date, to: Date): number {
  return toMinute(to) - toMinute(from)
}

const toMinute = (at: Date): number => Math.floor(at.getTime() / minuteMs) * minuteMs

/** Whether start, limit and pauses give the due time when all are written to the minute. */
function addsUp(clock: ClockView, now: Date): boolean {
  if (!clock.dueAt) return true
  if (!clock.appointment && clock.rule.limit.form !== 'elapsed')
    return clock.pauses.length === 0 || momentsOf(clock).every(at => at.getTime() % minuteMs === 0)
  const pauses = counted(clock).reduce((sum, { from, to }) => sum + gap(from, to ?? now), 0)
  return toMinute(baseOf(clock)) + pauses === toMinute(clock.dueAt)
}

function momentsOf({ startedAt, pauses }: ClockView): Date[] {
  return [startedAt, ...pauses.flatMap(({ from, to }) => (to ? [from, to] : [from]))]
}

/** Due time without the pauses. */
function baseOf(clock: ClockView): Date {
  const { appointment, rule, limit } = clock
  if (!appointment) return limit.dueAt
  return appointment.to ? new Date(appointment.to) : new Date(Date.parse(appointment.from) + rule.exactGraceMs)
}

/** Pauses that moved the due time: an appointment takes those before it into account. */
function counted(clock: ClockView): ClockView['pauses'] {
  return clock.appointment ? clock.pauses.filter(pause => pause.from >= clock.dueSetAt) : clock.pauses
}

/** `今天 09:00 派单（赵派工：「派 1024 给 张三」）`. */
function deed(facts: readonly Fact[], seq: number, tell: Teller): string {
  const fact = facts.find(one => one.seq === seq)
  if (!fact) return ''
  const who = doerOf(fact, tell)
  const words = fact.words ? `「${shortened(fact.words)}」` : ''
  const by = [who, words].filter(Boolean).join('：')
  const what = 'implied' in fact && fact.implied ? '没有报，按后一步算' : ''
  const note = [by, what].filter(Boolean).join('，')
  return `${tell.time(new Date(fact.at))} ${factWords[fact.fact] ?? '改约'}${note ? `（${note}）` : ''}`
}

function shortened(words: string): string {
  const line = [...maskPhones(words).replace(/\s+/g, ' ').trim()]
  return line.length > 24 ? `${line.slice(0, 24).join('')}…` : line.join('')
}

function appointed(clock: ClockView, facts: readonly Fact[], tell: Teller): string[] {
  const { appointment, appointedBy } = clock
  if (!appointment || appointedBy === undefined) return []
  const end = appointment.to
    ? '到这段的末尾为止'
    : clock.rule.exactGraceMs > 0
      ? `再加 ${sayDuration(clock.rule.exactGraceMs)}`
      : '到点为止'
  return [`约定：${tell.span(appointment)}，代替时限，${end}`, `　　　${deed(facts, appointedBy, tell)}`]
}

function paused(clock: ClockView, now: Date, tell: Teller): string[] {
  const counts = counted(clock)
  const lines = clock.pauses.map(pause => {
    const to = pause.to ?? now
    const covered = counts.includes(pause) ? '' : '，约定时间前的，不另加'
    return `暂停：${tell.time(pause.from)}–${pause.to ? tell.time(to) : '现在'} ${reasonNames[pause.reason]}，${tell.between(pause.from, to)}${covered}`
  })
  return lines.length <= 4 ? lines : [`暂停：前面还有 ${lines.length - 3} 次`, ...lines.slice(-3)]
}

function due(clock: ClockView, tell: Teller): string {
  if (!clock.dueAt) return '到期：没有'
  const pausedMs = counted(clock).reduce((sum, { from, to }) => sum + (to ? to.getTime() - from.getTime() : 0), 0)
  const added = new Date(baseOf(clock).getTime() + pausedMs)
  const parts = [clock.appointment ? '约定时间' : reckoned(clock)]
  if (pausedMs > 0) parts.push(`暂停 ${tell.between(baseOf(clock), added)}${resumed(clock)}`)
  if (clock.state === 'paused') return `到期：暂停中不会到期，现在恢复就是 ${tell.time(clock.dueAt)}`
  return `到期：${tell.time(clock.dueAt)} = ${parts.join(' + ')}`
}

function stopped(clock: ClockView, facts: readonly Fact[], now: Date, tell: Teller): string[] {
  if (clock.stoppedBy !== undefined) return [`结束：${deed(facts, clock.stoppedBy, tell)}`]
  if (clock.state === 'exempt' && clock.stoppedAt) return [`结束：${tell.time(clock.stoppedAt)} 派工员确认联系不上`]
  return [`现在：${tell.time(now)}，还没有结束`]
}

function reckoned({ rule, limit }: ClockView): string {
  const { latestMs } = rule.limit
  return limit.cut && latestMs !== null ? `起点 + 最晚 ${sayDuration(latestMs)}` : sayReckoning(rule.limit, limit.ms)
}

/** What a pause gives back where it isn't simply the time that passed. */
function resumed({ appointment, rule, limit }: ClockView): string {
  if (appointment || limit.cut || rule.limit.form === 'elapsed') return ''
  return '（剩下的上班时间从恢复时接着算）'
}

/** The calendar behind a due time that depends on it, and what is not known of it. */
function workingDays(clock: ClockView, policy: Policy, now: Date): string[] {
  const { appointment, rule, startedAt, dueAt, pauses, unknownYears } = clock
  if (appointment || rule.limit.form === 'elapsed' || !dueAt) return []
  const spans = pauses.map(({ from, to }) => ({ from, to: to ?? now }))
  const days = `工作时：${sayWorkingDays(calendarOf(policy), { from: startedAt, to: dueAt }, spans)}`
  if (unknownYears.length === 0) return [days]
  return [days, `注意：${unknownYears.join('、')} 年的放假安排还没有，按平常的星期算，请在制度里补上`]
}

/** `超时 1 小时 12 分`, measured as `sayLeft` does. */
function lateness(clock: ClockView): string {
  const { dueAt, lateByMs } = clock
  return dueAt && lateByMs !== undefined ? sayLeft(dueAt, new Date(dueAt.getTime() + lateByMs)) : ''
}

function result(clock: ClockView, now: Date): string {
  const { dueAt, stoppedAt } = clock
  switch (clock.state) {
    case 'late':
    case 'missed':
      return lateness(clock)
    case 'running':
      return dueAt ? `没超时，${sayLeft(dueAt, now)}` : '没超时'
    case 'paused':
      return dueAt ? `暂停中，恢复后${sayLeft(dueAt, now)}` : '暂停中'
    case 'met':
      return dueAt && stoppedAt ? `按时，${early(dueAt, stoppedAt)}` : '按时'
    case 'exempt':
      return '不算超时：时限内报了联系不上，派工员已确认'
    case 'cancelled':
      return clock.lateByMs === undefined ? '不再计时' : `不再计时，之前已${lateness(clock)}`
  }
}

function early(dueAt: Date, stoppedAt: Date): string {
  return dueAt.getTime() === stoppedAt.getTime() ? '正好到点' : `提前 ${sayDuration(gap(stoppedAt, dueAt))}`
}

function summary(clock: ClockView, policy: Policy, now: Date): string {
  const at = clock.stoppedAt ? `（${sayTime(clock.stoppedAt, now, policy.zone)}）` : ''
  return `${clock.rule.name}：${result(clock, now)}${at}`
}

function notCounted({ seq, why }: NotCounted, facts: readonly Fact[], tell: Teller): string {
  const fact = facts.find(one => one.seq === seq)
  const at = fact ? tell.time(new Date(fact.at)) : ''
  switch (why) {
    case 'agreedTooLate':
      return `不算：${at} 才约的时间，那时已经超时`
    case 'agreedForThePast':
      return `不算：${at} 约的是已经过去的时间`
    case 'suspendedTooLate':
      return `不算：${at} 才挂起，那时已经超时`
    case 'reportedTooLate':
      return `不算：${at} 才报联系不上，那时已经超时`
    case 'reasonNotAccepted':
      return `不算：${at} 挂起的原因（${fact?.fact === 'suspended' ? shortened(fact.note) : ''}）按制度不暂停`
  }
}

function reminders(clock: ClockView, facts: readonly Fact[], tell: Teller): string[] {
  const own = new Set(facts.filter(fact => fact.seq > clock.startedBy).map(fact => fact.seq))
  const told = toldSteps(facts.filter(fact => own.has(fact.seq))).filter(one => one.clock === clock.kind)
  const grouped = new Map<string, string[]>()
  for (const one of told) {
    const key = `${tell.time(one.at)} ${stepWords(one.step)}${one.asks ? '，问进度' : ''}${one.until ? '，师傅休息' : ''}`
    const name = one.to === '' ? '没有可通知的人' : tell.nameOf(one.to)
    grouped.set(key, [...(grouped.get(key) ?? []), name])
  }
  const lines = [...grouped].map(([what, names]) =>
    [what, names.filter(Boolean).join('、')].filter(Boolean).join(' → '),
  )
  return lines.length === 0 ? [] : [`提醒过：${lines.slice(-4).join('；')}`]
}

function stepWords(step: string): string {
  const [kind, rest = ''] = step.split(':')
  if (kind === 'unanswered') return `${sayDuration(readDuration(rest) ?? 0)}没回进度`
  if (rest.endsWith('%')) return `时间过了 ${rest}`
  if (rest.endsWith('@start')) return `起点后 ${sayDuration(readDuration(rest.replace('@start', '')) ?? 0)}`
  const ms = readDuration(rest) ?? 0
  if (kind === 'warn') return `到期前 ${sayDuration(ms)}`
  return ms === 0 ? '到期' : `超时 ${sayDuration(ms)}`
}

import { html } from '../html.ts'
import { sayFen } from '../policy/fen.ts'
import type { Appeal } from './closing.ts'
import { sayCorrection, tidy } from './linewords.ts'
import { fromWords, pageWords as words } from './pagewords.ts'
import type { Correction, Evidence, Line, Score, Slip } from './slip.ts'

/** An entry of the points ledger as its owner reads it: `1023 上门维修`, `2.5`. */
export interface PointLine {
  day: string
  what: string
  hundredths: number
  corrects: boolean
  /** Of the order that earned it, where one did. */
  code?: string | null
  rule?: string
}

/** Everything that stands on a payslip's page. Moments are said already, in the team's zone. */
export interface SlipPage {
  slip: Slip
  team: string
  state: 'published' | 'locked'
  /** `积分 86（第 2 名，共 12 人）`. */
  standing: string | null
  appealsUntil: string | null
  lockedAt: string | null
  /** The person's own. */
  appeals: readonly Appeal[]
  points: readonly PointLine[]
  /** What the slip's incidents were, by code. */
  incidents: ReadonlyMap<string, { day: string; item: string }>
}

/** More codes of a kind than this are counted, not listed. */
const mostCodes = 300

const fen = (text: string): string => sayFen(BigInt(text))

/** The body of a person's payslip. Everything in it that people or programs wrote is escaped. */
export function slipBody(page: SlipPage): string {
  const { slip } = page
  const paid = slip.lines.filter(({ as }) => as !== 'value')
  const values = slip.lines.filter(({ as }) => as === 'value')
  return [
    headOf(page),
    section(
      words.lines,
      paid.map(line => lineHtml(line, page)).join('') || `<p class="note">${html(words.noLines)}</p>`,
    ),
    section(words.corrections, slip.corrections.map(correctionHtml).join('')),
    section(words.values, values.map(line => lineHtml(line, page)).join('')),
    ...slip.scores.map(scoreHtml),
    section(words.points, pointsHtml(page.points)),
    section(words.remarks, list(slip.remarks)),
    section(words.appeals, appealsHtml(page)),
    `<footer>${html(words.by(slip.policy.title, slip.policy.version))}</footer>`,
  ].join('')
}

const section = (title: string, inner: string): string =>
  inner === '' ? '' : `<section><h2>${html(title)}</h2>${inner}</section>`

const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `<ul>${items.map(item => `<li>${html(item)}</li>`).join('')}</ul>`

function headOf({ slip, team, state, standing }: SlipPage): string {
  const { name, post, month, net, gross, deducted, corrected, days } = slip
  const sums = [
    [words.gross, fen(gross)],
    ...(deducted === '0' ? [] : [[words.deducted, `-${fen(deducted)}`]]),
    ...(corrected === '0' ? [] : [[words.corrected, fen(corrected)]]),
    ...(days.employed === days.month ? [] : [[words.days, words.daysOf(days.employed, days.month)]]),
    ...slip.scores.map(({ card, total, grade }) => [card, words.score(tidy(total), grade)]),
  ]
  return [
    `<header><p class="over">${html(`${team} · ${words.month(month)}`)}<span class="state ${state}">${html(words.states[state])}</span></p>`,
    `<h1>${html(name)}${post === null ? '' : ` <small>${html(post)}</small>`}</h1>`,
    `<p class="net"><span>${html(words.net)}</span><b>${html(fen(net))}</b></p>`,
    standing === null ? '' : `<p class="standing">${html(standing)}</p>`,
    `<dl>${sums.map(([label = '', value = '']) => row(label, html(value))).join('')}</dl></header>`,
  ].join('')
}

/** `value` is HTML. */
const row = (label: string, value: string): string => `<div><dt>${html(label)}</dt><dd>${value}</dd></div>`

function amountOf({ as, fen: amount, value }: Line): string {
  if (amount === undefined) return tidy(value ?? '0')
  return `${as === 'deduct' && amount !== '0' ? '-' : ''}${fen(amount)}`
}

function lineHtml(line: Line, page: SlipPage): string {
  const { item, how, rule, gate, inputs, steps, note, override, notTaken, fault, as } = line
  const marks = [
    override ? words.marks.override : '',
    notTaken ? words.marks.notTaken : '',
    fault ? words.marks.fault : '',
  ]
  const mark = marks.filter(Boolean).map(text => `<em>${html(text)}</em>`)
  const rows = [
    row(words.how, html(rule === undefined ? how : `${how}（${rule}）`)),
    gate ? row(words.gate, html(`${gate.when} ${gate.held ? words.held : words.notHeld}`)) : '',
    inputs.length > 0 ? row(words.inputs, inputs.map(input => inputHtml(input, page)).join('')) : '',
    steps.length > 0 ? row(words.steps, steps.map(step => `<p>${html(step)}</p>`).join('')) : '',
    fault === undefined ? '' : row(words.fault, html(fault)),
    notTaken === undefined ? '' : row(words.notTaken, html(words.leftOpen(fen(notTaken)))),
    override ? row(words.override, html(overrideWords(override, as))) : '',
    note === undefined ? '' : row(words.note, html(note)),
  ]
  return `<details><summary><span>${html(item)}${mark.join('')}</span><b>${html(amountOf(line))}</b></summary><dl>${rows.join('')}</dl></details>`
}

const overrideWords = ({ by, reason, reckoned }: NonNullable<Line['override']>, as: Line['as']): string =>
  words.changed(by, reason, as === 'value' ? reckoned : fen(reckoned))

function inputHtml({ name, value, from }: Line['inputs'][number], { slip, incidents }: SlipPage): string {
  const evidence = evidenceOf(slip.facts[name]?.evidence, incidents)
  const told = evidence.map(text => `<p class="evidence">${html(text)}</p>`).join('')
  return `<p class="input"><span>${html(name)} <small>${html(fromWords[from])}</small></span><b>${html(tidy(value))}</b></p>${told}`
}

function evidenceOf(evidence: Evidence | undefined, incidents: SlipPage['incidents']): string[] {
  if (!evidence) return []
  const { orders = [], incidents: codes = [], leaves = [], days = [] } = evidence
  const told = (label: string, all: readonly string[]) => {
    const more = all.length > mostCodes ? words.more(all.length) : ''
    return all.length === 0 ? [] : [`${label}：${all.slice(0, mostCodes).join('、')}${more}`]
  }
  const incident = (code: string) => {
    const known = incidents.get(code)
    return known ? words.incident(code, known.day, known.item) : code
  }
  return [
    ...told(words.orders, orders),
    ...told(words.incidents, codes.map(incident)),
    ...told(words.leaves, leaves),
    ...told(words.dates, days.map(words.day)),
  ]
}

const correctionHtml = (one: Correction): string => `<p>${html(sayCorrection(one))}</p>`

function scoreHtml({ card, lines, plus, total, grade }: Score): string {
  const columns = [...new Set(lines.flatMap(({ marks }) => Object.keys(marks)))]
  const head = [words.item, words.full, ...columns, words.got].map(text => `<th>${html(text)}</th>`).join('')
  const rows = lines.map(({ item, full, marks, score, steps }) => {
    const cells = [full, ...columns.map(column => marks[column] ?? '—'), score]
    const under = steps.map(step => `<small>${html(step)}</small>`).join('')
    return `<tr><th scope="row">${html(item)}${under}</th>${cells.map(cell => `<td>${html(tidy(cell))}</td>`).join('')}</tr>`
  })
  const more = plus.map(
    ({ name, marks }) =>
      `<tr><th scope="row" colspan="${columns.length + 2}">${html(name)}</th><td>${html(tidy(marks))}</td></tr>`,
  )
  const table = `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}${more.join('')}</tbody></table></div>`
  return section(`${card} ${words.score(tidy(total), grade)}`, table)
}

function pointsHtml(points: readonly PointLine[]): string {
  if (points.length === 0) return ''
  const sum = points.reduce((total, { hundredths }) => total + hundredths, 0)
  const rows = points.map(
    ({ day, what, hundredths, corrects }) =>
      `<tr><td>${html(words.day(day))}</td><th scope="row">${html(what)}${corrects ? `<em>${html(words.marks.corrects)}</em>` : ''}</th><td>${html(signed(hundredths))}</td></tr>`,
  )
  return `<details><summary><span>${html(words.entries(points.length))}</span><b>${html(numberOf(sum))}</b></summary><div class="wide"><table><tbody>${rows.join('')}</tbody></table></div></details>`
}

const numberOf = (hundredths: number): string => `${hundredths / 100}`
const signed = (hundredths: number): string => `${hundredths > 0 ? '+' : ''}${numberOf(hundredths)}`

function appealsHtml({ slip, state, appealsUntil, lockedAt, appeals }: SlipPage): string {
  const item = slip.lines.find(({ as }) => as !== 'value')?.item ?? words.anItem
  const known = appeals.map(({ item, reason, answer }) => words.appeal(item, reason, answer))
  const how =
    state === 'published' && appealsUntil !== null
      ? words.howToAppeal(appealsUntil, item)
      : lockedAt === null
        ? words.locked
        : words.lockedAt(lockedAt)
  return `${list(known)}<p>${html(how)}</p>`
}

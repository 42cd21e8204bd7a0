import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { sayFen } from '../policy/fen.ts'
import type { Appeal as AppealView, MonthRecord } from '../settlement/closing.ts'
import { sayCorrection, tidy } from '../settlement/linewords.ts'
import type { SlipPage } from '../settlement/page.ts'
import { pageWords as words } from '../settlement/pagewords.ts'
import type { Evidence, Line } from '../settlement/slip.ts'
import { slipParts } from '../settlement/slipview.ts'
import type { Appeal, SlipLine, SlipView } from './monthwire.ts'

type Parts = Omit<SlipPage, 'state'>

const fen = (text: string): string => sayFen(BigInt(text))

/** A slip as the pages show it, with what each line rests on; null where there is none. */
export async function slipView(
  tx: Tx,
  ctx: Context,
  record: MonthRecord,
  personId: string,
  nameOf: (id: string | null) => string,
): Promise<SlipView | null> {
  const parts = await slipParts(tx, ctx, record, personId)
  if (!parts) return null
  const { slip, team, standing, appeals, appealsUntil, lockedAt } = parts
  const { gross, deducted, corrected, days, lines, points } = { ...slip, points: parts.points }
  const sums = [
    { kind: 'gross' as const, value: fen(gross) },
    ...(deducted === '0' ? [] : [{ kind: 'deducted' as const, value: `-${fen(deducted)}` }]),
    ...(corrected === '0' ? [] : [{ kind: 'corrected' as const, value: fen(corrected) }]),
    ...(days.employed === days.month
      ? []
      : [{ kind: 'days' as const, value: words.daysOf(days.employed, days.month) }]),
  ]
  const shown = (wanted: boolean) =>
    lines.filter(({ as }) => (as === 'value') === wanted).map(line => lineView(line, parts))
  return {
    ...{ person: slip.person, name: slip.name, post: slip.post, team, month: slip.month, state: record.view.state },
    ...{ net: fen(slip.net), sums, standing, lines: shown(false), values: shown(true) },
    corrections: slip.corrections.map(sayCorrection),
    scores: slip.scores.map(({ card, total, grade, lines: marked, plus }) => {
      const columns = [...new Set(marked.flatMap(({ marks }) => Object.keys(marks)))]
      return {
        ...{ card, total: words.score(tidy(total), grade), columns },
        lines: marked.map(({ item, full, marks, score, steps }) => ({
          ...{ item, full: tidy(full), score: tidy(score), steps },
          marks: columns.map(column => tidy(marks[column] ?? '—')),
        })),
        plus: plus.map(({ name, marks }) => ({ name, marks: tidy(marks) })),
      }
    }),
    points: {
      total: `${points.reduce((sum, { hundredths }) => sum + hundredths, 0) / 100}`,
      entries: points.map(({ day, what, rule, code, hundredths, corrects }) => ({
        ...{ day, order: code ?? null, what: code ? (rule ?? what) : what, corrects },
        points: `${hundredths > 0 ? '+' : ''}${hundredths / 100}`,
      })),
    },
    ...{ remarks: slip.remarks, appeals: appeals.map(one => appealView(one, nameOf)) },
    rules: words.by(slip.policy.title, slip.policy.version),
    mayAppeal:
      record.view.state === 'published' && ctx.clock.now().getTime() <= Date.parse(record.view.appealsUntil ?? ''),
    note: noteOf(record, appealsUntil, lockedAt, lines[0]?.item ?? words.anItem),
  }
}

function noteOf({ view }: MonthRecord, until: string | null, lockedAt: string | null, item: string): string | null {
  if (view.state === 'draft') return null
  if (view.state === 'published' && until !== null) return words.howToAppeal(until, item)
  return lockedAt === null ? words.locked : words.lockedAt(lockedAt)
}

export const appealView = (
  { nr, person, item, reason, at, answer }: AppealView,
  nameOf: (id: string | null) => string,
): Appeal => ({
  ...{ nr, person, name: nameOf(person), item, reason, at },
  answer: answer && { upheld: answer.upheld, reason: answer.reason, by: nameOf(answer.by), at: answer.at },
})

export function amountOfLine({ as, fen: amount, value }: Line): string {
  if (amount === undefined) return tidy(value ?? '0')
  return `${as === 'deduct' && amount !== '0' ? '-' : ''}${fen(amount)}`
}

/** A line with its evidence; of the team's lines there is none by person. */
export function lineView(line: Line, page: Pick<Parts, 'slip' | 'incidents'> | null): SlipLine {
  const { item, as, how, rule, gate, inputs, steps, note, override, notTaken, fault } = line
  return {
    ...{ item, amount: amountOfLine(line), value: as === 'value', steps },
    how: rule === undefined ? how : `${how}（${rule}）`,
    gate: gate ?? null,
    inputs: inputs.map(({ name, value, from }) => ({
      ...{ name, value: tidy(value), from },
      ...evidenceOf(page?.slip.facts[name]?.evidence, page?.incidents ?? new Map()),
    })),
    notes: [
      ...(override
        ? [
            `${words.override}：${words.changed(override.by, override.reason, as === 'value' ? override.reckoned : fen(override.reckoned))}`,
          ]
        : []),
      ...(notTaken === undefined ? [] : [words.leftOpen(fen(notTaken))]),
      ...(fault === undefined ? [] : [`${words.marks.fault}：${fault}`]),
      ...(note === undefined ? [] : [note]),
    ],
  }
}

function evidenceOf(
  evidence: Evidence | undefined,
  incidents: SlipPage['incidents'],
): { orders: string[]; others: string[] } {
  const { orders = [], incidents: codes = [], leaves = [], days = [] } = evidence ?? {}
  const told = (label: string, all: readonly string[]) => (all.length === 0 ? [] : [`${label}：${all.join('、')}`])
  const incident = (code: string) => {
    const known = incidents.get(code)
    return known ? words.incident(code, known.day, known.item) : code
  }
  return {
    orders,
    others: [
      ...told(words.incidents, codes.map(incident)),
      ...told(words.leaves, leaves),
      ...told(words.dates, days.map(words.day)),
    ],
  }
}

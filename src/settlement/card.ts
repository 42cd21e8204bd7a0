import type { Card, CardButton } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import { sayFen } from '../policy/fen.ts'
import type { Appeal, MonthRecord } from './closing.ts'
import { sayLine } from './linewords.ts'
import { isPaid, missingText, monthName, movedWords, sayMoment, scoreText } from './saying.ts'
import type { Slip, TeamResult } from './slip.ts'

const fen = (text: string): string => sayFen(BigInt(text))

type Choice = [text: string, action: string, words: string, style?: CardButton['style'], arg?: string]

function buttons({ id, view }: MonthRecord, choices: readonly Choice[]): CardButton[] {
  return choices.map(([text, action, words, style = 'default', arg]) => ({
    ...{ text, style, words },
    payload: writePayload({ about: 'month', id, version: view.version, action, ...(arg !== undefined && { arg }) }),
  }))
}

/** The draft as its manager reviews it: what is missing, who gained or lost most. */
export function reviewCard(record: MonthRecord, result: TeamResult | null, note?: string): Card {
  const { month, team, view } = record
  const called = monthName(month)
  const missing = result?.missing ?? []
  const state =
    view.state === 'draft'
      ? view.wanted || !result
        ? '正在算'
        : missing.length > 0
          ? '还不能发布'
          : '待发布'
      : view.state === 'published'
        ? '已发布'
        : '已锁定'
  const choices: Choice[] =
    view.state !== 'draft' || !result
      ? []
      : [
          ...(missing.length === 0 && !view.wanted ? [['发布', 'publish', `发布 ${called}`, 'primary'] as Choice] : []),
          ['看明细', 'details', `工资 ${called}`],
          ['重算', 'draft', `月结 ${called}`],
        ]
  const body = [
    note,
    missing.length > 0 ? `⚠️ 缺：${missingText({ missing })}。填好后点「重算」。` : '',
    result && result.moved.length > 0 ? `比上月变动最大：${result.moved.map(movedWords).join('、')}` : '',
    view.setByHand.length > 0 ? `人工改定 ${view.setByHand.length} 处` : '',
  ].filter(Boolean)
  return {
    ...{ source: `月结 · ${team}`, tone: view.state === 'draft' ? 'normal' : 'done' },
    ...{
      title: `${called}月结 ${state}`,
      subtitle: result ? `按「${result.policy.title}」第 ${result.policy.version} 版` : '算好会再发卡片',
    },
    ...(result && {
      figure: result.gross === '0' ? `完成 ${result.facts.完成单 ?? 0} 单` : `实发合计 ${fen(result.net)}`,
    }),
    rows: result
      ? [
          { label: '人数', value: `${result.people} 人` },
          ...(result.gross === '0' ? [] : [{ label: '应发', value: fen(result.gross) }]),
          { label: '完成', value: `${result.facts.完成单 ?? 0} 单` },
          { label: '第一名', value: firstOf(result) },
        ]
      : [],
    ...(body.length > 0 && { body: body.join('\n') }),
    buttons: buttons(record, choices),
    ...(choices.length === 0 && { closed: state }),
    version: view.version,
  }
}

const firstOf = ({ ranking, rankBy }: TeamResult): string =>
  ranking[0] ? `${ranking[0].name} ${rankBy} ${ranking[0].score}` : '—'

/** A person's own card: score, what he gets, his three largest lines. */
export function slipCard(
  record: MonthRecord,
  slip: Slip,
  result: TeamResult,
  more: { zone: string; changed: boolean; link?: string | undefined },
): Card {
  const { month, team, view } = record
  const called = monthName(month)
  const size = (text: string | undefined) => BigInt(text ?? '0')
  const largest = slip.lines
    .filter(({ as, fen: amount }) => as !== 'value' && amount !== '0')
    .sort((a, b) => (size(b.fen) > size(a.fen) ? 1 : -1))
    .slice(0, 3)
  const score = scoreText(slip, result)
  const paid = isPaid(slip)
  const shown = largest.reduce((sum, { as, fen: amount }) => (as === 'deduct' ? sum + size(amount) : sum), 0n)
  const until = view.appealsUntil
  return {
    ...{ source: `${paid ? '工资条' : '月结'} · ${team}`, tone: 'normal' as const },
    title: `${called}${paid ? '工资条' : '成绩'}${more.changed ? '（有改动）' : ''}`,
    ...{ subtitle: (paid ? score : null) ?? slip.name, figure: paid ? `实发 ${fen(slip.net)}` : (score ?? slip.name) },
    rows: [
      ...largest.map(line => ({
        label: line.item.slice(0, 5),
        value: line.item.length > 5 ? sayLine(line) : sayLine(line).slice(line.item.length + 1),
      })),
      ...(slip.deducted === `${shown}` ? [] : [{ label: '扣款', value: `-${fen(slip.deducted)}` }]),
      ...(slip.corrections.length === 0 ? [] : [{ label: '更正', value: fen(slip.corrected) }]),
      ...(paid && until && view.state === 'published'
        ? [{ label: '申诉', value: `${sayMoment(until, more.zone)} 前` }]
        : []),
    ].slice(0, 6),
    ...(slip.remarks.length > 0 && { body: slip.remarks.map(remark => `※ ${remark}`).join('\n') }),
    buttons: buttons(record, [
      ['看明细', 'slip', `我的工资 ${called}`, 'primary'],
      ...(paid && view.state === 'published' ? [['申诉', 'appeal', '申诉 工资 项目名 原因'] as Choice] : []),
    ]),
    ...(more.link !== undefined && { link: more.link }),
    version: view.version,
  }
}

/** An appeal against a line, for the manager. */
export function appealCard(
  record: MonthRecord,
  appeal: Appeal,
  slip: Slip | null,
  nameOf: (id: string) => string,
  note?: string,
): Card {
  const { nr, item, reason, person, answer } = appeal
  const name = nameOf(person)
  const line = slip?.lines.find(one => one.item === item)
  return {
    ...{ source: `月结 · ${record.team}`, tone: answer ? 'done' : 'normal' },
    ...{
      title: `${name} 申诉 ${monthName(record.month)}「${item}」`,
      subtitle: answer ? (answer.upheld ? '成立' : '维持') : '等你答复',
    },
    ...(line && { figure: sayLine(line) }),
    rows: [
      { label: '算法', value: line?.how ?? '—' },
      ...(line?.inputs ?? []).slice(0, 3).map(({ name: input, value }) => ({ label: input.slice(0, 5), value })),
    ],
    body: [
      note,
      `理由：${reason}`,
      answer
        ? `答复：${answer.reason}`
        : `要改的，回复「改 ${name} ${item} 金额 原因」；记录有错的，先改记录再点「重算」；没错的，点「维持」写明理由。`,
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: answer
      ? []
      : buttons(record, [
          ['维持', 'keep', `维持 ${monthName(record.month)} ${nr} 理由`, 'default', `${nr}`],
          ['重算', 'draft', `月结 ${monthName(record.month)}`, 'default', `${nr}`],
        ]),
    ...(answer && { closed: answer.upheld ? '已改' : '已维持' }),
    version: record.view.version,
  }
}

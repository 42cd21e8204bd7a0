import type { ReturnSaid } from '../chat/intent.ts'
import { sayFen } from '../policy/fen.ts'
import { type ReturnOutcome, reasonNames, returnNeedNames, returnOutcomeNames } from '../policy/terms.ts'
import type { Consequence, Idle, Open, Reason, Refund, ReturnFacts, ReturnsAnswer, Unknown } from './returncase.ts'

/** What an answer is said from. */
export interface ReturnsScene {
  code: string
  answer: ReturnsAnswer
  facts: ReturnFacts
  today: string
  wants?: ReturnSaid['wants']
  /** Words of the question that were not understood. */
  unread?: string | undefined
}

/** A question, what to say where it is open, and how each answer is called. */
const questions: Readonly<Record<Unknown, { ask: string; example: string; yes: string; no: string }>> = {
  invoicedOn: { ask: '发票日期', example: '11月3日买的', yes: '', no: '' },
  price: { ask: '发票价', example: '3299元', yes: '', no: '' },
  mainFault: {
    ...{ ask: '是不是主要功能故障', example: '主要功能故障' },
    ...{ yes: '若是主要功能故障', no: '若不是' },
  },
  deformed: { ask: '开箱时有没有变形', example: '没变形', yes: '若开箱就变形、不是客户碰的', no: '若没有' },
  waitsForParts: { ask: '是不是还在等配件', example: '还在等配件', yes: '若还在等配件', no: '若没有' },
  warranty: { ask: '保内还是保外', example: '保内', yes: '若在保内', no: '若已过保' },
  repairerSince: {
    ...{ ask: '是不是修理方原因拖的', example: '不是修理方原因' },
    ...{ yes: '若一直是修理方原因', no: '若不是' },
  },
  sameModel: { ask: '有没有同型号', example: '有同型号', yes: '若有同型号', no: '若没有' },
  otherModel: {
    ...{ ask: '客户要不要别的型号', example: '客户不要别的型号' },
    ...{ yes: '若客户要别的型号', no: '若不要' },
  },
  accessories: { ask: '附件齐不齐', example: '附件齐', yes: '若附件齐', no: '若缺附件' },
  sheet: { ask: '有没有鉴定单', example: '有鉴定单', yes: '若有鉴定单', no: '若没有' },
}

/** To the desk of a shop whose policy has no `returns`. */
export const noReturnsRule = (code: string): string =>
  `${code} 这家店的制度没有退换货规定，请问经理。要让我来算，请在制度文件里加上 returns。`

/** The answer to 退换 1024: the decision, why, and what is still missing. */
export function sayReturns(scene: ReturnsScene): string {
  const { code, answer, unread } = scene
  const reasons = [
    ...answer.reasons.flatMap(reason => because(reason, scene)),
    ...ifs(answer.open, scene),
    ...arithmetic(scene),
  ]
  return [
    head(scene).trim(),
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    ...(answer.invoiceAhead ? [`发票日期 ${sayDay(answer.invoiceAhead, scene.today)} 还没到，请核对。`] : []),
    ...(answer.open.length > 0
      ? [`补充请照实说，例如：${['退换', code, ...answer.open.map(example)].filter(Boolean).join(' ')}`]
      : []),
    ...(unread ? [`没看懂「${unread}」，没有算进去。`] : []),
  ].join('\n')
}

const example = ({ fact }: Open): string => questions[fact].example

function head({ code, answer, wants }: ReturnsScene): string {
  const { outcomes, open, refused, refund, reasons } = answer
  const missing = open.map(({ fact }) => questions[fact].ask).join('、')
  if (open.some(({ answers }) => answers.length > 0)) return `${code} 还不能定，还缺：${missing}。`
  const lacks = reasons.find(isLacking)
  if (lacks) {
    const repair = outcomes.length > 0 ? `现在可以${named(outcomes)}。` : ''
    const later = refused.length > 0 ? `补齐后可以${named(refused)}。` : ''
    return `${code} 不予退换：缺${needNames(lacks)}。${repair}${later}`
  }
  const denied = wants && !outcomes.includes(wants) ? `不能${returnOutcomeNames[wants]}` : ''
  if (outcomes.length === 0) return `${code} ${denied || '不能退货、换货'}。`
  const choice = outcomes.length > 1 ? '，由客户选' : ''
  const may = `可以${options(outcomes, refund ? [refund] : [])}${choice}`
  const amount = missing ? `退多少还缺：${missing}。` : ''
  return `${code} ${[denied, may].filter(Boolean).join('，')}。${amount}`
}

const named = (outcomes: readonly ReturnOutcome[]): string =>
  outcomes.map(outcome => returnOutcomeNames[outcome]).join('、')

type Needs = Extract<Reason, { needs: unknown }>

const isLacking = (reason: Reason): reason is Needs => reason.about === 'lacks'
const needNames = ({ needs }: Needs): string => needs.map(need => returnNeedNames[need]).join('、')

/** `退货（退 ¥3,183.53）、换货、维修`. */
function options(outcomes: readonly ReturnOutcome[], refunds: readonly Refund[]): string {
  return outcomes
    .map(outcome => `${returnOutcomeNames[outcome]}${outcome === 'return' ? amounts(refunds) : ''}`)
    .join('、')
}

function amounts(refunds: readonly Refund[]): string {
  const each = refunds.map(({ fen, depreciation }) =>
    fen !== null ? `退 ${sayFen(fen)}` : depreciation ? '扣折旧' : '退全款',
  )
  return each.length > 0 ? `（${each.join('，或')}）` : ''
}

function because(reason: Reason, scene: ReturnsScene): string[] {
  const day = (text: string) => sayDay(text, scene.today)
  switch (reason.about) {
    case 'notMain':
      return ['不是主要功能故障，按天数的退换不适用']
    case 'fault': {
      const { from, on, days, limit, gives } = reason
      const early = days < 0 ? '，报修在前' : `，相隔 ${days} 天`
      const when = `主要功能故障：${day(from)}开票，${day(on)}报修${early}`
      return [gives.length > 0 ? `${when}，在 ${limit} 天内，可以${named(gives)}` : `${when}，过了 ${limit} 天`]
    }
    case 'noParts': {
      const { from, days, over, expired, gives } = reason
      const when = `等配件：${day(from)}送修，到今天 ${days} 天`
      if (gives.length > 0) return [`${when}，超过 ${over} 天，可以${named(gives)}`]
      return [expired ? `${when}，但已过保` : `${when}，没超过 ${over} 天`]
    }
    case 'repairerLate': {
      const { from, days, over, gives } = reason
      const when = `修理方原因：${day(from)}起，到今天 ${days} 天`
      const free = gives.includes('exchange') ? '，换同型号不收钱' : ''
      return [gives.length > 0 ? `${when}，超过 ${over} 天，可以${named(gives)}${free}` : `${when}，没超过 ${over} 天`]
    }
    case 'deformed':
      return [`新机开箱变形，不是客户碰的：可以${named(reason.gives)}`]
    case 'sameModel':
      return [`有同型号，客户不换：可以退货，${reckoned(reason.refund, scene)}`]
    case 'noModel':
      return [`没有同型号，客户不要别的：不能换，可以退货，${reckoned(reason.refund, scene)}`]
    case 'otherModel':
      return ['没有同型号，客户愿意换别的型号']
    case 'nothingLeft':
      return ['没有同型号，客户不要别的：不能换']
    case 'lacks':
      return [`缺${needNames(reason)}：不能退货、换货`]
    case 'complete':
      return [`${needNames(reason)}都有`]
  }
}

/** `折旧：¥3,299.00 × 1‰ × (41 − 6) 天 = ¥115.47；退 ¥3,183.53`, with where the days come from. */
function reckoned(refund: Refund, scene: ReturnsScene): string {
  const { fen, price, depreciation } = refund
  const paid = fen === null ? '' : `；退 ${sayFen(fen)}`
  if (!depreciation) return `不扣折旧${paid}`
  const { millionths, days, free, fen: taken } = depreciation
  const counted = days === null ? '开票到退货的天数' : free > 0 ? `(${days} − ${free}) 天` : `${days} 天`
  const share = `${(millionths / 1000).toString()}‰`
  const equals = taken === null ? '' : ` = ${sayFen(taken)}`
  const product = `折旧：${price === null ? '发票价' : sayFen(price)} × ${share} × ${counted}${equals}${paid}`
  return `${product}${days === null ? '' : span(days, free, scene)}`
}

function span(days: number, free: number, { facts, today }: ReturnsScene): string {
  const whole = `${sayDay(facts.invoicedOn ?? today, today)}到今天 ${days} 天`
  return `（${whole}${free > 0 ? `，修理和待修 ${free} 天不算：${idleWords(facts, today)}` : ''}）`
}

const idleNames: Readonly<Record<Idle['why'], string>> = {
  ...reasonNames,
  ...{ handedIn: '送修', waiting: '等配件', said: '在修' },
}

function idleWords({ daysInRepair, inRepair }: ReturnFacts, today: string): string {
  if (daysInRepair !== undefined) return '按你说的天数'
  const named = inRepair.filter(({ from, to }) => from < to)
  const shown = named.slice(0, 3).map(({ from, to, why }) => {
    const end = to === today ? '今天' : sayDay(to, today)
    return `${sayDay(from, today)}–${end} ${idleNames[why]}`
  })
  return `${shown.join('，')}${named.length > 3 ? ' 等' : ''}`
}

/** What each answer to an open question would change. */
function ifs(open: readonly Open[], scene: ReturnsScene): string[] {
  const asked = (fact: Unknown) => open.some(one => one.fact === fact && one.answers.length > 0)
  const dated = asked('invoicedOn')
  const both = asked('accessories') && asked('sheet')
  return open.flatMap(one => {
    if (one.answers.length === 0) return []
    if (one.fact === 'invoicedOn') return [byPeriod(one, scene, asked('mainFault'))]
    // Both are told in the line of the other.
    if ((one.fact === 'mainFault' && dated) || (one.fact === 'sheet' && both)) return []
    const [yes, no] = [
      one.answers.find(({ answer }) => answer === true),
      one.answers.find(({ answer }) => answer === false),
    ]
    // Where it depends on another question which way it goes, the example below is all there is to say.
    if (!yes || !no || leads(yes) === leads(no)) return []
    if (one.fact === 'accessories' && both) return [`若附件齐、有鉴定单：${leads(yes)}；缺一样：${leads(no)}`]
    const words = questions[one.fact]
    const only = one.fact === 'otherModel' && asked('sameModel') ? '没有同型号时，' : ''
    return [`${only}${words.yes}：${leads(yes)}；${words.no}：${leads(no)}`]
  })
}

const leads = ({ outcomes, refunds }: Consequence): string =>
  outcomes.length > 0 ? options(outcomes, refunds) : '不能退换'

function byPeriod({ answers }: Open, { facts, today }: ReturnsScene, mainOpen: boolean): string {
  const each = answers.map(one => `${typeof one.answer === 'number' ? `${one.answer} 天内` : '更晚'}：${leads(one)}`)
  const day = `报修（${sayDay(facts.faultOn, today)}）在开票后几天`
  return `${mainOpen ? '若是主要功能故障，' : '主要功能故障，'}看${day}。${each.join('；')}`
}

/** The reckoning behind amounts that an answer would lead to, where no reason has told it. */
function arithmetic(scene: ReturnsScene): string[] {
  const { reasons, refunds } = scene.answer
  if (reasons.some(({ about }) => about === 'sameModel' || about === 'noModel')) return []
  const reduced = refunds.find(({ depreciation }) => depreciation !== null)
  return reduced ? [reckoned(reduced, scene)] : []
}

/** `11月3日`, with the year where it is not this one. */
function sayDay(day: string, today: string): string {
  const [year = '', month = '', date = ''] = day.split('-')
  return `${year === today.slice(0, 4) ? '' : `${year}年`}${Number(month)}月${Number(date)}日`
}

import { partWords, sayDay, sayDays, sayLength, saySpan } from '../leave/daywords.ts'
import type { Planned } from '../leave/flow.ts'
import type { LeaveScene, Setting } from '../leave/look.ts'
import { standing } from '../leave/prepare.ts'
import { isPending } from '../leave/request.ts'
import {
  approvalApp,
  awayLine,
  costLines,
  kindNames,
  orderLines,
  sayFlags,
  stateWords,
  wagesRow,
  waitingFor,
  whatOf,
  whenOf,
} from '../leave/saying.ts'
import type { Card, CardButton } from './card.ts'
import { writePayload } from './payload.ts'
import type { Draft } from './store.ts'

/** Sentences and cards of the conversation about leave. */

export const howToAsk = [
  '请假直接说就行，我会算好天数给你核对，点「确认」才发出去：',
  '· 请假 明天下午 家里有事',
  '· 请病假 今天',
  '· 请假 11月25号到27号 农忙',
  '改动：续假 1天 原因｜销假（提前回来）｜撤销请假',
  '查看：我的假｜谁休息 明天',
].join('\n')

export interface DayChoice {
  day: string
  from: number
  to: number
  today: string
  noon: number
}

const formButton =
  (draft: Draft) =>
  (text: string, action: string, style: 'primary' | 'default', arg?: string): CardButton => ({
    ...{ text, style, words: action === 'day' || action === 'type' ? text : text.slice(0, 2) },
    payload: writePayload({
      ...{ about: 'draft', id: draft.id, version: draft.version, action },
      ...(arg !== undefined && { arg }),
    }),
  })

/** 请假 alone: which day, with the usual ones as buttons. */
export function chooseDayCard(draft: Draft, name: string, team: string, choices: readonly DayChoice[]): Card {
  const button = formButton(draft)
  const said = ({ day, from, to, today, noon }: DayChoice) => {
    const near = (Date.parse(day) - Date.parse(today)) / 86_400_000
    const when = ['今天', '明天', '后天'][near] ?? `${Number(day.slice(8))}日`
    return `${when}${from === 0 && to === 1440 ? '全天' : partWords(from, to, noon).trim()}`
  }
  return {
    ...{ source: `请假 · ${team}`, tone: 'normal', version: draft.version, title: `请假 · ${name}`, rows: [] },
    subtitle: '哪天？点一个，或直接回复，比如：明天到后天 家里有事',
    buttons: [
      ...choices.map(choice => button(said(choice), 'day', 'default', `${choice.day} ${choice.from} ${choice.to}`)),
      button('取消', 'cancel', 'default'),
    ],
  }
}

/** What was understood, for a 确认 before anybody is asked. */
export function confirmLeaveCard(
  draft: Draft,
  plan: Planned,
  nameOf: (id: string) => string,
  otherTypes: readonly string[],
): Card {
  const { body, counted, setting, type, weighing } = plan
  const { rule, today } = setting
  const button = formButton(draft)
  const unknown = counted.unknownYears.join('、')
  return {
    ...{ source: `请假 · ${setting.team} · 请核对`, tone: 'normal', version: draft.version },
    title: `${kindNames[body.kind]} · ${nameOf(body.person)}`,
    subtitle: `确认后送${plan.deciders.map(nameOf).slice(0, 3).join('、') || '批准人'}批`,
    figure: `${body.kind === 'extend' ? '续' : ''}${type.name} ${sayDays(body.days, rule.hoursPerDay)}`,
    rows: [
      { label: '日子', value: saySpan(body.span, today, rule.noon) },
      { label: '天数', value: sayLength(body.days, rule.hoursPerDay) },
      { label: '事由', value: body.reason || '没写。直接回复事由就填上' },
      ...wagesRow(body.kind, weighing, setting),
    ],
    body: [
      sayFlags(new Set(body.flags.filter(flag => flag !== 'agreed' && flag !== 'forAnother'))),
      type.agreed ? '按制度要先和同事商量好，确认就是已商量好' : '',
      ...orderLines(weighing),
      ...costLines(body.kind, weighing, setting),
      awayLine(weighing, setting, nameOf),
      sayFree(counted.free, today),
      unknown ? `${unknown} 年的放假安排还没公布，先按星期算，公布后自动重算并告诉你` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: [
      button(type.agreed ? '确认，已商量好' : '确认', 'confirm', 'primary'),
      ...otherTypes.map(name => button(`改为${name}`, 'type', 'default', name)),
      button('取消', 'cancel', 'default'),
    ],
  }
}

/** `不算在内：12月5日周六、12月6日周日 等 4 天`, with the reason where the weekday is none. */
export function sayFree(free: Planned['counted']['free'], today: string): string {
  const said = free.slice(0, 2).map(({ day, why }) => {
    const name = sayDay(day, today)
    return name.endsWith(why) ? name : `${name}（${why}）`
  })
  return free.length === 0 ? '' : `不算在内：${said.join('、')}${free.length > 2 ? ` 等 ${free.length} 天` : ''}`
}

const wholeDayOf = (day: string) => ({ from: { day, minute: 0 }, to: { day, minute: 1440 } })

/** To whoever asked, once it is on its way. */
export function askedText(scene: LeaveScene): string {
  const { leave, setting } = scene
  const { view, code } = leave
  const note = view.flags.has('proofOwed') && view.proofs === 0 ? `\n证明照片请回复「证明 ${code}」后发来。` : ''
  return `已提交 ${code}（${whatOf(view, setting)}，${whenOf(view, setting)}），${waitingFor(scene)}。批了马上告诉你。${note}`
}

/** What became of what a person said or tapped. */
export function doneText({ leave, setting, nameOf, ...scene }: LeaveScene, me: string): string {
  const { view, code } = leave
  const what = `${code}（${view.person === me ? '' : `${nameOf(view.person)} `}${whatOf(view, setting)}，${whenOf(view, setting)}）`
  switch (view.state) {
    case 'asked':
      if (view.decidesOn) return `正在${approvalApp(view.decidesOn)}里撤回 ${code}，好了告诉你。`
      return `${what} 已转下一步，${waitingFor({ leave, setting, nameOf, ...scene })}。`
    case 'proposed':
      return `已建议 ${nameOf(view.person)} 把 ${code} 改到 ${view.proposal ? saySpan(view.proposal.span, setting.today, setting.rule.noon) : ''}，等他答复。`
    case 'granted':
      return view.person === me ? `✅ ${what} 已生效。` : `✅ 已批准 ${what}，已告诉本人和派工员。`
    case 'rejected':
      return `已驳回 ${what}：${view.decided?.reason ?? ''}，已告诉本人。`
    case 'withdrawn':
      return `已撤回 ${what}。`
    default:
      return `${what} ${stateWords[view.state]}。`
  }
}

/** A line of a list. */
export function leaveLine({ leave, setting, nameOf }: LeaveScene, { named }: { named: boolean }): string {
  const { view, code } = leave
  const over =
    view.state === 'granted' && standing(view.days, setting) === 'running' ? '休假中' : stateWords[view.state]
  return `${code} ${named ? `${nameOf(view.person)} ` : ''}${whatOf(view, setting)}｜${whenOf(view, setting)}｜${over}`
}

/** 我的假: what is ahead, and how much was taken. */
export function myLeaveText(scenes: readonly LeaveScene[], used: readonly string[]): string {
  const lines = scenes.map(scene => leaveLine(scene, { named: false }))
  const pending = scenes.filter(({ leave }) => isPending(leave.view))
  const hint =
    pending.length > 0
      ? '要撤回回复「撤回 假号」。'
      : scenes.length > 0
        ? '要改回复「续假 假号 1天」「销假」或「撤销 假号」。'
        : ''
  return [lines.length > 0 ? lines.join('\n') : '没有待批或要休的假。', ...used, hint].filter(Boolean).join('\n')
}

export interface AwayLine {
  name: string
  /** Type of leave, `轮休` or `休息`. */
  why: string
  /** Part of the day. */
  part: string
  asked: boolean
}

/** 谁休息: for the desk with types, for colleagues without. */
export function whoText(
  day: string,
  setting: Setting,
  away: readonly AwayLine[],
  desk: boolean,
  works: string | null,
): string {
  const { today, rule } = setting
  const head = `${saySpan(wholeDayOf(day), today, rule.noon)}${works === null ? '' : `（${works}）`}`
  if (away.length === 0) return `${head}：没有人休息或请假。`
  const lines = away.map(
    ({ name, why, part, asked }) =>
      `${name} ${desk ? why : asked || !['轮休', '休息'].includes(why) ? '请假' : why}${part}${asked ? '（待批）' : ''}`,
  )
  return `${head}：${lines.join('、')}`
}

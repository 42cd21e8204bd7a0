import type { Card, CardButton, CardRow, Tone } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import { sayDays, sayLength, sayShare, saySpan } from './daywords.ts'
import type { LeaveScene } from './look.ts'
import { standing } from './prepare.ts'
import { isPending, proposerOf } from './request.ts'
import { kindNames, sayFlags, stateWords, wagesRow, waitingFor, weighingWords, whatOf, whenOf } from './saying.ts'

/** For whom a request is drawn. */
export interface LeaveViewer {
  personId: string
  /** Reasons for 驳回 unfolded. */
  menu?: 'reject' | undefined
  /** A line on top that explains what just happened to a tap. */
  note?: string | undefined
}

/** What a row of a card surely shows on every platform. */
const rowChars = 26

type Choice = [text: string, action: string, arg?: string | undefined, style?: CardButton['style']]

/** A request as one person sees it: the one who decides with what he has to weigh (R4.10), the one it is about with what he can do. */
export function drawLeave(scene: LeaveScene, viewer: LeaveViewer): Card {
  const { leave, setting, nameOf } = scene
  const { view, code, team } = leave
  const mine = viewer.personId === view.person
  const buttons = choicesFor(scene, viewer).map(choice => button(choice, scene))
  const pending = isPending(view)
  const body = [
    viewer.note,
    pending ? sayFlags(view.flags) : '',
    proposalLine(scene),
    ...(pending && !mine ? weighingWords(scene) : []),
    view.decided?.reason ? `驳回原因：${view.decided.reason}` : '',
    longReason(view.reason) ? `📝 事由：${view.reason}` : '',
  ]
  return {
    source: `请假 · ${team}`,
    tone: toneOf(scene),
    title: `${kindNames[view.kind]} ${code} · ${nameOf(view.person)}`,
    subtitle: !pending ? decidedLine(scene) : mine && view.state === 'proposed' ? '等你答复改期' : waitingFor(scene),
    figure: whatOf(view, setting),
    rows: rowsOf(scene, pending && !mine),
    ...(body.some(Boolean) && { body: body.filter(Boolean).join('\n') }),
    buttons,
    ...(buttons.length === 0 && { closed: decidedElsewhere(scene, viewer) ?? stateWords[view.state] }),
    version: view.look,
  }
}

function choicesFor(scene: LeaveScene, viewer: LeaveViewer): Choice[] {
  const { view } = scene.leave
  if (viewer.personId === view.person) return ownChoices(scene)
  const decides = !view.decidesOn && scene.deciders.people.includes(viewer.personId)
  return decides ? decisions(scene, viewer) : []
}

/** What somebody can do to a request now, as his card has it: `approveCame` that he had come to work. */
export function leaveActs(scene: LeaveScene, personId: string): LeaveAct[] {
  return choicesFor(scene, { personId }).flatMap(([, action, arg]) => {
    const act = acts.find(one => one === (asked[`${action} ${arg ?? ''}`] ?? action))
    return act ? [act] : []
  })
}

const acts = [
  ...(['approve', 'approveCame', 'reject', 'propose', 'take', 'refuse', 'withdraw', 'cancel', 'return'] as const),
  'extend' as const,
]
export type LeaveAct = (typeof acts)[number]

/** Buttons that ask for more before anything is done. */
const asked: Readonly<Record<string, LeaveAct>> = {
  ...{ 'approve ordinary': 'approveCame', 'menu reject': 'reject', 'ask propose': 'propose', 'ask extend': 'extend' },
}

/** Whoever decides in the platform's own app finds here what he has to weigh, and no button that would do nothing. */
const decidedElsewhere = ({ leave, deciders }: LeaveScene, { personId }: LeaveViewer): string | undefined =>
  leave.view.decidesOn && isPending(leave.view) && deciders.people.includes(personId) ? '到「审批」里批' : undefined

function rowsOf({ leave, setting, weighing }: LeaveScene, weighs: boolean): CardRow[] {
  const { view } = leave
  const { hoursPerDay } = setting.rule
  const taken =
    weighing && `本月 ${sayShare(weighing.month, hoursPerDay)}，今年 ${sayShare(weighing.year, hoursPerDay)}`
  return [
    { label: view.proposal ? '原定' : '日子', value: whenOf(view, setting) },
    ...(view.of ? [{ label: '原假', value: view.of.code }] : []),
    ...(view.days.length > 0 ? [{ label: '天数', value: sayLength(view.days, hoursPerDay) }] : []),
    { label: '事由', value: view.reason || '没写' },
    ...(weighs && taken ? [{ label: '已休', value: taken }] : []),
    ...(weighs && weighing ? wagesRow(view.kind, weighing, setting) : []),
    ...(view.proofs > 0 ? [{ label: '证明', value: `${view.proofs} 张` }] : []),
  ]
}

/** Longer ones are cut in their row of a WeCom card, so they are said in full below, after what has to be weighed. */
const longReason = (reason: string): boolean => reason.length > rowChars

export function decidedLine({ leave, nameOf }: LeaveScene): string {
  const { state, decided, person } = leave.view
  // Who takes what was proposed to him grants nothing to himself.
  const granter = state === 'granted' && decided?.by === person ? (proposerOf(leave) ?? person) : decided?.by
  const by = granter ? ` · ${nameOf(granter)}` : ''
  return `${stateWords[state]}${by}`
}

export function proposalLine({ leave, setting, nameOf }: LeaveScene): string {
  const { proposal } = leave.view
  if (!proposal) return ''
  const { rule, today } = setting
  const when = `${saySpan(proposal.span, today, rule.noon)}，${sayDays(proposal.days, rule.hoursPerDay)}`
  return `🔁 ${proposal.by ? nameOf(proposal.by) : ''}建议改到 ${when}${proposal.note ? `：${proposal.note}` : ''}`
}

function toneOf({ leave, setting }: LeaveScene): Tone {
  const { view } = leave
  if (!isPending(view)) return 'done'
  if (view.flags.has('notCome') || view.flags.has('onJob')) return 'urgent'
  return view.days[0] && view.days[0].day <= setting.today ? 'near' : 'normal'
}

function decisions({ leave }: LeaveScene, viewer: LeaveViewer): Choice[] {
  const { view } = leave
  if (view.state !== 'asked') return []
  if (viewer.menu === 'reject')
    return [
      ['人手不够', 'reject', '人手不够'],
      ['客户已约好', 'reject', '那天已约了客户'],
      ['理由不充分', 'reject', '理由不充分'],
      ['没提前请', 'reject', '没有提前请'],
      ['返回', 'back'],
    ]
  const changes = view.kind === 'leave' || view.kind === 'extend'
  return [
    ['批准', 'approve', undefined, 'primary'],
    ...(view.flags.has('notCome') ? [['已到岗，批准', 'approve', 'ordinary'] as Choice] : []),
    ['驳回', 'menu', 'reject', 'danger'],
    ...(changes ? [['改期', 'ask', 'propose'] as Choice] : []),
  ]
}

function ownChoices({ leave, setting }: LeaveScene): Choice[] {
  const { view } = leave
  if (view.state === 'proposed')
    return [
      ['同意改期', 'take', undefined, 'primary'],
      ['不同意', 'refuse'],
      ['撤回', 'withdraw', undefined, 'danger'],
    ]
  if (view.state === 'asked') return [['撤回', 'withdraw', undefined, 'danger']]
  if (view.state !== 'granted' || (view.kind !== 'leave' && view.kind !== 'extend')) return []
  const at = standing(view.days, setting)
  if (at === 'over') return []
  return at === 'ahead'
    ? [['撤销', 'cancel', undefined, 'danger']]
    : [
        ['提前销假', 'return', undefined, 'primary'],
        ['续假', 'ask', 'extend'],
      ]
}

/** What to type instead where there are no buttons. */
const typed: Readonly<Record<string, (code: string, arg: string | undefined) => string>> = {
  approve: (code, arg) => `批准 ${code}${arg === 'ordinary' ? ' 已到岗' : ''}`,
  reject: (code, arg) => `驳回 ${code} ${arg ?? ''}`,
  menu: code => `驳回 ${code} 原因`,
  ask: (code, arg) => (arg === 'extend' ? `续假 ${code} 1天 原因` : `改期 ${code} 后天`),
  take: code => `同意 ${code}`,
  refuse: code => `不同意 ${code}`,
  withdraw: code => `撤回 ${code}`,
  cancel: code => `撤销 ${code}`,
  return: code => `销假 ${code}`,
  back: code => code,
}

function button([text, action, arg, style]: Choice, { leave }: LeaveScene): CardButton {
  return {
    ...{ text, style: style ?? 'default' },
    payload: writePayload({
      ...{ about: 'leave', id: leave.id, version: leave.view.look, action },
      ...(arg !== undefined && { arg }),
    }),
    words: typed[action]?.(leave.code, arg) ?? text,
  }
}

/** What is left of a card when a newer one of the same request is on the same screen. */
export function replacedLeave({ source, title, version }: Card): Card {
  return { source, title, version, tone: 'done', rows: [], buttons: [], closed: '这张已换新，请看最新的一张' }
}

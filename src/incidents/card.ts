import type { Card, CardButton, CardRow, Tone } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import { sayDay } from '../leave/daywords.ts'
import { maskPhones } from '../people/person.ts'
import type { IncidentScene } from './look.ts'
import { sayEffects, sayGround, stateWords } from './saying.ts'

/** For whom an incident is drawn. */
export interface IncidentViewer {
  personId: string
  /** A line on top that explains what just happened to a tap. */
  note?: string | undefined
}

type Choice = [text: string, action: string, style?: CardButton['style']]

/** What a row of a card surely shows on every platform. */
const rowChars = 26

/** An incident as one person sees it: a manager with what he decides by, the one it is about with his right to appeal (R16). */
export function drawIncident(scene: IncidentScene, viewer: IncidentViewer): Card {
  const { incident, nameOf } = scene
  const { view, code, team } = incident
  const mine = viewer.personId === view.person
  const manager = !mine && scene.deciders.includes(viewer.personId)
  const buttons = choicesFor(scene, { mine, manager }).map(choice => button(choice, scene))
  const body = [viewer.note, ...linesOf(scene, { mine, manager })].filter(Boolean)
  return {
    source: `奖惩 · ${team}`,
    tone: toneOf(scene, manager),
    title: `${code} · ${nameOf(view.person)}`,
    subtitle: subtitleOf(scene),
    figure: sayEffects(view.is, { manager }),
    rows: rowsOf(scene),
    ...(body.length > 0 && { body: body.join('\n') }),
    buttons,
    ...(buttons.length === 0 && { closed: stateWords[view.state] }),
    version: view.look,
  }
}

/** Where it stands, and whose turn it is. */
export function subtitleOf({ incident, nameOf, deciders }: IncidentScene): string {
  const { state, decided, appeal } = incident.view
  const by = decided?.by ? ` · ${nameOf(decided.by)}` : ''
  const managers = deciders.map(nameOf).slice(0, 3).join('或')
  if (state === 'proposed') return `等${managers || '经理'}确认，确认以前不算数`
  if (state === 'appealed') return `申诉中，等${managers || '经理'}答复`
  if (appeal?.answer?.how === 'rejected') return `申诉后维持${by}`
  if (appeal?.answer?.how === 'amended') return `申诉后改轻${by}`
  if (appeal?.answer?.how === 'upheld') return `申诉成立，已撤销${by}`
  return `${stateWords[state]}${by}`
}

function rowsOf({ incident, today }: IncidentScene): CardRow[] {
  const { view } = incident
  const photos = view.photos.length + (view.appeal?.photos.length ?? 0)
  return [
    { label: '项目', value: `${view.item}${view.nth > 1 ? `（当月第 ${view.nth} 次）` : ''}` },
    { label: '日子', value: sayDay(view.day, today) },
    ...(view.rule ? [{ label: '制度', value: view.rule }] : []),
    ...(view.order ? [{ label: '单号', value: view.order.code }] : []),
    ...(view.note && !isLong(view.note) ? [{ label: '说明', value: maskPhones(view.note) }] : []),
    ...(photos > 0 ? [{ label: '照片', value: `${photos} 张` }] : []),
  ]
}

const isLong = (text: string): boolean => text.length > rowChars

function linesOf(scene: IncidentScene, viewer: { mine: boolean; manager: boolean }): string[] {
  const { incident, now, policy, today, nameOf, lastAppealDay, answerDay } = scene
  const { view } = incident
  const { appeal } = view
  const answer = appeal?.answer
  const answers = { upheld: '成立', rejected: '维持', amended: '改轻' }
  const mayAppeal = view.state === 'confirmed' && !appeal && lastAppealDay !== null && today <= lastAppealDay
  return [
    view.ground ? `🔎 ${sayGround(view.ground, now, policy.zone)}` : '',
    isLong(view.note) ? `📝 ${maskPhones(view.note)}` : '',
    appeal
      ? `🙋 申诉：${maskPhones(appeal.reason)}${appeal.photos.length > 0 ? `（照片 ${appeal.photos.length} 张）` : ''}`
      : '',
    answer ? `💬 ${answer.by ? nameOf(answer.by) : '答复'}：${answers[answer.how]}，${maskPhones(answer.reason)}` : '',
    view.dropped && view.dropped.why !== 'upheld' && view.dropped.reason
      ? `撤销原因：${maskPhones(view.dropped.reason)}`
      : '',
    viewer.manager && answerDay ? `请在 ${sayDay(answerDay, today)} 前答复。` : '',
    viewer.mine && answerDay ? `经理应在 ${sayDay(answerDay, today)} 前答复。` : '',
    viewer.mine && mayAppeal ? `不同意可以申诉，到 ${sayDay(lastAppealDay, today)} 为止。` : '',
  ]
}

function toneOf({ incident }: IncidentScene, manager: boolean): Tone {
  const { state } = incident.view
  if (state === 'dropped') return 'done'
  return state === 'confirmed' && manager ? 'done' : 'normal'
}

/** What somebody can do to an incident now, as his card has it. */
export function incidentActs(scene: IncidentScene, personId: string): string[] {
  const mine = personId === scene.incident.view.person
  const manager = !mine && scene.deciders.includes(personId)
  return choicesFor(scene, { mine, manager }).flatMap(([, action]) => (action === 'order' ? [] : [action]))
}

function choicesFor(
  { incident, today, lastAppealDay }: IncidentScene,
  { mine, manager }: { mine: boolean; manager: boolean },
): Choice[] {
  const { view } = incident
  if (view.state === 'dropped') return []
  const order: Choice[] = view.order ? [['看单', 'order']] : []
  if (mine) {
    const open = view.state === 'confirmed' && !view.appeal && lastAppealDay !== null && today <= lastAppealDay
    return [...(open ? [['申诉', 'appeal', 'primary'] as Choice] : []), ...order]
  }
  if (!manager) return order
  switch (view.state) {
    case 'proposed':
      return [['确认', 'confirm', 'primary'], ['撤销', 'drop', 'danger'], ...order]
    case 'appealed':
      return [['维持', 'reject'], ['改轻', 'amend'], ['成立，撤销', 'uphold', 'danger'], ...order]
    case 'confirmed':
      return [['撤销', 'revoke', 'danger'], ...order]
  }
}

/** What to type instead where there are no buttons. */
const typed: Readonly<Record<string, (code: string) => string>> = {
  confirm: code => `确认 ${code}`,
  drop: code => `撤销 ${code}`,
  revoke: code => `撤销 ${code} 原因`,
  appeal: code => `申诉 ${code} 原因`,
  uphold: code => `成立 ${code}`,
  reject: code => `维持 ${code} 原因`,
  amend: code => `改为 ${code} 10元 原因`,
}

function button([text, action, style]: Choice, { incident }: IncidentScene): CardButton {
  const { id, code, view } = incident
  return {
    ...{ text, style: style ?? 'default' },
    payload: writePayload({ about: 'incident', id, version: view.look, action }),
    words: action === 'order' ? `单 ${view.order?.code ?? ''}` : (typed[action]?.(code) ?? text),
  }
}

/** What is left of a card when a newer one of the same incident is on the same screen. */
export function replacedIncident({ source, title, version }: Card): Card {
  return { source, title, version, tone: 'done', rows: [], buttons: [], closed: '这张已换新，请看最新的一张' }
}

import type { CardButton } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import type { ComplaintRoute } from '../policy/complaintrule.ts'
import { isOpen, worksOn } from './order.ts'
import { owesRevisit } from './revisit.ts'
import { gradeNames, grades, isUnhappy } from './revisitresult.ts'
import type { MenuName, Scene, Viewer } from './scene.ts'
import { shorten } from './shorten.ts'
import { laterExample } from './timewords.ts'

type Choice = [text: string, action: string, arg?: string | undefined, style?: CardButton['style']]

const menus: Record<Exclude<MenuName, 'assign' | 'progress'>, Choice[]> = {
  decline: [
    ['在外地', 'decline', '在外地'],
    ['手上有活', 'decline', '手上有活'],
    ['不会修这类', 'decline', '不会修这类'],
    ['返回', 'back'],
  ],
  suspend: [
    ['等配件', 'suspend', 'parts'],
    ['要大修', 'suspend', 'majorRepair'],
    ['客户改约', 'suspend', 'customer'],
    ['返回', 'back'],
  ],
  contacted: [
    ['约今天下午', 'contacted', '今天下午'],
    ['约明天上午', 'contacted', '明天上午'],
    ['约明天下午', 'contacted', '明天下午'],
    ['没定时间', 'contacted', ''],
    ['返回', 'back'],
  ],
  complete: [
    ['修好了 没收费', 'complete', '0'],
    ['返回', 'back'],
  ],
  reschedule: [
    ['改到今天下午', 'reschedule', '今天下午'],
    ['改到明天上午', 'reschedule', '明天上午'],
    ['改到明天下午', 'reschedule', '明天下午'],
    ['返回', 'back'],
  ],
  wait: [
    ['再等到今天下午', 'wait', '今天下午'],
    ['再等到明天', 'wait', '明天'],
    ['再等到后天', 'wait', '后天'],
    ['返回', 'back'],
  ],
  later: [
    ['半小时后', 'progress', '半小时后'],
    ['1小时后', 'progress', '1小时后'],
    ['明天上午', 'progress', '明天上午'],
    ['说不准', 'progress', 'later'],
    ['返回', 'back'],
  ],
}

export function buttonsFor(scene: Scene, viewer: Viewer): CardButton[] {
  const { order } = scene
  const { view, code, id } = order
  const make = ([text, action, arg, style]: Choice): CardButton => ({
    text,
    style: style ?? 'default',
    payload: writePayload({
      about: 'order',
      id,
      step: view.step,
      action,
      ...(arg !== undefined && { arg: arg || 'none' }),
    }),
    words: typedWords(text, action, code, scene, arg),
  })
  if (viewer.menu === 'progress') return answers(scene).map(make)
  if (viewer.menu && viewer.menu !== 'assign') return menus[viewer.menu].map(make)
  if (viewer.desk && scene.wantsCall) return callChoices(scene).map(make)
  if (showsCode(scene, viewer)) return [make(['评价码', 'ratingCode', undefined, 'primary'])]
  if (view.assignee === viewer.personId) return technicianChoices(scene).map(make)
  if (view.helpers.includes(viewer.personId) && !viewer.desk)
    return isOpen(view.state) ? [make(['求助', 'askHelp'])] : []
  if (view.offered && viewer.technician) return [make(['抢单', 'accept', undefined, 'primary'])]
  if (viewer.desk) return deskChoices(scene, viewer).map(make)
  return []
}

/** Who did the work shows the customer where to rate it; the desk's card is full of grades, it says the words. */
export const showsCode = ({ order, mayRate = false }: Scene, { personId }: Viewer): boolean =>
  mayRate && order.view.state === 'completed' && worksOn(order.view, personId) && !order.view.revisit?.rating

/** Quick answers to the question how it gets on, and the next step, which answers it as well: a card holds few buttons. */
function answers(scene: Scene): Choice[] {
  const next = technicianChoices(scene).find(([, action]) => action !== 'depart')
  return [
    ['能按时', 'progress', 'onTime', 'primary'],
    ['要晚一点', 'menu', 'later'],
    ...(scene.order.view.state === 'suspended' ? [] : [['等配件', 'suspend', 'parts'] as Choice]),
    ['求助', 'askHelp'],
    ...(next ? [[next[0], next[1], next[2]] as Choice] : []),
  ]
}

function technicianChoices({ order }: Scene): Choice[] {
  const { view } = order
  switch (view.state) {
    case 'dispatched':
      return [
        ['接单', 'accept', undefined, 'primary'],
        ['拒单', 'menu', 'decline', 'danger'],
      ]
    case 'accepted':
      return [
        ['已联系', 'menu', 'contacted', 'primary'],
        ['联系不上', 'unreachable'],
        ['到达', 'arrive'],
        ['求助', 'askHelp'],
      ]
    case 'contacted':
      return [
        ...(view.departed ? [] : [['出发', 'depart', undefined, 'primary'] as Choice]),
        ['到达', 'arrive', undefined, view.departed ? 'primary' : 'default'],
        ['挂起', 'menu', 'suspend'],
        ['求助', 'askHelp'],
      ]
    case 'arrived':
      return [
        ['完工', 'menu', 'complete', 'primary'],
        ['空单', 'emptyRun'],
        ['挂起', 'menu', 'suspend'],
        ['求助', 'askHelp'],
      ]
    case 'suspended':
      return [
        ['恢复', 'resume', undefined, 'primary'],
        ['改约', 'menu', 'reschedule'],
        ['再等', 'menu', 'wait'],
      ]
    default:
      return []
  }
}

function deskChoices(scene: Scene, viewer: Viewer): Choice[] {
  const { order, candidates = [] } = scene
  const { view } = order
  const routes = routesToAsk(scene)
  if (routes.length > 0) return routes.map(({ subject }): Choice => [`转${subject}`, 'route', subject])
  if (view.unreachable === 'reported') return [['确认联系不上', 'confirmUnreachable', undefined, 'primary']]
  if (view.state === 'new' || viewer.menu === 'assign') {
    // A dispatcher may have his reasons; who is not there or can't do it is offered only where nobody else is.
    const possible = candidates.filter(({ obstacle }) => obstacle?.why !== 'rest' && obstacle?.why !== 'skill')
    const people = (possible.length > 0 ? possible : candidates)
      .slice(0, 5)
      .map(({ id, name }): Choice => [`派给${shorten(name, 7)}`, 'assign', id])
    return view.offered ? people : [...people, ['放群里抢', 'offer']]
  }
  return []
}

/** What the desk is asked about a complaint nobody could send anywhere by its words (R1.13). */
export function routesToAsk({ order, routes = [] }: Scene): readonly ComplaintRoute[] {
  const { fields, routed, state } = order.view
  return fields.kind === 'complaint' && routed === null && isOpen(state) ? routes : []
}

/** The work is done: how content is the customer, then what is left to do. */
function callChoices({ order }: Scene): Choice[] {
  const { view } = order
  if (owesRevisit(view))
    return [
      ...grades.map((grade): Choice => [gradeNames[grade], 'revisit', String(grade)]),
      ['没打通', 'revisit', 'missed'],
    ]
  const unhappy = isUnhappy(view.revisit) && view.revisit?.complaint === undefined
  return [
    ...(unhappy ? [['开投诉', 'complain', undefined, 'danger'] as Choice] : []),
    ...(view.state === 'completed' ? [['结单', 'close', undefined, 'primary'] as Choice] : []),
  ]
}

function typedWords(text: string, action: string, code: string, scene: Scene, arg?: string): string {
  if (action === 'assign') return `派 ${code} 给 ${scene.candidates?.find(person => person.id === arg)?.name ?? ''}`
  if (action === 'offer' || (action === 'accept' && scene.order.view.offered)) return `抢单 ${code}`
  if (action === 'route') return `转 ${code} ${arg}`
  if (action === 'menu' && arg === 'later') return `要晚 ${code} ${laterExample(scene.now, scene.zone)}`
  if (action === 'progress' && arg !== 'onTime') return `要晚 ${code}${arg === 'later' ? '' : ` ${text}`}`
  if (action === 'revisit') return `回访 ${code} ${text}`
  return `${text} ${code}`
}

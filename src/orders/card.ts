import type { Card, CardButton, Tone } from '../chat/card.ts'
import { writePayload } from '../chat/payload.ts'
import { maskPhone } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import type { ClockView } from './clocks.ts'
import { standing } from './fact.ts'
import { isOpen, stateNames } from './order.ts'
import type { OrderRecord } from './record.ts'
import { sayLeft, saySpan, sayTime } from './timewords.ts'

/** For whom a card is drawn, and what of it is unfolded. */
export interface Viewer {
  personId: string
  desk: boolean
  technician: boolean
  /** Buttons shown instead of the usual ones: reasons to choose from. */
  menu?: MenuName | undefined
  /** A line on top that explains what just happened to a tap. */
  note?: string | undefined
}

export interface Scene {
  order: OrderRecord
  clocks: readonly ClockView[]
  now: Date
  zone: string
  nameOf(personId: string): string
  /** Technicians a desk card offers, best first. */
  candidates?: ReadonlyArray<{ id: string; name: string }>
}

export type MenuName = 'decline' | 'suspend' | 'contacted' | 'complete' | 'assign'

const kindNames = { install: '安装', repair: '维修', complaint: '投诉', revisit: '回访' } as const

/** `空调安装`-like: what the job is called in titles. */
export function jobName(order: OrderRecord): string {
  const { kind, product } = order.view.fields
  return [product.brand, kindNames[kind]].filter(Boolean).join(' ')
}

export function drawOrder(scene: Scene, viewer: Viewer): Card {
  const { order, now, zone } = scene
  const { view, code } = order
  const { customer, warranty } = view.fields
  const full = mayCall(scene, viewer)
  const running = runningClock(scene.clocks)
  const figure = running && isOpen(view.state) ? clockFigure(running, now) : undefined
  const rows = [
    { label: '客户', value: customer.name },
    { label: '电话', value: full ? customer.phone : maskPhone(customer.phone) },
    { label: '故障', value: view.fields.fault },
    { label: '预约', value: view.appointment ? saySpan(view.appointment, now, zone) : wantedWords(scene) },
    { label: '时限', value: limitWords(scene) },
    { label: '备注', value: remark(scene, warranty) },
  ]
  const buttons = view.offered || isOpen(view.state) ? buttonsFor(scene, viewer) : []
  const closed = buttons.length === 0 ? closedWords(scene, viewer) : undefined
  const body = [viewer.note, `地址：${customer.address}`].filter(Boolean).join('\n')
  return {
    source: `派工 · ${order.team}`,
    tone: toneOf(scene, running),
    title: `派工单 ${code} · ${jobName(order)}${view.urgent ? ' · 加急' : ''}`,
    subtitle: stateLine(scene),
    ...(figure && { figure }),
    rows: isOpen(view.state) ? rows : rows.filter(row => row.value !== '—'),
    body,
    buttons,
    ...(closed && { closed }),
    version: view.look,
  }
}

/** What is left of a card when a newer one of the same order is on the same screen. */
export function replacedCard({ source, title, version }: Card): Card {
  return { source, title, version, tone: 'done', rows: [], buttons: [], closed: '这张已换新，请看最新的一张' }
}

/** The full number belongs in the technician's own card, once the job is his, and on the desk. */
function mayCall({ order }: Scene, viewer: Viewer): boolean {
  return viewer.desk || (order.view.assignee === viewer.personId && isOpen(order.view.state))
}

export function runningClock(clocks: readonly ClockView[]): ClockView | undefined {
  const running = clocks.filter(clock => clock.dueAt && (clock.state === 'running' || clock.state === 'late'))
  return running.sort((a, b) => Number(a.dueAt) - Number(b.dueAt))[0]
}

function clockFigure(clock: ClockView, now: Date): string {
  return clock.dueAt ? `${clockKindNames[clock.kind]}${sayLeft(clock.dueAt, now)}` : ''
}

/** The two clocks due next: a row holds thirty characters. */
function limitWords({ clocks, now, zone }: Scene): string {
  const open = clocks.filter(clock => clock.dueAt && ['running', 'late', 'paused'].includes(clock.state))
  const words = open
    .sort((a, b) => Number(a.dueAt) - Number(b.dueAt))
    .slice(0, 2)
    .map(
      ({ kind, dueAt, state }) =>
        `${clockKindNames[kind]} ${sayTime(dueAt as Date, now, zone)}${state === 'paused' ? ' 暂停' : ''}`,
    )
  return words.join('｜') || '—'
}

function wantedWords({ order, now, zone }: Scene): string {
  const { wanted } = order.view.fields
  return wanted ? `客户想 ${saySpan(wanted, now, zone)}` : '待约'
}

function remark({ order }: Scene, warranty: 'in' | 'out' | undefined): string {
  const { product, customer } = order.view.fields
  const parts = [
    warranty === 'in' ? '保内' : warranty === 'out' ? '保外' : '',
    product.model ?? '',
    customer.key ? '重点客户' : '',
    customer.zone ?? '',
  ]
  return parts.filter(Boolean).join(' · ') || '—'
}

function stateLine({ order, nameOf, now, zone }: Scene): string {
  const { view } = order
  const who = view.assignee ? ` · ${nameOf(view.assignee)}` : ''
  const last = standing(order.facts).findLast(
    fact => fact.seq <= view.look && fact.fact !== 'photo' && fact.fact !== 'located',
  )
  const when = last ? ` ${sayTime(new Date(last.at), now, zone)}` : ''
  const state = view.offered
    ? '抢单中'
    : view.state === 'suspended'
      ? `挂起：${view.suspended?.note}`
      : stateNames[view.state]
  const unreachable =
    view.unreachable === null ? '' : view.unreachable === 'confirmed' ? ' · 联系不上（已确认）' : ' · 联系不上'
  return `${state}${unreachable}${who}${when}`
}

function closedWords({ order, nameOf }: Scene, viewer: Viewer): string {
  const { view } = order
  if (isOpen(view.state) && view.assignee && view.assignee !== viewer.personId)
    return `已由${nameOf(view.assignee)}负责`
  if (isOpen(view.state) && viewer.technician) return '已收回'
  return stateNames[view.state]
}

function toneOf({ order, now }: Scene, running: ClockView | undefined): Tone {
  if (!isOpen(order.view.state)) return 'done'
  if (running?.dueAt) {
    const left = running.dueAt.getTime() - now.getTime()
    if (left < 0) return 'late'
    if (left <= (running.dueAt.getTime() - running.dueSetAt.getTime()) / 4) return 'near'
  }
  return order.view.urgent ? 'urgent' : 'normal'
}

type Choice = [text: string, action: string, arg?: string | undefined, style?: CardButton['style']]

const menus: Record<Exclude<MenuName, 'assign'>, Choice[]> = {
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
}

function buttonsFor(scene: Scene, viewer: Viewer): CardButton[] {
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
  if (viewer.menu && viewer.menu !== 'assign') return menus[viewer.menu].map(make)
  if (view.assignee === viewer.personId) return technicianChoices(scene).map(make)
  if (view.offered && viewer.technician) return [make(['抢单', 'accept', undefined, 'primary'])]
  if (viewer.desk) return deskChoices(scene, viewer).map(make)
  return []
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
      return [['恢复', 'resume', undefined, 'primary']]
    default:
      return []
  }
}

function deskChoices({ order, candidates = [] }: Scene, viewer: Viewer): Choice[] {
  const { view } = order
  if (view.unreachable === 'reported') return [['确认联系不上', 'confirmUnreachable', undefined, 'primary']]
  if (view.state === 'new' || viewer.menu === 'assign') {
    const people = candidates.slice(0, 5).map(({ id, name }): Choice => [`派给${name}`.slice(0, 10), 'assign', id])
    return view.offered ? people : [...people, ['放群里抢', 'offer']]
  }
  return []
}

function typedWords(text: string, action: string, code: string, scene: Scene, arg?: string): string {
  if (action === 'assign') return `派 ${code} 给 ${scene.candidates?.find(person => person.id === arg)?.name ?? ''}`
  if (action === 'offer' || (action === 'accept' && scene.order.view.offered)) return `抢单 ${code}`
  return `${text} ${code}`
}

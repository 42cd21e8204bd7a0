import type { Card, Tone } from '../chat/card.ts'
import { maskPhone } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import { buttonsFor, routesToAsk, showsCode } from './buttons.ts'
import type { ClockView } from './clocks.ts'
import { type FactName, type KeptSpan, standing } from './fact.ts'
import { handoverOf } from './handover.ts'
import { linkLine, linkMark } from './linkwords.ts'
import { isOpen, stateNames, worksOn } from './order.ts'
import { latestProgress } from './progress.ts'
import { sayProgress, sayQuestion } from './progresswords.ts'
import { rankingWords } from './rankwords.ts'
import type { OrderRecord } from './record.ts'
import { callBack } from './revisitcard.ts'
import type { Scene, Viewer } from './scene.ts'
import { sayLeft, saySpan, sayTime } from './timewords.ts'

const kindNames = { install: '安装', repair: '维修', complaint: '投诉', revisit: '回访' } as const

/** `空调安装`-like: what the job is called in titles. */
export function jobName(order: OrderRecord): string {
  const { kind, product } = order.view.fields
  return [product.brand, kindNames[kind]].filter(Boolean).join(' ')
}

export function drawOrder(scene: Scene, given: Viewer): Card {
  const { order, now, zone } = scene
  const viewer = questioned(scene, given)
  const { view, code } = order
  const { customer, warranty } = view.fields
  const full = mayCall(scene, viewer)
  const running = runningClock(scene.clocks)
  const call = callBack(scene, viewer)
  const figure = running && isOpen(view.state) ? clockFigure(running, now) : call?.figure
  const helps = view.helpers.includes(viewer.personId)
  const rows = [
    { label: '客户', value: customer.name },
    { label: '电话', value: full ? customer.phone : maskPhone(customer.phone) },
    { label: '故障', value: view.fields.fault },
    call?.row ?? { label: '预约', value: view.appointment ? saySpan(view.appointment, now, zone) : wantedWords(scene) },
    { label: '时限', value: limitWords(scene) },
    { label: '备注', value: remark(scene, warranty) },
  ]
  const buttons =
    view.offered || isOpen(view.state) || call || showsCode(scene, viewer) ? buttonsFor(scene, viewer) : []
  const closed = buttons.length === 0 ? closedWords(scene, viewer) : undefined
  const note = viewer.note ?? routeQuestion(scene, viewer)
  const progress = isOpen(view.state) ? latestProgress(order.facts) : null
  // WeCom cuts what is too long at its end: whatever else there is to read, he has to find the place.
  const body = [
    ...[note, call?.outcome, choice(scene, viewer), `地址：${customer.address}`],
    ...[handoverWords(scene, viewer), crewWords(scene, viewer), linkLine(scene)],
    progress && sayProgress(progress, scene),
  ]
    .filter(Boolean)
    .join('\n')
  return {
    source: `派工 · ${order.team}`,
    tone: call?.tone ?? toneOf(scene, running),
    title: [`派工单 ${code}`, jobName(order), view.urgent && '加急', helps && '协助', call?.title]
      .filter(Boolean)
      .join(' · '),
    subtitle: stateLine(scene),
    ...(figure && { figure }),
    rows: isOpen(view.state) ? rows : rows.filter(row => row.value !== '—'),
    body,
    buttons,
    ...(closed && { closed }),
    ...(scene.page && mayOpen(scene, viewer) && { link: scene.page }),
    version: view.look,
  }
}

/** An open question stands on the card of whom it was put to, with its answers as buttons, until he says anything. */
function questioned(scene: Scene, viewer: Viewer): Viewer {
  const { question } = scene
  if (!question || question.to !== viewer.personId || viewer.menu) return viewer
  const note = [viewer.note, sayQuestion(question, scene)].filter(Boolean).join('\n')
  return { ...viewer, menu: 'progress', note }
}

/** What is left of a card when a newer one of the same order is on the same screen. */
export function replacedCard({ source, title, version }: Card): Card {
  return { source, title, version, tone: 'done', rows: [], buttons: [], closed: '这张已换新，请看最新的一张' }
}

/** Whom to choose, and why; not while it is asked where a complaint goes. */
function choice(scene: Scene, viewer: Viewer): string {
  const { candidates, order } = scene
  if (!candidates || !isOpen(order.view.state) || routeQuestion(scene, viewer)) return ''
  return rankingWords(candidates)
}

/** What the one before him did, for the one who has it now. */
function handoverWords({ order, nameOf, now, zone }: Scene, viewer: Viewer): string {
  if (order.view.assignee !== viewer.personId || !isOpen(order.view.state)) return ''
  const over = handoverOf(order.facts)
  const note = order.facts.findLast(fact => fact.fact === 'dispatched')
  if (!over) return note?.fact === 'dispatched' && note.note ? `派工员说：${note.note}` : ''
  const done = [
    over.arrived ? '到过现场' : over.contacted ? '联系过客户' : '',
    over.appointment ? `约了 ${saySpan(over.appointment, now, zone)}` : '',
    over.suspended ?? '',
    over.declined ? `退单：${over.declined}` : '',
    over.photos > 0 ? `照片 ${over.photos} 张` : '',
  ].filter(Boolean)
  const said = over.note ? `；派工员说：${over.note}` : ''
  return `交接（${nameOf(over.from)}）：${done.join('，') || '还没有动'}${said}`
}

/** Who goes along; whoever does is told who is in charge. */
function crewWords({ order, nameOf }: Scene, { personId }: Viewer): string {
  const { assignee, helpers } = order.view
  const others = helpers.filter(person => person !== personId).map(nameOf)
  const along = others.length > 0 ? `同去：${others.join('、')}` : ''
  const charge = helpers.includes(personId) && assignee ? `负责：${nameOf(assignee)}` : ''
  return [charge, along].filter(Boolean).join('，')
}

/** Its page opens for who works on it and for the desk. */
const mayOpen = ({ order }: Scene, { desk, personId }: Viewer): boolean => desk || worksOn(order.view, personId)

/** The full number belongs in the technician's own card, once the job is his, and on the desk. */
export function mayCall({ order }: Scene, viewer: Viewer): boolean {
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
    linkMark({ order }),
    order.view.routed ? `转${order.view.routed.to}` : '',
    warranty === 'in' ? '保内' : warranty === 'out' ? '保外' : '',
    product.model ?? '',
    customer.key ? '重点客户' : '',
    customer.zone ?? '',
  ]
  return parts.filter(Boolean).join(' · ') || '—'
}

function routeQuestion(scene: Scene, viewer: Viewer): string {
  return viewer.desk && routesToAsk(scene).length > 0
    ? `❓ 投诉的是什么？点一个就转过去，或回复「转 ${scene.order.code} 部门」。`
    : ''
}
/** Facts that say nothing of since when the order is as it is. */
const besideState = new Set<FactName>(['photo', 'signed', 'located', 'helpAsked', 'progress', 'reminded'])

function stateLine({ order, nameOf, now, zone }: Scene): string {
  const { view } = order
  const until = (expected?: KeptSpan) => (expected ? `（到 ${saySpan(expected, now, zone)}）` : '')
  const who = view.assignee ? ` · ${nameOf(view.assignee)}` : ''
  const last = standing(order.facts).findLast(fact => fact.seq <= view.look && !besideState.has(fact.fact))
  const when = last ? ` ${sayTime(new Date(last.at), now, zone)}` : ''
  const state = view.offered
    ? '抢单中'
    : view.state === 'suspended'
      ? `挂起：${view.suspended?.note}${until(view.suspended?.expected)}`
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

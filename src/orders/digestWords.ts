import { maskName } from '../people/person.ts'
import type { Board } from './board.ts'
import { byPressure, type Glance, marks, street, timeWords } from './glance.ts'
import { type OrderState, stateNames } from './order.ts'
import { shorten } from './shorten.ts'

/** Lists short enough to be read at a traffic light: so many lines, the rest is a number. */
const mostLines = 5
const mostNames = 8

/**
 * A technician's morning, or what he has not done before leaving; empty when nothing is open, or when nothing of what is
 * open needs a word from him in the evening (R3.3, R1.7).
 */
export function ownText(which: 'digest' | 'evening', glances: readonly Glance[], finished: number): string {
  const sorted = [...glances].sort(byPressure)
  const pressing = sorted.filter(({ pressure }) => pressure !== 'later')
  if (which === 'digest')
    return sorted.length === 0 ? '' : [morning(pressing, sorted.length - pressing.length), ...own(sorted)].join('\n')
  // The one in charge says what becomes of an order, and what is suspended has had its word, late or not.
  const mine = sorted.filter(({ along }) => !along)
  const now = mine.filter(({ pressure, scene }) => pressure !== 'later' && scene.order.view.state !== 'suspended')
  const later = mine.length - now.length
  if (now.length === 0) return ''
  const done = finished > 0 ? `，今天完工 ${finished} 单` : ''
  return [
    `🌇 下班前还有 ${now.length} 单没完${lateWords(now)}${done}：`,
    ...own(now),
    later > 0 ? `另有 ${later} 单已挂起或约在以后。` : '',
    '做完的回复「完工 单号 结果」；做不完的回复「挂起 单号 原因」或「改约 单号 时间」。',
  ]
    .filter(Boolean)
    .join('\n')
}

function morning(now: readonly Glance[], later: number): string {
  if (now.length === 0) return `🌅 今天没有到点的单，手上还有 ${later} 单：`
  const appointed = now.filter(({ pressure }) => pressure === 'appointed').length
  const parts = [
    `🌅 今天 ${now.length} 单`,
    appointed > 0 ? `${appointed} 单有约` : '',
    lateOf(now) > 0 ? `${lateOf(now)} 单已超时` : '',
    later > 0 ? `另有 ${later} 单可以等` : '',
  ]
  return `${parts.filter(Boolean).join('，')}：`
}

const lateOf = (glances: readonly Glance[]): number => glances.filter(({ pressure }) => pressure === 'late').length

function lateWords(glances: readonly Glance[]): string {
  const late = lateOf(glances)
  return late > 0 ? `（${late} 单已超时）` : ''
}

function own(glances: readonly Glance[]): string[] {
  return cut(glances.map(ownLine), mostLines, '，回复「我的单」看全部')
}

/** `10:00 王女士 花园路 不制冷 1024`: no door, no number but the code. */
function ownLine(glance: Glance): string {
  const { order } = glance.scene
  const { customer, fault } = order.view.fields
  const head = glance.pressure === 'late' ? '🔴' : ''
  const words = [
    `${head}${marks(glance.scene)}`,
    glance.along ? '协助' : '',
    timeWords(glance),
    shorten(customer.name, 8),
  ]
  return [...words, street(customer.address), shorten(fault, 8), order.code].filter(Boolean).join(' ')
}

/** How a board is opened: pushed in the morning or in the evening, or asked for. */
export type BoardHead = 'digest' | 'evening' | 'asked'

export function boardText(board: Board, team: string, { head, masked }: { head: BoardHead; masked: boolean }): string {
  const { states, late, today, load, free, resting, toRevisit } = board
  const line = (glance: Glance) => deskLine(glance, masked)
  const rest = board.open - late.length - today.length
  return [
    boardHead(board, team, head),
    states.map(({ state, orders }) => `${shortNames[state] ?? stateNames[state]} ${orders}`).join(' · '),
    ...titled('超时：', cut(late.map(line), mostLines, '，回复「超时单」看更多')),
    ...titled('今天到点：', cut(today.map(line), head === 'asked' ? 2 * mostLines : mostLines)),
    rest > 0 ? `另有 ${rest} 单今天不到点。` : '',
    load.length > 0 ? `手上：${names(load.map(({ name, orders }) => `${name} ${orders} 单`))}` : '',
    free.length > 0 ? `空着：${names(free)}` : '',
    resting.length > 0 ? `今天休息：${names(resting)}` : '',
    toRevisit > 0 ? `待回访 ${toRevisit} 单` : '',
  ]
    .filter(Boolean)
    .join('\n')
}

function boardHead({ open, late, finished }: Board, team: string, head: BoardHead): string {
  const lateCount = late.length > 0 ? `（${late.length} 单已超时）` : ''
  if (head === 'asked') return `今天完工 ${finished} 单，进行中 ${open} 单${lateCount}${open > 0 ? '：' : '。'}`
  if (head === 'digest') return `🌅 早上好，${team}今天有 ${open} 单${lateCount}：`
  return `🌇 下班前${team}还有 ${open} 单没完${lateCount}，今天完工 ${finished} 单：`
}

const shortNames: Partial<Record<OrderState, string>> = { dispatched: '待接' }

/** `联系超时 2 小时 1024 王女士 不制冷（张三）`. */
function deskLine(glance: Glance, masked: boolean): string {
  const { scene, pressure } = glance
  const { order, nameOf } = scene
  const { customer, fault } = order.view.fields
  const head = `${pressure === 'late' ? '🔴' : ''}${marks(scene)}`
  const who = order.view.assignee ? nameOf(order.view.assignee) : '未派'
  const name = shorten(masked ? maskName(customer.name) : customer.name, 8)
  return [head, timeWords(glance), order.code, name, `${shorten(fault, 8)}（${who}）`].filter(Boolean).join(' ')
}

/** The first lines, and how many there are besides. */
export function cut(lines: readonly string[], most: number, more = ''): string[] {
  if (lines.length <= most) return [...lines]
  return [...lines.slice(0, most), `…还有 ${lines.length - most} 单${more}`]
}

/** `张三、李四 …还有 3 人`. */
export function names(list: readonly string[], most = mostNames): string {
  const more = list.length > most ? ` …还有 ${list.length - most} 人` : ''
  return `${list.slice(0, most).join(' · ')}${more}`
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? [title, ...lines] : []
}

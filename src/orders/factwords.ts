import { sayRating } from '../rating/say.ts'
import type { Fact, FactName } from './fact.ts'
import { lastTimeWords } from './linkwords.ts'
import { untimed } from './order.ts'
import { sayOutcome } from './outcomewords.ts'
import { sayProgress } from './progresswords.ts'
import { gradeNames } from './revisitresult.ts'
import type { Scene } from './scene.ts'
import { saySpan, sayTime } from './timewords.ts'

/** What a fact is called in a sentence: `张三 已到达`. */
export const factNames: Record<FactName, string> = {
  created: '已开单',
  linked: '返修',
  routed: '已转',
  unlinked: '不算返修',
  reworked: '又报修了',
  unreworked: '后来的单不算返修',
  offered: '放出来抢单',
  offerEnded: '没有人抢',
  unplaced: '没有合适的人可派',
  dispatched: '已派单',
  accepted: '已接单',
  declined: '拒单',
  withdrawn: '已收回',
  contacted: '已联系客户',
  unreachable: '联系不上客户',
  unreachableConfirmed: '已确认联系不上',
  appointed: '已改约',
  departed: '已出发',
  arrived: '已到达',
  suspended: '挂起',
  resumed: '已恢复',
  expected: '再等',
  completed: '已完工',
  emptyRun: '空单，机器正常',
  reported: '已报单',
  joined: '已加派',
  left: '已减派',
  shared: '已分成',
  sampled: '抽中满意度表',
  revisited: '已回访客户',
  rated: '评价',
  revisitTried: '回访没打通',
  complained: '已开投诉单',
  closed: '已结单',
  cancelled: '已取消',
  returnAsked: '问了退换',
  urged: '已加急',
  helpAsked: '求助',
  progress: '报进度',
  photo: '传了照片',
  signed: '客户签字',
  located: '发了位置',
  reminded: '已提醒',
  asked: '问过进展',
  undone: '撤回了上一步',
  erased: '已删除客户资料',
}

/** Who did it: nobody of ours rates. */
export function doerOf({ by, fact }: Fact, { nameOf }: Pick<Scene, 'nameOf'>): string {
  return by ? nameOf(by) : fact === 'rated' ? '客户' : '系统'
}

/** `14:05` today, else with its day: when a thing just said was recorded. */
export function moment(at: string, { now, zone }: Scene): string {
  return sayTime(new Date(at), now, zone).replace(/^今天 /, '')
}

/** `已联系客户 14:05，约 明天 10:00 上门`. */
export function phrase(scene: Scene, fact: Fact): string {
  if (fact.fact === 'progress') return sayProgress(fact, scene)
  const name = nameOfFact(fact, scene)
  return `${name} ${moment(fact.at, scene)}${detail(fact, scene)}`
}

function nameOfFact(fact: Fact, scene: Scene): string {
  if (fact.fact === 'dispatched') return `已派单给${scene.nameOf(fact.to)}`
  if (fact.fact === 'routed') return `已转${fact.to}`
  if (fact.fact === 'linked' && fact.why === 'leak') return '装机漏'
  if (fact.fact === 'joined' || fact.fact === 'left') return `${factNames[fact.fact]}${scene.nameOf(fact.person)}`
  if (fact.fact === 'erased' && fact.what === 'photos') return '已删除照片'
  if (fact.fact === 'complained') return `${factNames.complained} ${fact.code}`
  return factNames[fact.fact]
}

/** The part of a fact that only it has: when, why, how much. */
function detail(fact: Fact, scene: Scene): string {
  const { now, zone } = scene
  switch (fact.fact) {
    case 'dispatched':
      return dispatchDetail(fact)
    case 'unplaced':
      return fact.why.length > 0 ? `：${fact.why.join('、')}` : ''
    case 'declined':
    case 'withdrawn':
    case 'cancelled':
      return `：${fact.reason}`
    case 'contacted':
      return fact.appointment ? `，约 ${saySpan(fact.appointment, now, zone)} 上门` : ''
    case 'appointed':
      return `到 ${saySpan(fact.appointment, now, zone)}${fact.reason ? `（${fact.reason}）` : ''}`
    case 'linked':
      return `：${lastTimeWords(fact, scene)}`
    case 'unlinked':
      return `（上次 ${fact.code}）`
    case 'routed':
      return `（${fact.subject}）`
    case 'expected':
      return `，到 ${saySpan(fact.expected, now, zone)}`
    case 'suspended':
      return `：${untimed(fact.note, fact.expected)}${fact.expected ? `，预计 ${saySpan(fact.expected, now, zone)}` : ''}`
    case 'completed': {
      const words = sayOutcome(fact)
      return words ? `：${words}` : ''
    }
    case 'revisited':
      return revisitDetail(fact)
    case 'signed':
      return `：${[fact.name, sayOutcome({ ...fact, result: fact.result ?? '' })].filter(Boolean).join('，')}`
    case 'rated':
      return `：${sayRating(fact)}`
    case 'unreachable':
    case 'helpAsked':
    case 'emptyRun':
    case 'reported':
    case 'revisitTried':
      return fact.note ? `：${fact.note}` : ''
    case 'undone':
      return undoneName(fact, scene)
    case 'erased':
      return `（${erasedWhy[fact.why]}）`
    default:
      return ''
  }
}

const erasedWhy = { age: '保存期满', asked: '应客户要求' } as const

function dispatchDetail({ auto, why = [], despite, note }: Extract<Fact, { fact: 'dispatched' }>): string {
  return [
    auto ? `（自动：${why.join('、') || '轮到他'}）` : '',
    despite ? `（注意：他${despite}）` : '',
    note ? `，交接：${note}` : '',
  ].join('')
}

/** What was said and what was understood: `：很满意，师傅很好（记为非常满意）`. */
function revisitDetail({ grade, note }: Extract<Fact, { fact: 'revisited' }>): string {
  const name = grade && gradeNames[grade]
  if (!note) return name ? `：${name}` : ''
  return name ? `：${note}（记为${name}）` : `：${note}`
}

export function undoneName(fact: Extract<Fact, { fact: 'undone' }>, { order }: Scene): string {
  const undone = order.facts.find(other => other.seq === fact.undoes)
  return undone ? `（${factNames[undone.fact]}）` : ''
}

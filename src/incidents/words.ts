import { sayDay } from '../leave/daywords.ts'
import type { Fact } from '../orders/fact.ts'
import { replay } from '../orders/order.ts'
import { sayTime } from '../orders/timewords.ts'
import { maskPhones } from '../people/person.ts'
import type { IncidentFact } from './fact.ts'
import type { IncidentScene } from './look.ts'
import { sayEffects, sayGround, sayItem, stateWords } from './saying.ts'

/** Sentences about incidents. */

/** Why a proposal from an order does not hold any more, by what happened to it last. */
export function goneFrom(facts: readonly Fact[]): string {
  const { state } = replay(facts)
  if (state === 'cancelled') return '单已取消'
  const last = facts.findLast(({ fact }) => reasons.has(fact))
  return (last && reasons.get(last.fact)) ?? '记录改过，不再成立'
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['undone', '那一步已撤回'],
  ['unreachableConfirmed', '已确认联系不上，不算超时'],
  ['withdrawn', '单已改派'],
  ['declined', '单已退回'],
  ['dispatched', '单已改派'],
  ['unreworked', '后来的单不算返修'],
  ['revisited', '回访改过'],
  ['rated', '客户改了评价'],
])

/** One incident in one line. */
export function incidentLine({ incident, today, nameOf }: IncidentScene, viewer: { manager: boolean }): string {
  const { view, code } = incident
  const who = viewer.manager ? `${nameOf(view.person)} ` : ''
  const order = view.order ? `（${view.order.code}）` : ''
  return `${code} ${who}${sayDay(view.day, today)} ${view.item}${order}｜${sayEffects(view.is, viewer)}｜${stateWords[view.state]}`
}

/** What the one it is about hears after it counted: it was dropped, or his appeal was answered (R16). */
export function tellPerson(scene: IncidentScene, fact: IncidentFact): string {
  const { incident, today, nameOf } = scene
  const { view, code } = incident
  const what = `${code}（${view.item}，${sayDay(view.day, today)}）`
  const who = fact.by ? nameOf(fact.by) : ''
  switch (fact.fact) {
    case 'dropped':
      return fact.why === 'replaced'
        ? `${what} 已撤销：${fact.reason}。`
        : `✅ ${what} 已${who ? `由${who}` : ''}撤销${fact.reason ? `：${maskPhones(fact.reason)}` : ''}。原来的「${sayEffects(view.is, { manager: false })}」不再算。`
    case 'upheld':
      return `✅ ${what} 你的申诉成立，已撤销：${maskPhones(fact.reason)}。原来的「${sayEffects(view.is, { manager: false })}」不再算。`
    case 'rejected':
      return `${what} 你的申诉已答复：维持。${who ? `${who}说：` : '理由：'}${maskPhones(fact.reason)}。照记「${sayEffects(view.is, { manager: false })}」，有疑问请当面找${who || '经理'}。`
    case 'amended':
      return `✅ ${what} 你的申诉已答复：改为「${sayEffects(fact.is, { manager: false })}」。${who ? `${who}说：` : '理由：'}${maskPhones(fact.reason)}。`
    default:
      return `${what} 有变化，回复「我的奖惩」看看。`
  }
}

/** What managers hear, and whoever proposed it. */
export function tellDesk(scene: IncidentScene, fact: IncidentFact): string {
  const { incident, today, nameOf } = scene
  const { view, code } = incident
  const what = `${code}（${nameOf(view.person)} ${view.item}，${sayDay(view.day, today)}）`
  const who = fact.by ? nameOf(fact.by) : ''
  switch (fact.fact) {
    case 'entered':
    case 'confirmed':
      return `✅ ${what} 已${who ? `由${who}` : ''}确认，已告诉本人。`
    case 'dropped':
      return fact.why === 'manager'
        ? `${what} 没有记：${who ? `${who}` : ''}已撤销${fact.reason ? `，${maskPhones(fact.reason)}` : ''}。`
        : `${what} 不用处理了：${fact.reason}。`
    default:
      return `${what}：${stateWords[view.state]}。`
  }
}

/** Dismissal is proposed to managers, with what it follows from; nobody is dismissed by the service. */
export function tellDismissal({ incident, today, nameOf }: IncidentScene): string {
  const { view, code } = incident
  const nth = view.nth > 1 ? `，当月第 ${view.nth} 次` : ''
  return `🔺 按制度建议辞退 ${nameOf(view.person)}：${code} ${sayDay(view.day, today)} ${view.item}${view.rule ? `（${view.rule}）` : ''}${nth}。只是建议，由经理决定；本人还可以申诉。`
}

/** Several proposals in one message. */
export function proposedText(scenes: readonly IncidentScene[]): string {
  const lines = scenes.slice(0, mostLines).map(scene => {
    const { view, code } = scene.incident
    const why = view.ground ? sayGround(view.ground, scene.now, scene.policy.zone) : maskPhones(view.note)
    const order = view.order ? ` ${view.order.code}` : ''
    return `${code} ${scene.nameOf(view.person)}${order} ${view.item}，${sayEffects(view.is, { manager: true })}${why ? `\n　${why}` : ''}`
  })
  const [first, second] = scenes.map(({ incident }) => incident.code)
  const more = scenes.length > mostLines ? `还有 ${scenes.length - mostLines} 条。` : ''
  return [
    `📋 ${scenes.length} 条奖惩等你确认，确认以前不算数：`,
    ...lines,
    `${more}回复「确认 ${first} ${second}」或「撤销 ${first} 原因」，「奖惩」逐条看。`,
  ].join('\n')
}

/** WeCom cuts what is longer than 2,048 bytes. */
const mostLines = 6

/** An appeal waits: a day is left, or the time is over. */
export function remindAnswer(scene: IncidentScene): string {
  const { incident, today, nameOf, answerDay } = scene
  const { view, code } = incident
  const last = answerDay ?? today
  const when = last < today ? `应在 ${sayDay(last, today)} 前答复，已经超期` : `请在今天答复`
  return `⏰ ${nameOf(view.person)} 对 ${code}（${view.item}）的申诉还没有答复，${when}：${maskPhones(view.appeal?.reason ?? '')}。回复「成立 ${code}」「维持 ${code} 原因」或「改为 ${code} 10元 原因」。`
}

/** An incident with its story, for 奖惩12. */
export function storyText(scene: IncidentScene, viewer: { manager: boolean }): string {
  const { incident, nameOf, today } = scene
  const { view, code } = incident
  const lines = storySteps(scene, viewer).map(({ at, who, said }) => `${at} ${who}：${said}`)
  return [
    `${code} ${nameOf(view.person)} ${sayItem(view)} ${sayDay(view.day, today)}`,
    `${sayEffects(view.is, viewer)}｜${stateWords[view.state]}`,
    ...(view.ground ? [`依据：${sayGround(view.ground, scene.now, scene.policy.zone)}`] : []),
    ...lines.slice(-mostSteps),
  ].join('\n')
}

/** What happened, the oldest first: when, who, what; facts that nobody has to hear of are left out. */
export function storySteps(
  { incident, nameOf, now, policy }: IncidentScene,
  viewer: { manager: boolean },
): Array<{ seq: number; at: string; who: string; said: string }> {
  return incident.facts.flatMap(fact => {
    const said = step(fact, viewer)
    const who = fact.by ? nameOf(fact.by) : fact.via === 'api' ? '接口' : '系统'
    return said ? [{ seq: fact.seq, at: sayTime(new Date(fact.at), now, policy.zone), who, said }] : []
  })
}

/** What is told of a long story: its end. */
const mostSteps = 12

function step(fact: IncidentFact, viewer: { manager: boolean }): string {
  const because = (reason: string) => (reason ? `（${maskPhones(reason)}）` : '')
  switch (fact.fact) {
    case 'entered':
      return `记录${because(fact.note ?? '')}`
    case 'proposed':
      return `提出，等经理确认${because(fact.note ?? '')}`
    case 'confirmed':
      return '确认'
    case 'dropped':
      return `撤销${because(fact.reason)}`
    case 'renewed':
      return '又成立，再次提出'
    case 'photo':
      return '附照片'
    case 'appealed':
      return `申诉${because(fact.reason)}`
    case 'upheld':
      return `申诉成立，撤销${because(fact.reason)}`
    case 'rejected':
      return `维持${because(fact.reason)}`
    case 'amended':
      return `改为${sayEffects(fact.is, viewer)}${because(fact.reason)}`
    default:
      return ''
  }
}

import type { Objection } from '../incidents/consequence.ts'
import type { IncidentScene } from '../incidents/look.ts'
import { sayCost, sayEffects, sayItem } from '../incidents/saying.ts'
import { incidentLine } from '../incidents/words.ts'
import { sayDay } from '../leave/daywords.ts'
import type { IncidentItem } from '../policy/incidentrule.ts'
import type { Card } from './card.ts'
import type { IncidentWish } from './intent.ts'
import { writePayload } from './payload.ts'
import type { Draft } from './store.ts'

/** Sentences and cards of the conversation about incidents. */

type EnterWish = Extract<IncidentWish, { do: 'enter' }>

const verbOf = ({ as }: Pick<EnterWish, 'as'>): string => (as === 'reward' ? '奖励' : '扣分')

/** What was entered, and what comes next. */
export function enteredText(scene: IncidentScene, photos: number, waitMinutes: number): string {
  const { incident, today, nameOf, deciders, lastAppealDay } = scene
  const { view, code } = incident
  const who = nameOf(view.person)
  const order = view.order ? `，单 ${view.order.code}` : ''
  const what = `${code}：${who} ${sayItem(view)}，${sayEffects(view.is, { manager: true })}，${sayDay(view.day, today)}${order}`
  const hint = photos > 0 ? `附照片 ${photos} 张。` : `照片 ${waitMinutes} 分钟内发来会附上。`
  if (view.state === 'proposed') {
    const managers = deciders.map(nameOf).slice(0, 3).join('、')
    return managers
      ? `已提出 ${what}。等${managers}确认，确认以前不算数。${hint}`
      : `已提出 ${what}。现在没有经理能确认，请先让管理员录入经理。${hint}`
  }
  const until = lastAppealDay ? `，可申诉到 ${sayDay(lastAppealDay, today)}` : ''
  return `✅ 已记 ${what}。已告诉${who}${until}。${hint}`
}

/** Nothing of the catalogue was named; the nearest of it. */
export function nearText(name: string, wish: EnterWish, near: readonly IncidentItem[]): string {
  const said = wish.rest
    ? `奖惩项目里没有「${wish.rest.slice(0, 30)}」，没有记录。`
    : `为什么${verbOf(wish)}？没有记录。`
  const [first] = near
  if (!first) return `${said}制度里没有${wish.as === 'reward' ? '奖励' : '处罚'}的项目。回复「奖惩项目」看看。`
  return [
    `${said}最接近的：`,
    ...near.map(item => `· ${item.name}：${sayCost(item)}`),
    `请按项目再说一次，比如：${verbOf(wish)} ${name} ${first.name}。全部项目回复「奖惩项目」。`,
  ].join('\n')
}

export function otherPostText(name: string, item: IncidentItem, post: string | null): string {
  const posts = (item.for ?? []).join('、')
  return post === null
    ? `「${item.name}」只用于${posts}，${name}还没有登记岗位，没有记录。请先登记他的岗位。`
    : `「${item.name}」只用于${posts}，${name}的岗位是${post}，没有记录。回复「奖惩项目」看看他的项目。`
}

export function otherWayText(item: IncidentItem, { as, who }: EnterWish): string {
  return as === 'penalty'
    ? `「${item.name}」是奖励（${sayCost(item)}），不是处罚，没有记录。要记请说：奖励 ${who} ${item.name}。`
    : `「${item.name}」是处罚（${sayCost(item)}），不是奖励，没有记录。要记请说：扣分 ${who} ${item.name}。`
}

/** The sentence that has all that is needed. */
export function exampleFor(name: string, item: IncidentItem, objection: Objection): string {
  if (objection.why === 'base') return `罚款 ${name} ${item.name} ${objection.of} 80元`
  if (objection.why === 'fixed') return `${objection.of === 'reward' ? '奖励' : '扣分'} ${name} ${item.name}`
  const low = Math.abs(objection.from)
  if (objection.of === 'points') return `${objection.from < 0 ? '扣分' : '加分'} ${name} ${low}分 ${item.name}`
  return `${objection.of === 'fine' ? '罚款' : '奖励'} ${name} ${low / 100}元 ${item.name}`
}

/** Which of them? One button each. */
export function chooseItemCard(draft: Draft, wish: EnterWish, among: readonly IncidentItem[], team: string): Card {
  const button = (text: string, words: string, arg?: string) => ({
    ...{ text: text.slice(0, 10), style: 'default' as const, words },
    payload: writePayload({
      ...{ about: 'draft', id: draft.id, version: draft.version, action: arg === undefined ? 'cancel' : 'item' },
      ...(arg !== undefined && { arg }),
    }),
  })
  const shown = among.slice(0, 5)
  return {
    ...{ source: `奖惩 · ${team}`, tone: 'normal', title: `${wish.who}：记哪一项？`, subtitle: '点一个，一次记一项' },
    rows: shown.map(item => ({ label: (item.group ?? '项目').slice(0, 5), value: `${item.name}：${sayCost(item)}` })),
    buttons: [
      ...shown.map(item => button(item.name, `${verbOf(wish)} ${wish.who} ${item.name}`, item.name)),
      button('都不是', '取消'),
    ],
    version: draft.version,
  }
}

/** 我的奖惩, 奖惩 张三. */
export function listText(
  scenes: readonly IncidentScene[],
  given: { name: string; own: boolean; month: string },
): string {
  const { name, own, month } = given
  if (scenes.length === 0) return own ? '这个月和上个月你没有奖惩。' : `这个月和上个月${name}没有奖惩。`
  const counting = scenes.filter(
    ({ incident: { view } }) => view.day.startsWith(month) && (view.state === 'confirmed' || view.state === 'appealed'),
  )
  const sum = counting.reduce(
    (all, { incident: { view } }) => ({ fen: all.fen + view.is.fen, points: all.points + view.is.points }),
    { fen: 0, points: 0 },
  )
  const nothing = { losesAppraisal: false, proposesDismissal: false, daysOff: 0 }
  const total =
    counting.length > 0 ? `本月合计 ${counting.length} 条：${sayTotal({ ...sum, ...nothing })}` : '本月没有算数的奖惩'
  const lines = scenes.slice(0, mostLines).map(scene => incidentLine(scene, { manager: !own }))
  const more = scenes.length > mostLines ? [`还有 ${scenes.length - mostLines} 条更早的。`] : []
  const [first] = scenes
  const hint = own
    ? `看一条回复「${first?.incident.code}」，不同意回复「申诉 ${first?.incident.code} 原因」。`
    : `看一条回复「${first?.incident.code}」。`
  return [`${own ? '你' : name}的奖惩（本月和上月）：`, ...lines, ...more, total, hint].join('\n')
}

function sayTotal(is: Parameters<typeof sayEffects>[0]): string {
  return is.fen === 0 && is.points === 0 ? '加减相抵' : sayEffects(is, { manager: false })
}

/** WeCom cuts what is longer than 2,048 bytes. */
const mostLines = 12

/** The catalogue in as many messages as it takes: none is longer than a platform shows. */
export function pages(lines: readonly string[]): string[] {
  const out: string[] = []
  let page = ''
  for (const line of lines) {
    const next = page === '' ? line : `${page}\n${line}`
    if (Buffer.byteLength(next) > mostBytes) {
      out.push(page)
      page = line
    } else page = next
  }
  return page === '' ? out : [...out, page]
}

const mostBytes = 1_900

export const howToAppeal =
  '对奖惩有异议：回复「我的奖惩」看编号，再回复「申诉 编号 原因」，比如：申诉 12 我当天联系了客户，有通话记录。照片可以接着发。经理会答复你。'

/** What became of an incident, for whoever did it. */
export function doneText(scene: IncidentScene): string {
  const { incident, nameOf, today, answerDay, deciders } = scene
  const { view, code } = incident
  const who = nameOf(view.person)
  const what = `${code}（${who} ${view.item}）`
  const effects = sayEffects(view.is, { manager: true })
  switch (incident.facts.findLast(({ fact }) => fact !== 'photo')?.fact) {
    case 'confirmed':
      return `✅ 已确认 ${what}：${effects}。已告诉${who}，他可以申诉。`
    case 'appealed': {
      const managers = deciders.map(nameOf).slice(0, 3).join('、') || '经理'
      const until = answerDay ? `，应在 ${sayDay(answerDay, today)} 前答复` : ''
      return `已提交 ${code}（${view.item}）的申诉，送${managers}${until}。有照片 10 分钟内发来会附上。答复以前照记。`
    }
    case 'upheld':
      return `✅ ${what} 申诉成立，已撤销，已告诉${who}。`
    case 'rejected':
      return `${what} 维持，已把理由告诉${who}。`
    case 'amended':
      return `✅ ${what} 改为「${effects}」，已告诉${who}。`
    default:
      return view.confirmedAt === null
        ? `已撤销 ${what}，没有记，本人不知道这件事。`
        : `✅ 已撤销 ${what}，原因已告诉${who}。`
  }
}

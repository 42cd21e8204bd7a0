import { runningClock } from '../orders/card.ts'
import type { OrderRecord } from '../orders/record.ts'
import { gradeNames, grades } from '../orders/revisitresult.ts'
import type { Scene } from '../orders/scene.ts'
import { sayLeft } from '../orders/timewords.ts'
import { maskName } from '../people/person.ts'
import { clockKindNames } from '../policy/terms.ts'
import type { Card, CardButton } from './card.ts'
import type { JobDraft } from './intent.ts'
import { writePayload } from './payload.ts'
import type { Draft } from './store.ts'

/** Sentences and cards of the conversation itself; those about orders live in `orders/words.ts`. */

const button = (
  draft: Draft,
  text: string,
  action: string,
  words: string,
  style: CardButton['style'] = 'default',
  arg?: string,
): CardButton => ({
  text,
  style,
  words,
  payload: writePayload({
    about: 'draft',
    id: draft.id,
    version: draft.version,
    action,
    ...(arg !== undefined && { arg }),
  }),
})

/** "Which of these do you mean?" with one button an order. */
export function chooseCard(draft: Draft, scenes: readonly Scene[], total: number): Card {
  const rows = scenes.map(({ order, clocks, now }) => {
    const running = runningClock(clocks)
    const time = running?.dueAt ? ` ${clockKindNames[running.kind]}${sayLeft(running.dueAt, now)}` : ''
    return { label: order.code, value: `${order.view.fields.customer.name} ${order.view.fields.fault}${time}` }
  })
  const more = total > scenes.length ? `还有 ${total - scenes.length} 张，请带单号再说一次。` : ''
  return {
    ...{ source: '派工', tone: 'normal', title: '你说的是哪一张单？', subtitle: '点一下单号就按它记录' },
    ...{ rows, version: draft.version },
    ...(more && { body: more }),
    buttons: scenes.map(({ order }) => button(draft, order.code, 'choose', `…… ${order.code}`, 'default', order.id)),
  }
}

export const fieldNames: Record<'name' | 'phone' | 'address' | 'fault', string> = {
  name: '客户称呼',
  phone: '电话',
  address: '地址',
  fault: '故障或要做的事',
}

const kinds = { install: '安装', repair: '维修', complaint: '投诉', revisit: '回访' } as const

/** What was read from the pasted text, for a 确认 before anything is created. */
export function confirmOrderCard(
  draft: Draft,
  job: Omit<JobDraft, 'wanted'>,
  extra: { wanted: string; others: readonly string[] },
): Card {
  const unit = [job.brand, job.model].filter(Boolean).join(' ')
  const warranty = job.warranty === 'in' ? '保内' : job.warranty === 'out' ? '保外' : ''
  return {
    ...{
      source: '派工 · 请核对',
      tone: job.urgent ? 'urgent' : 'normal',
      title: `新派工单：${kinds[job.kind ?? 'repair']}${job.urgent ? ' · 加急' : ''}`,
    },
    subtitle: job.technician ? `确认后派给 ${job.technician}` : '确认后再选派给谁',
    rows: [
      { label: '客户', value: job.name ?? '' },
      { label: '电话', value: job.phone ?? '' },
      { label: '故障', value: job.fault ?? '' },
      { label: '时间', value: extra.wanted },
      { label: '机器', value: [unit, warranty].filter(Boolean).join(' · ') || '—' },
      { label: '派给', value: job.technician ?? '待定' },
    ],
    body: [
      `地址：${job.address ?? ''}`,
      extra.others.length > 0 ? `⚠️ 同一电话还有未完的单：${extra.others.join('、')}` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    buttons: [button(draft, '确认', 'confirm', '确认', 'primary'), button(draft, '取消', 'cancel', '取消')],
    version: draft.version,
  }
}

export function missingText(job: Omit<JobDraft, 'wanted'>, missing: ReadonlyArray<keyof typeof fieldNames>): string {
  const have = [job.name, job.phone, job.address, job.fault].filter(Boolean).join(' · ')
  const lack = missing.map(field => fieldNames[field]).join('、')
  return `${have ? `已看懂：${have}\n` : ''}还缺：${lack}。直接把缺的发给我就行；不开了回复「取消」。`
}

/** How content is the customer: the call is noted with the answer. */
export function gradeCard(
  draft: Draft,
  order: OrderRecord,
  why: { drawn: boolean; two: boolean; group: boolean; note?: string | undefined },
): Card {
  const { code, view } = order
  const { customer, fault } = view.fields
  const grade = (text: string, arg: string) => button(draft, text, 'grade', `回访 ${code} ${text}`, 'default', arg)
  return {
    ...{ source: `派工 · ${order.team}`, tone: 'normal', title: `${code} 客户满意吗？` },
    subtitle: why.two ? '听到的不止一种，总的算哪一种？' : '点一个，或直接回复',
    rows: [
      { label: '客户', value: why.group ? maskName(customer.name) : customer.name },
      { label: '故障', value: fault },
      { label: '回访', value: why.drawn ? '抽中满意度表' : '记满意度' },
    ],
    ...(why.note && { body: `已听到：${why.note}` }),
    buttons: [...grades.map(one => grade(gradeNames[one], String(one))), grade('没打通', 'missed')],
    version: draft.version,
  }
}

/** A closed draft's card: what became of it, nothing to tap. */
export function closedCard(title: string, closed: string, version: number, body?: string): Card {
  return { source: '派工', tone: 'done', title, rows: [], ...(body && { body }), buttons: [], closed, version }
}

export function helpText(
  technician: boolean,
  desk: boolean,
  {
    attendance,
    figures,
    incidents,
    manager,
    months,
  }: Record<'attendance' | 'figures' | 'incidents' | 'manager' | 'months', boolean>,
): string {
  const lines = ['可以直接这样说（单号可省，只有一张单能对上时）：']
  if (technician)
    lines.push(
      '接单 1024｜拒单 1024 原因',
      '已联系 1024 明天上午10点｜联系不上 1024',
      '改约 1024 后天下午 客户没空',
      '出发｜到达｜挂起 等配件 后天｜再等 1024 周五｜恢复',
      '完工 换电容1个 收费80｜空单｜报单 1024｜评价码 1024',
      '能按时 1024｜要晚 1024 18点｜求助 1024',
      '我的单｜单 1024｜为什么超时 1024｜撤回',
      '请假 明天下午 家里有事｜续假 1天｜销假｜撤销请假｜我的假',
      '照片直接发（企业微信还可以发位置），会记到正在做的那张单上。',
    )
  if (desk)
    lines.push(
      '派单 地址 称呼 电话 故障 时间 给 张三（整段粘贴就行）',
      '派 1024 给 张三｜改派 1024 给 李四 备注 客户家有狗｜抢单 1024',
      '加派 1024 李四 40%｜减派 1024 李四｜分成 1024 张三 60 李四 40',
      '加急 1024｜取消 1024 原因｜结单 1024｜确认联系不上 1024',
      '回访 1024 满意｜回访 1024 没打通｜开投诉 1024 客户的话',
      '返修 1024 上次 1003｜不是返修 1024｜转 1024 市场部（投诉）',
      '退换 1024 11月3日买的 3299元 主要功能故障 附件齐 有鉴定单',
      '待批｜批准 假12｜驳回 假12 原因｜改期 假12 后天｜谁休息 明天',
      '今日｜超时单｜待回访｜日报｜周报｜绑定码 张三｜绑定班组 一班（在群里说）',
    )
  if (attendance) lines.push('上班打卡｜下班打卡｜我的考勤 10月｜补卡 昨天上午 忘了打卡')
  if (attendance && desk) lines.push('考勤｜考勤 张三 10月｜离岗 张三 14:00｜告假 张三（打电话请的假）｜同意补卡 张三')
  if (figures) lines.push('填数｜毛利 10月 52300.50｜填数 张三 级别工资 660｜撤销填数 毛利 10月（单聊里说）')
  if (manager) lines.push('打分 张三 工作态度 上级 9｜岗位｜岗位 张三 维修工')
  if (incidents) lines.push('我的奖惩｜奖惩项目｜申诉 12 原因')
  if (incidents && desk)
    lines.push(
      '扣分 张三 2分 迟到｜罚款 张三 30元 项目 1024｜奖励 张三 项目',
      '奖惩｜奖惩 张三｜确认 奖惩12｜撤销 奖惩12 原因｜维持 奖惩12 原因',
    )
  if (months) lines.push('我的积分 11月｜我的工资 11月｜工资 全勤奖｜申诉 工资 全勤奖 原因｜排名')
  if (months && manager)
    lines.push('月结 11月｜发布 11月｜工资 张三｜改 张三 全勤奖 100 原因｜维持 11月 1 理由｜锁定 11月')
  return lines.join('\n')
}

export function howToBind(): string {
  return '我还不认识你，所以这条没有记录。请二选一：\n① 回复「绑定 你的手机号」，和企业通讯录里的一致就行；\n② 找派工员要 6 位绑定码，回复「绑定 123456」。'
}

export const notUnderstood = '没看懂，什么都没有改。回复「帮助」看看可以怎么说。'

import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { stateWords as incidentStates, sayMoney } from '../incidents/saying.ts'
import { stateWords as leaveStates } from '../leave/saying.ts'
import { factNames } from '../orders/factwords.ts'
import { amountOf } from '../policy/fen.ts'
import type { Slip } from '../settlement/slip.ts'
import { type PersonKept, personKept } from './datarows.ts'
import { momentIn, type Section } from './sections.ts'

const platforms: Readonly<Record<string, string>> = { wecom: '企业微信', dingtalk: '钉钉' }
const marks: Readonly<Record<string, string>> = {
  ...{ in: '上班', out: '下班', outside: '外出', offPost: '离岗', onPost: '回岗', called: '电话报到', none: '未打卡' },
}
const parts: Readonly<Record<string, string>> = { in: '上班', out: '下班', day: '全天' }

/** A name where there is one for it. */
const named = (names: Readonly<Record<string, string>>, key: string): string => names[key] ?? key

/** All that is kept of somebody who works or worked here: what he may ask for, and nobody else's data. */
export async function personData(tx: Tx, ctx: Context, id: string): Promise<Section[]> {
  const kept = await personKept(tx, ctx.company, id)
  const moment = momentIn(ctx.policy('default').zone)
  const team = (teamId: string): string => kept.teams.find(one => one.id === teamId)?.name ?? ''
  return [
    { title: '本人', columns: ['项目', '内容'], rows: profile(kept, moment) },
    {
      title: '班组和岗位',
      columns: ['班组', '岗位', '从', '到'],
      rows: kept.employment.map(({ teamId, post, from, to }) => [team(teamId), post ?? '', from, to ?? '']),
    },
    {
      title: '账号',
      columns: ['平台', '账号', '绑定时间'],
      rows: kept.identities.map(({ platform, userId, boundAt }) => [
        named(platforms, platform),
        userId,
        moment(boundAt),
      ]),
    },
    {
      title: '工单记录',
      columns: ['单号', '时间', '做了什么', '原话'],
      rows: kept.acts.map(({ code, at, fact, words }) => [code, moment(at), named(factNames, fact), words ?? '']),
    },
    {
      title: '打卡',
      columns: ['时间', '种类', '来源', '地点', '原话'],
      rows: kept.marks.map(({ at, kind, source, place, words }) => [
        ...[moment(at), named(marks, kind), named(platforms, source), place ?? '', words ?? ''],
      ]),
    },
    {
      title: '补卡',
      columns: ['日期', '哪一次', '原因', '申请时间'],
      rows: kept.corrections.map(({ day, part, reason, askedAt }) => [
        day,
        named(parts, part),
        reason,
        moment(askedAt),
      ]),
    },
    {
      title: '请假',
      columns: ['编号', '种类', '从', '到', '状态', '申请时间'],
      rows: kept.leave.map(({ code, type, firstDay, lastDay, state, createdAt }) => [
        ...[code, type, firstDay, lastDay, named(leaveStates, state), moment(createdAt)],
      ]),
    },
    {
      title: '奖惩',
      columns: ['编号', '日期', '项目', '金额', '分', '状态'],
      rows: kept.incidents.map(({ code, day, item, fen, points, state }) => [
        ...[code, day, item, `${fen < 0 ? '-' : ''}${sayMoney(fen)}`, points.toString(), named(incidentStates, state)],
      ]),
    },
    {
      title: '积分',
      columns: ['日期', '月份', '规则', '分'],
      rows: kept.points.map(({ day, month, rule, points }) => [day, month, rule, points.toString()]),
    },
    { title: '工资条', columns: ['月份', '项目', '元', '怎么算的'], rows: kept.slips.flatMap(slipRows) },
    {
      title: '登录和操作',
      columns: ['时间', '入口', '动作', '对象', '来源'],
      rows: kept.audit.map(({ at, via, action, subject, ip }) => [moment(at), via, action, subject ?? '', ip]),
    },
  ]
}

function profile({ person, sessions }: PersonKept, moment: (at: Date | string | null) => string): string[][] {
  const { name, mobile, skills, areas, restDays, daysOff, active, createdAt } = person
  return [
    ['姓名', name],
    ['手机', mobile ?? ''],
    ['在职', active ? '是' : '否'],
    ['登记时间', moment(createdAt)],
    ['会做', skills.join('、')],
    ['片区', areas.join('、')],
    ['每周休息', restDays.map(day => `周${'一二三四五六日'[day - 1]}`).join('、')],
    ['不上班的日子', daysOff.join('、')],
    ...sessions.map(({ createdAt: since, userAgent }) => ['登录着的浏览器', `${moment(since)} ${userAgent}`]),
  ]
}

function slipRows({ month, net, body }: PersonKept['slips'][number]): string[][] {
  const { lines } = body as unknown as Slip
  return [
    ...lines.map(({ item, as, fen, value, how }) => [
      ...[
        month,
        item,
        fen === undefined ? (value ?? '') : `${as === 'deduct' ? '-' : ''}${amountOf(BigInt(fen))}`,
        how,
      ],
    ]),
    [month, '实发', amountOf(net), ''],
  ]
}

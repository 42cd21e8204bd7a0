import type { Quota } from '../platforms/platform.ts'

/** What a manager is told when a month's allowance passes a mark (docs/dingtalk.md has the same order). */
export function quotaWords({ kind, month, used, limit }: Quota, mark: number): string {
  const what = kind === 'calls' ? '接口调用' : '机器人消息'
  const head = `📊 钉钉 ${month.replace('-0', '-').replace('-', ' 年 ')} 月的${what}已用 ${used}/${limit} 次（${Math.floor((used / limit) * 100)}%）。`
  const more = '要增加额度，请管理员在钉钉开放平台升级专业版或购买增购包。'
  return [head, consequence(kind, mark), more].join('\n')
}

/** What an allowance is spared by from a share of it on. */
export function consequence(kind: Quota['kind'], mark: number): string {
  if (kind === 'pushes')
    return mark >= 1
      ? '钉钉不再把大家发给机器人的话传过来：请改用卡片按钮，或在企业微信里说。'
      : '用完以后机器人听不到大家发的话，请多用卡片上的按钮。'
  if (mark >= 1)
    return '派工卡片可能发不出去：发不到的单会通知派工员，请电话派工；用户在 90 分钟内对机器人说过话的，还能收到文字。'
  if (mark >= 0.95) return '现在只发派工卡片、抢单、要人处理的事和已超时的提醒，其余先不发，可回复「今日」查看。'
  if (mark >= 0.85) return '为了省着用：接单、联系、到达等进度不再逐条通知，点过的卡片只在点的人手机上更新。'
  return '从现在起，提醒会合并成每半小时最多一条。'
}

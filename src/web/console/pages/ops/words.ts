import { language } from '../../../shared/words.ts'

type Names = Record<string, readonly [zh: string, en: string]>
const of = (names: Names) => (name: string) => names[name]?.[language.value === 'en' ? 1 : 0] ?? name

/** Why a message stands where it stands (src/outbox/why.ts). */
export const whyWords = of({
  due: ['轮到它了，马上发', 'its turn, goes out now'],
  sending: ['正在发', 'being sent'],
  later: ['还没到发的时候（定好的时间，或安静时段过后）', 'not due yet (a set time, or after quiet hours)'],
  behind: ['排在同一个人前一条消息后面', 'waits behind another one to the same recipient'],
  pace: ['平台限频：发得再快会被平台悄悄丢掉', 'paced: the platform drops more to one recipient'],
  thrift: ['额度省着用：提醒合并到下一次', 'spared: reminders merge for longer'],
  quota: ['本月额度用完了', 'the month’s allowance is used up'],
  lost: ['发送的进程中断，会重发', 'its sender was lost, it is sent again'],
  failed: ['平台没收下，会再试', 'the platform failed, it is tried again'],
  again: ['已让它重发', 'was put to be sent again'],
  unbound: ['收的人没有绑定账号', 'the person has no account'],
  refused: ['平台不收', 'the platform refuses it'],
  exhausted: ['试了很多次都没成功', 'tried too often'],
  spared: ['为省额度没有发', 'left out to spare the allowance'],
  moot: ['已经用不着发了', 'no more of use'],
  done: ['已发出', 'sent'],
})

/** What a message is, by its kind's first word; `order.card` as a whole where it is known. */
export const kindWords = of({
  'order.card': ['派工卡片', 'order card'],
  'order.repaint': ['更新派工卡片', 'order card redrawn'],
  'order.tell': ['工单进度', 'progress of an order'],
  'order.withdrawn': ['收回工单', 'order taken back'],
  'order.group': ['群通知（工单）', 'group notice of an order'],
  'order.silent': ['改了的卡片', 'card changed'],
  nudge: ['提醒', 'reminder'],
  reply: ['回复', 'answer'],
  note: ['通知', 'note'],
  'draft.card': ['确认卡片', 'card to confirm'],
  'leave.card': ['请假审批卡片', 'leave to decide'],
  'leave.repaint': ['更新请假卡片', 'leave card redrawn'],
  'leave.tell': ['请假通知', 'leave notice'],
  'leave.remind': ['请假催办', 'leave reminder'],
  'incident.card': ['奖惩卡片', 'incident card'],
  'incident.repaint': ['更新奖惩卡片', 'incident card redrawn'],
  'incident.tell': ['奖惩通知', 'incident notice'],
  'incident.remind': ['奖惩催办', 'incident reminder'],
  'month.review': ['月结核对卡片', 'month to review'],
  'month.slip': ['工资条', 'payslip'],
  'month.group': ['月榜（群）', 'month in the group'],
  'month.picture': ['月榜图片', 'ranking picture'],
  'attendance.notice': ['考勤通知', 'attendance notice'],
  'attendance.correction': ['补卡审批', 'correction to decide'],
  'rating.code': ['评价二维码', 'rating code'],
  'rating.words': ['评价邀请', 'rating request'],
})

const actions: Names = {
  'session.start': ['登录', 'signed in'],
  'session.refused': ['登录被拒', 'sign-in refused'],
  'session.end': ['退出登录', 'signed out'],
  'session.endAll': ['全部退出登录', 'signed out everywhere'],
  'person.enter': ['加人', 'person entered'],
  'person.change': ['改资料', 'profile changed'],
  'person.join': ['加入班组', 'joined a team'],
  'person.roles': ['改角色、岗位', 'roles changed'],
  'person.quit': ['移出班组', 'taken out of a team'],
  'person.leave': ['离开公司', 'left the company'],
  'person.bind': ['绑定账号', 'account bound'],
  'person.unbind': ['解绑账号', 'account unbound'],
  'person.code': ['发绑定码', 'binding code given'],
  'team.enter': ['新建班组', 'team opened'],
  'team.change': ['改班组', 'team changed'],
  'team.unbind': ['解绑群', 'group unbound'],
  'outbox.resend': ['重发消息', 'messages sent again'],
  'audit.export': ['导出操作记录', 'log exported'],
  'order.seen': ['看了工单', 'saw an order'],
  'calls.seen': ['看了待回访名单', 'saw the call list'],
  'person.seen': ['看了人员资料', 'saw a person'],
  'slip.seen': ['看了别人的工资条', 'saw somebody’s payslip'],
  'customer.seen': ['查了客户资料', 'looked a customer up'],
  'customer.export': ['导出客户资料', 'customer’s data exported'],
  'customer.erase': ['删除客户资料', 'customer’s data deleted'],
  'person.export': ['导出人员资料', 'person’s data exported'],
  'person.erase': ['删除离职人员资料', 'person’s data deleted'],
  'token.create': ['新建令牌', 'token made'],
  'token.revoke': ['作废令牌', 'token revoked'],
}
export const actionWords = of(actions)

export const viaWords = of({
  page: ['网页', 'page'],
  wecom: ['企业微信', 'WeCom'],
  dingtalk: ['钉钉', 'DingTalk'],
  api: ['接口', 'API'],
})

/** Areas of the API, as scopes begin; a new one shows its own name. */
export const areaWords = of({
  orders: ['工单（客户、过程、照片）', 'Orders'],
  people: ['人员和班组', 'Teams and people'],
  leaves: ['请假', 'Leave'],
  attendance: ['考勤', 'Attendance'],
  incidents: ['奖惩', 'Incidents'],
  months: ['月度数字、月结、工资条', 'Months, settlements, payslips'],
  privacy: ['个人信息（导出、删除）', 'Personal data'],
  webhooks: ['事件推送', 'Webhooks'],
  admin: ['管理（令牌、发不出的消息）', 'Tokens and dead messages'],
})

export const problemWords: Record<string, readonly [string, string]> = {
  database: ['数据库没有应答', '检查 PostgreSQL 是否在运行、DATABASE_URL 是否正确'],
  engine: ['定时引擎一段时间没有跑完一轮', '看日志里的 "a duty of the engine failed"；卡住了就重启服务'],
  duty: ['上一轮有一项定时工作失败', '原因见日志'],
  'dead-rows': ['有消息发不出去', '在「消息」里看原因，处理后点重发'],
  'webhook-off': [
    '有一个 Webhook 地址因为一直送不到被停用',
    '修好对方的地址后，用接口把它的 enabled 设回 true，或者删掉它',
  ],
  'webhooks-failed': ['有 Webhook 消息放弃了投递', '用接口看它的投递记录，处理后重发'],
  'late-rows': ['有消息等了很久还没发出', '看旁边平台的问题'],
  'bot-offline': ['企业微信机器人没有连上：群里说话没人听', '检查网络和机器人密钥'],
  'bot-taken': ['机器人的连接被别处占用', '确认没有另一套服务在用同一个机器人'],
  'wrong-bot-secret': ['机器人密钥不对', '检查 WECOM_BOT_ID 和 WECOM_BOT_SECRET'],
  'stream-offline': ['钉钉 Stream 没有连上：听不到大家说话', '检查网络和应用状态'],
  'wrong-secret': ['钉钉应用密钥不对', '检查 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET'],
  'no-cards': ['发不了钉钉卡片', '检查卡片模板和权限'],
  'no-card-route': ['钉钉卡片回调没有登记上', '检查应用权限后重启服务'],
  banned: ['这台机器的地址被钉钉暂时封禁', '五分钟后自动恢复；检查是否请求过于频繁'],
}

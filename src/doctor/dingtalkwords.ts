import type { PlatformFinding } from '../platforms/checkup.ts'
import type { Words } from './finding.ts'

type OfDingtalk = Extract<PlatformFinding, `dingtalk.${string}`>

export const dingtalkWords: Readonly<Record<OfDingtalk, Words>> = {
  'dingtalk.unreachable': {
    zh: [
      '连不上钉钉的 {host}：{why}。',
      '检查这台机器的 DNS、防火墙和代理设置，能不能访问 https://{host}；刚才调用太多被封的，等五分钟。',
    ],
    en: [
      'DingTalk’s {host} cannot be reached: {why}.',
      'Check this machine’s DNS, firewall and proxy: it must reach https://{host}; after too many calls wait five minutes.',
    ],
  },
  'dingtalk.secret': {
    zh: [
      '钉钉不认 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET 这一对。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 凭证与基础信息，两项一起重新复制。',
    ],
    en: [
      'DingTalk does not take DINGTALK_CLIENT_ID with DINGTALK_CLIENT_SECRET.',
      'Copy both again: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 凭证与基础信息.',
    ],
  },
  'dingtalk.corp-id': {
    zh: [
      'DINGTALK_CORP_ID 不是这个应用所在的企业。',
      '开发者后台 → 首页 → CorpId，先看右上角的企业对不对，再复制到 DINGTALK_CORP_ID。',
    ],
    en: [
      'DINGTALK_CORP_ID is not the company of this app.',
      'Copy it again: 开发者后台 → 首页 → CorpId, with the right company chosen at the top.',
    ],
  },
  'dingtalk.ip': {
    zh: [
      '钉钉不让这台机器调用接口：它看到的地址是 {ip}，不在名单里。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 安全设置 → 服务器出口IP，加上 {ip}。',
    ],
    en: [
      'DingTalk does not take calls from this machine: the address it sees, {ip}, is not on the list.',
      'Add {ip}: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 安全设置 → 服务器出口IP.',
    ],
  },
  'dingtalk.permission': {
    zh: [
      '应用没有权限点 {scope}。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 权限管理，搜 {scope}，申请；直达：{page}。',
    ],
    en: [
      'The app lacks the permission {scope}.',
      'Apply for {scope}: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 权限管理, or {page}.',
    ],
  },
  'dingtalk.robot-code': {
    zh: [
      'DINGTALK_ROBOT_CODE 不是这个应用的机器人（{code}），或应用还没有发布。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人，复制 RobotCode；再到 版本管理与发布 → 发布。',
    ],
    en: [
      'DINGTALK_ROBOT_CODE is not this app’s robot ({code}), or the app is not published.',
      'Copy the RobotCode: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人; then 版本管理与发布 → 发布.',
    ],
  },
  'dingtalk.robot-stopped': {
    zh: [
      '机器人停用了，或不许它发单聊（{code}）。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人，启用；再到 版本管理与发布 → 发布。',
    ],
    en: [
      'The robot is stopped, or may not speak to people ({code}).',
      'Switch it on: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人; then 版本管理与发布 → 发布.',
    ],
  },
  'dingtalk.card-template': {
    zh: [
      'DINGTALK_CARD_TEMPLATE_ID 这张卡片模板不存在、没发布，或没有关联这个应用（{code}）。',
      '卡片平台（open-dev.dingtalk.com/fe/card）→ 模板 → 发布，关联「派工」，复制模板 ID（docs/dingtalk-card.md）；或清空这一项，用公共模板。',
    ],
    en: [
      'The card template of DINGTALK_CARD_TEMPLATE_ID is unknown, unpublished, or not this app’s ({code}).',
      'Publish it for this app at open-dev.dingtalk.com/fe/card and copy its id (docs/dingtalk-card.md), or leave the setting empty.',
    ],
  },
  'dingtalk.stream': {
    zh: [
      '拿不到 Stream 连接的凭证（{code}）。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人，消息接收模式选 Stream 模式；再到 版本管理与发布 → 发布。',
    ],
    en: [
      'No ticket for Stream is to be had ({code}).',
      'Choose Stream as message mode: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人; then 版本管理与发布 → 发布.',
    ],
  },
  'dingtalk.door-secret': {
    zh: [
      '{url} 那边的服务用的 Client Secret 和这里的 DINGTALK_CLIENT_SECRET 不一样。',
      '两边都用 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 凭证与基础信息 里的 Client Secret，重启服务；.env 改过的，重启就生效。',
    ],
    en: [
      'The service at {url} has another Client Secret than DINGTALK_CLIENT_SECRET here.',
      'Use the one of 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 凭证与基础信息 on both, and restart; if .env was changed, a restart is enough.',
    ],
  },
  'dingtalk.event-token': {
    zh: [
      '{url} 那边的服务用的事件 Token 和这里的 DINGTALK_EVENT_TOKEN 不一样。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 开发配置 → 事件订阅 → HTTP 推送，把签名 Token 复制到 DINGTALK_EVENT_TOKEN，重启服务。',
    ],
    en: [
      'The service at {url} has another Token for events than DINGTALK_EVENT_TOKEN here.',
      'Copy the Token of 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 开发配置 → 事件订阅 → HTTP 推送 to DINGTALK_EVENT_TOKEN and restart.',
    ],
  },
  'dingtalk.event-key': {
    zh: [
      '{url} 那边的服务打不开用这里的 DINGTALK_EVENT_AES_KEY 和 DINGTALK_CLIENT_ID 加密的事件。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 开发配置 → 事件订阅 → HTTP 推送，把 aes_key 复制到 DINGTALK_EVENT_AES_KEY，重启服务。',
    ],
    en: [
      'The service at {url} cannot open events sealed with DINGTALK_EVENT_AES_KEY and DINGTALK_CLIENT_ID here.',
      'Copy the aes_key of 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 开发配置 → 事件订阅 → HTTP 推送 to DINGTALK_EVENT_AES_KEY and restart.',
    ],
  },
  'dingtalk.person-unknown': {
    zh: [
      '钉钉里没有这些人的账号：{names}。',
      '管理后台（oa.dingtalk.com）→ 通讯录 → 成员 → 员工 UserID，核对后改班组文件，或让他们重新绑定；离职的在工作台 → 人员里停用。',
    ],
    en: [
      'DingTalk has no such accounts: {names}.',
      'Compare with oa.dingtalk.com → 通讯录 → the member → 员工 UserID, correct the teams file or let them bind again; whoever left is ended in the console → 人员.',
    ],
  },
  'dingtalk.quota-low': {
    zh: [
      '本月额度快用完了：{kind} 用了 {used}，一共 {limit}（calls 是接口调用，pushes 是机器人消息）。',
      '开发者后台 → 资源管理，看用量，买增购包或升级专业版；额度变了，改 DINGTALK_QUOTA。',
    ],
    en: [
      'This month’s allowance is nearly used up: {used} of {limit} {kind}.',
      'See 开发者后台 → 资源管理; buy a pack or the professional edition, and set DINGTALK_QUOTA to what there is.',
    ],
  },
  'dingtalk.quota-gone': {
    zh: ['钉钉说本月的接口调用已经用完。', '开发者后台 → 资源管理，买增购包或升级专业版；下个月 1 日自动恢复。'],
    en: [
      'DingTalk says that this month’s API calls are used up.',
      'Buy a pack or the professional edition (开发者后台 → 资源管理); on the first of the next month there are new ones.',
    ],
  },
  'dingtalk.leave-form': {
    zh: [
      'DINGTALK_LEAVE_PROCESS_CODE 这张审批单不能用：没有它，或缺控件（{why}）。',
      '管理后台（oa.dingtalk.com）→ OA审批 → 表单，从编辑页地址复制 processCode；控件照 docs/dingtalk.md；或写 auto 让服务自己建一张。',
    ],
    en: [
      'The form of DINGTALK_LEAVE_PROCESS_CODE is no use: it is not there, or lacks fields ({why}).',
      'Copy the processCode from its edit page (oa.dingtalk.com → OA审批), with the fields of docs/dingtalk.md; or set auto and one is made.',
    ],
  },
  'dingtalk.login-redirect': {
    zh: [
      '钉钉的登录页不接受 {url}。',
      '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 安全设置 → 重定向 URL，一字不差地填 {url}。',
    ],
    en: [
      'DingTalk’s sign-in page does not take {url}.',
      'Enter exactly {url}: 开发者后台 → 应用开发 → 企业内部应用 → 派工 → 安全设置 → 重定向 URL.',
    ],
  },
  'dingtalk.group-robot': {
    zh: [
      '班组「{team}」的群机器人用不了（{code}）：token 或加签的密钥不对，或被删了。',
      '群设置 → 机器人 → 自定义机器人，重新复制 Webhook 里的 access_token 和加签密钥（SEC…），改班组的 webhookToken、webhookSecret。',
    ],
    en: [
      'The custom robot of team {team} does not work ({code}): token or 加签 secret are wrong, or it was removed.',
      'Copy access_token and secret (SEC…) again from 群设置 → 机器人 to the team’s webhookToken and webhookSecret.',
    ],
  },
  'dingtalk.limited': {
    zh: ['钉钉说 {api} 调用太快，这一项没有查成。', '等一分钟再查一遍。'],
    en: ['DingTalk says that {api} is called too fast; it could not be looked at.', 'Try again in a minute.'],
  },
  'dingtalk.refused': {
    zh: [
      '钉钉拒绝了 {api}：{code} {message}。',
      '在 open.dingtalk.com 搜这个错误码，照它说的改；看不懂的，连这一行一起反馈。',
    ],
    en: [
      'DingTalk refused {api}: {code} {message}.',
      'Look the code up at open.dingtalk.com; if that does not help, report this line.',
    ],
  },
}

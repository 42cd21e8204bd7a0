import type { PlatformFinding } from '../platforms/checkup.ts'
import type { Words } from './finding.ts'

type OfWecom = Extract<PlatformFinding, `wecom.${string}`>

export const wecomWords: Readonly<Record<OfWecom, Words>> = {
  'wecom.unreachable': {
    zh: ['连不上企业微信的接口 {host}：{why}。', '检查这台机器的 DNS、防火墙和代理设置，能不能访问 https://{host}。'],
    en: [
      'WeCom’s API at {host} cannot be reached: {why}.',
      'Check this machine’s DNS, firewall and proxy: it must reach https://{host}.',
    ],
  },
  'wecom.corp-id': {
    zh: [
      '企业微信不认得 WECOM_CORP_ID（40013）。',
      '管理后台 → 我的企业 → 企业信息 → 企业ID，重新复制到 WECOM_CORP_ID。',
    ],
    en: ['WeCom does not know WECOM_CORP_ID (40013).', 'Copy it again: 管理后台 → 我的企业 → 企业信息 → 企业ID.'],
  },
  'wecom.secret': {
    zh: [
      'WECOM_SECRET 不是这个企业的（{errcode}）：抄错了、被重置了，或应用停用了。',
      '管理后台 → 应用管理 → 自建 → 派工 → Secret，重新查看并复制到 WECOM_SECRET；反复试错，这台机器会被封一小时。',
    ],
    en: [
      'WECOM_SECRET is not this company’s ({errcode}): miscopied, reset, or the app is disabled.',
      'Copy it again: 管理后台 → 应用管理 → 自建 → 派工 → Secret; many wrong tries get this machine banned for an hour.',
    ],
  },
  'wecom.limited': {
    zh: [
      '企业微信暂时不让调用 {api}（45009，次数太多）。',
      '等一小时再查；管理员可以在 open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock 看原因。',
    ],
    en: [
      'WeCom does not take {api} for now (45009, too many calls).',
      'Try again in an hour; an administrator can look at open.work.weixin.qq.com/wwopen/devtool/checkCorpSpamBlock.',
    ],
  },
  'wecom.ip': {
    zh: [
      '企业微信不让这台机器调用接口（60020）：它看到的地址是 {ip}。',
      '管理后台 → 应用管理 → 自建 → 派工 → 企业可信IP，加上 {ip}，约一分钟生效（要先保存好「设置API接收」或可信域名）。',
    ],
    en: [
      'WeCom does not take calls from this machine (60020): the address it sees is {ip}.',
      'Add {ip}: 管理后台 → 应用管理 → 自建 → 派工 → 企业可信IP; it takes about a minute (设置API接收 or a trusted domain must be saved before).',
    ],
  },
  'wecom.agent-id': {
    zh: [
      'WECOM_AGENT_ID {agentId} 不是 WECOM_SECRET 那个应用（{errcode}）。',
      '管理后台 → 应用管理 → 自建 → 派工，同一页上的 AgentId 和 Secret 一起重新复制。',
    ],
    en: [
      'WECOM_AGENT_ID {agentId} is not the app WECOM_SECRET belongs to ({errcode}).',
      'Copy AgentId and Secret again from the same page: 管理后台 → 应用管理 → 自建 → 派工.',
    ],
  },
  'wecom.agent-disabled': {
    zh: ['应用「派工」被停用了，大家收不到消息。', '管理后台 → 应用管理 → 自建 → 派工，打开「已启用」。'],
    en: ['The app is switched off: nobody gets messages.', 'Switch it on (已启用): 管理后台 → 应用管理 → 自建 → 派工.'],
  },
  'wecom.range-empty': {
    zh: [
      '应用的可见范围是空的，消息发不给任何人。',
      '管理后台 → 应用管理 → 自建 → 派工 → 可见范围，加上所有技术员、派工员和经理。',
    ],
    en: [
      'The app’s visible range is empty: messages reach nobody.',
      'Add every technician, dispatcher and manager: 管理后台 → 应用管理 → 自建 → 派工 → 可见范围.',
    ],
  },
  'wecom.person-unseen': {
    zh: [
      '不在应用可见范围里的人：{names}。',
      '管理后台 → 应用管理 → 自建 → 派工 → 可见范围，加上他们（或他们的部门）。',
    ],
    en: [
      'Outside the app’s visible range: {names}.',
      'Add them or their department: 管理后台 → 应用管理 → 自建 → 派工 → 可见范围.',
    ],
  },
  'wecom.person-unknown': {
    zh: [
      '企业微信里没有这些人的账号：{names}。',
      '管理后台 → 通讯录 → 成员 → 账号，核对后改班组文件，或让他们对机器人回复「绑定 手机号」；离职的在工作台 → 人员里停用。',
    ],
    en: [
      'WeCom has no such accounts: {names}.',
      'Compare with 管理后台 → 通讯录 → the member → 账号, correct the teams file or let them bind again; whoever left is ended in the console → 人员.',
    ],
  },
  'wecom.callback-token': {
    zh: [
      '{url} 那边的服务用的 Token 和这里的 WECOM_TOKEN 不一样。',
      '管理后台 → 应用管理 → 自建 → 派工 → 接收消息 → 设置API接收，把 Token 复制到 WECOM_TOKEN，重启服务；.env 改过的，重启就生效。',
    ],
    en: [
      'The service at {url} has another Token than WECOM_TOKEN here.',
      'Copy the Token from 管理后台 → 应用管理 → 自建 → 派工 → 接收消息 → 设置API接收 to WECOM_TOKEN and restart; if .env was changed, a restart is enough.',
    ],
  },
  'wecom.callback-key': {
    zh: [
      '{url} 那边的服务打不开用这里的 WECOM_AES_KEY 和 WECOM_CORP_ID 加密的内容。',
      '管理后台 → 应用管理 → 自建 → 派工 → 接收消息 → 设置API接收，把 EncodingAESKey 复制到 WECOM_AES_KEY，核对 WECOM_CORP_ID，重启服务。',
    ],
    en: [
      'The service at {url} cannot open what is sealed with WECOM_AES_KEY and WECOM_CORP_ID here.',
      'Copy the EncodingAESKey from 管理后台 → 应用管理 → 自建 → 派工 → 接收消息 → 设置API接收 to WECOM_AES_KEY, compare WECOM_CORP_ID, and restart.',
    ],
  },
  'wecom.bot-callback-token': {
    zh: [
      '{url} 那边的服务用的智能机器人 Token 和这里的 WECOM_BOT_TOKEN 不一样。',
      '管理后台 → 安全与管理 → 管理工具 → 智能机器人 → 派工助手，把 Token 复制到 WECOM_BOT_TOKEN，重启服务。',
    ],
    en: [
      'The service at {url} has another Token for the bot than WECOM_BOT_TOKEN here.',
      'Copy it from 管理后台 → 安全与管理 → 管理工具 → 智能机器人 to WECOM_BOT_TOKEN and restart.',
    ],
  },
  'wecom.bot-callback-key': {
    zh: [
      '{url} 那边的服务打不开用这里的 WECOM_BOT_AES_KEY 加密的内容。',
      '管理后台 → 安全与管理 → 管理工具 → 智能机器人 → 派工助手，把 EncodingAESKey 复制到 WECOM_BOT_AES_KEY，重启服务。',
    ],
    en: [
      'The service at {url} cannot open what is sealed with WECOM_BOT_AES_KEY here.',
      'Copy the EncodingAESKey from 管理后台 → 安全与管理 → 管理工具 → 智能机器人 to WECOM_BOT_AES_KEY and restart.',
    ],
  },
  'wecom.bot-secret': {
    zh: [
      '智能机器人不让登录：WECOM_BOT_ID 或 WECOM_BOT_SECRET 不对（{errcode}）。',
      '管理后台 → 安全与管理 → 管理工具 → 智能机器人 → 派工助手 → API 模式 → 长连接，重新复制 BotID 和 Secret（不是应用的 Secret）。',
    ],
    en: [
      'The bot is not let in: WECOM_BOT_ID or WECOM_BOT_SECRET are wrong ({errcode}).',
      'Copy BotID and the Secret of the long connection again (not the app’s): 管理后台 → 安全与管理 → 管理工具 → 智能机器人 → API 模式 → 长连接.',
    ],
  },
  'wecom.bot-unreachable': {
    zh: [
      '智能机器人的长连接连不上：{why}。',
      '让这台机器能访问 wss://openws.work.weixin.qq.com（443 端口）；代理要允许 WebSocket。',
    ],
    en: [
      'The bot’s long connection cannot be opened: {why}.',
      'Let this machine reach wss://openws.work.weixin.qq.com (port 443); a proxy must allow WebSocket.',
    ],
  },
  'wecom.bot-refused': {
    zh: [
      '智能机器人连上后被拒绝：{errcode} {errmsg}。',
      '管理后台 → 安全与管理 → 管理工具 → 智能机器人：要由超级管理员创建，API 模式，连接方式选长连接。',
    ],
    en: [
      'The bot was refused after it connected: {errcode} {errmsg}.',
      'In 管理后台 → 安全与管理 → 管理工具 → 智能机器人 it must be made by a super-admin, in API mode with 长连接.',
    ],
  },
  'wecom.login-domain': {
    zh: [
      '应用的可信域名是「{domain}」，不是 PUBLIC_URL 的 {host}：登录时会报 50001。',
      '管理后台 → 应用管理 → 自建 → 派工 → 开发者接口 → 网页授权及JS-SDK → 可信域名，填 {host}；企业微信授权登录 → Web网页 → 授权回调域也填它。',
    ],
    en: [
      'The app’s trusted domain is “{domain}”, not {host} of PUBLIC_URL: signing in fails with 50001.',
      'Enter {host}: 管理后台 → 应用管理 → 自建 → 派工 → 开发者接口 → 网页授权及JS-SDK → 可信域名, and 企业微信授权登录 → Web网页 → 授权回调域.',
    ],
  },
  'wecom.approval-permission': {
    zh: [
      '应用没有「审批」的接口权限（{errcode}）。',
      '管理后台 → 应用管理 → 审批 → API → 可调用接口的应用，加上「派工」；审批数据权限里允许它提交这张模板。',
    ],
    en: [
      'The app may not use 审批 ({errcode}).',
      'Add it in 管理后台 → 应用管理 → 审批 → API → 可调用接口的应用, and allow it to submit that template (审批数据权限).',
    ],
  },
  'wecom.approvals-off': {
    zh: [
      '企业微信的「审批」应用停用了（301056）。',
      '管理后台 → 应用管理 → 审批，启用；不用它请假，就去掉 WECOM_LEAVE_TEMPLATE_ID。',
    ],
    en: [
      'WeCom’s app 审批 is disabled (301056).',
      'Enable it in 管理后台 → 应用管理 → 审批, or take WECOM_LEAVE_TEMPLATE_ID out.',
    ],
  },
  'wecom.leave-template': {
    zh: [
      '没有 WECOM_LEAVE_TEMPLATE_ID 这张审批模板（301025）。',
      '管理后台 → 应用管理 → 审批 → 打开请假模板的编辑页，把地址最后一段复制到 WECOM_LEAVE_TEMPLATE_ID。',
    ],
    en: [
      'There is no template of WECOM_LEAVE_TEMPLATE_ID (301025).',
      'Open the leave template’s edit page in 管理后台 → 应用管理 → 审批, and copy the end of its address.',
    ],
  },
  'wecom.leave-form': {
    zh: [
      '请假模板程序填不了：{why}。',
      '管理后台 → 应用管理 → 审批 → 模板：只留「假勤组件 → 请假」和一个多行文本是必填（docs/wecom.md 第 8 节）。',
    ],
    en: [
      'The leave template cannot be filled in by a program: {why}.',
      'In 管理后台 → 应用管理 → 审批 leave 假勤组件 → 请假 and one 多行文本 as the only things that must be filled in (docs/wecom.md §8).',
    ],
  },
  'wecom.checkin-permission': {
    zh: [
      '应用没有「打卡」的接口权限（{errcode}）。',
      '管理后台 → 应用管理 → 打卡 → API → 可调用接口的应用，加上「派工」；不用打卡，就写 WECOM_CHECKIN=off。',
    ],
    en: [
      'The app may not read 打卡 ({errcode}).',
      'Add it in 管理后台 → 应用管理 → 打卡 → API → 可调用接口的应用, or set WECOM_CHECKIN=off.',
    ],
  },
  'wecom.group-robot': {
    zh: [
      '班组「{team}」的群机器人用不了（{errcode}）：被删了，或 key 抄错了。',
      '群里 → 群设置 → 消息推送（群机器人），重新复制 Webhook 地址里的 key，改班组的 webhookKey。',
    ],
    en: [
      'The group robot of team {team} does not work ({errcode}): it was removed, or its key is wrong.',
      'Copy the key of its Webhook address again (the group → 群设置 → 消息推送) to the team’s webhookKey.',
    ],
  },
  'wecom.refused': {
    zh: [
      '企业微信拒绝了 {api}：{errcode} {errmsg}。',
      '在 open.work.weixin.qq.com/devtool/query?e={errcode} 查这个错误码，照它说的改。',
    ],
    en: [
      'WeCom refused {api}: {errcode} {errmsg}.',
      'Look the code up at open.work.weixin.qq.com/devtool/query?e={errcode}.',
    ],
  },
}

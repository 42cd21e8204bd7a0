import type { Language } from './finding.ts'

/** Where a setting’s value is found, and what the configuration’s own complaints are in Chinese. */

const console_ = {
  wecomApp: '管理后台 → 应用管理 → 自建 → 派工',
  wecomCallback: '管理后台 → 应用管理 → 自建 → 派工 → 接收消息 → 设置API接收',
  wecomBot: '管理后台 → 安全与管理 → 管理工具 → 智能机器人 → 派工助手',
  dingtalkApp: '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 凭证与基础信息',
  dingtalkEvents: '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 开发配置 → 事件订阅',
}

const pages: Readonly<Record<string, string>> = {
  WECOM_CORP_ID: '管理后台 → 我的企业 → 企业信息 → 企业ID',
  WECOM_AGENT_ID: `${console_.wecomApp} → AgentId`,
  WECOM_SECRET: `${console_.wecomApp} → Secret`,
  WECOM_TOKEN: `${console_.wecomCallback} → Token`,
  WECOM_AES_KEY: `${console_.wecomCallback} → EncodingAESKey`,
  WECOM_BOT_ID: `${console_.wecomBot} → BotID`,
  WECOM_BOT_SECRET: `${console_.wecomBot} → 长连接 → Secret`,
  WECOM_BOT_TOKEN: `${console_.wecomBot} → Token`,
  WECOM_BOT_AES_KEY: `${console_.wecomBot} → EncodingAESKey`,
  WECOM_LEAVE_TEMPLATE_ID: '管理后台 → 应用管理 → 审批 → 模板的编辑页地址最后一段',
  DINGTALK_CORP_ID: '开发者后台 → 首页 → CorpId',
  DINGTALK_CLIENT_ID: `${console_.dingtalkApp} → Client ID`,
  DINGTALK_CLIENT_SECRET: `${console_.dingtalkApp} → Client Secret`,
  DINGTALK_ROBOT_CODE: '开发者后台 → 应用开发 → 企业内部应用 → 派工 → 应用能力 → 机器人 → RobotCode',
  DINGTALK_EVENT_TOKEN: `${console_.dingtalkEvents} → Token`,
  DINGTALK_EVENT_AES_KEY: `${console_.dingtalkEvents} → aes_key`,
}

const own: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  API_TOKEN: { zh: '自己定一个，比如 openssl rand -hex 24 的结果', en: 'make one up, e.g. openssl rand -hex 24' },
  PUBLIC_URL: {
    zh: '自己的域名，比如 https://paigong.example.com',
    en: 'your own domain, e.g. https://paigong.example.com',
  },
}
const example = { zh: '.env.example 里这一项的说明', en: 'its sentence in .env.example' }

export const whereIs = (name: string, language: Language): string =>
  pages[name] ?? own[name]?.[language] ?? example[language]

/** Of DATABASE_URL: what most often keeps it from being one. */
export const noAddress =
  'is no address: in user and password @ : / # % are written as %40 %3A %2F %23 %25, and the port is a number'

/** What src/config.ts says, by what it begins with. */
const complaints: ReadonlyArray<readonly [RegExp, string]> = [
  [/^orders, teams and people are entered through the API/, '接口要用它，班组、人员和单子从接口进来'],
  [/^PLATFORMS has (\w+)/, 'PLATFORMS 里有 $1，要用它'],
  [/^DINGTALK_MODE is http/, 'DINGTALK_MODE 是 http，钉钉要从外面访问'],
  [/^events are sealed with both/, '事件加密两项都要'],
  [/^WECOM_BOT_ID is set/, '写了 WECOM_BOT_ID'],
  [/^(\w+_LOGIN) is on, and people/, '$1 是 on，登录以后要回到这个地址'],
  [/^the bot is in callback mode/, '智能机器人用的是回调模式'],
  [/^is no address/, '不是地址：用户名和密码里的 @ : / # % 要写成 %40 %3A %2F %23 %25，端口要是数字'],
  [/^is empty|must not be empty$/, '是空的'],
  [/^sandbox stands alone/, 'sandbox 不能和真的平台一起写'],
  [/^is sandbox although/, '是 sandbox，却写了真的凭证：改成 wecom 或 dingtalk，或去掉那些凭证'],
  [/^is for DINGTALK_MODE=http/, '只用于 DINGTALK_MODE=http；Stream 模式写 DINGTALK_EVENTS=on'],
  [/^is on, but PLATFORMS has no (\w+)/, '是 on，但 PLATFORMS 里没有 $1'],
  [/^must have as many values as WECOM_TOKEN/, '个数要和 WECOM_TOKEN 一样多'],
  [/^callback mode and long connection/, '回调模式和长连接只能选一个：去掉它，或去掉 WECOM_BOT_SECRET'],
  [/^must be an http or https URL/, '要是 http:// 或 https:// 开头的地址'],
  [/^must be a ws or wss URL/, '要是 ws:// 或 wss:// 开头的地址'],
  [/^must be one or two keys of exactly 43/, '要一个或两个 43 个字符的密钥，两个用逗号隔开'],
  [/^must be one or two (tokens|secrets)/, '要一个或两个，两个用逗号隔开'],
  [/^must be standard, professional/, '要写 standard、professional、pack，或两个数，比如 5000,3000'],
  [/^must be a time zone/, '要是时区的名字，比如 Asia/Shanghai'],
  [/^must begin with postgresql/, '要以 postgresql:// 开头'],
  [/^must have at least 16/, '至少 16 个字符'],
  [/^must be host names/, '要是主机名、地址或网段，用逗号隔开'],
  [/^must be the Corp(ID|Id), e\.g\. (\w+)/, '要是企业的 CorpId，样子像 $2'],
  [/^must be the id at the end/, '要是模板编辑页地址的最后一段'],
  [/^must be an id that ends in \.schema/, '要以 .schema 结尾，或写 none'],
  [/^must be auto, or/, '要写 auto，或自己表单的 processCode（PROC-…）'],
  [/^must be a (\w+)|expected number|^Too (small|big)/, '要是范围内的数'],
  [/^Invalid option: expected one of (.*)/, '只能是 $1 中的一个'],
]

export function complaintIn(language: Language, message: string): string {
  if (language === 'en') return message
  const [pattern, words] = complaints.find(([one]) => one.test(message)) ?? []
  const match = pattern?.exec(message)
  return match && words ? words.replace(/\$(\d)/g, (_, nr: string) => match[Number(nr)] ?? '') : message
}

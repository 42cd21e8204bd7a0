import type { WhyNot } from '../platforms/checkup.ts'
import { dingtalkWords } from './dingtalkwords.ts'
import type { Finding, FindingCode, Language, LookName, Sentences, Words } from './finding.ts'
import { systemWords } from './systemwords.ts'
import { wayWords } from './waywords.ts'
import { wecomWords } from './wecomwords.ts'

/** Every finding with its words, in the order of docs/doctor.md. */
export const findings: Readonly<Record<FindingCode, Words>> = {
  ...systemWords,
  ...wayWords,
  ...wecomWords,
  ...dingtalkWords,
}

export const lookNames: Readonly<Record<LookName, Readonly<Record<Language, string>>>> = {
  config: { zh: '设置', en: 'configuration' },
  service: { zh: '端口和上面的服务', en: 'the port, and the service on it' },
  data: { zh: '数据目录', en: 'data folder' },
  database: { zh: '数据库', en: 'database' },
  rules: { zh: '制度文件', en: 'rule books' },
  public: { zh: '公网地址 PUBLIC_URL', en: 'PUBLIC_URL' },
  teams: { zh: '班组文件', en: 'teams file' },
  'wecom-credentials': { zh: '企业微信：企业ID和Secret、时钟', en: 'WeCom: CorpID, Secret, clock' },
  'wecom-app': { zh: '企业微信：应用、可信IP、可见范围', en: 'WeCom: app, trusted addresses, visible range' },
  'wecom-people': { zh: '企业微信：已绑定的人', en: 'WeCom: people who are bound' },
  'wecom-callback': { zh: '企业微信：回调地址', en: 'WeCom: callback address' },
  'wecom-bot': { zh: '企业微信：智能机器人', en: 'WeCom: bot' },
  'wecom-login': { zh: '企业微信：登录网页', en: 'WeCom: signing in to pages' },
  'wecom-leave': { zh: '企业微信：审批模板', en: 'WeCom: leave template' },
  'wecom-checkin': { zh: '企业微信：打卡', en: 'WeCom: check-ins' },
  'wecom-robots': { zh: '企业微信：群机器人', en: 'WeCom: group robots' },
  'dingtalk-credentials': { zh: '钉钉：Client ID 和 Secret、时钟', en: 'DingTalk: Client ID, Secret, clock' },
  'dingtalk-corp': { zh: '钉钉：CorpId', en: 'DingTalk: CorpId' },
  'dingtalk-robot': { zh: '钉钉：机器人和发消息权限', en: 'DingTalk: robot and its permission to send' },
  'dingtalk-contacts': { zh: '钉钉：通讯录权限', en: 'DingTalk: permissions for contacts' },
  'dingtalk-people': { zh: '钉钉：已绑定的人', en: 'DingTalk: people who are bound' },
  'dingtalk-cards': { zh: '钉钉：卡片权限和模板', en: 'DingTalk: card permission and template' },
  'dingtalk-stream': { zh: '钉钉：Stream 连接', en: 'DingTalk: Stream' },
  'dingtalk-doors': { zh: '钉钉：HTTP 模式的地址', en: 'DingTalk: addresses of HTTP mode' },
  'dingtalk-quota': { zh: '钉钉：本月额度', en: 'DingTalk: this month’s allowance' },
  'dingtalk-leave': { zh: '钉钉：请假审批单', en: 'DingTalk: leave form' },
  'dingtalk-checkin': { zh: '钉钉：打卡', en: 'DingTalk: check-ins' },
  'dingtalk-login': { zh: '钉钉：登录网页', en: 'DingTalk: signing in to pages' },
  'dingtalk-robots': { zh: '钉钉：群机器人', en: 'DingTalk: group robots' },
}

export const whyNotWords: Readonly<Record<WhyNot, Readonly<Record<Language, string>>>> = {
  earlier: { zh: '先改好上面的，再查', en: 'mend what is above first' },
  'no-public-url': { zh: '没有写 PUBLIC_URL', en: 'PUBLIC_URL is not set' },
  running: { zh: '服务正在用着，不打扰它', en: 'the running service has it, and is not disturbed' },
  'no-database': { zh: '数据库还没有，或看不到', en: 'there is no database yet, or it cannot be looked into' },
  nothing: { zh: '还没有这样的', en: 'there are none yet' },
}

/** Fills the facts in, each as one line. */
export function say({ code, facts }: Finding, language: Language): Sentences {
  const [what, fix] = findings[code][language]
  const filled = (text: string) =>
    text.replace(/\{([\w-]+)\}/g, (_, name: string) =>
      String(facts[name] ?? '?')
        .replace(/\s+/g, ' ')
        .trim(),
    )
  return [filled(what), filled(fix)]
}
